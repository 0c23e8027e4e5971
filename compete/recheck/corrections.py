"""更正: what a recheck found is written into the sheets only when the chief judge signs the list of it."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import service as judging
from compete.judging import sheets
from compete.marking import locking, signing
from compete.marking import service as marking
from compete.models import Part, Recheck, RecheckItem, RecheckSignature, Sheet, Signature, db
from compete.recheck.service import is_stale, released
from scoring.problems import Problem


def pending(recheck_id: int) -> list[tuple[RecheckItem, Sheet]]:
    rows = db.session.execute(
        sa.select(RecheckItem, Sheet).join(Sheet, Sheet.id == RecheckItem.sheet_id)
        .where(RecheckItem.recheck_id == recheck_id, RecheckItem.state == "wrong").order_by(RecheckItem.position, RecheckItem.id)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def digest_of(rows: list[tuple[RecheckItem, Sheet]]) -> str:
    """Covers every sheet, its revision, what stands there and what is to stand."""
    return audit.digest([[sheet.id, sheet.revision, item.before, item.found] for item, sheet in rows])


def sign(
    recheck: Recheck, *, digest: str, name: str = "", drawing: str | None = None, judge_id: int | None, actor: audit.Actor, now: datetime
) -> RecheckSignature | Problem:
    """Accepts the whole list that was shown. Judges' signatures over changed sheets are void; a locked part is signed anew."""
    db.session.refresh(recheck, with_for_update=True)
    part = db.session.get(Part, recheck.part_id, populate_existing=True)
    event = locking.event_of(part)
    rows = pending(recheck.id)
    problem = _unsignable(part, event, rows, digest) or signing.unfit(name, drawing, actor.name) or _unwritable(part, rows)
    if problem:
        return problem
    was_locked = part.locked_at is not None
    for item, sheet in rows:
        why = f"复核更正，{item.checked_name} 核对" + (f"：{item.note}" if item.note else "")
        saved = marking.correct(sheet.entry_id, part.id, judge_id=sheet.judge_id, marks=item.found, reason=why, actor=actor, now=now)
        if isinstance(saved, Problem):
            raise RuntimeError(f"a correction that was looked at cannot be written: {saved}")  # nothing of the list is kept
        judging.void_signatures(db.session.get(Sheet, sheet.id, populate_existing=True), now=now)
        item.state, item.revision, item.settled_name, item.settled_at = "corrected", saved.revision, actor.name, now
    made = RecheckSignature(recheck_id=recheck.id, judge_id=judge_id, name=actor.name, digest=digest, count=len(rows), drawing=drawing or None, signed_at=now)
    db.session.add(made)
    covered = ""
    if was_locked:
        # The signature that locked the part covered the old marks; the chief judge stands for the new ones with this one.
        covered = locking.digest_of(part, locking.boards(part.id))
        db.session.add(Signature(scope="part", part_id=part.id, judge_id=judge_id, name=actor.name, digest=covered, drawing=drawing or None, signed_at=now))
    db.session.flush()
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="recheck.sign", subject="part", subject_id=part.id,
        after={"sheets": len(rows), "digest": covered or digest, "by_hand": bool(drawing)},
    )  # fmt: skip
    return made


def _unsignable(part: Part, event, rows, digest: str) -> Problem | None:
    number = released(event.id)
    if number:
        return Problem("recheck.released", part.name, f"“{event.name}”已有第 {number} 号发布，不能更正", "请先由组织者撤回该发布")
    if not rows:
        return Problem("recheck.nothing", part.name, "没有等待签字的更正", "请刷新页面")
    if any(is_stale(item, sheet) for item, sheet in rows):
        return Problem("recheck.changed", part.name, "核对之后有评分表发生了变化", "请复核人员先重新核对这些评分表")
    if digest != digest_of(rows):
        return Problem("list_changed", "签名", "签名前更正清单发生了变化", "请重新核对后再签名")
    return None


def _unwritable(part: Part, rows) -> Problem | None:
    """Looked at before the first is written: the list is accepted whole or not at all."""
    for item, sheet in rows:
        problem = marking.adoptable(sheet.entry_id, part.id, judge_id=sheet.judge_id, marks=item.found, comment=None, submit=True)
        if problem:
            return Problem(problem.code, f"更正 · {sheets.called(sheet.entry_id)} 号", problem.message, problem.mend)
    return None


def dismiss(item: RecheckItem, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """The chief judge finds that the sheet is right after all; it no longer counts as an error."""
    db.session.refresh(item, with_for_update=True)
    if item.state != "wrong":
        return Problem("recheck.settled", "更正", "已经处理过", "请刷新页面")
    if not reason.strip():
        return Problem("recheck.reason", "理由", "还没有填写", "请写明为什么认定无误")
    sheet = db.session.get(Sheet, item.sheet_id)
    before = dict(item.found or {})
    item.state, item.settled_name, item.settled_at, item.settled_reason = "dismissed", actor.name, now, reason.strip()
    db.session.flush()
    audit.record(
        contest_id=locking.event_of(db.session.get(Part, sheet.part_id)).contest_id, actor=actor, now=now, action="recheck.dismiss", subject="sheet",
        subject_id=sheet.id, before={"marks": before}, reason=item.settled_reason,
    )  # fmt: skip
    return None
