"""What is done to a sheet by others than its judge: it can be returned, never changed."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import sheets
from compete.models import Entry, Event, Part, Sheet, Signature, db
from scoring.problems import Problem


def return_sheet(sheet: Sheet, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Hands a submitted sheet back to its judge, who re-enters it. The judge's signature on the session is void.

    The marks stay as they were until the judge changes them; nobody else can.
    """
    if not reason.strip():
        return Problem("sheet.reason", "退回理由", "还没有填写", "请写明哪里需要评委重新考虑")
    contest_id, locked_at = db.session.execute(
        sa.select(Event.contest_id, Part.locked_at)
        .select_from(Sheet).join(Entry, Sheet.entry_id == Entry.id).join(Event, Entry.event_id == Event.id)
        .join(Part, Sheet.part_id == Part.id).where(Sheet.id == sheet.id)
    ).one()  # fmt: skip
    if locked_at is not None:
        return Problem("part.locked", f"{sheets.called(sheet.entry_id)} 号", "总评委已锁定本环节", "请总评委先解除锁定")
    # Compare and swap: a sheet that was returned, or is being re-entered, at this very moment is left alone.
    done = db.session.execute(
        sa.update(Sheet).where(Sheet.id == sheet.id, Sheet.state == "submitted").values(
            state="returned", returned_at=now, return_reason=reason.strip(), revision=Sheet.revision + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    ).rowcount  # fmt: skip
    if not done:
        return Problem("sheet.not_submitted", f"{sheets.called(sheet.entry_id)} 号", "这份评分表不是已提交状态，无法退回", "请刷新看板后再看")
    db.session.refresh(sheet)
    voided = void_signatures(sheet, now=now)
    audit.record(
        contest_id=contest_id, actor=actor, now=now, action="sheet.return", subject="sheet", subject_id=sheet.id,
        before={"state": "submitted", "total": sheet.total}, after={"state": "returned", "signatures_void": voided}, reason=reason.strip(),
    )  # fmt: skip
    return None


def void_signatures(sheet: Sheet, *, now: datetime) -> int:
    """The judge's signature over the session no longer covers the marks; the chief's over the part neither."""
    own = sa.and_(Signature.scope == "session", Signature.session_id == sheet.session_id, Signature.judge_id == sheet.judge_id)
    chief = sa.and_(Signature.scope == "part", Signature.part_id == sheet.part_id)
    return db.session.execute(
        sa.update(Signature).where(Signature.void_at.is_(None), sa.or_(own, chief)).values(void_at=now)
        .execution_options(synchronize_session=False)
    ).rowcount  # fmt: skip
