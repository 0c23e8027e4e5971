"""Standings that follow every new mark without computing the whole field again.

A mark changes one entry's score. That score is read anew, the entry moves to the group of its score, and only groups that
someone looks at are put through the tie chain. Where a score depends on the marks of others (standard scores, places in the
field, shares of the best) there is no such short way: `why_not` says so, and the whole field is computed at the next question.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from ..facts import Decision, EntryFact, Facts
from ..parts.reader import PartReader
from ..scheme import Scheme
from ..steps.catalogue import STEP_RULES
from .order import Order
from .outcome import JUDGED, compute
from .run import Run

BLOCK = 512


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


class Shelf:
    """Keys in order, each with the number of its entries, in blocks: a change costs one block, a question one sum over blocks."""

    def __init__(self, counts: dict):
        ordered = sorted(counts)
        self.counts = counts
        self.blocks = [ordered[at:at + BLOCK] for at in range(0, len(ordered), BLOCK)] or [[]]
        self.sizes = [sum(map(counts.__getitem__, block)) for block in self.blocks]

    def _block(self, key):
        """The block in which the key is or would be."""
        at = bisect_left(self.blocks, [key])
        if at and (at == len(self.blocks) or self.blocks[at][0] != key):
            at -= 1
        return at

    def add(self, key):
        at = self._block(key)
        self.sizes[at] += 1
        if key in self.counts:
            self.counts[key] += 1
            return
        self.counts[key] = 1
        block = self.blocks[at]
        insort(block, key)
        if len(block) > 2 * BLOCK:
            self.blocks[at:at + 1] = block[:BLOCK], block[BLOCK:]
            self.sizes[at:at + 1] = [sum(map(self.counts.__getitem__, half)) for half in self.blocks[at:at + 2]]

    def remove(self, key):
        at = self._block(key)
        self.sizes[at] -= 1
        self.counts[key] -= 1
        if self.counts[key]:
            return
        del self.counts[key]
        block = self.blocks[at]
        del block[bisect_left(block, key)]
        if not block and len(self.blocks) > 1:
            del self.blocks[at], self.sizes[at]

    def before(self, key):
        """How many entries stand before this key."""
        at = self._block(key)
        block = self.blocks[at]
        return sum(self.sizes[:at]) + sum(map(self.counts.__getitem__, block[:bisect_left(block, key)]))

    def since(self, offset):
        """(key, how many stand before it) of every key that ends after `offset` entries, in order."""
        first = 0
        for block, size in zip(self.blocks, self.sizes):
            if first + size <= offset:
                first += size
                continue
            for key in block:
                if first + self.counts[key] > offset:
                    yield key, first
                first += self.counts[key]

    def __len__(self):
        return sum(self.sizes)


class Live:
    """The standings of a scheme on facts that change entry by entry. `whole` is empty, or says why every change counts all."""

    def __init__(self, scheme: Scheme, facts: Facts):
        self.scheme, self.judges, self.decisions = scheme, facts.judges, facts.decisions
        self.entries = {entry.entry: entry for entry in facts.entries}
        self.whole, self.rounded = why_not(scheme), scheme.rank_by == "rounded" and not scheme.key
        self.lines, self.outcome = {}, None          # standings of the groups looked at; the whole outcome, where needed
        self.keys, self.members, self.scores, self.shelf = {}, {}, {}, Shelf({})
        if not self.whole:
            self._begin(facts)

    def _begin(self, facts):
        run = Run(self.scheme, facts)
        order = Order(run)
        for index, entry in enumerate(facts.entries):
            self._note(run, order, index, entry)
        self.shelf = Shelf({key: len(members) for key, members in self.members.items()})

    def _note(self, run, order, index, entry):
        """Keep what the run found out about the entry; returns its key among the placed ones, or None."""
        key = order.worth(index)[1] if index in order.keys else None
        if key is not None and not self.rounded:
            key = Fraction(key, order.whole)         # exact totals of two runs have different denominators
        self.keys[entry.entry], self.scores[entry.entry] = key, run.scores.get(index)
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
        run = Run(self.scheme, Facts((entry,), self.judges))
        key = self._note(run, Order(run), 0, entry)
        if key is not None:
            self.shelf.add(key)
            self.lines.pop(key, None)

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
        self.scores.pop(entry, None)
        if known and known.status == "competing" and key is not None:
            del self.members[key][entry]
            if not self.members[key]:
                del self.members[key]
            self.shelf.remove(key)
            self.lines.pop(key, None)

    def place_of(self, entry: int) -> Line:
        """One entry's standing."""
        if self.whole:
            return _line(self._outcome().standing(entry), 0)
        fact, key = self.entries[entry], self.keys[entry]
        if fact.status == "competing" and key is not None:
            before = self.shelf.before(key)
            return next(_line(standing, before) for standing in self._group(key) if standing.entry == entry)
        status, outside = fact.status, None
        if fact.status in JUDGED and key is None:
            status = compute(self.scheme, Facts((fact,), self.judges)).standings[0].status
        elif fact.status in JUDGED:
            outside = self.shelf.before(key) + 1
        return Line(entry, status, self.scores[entry], None, False, False, outside)

    def page(self, offset: int, count: int) -> list[Line]:
        """`count` of the placed entries in order, after the first `offset`."""
        if self.whole:
            placed = [standing for standing in self._outcome().standings if standing.place is not None]
            return [_line(standing, 0) for standing in placed[offset:offset + count]]
        found = []
        for key, before in self.shelf.since(offset):
            if before >= offset + count:
                break
            found += [_line(standing, before) for at, standing in enumerate(self._group(key), before) if offset <= at < offset + count]
        return found

    def top(self, count: int) -> list[Line]:
        return self.page(0, count)

    @property
    def placed(self) -> int:
        """How many entries have a place."""
        if self.whole:
            return sum(standing.place is not None for standing in self._outcome().standings)
        return len(self.shelf)

    def _group(self, key):
        """Standings of the entries of one score among themselves, as the tie chain and the decisions part them."""
        if key not in self.lines:
            facts = Facts(tuple(self.entries[entry] for entry in self.members[key]), self.judges, self.decisions)
            self.lines[key] = compute(self.scheme, facts).standings
        return self.lines[key]

    def _outcome(self):
        if self.outcome is None:
            self.outcome = compute(self.scheme, Facts(tuple(self.entries.values()), self.judges, self.decisions))
        return self.outcome


def _line(standing, before):
    """`before`: how many placed entries stand before the group in which the standing was worked out."""
    place = None if standing.place is None else standing.place + before
    return Line(standing.entry, standing.status, standing.score, place, standing.shared, standing.undecided, standing.outside_place)
