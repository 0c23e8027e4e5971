"""Panel rules: how the values of several judges become one, as an exact (sum, count).

Values are ints over one denominator (`over`: so many make a point); rules about places get places in 1/10000 instead.
"""

from ..catalogue import Rule, catalogue
from ..numbers import UNIT


def _mean(values, panel, over):
    return sum(values), len(values)


def _trimmed(values, panel, over):
    high, low = panel.drop_high, panel.drop_low
    if high == low == 1:
        return sum(values) - max(values) - min(values), len(values) - 2
    ordered = sorted(values)
    kept = ordered[low:len(ordered) - high]
    return sum(kept), len(kept)


def _median(values, panel, over):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle], 1
    return ordered[middle - 1] + ordered[middle], 2


def _sum(values, panel, over):
    return sum(values), 1


def _trimmed_sum(values, panel, over):
    return _trimmed(values, panel, over)[0], 1


def _highest(values, panel, over):
    return max(values), 1


def _lowest(values, panel, over):
    return min(values), 1


def _limits(values, panel, over):
    """Mean ± clamp, both times the number of values, so that they stay ints."""
    count, total = len(values), sum(values)
    gap = (panel.clamp or 0) * over * count // UNIT
    return total - gap, total + gap


def _clamped(values, panel, over):
    count, (low, high) = len(values), _limits(values, panel, over)
    return sum([min(max(value * count, low), high) for value in values]), count * count


def _outliers_left_out(values, panel, over):
    count, (low, high) = len(values), _limits(values, panel, over)
    kept = [value for value in values if low <= value * count <= high] or values
    return sum(kept), len(kept)


COMMON, SPORT = "竞赛规程通例", "体育评分规则"
PANEL_RULES = catalogue(
    Rule("mean", "平均分", "Mean", "取全部有效评委打分的平均。", "三位评委时的惯例", "至少 1 位评委", function=_mean),
    Rule("trimmed_mean", "去掉最高最低分后平均", "Trimmed mean", "去掉若干最高分和若干最低分，取其余的平均。",
         "5 或 7 位评委的职业技能竞赛通例", "评委多于去掉的个数", function=_trimmed),
    Rule("median", "中位数", "Median", "打分按大小排列取正中一个；评委为偶数时取中间两个的平均。", "统计惯例", "至少 1 位评委",
         function=_median),
    Rule("sum", "总和", "Sum", "评委组全部评委的打分相加；有评委回避或缺席时，按比例折算为评委组的人数。", SPORT, "至少 1 位评委", function=_sum),
    Rule("trimmed_sum", "去掉最高最低分后相加", "Trimmed sum",
         "去掉若干最高分和若干最低分，其余相加（跳水再乘难度）；有评委回避或缺席时，按比例折算为评委组去分后应余的人数。", "跳水、跳台滑雪等",
         "评委多于去掉的个数", function=_trimmed_sum),
    Rule("highest", "取最高", "Highest", "取各位评委打分中的最高者。", COMMON, "至少 1 位评委", function=_highest),
    Rule("lowest", "取最低", "Lowest", "取各位评委打分中的最低者。", COMMON, "至少 1 位评委", function=_lowest),
    Rule("clamped_mean", "限差平均", "Clamped mean", "先求平均分，偏离超过限差者按平均分加减限差计，再求平均。", "限差评分法", "限差",
         function=_clamped),
    Rule("outlier_mean", "剔除超差后平均", "Mean without outliers", "先求平均分，剔除偏离超过限差者，取其余的平均；全部超差时不剔除。", "限差评分法",
         "限差", function=_outliers_left_out),
    Rule("rank_sum", "名次和", "Sum of places", "每位评委的打分排成名次（在其所评的对象之中），各评委名次相加，小者为优；有评委回避或缺席时，按比例折算为评委组的人数。",
         "秩和法", "名次", better="low", function=_sum),
    Rule("rank_mean", "平均名次", "Mean place", "每位评委的打分排成名次，取各评委名次的平均，小者为优。", "秩和法", "名次", better="low",
         function=_mean),
    Rule("majority", "多数名次", "Majority of places",
         "先得到过半数评委“该名次及以前”者列前；过半数相同比人数多少，再比其名次和，再看下一名次；仍同者平分名次。结果即名次。",
         "世界体育舞蹈联合会顺位制第 5–8 条", "名次", better="low"),
    Rule("pairwise", "两两比较", "Won duels", "与其余对象逐一比较：较多评委排其在前即胜一场，相等记半场；结果为胜场数，大者为优。",
         "孔多塞–科普兰计数（平局记 ½）", "名次"),
)
TRIMMED = ("trimmed_mean", "trimmed_sum")
SUMS = ("sum", "trimmed_sum", "rank_sum")
# Rules about the places that judges give; the last two are worked out for the whole field at once.
PLACED = ("rank_sum", "rank_mean", "majority", "pairwise")
FIELD_WIDE = ("majority", "pairwise")
CLAMPS = ("clamped_mean", "outlier_mean")
# Rules that are the same with few judges as with many; they have no need of the mean.
STEADY = ("highest", "lowest", "rank_mean", *FIELD_WIDE)


