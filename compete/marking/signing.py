"""At the end of a session the judge signs the list of own sheets; the digest says which marks the signature covers."""

import re
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import sheets
from compete.marking import refusals
from compete.models import Judge, Mark, Session, Sheet, Signature, db
from scoring.problems import Problem

# A hand-drawn path: moves and lines, absolute whole coordinates.
PATH = re.compile(r"(?:[ML]-?\d{1,4} -?\d{1,4})+")
PATH_LIMIT = 20_000
PATH_LEAST = 8  # fewer strokes than this is a slip of the finger, not a name
STROKE = re.compile("[ML]")


class SignedList(NamedTuple):
    """The judge's sheets of a session in running order: (slot, cell); `missing` have not been handed in."""

    rows: list
    missing: list
    digest: str


class HandedIn(NamedTuple):
    """A sheet that counts: marks [[criterion.id, units], …] by criterion."""

    entry_id: int
    judge_id: int
    total: int | None
    marks: list[list[int]]


def handed_in(part_id: int, entry_ids: list[int], judge_ids: list[int]) -> list[HandedIn]:
    """The sheets of these judges for these entries with every mark, by entry and judge; two queries."""
    found = db.session.execute(
        sa.select(Sheet.id, Sheet.entry_id, Sheet.judge_id, Sheet.total)
        .where(Sheet.part_id == part_id, Sheet.entry_id.in_(entry_ids), Sheet.judge_id.in_(judge_ids), Sheet.state.in_(sheets.DONE))
        .order_by(Sheet.entry_id, Sheet.judge_id)
    ).all()
    marks = {row.id: [] for row in found}
    rows = db.session.execute(
        sa.select(Mark.sheet_id, Mark.criterion_id, Mark.value)
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .where(Sheet.part_id == part_id, Sheet.entry_id.in_(entry_ids), Sheet.judge_id.in_(judge_ids), Sheet.state.in_(sheets.DONE))
        .order_by(Mark.criterion_id)
    )
    for sheet, criterion, value in rows:
        marks[sheet].append([criterion, value])
    return [HandedIn(row.entry_id, row.judge_id, row.total, marks[row.id]) for row in found]


def digest_over(part_id: int, rows: list[HandedIn]) -> str:
    """SHA-256 over every mark of these sheets: [part, [[entry, judge, total, [[criterion, units], …]], …]]."""
    return audit.digest([part_id, [list(row) for row in rows]])


def marks_digest(part_id: int, entry_ids: list[int], judge_ids: list[int]) -> str:
    """The digest over the sheets of these judges for these entries."""
    return digest_over(part_id, handed_in(part_id, entry_ids, judge_ids))


def own_list(session: Session, judge_id: int) -> SignedList:
    rows = [(slot, cell) for slot, cell in sheets.desk(session, judge_id) if cell.state in sheets.DONE + sheets.AWAITED]
    missing = [slot for slot, cell in rows if cell.state not in sheets.DONE]
    return SignedList(rows, missing, marks_digest(session.part_id, [slot.entry_id for slot, _ in rows], [judge_id]))


def signature_of(session_id: int, judge_id: int) -> Signature | None:
    return db.session.scalar(
        sa.select(Signature)
        .where(Signature.scope == "session", Signature.session_id == session_id, Signature.judge_id == judge_id, Signature.void_at.is_(None))
        .order_by(Signature.id.desc()).limit(1)
    )  # fmt: skip


def sign(
    session: Session, *, judge: Judge, digest: str, name: str = "", drawing: str | None = None, labels: dict[int, str],
    actor: audit.Actor, now: datetime,
) -> Signature | Problem:  # fmt: skip
    """Signs the list whose marks have this digest, by hand (an SVG path) or by the typed name.

    `labels` {entry: label} name entries in messages the way this judge may see them. The same list signed twice
    (a repeated delivery) returns the first signature.
    """
    if session.id not in [row.id for row in sheets.sessions_of(judge.id)]:
        return refusals.foreign()
    if session.part.locked_at:
        return refusals.locked()
    found = own_list(session, judge.id)
    if found.missing:
        return refusals.unsigned_sheets([labels.get(slot.entry_id, "") for slot in found.missing])
    if not found.rows:
        return Problem("nothing_to_sign", "签名", "本场没有需要您评分的参赛对象", "不需要签名")
    if digest != found.digest:
        return refusals.list_changed()
    earlier = signature_of(session.id, judge.id)
    if earlier:
        return earlier if earlier.digest == found.digest else refusals.already_signed(earlier.signed_at)
    wrong = unfit(name, drawing, judge.name)
    if wrong:
        return wrong
    made = Signature(scope="session", session_id=session.id, judge_id=judge.id, name=judge.name, digest=found.digest,
                     drawing=drawing or None, signed_at=now)  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="signature.make", subject="session", subject_id=session.id,
        after={"sheets": len(found.rows), "digest": found.digest, "by_hand": bool(drawing)},
    )  # fmt: skip
    return made


def unfit(name: str, drawing: str | None, expected: str) -> Problem | None:
    """Whether this is neither a drawn nor a typed signature of that person."""
    if drawing:
        if len(drawing) > PATH_LIMIT:
            return refusals.bad_signature("签名的笔画太多")
        if not PATH.fullmatch(drawing) or len(STROKE.findall(drawing)) < PATH_LEAST:
            return refusals.bad_signature("没有认出手写的姓名")
        return None
    if name.replace(" ", "") != expected.replace(" ", ""):
        return refusals.bad_signature("输入的姓名与评委卡不一致" if name else "还没有签名")
    return None
