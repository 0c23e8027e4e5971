"""Awards: standings in order fill the tiers; what happens at a cut-off is the tier's own rule."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..catalogue import Rule, catalogue
from ..money import format_yuan, split
from ..numbers import format_points
from ..problems import Problem
from ..ranking.order import place_figure
from ..ranking.standing import Standing
from ..rules import Tier
from .bars import Bars
from .grounds import groups_of, name_in
from .quotas import RATIO_BASES, field_of, planned_counts, quota
from .seats import Limits, Waiting, fill, in_groups

AWARD_RULES = catalogue(
    Rule("quota", "按名额", "By quota", "由高到低逐等授奖，每等按名额、比例或分数线；不能授者略过，依次递补。", "竞赛规程通例"),
    Rule("places", "按名次区间", "By places", "各等的名额依次相加为名次区间（如 1、2—3、4—6），名次在区间内即得，并列者同得，其后不递补。"
         "“名次在前一半者授奖”即比例 50% 的区间。", "体育竞赛奖牌惯例"),
    Rule("medals_700", "700 分制奖牌规则", "Medals on the 700 scale", "与本组最好者相差不超过 2 分即为同分。两枚金牌则不设银牌，至少一枚铜牌；"
         "三枚以上金牌则不设银牌，下一名与最后一名金牌相差不超过 2 分才设铜牌；一枚金牌后可有数枚银牌，下一名与最后一名银牌相差不超过 2 分才设铜牌"
         "（银牌数枚时铜牌怎样设，所据规则没有写明，这里比照三枚以上金牌办理）；其余达到 700 分者得优胜奖。不足 5 个对象只设金牌，5 个设金、银牌。奖项依次为金、银、铜、优胜。", "世界技能大赛竞赛规则"),
)


class Award(NamedTuple):
    tier: str
    entry: int
    place: int
    prize_fen: int


class TierCount(NamedTuple):
    """planned = allotted + vacant + pending + shift.

    shift: seats that went to other tiers (negative: that came), because a cumulative quota, a tie at a cut-off or shared
    places moved them. A tier open to all who reach a score plans what it gives.
    """

    code: str
    name: str
    planned: int
    allotted: int
    vacant: int
    pending: int
    prize_fen: int
    total_fen: int
    shift: int = 0


class Passed(NamedTuple):
    """An entry whose turn had come and who did not get the tier.

    code: outside, minimum, minimums (a single figure), limit, requires, size, tie, vacancy.
    """

    entry: int
    tier: str
    reason: str
    code: str


class Allotment(NamedTuple):
    """notes: what is worth knowing and hinders nothing; passed: why someone was passed over, tier by tier."""

    awards: tuple[Award, ...]
    tiers: tuple[TierCount, ...]
    pending: tuple[tuple[int, ...], ...]
    problems: tuple[Problem, ...]
    total_fen: int
    passed: tuple[Passed, ...] = ()
    notes: tuple[Problem, ...] = ()

    def tiers_of(self, entry) -> tuple[str, ...]:
        """Codes of what the entry holds: one tier at most, any number of titles."""
        return tuple(award.tier for award in self.awards if award.entry == entry)

    def reasons_of(self, entry) -> tuple[str, ...]:
        """Why the entry was passed over, tier by tier from the highest: 一等奖：本单位已有 2 个，依次递补."""
        names = {tier.code: tier.name for tier in self.tiers}
        return tuple(f"{names[one.tier]}：{one.reason}" for one in self.passed if one.entry == entry)


class Seats(NamedTuple):
    """One tier when it is filled."""

    tier: Tier
    planned: int
    kept: int
    filled: object


def budget_problem(total_fen: int, budget_fen: int) -> Problem | None:
    if total_fen <= budget_fen:
        return None
    return Problem("over_budget", "奖金", f"奖金合计 {format_yuan(total_fen)} 元，超出预算 {format_yuan(total_fen - budget_fen)} 元"
                   f"（预算 {format_yuan(budget_fen)} 元）", "请减少名额或奖金，或追加预算")


def better_of(standings) -> str:
    """Whether high or low scores are good, as the scheme behind the standings says."""
    return standings[0].run.scheme.better if standings else "high"


def allot(
    tiers: Sequence[Tier], standings: Iterable[Standing], *, field: int | None = None,
    vacancies: Mapping[str, int] | None = None, minimum_score: int | None = None, better: str | None = None,
    rule: str = "quota",
) -> Allotment:
    """Fill the tiers from the placed entries, the highest tier first; nobody gets two of them.

    field is the number ratios refer to (without it: what each tier's base counts); vacancies keeps seats of a tier empty
    by decision; better: "high" or "low" (without it: as the standings' scheme says); rule: "quota" or "places". Whoever may
    not have a tier is passed over, is told why, and is looked at again for the next tier.
    """
    standings = list(standings)
    better = better or better_of(standings)
    fields = {tier.code: field_of(tier, standings, field=field, minimum=minimum_score, better=better) for tier in tiers}
    counts = planned_counts(tiers, fields)
    waiting = {}
    bar = Bars(better, minimum_score, {tier.code: tier.name for tier in tiers}, waiting)
    walk = _Walk(rule, vacancies or {}, bar, standings, waiting)
    seats = [walk.seat(tier, quota(tier, fields[tier.code]), counts[tier.code]) for tier in tiers]
    competing = RATIO_BASES["competing"].function(standings, None, better) if field is None else field
    return allotment_of(seats, above_field(sum(counts.values()), competing))


class _Walk:
    """From the highest tier to the lowest: what the tiers above have used, moved and left open."""

    def __init__(self, rule, vacancies, bar, standings, waiting):
        self.rule, self.vacancies, self.bar, self.waiting = rule, vacancies, bar, waiting
        self.standings, self.by_place = standings, in_groups(standings)
        self.used, self.debt, self.last = 0, 0, 0
        self.limited, self.taken = Counter(), set()

    def seat(self, tier, asked, planned):
        """asked: the tier's quota as the rule says it, None when open; planned: its own seats of it."""
        kept = min(self.vacancies.get(tier.code, 0), planned)
        self.bar.tier, self.bar.last = tier, None
        limits = Limits(tier.per_organization, tier.per_person, Counter(self.limited) if tier.limits_above else None)
        ordered = groups_of(tier, self.standings, self.by_place)
        groups = ([standing for standing in group if standing.entry not in self.taken] for group in ordered)
        filled = fill(groups, self._seats(tier, asked, planned, kept), tier.tie, self.bar, limits, self.waiting)
        if self.bar.last is not None:
            filled.left = max(self.bar.last - self.used - len(filled.winners), 0)
            self.used += filled.left
        self._note(tier, filled, kept)
        return Seats(tier, len(filled.winners) + filled.held if asked is None else planned, kept, filled)

    def _seats(self, tier, asked, planned, kept):
        if asked is None:
            return None
        if tier.figure:
            return max(planned - kept, 0)
        if self.rule == "places":
            self.last += planned - kept
            self.bar.last = self.last
            return None
        if tier.cumulative:
            self.debt = 0
            return max(asked - self.used - kept, 0)
        seats, self.debt = max(planned - kept - self.debt, 0), max(self.debt - planned + kept, 0)
        return seats

    def _note(self, tier, filled, kept):
        if not tier.figure:
            self.used += len(filled.winners) + filled.held + (0 if self.rule == "places" else kept)
            self.debt += filled.over - filled.freed if tier.tie in ("extend", "carry") else 0
            self.taken |= {one.standing.entry for one in filled.passed if one.code == "outside"}
        self.taken |= {standing.entry for standing in filled.winners}
        self.bar.give(tier.code, filled.winners)
        for members, held, why in filled.pending:
            self.waiting |= dict.fromkeys([standing.entry for standing in members], Waiting(members, len(members) - held))
        Limits(used=self.limited).take(filled.winners)


def above_field(planned: int, field: int) -> list[Problem]:
    if planned <= field:
        return []
    return [Problem("awards_above_field", "奖项", f"奖项名额合计 {planned} 个，参赛对象只有 {field} 个", "请减少名额或比例")]


def allotment_of(seats: Sequence[Seats], problems: Sequence[Problem]) -> Allotment:
    """The filled tiers as one value, with everything that stands against it."""
    awards = tuple(Award(seat.tier.code, standing.entry, standing.place, fen)
                   for seat in seats for standing, fen in zip(seat.filled.winners, _prizes(seat)))
    pending = [(seat, members, why) for seat in seats for members, held, why in seat.filled.pending]
    found = [*problems, *(_open(*one) for one in pending), *(_unfilled(seat) for seat in seats if _lacks(seat))]
    passed = tuple(Passed(one.standing.entry, seat.tier.code, one.reason, one.code) for seat in seats for one in seat.filled.passed)
    notes = tuple(Problem("tie_extends", seat.tier.name, f"同分一并入选，比名额多 {seat.filled.over} 个")
                  for seat in seats if seat.filled.over)
    return Allotment(awards, tuple(map(count_of, seats)), tuple(tuple(standing.entry for standing in members) for seat, members, why in pending),
                     tuple(found), sum(award.prize_fen for award in awards), passed, notes)


def _prizes(seat):
    """Fen for each winner: the tier's prize, or an even part of its planned money where a tie brought in more winners."""
    number, prize = len(seat.filled.winners), seat.tier.prize_fen
    if not seat.tier.shared_prize or number <= seat.planned:
        return [prize] * number
    return split(seat.planned * prize, [1] * number)


def count_of(seat: Seats) -> TierCount:
    tier, filled = seat.tier, seat.filled
    won, vacant = len(filled.winners), seat.kept + filled.vacant
    return TierCount(tier.code, tier.name, seat.planned, won, vacant, filled.held, tier.prize_fen, sum(_prizes(seat)),
                     seat.planned - won - vacant - filled.held)


def _open(seat, members, why):
    numbers = "、".join(standing.number for standing in members)
    equal = f"并列第 {place_figure(members[0].place)} 名"
    if seat.tier.figure and seat.tier.tie != "chain":
        equal = f"“{name_in(members[0], seat.tier.figure)}”相同"
    if why == "limit":
        return Problem("tie_at_limit", seat.tier.name, f"{numbers} 号{equal}，按每单位或每人的限额只能取其中一部分",
                       "请登记集体决议分出先后，或放宽限额")
    return Problem("tie_at_cutoff", seat.tier.name, f"{numbers} 号{equal}，名额不足以全部入选",
                   "请登记集体决议分出先后，或把该奖项的末位同分处理改为全部入选或均不入选")


def _lacks(seat):
    return seat.filled.vacant and not seat.tier.vacant_allowed


def _unfilled(seat):
    count = count_of(seat)
    least = f"（最低分 {format_points(seat.tier.minimum_score)}）" if seat.tier.minimum_score is not None else ""
    return Problem("tier_not_filled", seat.tier.name, f"计划 {count.planned} 个，空缺 {count.vacant} 个{least}",
                   "请减少名额，或允许该奖项空缺")
