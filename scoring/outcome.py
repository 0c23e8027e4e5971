"""compute(scheme, facts): scores, places and the reasons for them. The hot loop works on ints; texts are made when asked for."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cached_property, lru_cache
from math import gcd, lcm

from . import reasons
from .catalogue import STATUSES
from .facts import Facts
from .numbers import UNIT, WHOLE, divide
from .parts import PartReader
from .problems import Problem
from .scheme import Scheme
from .standing import Standing
from .ties import leaf_or_node, part_group

UNRANKED = ("incomplete", "absent", "withdrawn", "vetoed", "disqualified")
JUDGED = ("competing", "out_of_competition")


@lru_cache(maxsize=100_000)
def number_order(number: str) -> tuple:
    """Entry numbers as people order them: A2 before A10."""
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
                 for piece in re.findall(r"[0-9]+|[^0-9]+", number))


class Run:
    """One computation: what the rules, the standings and the explanations look figures up in."""

    def __init__(self, scheme, facts):
        self.scheme, self.facts = scheme, facts
        self.entries, self.decisions, self.names = facts.entries, facts.decisions, facts.judges
        self.rounding, self.scale = scheme.rounding, scheme.rounding.scale
        self.readers = [PartReader(scheme, part) for part in scheme.parts]
        self.by_code = {reader.code: reader for reader in self.readers}
        self.exact, self.scores, self.steps, self.kept = {}, {}, {}, {}
        self.denominator = UNIT
        self.results = self._read()
        self._add_up()

    def take(self, facts):
        """The same facts, with more marks."""
        self.facts, self.entries = facts, facts.entries

    def reader(self, code):
        return self.by_code[code]

    def once(self, function, scheme, argument):
        """function(scheme, argument), looked up once for all entries."""
        key = function, argument
        if key not in self.kept:
            self.kept[key] = function(scheme, argument)
        return self.kept[key]

    def name(self, judge):
        return self.names.get(judge, f"评委{judge}")

    def exact_of(self, entry):
        return self.exact[self.index_of[entry.entry]], self.denominator

    @cached_property
    def index_of(self):
        return {entry.entry: index for index, entry in enumerate(self.entries)}

    def _read(self):
        """For each judged entry the (numerator, count) of every part, or None when incomplete."""
        found, reads = {}, [reader.read for reader in self.readers]
        single = reads[0] if len(reads) == 1 else None
        for index, entry in enumerate(self.entries):
            if entry.status not in JUDGED:
                if entry.status not in STATUSES:
                    raise ValueError(f"unknown status {entry.status!r}")
                continue
            if single:
                result = single(entry)
                found[index] = result and (result,)
            else:
                results = tuple([read(entry) for read in reads])
                found[index] = None if None in results else results
        return found

    def _coefficients(self):
        """Every total is an int over one denominator: per part {count: factor}, the factor of a penalty, the denominator."""
        counts = [set() for reader in self.readers]
        for results in self.results.values():
            for seen, result in zip(counts, results or ()):
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
        """The exact total (over one denominator) and the rounded score of every complete entry."""
        tables, penalty, bottom = self._coefficients()
        self.denominator = bottom
        floor = None if self.scheme.floor is None else self.scheme.floor * penalty
        mode, scale, exact, scores = self.rounding.mode, self.scale, self.exact, self.scores
        twice, double = 2 * scale, 2 * bottom
        first = tables[0] if len(tables) == 1 else None
        for index, results in self.results.items():
            if results is None:
                continue
            if first:
                total = first[results[0][1]] * results[0][0]
            else:
                total = sum([table[count] * top for table, (top, count) in zip(tables, results)])
            taken = self.entries[index].penalties
            if taken:
                total -= penalty * sum([units for units, reason in taken])
            if floor is not None and total < floor:
                total = floor
            exact[index] = total
            if mode == "half_up" and total >= 0:
                scores[index] = (total * twice + bottom) // double
            else:
                scores[index] = divide(total * scale, bottom, mode)


class Outcome:
    """Standings in order, and what keeps them from being released."""

    def __init__(self, run, standings, undecided):
        self.run, self.standings, self.undecided_ties = run, standings, undecided
        self.incomplete = any(standing.status == "incomplete" for standing in standings)

    @property
    def releasable(self) -> bool:
        return not self.incomplete and not self.undecided_ties

    @cached_property
    def by_entry(self):
        return {standing.entry: standing for standing in self.standings}

    def standing(self, entry: int) -> Standing:
        return self.by_entry[entry]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return reasons.problems(self)

    def to_json(self):
        return {"version": 1, "incomplete": self.incomplete, "undecided_ties": [list(tie) for tie in self.undecided_ties],
                "standings": [standing.to_json() for standing in self.standings]}


def needs_marks(scheme: Scheme) -> frozenset[str]:
    """Codes of the parts whose sheets must carry their marks; elsewhere totals are enough."""
    targets = [leaf_or_node(scheme, tie.argument) for tie in scheme.ties if tie.code in ("criterion", "criterion_mean")]
    return frozenset({part.code for part in scheme.parts if part.kind == "judged" and part.panel.level == "criterion"}
                     | {target[0].code for target in targets if target})


def _of_equal_score(run: Run) -> set[int]:
    """Competing entries of equal score: only their places may rest on marks below the totals."""
    keys, members = _keys(run, "competing")
    counts = Counter([keys[index] for index in members])
    return {run.entries[index].entry for index in members if counts[keys[index]] > 1}


def compute(scheme: Scheme, facts: Facts, complete: Callable[[set[int]], Facts] | None = None) -> Outcome:
    """The outcome is a function of the scheme and the facts alone; the order of entries and sheets is irrelevant.

    Where sheets carry totals, marks are asked for by ties only. So facts may come without marks, and `complete` then
    answers, for the entries of equal score, the same facts with the marks of these entries.
    """
    run = Run(scheme, facts)
    tied = _of_equal_score(run) if complete else None
    if tied:
        run.take(complete(tied))
    standings, undecided = _placed(run)
    standings += _outside(run, standings)
    standings += _unranked(run)
    return Outcome(run, standings, tuple(undecided))


def _keys(run, status):
    keys, entries = run.scores if run.scheme.rank_by == "rounded" else run.exact, run.entries
    return keys, [index for index in keys if entries[index].status == status]


def _placed(run):
    keys, order = _keys(run, "competing")
    order.sort(key=keys.__getitem__, reverse=True)
    standings, undecided, start, last = [], [], 0, len(order)
    while start < last:
        end, key = start + 1, keys[order[start]]
        while end < last and keys[order[end]] == key:
            end += 1
        if end - start == 1:
            standings.append(Standing(run, order[start], "competing", end))
        else:
            standings += _tied(run, order[start:end], start + 1, undecided)
        start = end
    return standings, undecided


def _tied(run, members, place, undecided):
    """Standings of entries with one score: the chain's groups in order, each group by entry number."""
    found, trace = [], []
    members = sorted(members, key=lambda index: (number_order(run.entries[index].number), run.entries[index].entry))
    for group, shared, open_tie in part_group(run, members, trace):
        for index in group:
            found.append(Standing(run, index, "competing", place, shared, open_tie))
        if open_tie:
            undecided.append(tuple(run.entries[index].entry for index in group))
        place += len(group)
    for index in members:
        run.steps[index] = trace, found
    return found


def _outside(run, placed):
    """Entries out of competition, by score, each with the place it would have held."""
    keys, order = _keys(run, "out_of_competition")
    order.sort(key=lambda index: (-keys[index], number_order(run.entries[index].number), run.entries[index].entry))
    found = []
    for index in order:
        better = sum(1 for standing in placed if keys[standing.index] > keys[index])
        found.append(Standing(run, index, "out_of_competition", None, outside_place=better + 1))
    return found


def _unranked(run):
    groups = {status: [] for status in UNRANKED}
    for index, entry in enumerate(run.entries):
        if index not in run.exact:
            groups["incomplete" if entry.status in JUDGED else entry.status].append(index)
    return [Standing(run, index, status, None) for status, members in groups.items()
            for index in sorted(members, key=lambda at: (number_order(run.entries[at].number), run.entries[at].entry))]
