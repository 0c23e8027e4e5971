"""Where the judges of a part differ so much that its rules ask for a re-review, from the chief's boards."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.judging import sheets
from compete.marking.locking import Board
from compete.marking.rubrics import Rubric
from compete.models import Mark, Sheet, db
from scoring.numbers import format_exact

STATES = {**dict.fromkeys(sheets.DONE, "submitted"), "recused": "recused", "absent": "absent"}


class Spread(NamedTuple):
    """Of one entry: `criterion` is "" for the sheets as wholes; ends are (judge, figure, sheet), the lowest first."""

    entry_id: int
    criterion: str
    ends: tuple[tuple[str, str, int], tuple[str, str, int]]
    apart: str


def waiting(part_id: int, rubric: Rubric, found: list[Board]) -> dict[int, list[Spread]]:
    """{entry: its spreads}; at most one query, and none where the part has no such rule."""
    part, by_mark = rubric.part, any(leaf.alarm is not None for leaf in rubric.leaves.values())
    if part.panel.review is None and not by_mark:
        return {}
    marks = _marks(part_id, rubric) if by_mark or part.panel.level == "criterion" or part.team else {}
    facts = tuple(scoring.EntryFact(slot.entry_id, str(slot.number), slot.status, "", {part.code: _row(board, slot.entry_id, marks)})
                  for board in found for slot in board.slots)  # fmt: skip
    names = {seat.judge_id: seat.name for board in found for seat in board.seats}
    cells = {key: cell for board in found for key, cell in board.cells.items()}
    # The part alone, without what other figures make of it: only its sheets are looked at.
    outcome = scoring.compute(scoring.Scheme((replace(part, factor=""),)), scoring.Facts(facts, names))
    spreads = defaultdict(list)
    for alarm in scoring.alarms(outcome):
        ends = tuple((names[judge], _text(Fraction(*figure)), cells[alarm.entry, judge].sheet_id)
                     for judge, figure in ((alarm.low_judge, alarm.low), (alarm.high_judge, alarm.high)))  # fmt: skip
        criterion = part.criterion(alarm.criterion).name if alarm.criterion else ""
        spreads[alarm.entry].append(Spread(alarm.entry, criterion, ends, _text(Fraction(*alarm.high) - Fraction(*alarm.low))))
    return spreads


def _text(figure: Fraction) -> str:
    return format_exact(figure.numerator, figure.denominator, 0, 4)


def _row(board: Board, entry_id: int, marks) -> tuple[scoring.SheetFact, ...]:
    row = []
    for seat in board.seats:
        cell = board.cells[entry_id, seat.judge_id]
        state = STATES.get(cell.state, "missing")
        done = state == "submitted"
        row.append(scoring.SheetFact(seat.judge_id, state, cell.total if done else None,
                                     marks.get((entry_id, seat.judge_id)) if done else None, seat.role == "chief"))  # fmt: skip
    return tuple(row)


def _marks(part_id: int, rubric: Rubric) -> dict[tuple[int, int], tuple[tuple[str, int], ...]]:
    """{(entry, judge): ((code of the criterion, units), …)} of the sheets handed in."""
    query = sa.select(Sheet.entry_id, Sheet.judge_id, Mark.criterion_id, Mark.value).join(Mark, Mark.sheet_id == Sheet.id)
    given = defaultdict(list)
    for entry, judge, criterion, units in db.session.execute(query.where(Sheet.part_id == part_id, Sheet.state.in_(sheets.DONE))):
        if criterion in rubric.codes:
            given[entry, judge].append((rubric.codes[criterion], units))
    return {key: tuple(pairs) for key, pairs in given.items()}
