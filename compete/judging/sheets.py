"""Who should hand in a sheet for what, and how far each one is. What a cell's state means: see `cells`."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from compete.judging import masks
from compete.judging.cells import AWAITED, CELL_STATES, DONE, GRAVITY, MATRIX, TALLY, keys, status_of
from compete.models import Entry, EntryCode, Event, Judge, JudgeAbsence, Organization, Ruling, Seat, Session, Slot, db

UNDRAWN = 1_000_000_000
SCATTER, SCATTERED = 7919, 10_007


VEILED_CAUSE = "缘由启封后显示"


class SeatRow(NamedTuple):
    judge_id: int
    name: str
    role: str
    organization: str
    position: int


class SlotRow(NamedTuple):
    """`status` is the engine's: competing, or why no sheet is awaited (`status_text` in words).

    `veiled`: judged blind and not opened yet. Then `code` is all there is (empty before coding): number, title and
    organization are blank, whatever a page would make of them.
    """

    slot_id: int
    entry_id: int
    number: int
    position: int
    title: str
    organization: str
    code: str
    status: str
    status_text: str
    veiled: bool = False

    @property
    def key(self) -> int | str:
        """The entry in an address: a blind one does not go by its number there either."""
        return masks.mask(self.entry_id) if self.veiled else self.entry_id


class Cell(NamedTuple):
    state: str
    sheet_id: int | None = None
    total: int | None = None
    note: str = ""


class Tally(NamedTuple):
    """Of one judge in one session; `awaited` = still missing."""

    expected: int
    done: int
    draft: int
    returned: int
    awaited: int


def seats(session: Session) -> list[SeatRow]:
    """The judges of the session's panel, in their order."""
    return seats_of([session])[session.id]


def seats_of(sessions: Iterable[Session]) -> dict[int, list[SeatRow]]:
    """{session: the judges of its panel, in their order}, in one query."""
    found = {session.id: [] for session in sessions}
    panels = {session.panel_id for session in sessions} - {None}
    if not panels:
        return found
    rows = db.session.execute(
        sa.select(Seat.panel_id, Judge.id, Judge.name, Judge.role, Judge.organization, Seat.position)
        .join(Seat, Seat.judge_id == Judge.id)
        .where(Seat.panel_id.in_(panels), Judge.withdrawn_at.is_(None))
        .order_by(Seat.position, Seat.id)
    ).all()
    for session in sessions:
        found[session.id] = [SeatRow(*row[1:]) for row in rows if row[0] == session.panel_id]
    return found


def running_order(code):
    """Drawn slots by their turn, then the others by number; veiled ones by code, and without one in an order that tells nothing."""
    hidden = Event.is_veiled
    return (
        sa.case((Slot.position == 0, UNDRAWN), else_=Slot.position),
        sa.case((hidden, sa.func.coalesce(code, "")), else_=""), sa.case((hidden, Entry.id * SCATTER % SCATTERED), else_=0), Entry.number,
    )  # fmt: skip


def slots(
    session_id: int, *, offset: int = 0, limit: int | None = None, entry_ids: Iterable[int] | None = None, named: bool = False
) -> list[SlotRow]:
    """The entries of the session in running order, in one query. `named`: also veiled ones with number, title and organization."""
    query = _slot_query()
    if entry_ids is not None:
        query = query.where(Entry.id.in_(list(entry_ids)))
    rows = db.session.execute(query.limit(limit).offset(offset), {"session": session_id})
    return [_slot_row(row, bool(row[10]), named) for row in rows]


def _slot_row(row, veiled: bool, named: bool) -> SlotRow:
    status = status_of(row[7], row[8], None if row[9] is None else GRAVITY[row[9]])
    if veiled and not named:
        return SlotRow(row[0], row[1], 0, row[3], "", "", row[6] or "", *status, True)
    return SlotRow(*row[:5], row[5] or "", row[6] or "", *status, veiled)


