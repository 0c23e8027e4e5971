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
    Podium,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Slot,
    Stage,
)
from compete.prepared import Prepared
from scoring.problems import Problem

OUT_STATES = ("withdrawn", "disqualified")

# Plain tables on the session's connection: the way of a mark is short, and the ORM's share of it would be the largest.
sheet, mark, slot, seat, recusal, ruling = (model.__table__.c for model in (Sheet, Mark, Slot, Seat, Recusal, Ruling))
session, part, stage, event, entry, judge = (model.__table__.c for model in (Session, Part, Stage, Event, Entry, Judge))
absence, podium = JudgeAbsence.__table__.c, Podium.__table__.c


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
    recused = (recusal.entry_id == slot.entry_id, recusal.judge_id == seat.judge_id, recusal.lifted_at.is_(None))
    ruled = (ruling.entry_id == slot.entry_id, ruling.revoked_at.is_(None))
    absent = (absence.session_id == session.id, absence.judge_id == seat.judge_id, absence.lifted_at.is_(None))
    joined = (
        Slot.__table__.join(Session.__table__, session.id == slot.session_id)
        .join(Seat.__table__, seat.panel_id == session.panel_id)
        .join(Judge.__table__, judge.id == seat.judge_id)
        .join(Part.__table__, part.id == session.part_id)
        .join(Stage.__table__, stage.id == part.stage_id)
        .join(Event.__table__, event.id == stage.event_id)
        .join(Entry.__table__, entry.id == slot.entry_id)
        .outerjoin(Podium.__table__, sa.and_(podium.session_id == session.id, podium.only_current))
    )
    return (
        sa.select(
            session.id.label("session_id"), session.state.label("session_state"), session.deadline,
            part.locked_at, event.id.label("event_id"), event.contest_id, event.scheme_version,
            entry.state.label("entry_state"), judge.last_seen_at, judge.card_revoked_at, judge.withdrawn_at,
            _first(recusal.id, *recused).label("recusal_id"), _first(recusal.reason, *recused).label("recusal_reason"),
            _first(ruling.kind, *ruled).label("ruling"), _first(absence.id, *absent).label("absence_id"),
            slot.id.label("slot_id"), podium.slot_id.label("stage_slot"), podium.turns.label("stage_turns"),
        )
        .select_from(joined)
        .where(slot.entry_id == sa.bindparam("entry"), part.id == sa.bindparam("part"), seat.judge_id == sa.bindparam("judge"))
        .order_by(sa.case((session.state == "open", 0), else_=1), session.id)
        .limit(1)
    )  # fmt: skip


_PLACE = Prepared(_place_query())
_OWN = (sheet.part_id == sa.bindparam("part"), sheet.entry_id == sa.bindparam("entry"), sheet.judge_id == sa.bindparam("judge"))
_SHEET = Prepared(
    sa.select(sheet.id, sheet.state, sheet.revision, sheet.total, sheet.comment, sheet.submitted_at, mark.criterion_id, mark.value)
    .select_from(Sheet.__table__.outerjoin(Mark.__table__, mark.sheet_id == sheet.id)).where(*_OWN)
)  # fmt: skip
_LOCK = sa.select(sheet.id).where(*_OWN).with_for_update()


def find(connection, entry_id: int, part_id: int, judge_id: int):
    """The row of the judge's place before this entry, or None when the entry is not theirs to judge."""
    return _PLACE.one(connection, {"entry": entry_id, "part": part_id, "judge": judge_id})


def sheet_now(connection, entry_id: int, part_id: int, judge_id: int, *, lock: bool = False) -> SheetNow | None:
    """The judge's sheet; `lock` keeps other writers off it until the commit (PostgreSQL; SQLite has one writer)."""
    keys = {"entry": entry_id, "part": part_id, "judge": judge_id}
    if lock and connection.dialect.name == "postgresql":
        # A statement of its own: after the wait, the next one sees the marks that the other writer left.
        connection.execute(_LOCK, keys)
    rows = _SHEET.all(connection, keys)
    if not rows:
        return None
    return SheetNow(*rows[0][:6], {criterion: value for *_, criterion, value in rows if criterion is not None})


def never(place) -> Problem | None:
    """Reasons that no time mends: the judge or the entry is out."""
    if place is None:
        return refusals.foreign()
    if place.card_revoked_at or place.withdrawn_at:
        return refusals.card_revoked()
    return out(place)


def out(place) -> Problem | None:
    """Whether the judge is recused from this entry, or the entry is out of judging."""
    if place.recusal_id:
        return refusals.recused(place.recusal_reason)
    cause = place.ruling or (place.entry_state if place.entry_state in OUT_STATES else None)
    return refusals.entry_out(cause) if cause else None


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
    return refusals.not_on_stage() if _off_stage(place) else None


def _off_stage(place) -> bool:
    """The session takes marks only for what is on stage, or was: a sheet begun in time can be finished."""
    if place.stage_turns is None or place.slot_id == place.stage_slot:
        return False
    return place.stage_turns.get(str(place.slot_id)) != "done"
