"""How many seats a tier has: a count, an exact share of the field, or none but its own conditions."""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from ..catalogue import Rule, catalogue
from ..numbers import UNIT, divide
from .grounds import below


def reaches(standing, line: int | None, better: str) -> bool:
    """Whether the score as published is as good as the line (units of a point); a score equal to the line reaches it."""
    if line is None:
        return True
    if standing.score is None:
        return False
    gap = standing.score * UNIT - line * standing.scale
    return gap <= 0 if better == "low" else gap >= 0


def _competing(standings, line, better):
    return sum(standing.entry_status == "competing" for standing in standings)


def _registered(standings, line, better):
    return sum(standing.entry_status != "out_of_competition" for standing in standings)


def _ranked(standings, line, better):
    return sum(standing.place is not None for standing in standings)


def _qualified(standings, line, better):
    return sum(standing.place is not None and reaches(standing, line, better) for standing in standings)


def _scored(standings, line, better):
    return sum(standing.place is not None and bool(standing.score) for standing in standings)


RATIO_BASES = catalogue(
    Rule("competing", "参赛对象", "Competing entries", "正常参赛的对象，含尚未评完的，不含缺考、弃权、取消资格和不计名次的。",
         "竞赛规程通例", function=_competing),
    Rule("ranked", "有名次者", "Ranked entries", "只数排出名次的对象，无成绩者不计入。", "竞赛规程通例", function=_ranked),
    Rule("registered", "全部报名对象", "All registered entries", "报名即计入，含缺考、弃权和取消资格的，不含不计名次的。",
         "按报名人数设奖的规程", function=_registered),
    Rule("qualified", "合格者", "Entries that reach the minimum", "只数达到该奖项最低分（没有则按方案的获奖最低分）和各项最低分的对象。",
         "“在合格选手中按比例设奖”的规程", function=_qualified),
    Rule("scored", "得分不为零者", "Entries with any points", "只数总分不为零的对象，如程序设计竞赛中至少解出一题的队。",
         "程序设计竞赛的做法", function=_scored),
)


def exact(text: str) -> Fraction | None:
    """"1/12" or "0.25" as a Fraction, None when it is no such number."""
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def quota(rule, field: int) -> int | None:
    """Seats by the rule's count, ratio or fraction of the field, rounded as it says; None when it names none of the three."""
    if rule.count is not None:
        return rule.count
    if rule.ratio is not None:
        return divide(field * rule.ratio, UNIT, rule.rounding_mode)
    if not rule.fraction:
        return None
    share = exact(rule.fraction)
    return 0 if share is None else divide(field * share.numerator, share.denominator, rule.rounding_mode)


def field_of(tier, standings, *, field: int | None, minimum: int | None = None, better: str = "high") -> int:
    """What the tier's ratio is taken of; a stated field goes before what can be counted."""
    if field is not None:
        return field
    line = minimum if tier.minimum_score is None else tier.minimum_score
    if tier.base == "qualified" and (tier.figure or tier.minimums):
        line = minimum if tier.figure else line
        standings = [standing for standing in standings if standing.place is not None and not below(tier, standing)]
    return RATIO_BASES[tier.base].function(standings, line, better)


def planned_counts(tiers: Iterable, field: int | Mapping[str, int]) -> dict[str, int]:
    """Seats per tier before anything is awarded. field: one number for all ratios, or one per tier's code.

    A cumulative quota includes the tiers above, so its own seats are what remains of it; those that rest on another figure
    are none of them. A tier open to everyone who
    fulfils its conditions (a cut-off score) plans 0.
    """
    found, above = {}, 0
    for tier in tiers:
        seats = quota(tier, field if isinstance(field, int) else field[tier.code]) or 0
        found[tier.code] = max(seats - above, 0) if tier.cumulative else seats
        above += 0 if tier.figure else found[tier.code]
    return found
