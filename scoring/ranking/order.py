"""From figures to places: groups of equal figure, the way shared places are written, places of entries out of competition."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from ..numbers import UNIT, divide, format_exact


def place_of(method: str, first: int, count: int, nth: int) -> int | Fraction:
    """The place of a group: it holds the ranks first … first + count − 1 and is the nth group (a code of RANKINGS)."""
    if method == "dense":
        return nth
    if method == "modified":
        return first + count - 1
    if method == "mean" and count % 2 == 0:
        return Fraction(2 * first + count - 1, 2)
    return first + count // 2 if method == "mean" else first


def place_figure(place: int | Fraction) -> str:
    """2.5 for two who share the second and third place; else a whole number."""
    return str(place) if isinstance(place, int) else f"{place.numerator // 2}.5"


def groups(keys: Mapping, members: Iterable, better: str = "high", within=0) -> list[list]:
    """Members by figure, the best group first; a group holds all within `within` of its best member.

    Such closeness is not transitive (80, 78.5 and 77 with 2 points): the best entry not yet placed anchors each group, so
    nobody is drawn to a better place through a third entry.
    """
    found, anchor = [], None
    for member in sorted(members, key=keys.__getitem__, reverse=better == "high"):
        key = keys[member]
        if key == anchor or (within and found and abs(key - anchor) <= within):
            found[-1].append(member)
        else:
            found.append([member])
            anchor = key
    return found


class Order:
    """How the totals of a run are put in order: class first, then the key, figures within the tolerance being equal.

    `keys`: {index: figure} of the judged entries with a total; `classes`: {index: class}, 0 the best; none: all alike.
    """

    def __init__(self, run):
        scheme = run.scheme
        self.run, self.better = run, scheme.better
        self.keys, whole = (run.scores, run.scale) if scheme.rank_by == "rounded" else (run.exact, run.denominator)
        if scheme.key:
            figures = run.figures.of(scheme.key)
            self.keys, whole = {index: figures[index] for index in run.exact if figures[index] is not None}, 1
        self.whole = whole
        self.within = Fraction(scheme.tolerance * whole, UNIT) if scheme.tolerance else 0
        self.classes = self._classes(run) if scheme.class_by else {}

    def _classes(self, run):
        """Larger figures first; entries without the figure come last."""
        figures = run.figures.of(run.scheme.class_by)
        known = sorted({figures[index] for index in self.keys if figures[index] is not None}, reverse=True)
        number = {figure: at for at, figure in enumerate(known)} | {None: len(known)}
        return {index: number[figures[index]] for index in self.keys}

    @cached_property
    def places(self):
        """As many decimals as tell any two different keys apart, at least two."""
        ordered, places = sorted(set(self.keys.values())), 2
        while any(self._rounded(one, places) == self._rounded(two, places) for one, two in pairwise(ordered)):
            places += 2
        return places

    def _rounded(self, key, places):
        top, bottom = key.as_integer_ratio()
        return divide(top * 10 ** places, bottom * self.whole)

    def text(self, index):
        """The key in points, with decimals enough to differ from any other key."""
        top, bottom = self.keys[index].as_integer_ratio()
        return format_exact(top, bottom * self.whole, 2, self.places)

    @cached_property
    def doubtful(self):
        """Published scores that stand for different keys."""
        seen = {}
        for index, key in self.keys.items():
            seen.setdefault(self.run.scores[index], set()).add(key)
        return {score for score, keys in seen.items() if len(keys) > 1}

    def worth(self, index):
        """A pair that is less for the better entry."""
        return self.classes.get(index, 0), self.keys[index] if self.better == "low" else -self.keys[index]

    def groups(self, members):
        """Groups of equal standing, the best first."""
        if not self.classes:
            return groups(self.keys, members, self.better, self.within)
        by_class = {}
        for index in members:
            by_class.setdefault(self.classes[index], []).append(index)
        return [group for number in sorted(by_class) for group in groups(self.keys, by_class[number], self.better, self.within)]

    def outside(self, found):
        """A function index -> the rank an entry out of competition would share or hold among the groups `found`."""
        anchors, ranks, first = [], [], 1
        for group in found:
            anchors.append(self.worth(group[0]))
            ranks.append(first)
            first += len(group)

        def rank(index):
            own = self.worth(index)
            at = bisect_left(anchors, own)
            if at < len(anchors) and anchors[at] == own:
                return ranks[at]
            if at and anchors[at - 1][0] == own[0] and own[1] - anchors[at - 1][1] <= self.within:
                return ranks[at - 1]
            return ranks[at] if at < len(ranks) else first
        return rank
