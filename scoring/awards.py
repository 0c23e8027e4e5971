"""Awards: standings in order fill the tiers; what happens at a cut-off is the tier's own rule."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from .money import format_yuan
from .numbers import UNIT, divide, format_points
from .problems import Problem
from .scheme import Tier
from .standing import Standing


class Award(NamedTuple):
    tier: str
    entry: int
    place: int
    prize_fen: int


class TierCount(NamedTuple):
    """planned = allotted + vacant + pending, unless the rule all_in lets more in."""

    code: str
    name: str
    planned: int
    allotted: int
    vacant: int
    pending: int
    prize_fen: int
    total_fen: int


class Allotment(NamedTuple):
    awards: tuple[Award, ...]
    tiers: tuple[TierCount, ...]
    pending: tuple[tuple[int, ...], ...]
    problems: tuple[Problem, ...]
    total_fen: int


class _Seats:
    """One tier while it is filled."""

    def __init__(self, tier, planned, kept_vacant):
        self.tier, self.planned = tier, planned
        self.left = max(planned - kept_vacant, 0)
        self.kept = min(kept_vacant, planned)
        self.winners, self.pending = [], 0

    def admits(self, standing, minimum):
        """Whether the entry's score reaches the tier's (and the contest's) minimum."""
        floors = [floor for floor in (self.tier.minimum_score, minimum) if floor is not None]
        return not floors or standing.score * UNIT >= max(floors) * standing.scale

    def count(self):
        won = len(self.winners)
        vacant = max(self.planned - won - self.pending, 0)
        return TierCount(self.tier.code, self.tier.name, self.planned, won, vacant, self.pending,
                         self.tier.prize_fen, won * self.tier.prize_fen)


def planned_counts(tiers: Iterable[Tier], field: int) -> dict[str, int]:
    """Seats per tier: a fixed count, or the ratio of the field rounded by the tier's own rule."""
    return {tier.code: tier.count if tier.count is not None else divide(field * (tier.ratio or 0), UNIT, tier.rounding_mode)
            for tier in tiers}


def budget_problem(total_fen: int, budget_fen: int) -> Problem | None:
    if total_fen <= budget_fen:
        return None
    return Problem("over_budget", "奖金", f"奖金合计 {format_yuan(total_fen)} 元，超出预算 {format_yuan(total_fen - budget_fen)} 元"
                   f"（预算 {format_yuan(budget_fen)} 元）", "请减少名额或奖金，或追加预算")


def allot(
    tiers: Sequence[Tier], standings: Iterable[Standing], *, field: int | None = None,
    vacancies: Mapping[str, int] | None = None, minimum_score: int | None = None,
) -> Allotment:
    """Fill the tiers from the placed entries; everyone else is passed over, so places roll down.

    field is the number ratios refer to (without it: competing entries, complete or not); vacancies keeps seats of a
    tier empty by decision.
    """
    placed = [standing for standing in standings if standing.place is not None]
    if field is None:
        field = sum(standing.entry_status == "competing" for standing in standings)
    counts = planned_counts(tiers, field)
    seats = [_Seats(tier, counts[tier.code], (vacancies or {}).get(tier.code, 0)) for tier in tiers]
    pending, at = [], 0
    for place, group in groupby(placed, key=lambda standing: standing.place):
        at = _seat(list(group), seats, at, minimum_score, pending)
    awards = tuple(Award(seat.tier.code, standing.entry, standing.place, seat.tier.prize_fen)
                   for seat in seats for standing in seat.winners)
    problems = _problems(seats, pending, field, sum(counts.values()))
    open_ties = tuple(tuple(standing.entry for standing in group) for group, seat in pending)
    return Allotment(awards, tuple(seat.count() for seat in seats), open_ties, problems,
                     sum(award.prize_fen for award in awards))


def _seat(group, seats, at, minimum, pending):
    """Seat the entries of one place, starting with tier number `at`; returns the tier to go on with."""
    while at < len(seats):
        seat = seats[at]
        if seat.left <= 0 or not seat.admits(group[0], minimum):
            at += 1
        elif len(group) <= seat.left or seat.tier.tie == "all_in":
            seat.winners += group
            seat.left -= len(group)
            return at
        elif seat.tier.tie == "all_out":
            at += 1
        else:
            pending.append((group, seat))
            return _hold(len(group), seats, at, group[0], minimum)
    return at


def _hold(waiting, seats, at, standing, minimum):
    """Keep the seats a still undecided group will take, in this tier and the ones below it."""
    while waiting and at < len(seats):
        seat = seats[at]
        if seat.left <= 0 or not seat.admits(standing, minimum):
            at += 1
            continue
        taken = min(waiting, seat.left)
        seat.pending += taken
        seat.left -= taken
        waiting -= taken
    return at


def _problems(seats, pending, field, planned):
    found = []
    if planned > field:
        found.append(Problem("awards_above_field", "奖项", f"奖项名额合计 {planned} 个，参赛对象只有 {field} 个", "请减少名额或比例"))
    for group, seat in pending:
        numbers = "、".join(standing.number for standing in group)
        found.append(Problem("tie_at_cutoff", seat.tier.name, f"{numbers} 号并列第 {group[0].place} 名，名额不足以全部入选",
                             "请登记集体决议分出先后，或把该奖项的末位同分处理改为全部入选或均不入选"))
    for seat in seats:
        count = seat.count()
        if count.vacant > seat.kept and not seat.tier.vacant_allowed:
            least = f"（最低分 {format_points(seat.tier.minimum_score)}）" if seat.tier.minimum_score is not None else ""
            found.append(Problem("tier_not_filled", seat.tier.name, f"计划 {count.planned} 个，空缺 {count.vacant} 个{least}",
                                 "请减少名额，或允许该奖项空缺"))
    return tuple(found)
