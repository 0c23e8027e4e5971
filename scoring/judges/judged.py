"""One part's sheets as a table of entries and judges: what all statistics about judges start from. Exact."""

from collections.abc import Iterable
from math import lcm
from typing import NamedTuple

from ..facts import Facts
from ..parts.marks import sheet_total
from ..parts.reader import PartReader
from ..parts.values import team_marks
from ..scheme import Part, Scheme


class Judged(NamedTuple):
    """totals: {entry: {judge: total}}, ints; divided by `bottom` they are points. Only sheets that count in the panel.

    panels: {entry: the judges who were to mark it}, also those absent or recused.
    """

    part: Part
    totals: dict[int, dict[int, int]]
    panels: dict[int, frozenset[int]]
    bottom: int
    names: dict[int, str]

    def name(self, judge: int) -> str:
        return self.names.get(judge, f"评委{judge}")

    @property
    def judges(self) -> list[int]:
        """Whoever handed in a sheet, by id."""
        return sorted({judge for totals in self.totals.values() for judge in totals})


def judged(scheme: Scheme, facts: Facts, part_code: str) -> Judged:
    reader = PartReader(scheme, scheme.part(part_code))
    totals, panels = {}, {}
    for entry in facts.entries:
        found = {judge: total for judge, total in _totals(reader, entry) if total is not None}
        if found:
            totals[entry.entry] = found
            panels[entry.entry] = frozenset(sheet.judge for sheet in entry.sheets[part_code] if not (reader.apart and sheet.chief))
    return Judged(reader.part, totals, panels, reader.part.denominator, facts.judges)


def _totals(reader, entry):
    """(judge, total of the sheet); what the team marked together stands in everybody's sheet."""
    sheets = reader.sheets(entry)
    if not reader.part.team:
        return [(sheet.judge, reader.total(sheet)) for sheet in sheets]
    team = team_marks(reader.part, entry.sheets[reader.code]) if sheets else {}
    return [(sheet.judge, sheet_total(reader.part, {**dict(sheet.marks or ()), **team})) for sheet in sheets]


def residuals(table: Judged) -> tuple[dict[int, dict[int, int]], int]:
    """{judge: {entry: own total minus the mean of the other judges}} as ints over the second figure.

    The entry's own worth falls out, so that judges who marked different entries can be compared.
    """
    common = lcm(*{len(totals) - 1 for totals in table.totals.values() if len(totals) > 1})
    found = {}
    for entry, totals in table.totals.items():
        others = len(totals) - 1
        if others:
            whole, times = sum(totals.values()), common // others
            for judge, total in totals.items():
                found.setdefault(judge, {})[entry] = (total * len(totals) - whole) * times
    return found, table.bottom * common


def places_in(runs: Iterable[Iterable[int]]) -> dict[int, tuple[int, int]]:
    """{entry: (number of its session, turn from 1)} for running orders given as lists of entry ids."""
    return {entry: (number, turn) for number, run in enumerate(runs) for turn, entry in enumerate(run, 1)}
