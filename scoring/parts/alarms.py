"""复议: where judges differ so much that a re-review is due, and where the marks given once for all judges disagree."""

from collections.abc import Sequence
from typing import NamedTuple

from ..facts import Facts
from ..numbers import UNIT
from ..ranking.outcome import Outcome
from ..scheme import Scheme
from .values import RANKED_STATUSES


class Alarm(NamedTuple):
    """`criterion` is "" where it is the values of the panel that differ; low and high are (numerator, denominator) in points (or
    levels, places: whatever the judges enter), judges the two who gave them."""

    entry: int
    number: str
    part: str
    criterion: str
    low: tuple[int, int]
    high: tuple[int, int]
    low_judge: int
    high_judge: int


def alarms(outcome: Outcome) -> tuple[Alarm, ...]:
    """Every spread beyond a criterion's `alarm` (more than it) or a panel's `review` (as much or more) that has no re-review
    yet, by entry in the order of the facts. A replacement by any judge settles it."""
    found, run = [], outcome.run
    for reader in run.readers:
        if reader.judged:
            limits = [leaf for leaf in reader.part.leaves if leaf.alarm is not None and not leaf.team]
            for at, entry in enumerate(run.entries):
                if entry.status in RANKED_STATUSES:
                    found += [(at, alarm) for alarm in _of_panel(reader, entry) + _of_criteria(reader, entry, limits)]
    return tuple(alarm for _, alarm in sorted(found, key=lambda pair: pair[0]))


def _of_panel(reader, entry):
    """Of the values that the panel works on, per criterion where it works so."""
    if reader.part.panel.review is None:
        return []
    found = []
    for code, source in (reader.by_leaf or {"": reader.values}).items():
        values = None if source.team or entry.replacements.get(source.key) else source.values(entry)
        if values and source.reviewed(values):
            found.append(_alarm(entry, reader.code, code, [(value.worth, value.judge) for value in values], source.over))
    return found


def _of_criteria(reader, entry, leaves):
    """Of the marks as the judges entered them, handed in or not recused; sheets still open are left out."""
    found = []
    for leaf in leaves:
        if entry.replacements.get(reader.code) or entry.replacements.get(f"{reader.code}/{leaf.code}"):
            continue
        marks = [(dict(sheet.marks or ()).get(leaf.code), sheet.judge) for sheet in reader.sheets(entry)]
        marks = [(units, judge) for units, judge in marks if units is not None]
        if marks and max(marks)[0] - min(marks)[0] > leaf.alarm:
            found.append(_alarm(entry, reader.code, leaf.code, marks, UNIT))
    return found


def _alarm(entry, part, criterion, marks, over):
    """Of equal marks the first judge is named."""
    low = min(marks)
    high = min(marks, key=lambda pair: (-pair[0], pair[1]))
    return Alarm(entry.entry, entry.number, part, criterion, (low[0], over), (high[0], over), low[1], high[1])


class TeamConflict(NamedTuple):
    """marks: ((judge, units), …) that differ although the criterion is marked once for all; the first of them counts."""

    entry: int
    number: str
    part: str
    criterion: str
    marks: tuple[tuple[int, int], ...]


def team_conflicts(scheme: Scheme, facts: Facts) -> tuple[TeamConflict, ...]:
    """Entries where several sheets carry different marks of the team; the chief's counts, else that of the first judge."""
    found = []
    for entry in facts.entries:
        for part in scheme.parts:
            for code in sorted(part.team):
                given = _given(entry.sheets.get(part.code, ()), code)
                if len({units for _, units in given}) > 1:
                    found.append(TeamConflict(entry.entry, entry.number, part.code, code, given))
    return tuple(found)


def _given(sheets: Sequence, code):
    ordered = sorted(sheets, key=lambda sheet: (not sheet.chief, sheet.judge))
    pairs = [(sheet.judge, dict(sheet.marks or ()).get(code)) for sheet in ordered if sheet.state == "submitted"]
    return tuple((judge, units) for judge, units in pairs if units is not None)
