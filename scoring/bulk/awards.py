"""Awards of a whole field: tiers are filled by groups of equal place, found by bisection instead of one by one."""

from typing import NamedTuple

import numpy as np

from ..awards.allot import TierCount
from ..awards.quotas import planned_counts, quota
from ..numbers import UNIT
from ..scheme import Scheme
from .columns import STATUS_NUMBER

TIES = ("chain", "all_in", "all_out")
BASES = ("competing", "ranked", "registered")
PENDING = -1


class Awards(NamedTuple):
    """tiers: per entry the number of its tier, 1 the highest, 0 none, PENDING where a tie at a cut-off waits for a decision;
    counts: as `scoring.awards.allot` has them; pending: rows of the entries of every such tie."""

    tiers: np.ndarray
    counts: tuple[TierCount, ...]
    pending: tuple[np.ndarray, ...]
    total_fen: int


def why_not(scheme: Scheme) -> tuple[str, ...]:
    """Why awards cannot be given column by column, in Chinese; empty when they can."""
    found = [] if scheme.awards == "quota" else ["授奖办法不是按名额"]
    for tier in scheme.tiers:
        if tier.per_organization is not None or tier.per_person is not None or tier.requires or tier.by_size or tier.shared_prize:
            found.append(f"“{tier.name}”须逐个对象查限额、前提或平分奖金")
        if tier.figure or tier.minimums:
            found.append(f"“{tier.name}”另看其他数，须逐个对象查")
        if tier.tie not in TIES:
            found.append(f"“{tier.name}”的末位同分规则须逐个对象处理")
        if tier.base not in BASES and tier.count is None:
            found.append(f"“{tier.name}”的比例基数须逐个对象计数")
    return tuple(found)


class _Groups:
    """The groups of equal place, the best first: `ends[g]` entries stand in groups 0 … g."""

    def __init__(self, tally):
        places = tally.ranks
        sizes = np.bincount(places)[1:] if places.any() else np.zeros(0, np.int64)
        self.starts = np.flatnonzero(sizes) + 1
        self.ends = np.cumsum(sizes[self.starts - 1]) if len(self.starts) else sizes
        of_place = np.zeros(len(sizes) + 1, np.int64)
        placed = np.flatnonzero(places)
        of_place[places[placed]] = placed
        self.scores = tally.scores[of_place[self.starts]] if len(placed) else sizes
        self.scale, self.better = tally.scheme.rounding.scale, tally.scheme.better

    def reaching(self, lines):
        """How many groups reach the stricter of these lines."""
        lines = [line for line in lines if line is not None]
        if not lines or not len(self.scores):
            return len(self.starts)
        scores, line = self.scores.astype(object) * UNIT, (min if self.better == "low" else max)(lines) * self.scale
        met = scores <= line if self.better == "low" else scores >= line
        return int(np.argmin(met)) if not met.all() else len(met)

    def before(self, group):
        return int(self.ends[group - 1]) if group else 0


def award(tally, *, vacancies=None, field: int | None = None) -> Awards:
    """The tiers of the tally's scheme filled from its places (see `scoring.allot`)."""
    scheme, vacancies = tally.scheme, vacancies or {}
    groups, fields = _Groups(tally), {tier.code: _field(tally, tier, field) for tier in scheme.tiers}
    planned = planned_counts(scheme.tiers, fields)
    tiers, counts, pending = np.zeros(len(tally.ranks), np.int8), [], []
    at, waiting, used = 0, None, 0          # the next group; (group, entries still without a held seat); seats gone so far
    for number, tier in enumerate(scheme.tiers, 1):
        kept = min(vacancies.get(tier.code, 0), planned[tier.code])
        asked = quota(tier, fields[tier.code])
        left = None if asked is None else max((asked - used if tier.cumulative else planned[tier.code]) - kept, 0)
        reach = groups.reaching((tier.minimum_score, scheme.minimum_score))
        held, begin = 0, at
        if waiting and waiting[0] < reach:
            held = waiting[1] if left is None else min(waiting[1], left)
            waiting = waiting[0], waiting[1] - held
        room = None if left is None else left - held
        at, tied = _fill(groups, at, reach, room, tier.tie)
        won = groups.before(at) - groups.before(begin)
        if tied:
            more = room - won
            pending.append(np.flatnonzero(tally.ranks == groups.starts[at]))
            waiting, held, at = (at, len(pending[-1]) - more), held + more, at + 1
        first, after = groups.before(begin) + 1, groups.before(begin) + won
        tiers[(tally.ranks >= first) & (tally.ranks <= after)] = number
        counts.append(_count(tier, planned[tier.code] if asked is not None else won + held, kept, won, held, left))
        used += won + held + kept
    for rows in pending:
        tiers[rows] = PENDING
    return Awards(tiers, tuple(counts), tuple(pending), sum(count.total_fen for count in counts))


def _fill(groups, at, reach, room, tie):
    """(the first group that gets no seat, whether it waits for a decision)."""
    if room is None:
        return max(at, reach), False
    if room <= 0:
        return at, False
    end = int(np.searchsorted(groups.ends, groups.before(at) + room, "right"))
    if end >= reach:
        return max(at, reach), False
    if groups.before(end) - groups.before(at) == room or tie == "all_out":
        return end, False
    return (end + 1, False) if tie == "all_in" else (end, True)


def _count(tier, planned, kept, won, held, left):
    vacant = kept + (max(left - won - held, 0) if left is not None else 0)
    return TierCount(tier.code, tier.name, planned, won, vacant, held, tier.prize_fen, won * tier.prize_fen,
                     planned - won - vacant - held)


def _field(tally, tier, field):
    """See `scoring.quotas.RATIO_BASES`."""
    if field is not None:
        return field
    if tier.base == "ranked":
        return int(np.count_nonzero(tally.ranks))
    status, count = tally.columns.status, tally.columns.count
    if status is None:
        return count
    if tier.base == "registered":
        return count - int(np.count_nonzero(status == STATUS_NUMBER["out_of_competition"]))
    return int(np.count_nonzero(status == STATUS_NUMBER["competing"]))
