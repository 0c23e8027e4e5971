"""Steps: figures worked out from others, as a catalogue, and their evaluation over all entries of a run."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from ..catalogue import Rule, catalogue
from ..numbers import WHOLE, format_exact, format_ratio
from . import field as fields
from . import functions as made


@dataclass(frozen=True)
class StepRule(Rule):
    """`function(step, values, weights)` makes one figure of one entry's figures that count; with `field` it is
    function(run, step, figures) over the whole field, from one figure each (see `fields`).

    `choose(step, values)`: the positions that count; `missing`: the policy by custom; `policies`: those that make sense;
    `least`, `most`: how many figures it takes; `required`: fields that must be filled in; `optional`: fields that may be.
    """

    missing: str = "none"
    policies: tuple[str, ...] = ("none", "skip", "zero", "last")
    least: int = 1
    most: int | None = None
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    choose: Callable = made.taken
    field: bool = False


COMMON = "竞赛规程通例"
ONE, MANY = "一个数", "一个或多个数"
GAPS = ("none", "zero")


def _many(code, zh, en, meaning, source, function, **more):
    return StepRule(code, zh, en, meaning, source, MANY, function=function, **more)


def _one(code, zh, en, meaning, source, function, **more):
    return StepRule(code, zh, en, meaning, source, ONE, function=function, most=1, policies=GAPS, **more)


def _two(code, zh, en, meaning, function):
    return StepRule(code, zh, en, meaning, COMMON, "两个数", function=function, least=2, most=2, policies=GAPS)


def _field(code, zh, en, meaning, source, function, policies=GAPS, optional=(), **more):
    return StepRule(code, zh, en, meaning, source, "全体参赛对象的同一个数", function=function, most=1, field=True,
                    policies=policies, optional=("within", *optional), **more)


PLACES = ("better", "method", "ties")
STEP_RULES = catalogue(
    _many("sum", "求和", "Sum", "各数相加；填了权重则各乘以权重。", COMMON, made.total, optional=("weights",)),
    _many("mean", "平均", "Mean", "各数平均；填了权重则为加权平均。", COMMON, made.mean, optional=("weights",)),
    _many("best", "取最好几个相加", "Best k, summed", "取最好的几个相加，默认取一个；不足时有几个取几个。", "国际雪联 U 型场地规则：取最好一轮",
          made.total, missing="skip", optional=("keep", "better"), choose=made.best),
    _many("best_mean", "取最好几个平均", "Best k, averaged", "取最好的几个求平均，默认取一个；不足时有几个取几个。", COMMON, made.mean,
          missing="skip", optional=("keep", "better"), choose=made.best),
    _many("worst_discarded", "去掉最差几个", "Worst discarded", "去掉最差的几个（缺项先算作去掉的），其余相加，默认去一个。",
          "帆船竞赛规则附录 A2", made.total, missing="skip", optional=("drop", "better"), choose=made.all_but_worst),
    _many("highest", "最大值", "Highest", "取最大的一个。", COMMON, made.only, missing="skip", choose=made.largest),
    _many("lowest", "最小值", "Lowest", "取最小的一个。", COMMON, made.only, missing="skip", choose=made.smallest),
    _many("median", "中位数", "Median", "按大小排列取正中一个；偶数个时取中间两个的平均。", "统计惯例", made.median),
    _many("first", "取第一个有的", "First taken", "按所列次序取第一个有的数。", "有决赛成绩取决赛、否则取预赛的规程", made.only,
          missing="skip", policies=("skip",), choose=made.first),
    _many("product", "乘积", "Product", "各数相乘，如得分乘以难度系数。", COMMON, made.product),
    _two("difference", "差", "Difference", "第一个数减去第二个数。", made.difference),
    _two("quotient", "商", "Quotient", "第一个数除以第二个数；除数为 0 即无此数。", made.quotient),
    _one("linear", "乘加", "Linear", "乘数 × 数 ＋ 加数。", COMMON, made.linear, optional=("factor", "offset")),
    _one("map", "线性换算", "Linear map", "把下限到上限按直线换算为换算下端到换算上端，两端之外照样延伸。", COMMON, made.mapped,
         required=("low", "high", "to_low", "to_high")),
    _one("cap", "上下限", "Cap", "低于下限计下限，高于上限计上限。", COMMON, made.cap, optional=("low", "high")),
    _one("power", "幂函数计分", "Power points", "乘数 ×（数 − 加数）的“指数”次方；低者为优时为（加数 − 数）。达不到加数计 0。默认舍去小数。",
         "田径全能评分表", made.performance, optional=("factor", "offset", "exponent", "better")),
    _one("table", "分档得分", "Table", "取所达到的最好一档的得分；一档也达不到计 0。", COMMON, made.looked_up, required=("table",),
         optional=("better",)),
    StepRule("count", "个数", "Count", "有几个数；填了上下限则为其中在上下限以内（含）的个数。", COMMON, MANY, function=made.count,
             missing="skip", policies=("skip",), optional=("low", "high"), choose=made.every),
    StepRule("taken", "是否参加", "Taken", "各数都有即为 1，否则为 0。", "参加决赛者列于未参加者之前的规程", MANY, function=made.whether_taken,
             missing="skip", policies=("skip",), choose=made.every),
    _field("rank", "名次", "Rank", "在全体参赛对象中的名次；相同时依次比较所列同分规则，仍相同者按所选写法并列。", COMMON, fields.rank,
           policies=("none", "zero", "last"), optional=PLACES),
    _field("points_by_place", "按名次得分", "Points by place",
           "按名次查对照表；名次介于两档之间取较前一档，末档之后同末档（只奖前十名就写 [11, 0]）。并列者各得其名次的分，选平均名次时平分所占各名次的分。",
           "欧洲歌唱大赛、各类积分赛", fields.points_by_place, policies=("none", "zero", "last"), required=("table",), optional=PLACES),
    _field("borda", "胜过几个", "Borda count", "参赛对象总数减去名次。", "波达计数法", fields.borda, optional=PLACES),
    _field("of_best", "与最好者之比", "Share of the best", "本数 ÷ 最大的数 × 满分；低者为优时为 最小的数 ÷ 本数 × 满分。", "网络投票折算：得票 ÷ 最高得票",
           fields.of_best, optional=("whole", "better")),
    _field("of_rank", "按名次折算", "Share by rank", "满分 ×（n − 名次 + 1）÷ n，n 为参赛对象数。", "网络投票按名次折算的规程", fields.of_rank,
           optional=("whole", *PLACES)),
    StepRule("skating", "多数名次总排名", "Combined by majority", "各舞种名次之和小者列前；相同则依次比较较好名次的个数与和，再把全部评委的名次合在一起按多数名次比较。",
             "世界体育舞蹈联合会顺位制第 9–11 条", "各舞种的名次（环节规则为多数名次）", function=fields.skating, field=True,
             policies=("none",), optional=("within",)),
    _field("standard", "标准分", "Standard score", "均值 ＋ 标准差取值 ×（数 − 全体平均）÷ 全体标准差，默认 50 ＋ 10z；没有差别时都得均值。",
           "统计惯例（T 分数）", fields.standard, optional=("standard",)),
    _field("scale_700", "700 分标准化（中位数/MAD）", "Scale 700 (median/MAD)",
           "700 ＋ 30 ×（数 − 中位数）÷（1.4826 × 绝对离差中位数），取整，限于 0 到 1000；没有离差时计 700。各数可改。",
           "与公开的 32 人成绩表逐一相符；非官方公式", fields.scale_700, optional=("standard", "low", "high")),
)


def policy(step) -> str:
    """What happens to figures that are missing: as the step says, or by the custom of its rule."""
    return step.missing or STEP_RULES[step.rule].missing


def filled(step, values, after_last):
    """The values with gaps filled as the step says; None where there is no result then."""
    how = policy(step)
    if None not in values or how == "skip":
        return values
    if how == "none":
        return None
    stand_in = Fraction(0) if how == "zero" else Fraction(after_last)
    return [stand_in if value is None else value for value in values]


def too_few(step, given):
    """Whether less is there than the step asks for, whatever stands in for gaps."""
    return step.fewest is not None and sum(value is not None for value in given) < step.fewest


def counting(step, values):
    """Positions of the filled values that count."""
    return [] if values is None else STEP_RULES[step.rule].choose(step, values)


def inputs(run, step, index):
    """One entry's figures for the step, in the order of `of`, before gaps are filled."""
    return [run.figures.of(code).get(index) for code in step.of]


