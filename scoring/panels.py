"""Panel rules: how the values of several judges become one, as an exact (sum, count)."""

from .catalogue import Rule, catalogue


def _mean(values, panel):
    return sum(values), len(values)


def _trimmed(values, panel):
    high, low = panel.drop_high, panel.drop_low
    if high == low == 1:
        return sum(values) - max(values) - min(values), len(values) - 2
    ordered = sorted(values)
    kept = ordered[low:len(ordered) - high]
    return sum(kept), len(kept)


def _median(values, panel):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle], 1
    return ordered[middle - 1] + ordered[middle], 2


PANEL_RULES = catalogue(
    Rule("mean", "平均分", "Mean", "取全部有效评委打分的平均。", "三位评委时的惯例", "至少 1 位评委", function=_mean),
    Rule("trimmed_mean", "去掉最高最低分后平均", "Trimmed mean", "去掉若干最高分和若干最低分，取其余的平均。",
         "5 或 7 位评委的职业技能竞赛通例", "评委多于去掉的个数", function=_trimmed),
    Rule("median", "中位数", "Median", "打分按大小排列取正中一个；评委为偶数时取中间两个的平均。", "统计惯例", "至少 1 位评委",
         function=_median),
)


def fewest_judges(panel):
    """With fewer values than this the rule itself has no result."""
    return panel.drop_high + panel.drop_low + 1 if panel.rule == "trimmed_mean" else 1


def combiner(panel):
    """A function values -> (sum, count), or None where the panel refuses so few judges."""
    rule = PANEL_RULES[panel.rule].function
    least = max(panel.minimum_judges, fewest_judges(panel))
    refuse = panel.below_minimum == "refuse"

    def combine(values):
        if len(values) >= least:
            return rule(values, panel)
        if refuse or not values:
            return None
        return sum(values), len(values)
    return combine


def uses(panel, values):
    """What became of each value: used, dropped_high or dropped_low; values come in the order of the judges' ids.

    Among equal values the highest drop takes the first judge and the lowest drop the last, so the answer does not
    depend on the order in which sheets arrive.
    """
    count, high, low = len(values), panel.drop_high, panel.drop_low
    found = ["used"] * count
    if panel.rule != "trimmed_mean" or count < max(panel.minimum_judges, high + low + 1):
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
