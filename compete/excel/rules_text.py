"""The rules of a scheme in one sentence each, as they are printed over and under a table of results."""

import scoring
from compete.contests import telling
from compete.excel import formulas, scope


def rules(scheme: scoring.Scheme) -> str:
    parts = "；".join(f"{_share(scheme, part)}，{_part(part)}" for part in scheme.parts)
    steps = "".join(f"；{step.name}：{step.words}" for step in telling.steps(scheme))
    total = f"总分{scoring.ROUNDINGS[scheme.rounding.mode].label_zh}保留 {scheme.rounding.places} 位小数"
    ties = " → ".join(rule.label or scoring.TIE_RULES[rule.code].label_zh for rule in scheme.ties)
    return f"计分规则：{parts}{steps}。{total}" + (f"。同分依次比较：{ties}" if ties else "") + "。"


def _share(scheme: scoring.Scheme, part: scoring.Part) -> str:
    return part.name if scheme.total else f"{part.name}占 {scoring.format_percent(part.weight)}%"


def _part(part: scoring.Part) -> str:
    if part.kind != "judged":
        return "按导入成绩计"
    panel = part.panel
    if panel.rule == "trimmed_mean":
        what = "每个评分项" if panel.level == "criterion" else "评委打分"
        rule = f"{what}去掉 {panel.drop_high} 个最高分、{panel.drop_low} 个最低分后取平均"
        least = max(panel.minimum_judges, scoring.fewest_judges(panel))
        rule += f"（少于 {least} 位评委时{'不计分' if panel.below_minimum == 'refuse' else '不去分'}）"
    else:
        level = "每个评分项的" if panel.level == "criterion" else "评委打分的"
        rule = level + scoring.PANEL_RULES[panel.rule].label_zh
    for rounding, where in ((panel.rounding, "平均值"), (part.rounding, "环节得分")):
        if rounding:
            rule += f"，{where}{scoring.ROUNDINGS[rounding.mode].label_zh}保留 {rounding.places} 位小数"
    more = [telling.sentence(panel, PANEL), telling.sentence(part, PART)]
    return "，".join([rule, *(text for text in more if text)])


# What the sentences above tell in their own words.
PANEL = ("rule", "drop_high", "drop_low", "minimum_judges", "below_minimum", "level", "chief", "rounding")
PART = ("code", "name", "weight", "kind", "criteria", "panel", "rounding")


def legend(scheme: scoring.Scheme, facts: scoring.Facts) -> str:
    found = ["说明："]
    if any(part.panel.rule == "trimmed_mean" for part in scheme.parts if part.kind == "judged"):
        found.append("灰底、划线并注“去”的分数是按规则去掉的最高分或最低分；")
    found.append(
        f"“回避”“缺席”的评委不计入，“{formulas.NO_MARK}”表示未安排该评委，“{formulas.MISSING}”表示应评未评（不等于 0 分），该参赛对象不排名次；"
    )
    kept = scope.stored(scheme, facts)
    found.append("“同分次序”是总分相同时按同分规则排定的先后（0 为最前）。")
    if kept:
        found.append(f"这套规则里，{'、'.join(kept)}没有等价的表格公式，所存是系统精确算出的数，改动打分后不会自动重算，来历见系统的“核分”页；其余得分是公式；")
    else:
        found.append("表内得分、总分和名次都是公式，可在电子表格中逐格核算；")
    found.append("公式内层的 ROUND 用来去掉二进制尾差。")
    return "".join(found)
