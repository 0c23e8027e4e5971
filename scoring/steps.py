"""Steps: figures worked out from other figures, entry by entry. Rules that need the whole field are in `fields`."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .catalogue import Rule, catalogue
from .numbers import UNIT, WHOLE


@dataclass(frozen=True)
class StepRule(Rule):
    """function(step, values, weights) gives one figure (a Fraction, or None) from one entry's figures that count.

    `choose(step, values)`: the positions that count, best first where that matters; without it all that are there.
    `missing`: the policy by custom; `least`, `most`: how many figures it takes; `needs_fields`: what must be filled in;
    `may_fields`: what may be; `field`: the function is one over the whole field (see `fields`).
    """

    missing: str = "none"
    least: int = 1
    most: int | None = None
    needs_fields: tuple[str, ...] = ()
    may_fields: tuple[str, ...] = ()
    choose: Callable | None = None
    field: bool = False


def _taken(step, values):
    return [at for at, value in enumerate(values) if value is not None]


def best_first(step, values):
    """Positions of the figures that are there, the best first; of equal ones the earlier first."""
    sign = -1 if step.better == "high" else 1
    return sorted(_taken(step, values), key=lambda at: sign * values[at])


def _best(step, values):
    return best_first(step, values)[:1 if step.keep is None else step.keep]


def _all_but_worst(step, values):
    """What is missing counts as discarded before anything else is."""
    return best_first(step, values)[:max(len(values) - (1 if step.drop is None else step.drop), 0)]


def _highest(step, values):
    return sorted(_taken(step, values), key=lambda at: -values[at])[:1]


def _lowest(step, values):
    return sorted(_taken(step, values), key=lambda at: values[at])[:1]


def _first(step, values):
    return _taken(step, values)[:1]


def _sum(step, values, weights):
    return sum((value * weight for value, weight in zip(values, weights)), Fraction(0))


def _mean(step, values, weights):
    return _sum(step, values, weights) / sum(weights)


def _only(step, values, weights):
    return values[0]


def _product(step, values, weights):
    found = Fraction(1)
    for value in values:
        found *= value
    return found


def _difference(step, values, weights):
    return values[0] - values[1]


def _quotient(step, values, weights):
    return values[0] / values[1] if values[1] else None


def _median(step, values, weights):
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


COMMON = "竞赛规程通例"
STEP_RULES = catalogue(
    StepRule("sum", "求和", "Sum", "各数相加；填了权重则各乘以权重。", COMMON, "一个或多个数", function=_sum, may_fields=("weights",)),
    StepRule("mean", "平均", "Mean", "各数平均；填了权重则为加权平均。", COMMON, "一个或多个数", function=_mean, may_fields=("weights",)),
    StepRule("best", "取最好几个相加", "Best k, summed", "取最好的几个相加，默认取一个；不足几个时有几个取几个。", "滑雪 U 型场地取最好一轮",
             "多个数", function=_sum, missing="skip", may_fields=("keep", "better"), choose=_best),
    StepRule("best_mean", "取最好几个平均", "Best k, averaged", "取最好的几个求平均，默认取一个；不足几个时有几个取几个。", COMMON, "多个数",
             function=_mean, missing="skip", may_fields=("keep", "better"), choose=_best),
    StepRule("worst_discarded", "去掉最差几个", "Worst discarded", "去掉最差的几个（缺项先算作去掉的），其余相加，默认去一个。",
             "帆船竞赛规则 A2", "多个数", function=_sum, missing="skip", may_fields=("drop", "better"), choose=_all_but_worst),
    StepRule("highest", "最大值", "Highest", "取最大的一个。", COMMON, "多个数", function=_only, missing="skip", choose=_highest),
    StepRule("lowest", "最小值", "Lowest", "取最小的一个。", COMMON, "多个数", function=_only, missing="skip", choose=_lowest),
    StepRule("first", "取第一个有的", "First taken", "按所列次序取第一个有的数。", "有决赛成绩取决赛、否则取预赛的规程", "多个数", function=_only,
             missing="skip", choose=_first),
    StepRule("median", "中位数", "Median", "按大小排列取正中一个；偶数个时取中间两个的平均。", "统计惯例", "多个数", function=_median),
    StepRule("product", "乘积", "Product", "各数相乘，如得分乘以难度系数。", COMMON, "多个数", function=_product),
    StepRule("quotient", "商", "Quotient", "第一个数除以第二个数；除数为 0 即无此数。", COMMON, "两个数", function=_quotient, least=2, most=2),
    StepRule("difference", "差", "Difference", "第一个数减去第二个数。", COMMON, "两个数", function=_difference, least=2, most=2),
)


def policy(step) -> str:
    """What happens to figures that are missing: as the step says, or by the custom of its rule."""
    return step.missing or STEP_RULES[step.rule].missing


def filled(step, values, after_last):
    """The values with gaps filled as the step says; None where it has no result then."""
    how = policy(step)
    if None not in values or how == "skip":
        return values
    if how == "none":
        return None
    stand_in = Fraction(0) if how == "zero" else Fraction(after_last)
    return [stand_in if value is None else value for value in values]


def counting(step, values):
    """Positions of the (filled) values that count."""
    return (STEP_RULES[step.rule].choose or _taken)(step, values)


def weight_of(step, at):
    return Fraction(step.weights[at], WHOLE) if step.weights else Fraction(1)


def value_of(step, values, after_last):
    """One entry's figure before rounding, from its inputs (None where missing)."""
    values = filled(step, values, after_last)
    positions = counting(step, values) if values is not None else ()
    if not positions:
        return None
    return STEP_RULES[step.rule].function(step, [values[at] for at in positions], [weight_of(step, at) for at in positions])


def evaluate(run, step):
    """{index: Fraction or None} for all judged entries of the run."""
    rule = STEP_RULES[step.rule]
    columns = [run.figures.of(code) for code in step.of]
    found = {}
    for index in run.results:
        found[index] = value_of(step, [column[index] for column in columns], run.competing + 1)
    return {index: rounded(step, value) for index, value in found.items()}


def rounded(step, value):
    if value is None or step.rounding is None:
        return value
    return Fraction(step.rounding.round(*value.as_integer_ratio()), step.rounding.scale)
