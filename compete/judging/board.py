"""The board judges × entries, made for its page: cells in words and marks, who is missing, where judges disagree."""

from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.contests import schemes
from compete.judging import sheets
from compete.judging.cells import AWAITED, CELL_STATES, CELLS, DONE, RECUSED, keys
from compete.models import Criterion, Session, Sheet, Slot, db

PAGE = 50
# A shape beside the word and the colour, so that no state is told by colour alone.
SHAPES = {"none": "○", "draft": "◔", "submitted": "●", "returned": "↩", "recused": "⊘", "absent": "—", "ruled": "×", "locked": "■"}
FILTERS = {"": "全部", "missing": "未交齐", "returned": "有退回", "alarm": "离散大"}


class Row(NamedTuple):
    """`cells` in order of the seats: (state, sheet id or 0, judge id, text, note). `spread` in words, empty below two sheets."""

    slot: sheets.SlotRow
    cells: list
    spread: str
    alarm: bool
    complete: bool


class Board(NamedTuple):
    seats: list
    rows: list
    tallies: dict
    missing: list  # (judge name, [entry number, …], how many more)
    alarms: int
    total: int  # entries shown by the filter
    number: int
    count: int

    def sum(self, field: str) -> int:
        return sum(getattr(tally, field) for tally in self.tallies.values())


def part_of(part_id: int, name: str = "") -> scoring.Part:
    """The part's criteria as the engine reads them, for denominators and spreads (one query)."""
    return part_from(db.session.scalars(sa.select(Criterion).where(Criterion.part_id == part_id)).all(), name)


def part_from(criteria: list[Criterion], name: str = "") -> scoring.Part:
    return scoring.Part("part", name, criteria=schemes.criterion_values(criteria))


def make(session: Session, entries: int, *, limit: int, show: str = "", number: int = 1) -> Board:
    """`entries`: how many the session has; `limit`: the spread that raises an alarm, in 1/10000 point."""
    part = part_of(session.part_id)
    seats = sheets.seats(session)
    wide = wide_spreads(session, seats, part, limit)
    chosen = _filtered(session, seats, show, wide)
    total = entries if chosen is None else len(chosen)
    count = max(1, -(-total // PAGE))
    number = min(max(1, number), count)
    slots = sheets.slots(session.id, offset=(number - 1) * PAGE, limit=PAGE, entry_ids=chosen)
    cells = sheets.matrix(session, slots, seats)
    whole = len(slots) == entries
    tallies = tallies_of(cells, seats) if whole else sheets.tally(session, seats)
    spreads = _spreads(part, slots, seats, cells, limit)
    text = scoring.formatter(part.denominator)
    rows = [_row(slot, seats, cells, spreads.get(slot.entry_id), text) for slot in slots]
    return Board(seats, rows, tallies, _missing(rows, seats, tallies), len(wide), total, number, count)


def _filtered(session: Session, seats: list, show: str, wide: set[int]) -> list[int] | None:
    """The entries that the filter keeps, or None for all."""
    if show == "alarm":
        return sorted(wide)
    states = {"missing": AWAITED, "returned": ("returned",)}.get(show)
    if states is None:
        return None
    query = sa.select(CELLS.c.entry_id).where(CELLS.c.state.in_(states)).distinct()
    return list(db.session.scalars(query, keys(session, [seat.judge_id for seat in seats])))


def tallies_of(cells: dict, seats: list) -> dict[int, sheets.Tally]:
    counts = {seat.judge_id: dict.fromkeys(CELL_STATES, 0) for seat in seats}
    for (_, judge), cell in cells.items():
        counts[judge][cell.state] += 1
    return {judge: sheets.tally_of(found) for judge, found in counts.items()}


def wide_spreads(session: Session, seats: list, part: scoring.Part, limit: int) -> set[int]:
    """Entries of the session whose judges lie more than `limit` apart; whole numbers, so the comparison is exact."""
    asked = keys(session, [seat.judge_id for seat in seats]) | {"gap": limit * part.denominator // scoring.UNIT}
    return set(db.session.scalars(_WIDE, asked))


_WIDE = (
    sa.select(Sheet.entry_id)
    .where(
        Sheet.part_id == sa.bindparam("part"), Sheet.state.in_(DONE), Sheet.judge_id.in_(sa.bindparam("judges", expanding=True)),
        Sheet.entry_id.in_(sa.select(Slot.entry_id).where(Slot.session_id == sa.bindparam("session"))),
        sa.tuple_(Sheet.entry_id, Sheet.judge_id).not_in(RECUSED),
    )
    .group_by(Sheet.entry_id).having(sa.func.max(Sheet.total) - sa.func.min(Sheet.total) > sa.bindparam("gap"))
)  # fmt: skip


def _spreads(part: scoring.Part, slots: list, seats: list, cells: dict, limit: int) -> dict:
    facts = []
    for slot in slots:
        done = [(seat.judge_id, cells[slot.entry_id, seat.judge_id]) for seat in seats]
        given = tuple(scoring.SheetFact(judge, "submitted", cell.total) for judge, cell in done if cell.state in DONE)
        facts.append(scoring.EntryFact(slot.entry_id, str(slot.number), sheets={part.code: given}))
    found = scoring.spreads(scoring.Scheme((part,)), scoring.Facts(tuple(facts)), part.code, limit=Fraction(limit, scoring.UNIT))
    return {spread.entry: spread for spread in found}


def _row(slot, seats: list, cells: dict, spread, text) -> Row:
    shown, awaited = [], False
    for seat in seats:
        cell = cells[slot.entry_id, seat.judge_id]
        awaited = awaited or cell.state in AWAITED
        word = text(cell.total) if cell.state in DONE and cell.total is not None else CELL_STATES[cell.state]
        shown.append((cell.state, cell.sheet_id or 0, seat.judge_id, word, cell.note))
    several = spread is not None and spread.low_judge != spread.high_judge
    figure = scoring.format_ratio(spread.spread.numerator, spread.spread.denominator) if several else ""
    return Row(slot, shown, figure, several and spread.alarm, not awaited)


def _missing(rows: list[Row], seats: list, tallies: dict) -> list[tuple]:
    """Judges who still owe sheets, with the numbers on this page (at most twelve) and how many more there are."""
    found = []
    for place, seat in enumerate(seats):
        owed = tallies[seat.judge_id].awaited
        if owed:
            numbers = [row.slot for row in rows if row.cells[place][0] in AWAITED][:12]
            found.append((seat, numbers, owed - len(numbers)))
    return found
