"""compute(scheme, facts): scores, places and the reasons for them. The hot loop works on ints; texts are made when asked for."""

import re
from collections.abc import Callable
from functools import cached_property, lru_cache

from ..facts import Facts
from ..parts.panels import is_field_wide
from ..problems import Problem
from ..scheme import Scheme
from ..steps.references import kind_of, leaf_or_node, references
from . import reasons
from .chain import chains, criterion_named, part_group
from .order import Order, place_of
from .run import JUDGED, Run
from .standing import Standing

UNRANKED = ("no_score", "incomplete", "absent", "withdrawn", "vetoed", "disqualified")


@lru_cache(maxsize=100_000)
def number_order(number: str) -> tuple:
    """Entry numbers as people order them: A2 before A10."""
    if number.isascii() and number.isdecimal():
        return ((0, int(number), ""),)
    return tuple((0, int(piece), "") if piece.isdecimal() else (1, 0, piece)
                 for piece in re.findall(r"[0-9]+|[^0-9]+", number))


class Outcome:
    """Standings in order, and what keeps them from being released."""

    def __init__(self, run, standings, undecided):
        self.run, self.standings, self.undecided_ties = run, standings, undecided
        self.unknown = reasons.unknown_figures(run.scheme, run.entries)
        self.incomplete = any(standing.status == "incomplete" for standing in standings)

    @property
    def releasable(self) -> bool:
        return not (self.incomplete or self.undecided_ties or self.unknown)

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
    targets = [criterion_named(scheme, tie) for tie in chains(scheme)]
    targets += [leaf_or_node(scheme, code) for code in references(scheme) if kind_of(scheme, code) == "criterion"]
    return frozenset({part.code for part in scheme.parts if part.kind == "judged" and (part.panel.level == "criterion" or part.team)}
                     | {target[0].code for target in targets if target})


def marks_at_once(scheme: Scheme) -> bool:
    """Whether totals do not suffice even without a tie: trimming per criterion, marks of a team, figures of criteria, and
    ties on a criterion whose standard scores or places rest on the whole field."""
    return (any(part.panel.level == "criterion" or part.team for part in scheme.parts)
            or any(kind_of(scheme, code) == "criterion" for code in references(scheme))
            or any(criterion_named(scheme, tie) for step in scheme.steps for tie in step.ties)
            or any(is_field_wide(found[0].panel) for tie in chains(scheme) if (found := criterion_named(scheme, tie))))


def compute(scheme: Scheme, facts: Facts, complete: Callable[[set[int]], Facts] | None = None) -> Outcome:
    """The outcome is a function of the scheme and the facts alone; the order of entries and sheets is irrelevant.

    Where sheets carry totals, marks are asked for by ties only. So facts may come without marks, and `complete` then
    answers, for the entries of equal score, the same facts with the marks of these entries.
    """
    run = Run(scheme, facts)
    order = run.order = Order(run)
    groups = order.groups([index for index in order.keys if run.entries[index].status == "competing"])
    tied = {run.entries[index].entry for group in groups if len(group) > 1 for index in group} if complete else None
    if tied:
        run.take(complete(tied))
    standings, undecided = _placed(run, groups)
    standings += _outside(run, order, groups)
    standings += _unranked(run, order)
    return Outcome(run, standings, tuple(undecided))


def _placed(run, groups):
    standings, undecided, method = [], [], run.scheme.ranking
    rank = nth = 0
    for group in groups:
        if len(group) == 1:
            rank, nth = rank + 1, nth + 1
            place = nth if method == "dense" else rank
            standings.append(Standing(run, group[0], "competing", place, False, False, None, rank))
            continue
        found, trace = [], []
        for members, shared, open_tie in part_group(run, by_number(run, group), trace):
            nth += 1
            place = place_of(method, rank + 1, len(members), nth)
            found += [Standing(run, index, "competing", place, shared, open_tie, rank=rank + 1) for index in members]
            if open_tie:
                undecided.append(tuple(run.entries[index].entry for index in members))
            rank += len(members)
        for index in group:
            run.steps[index] = trace, found
        standings += found
    return standings, undecided


def by_number(run, members):
    return sorted(members, key=lambda index: (number_order(run.entries[index].number), run.entries[index].entry))


def _outside(run, order, groups):
    """Entries out of competition, by score, each with the place it would have held."""
    members = [index for index in order.keys if run.entries[index].status == "out_of_competition"]
    if not members:
        return []
    rank = order.outside(groups)
    members = sorted(by_number(run, members), key=order.worth)
    return [Standing(run, index, "out_of_competition", None, outside_place=rank(index)) for index in members]


def _unranked(run, order):
    found = {status: [] for status in UNRANKED}
    for index, entry in enumerate(run.entries):
        if entry.status not in JUDGED:
            found[entry.status].append(index)
        elif run.results[index] is None:
            found["incomplete"].append(index)
        elif index not in order.keys:
            found["no_score"].append(index)
    return [Standing(run, index, status, None) for status, members in found.items() for index in by_number(run, members)]
