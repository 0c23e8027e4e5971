"""Faults of steps: unknown rules and figures, circles, missing or impossible parameters; each names the step and the way out."""

from fractions import Fraction

from ..catalogue import BETTER, DEVIATIONS, MISSING, RANKINGS, WITHIN
from ..numbers import UNIT
from ..problems import Problem
from ..ranking.directions import known_output
from ..steps.catalogue import STEP_RULES
from ..steps.references import in_order, name_of
from .faults import known, repeated, rounding
from .ties import check_chain, check_reference

LABELS = {"low": "下限", "high": "上限", "to_low": "换算下端", "to_high": "换算上端", "table": "对照表"}
FINEST = 1000  # of an exponent's denominator: roots of higher degree take too long and no performance table has them


def check_steps(scheme) -> list[Problem]:
    found = []
    for step in scheme.steps:
        found += _step(scheme, step)
    circle = in_order(scheme.steps)[1]
    if circle:
        names = "、".join(f"“{step.name}”" for step in circle)
        found.append(Problem("step_cycle", "计算项", f"{names}互相引用，无法计算", "请改正“取自”，使每一项只用在它之前算出的数"))
    for what, code in (("总分", scheme.total), ("排名用数", scheme.key), ("先分档", scheme.class_by)):
        if code:
            found += check_reference(scheme, code, what)
    return found + repeated("数据名称", [code for code, label in scheme.labels])


def _step(scheme, step):
    where = f"计算项“{step.name}”"
    found = known(STEP_RULES, step.rule, where, "规则")
    if found:
        return found
    rule = STEP_RULES[step.rule]
    for reference in step.of:
        found += check_reference(scheme, reference, where)
    found += known(BETTER, step.better, where, "优劣") + known(RANKINGS, step.method, where, "并列名次的写法") + rounding(where, step.rounding)
    return found + _counts(step, rule, where) + _gaps(step, rule, where) + _values(step, rule, where) + _places(scheme, step, where)


def _counts(step, rule, where):
    found, count = [], len(step.of)
    if count < rule.least or (rule.most is not None and count > rule.most):
        wanted = f"{rule.least} 个" if rule.least == rule.most else f"至少 {rule.least} 个"
        found.append(Problem("step_inputs", where, f"“{rule.label_zh}”取自{wanted}数，现有 {count} 个", "请改正“取自”"))
    if step.weights and "weights" not in rule.optional:
        found.append(Problem("step_weights", where, f"“{rule.label_zh}”不用权重", "请删去权重，或先用“求和”加权"))
    elif step.weights and len(step.weights) != count:
        found.append(Problem("step_weights", where, f"有 {count} 个数、{len(step.weights)} 个权重", "请使权重与“取自”一一对应"))
    elif step.rule == "mean" and step.weights and sum(step.weights) <= 0:
        found.append(Problem("step_weights", where, "权重之和须大于 0", "请改正权重"))
    if "keep" in rule.optional and step.keep is not None and not 1 <= step.keep <= max(count, 1):
        found.append(Problem("step_keep", where, f"从 {count} 个数中取 {step.keep} 个", f"“取几个”请填 1 到 {count}"))
    if "drop" in rule.optional and step.drop is not None and not 0 <= step.drop < max(count, 1):
        found.append(Problem("step_drop", where, f"从 {count} 个数中去掉 {step.drop} 个", f"“去几个”请填 0 到 {max(count - 1, 0)}"))
    if step.fewest is not None and not 1 <= step.fewest <= max(count, 1):
        found.append(Problem("step_fewest", where, f"从 {count} 个数中至少要有 {step.fewest} 个", f"“最少几个”请填 1 到 {count}"))
    return found


def _gaps(step, rule, where):
    if not step.missing:
        return []
    found = known(MISSING, step.missing, where, "缺项的处理")
    if not found and step.missing not in rule.policies:
        allowed = "、".join(MISSING[code].label_zh for code in rule.policies)
        found.append(Problem("step_missing", where, f"“{rule.label_zh}”缺项时不能“{MISSING[step.missing].label_zh}”", f"可选：{allowed}"))
    return found


