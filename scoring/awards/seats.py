"""Filling seats in the order of places: who is passed over and why, and what happens when a tie meets the last seat.

Awards, titles, teams' awards and promotion all fill their seats here.
"""

from collections import Counter
from itertools import groupby
from typing import NamedTuple


class Pass(NamedTuple):
    """Someone whose turn had come and who did not get the seat."""

    standing: object
    code: str
    reason: str


class Waiting:
    """Tied entries of which some hold seats already, but nobody knows which: `count` of them still wait for a lower tier."""

    def __init__(self, members, count):
        self.members, self.count = members, count


class Filled:
    """One list of seats once filled. seats None: as many as fulfil the conditions."""

    def __init__(self, seats):
        self.seats, self.left = seats, seats
        self.winners, self.pending, self.passed, self.held = [], [], [], 0
        self.freed, self.closed = 0, False
        self.last = 0

    @property
    def full(self):
        return self.closed or (self.left is not None and self.left <= 0)

    @property
    def over(self):
        """Seats that a tie added."""
        return max(-self.left, 0) if self.left is not None else 0

    @property
    def vacant(self):
        return max(self.left or 0, 0)

    def win(self, standings):
        self.winners += standings
        self._use(len(standings))

    def hold(self, count):
        self.held += count
        self._use(count)

    def _use(self, count):
        if self.left is not None:
            self.left -= count
        if count:
            self.last = len(self.passed)

    def turn_away(self, standings, code, reason):
        self.passed += [Pass(standing, code, reason) for standing in standings]


class Limits:
    """At most so many seats per organization and per person. `used` may be shared by several lists of seats."""

    def __init__(self, per_organization=None, per_person=None, used=None):
        self.kinds = [(kind, most, keys) for kind, most, keys in
                      (("本单位", per_organization, _organization), ("同一人", per_person, _persons)) if most is not None]
        self.used = Counter() if used is None else used

    def reason(self, standing):
        """Why the entry may take no more, or an empty text."""
        for kind, most, keys in self.kinds:
            if any(self.used[kind, key] >= most for key in keys(standing.fact)):
                return f"{kind}已有 {most} 个，依次递补"
        return ""

    def take(self, standings):
        for standing in standings:
            for kind, keys in (("本单位", _organization), ("同一人", _persons)):
                self.used.update((kind, key) for key in keys(standing.fact))

    def clash(self, group):
        """Tied entries that the limits let in only in part, and how many of them may come in."""
        wanted = Counter((kind, key) for standing in group for kind, most, keys in self.kinds for key in keys(standing.fact))
        most = {kind: number for kind, number, keys in self.kinds}
        full = {pair for pair, number in wanted.items() if self.used[pair] + number > most[pair[0]]}
        if not full:
            return [], 0
        involved = [standing for standing in group
                    if any((kind, key) in full for kind, number, keys in self.kinds for key in keys(standing.fact))]
        trial = Limits(used=Counter(self.used))
        trial.kinds, room = self.kinds, 0
        for standing in involved:
            if not trial.reason(standing):
                trial.take([standing])
                room += 1
        return involved, room


def _organization(fact):
    return (fact.organization,) if fact.organization else ()


def _persons(fact):
    return fact.persons


def in_groups(standings):
    """Entries of equal rank together, best first; whoever competes without counting comes alone, before his equals."""
    placed = [standing for standing in standings if standing.place is not None]
    outside = sorted((standing for standing in standings if standing.place is None and standing.outside_place is not None),
                     key=lambda standing: standing.outside_place)
    found, waiting = [], list(reversed(outside))
    for rank, group in groupby(placed, key=lambda standing: standing.rank):
        while waiting and waiting[-1].outside_place <= rank:
            found.append([waiting.pop()])
        found.append(list(group))
    return found + [[standing] for standing in reversed(waiting)]


def fill(groups, seats, tie, bar, limits, waiting=None):
    """Fill the seats. groups: lists of tied standings, best first; tie: a code of CUT_TIES; bar(standing) -> (code, reason)
    or None; waiting: {entry: Waiting} of ties left open by the tiers above."""
    filled = Filled(seats)
    for group in groups:
        if filled.full:
            break
        free = []
        for standing in group:
            barred = bar(standing)
            if not barred and limits.reason(standing):
                barred = "limit", limits.reason(standing)
            if barred:
                filled.turn_away([standing], *barred)
            else:
                free.append(standing)
        _seat(filled, free, tie, limits, waiting or {})
    _trim(filled)
    return filled


def _seat(filled, group, tie, limits, waiting):
    open_ties = {id(found): found for found in (waiting.get(standing.entry) for standing in group) if found}
    for found in open_ties.values():
        able = [standing for standing in group if waiting.get(standing.entry) is found]
        count = min(found.count, len(able), len(able) if filled.left is None else max(filled.left, 0))
        found.count -= count
        filled.hold(count)
    group = [standing for standing in group if standing.entry not in waiting]
    if not group or (open_ties and filled.full):
        return
    involved, room = limits.clash(group)
    free = [standing for standing in group if standing not in involved]
    need = len(free) + room
    if filled.left is not None and need > filled.left and not _all_in(tie, need, filled.left):
        _cut(filled, group, tie)
        return
    filled.win(free)
    limits.take(free)
    if involved and tie in ("all_out", "carry"):
        filled.turn_away(involved, "tie", f"按限额只能再有 {room} 个，同分者均不入选")
        filled.last = len(filled.passed)
    elif involved:
        filled.pending.append((involved, room, "limit"))
        filled.hold(room)


def _all_in(tie, need, left):
    """Whether a tie at the last seat comes in as a whole."""
    return tie in ("all_in", "extend") or (tie == "nearest" and need - left <= left)


def _cut(filled, group, tie):
    """More tied entries than seats, and they do not come in as a whole."""
    if tie == "chain":
        filled.pending.append((group, filled.left, "seats"))
        filled.hold(filled.left)
        return
    filled.turn_away(group, "tie", f"{len(group)} 个同分而名额只余 {filled.left} 个，均不入选")
    filled.last = len(filled.passed)
    filled.closed = True
    if tie == "carry":
        filled.freed, filled.left = filled.left, 0


def _trim(filled):
    """After the last seat taken, only those are told why whose score kept one of the seats vacant."""
    told, vacant = filled.passed[:filled.last], filled.vacant
    for one in filled.passed[filled.last:]:
        if one.code in ("limit", "outside") and vacant:
            told.append(one)
        elif one.code == "minimum" and vacant:
            told.append(one)
            vacant -= 1
        elif one.code == "minimums" and (vacant or filled.seats is None):
            told.append(one)
            vacant = max(vacant - 1, 0)
    filled.passed = told
