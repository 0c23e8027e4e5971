"""Medals on the 700 scale: who is within two points of the best of his group shares the medal."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from ..numbers import UNIT, format_points
from ..problems import Problem
from ..ranking.standing import Standing
from ..rules import Tier
from .allot import Allotment, Seats, allotment_of, better_of
from .bars import Bars
from .seats import Filled

NEAR = 2 * UNIT
EXCELLENT = 700 * UNIT
GOLD, SILVER, BRONZE, EXCELLENCE = range(4)


def medals(
    tiers: Sequence[Tier], standings: Iterable[Standing], *, field: int | None = None,
    vacancies: Mapping[str, int] | None = None, minimum_score: int | None = None, tolerance: int | None = None,
) -> Allotment:
    """Gold, silver, bronze and the medallion for excellence, in the order of `tiers` (WorldSkills competition rules).

    tolerance: what still counts as equal, 2 points unless the scheme says otherwise; field: number of entrants, without it
    the competing entries. Nothing rolls down: a medal that its tier's minimum or a vacancy withholds is not given.
    """
    standings = list(standings)
    if len(tiers) != 4:
        return allotment_of([], [Problem("medals_need_four_tiers", "奖项", f"700 分制奖牌规则要有金、银、铜、优胜四个奖项，现有 {len(tiers)} 个",
                                         "请按金、银、铜、优胜的次序填写四个奖项")])
    better = better_of(standings)
    if field is None:
        field = sum(standing.entry_status == "competing" for standing in standings)
    placed = [standing for standing in standings if standing.place is not None]
    near = NEAR if tolerance is None else tolerance
    given = _medals(placed, near, field)
    given.append(_excellent(placed, given, tiers[EXCELLENCE]))
    bar = Bars(better, minimum_score, {tier.code: tier.name for tier in tiers}, {})
    found = allotment_of([_seat(tier, winners, bar, (vacancies or {}).get(tier.code, 0)) for tier, winners in zip(tiers, given)], [])
    notes = [Problem("medal_rule", tier.name, why) for tier, why in zip(tiers[SILVER:], _why_not(given, field, len(placed), near)) if why]
    return found._replace(notes=tuple(notes))


def within(standing, other, near):
    """Whether two scores differ by no more than `near` (units of a point), as published."""
    return abs(standing.score - other.score) * UNIT <= near * standing.scale


def _next_group(placed, start, near):
    """The next best entry, whoever is within `near` of it, and whoever shares a place with one of them."""
    if start == len(placed):
        return []
    found = []
    for rank, group in groupby(placed[start:], key=lambda standing: standing.rank):
        group = list(group)
        if not within(group[0], placed[start], near):
            break
        found += group
    return found


def _medals(placed, near, field):
    """Lists of gold, silver and bronze."""
    golds = _next_group(placed, 0, near)
    after = _next_group(placed, len(golds), near)
    if field < 5 or not after:
        return [golds, [], []]
    if len(golds) > 1:
        close = len(golds) == 2 or within(golds[-1], after[0], near)
        return [golds, [], after if close and field > 5 else []]
    third = _next_group(placed, len(golds) + len(after), near)
    close = third and (len(after) == 1 or within(after[-1], third[0], near))
    return [golds, after, third if close and field > 5 else []]


def _why_not(given, field, placed, near):
    """Why there is no silver, why no bronze; an empty text where there is one, or nobody is left for it."""
    golds, silvers, bronzes = map(len, given[:EXCELLENCE])
    small = f"只有 {field} 个对象，不设此奖" if golds and field < 6 else ""
    many = f"金牌 {golds} 枚，不设银牌" if golds > 1 else ""
    close = golds < 3 and silvers < 2 or golds + silvers == placed
    gap = "" if close else f"下一名与最后一名奖牌得主相差超过 {format_points(near)} 分，不设铜牌"
    return ("" if silvers else many or (small if field < 5 else ""), "" if bronzes else small or gap)


def _excellent(placed, given, tier):
    """Everybody else at or above 700, or above the tier's own line."""
    with_medal = {standing.entry for winners in given for standing in winners}
    line = EXCELLENT if tier.minimum_score is None else tier.minimum_score
    return [standing for standing in placed if standing.entry not in with_medal and standing.score * UNIT >= line * standing.scale]


def _seat(tier, winners, bar, kept):
    """The medal as it is given; what a vacancy by decision or the minimum withholds stays vacant."""
    bar.tier = tier
    filled = Filled(len(winners))
    for standing in winners[max(len(winners) - kept, 0):]:
        filled.turn_away([standing], "vacancy", f"“{tier.name}”经决定空缺 {kept} 个")
    for standing in winners[:max(len(winners) - kept, 0)]:
        barred = bar(standing)
        if barred:
            filled.turn_away([standing], *barred)
        else:
            filled.win([standing])
            bar.give(tier.code, [standing])
    return Seats(tier, len(winners), 0, filled)
