"""What each judge's sheet counts for in its panel: its total (or one criterion of it), rounded, standardised, replaced after a
re-review, turned into a place. Standard scores and places need the whole field, so `prepare` comes before anything is read.
"""

from math import lcm
from operator import itemgetter
from typing import NamedTuple

from ..numbers import UNIT
from ..steps.field_places import Order, field_results, judge_places
from .marks import node_worth, sheet_total
from .measures import convert, is_plain
from .panels import FIELD_WIDE, PLACED, SUMS, combiner, regular
from .standard import standard_scores

EXCUSED = ("recused", "absent")
RANKED_STATUSES = ("competing", "out_of_competition")


class Value(NamedTuple):
    """One judge's value: `raw` over `Values.origin`, `worth` over `Values.over` before any ranking, `place` in 1/10000."""

    judge: int
    raw: int
    worth: int
    replaced: bool = False
    place: int | None = None


class Values:
    """The judges' values of one part: of whole sheets, or of one criterion anywhere in the tree."""

    def __init__(self, part, criterion=None):
        self.part, self.panel, self.criterion = part, part.panel, criterion
        panel, self.apart = part.panel, part.panel.chief == "apart"
        leaves = part.leaves if criterion is None else criterion.leaves()
        self.team = len(leaves) == 1 and leaves[0].team and criterion is not None
        self.placed = panel.rule in PLACED and not self.team
        # A judge who enters a place for the one thing to be judged has ranked the field already.
        self.direct = self.placed and len(leaves) == 1 and leaves[0].kind == "rank" and (criterion is None or criterion.is_leaf)
        self.better = "low" if all(leaf.kind == "rank" for leaf in leaves) else panel.better
        self.origin = UNIT if criterion is not None and criterion.is_leaf else part.denominator
        self.judge_rounding = panel.judge_rounding if criterion is None else None
        self.standard = None if self.direct else panel.standard
        stage = self.judge_rounding.scale if self.judge_rounding else self.origin
        self.stage, after = stage, self.standard.rounding.scale if self.standard else stage
        self.over = lcm(after, UNIT)
        self.times = self.over // after
        self.base = UNIT if self.placed else self.over
        self.field_wide = bool(self.placed or self.standard)
        self.combine, self.summed = combiner(panel, self.base), panel.rule in SUMS
        self.key = part.code if criterion is None else f"{part.code}/{criterion.code}"
        self.standards, self.places, self.results = {}, {}, {}
        # Where a mark, or the sum of some, is the value, most of what follows can be left out.
        self.quick = not (self.field_wide or self.judge_rounding or part.team or part.caps) and all(map(is_plain, leaves))
        self.codes = [leaf.code for leaf in leaves]

    def prepare(self, entries):
        """Learn from all entries of the facts what standard scores and places rest on; nothing to do for other panels.

        Standard scores rest on every sheet that the judge handed in, whatever became of the entry; places on those of the
        entries that still compete or compete out of competition.
        """
        if self.standard:
            given = {}
            for entry in entries:
                for judge, raw in self._submitted(entry):
                    if raw is not None:
                        given.setdefault(judge, []).append(self.staged(raw))
            self.standards = {judge: standard_scores(values, self.standard, self.stage) for judge, values in given.items()}
        if self.placed:
            self._rank([entry for entry in entries if entry.status in RANKED_STATUSES])

    def _rank(self, entries):
        order = Order(frozenset(entry.entry for entry in entries if entry.status == "competing"), self.better, self.panel.ranks,
                      self.over if self.direct else None)
        worths = {}
        for entry in entries:
            for value in self._worths(entry, [pair for pair in self._submitted(entry) if pair[1] is not None]):
                worths.setdefault(value.judge, {})[entry.entry] = value.worth
        places = judge_places(worths, order)
        self.places = {judge: {entry: int(place * UNIT) for entry, place in given.items()} for judge, given in places.items()}
        if self.panel.rule in FIELD_WIDE:
            ready = {entry.entry: [value.judge for value in values] for entry in entries if (values := self._enough(entry))}
            found = field_results(self.panel.rule, worths, places, ready, order)
            self.results = {entry: int(result * UNIT) for entry, result in found.items()}

    def _enough(self, entry):
        """The values of an entry that is in the field: all its sheets are in, and the panel does not refuse so few."""
        values = self.values(entry) or []
        return values if self.panel.below_minimum != "refuse" or len(values) >= regular(self.panel) else []

    def read(self, entry):
        """(sum, count) over `base` by the panel's rule; None while a sheet is missing or the panel refuses so few."""
        if self.quick and not entry.replacements:
            worths = self._quick_worths(entry)
            return self.combine(worths, self.seats(entry)) if worths else None
        values = self.values(entry)
        if not values:
            return None
        if self.team:
            return values[0].worth, 1
        if self.panel.rule in FIELD_WIDE:
            found = self.results.get(entry.entry)
            return None if found is None else (found, 1)
        return self.combine(self.counted(values), self.seats(entry))

    def seats(self, entry) -> int | None:
        """How many judges the entry's panel has, excused or not; only sums ask for it."""
        if not self.summed:
            return None
        return sum([not (self.apart and sheet.chief) for sheet in entry.sheets.get(self.part.code, ())])

    def worths(self, entry) -> list[int] | None:
        """What each counting judge's sheet counts for, over `over`; None while one is missing."""
        if self.quick and not entry.replacements:
            return self._quick_worths(entry)
        values = self.values(entry)
        return values and [value.worth for value in values]

    def _quick_worths(self, entry):
        found, codes, factors = [], self.codes, self.part.factors
        only = codes[0] if self.criterion is not None and self.criterion.is_leaf else None
        for sheet in entry.sheets.get(self.part.code, ()):
            judge, state, total, marks, chief = sheet
            if self.apart and chief:
                continue
            if state == "submitted":
                if self.criterion is None and total is not None:
                    found.append(total)
                    continue
                marks = dict(marks or ())
                given = [marks.get(code) for code in codes]
                if None in given:
                    return None
                found.append(given[0] if only else sum([factors[code] * units for code, units in zip(codes, given)]))
            elif state not in EXCUSED:
                return None
        return found

    def counted(self, values):
        """What the panel's rule works on."""
        return [value.place if self.placed else value.worth for value in values]

    def values(self, entry) -> list[Value] | None:
        """Every counting judge's value in the order of the judges' ids, or None while any sheet or mark is missing."""
        for sheet in entry.sheets.get(self.part.code, ()):
            if sheet.state != "submitted" and sheet.state not in EXCUSED and not (self.apart and sheet.chief):
                return None
        pairs = self._submitted(entry)
        if any(raw is None for judge, raw in pairs):
            return None
        values = self._worths(entry, pairs)
        if self.placed:
            values = [value._replace(place=self.places.get(value.judge, {}).get(entry.entry)) for value in values]
            if any(value.place is None for value in values):
                return None
        return values

    def _worths(self, entry, pairs):
        values = [Value(judge, raw, self.worth(judge, raw)) for judge, raw in pairs]
        given = entry.replacements.get(self.key) if entry.replacements else None
        if given and self.reviewed(values):
            values = [Value(value.judge, value.raw, given[value.judge] * (self.over // UNIT), True) if value.judge in given else value
                      for value in values]
        return values

    def reviewed(self, values):
        """Whether the judges differ so much that a re-review counts; without a limit every re-review does."""
        if self.panel.review is None or not values:
            return True
        worths = [value.worth for value in values]
        return max(worths) - min(worths) >= self.panel.review * (self.over // UNIT)

    def staged(self, raw):
        return self.judge_rounding.round(raw, self.origin) if self.judge_rounding else raw

    def worth(self, judge, raw):
        """What the sheet counts for before any re-review, over `over`."""
        raw = self.staged(raw)
        return (self.standards[judge][raw] if self.standard else raw) * self.times

    def _submitted(self, entry):
        """(judge, raw value or None) of the sheets handed in that count in the panel, by judge; a team's mark once."""
        sheets = sorted(entry.sheets.get(self.part.code, ()), key=itemgetter(0))
        team = team_marks(self.part, sheets) if self.part.team else {}
        found = [(sheet.judge, self.raw(sheet, team)) for sheet in sheets
                 if sheet.state == "submitted" and not (self.apart and sheet.chief)]
        return found[:1] if self.team else found

    def raw(self, sheet, team):
        """A sheet's total, or its share of the criterion, over `origin`; None while a mark of it is missing."""
        part, criterion = self.part, self.criterion
        if criterion is None and sheet.total is not None and not part.team:
            return self._place(sheet.total) if self.direct else sheet.total
        marks = {**dict(sheet.marks or ()), **team}
        if criterion is None:
            total = sheet_total(part, marks)
            return self._place(total) if self.direct and total is not None else total
        if not criterion.is_leaf:
            return node_worth(part, criterion, marks)
        units = marks.get(criterion.code)
        return None if units is None else convert(criterion, units)

    def _place(self, total):
        """The place that the judge entered, whatever the scale made of it."""
        return total // self.part.factors[self.part.leaves[0].code] * (self.origin // UNIT)


def team_marks(part, sheets):
    """The marks that are given once for all judges: the chief's, else that of the first judge who gave one."""
    found = {}
    for sheet in sorted(sheets, key=lambda sheet: (not sheet.chief, sheet.judge)):
        if sheet.state == "submitted":
            for code, units in sheet.marks or ():
                if code in part.team and units is not None:
                    found.setdefault(code, units)
    return found
