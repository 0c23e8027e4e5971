"""What several checks of a scheme ask alike: known codes, no code twice, weights of 100, usable roundings."""

from ..catalogue import ROUNDINGS
from ..numbers import WHOLE, format_percent
from ..problems import Problem

MOST_PLACES = 4


def known(rules, code, where, what):
    if code in rules:
        return []
    return [Problem("unknown_rule", where, f"{what}“{code}”不在可选规则之内",
                    "请从以下规则中选择：" + "、".join(rule.label_zh for rule in rules.values()))]


def repeated(where, codes):
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return [Problem("repeated_code", where, f"代码“{code}”重复", "请为每一项取不同的代码") for code in twice]


def weights(where, weights):
    found = []
    if any(weight <= 0 for weight in weights):
        found.append(Problem("weight_not_positive", where, "有一项的权重为 0 或负数", "请为每一项填写大于 0 的权重，或删去该项"))
    total = sum(weights)
    if total != WHOLE:
        gap = f"还差 {format_percent(WHOLE - total)}" if total < WHOLE else f"多出 {format_percent(total - WHOLE)}"
        found.append(Problem("weight_sum", where, f"权重合计 {format_percent(total)}，{gap}", "请调整各项权重，使合计恰为 100"))
    return found


def rounding(where, rounding, most=MOST_PLACES):
    if rounding is None:
        return []
    found = known(ROUNDINGS, rounding.mode, where, "舍入方式")
    if not 0 <= rounding.places <= most:
        found.append(Problem("places", where, f"小数位数 {rounding.places} 不可用", f"请选择 0 到 {most} 位小数"))
    return found