def is_field_wide(panel) -> bool:
    """Whether one entry's value depends on the marks of others: standard scores, places."""
    return bool(panel.standard or panel.rule in PLACED)


def drops(panel):
    """How many values the rule leaves out."""
    return panel.drop_high + panel.drop_low if panel.rule in TRIMMED else 0


def fewest_judges(panel):
    """With fewer values than this the rule itself has no result."""
    return drops(panel) + 1


def regular(panel):
    """Below this number of judges the panel refuses or falls back (see `below`)."""
    return max(panel.minimum_judges, fewest_judges(panel))


def falls_back(panel) -> int:
    """With fewer values than this the rule is not applied: there is no result, or another rule's. Sums are made over the seats of
    the panel whatever its regular number, so only a panel that refuses asks for that."""
    return fewest_judges(panel) if panel.rule in SUMS and panel.below_minimum != "refuse" else regular(panel)


def below(panel) -> int:
    """What takes the rule's place where judges are too few and the panel does not refuse: 0 the rule itself, 1 the mean. A trimmed
    sum of too few is neither: see `summed_seats`."""
    return 0 if panel.rule in STEADY or panel.rule in SUMS else 1


def summed_seats(panel, seats) -> int:
    """How many values a sum stands for: those that the rule keeps of a panel with so many seats, at least one."""
    return max(seats - drops(panel), 1)


def _over_seats(rule, panel, over):
    """Sums: what the rule keeps, brought up in proportion to all seats of the panel, so that a judge who is excused shrinks the
    panel instead of giving 0; of too few to trim, all are kept."""
    dropped, least = drops(panel), fewest_judges(panel)

    def combine(values, seats):
        count = len(values)
        total, kept = (rule(values, panel, over)[0], count - dropped) if count >= least else (sum(values), count)
        times = summed_seats(panel, seats or count)
        return (total, 1) if kept == times else (total * times, kept)
    return combine


def combiner(panel, over=UNIT):
    """A function (values, seats) -> (sum, count), or None where the panel refuses so few judges; not for the rules FIELD_WIDE.

    `seats`: how many judges the panel of the entry has, those who are excused among them; only sums ask for it, and without it
    nobody is excused.
    """
    rule, least, mean = PANEL_RULES[panel.rule].function, regular(panel), below(panel)
    refuse = panel.below_minimum == "refuse"
    if panel.rule in SUMS:
        over_seats = _over_seats(rule, panel, over)
        return lambda values, seats=None: None if not values or refuse and len(values) < least else over_seats(values, seats)

    def combine(values, seats=None):
        if len(values) >= least:
            return rule(values, panel, over)
        if refuse or not values:
            return None
        return (sum(values), len(values)) if mean else rule(values, panel, over)
    return combine


def uses(panel, values, over=UNIT):
    """What became of each value: used, dropped_high, dropped_low, clamped, outlier or passed (not the highest, the lowest);
    values come in the order of the judges' ids.

    Among equal values the highest drop takes the first judge and the lowest drop the last, so the answer does not
    depend on the order in which sheets arrive.
    """
    count, high, low = len(values), panel.drop_high, panel.drop_low
    found = ["used"] * count
    if panel.rule not in TRIMMED:
        return _other_uses(panel, values, over, found) if values else found
    if count < falls_back(panel):
        return found
    if high == low == 1:
        found[count - 1 - values[::-1].index(min(values))] = "dropped_low"
        found[values.index(max(values))] = "dropped_high"
        return found
    order = sorted(range(count), key=lambda at: (values[at], -at))
    for at in order[:low]:
        found[at] = "dropped_low"
    for at in order[count - high:]:
        found[at] = "dropped_high"
    return found


def _other_uses(panel, values, over, found):
    if panel.rule in ("highest", "lowest"):
        only = values.index(max(values) if panel.rule == "highest" else min(values))
        return ["used" if at == only else "passed" for at in range(len(values))]
    if panel.rule in CLAMPS and len(values) >= regular(panel):
        count, (low, high) = len(values), _limits(values, panel, over)
        beyond = [not low <= value * count <= high for value in values]
        if panel.rule == "clamped_mean" or not all(beyond):
            name = "clamped" if panel.rule == "clamped_mean" else "outlier"
            return [name if out else "used" for out in beyond]
    return found


def clamped_to(panel, values, over) -> tuple[tuple[int, int], tuple[int, int]]:
    """The two limits that clamped values count as, each as (numerator, denominator) in points."""
    low, high = _limits(values, panel, over)
    return (low, len(values) * over), (high, len(values) * over)
