"""Whether the parts of a scheme can be judged by: criteria, panels, and what a panel makes of too few judges."""

from .catalogue import BELOW_MINIMUM, CHIEF_ROLES, LEVELS, PART_KINDS
from .faults import known, repeated, rounding, weights
from .numbers import format_points
from .panels import PANEL_RULES, fewest_judges
from .problems import Problem
from .scheme import Scheme


def check_part(part, judges):
    found = known(PART_KINDS, part.kind, part.name, "成绩来源") + rounding(part.name, part.rounding)
    if part.criteria:
        found += weights(part.name, [criterion.weight for criterion in part.criteria]) if part.scale != "raw" else []
    elif part.kind == "judged":
        found.append(Problem("no_criteria", part.name, "还没有评分项", "请至少添加一个评分项"))
    if part.kind == "figure" and (len(part.criteria) > 1 or len(part.leaves) > 1):
        found.append(Problem("figure_criteria", part.name, "导入成绩的环节只能有一个评分项", "请只保留一项，用来说明满分"))
    found += repeated(part.name, [code for criterion in part.criteria for code in _codes(criterion)])
    for criterion in part.criteria:
        found += _criterion(part.name, criterion, part.scale)
    return found + (_panel(part, judges) if part.kind == "judged" else [])


def _codes(criterion):
    return [criterion.code] + [code for child in criterion.children for code in _codes(child)]


def _criterion(above, criterion, scale):
    where = f"{above} · {criterion.name}"
    if criterion.is_leaf:
        return _leaf(where, criterion, scale)
    given = [child.weight for child in criterion.children]
    found = []
    if scale == "raw":
        pass
    elif any(given):
        found += weights(where, given)
    else:
        total = sum(child.maximum for child in criterion.children)
        if total != criterion.maximum:
            found.append(Problem("maximum_sum", where,
                                 f"下级满分合计 {format_points(total)}，与本项满分 {format_points(criterion.maximum)} 不符",
                                 "请调整下级满分，使合计等于本项满分"))
    for child in criterion.children:
        found += _criterion(where, child, scale)
    return found


def _leaf(where, leaf, scale):
    low, high = format_points(leaf.minimum), format_points(leaf.maximum)
    if leaf.minimum >= leaf.maximum or (leaf.maximum <= 0 and scale != "raw"):
        return [Problem("range", where, f"分数范围 {low} 到 {high} 不可用", "满分须大于最低分；百分制的满分须大于 0")]
    found = []
    if leaf.step <= 0 or (leaf.maximum - leaf.minimum) % leaf.step:
        found.append(Problem("step", where, f"打分间隔 {format_points(leaf.step)} 不能从 {low} 走到 {high}", "请改用能整除该范围的间隔，如 0.5 或 1"))
    for units, text in leaf.anchors:
        if not leaf.minimum <= units <= leaf.maximum:
            found.append(Problem("anchor_range", where, f"评分说明“{format_points(units)} 分”不在 {low} 到 {high} 之间", "请修改说明所对应的分数"))
    return found


def _panel(part, judges):
    panel, where = part.panel, part.name
    found = (known(PANEL_RULES, panel.rule, where, "评分规则") + known(LEVELS, panel.level, where, "去高去低的层次")
             + known(BELOW_MINIMUM, panel.below_minimum, where, "评委不足时的处理")
             + known(CHIEF_ROLES, panel.chief, where, "总评委打分") + rounding(where, panel.rounding))
    if panel.minimum_judges < 1 or panel.drop_high < 0 or panel.drop_low < 0:
        found.append(Problem("panel_counts", where, "评委人数和去掉的个数不能为负，最低人数至少为 1", "请填写不小于 0 的整数"))
    if panel.rule == "trimmed_mean" and panel.minimum_judges < fewest_judges(panel):
        found.append(Problem("panel_too_small", where,
                             f"去掉 {panel.drop_high} 个最高分和 {panel.drop_low} 个最低分，最低评委人数 {panel.minimum_judges} 位不够",
                             f"最低评委人数至少填 {fewest_judges(panel)}"))
    if judges is not None and judges < panel.minimum_judges and panel.below_minimum == "refuse":
        found.append(_few(part, judges, "将不出成绩"))
    return found


def _few(part, judges, after):
    return Problem("few_judges", part.name, f"评委组只有 {judges} 位评委，少于规定的 {part.panel.minimum_judges} 位，{after}",
                   "请增加评委，或降低最低人数")


def notices(scheme: Scheme, *, judges: dict[str, int]) -> tuple[Problem, ...]:
    """What an organiser should know although judging may begin: panels too small for their rule fall back to the mean."""
    return tuple(_few(part, judges[part.code], "将改用平均分") for part in scheme.parts
                 if part.kind == "judged" and part.panel.rule != "mean" and part.panel.below_minimum == "mean"
                 and judges.get(part.code, part.panel.minimum_judges) < part.panel.minimum_judges)