def evaluate(run, step):
    """{index: Fraction or None} for all judged entries of the run, rounded as the step says."""
    rule = STEP_RULES[step.rule]
    found = _over_field(run, step, rule) if rule.field else _one_by_one(run, step, rule)
    return found if step.rounding is None else {index: rounded(step, value) for index, value in found.items()}


def _one_by_one(run, step, rule):
    columns, found, after_last = [run.figures.of(code) for code in step.of], {}, run.competing + 1
    weights = [Fraction(weight, WHOLE) for weight in step.weights]
    for index in run.results:
        given = [column[index] for column in columns]
        values = None if too_few(step, given) else filled(step, given, after_last)
        at = counting(step, values)
        found[index] = rule.function(step, [values[i] for i in at], [weights[i] for i in at] if weights else ()) if at else None
    return found


def _over_field(run, step, rule):
    columns, how = [run.figures.of(code) for code in step.of], policy(step)
    rows = {}
    for index in run.results:
        row = [Fraction(0) if how == "zero" and column[index] is None else column[index] for column in columns]
        if None not in row:
            rows[index] = tuple(row) if rule.most is None else row[0]
    found = {}
    for field in fields.apart(run, step, run.results).values():
        behind = _behind(run, step, field) if how == "last" else None
        found |= dict.fromkeys(field, behind) | rule.function(run, step, {index: rows[index] for index in field if index in rows})
    return found


def _behind(run, step, field):
    """What an entry without the figure gets where it counts as one place after the last of its field."""
    place = Fraction(sum(run.entries[index].status == "competing" for index in field) + 1)
    return fields.of_place(step, place) if step.rule == "points_by_place" else place


def text_of(step, pair, most=4):
    """A step's figure as text: as rounded, or with as few decimals as are exact (at most `most`); whole places and counts bare."""
    if step.rounding:
        return format_ratio(*pair, step.rounding.places)
    return format_exact(*pair, 0 if step.rule in ("rank", "count", "taken", "skating") else 2, most)


def rounded(step, value):
    if value is None or step.rounding is None:
        return value
    return Fraction(step.rounding.round(*value.as_integer_ratio()), step.rounding.scale)
