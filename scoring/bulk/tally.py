"""A whole field at once: totals, scores, places, flags, as columns; the same figures as `scoring.compute`, entry by entry."""

from fractions import Fraction
from functools import cached_property
from math import gcd

import numpy as np

from ..numbers import UNIT, WHOLE
from ..ranking.order import place_of
from . import ranks, reading, ties
from .columns import STATUS_NUMBER, Columns
from .exact import add_up, bound, quotient, wide
from .reading import both

COMPETING, OUTSIDE = STATUS_NUMBER["competing"], STATUS_NUMBER["out_of_competition"]


class Tally:
    """Every column has one row per entry, in the order of the facts.

    exact / denominator: the total in points, meaningless where not `complete`; scores: rounded, in 10**-places;
    ranks: 1 + how many are better, 0 without a place; places: as the scheme writes shared places;
    shared, undecided: flags; outside: the place an entry out of competition would hold, else 0; statuses: numbers in STATUS.
    """

    def __init__(self, scheme, columns: Columns):
        self.scheme, self.columns = scheme, columns
        self.exact, self.denominator, self.complete = self._totals()

    def _totals(self):
        reads = [(part, reading.score(self.scheme, part, self.columns)) for part in self.scheme.parts]
        complete, penalties = None, self.columns.penalties
        terms = [(*read[:3], Fraction(part.weight, WHOLE)) for part, read in reads]
        for _, read in reads:
            complete = both(complete, read.complete)
        if penalties is None or not penalties.any():
            return *add_up(terms), complete
        taken = [(penalties, 1, UNIT, Fraction(1 if self.scheme.better == "low" else -1))]
        whole, bottom = add_up(terms + taken)
        if self.scheme.floor is not None and self.scheme.better != "low":
            before, own = add_up(terms + [(np.zeros(len(penalties), np.int64), 1, UNIT, Fraction(1))])
            whole, bottom = self._floored(whole, bottom, before, own, penalties)
        return whole, bottom, complete

    def _floored(self, whole, bottom, before, own, penalties):
        """The floor limits what penalties take away: a total already below it stays."""
        common = bottom * own // gcd(bottom, own)
        floor = self.scheme.floor * common // UNIT if self.scheme.floor * common % UNIT == 0 else None
        if floor is None:
            common, floor = common * UNIT, self.scheme.floor * common
        most = max(bound(whole) * (common // bottom), bound(before) * (common // own), abs(floor))
        whole, before = wide(whole, most) * (common // bottom), wide(before, most) * (common // own)
        return np.where(penalties > 0, np.maximum(whole, np.minimum(before, floor)), whole), common

    @cached_property
    def scores(self):
        return quotient(self.exact, self.denominator, self.scheme.rounding)

    @cached_property
    def _keys(self):
        """(what places rest on, a number that all of it are multiples of, as far as the scheme tells)."""
        if self.scheme.rank_by == "rounded":
            return self.scores, 1
        return self.exact, self._grain if len(self.scheme.parts) == 1 else 1

    @property
    def _grain(self):
        part = self.scheme.parts[0]
        if part.panel.level != "total" or part.rounding or part.panel.rounding:
            return 1
        return gcd(*(part.factors[leaf.code] * step for leaf in part.leaves for step in (leaf.step, leaf.minimum))) or 1

    @cached_property
    def _members(self):
        """Rows of the entries that get a place, or None for all."""
        competing = None if self.columns.status is None else self.columns.status == COMPETING
        found = both(competing, self.complete)
        return None if found is None or found.all() else np.flatnonzero(found)

    @cached_property
    def _placed(self):
        """(ranks, undecided)."""
        (keys, grain), members = self._keys, self._members
        found = ranks.standard(keys if members is None else keys[members], grain, self.scheme.better)
        undecided = np.zeros(self.columns.count, bool)
        chain = self.scheme.ties
        if not (chain and chain[0].code == "shared" and self.scheme.ranking != "ordinal"):
            tied = np.flatnonzero(ranks.sizes(found) > 1) if len(found) else found
            if len(tied):
                rows = tied if members is None else members[tied]
                found = found.astype(np.int64)
                found[tied], undecided[rows] = ties.broken(self, rows, found[tied])
        if members is None:
            return found, undecided
        places = np.zeros(self.columns.count, np.int64)
        places[members] = found
        return places, undecided

    @property
    def ranks(self):
        return self._placed[0]

    @cached_property
    def _sizes(self):
        sizes = np.bincount(self.ranks) if self.columns.count else np.zeros(1, np.int64)
        sizes[0] = 0
        return sizes

    @cached_property
    def shared(self):
        return self._sizes[self.ranks] > 1

    @property
    def undecided(self):
        return self._placed[1]

    @cached_property
    def places(self):
        if self.scheme.ranking in ("standard", "ordinal"):
            return self.ranks
        sizes, method = self._sizes, self.scheme.ranking
        if method == "dense":
            return np.cumsum(sizes > 0)[self.ranks]
        return np.where(self.ranks > 0, place_of("modified", self.ranks, sizes[self.ranks], 0), 0)

    @cached_property
    def outside(self):
        places, status = np.zeros(self.columns.count, np.int64), self.columns.status
        if status is None:
            return places
        rows = np.flatnonzero(both(status == OUTSIDE, self.complete))
        keys, sign = self._keys[0], (1 if self.scheme.better == "low" else -1)
        placed = np.sort(wide(keys[self.ranks > 0], 0) * sign)
        places[rows] = 1 + np.searchsorted(placed, wide(keys[rows], 0) * sign, "left")
        return places

    @cached_property
    def statuses(self):
        status = self.columns.status
        status = np.full(self.columns.count, COMPETING, np.int8) if status is None else status.copy()
        if self.complete is not None:
            status[np.isin(status, (COMPETING, OUTSIDE)) & ~self.complete] = STATUS_NUMBER["incomplete"]
        return status

    @cached_property
    def order(self):
        """Rows by place, those without a place left out."""
        order = np.argsort(self.ranks, kind="stable")
        return order[int(np.count_nonzero(self.ranks == 0)):]
