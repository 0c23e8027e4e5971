"""Who should hand in a sheet for what, and how far each one is. Core selects: a board has thousands of cells.

A cell's state, the first that applies:
    recused    回避: the judge does not judge this entry (a sheet begun before does not count)
    submitted / locked   the judge's sheet counts, whatever came after
    ruled      the entry was absent, disqualified, vetoed or withdrawn: no sheet is awaited
    absent     the judge is absent from the session: no sheet is awaited
    returned / draft / none   a sheet is still awaited
"""

from collections.abc import Iterable
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import (
    Entry,
    EntryCode,
    Judge,
    JudgeAbsence,
    Organization,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Slot,
    db,
)

CELL_STATES = {
    "none": "未开始",
    "draft": "草稿",
    "submitted": "已提交",
    "returned": "已退回",
    "recused": "回避",
    "absent": "缺席",
    "ruled": "不评",
    "locked": "已锁定",
}
DONE = ("submitted", "locked")
AWAITED = ("none", "draft", "returned")

# What keeps an entry out of judging -> the engine's status of the entry and the word for it.
RULINGS = {"disqualification": ("disqualified", "取消资格"), "veto": ("vetoed", "一票否决"), "absence": ("absent", "缺考/弃权")}
GRAVITY = tuple(RULINGS)
ENTRY_OUT = {"withdrawn": ("withdrawn", "已退赛"), "disqualified": ("disqualified", "取消资格")}
UNDRAWN = 1_000_000_000


class SeatRow(NamedTuple):
    judge_id: int
    name: str
    role: str
    organization: str
    position: int


class SlotRow(NamedTuple):
    """`status` is the engine's: competing, or why no sheet is awaited (`status_text` in words). `code` in blind events."""

    slot_id: int
    entry_id: int
    number: int
    position: int
    title: str
    organization: str
    code: str
    status: str
    status_text: str


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
    if session.panel_id is None:
        return []
    rows = db.session.execute(
        sa.select(Judge.id, Judge.name, Judge.role, Judge.organization, Seat.position)
        .join(Seat, Seat.judge_id == Judge.id)
        .where(Seat.panel_id == session.panel_id, Judge.withdrawn_at.is_(None))
        .order_by(Seat.position, Seat.id)
    )
    return [SeatRow(*row) for row in rows]


def running_order():
    """Drawn slots by their turn, then the others by number."""
    return sa.case((Slot.position == 0, UNDRAWN), else_=Slot.position), Entry.number


def slots(session_id: int, *, offset: int = 0, limit: int | None = None, entry_ids: Iterable[int] | None = None) -> list[SlotRow]:
    """The entries of the session in running order, in one query."""
    code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
    query = (
        sa.select(Slot.id, Entry.id, Entry.number, Slot.position, Entry.title, Organization.name, code, Entry.state, Entry.in_competition, _gravest())
        .join(Entry, Slot.entry_id == Entry.id)
        .outerjoin(Organization, Entry.organization_id == Organization.id)
        .where(Slot.session_id == session_id)
        .order_by(*running_order())
    )
    if entry_ids is not None:
        query = query.where(Entry.id.in_(list(entry_ids)))
    rows = db.session.execute(query.limit(limit).offset(offset))
    return [
        SlotRow(*row[:5], row[5] or "", row[6] or "", *status_of(row[7], row[8], None if row[9] is None else GRAVITY[row[9]]))
        for row in rows
    ]  # fmt: skip


def _gravest():
    """The place in GRAVITY of the gravest ruling in force on the entry, or null."""
    rank = sa.case({kind: place for place, kind in enumerate(GRAVITY)}, value=Ruling.kind)
    return sa.select(sa.func.min(rank)).where(Ruling.entry_id == Entry.id, Ruling.revoked_at.is_(None)).scalar_subquery()


def status_of(state: str, in_competition: bool, ruling: str | None) -> tuple[str, str]:
    """The engine's status of an entry, and in words what keeps it out ("" when nothing does)."""
    found = ENTRY_OUT.get(state) or RULINGS.get(ruling)
    if found:
        return found
    return ("competing", "") if in_competition else ("out_of_competition", "不计名次")


def active_rulings(entry_ids: Iterable[int]) -> dict[int, str]:
    """{entry: kind} of what is in force; the gravest where several are."""
    rows = db.session.execute(
        sa.select(Ruling.entry_id, Ruling.kind).where(Ruling.entry_id.in_(list(entry_ids)), Ruling.revoked_at.is_(None))
    )
    found = {}
    for entry, kind in rows:
        if entry not in found or GRAVITY.index(kind) < GRAVITY.index(found[entry]):
            found[entry] = kind
    return found