def _values(step, rule, where):
    lacking = [LABELS[name] for name in rule.required if getattr(step, name) in (None, ())]
    if lacking:
        return [Problem("step_parameters", where, f'没有填写{"、".join(lacking)}', f"“{rule.label_zh}”须填写这些数")]
    found = []
    if step.rule == "map" and step.low == step.high:
        found.append(Problem("step_range", where, "换算前的下限和上限相同", "请填写两个不同的数"))
    if step.rule == "cap" and step.low is None and step.high is None:
        found.append(Problem("step_parameters", where, "上限和下限都没有填写", "请至少填写一项"))
    bounded = "low" in rule.optional and None not in (step.low, step.high)
    if bounded and step.low > step.high:
        found.append(Problem("step_range", where, "下限大于上限", "请改正下限或上限"))
    if len({key for key, points in step.table}) < len(step.table):
        found.append(Problem("step_table", where, "对照表中有相同的数", "同一个数请只留一行"))
    if step.standard is not None:
        found += known(DEVIATIONS, step.standard.deviation, where, "标准差")
    return found + _numbers(step, where)


def _numbers(step, where):
    """The exact numbers kept as text."""
    values, found = {}, []
    for name, label in (("factor", "乘数"), ("offset", "加数"), ("exponent", "指数")):
        try:
            values[name] = Fraction(getattr(step, name))
        except (ValueError, ZeroDivisionError):
            found.append(Problem("step_number", where, f"{label}“{getattr(step, name)[:30]}”不是数", "请填写小数或分数，如 0.3 或 10/3"))
    if step.rule != "power" or found:
        return found
    if values["factor"] <= 0 or not 0 < values["exponent"] <= 10:
        found.append(Problem("step_power", where, "幂函数计分的乘数须大于 0，指数须大于 0 且不超过 10", "请改正乘数或指数"))
    elif values["exponent"].denominator > FINEST:
        found.append(Problem("step_power", where, "指数的小数位数过多", "请填写不超过 3 位小数的指数"))
    return found


def _places(scheme, step, where):
    found = check_chain(scheme, step.ties, f"{where}的同分规则", of_step=True)
    if step.ties and "ties" not in STEP_RULES[step.rule].optional:
        found.append(Problem("step_ties", where, f"“{STEP_RULES[step.rule].label_zh}”不用同分规则", "请删去同分规则"))
    if step.method == "ordinal":
        found.append(Problem("step_ordinal", where, "计算项的名次不能要求不设并列", "请改用 1224、1223 或平均名次"))
    if step.within and "within" not in STEP_RULES[step.rule].optional:
        found.append(Problem("step_within", where, f"“{STEP_RULES[step.rule].label_zh}”不在对象之间比较，没有范围可言", "请删去“范围”"))
    elif step.within:
        found += known(WITHIN, step.within, where, "范围")
    if step.rule == "skating":
        found += _dances(scheme, step, where)
    return found


def _dances(scheme, step, where):
    parts = [scheme.part(code) for code in step.of]
    wrong = [part.name for part in parts if part and part.kind == "judged" and part.panel.rule != "majority"]
    if not wrong:
        return []
    return [Problem("step_dances", where, f'{"、".join(wrong)}的评分规则不是“多数名次”，得不出各舞种的名次', "请把这些环节的评分规则改为“多数名次”")]


def step_notices(scheme) -> list[Problem]:
    """What an organiser should know about sound steps."""
    if check_steps(scheme):
        return []
    found = []
    for step in scheme.steps:
        if step.rule == "points_by_place" and max(step.table)[1]:
            last = max(step.table)[0] // UNIT
            found.append(Problem("table_without_end", f"计算项“{step.name}”", f"第 {last} 名以后的名次都得末档的分",
                                 f"只奖到第 {last} 名的，请在对照表末尾加一行 [{last + 1}, 0]"))
    optional = [part.name for part in scheme.parts if not part.required]
    if optional and not scheme.total and len(scheme.parts) > 1:
        found.append(Problem("optional_without_total", "总分", f'{"、".join(optional)}可不参加，但总分按权重相加，未参加者没有总分',
                             "请用计算项（如“取最好几个相加”）说明怎样得出总分"))
    return found + _against_the_grain(scheme)


def _against_the_grain(scheme):
    """The figure that entries are ranked by is good when small, and the scheme ranks the larger first, or the other way round."""
    code = scheme.key or scheme.total
    own = known_output(scheme, code) if code else None
    if own in (None, scheme.better):
        return []
    word = {"high": "大", "low": "小"}
    return [Problem("total_direction", "评分方案", f"“{name_of(scheme, code)}”是{word[own]}者为优的数，方案却以{word[scheme.better]}者列前",
                    "请核对方案和计算项的“优劣”")]
