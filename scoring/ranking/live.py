"""Standings that follow every new mark without computing the whole field again.

A mark changes one entry's score. That score is read anew, the entry moves to the group of its score, and only groups that
someone looks at are put through the tie chain. Where a score depends on the marks of others (standard scores, places in the
field, shares of the best) there is no such short way: `why_not` says so, and the whole field is computed at the next question.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from ..facts import Decision, EntryFact, Facts
from ..parts.reader import PartReader
from ..scheme import Scheme
from ..steps.catalogue import STEP_RULES
from .outcome import UNRANKED, compute, number_order
from .shelf import Shelf
from .standing import Standing


class Line(NamedTuple):
    """One entry's standing, as `compute` would say it; score in 10**-places of the scheme's rounding."""

    entry: int
    status: str
    score: int | None
    place: object
    shared: bool
    undecided: bool
    outside_place: int | None


def why_not(scheme: Scheme) -> tuple[str, ...]:
    """Why one mark may change every score or place, in Chinese; empty when only the marked entry's own score changes."""
    found = [f"{part.name}：得分取决于全体对象的打分" for part in scheme.parts if PartReader(scheme, part).field_wide]
    found += [f"{step.name}：取决于全体参赛对象" for step in scheme.steps if STEP_RULES[step.rule].field or step.missing == "last"]
    found += ["同分范围：同分组取决于全体对象的总分"] if scheme.tolerance else []
    found += ["先分档：须先排出各档"] if scheme.class_by else []
    return tuple(found + (["并列名次：不占位的名次取决于其前各组的同分处理"] if scheme.ranking == "dense" else []))


class Group:
    """The entries of one score, placed: `standings` as `compute` would give them, the first after `before` others.

    For whoever writes them down: `shown` is what was made of them as they stand, dropped when they move; `kept` stays as long
    as the group does.
    """

    __slots__ = ("before", "kept", "shown", "standings")

    def __init__(self, standings: list[Standing], before: int):
        self.standings, self.before, self.shown, self.kept = standings, before, None, None

    def after(self, before: int) -> "Group":
        """The group as it stands after so many others."""
        step = before - self.before
        if step:
            for standing in self.standings:
                standing.place += step
                standing.rank += step
            self.before, self.shown = before, None
        return self