def absences(session_id: int) -> dict[int, str]:
    """{judge: reason} of those absent from the session."""
    rows = db.session.execute(
        sa.select(JudgeAbsence.judge_id, JudgeAbsence.reason).where(JudgeAbsence.session_id == session_id, JudgeAbsence.lifted_at.is_(None))
    )
    return {judge: reason for judge, reason in rows}


def cells(session: Session, judge_ids: Iterable[int], *more):
    """A select of (entry, judge, state, sheet, total, …) of every cell of the session: the one place where states are decided."""
    judge_ids = list(judge_ids)
    recused = recused_query(judge_ids)
    # Sets that do not depend on the row: the database makes them once, not for each of thousands of cells.
    here = sa.select(Slot.entry_id).where(Slot.session_id == session.id)
    ruled = sa.union_all(
        sa.select(Ruling.entry_id).where(Ruling.revoked_at.is_(None), Ruling.entry_id.in_(here)),
        sa.select(Entry.id).where(Entry.id.in_(here), Entry.state.in_(ENTRY_OUT)),
    )
    absent = sa.select(JudgeAbsence.judge_id).where(JudgeAbsence.session_id == session.id, JudgeAbsence.lifted_at.is_(None))
    state = sa.case(
        (sa.tuple_(Slot.entry_id, Judge.id).in_(recused), "recused"),
        (Sheet.state.in_(DONE), Sheet.state),
        (Slot.entry_id.in_(ruled), "ruled"),
        (Judge.id.in_(absent), "absent"),
        else_=sa.func.coalesce(Sheet.state, "none"),
    )
    own = sa.and_(Sheet.part_id == session.part_id, Sheet.entry_id == Slot.entry_id, Sheet.judge_id == Judge.id)
    return (
        sa.select(Slot.entry_id, Judge.id.label("judge_id"), state.label("state"), Sheet.id.label("sheet_id"), Sheet.total, *more)
        .select_from(Slot).join(Judge, Judge.id.in_(judge_ids)).outerjoin(Sheet, own)
        .where(Slot.session_id == session.id)
    )  # fmt: skip


def recused_query(judge_ids):
    """A select of the (entry, judge) pairs whose recusal is in force."""
    return sa.select(Recusal.entry_id, Recusal.judge_id).where(Recusal.lifted_at.is_(None), Recusal.judge_id.in_(judge_ids))


def matrix(session: Session, slot_rows: list[SlotRow], seat_rows: list[SeatRow]) -> dict[tuple[int, int], Cell]:
    """{(entry, judge): Cell} for these rows and columns, in one query."""
    words = {row.entry_id: row.status_text for row in slot_rows}
    reason = sa.select(Recusal.reason).where(
        Recusal.entry_id == Slot.entry_id, Recusal.judge_id == Judge.id, Recusal.lifted_at.is_(None)
    ).limit(1).scalar_subquery()  # fmt: skip
    away = sa.select(JudgeAbsence.reason).where(
        JudgeAbsence.session_id == session.id, JudgeAbsence.judge_id == Judge.id, JudgeAbsence.lifted_at.is_(None)
    ).limit(1).scalar_subquery()  # fmt: skip
    query = cells(session, [row.judge_id for row in seat_rows], reason, away).where(Slot.entry_id.in_(list(words)))
    found = {}
    for entry, judge, state, number, total, why, absent in db.session.execute(query):
        note = {"recused": why, "ruled": words[entry], "absent": absent}.get(state) or ""
        found[entry, judge] = Cell(state, number, None if state in ("recused", "ruled", "absent") else total, note)
    return found


def tally(session: Session, seat_rows: list[SeatRow]) -> dict[int, Tally]:
    """How far each judge is with the whole session, in one query."""
    each = cells(session, [row.judge_id for row in seat_rows]).subquery()
    counts = {row.judge_id: dict.fromkeys(CELL_STATES, 0) for row in seat_rows}
    for judge, state, number in db.session.execute(
        sa.select(each.c.judge_id, each.c.state, sa.func.count()).group_by(each.c.judge_id, each.c.state)
    ):
        counts[judge][state] = number
    return {judge: tally_of(found) for judge, found in counts.items()}


def tally_of(found: dict[str, int]) -> Tally:
    done = sum(found[state] for state in DONE)
    awaited = sum(found[state] for state in AWAITED)
    return Tally(done + awaited, done, found["draft"], found["returned"], awaited)


def recused_pairs(entry_ids: Iterable[int], judge_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """{(entry, judge): reason} of the recusals in force."""
    rows = db.session.execute(
        sa.select(Recusal.entry_id, Recusal.judge_id, Recusal.reason).where(
            Recusal.entry_id.in_(list(entry_ids)), Recusal.judge_id.in_(list(judge_ids)), Recusal.lifted_at.is_(None)
        )
    )
    return {(entry, judge): reason for entry, judge, reason in rows}


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
