"""One computation: the parts of every entry read, the steps worked out, penalties taken, totals rounded."""

from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from ..catalogue import STATUSES
from ..numbers import UNIT, WHOLE, divide
from ..parts.reader import NOT_TAKEN, PartReader
from ..steps.figures import Figures
from .chain import part_by, ready

JUDGED = ("competing", "out_of_competition")


class Run:
    """What the rules, the standings and the explanations look figures up in.

    `results`: {index: the (numerator, count) of every part, NOT_TAKEN for one that was not taken; None when incomplete}.
    `exact`: {index: total × denominator}; `scores`: the same rounded, in 10**-places. Entries without a total are in neither.
    """

    def __init__(self, scheme, facts):
        self.scheme, self.facts = scheme, facts
        self.entries, self.decisions, self.names = facts.entries, facts.decisions, facts.judges
        self.rounding, self.scale = scheme.rounding, scheme.rounding.scale
        self.readers = [PartReader(scheme, part) for part in scheme.parts]
        self.by_code = {reader.code: reader for reader in self.readers}
        self.exact, self.scores, self.steps, self.kept = {}, {}, {}, {}
        self.denominator = UNIT
        for reader in self.readers:
            reader.prepare(self.entries)
        self.results = self._read()
        self.figures = Figures(self)
        if scheme.total:
            self._take_total()
        else:
            self._add_up()

    def take(self, facts):
        """The same facts, with more marks."""
        self.facts, self.entries = facts, facts.entries

    def reader(self, code):
        return self.by_code[code]

    def part(self, members, chain):
        """Tied members in groups, in the order that a step's own chain gives them."""
        return part_by(self, members, chain)

    def once(self, function, scheme, argument):
        """function(scheme, argument), looked up once for all entries."""
        key = function, argument
        if key not in self.kept:
            self.kept[key] = function(scheme, argument)
        return self.kept[key]

    def name(self, judge):
        return self.names.get(judge, f"评委{judge}")

    def exact_of(self, entry):
        return self.exact_at(self.index_of[entry.entry])

    def exact_at(self, index):
        """The exact total as (numerator, denominator), or None."""
        total = self.exact.get(index)
        if total is None or not self.scheme.total:
            return None if total is None else (total, self.denominator)
        return total.as_integer_ratio()

    @cached_property
    def chain(self):
        return ready(self.scheme, self.scheme.ties)

    @cached_property
    def index_of(self):
        return {entry.entry: index for index, entry in enumerate(self.entries)}

    @cached_property
    def competing(self):
        """How many entries stand in the competition, with a result or without."""
        return sum(entry.status == "competing" for entry in self.entries)

    def _read(self):
        found, reads = {}, [reader.read for reader in self.readers]
        single = reads[0] if len(reads) == 1 else None
        for index, entry in enumerate(self.entries):
            if entry.status not in JUDGED:
                if entry.status not in STATUSES:
                    raise ValueError(f"unknown status {entry.status!r}")
                continue
            if single:
                result = single(entry)
                found[index] = None if result is None else (result,)
            else:
                results = tuple([read(entry) for read in reads])
                found[index] = None if None in results else results
        return found

    def _coefficients(self):
        """Every total is an int over one denominator: per part {count: factor}, the factor of a penalty, the denominator."""
        counts = [set() for reader in self.readers]
        for results in self.results.values():
            for seen, result in zip(counts, results or ()):
                if result:
                    seen.add(result[1])
        common = lcm(*(reader.base for reader in self.readers))
        most = lcm(*(count for seen in counts for count in seen))
        bottom = WHOLE * common * most
        tables = [{count: reader.part.weight * (common // reader.base) * (most // count) for count in seen}
                  for reader, seen in zip(self.readers, counts)]
        shrink = gcd(bottom, bottom // UNIT, *(factor for table in tables for factor in table.values()))
        tables = [{count: factor // shrink for count, factor in table.items()} for table in tables]
        return tables, bottom // UNIT // shrink, bottom // shrink

    def _add_up(self):
        """The weighted sum of the parts, less penalties, for every complete entry that took all of them."""
        tables, penalty, bottom = self._coefficients()
        self.denominator = bottom
        mode, scale, exact, scores = self.rounding.mode, self.scale, self.exact, self.scores
        twice, double = 2 * scale, 2 * bottom
        first = tables[0] if len(tables) == 1 else None
        for index, results in self.results.items():
            if results is None or NOT_TAKEN in results:
                continue
            if first:
                total = first[results[0][1]] * results[0][0]
            else:
                total = sum([table[count] * top for table, (top, count) in zip(tables, results)])
            if self.entries[index].penalties:
                total = self._less_penalties(index, total, penalty)
            exact[index] = total
            if mode == "half_up" and total >= 0:
                scores[index] = (total * twice + bottom) // double
            else:
                scores[index] = divide(total * scale, bottom, mode)

    def _take_total(self):
        """The figure that the scheme names as its total, less penalties, for every complete entry that has it."""
        totals, self.denominator = self.figures.of(self.scheme.total), 1
        for index, results in self.results.items():
            total = totals[index]
            if results is None or total is None:
                continue
            if self.entries[index].penalties:
                total = Fraction(self._less_penalties(index, total * UNIT, 1), UNIT)
            self.exact[index] = total
            self.scores[index] = self.rounding.round(*total.as_integer_ratio())

    def _less_penalties(self, index, total, unit):
        """The total after penalties, `unit` of it being 1/10000 point; where less is better a penalty adds.

        The floor limits what penalties take away: a total already below it stays.
        """
        taken, floor = unit * sum([taken.units for taken in self.entries[index].penalties]), self.scheme.floor
        if self.scheme.better == "low":
            return total + taken
        if floor is None or taken <= 0:
            return total - taken
        return max(total - taken, min(total, floor * unit))