class Live:
    """The standings of a scheme on facts that change entry by entry. `whole` is empty, or says why every change counts all."""

    def __init__(self, scheme: Scheme, facts: Facts):
        self.scheme, self.judges, self.decisions = scheme, facts.judges, facts.decisions
        self.entries = {entry.entry: entry for entry in facts.entries}
        self.whole, self.rounded = why_not(scheme), scheme.rank_by == "rounded" and not scheme.key
        self.lines, self.outcome = {}, None          # the groups that were worked out; the whole outcome, where needed
        self.keys, self.members, self.shelf = {}, {}, Shelf({})
        self.unplaced, self.tail = {}, None          # standings of the entries without a place; the same in order
        if not self.whole:
            self._begin(facts)

    def _begin(self, facts):
        outcome = compute(self.scheme, facts)
        order = outcome.run.order
        for index, entry in enumerate(facts.entries):
            self._note(order, index, entry)
        self.shelf = Shelf({key: len(members) for key, members in self.members.items()})
        before = 0
        for key, standings in groupby(outcome.standings, lambda standing: None if standing.place is None else self.keys[standing.entry]):
            group = list(standings)
            if key is None:
                self.unplaced.update((standing.entry, standing) for standing in group)
            else:
                self.lines[key] = Group(group, before)
                before += len(group)

    def _note(self, order, index, entry):
        """Keep what the order says about the entry; returns its key among the placed ones, or None."""
        key = order.worth(index)[1] if index in order.keys else None
        if key is not None and not self.rounded:
            key = Fraction(key, order.whole)         # exact totals of two runs have different denominators
        self.keys[entry.entry] = key
        if entry.status != "competing" or key is None:
            return None
        self.members.setdefault(key, {})[entry.entry] = None
        return key

    def update(self, entry: EntryFact) -> None:
        """The entry as it is now, or a new one."""
        if self.whole:
            self.entries[entry.entry], self.outcome = entry, None
            return
        self._leave(entry.entry)
        self.entries[entry.entry] = entry
        alone = compute(self.scheme, Facts((entry,), self.judges, self.decisions))
        key = self._note(alone.run.order, 0, entry)
        if key is None:
            self.unplaced[entry.entry], self.tail = alone.standings[0], None
            return
        self.shelf.add(key)
        self.lines.pop(key, None)
        if len(self.members[key]) == 1:
            self.lines[key] = Group(alone.standings, 0)

    def remove(self, entry: int) -> None:
        if not self.whole:
            self._leave(entry)
        self.outcome = None
        del self.entries[entry]

    def decide(self, decisions: Iterable[Decision]) -> None:
        """All decisions on ties as they are now."""
        self.decisions, self.outcome = tuple(decisions), None
        self.lines.clear()

    def _leave(self, entry):
        known, key = self.entries.get(entry), self.keys.pop(entry, None)
        if self.unplaced.pop(entry, None):
            self.tail = None
        if known and known.status == "competing" and key is not None:
            del self.members[key][entry]
            if not self.members[key]:
                del self.members[key]
            self.shelf.remove(key)
            self.lines.pop(key, None)

    def place_of(self, entry: int) -> Line:
        """One entry's standing."""
        if self.whole:
            return _line(self._outcome().standing(entry))
        if entry in self.unplaced:
            return _line(self._outside(self.unplaced[entry]))
        key = self.keys[entry]
        group = self._group(key, self.shelf.before(key))
        return next(_line(standing) for standing in group.standings if standing.entry == entry)

    def page(self, offset: int, count: int) -> list[Line]:
        """`count` of the placed entries in order, after the first `offset`."""
        if self.whole:
            placed = [standing for standing in self._outcome().standings if standing.place is not None]
            return [_line(standing) for standing in placed[offset:offset + count]]
        found = []
        for key, before in self.shelf.since(offset):
            if before >= offset + count:
                break
            found += [_line(standing) for at, standing in enumerate(self._group(key, before).standings, before) if offset <= at < offset + count]
        return found

    def groups(self) -> list[Group]:
        """All placed entries in order. Only where `whole` is empty."""
        return [self._group(key, before) for key, before in self.shelf.since(0)]

    def rest(self) -> list[Standing]:
        """The entries without a place, in the order of `compute`. Only where `whole` is empty."""
        if self.tail is None:
            self.tail = sorted(self.unplaced.values(), key=self._rank_of_rest)
        for standing in self.tail:
            if standing.status != "out_of_competition":
                break
            self._outside(standing)
        return self.tail

    def standings(self) -> list[Standing]:
        """Every entry's standing, as `compute` lists them."""
        if self.whole:
            return self._outcome().standings
        return [standing for group in self.groups() for standing in group.standings] + self.rest()

    def top(self, count: int) -> list[Line]:
        return self.page(0, count)

    @property
    def placed(self) -> int:
        """How many entries have a place."""
        if self.whole:
            return sum(standing.place is not None for standing in self._outcome().standings)
        return len(self.shelf)

    def _group(self, key, before):
        """The entries of one score, parted by the tie chain and the decisions."""
        found = self.lines.get(key)
        if found is None:
            facts = Facts(tuple(self.entries[entry] for entry in self.members[key]), self.judges, self.decisions)
            found = self.lines[key] = Group(compute(self.scheme, facts).standings, 0)
        return found.after(before)

    def _outside(self, standing):
        if standing.status == "out_of_competition":
            standing.outside_place = self.shelf.before(self.keys[standing.entry]) + 1
        return standing

    def _rank_of_rest(self, standing):
        """Out of competition by score, then each kind of entry without a place; all by number."""
        number = number_order(standing.number), standing.entry
        if standing.status == "out_of_competition":
            return 0, self.keys[standing.entry], number
        return 1 + UNRANKED.index(standing.status), 0, number

    def _outcome(self):
        if self.outcome is None:
            self.outcome = compute(self.scheme, Facts(tuple(self.entries.values()), self.judges, self.decisions))
        return self.outcome


def _line(standing):
    return Line(standing.entry, standing.status, standing.score, standing.place, standing.shared, standing.undecided, standing.outside_place)
