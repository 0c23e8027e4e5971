"""Whether the parts of a scheme can be judged by: their criteria, panels, and what a panel makes of too few judges."""

from fractions import Fraction

from ..catalogue import BELOW_MINIMUM, BETTER, CHIEF_ROLES, DEVIATIONS, LEVELS, PART_KINDS, RANKINGS, SCALES
from ..parts.panels import CLAMPS, PANEL_RULES, PLACED, SUMS, TRIMMED, below, fewest_judges, summed_seats
from ..problems import Problem
from ..scheme import Scheme
from .criteria import check_criterion
from .faults import known, repeated, rounding, weights

# Standard scores and the moments behind them may keep more decimals than a score does.
MOST_PLACES_OF_STANDARD = 20


def check_part(part, judges):
    found = (known(PART_KINDS, part.kind, part.name, "成绩来源") + known(SCALES, part.scale, part.name, "计分制")
             + rounding(part.name, part.rounding) + _multiple(part))
    if part.criteria:
        found += weights(part.name, [criterion.weight for criterion in part.criteria]) if part.scale == "hundred" else []
        if part.scale == "share" and any(criterion.weight < 0 for criterion in part.criteria):
            found.append(Problem("weight_not_positive", part.name, "有一项的系数为负数", "请填写大于 0 的系数，或不填（即为 1）"))
    elif part.kind == "judged":
        found.append(Problem("no_criteria", part.name, "还没有评分项", "请至少添加一个评分项"))
    if part.kind == "figure" and (len(part.criteria) > 1 or len(part.leaves) > 1):
        found.append(Problem("figure_criteria", part.name, "导入成绩的环节只能有一个评分项", "请只保留一项，用来说明满分"))
    codes = [code for criterion in part.criteria for code in _codes(criterion)]
    found += repeated(part.name, codes)
    found += [Problem("code", part.name, f"代码“{code}”不能含有“/”", "请改用字母、数字或下划线") for code in (part.code, *codes) if "/" in code]
    for criterion in part.criteria:
        found += check_criterion(part.name, criterion, part.scale)
    return found + (_panel(part, judges) if part.kind == "judged" else [])


def _codes(criterion):
    return [criterion.code] + [code for child in criterion.children for code in _codes(child)]


def _multiple(part):
    try:
        if Fraction(part.multiple) > 0:
            return []
    except (ValueError, ZeroDivisionError):
        pass
    return [Problem("multiple", part.name, f"倍数“{part.multiple}”不可用", "请填写大于 0 的小数或分数，例如 3 或 10/3")]


def _panel(part, judges):
    panel, where = part.panel, part.name
    found = (known(PANEL_RULES, panel.rule, where, "评分规则") + known(LEVELS, panel.level, where, "去高去低的层次")
             + known(BELOW_MINIMUM, panel.below_minimum, where, "评委不足时的处理")
             + known(CHIEF_ROLES, panel.chief, where, "总评委打分") + known(BETTER, panel.better, where, "打分的优劣")
             + known(RANKINGS, panel.ranks, where, "名次换算") + rounding(where, panel.rounding) + rounding(where, panel.judge_rounding))
    if panel.minimum_judges < 1 or panel.drop_high < 0 or panel.drop_low < 0:
        found.append(Problem("panel_counts", where, "评委人数和去掉的个数不能为负，最低人数至少为 1", "请填写不小于 0 的整数"))
    if panel.rule in TRIMMED and panel.minimum_judges < fewest_judges(panel):
        found.append(Problem("panel_too_small", where,
                             f"去掉 {panel.drop_high} 个最高分和 {panel.drop_low} 个最低分，最低评委人数 {panel.minimum_judges} 位不够",
                             f"最低评委人数至少填 {fewest_judges(panel)}"))
    if judges is not None and judges < panel.minimum_judges and panel.below_minimum == "refuse":
        found.append(_few(part, judges, "将不出成绩"))
    return found + _limits(panel, where) + _standard(part) + _places(part)


def _limits(panel, where):
    found = []
    if panel.rule in CLAMPS and panel.clamp is None:
        found.append(Problem("clamp", where, f"“{PANEL_RULES[panel.rule].label_zh}”没有填写限差", "请填写允许偏离平均分多少"))
    if (panel.clamp or 0) < 0 or (panel.review or 0) < 0:
        found.append(Problem("clamp", where, "限差和复议警戒不能为负", "请填写不小于 0 的数"))
    if panel.judge_rounding and panel.level == "criterion":
        found.append(Problem("judge_rounding", where, "按评分项合成时没有评委总分可以舍入", "请去掉单评委舍入，或改为按评委总分合成"))
    return found


def _standard(part):
    standard, where = part.panel.standard, part.name
    if standard is None:
        return []
    found = known(DEVIATIONS, standard.deviation, where, "标准差")
    if standard.spread <= 0:
        found.append(Problem("standard", where, "标准分的标准差取值须大于 0", "请填写大于 0 的数，例如 10"))
    for kept in (standard.rounding, standard.moments):
        found += rounding(where, kept, MOST_PLACES_OF_STANDARD)
    if part.leaves and all(leaf.kind == "rank" for leaf in part.leaves):
        found.append(Problem("standard", where, "评委直接给出名次，名次不能换算为标准分", "请去掉标准分，或改为打分"))
    return found


def _places(part):
    panel, where, found = part.panel, part.name, []
    if panel.rule not in PLACED:
        return []
    if panel.ranks == "ordinal":
        found.append(Problem("panel_ranks", where, "评委给的分相同时，没有规则分出先后", "名次换算请选择并列的写法，例如平均名次"))
    if panel.level == "criterion" and part.scale != "raw":
        found.append(Problem("places_scale", where, "按评分项合成的是名次，不能再折成百分制", "请把计分制改为“原始分相加”，或改为按评委总分合成"))
    if panel.level == "criterion" and any(node.cap is not None for node in part.criteria):
        found.append(Problem("places_cap", where, "按评分项合成的是名次，上限不起作用", "请去掉上限，或改为按评委总分合成"))
    return found


def _few(part, judges, after):
    return Problem("few_judges", part.name, f"评委组只有 {judges} 位评委，少于规定的 {part.panel.minimum_judges} 位，{after}",
                   "请增加评委，或降低最低人数")


def notices(scheme: Scheme, *, judges: dict[str, int]) -> tuple[Problem, ...]:
    """What an organiser should know although judging may begin: panels too small for their rule fall back to the mean; sums are
    made over the judges there are, and of too few to trim they are the mean times the number that would be left."""
    found = []
    for part in scheme.parts:
        panel, count = part.panel, judges.get(part.code)
        if part.kind != "judged" or count is None or panel.rule not in PANEL_RULES or count >= panel.minimum_judges:
            continue
        if panel.below_minimum == "mean" and panel.rule != "mean" and (below(panel) or panel.rule in SUMS):
            found.append(_few(part, count, _instead(panel, count)))
    return tuple(found)


def _instead(panel, count):
    if panel.rule not in SUMS:
        return "将改用平均分"
    if count < fewest_judges(panel):
        return f"不够去掉最高最低，将按平均分乘以 {summed_seats(panel, count)} 计"
    return f"将按 {count} 位评委{'去分后' if panel.rule in TRIMMED else ''}相加；有人回避或缺席时，按比例折算"
