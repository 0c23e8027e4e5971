"""Places out of judges' places: ranks of one judge, the majority of places (skating system), won duels. All exact.

Places are ints or Fractions with small values first; equal ones share the mean of the places they hold.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from math import lcm

from ..ranking.order import groups, place_of


def ranks(values: Mapping[Hashable, int], better: str = "high", method: str = "mean") -> dict:
    """Each member's place by its value; `method` (a code of RANKINGS) tells how equals are ranked."""
    found, first = {}, 1
    for nth, group in enumerate(groups(values, values, better), 1):
        place = place_of(method, first, len(group), nth)
        found.update((member, place) for member in group)
        first += len(group)
    return found


def place_among(field: Sequence[int], value: int, better: str = "high", method: str = "mean") -> int | Fraction:
    """The place that one more value would take in a field (its values in rising order) whose own places stay as they are."""
    low, high = bisect_left(field, value), bisect_right(field, value)
    ahead = field[high:] if better == "high" else field[:low]
    nth = len(set(ahead)) + 1 if method == "dense" else 1
    return place_of(method, len(ahead) + 1, high - low + 1, nth)


def majority_places(marks: Mapping[Hashable, Sequence]) -> dict:
    """Rules 5 to 8 of the skating system: the places of one dance from the places that the judges gave.

    Whoever first has more than half of the judges for a place "and higher" comes first; then the larger majority, the
    smaller sum of the places in it, and the same of the next places. Who is equal to the end shares the mean of the places.
    Where judges are missing for some entries, each has the majority of its own judges, and counts and sums are compared
    per judge.
    """
    sizes = lcm(*{len(places) for places in marks.values() if places})
    keys = {member: _majority_key(places, 1, sizes) for member, places in marks.items() if places}
    return _shared(groups(keys, keys, "low"))


def _shared(ordered):
    found, first = {}, 1
    for group in ordered:
        found.update((member, place_of("mean", first, len(group), 1)) for member in group)
        first += len(group)
    return found


def _majority_key(places, start, sizes):
    """Smaller is better: (the first column from `start` with a majority, how many places it holds, their sum, and column by
    column the same for what comes after). A place of 2.5 stands in the column "third and higher"."""
    ordered, per = sorted(places), sizes // len(places)
    column = max(start, -(-ordered[len(ordered) // 2] // 1))
    inside = [place for place in ordered if place <= column]
    rest = {}
    for place in ordered[len(inside):]:
        rest.setdefault(-(-place // 1), []).append(place)
    tail = tuple((at, -len(found) * per, sum(found) * per) for at, found in rest.items())
    return column, -len(inside) * per, sum(inside) * per, tail


def combined_places(places: Mapping[Hashable, Sequence], marks: Mapping[Hashable, Sequence]) -> dict:
    """Rules 9 to 11 of the skating system: the final places from those of several dances.

    `places`: each member's place in every dance; `marks`: all places that the judges gave it, of all dances together.
    The smallest sum of places wins (rule 9). For each place of those with equal sums: the most dances with that place and
    higher, then the smallest sum of these (rule 10), then the majority over all marks of the tied from that place on (rule
    11). Those whom rule 10 left equal take their places one after the other, each time beginning again with rule 10 for
    the next place, before the rest of the tied. Who is still equal shares the mean of the places.
    """
    sums = {member: sum(given) for member, given in places.items()}
    ordered, first = [], 1
    for tied in groups(sums, sums, "low"):
        for group in _part_tied(tied, first, places, marks):
            ordered.append(group)
            first += len(group)
    return _shared(ordered)


def _part_tied(tied, first, places, marks):
    """Groups in order: each has one member, or several whom no rule parts."""
    while tied:
        level = tied if len(tied) == 1 else _first({member: _rule_10(places[member], first) for member in tied})
        sizes = lcm(*{len(marks[member]) for member in level})
        best = level if len(level) == 1 else _first({member: _majority_key(marks[member], first, sizes) for member in level})
        yield best
        yield from _part_tied([member for member in level if member not in best], first + len(best), places, marks)
        tied, first = [member for member in tied if member not in level], first + len(level)


def _first(keys):
    """The members of the smallest key."""
    least = min(keys.values())
    return [member for member, key in keys.items() if key == least]


def _rule_10(places, first):
    inside = [place for place in places if place <= first]
    return -len(inside), sum(inside)


def duels(marks: Mapping[Hashable, Mapping[Hashable, int]]) -> dict:
    """Pairwise majority: for each member the number of members over whom more judges place it better than worse, a draw
    being half a duel (Copeland's count with halves).

    `marks`: {judge: {member: place}}. Only judges who placed both take part in a duel; with none of them it is a draw.
    Sets of members are ints used as bits and numbers of judges are counted in planes of such bits, so that ten thousand
    members take a second or two instead of minutes.
    """
    members = sorted({member for given in marks.values() for member in given})
    bit, everyone = {member: 1 << at for at, member in enumerate(members)}, (1 << len(members)) - 1
    sides = [_sides(given, bit) for given in marks.values()]
    found = {}
    for member in members:
        won, lost = [], []
        for better, worse in (side[member] for side in sides if member in side):
            _count(won, worse)
            _count(lost, better)
        more, equal = _compare(won, lost, everyone)
        draws = (equal & ~bit[member]).bit_count()
        found[member] = more.bit_count() + Fraction(draws, 2)
    return found


def duels_of(own: Mapping[Hashable, int], marks: Mapping[Hashable, Mapping[Hashable, int]]) -> Fraction:
    """The duels that one more member would win against the field; `own`: {judge: its place}, in the field's own counting."""
    ahead = {}
    for judge, place in own.items():
        for member, other in marks.get(judge, {}).items():
            ahead[member] = ahead.get(member, 0) + (other > place) - (other < place)
    for given in marks.values():
        for member in given:
            ahead.setdefault(member, 0)
    return Fraction(sum(2 if votes > 0 else votes == 0 for votes in ahead.values()), 2)


def _sides(given, bit):
    """For each member whom the judge placed: (the set placed better, the set placed worse)."""
    found, before, everyone = {}, 0, sum(bit[member] for member in given)
    for group in groups(given, given, "low"):
        own = sum(bit[member] for member in group)
        for member in group:
            found[member] = before, everyone & ~before & ~own
        before |= own
    return found


def _count(planes, members):
    """Add one for each of the members; plane k holds the bit of 2**k of all members' counts."""
    for at, plane in enumerate(planes):
        planes[at], members = plane ^ members, plane & members
        if not members:
            return
    if members:
        planes.append(members)


def _compare(first, second, everyone):
    """(where the first count is larger, where both are equal), as sets."""
    more, equal = 0, everyone
    for at in reversed(range(max(len(first), len(second)))):
        a = first[at] if at < len(first) else 0
        b = second[at] if at < len(second) else 0
        more |= equal & a & ~b
        equal &= ~(a ^ b)
    return more, equal