@cache
def _slot_query():
    code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
    return (
        sa.select(Slot.id, Entry.id, Entry.number, Slot.position, Entry.title, Organization.name, code, Entry.state, Entry.in_competition, _gravest(),
                  Event.is_veiled)
        .join(Entry, Slot.entry_id == Entry.id).join(Event, Event.id == Entry.event_id)
        .outerjoin(Organization, Entry.organization_id == Organization.id)
        .where(Slot.session_id == sa.bindparam("session"))
        .order_by(*running_order(code))
    )  # fmt: skip


def _gravest():
    """The place in GRAVITY of the gravest ruling in force on the entry, or null."""
    rank = sa.case({kind: place for place, kind in enumerate(GRAVITY)}, value=Ruling.kind)
    return sa.select(sa.func.min(rank)).where(Ruling.entry_id == Entry.id, Ruling.revoked_at.is_(None)).scalar_subquery()


def called(entry_id: int) -> str:
    """What messages and the trail call an entry: its number, or its code while the event is judged blind."""
    code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
    query = sa.select(Event.is_veiled, Entry.number, code).join(Event, Event.id == Entry.event_id).where(Entry.id == entry_id)
    veiled, number, code = db.session.execute(query).one()
    return (code or "未编码") if veiled else str(number)


def absences(session_id: int) -> dict[int, str]:
    """{judge: reason} of those absent from the session."""
    rows = db.session.execute(
        sa.select(JudgeAbsence.judge_id, JudgeAbsence.reason).where(JudgeAbsence.session_id == session_id, JudgeAbsence.lifted_at.is_(None))
    )
    return {judge: reason for judge, reason in rows}


def matrix(session: Session, slot_rows: list[SlotRow], seat_rows: list[SeatRow]) -> dict[tuple[int, int], Cell]:
    """{(entry, judge): Cell} for these rows and columns, in one query."""
    words = {row.entry_id: row.status_text for row in slot_rows}
    veiled = {row.entry_id for row in slot_rows if row.veiled}
    asked = keys(session, [row.judge_id for row in seat_rows]) | {"entries": list(words)}
    found = {}
    for entry, judge, state, number, total, why, absent in db.session.execute(MATRIX, asked):
        if state in DONE or state in AWAITED:
            found[entry, judge] = Cell(state, number, total)
        else:
            why = VEILED_CAUSE if entry in veiled else why  # the organization, or whose kin, would tell who it is
            found[entry, judge] = Cell(state, number, None, {"recused": why, "ruled": words[entry], "absent": absent}[state] or "")
    return found


def tally(session: Session, seat_rows: list[SeatRow]) -> dict[int, Tally]:
    """How far each judge is with the whole session, in one query."""
    counts = {row.judge_id: dict.fromkeys(CELL_STATES, 0) for row in seat_rows}
    for judge, state, number in db.session.execute(TALLY, keys(session, counts)):
        counts[judge][state] = number
    return {judge: tally_of(found) for judge, found in counts.items()}


def tally_of(found: dict[str, int]) -> Tally:
    done = sum(found[state] for state in DONE)
    awaited = sum(found[state] for state in AWAITED)
    return Tally(done + awaited, done, found["draft"], found["returned"], awaited)


def desk(session: Session, judge_id: int) -> list[tuple[SlotRow, Cell]]:
    """One judge's entries of the session in running order, with the state of the judge's own sheets only."""
    rows = slots(session.id)
    judge = [SeatRow(judge_id, "", "", "", 0)]
    cells = matrix(session, rows, judge)
    return [(row, cells[row.entry_id, judge_id]) for row in rows]


def sessions_of(judge_id: int) -> list[Session]:
    """The sessions in whose panel the judge sits, in order."""
    query = sa.select(Session).join(Seat, Seat.panel_id == Session.panel_id).where(Seat.judge_id == judge_id)
    return list(db.session.scalars(query.order_by(Session.position, Session.id)))
