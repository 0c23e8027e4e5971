"""Where a judge marks an entry: everything that decides whether a mark is taken, in one query."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.marking import refusals
from compete.models import (
    Entry,
    Event,
    Judge,
    JudgeAbsence,
    Mark,
    Part,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Slot,
    Stage,
    db,
)
from scoring.problems import Problem

OUT_STATES = ("withdrawn", "disqualified")


class SheetNow(NamedTuple):
    """A sheet as stored, marks by criterion.id."""

    id: int
    state: str
    revision: int
    total: int | None
    comment: str
    submitted_at: datetime | None
    marks: dict[int, int]


def _first(column, *conditions):
    return sa.select(column).where(*conditions).limit(1).scalar_subquery()


def _place_query():
    recusal = (Recusal.entry_id == Slot.entry_id, Recusal.judge_id == Seat.judge_id, Recusal.lifted_at.is_(None))
    ruling = (Ruling.entry_id == Slot.entry_id, Ruling.revoked_at.is_(None))
    absence = (JudgeAbsence.session_id == Session.id, JudgeAbsence.judge_id == Seat.judge_id, JudgeAbsence.lifted_at.is_(None))
    return (
        sa.select(
            Session.id.label("session_id"), Session.state.label("session_state"), Session.deadline, Session.starts_at,
            Part.id.label("part_id"), Part.locked_at, Event.id.label("event_id"), Event.contest_id, Event.scheme_version,
            Entry.id.label("entry_id"), Entry.state.label("entry_state"), Judge.last_seen_at,
            Judge.card_revoked_at, Judge.withdrawn_at,
            _first(Recusal.id, *recusal).label("recusal_id"), _first(Recusal.reason, *recusal).label("recusal_reason"),
            _first(Ruling.kind, *ruling).label("ruling"), _first(JudgeAbsence.id, *absence).label("absence_id"),
        )
        .select_from(Slot)
        .join(Session, Session.id == Slot.session_id)
        .join(Seat, Seat.panel_id == Session.panel_id)
        .join(Judge, Judge.id == Seat.judge_id)
        .join(Part, Part.id == Session.part_id)
        .join(Stage, Stage.id == Part.stage_id)
        .join(Event, Event.id == Stage.event_id)
        .join(Entry, Entry.id == Slot.entry_id)
        .where(Slot.entry_id == sa.bindparam("entry"), Part.id == sa.bindparam("part"), Seat.judge_id == sa.bindparam("judge"))
        .order_by(sa.case((Session.state == "open", 0), else_=1), Session.id)
        .limit(1)
    )  # fmt: skip


_PLACE = _place_query()
_SHEET = sa.select(Sheet.id, Sheet.state, Sheet.revision, Sheet.total, Sheet.comment, Sheet.submitted_at).where(
    Sheet.part_id == sa.bindparam("part"), Sheet.entry_id == sa.bindparam("entry"), Sheet.judge_id == sa.bindparam("judge")
)
_SHEET_LOCKED = _SHEET.with_for_update()
_MARKS = sa.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sa.bindparam("sheet"))


def find(entry_id: int, part_id: int, judge_id: int):
    """The row of the judge's place before this entry, or None when the entry is not theirs to judge."""
    return db.session.execute(_PLACE, {"entry": entry_id, "part": part_id, "judge": judge_id}).one_or_none()


def sheet_now(entry_id: int, part_id: int, judge_id: int, *, lock: bool = False) -> SheetNow | None:
    """The judge's sheet; `lock` keeps other writers off it until the commit (PostgreSQL; SQLite has one writer)."""
    keys = {"entry": entry_id, "part": part_id, "judge": judge_id}
    row = db.session.execute(_SHEET_LOCKED if lock else _SHEET, keys).one_or_none()
    if row is None:
        return None
    marks = {criterion: value for criterion, value in db.session.execute(_MARKS, {"sheet": row.id})}
    return SheetNow(*row, marks)


def never(place) -> Problem | None:
    """Reasons that no time mends: the judge or the entry is out."""
    if place is None:
        return refusals.foreign()
    if place.card_revoked_at or place.withdrawn_at:
        return refusals.card_revoked()
    if place.recusal_id:
        return refusals.recused(place.recusal_reason)
    out = place.ruling or (place.entry_state if place.entry_state in OUT_STATES else None)
    return refusals.entry_out(out) if out else None


def closed(place, sheet: SheetNow | None, now: datetime) -> Problem | None:
    """Whether marks are taken now. A returned sheet was asked for again: it may come in after the session's end."""
    if place.locked_at or (sheet and sheet.state == "locked"):
        return refusals.locked()
    if sheet and sheet.state == "submitted":
        return refusals.already_submitted(sheet.submitted_at)
    if place.absence_id:
        return refusals.judge_absent()
    if sheet and sheet.state == "returned":
        return None
    if place.session_state == "waiting":
        return refusals.session_waiting()
    if place.session_state == "closed":
        return refusals.session_closed()
    if place.deadline and now > place.deadline:
        return refusals.after_deadline(place.deadline)
    return None
