"""Whether a scheme can be judged by: every fault with its place and the way out."""

from .awards import budget_problem, planned_counts
from .catalogue import BELOW_MINIMUM, CHIEF_ROLES, CUT_TIES, LEVELS, PART_KINDS, RANK_KEYS, ROUNDINGS
from .numbers import UNIT, WHOLE, format_percent, format_points
from .panels import PANEL_RULES, fewest_judges
from .problems import Problem
from .scheme import Scheme
from .ties import TIE_RULES, leaf_or_node

MOST_PLACES = 4


def check_scheme(
    scheme: Scheme, *, field: int | None, judges: dict[str, int], budget_fen: int | None
) -> tuple[Problem, ...]:
    found = []
    if not scheme.parts:
        found.append(Problem("no_parts", "评分方案", "还没有评分环节", "请至少添加一个评分环节"))
    else:
        found += _weights("评分环节", [part.weight for part in scheme.parts])
    found += _repeated("评分环节", [part.code for part in scheme.parts])
    for part in scheme.parts:
        found += _part(part, judges.get(part.code))
    found += _rounding("总分", scheme.rounding)
    found += _known(RANK_KEYS, scheme.rank_by, "评分方案", "排名依据")
    found += _ties(scheme)
    found += _tiers(scheme, field, budget_fen)
    return tuple(found)


def _known(rules, code, where, what):
    if code in rules:
        return []
    return [Problem("unknown_rule", where, f"{what}“{code}”不在可选规则之内",
                    "请从以下规则中选择：" + "、".join(rule.label_zh for rule in rules.values()))]


def _repeated(where, codes):
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return [Problem("repeated_code", where, f"代码“{code}”重复", "请为每一项取不同的代码") for code in twice]


def _weights(where, weights):
    found = []
    if any(weight <= 0 for weight in weights):
        found.append(Problem("weight_not_positive", where, "有一项的权重为 0 或负数", "请为每一项填写大于 0 的权重，或删去该项"))
    total = sum(weights)
    if total != WHOLE:
        gap = f"还差 {format_percent(WHOLE - total)}" if total < WHOLE else f"多出 {format_percent(total - WHOLE)}"
        found.append(Problem("weight_sum", where, f"权重合计 {format_percent(total)}，{gap}", "请调整各项权重，使合计恰为 100"))
    return found


def _rounding(where, rounding):
    if rounding is None:
        return []
    found = _known(ROUNDINGS, rounding.mode, where, "舍入方式")
    if not 0 <= rounding.places <= MOST_PLACES:
        found.append(Problem("places", where, f"小数位数 {rounding.places} 不可用", f"请选择 0 到 {MOST_PLACES} 位小数"))
    return found


def _part(part, judges):
    found = _known(PART_KINDS, part.kind, part.name, "成绩来源") + _rounding(part.name, part.rounding)
    if part.criteria:
        found += _weights(part.name, [criterion.weight for criterion in part.criteria]) if part.scale != "raw" else []
    elif part.kind == "judged":
        found.append(Problem("no_criteria", part.name, "还没有评分项", "请至少添加一个评分项"))
    if part.kind == "figure" and (len(part.criteria) > 1 or len(part.leaves) > 1):
        found.append(Problem("figure_criteria", part.name, "导入成绩的环节只能有一个评分项", "请只保留一项，用来说明满分"))
    found += _repeated(part.name, [code for criterion in part.criteria for code in _codes(criterion)])
    for criterion in part.criteria:
        found += _criterion(part.name, criterion, part.scale)
    return found + (_panel(part, judges) if part.kind == "judged" else [])


def _codes(criterion):
    return [criterion.code] + [code for child in criterion.children for code in _codes(child)]


def _criterion(above, criterion, scale):
    where = f"{above} · {criterion.name}"
    if criterion.is_leaf:
        return _leaf(where, criterion, scale)
    weights = [child.weight for child in criterion.children]
    found = []
    if scale == "raw":
        pass
    elif any(weights):
        found += _weights(where, weights)
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
    found = (_known(PANEL_RULES, panel.rule, where, "评分规则") + _known(LEVELS, panel.level, where, "去高去低的层次")
             + _known(BELOW_MINIMUM, panel.below_minimum, where, "评委不足时的处理")
             + _known(CHIEF_ROLES, panel.chief, where, "总评委打分") + _rounding(where, panel.rounding))
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


def _ties(scheme):
    found = []
    for position, tie in enumerate(scheme.ties, 1):
        where = f"同分规则第 {position} 条"
        found += _known(TIE_RULES, tie.code, where, "规则")
        needs_part = tie.code == "part" or (tie.argument and tie.code in
                                            ("untrimmed_mean", "chief_mark", "highest_judge", "lowest_judge"))
        if needs_part and not scheme.part(tie.argument):
            found.append(Problem("tie_argument", where, f"没有评分环节“{tie.argument}”", "请选择本方案中的环节"))
        if tie.code in ("criterion", "criterion_mean"):
            target = leaf_or_node(scheme, tie.argument)
            if not target or target[0].kind != "judged":
                found.append(Problem("tie_argument", where, f"没有由评委打分的评分项“{tie.argument}”", "请选择本方案中的评分项"))
        if tie.code.startswith("figure") and not tie.argument:
            found.append(Problem("tie_argument", where, "没有说明比较哪一项数据", "请填写数据名称，例如“用时”"))
        if tie.code in ("shared", "decision") and position < len(scheme.ties):
            found.append(Problem("tie_unreachable", where, f"“{TIE_RULES[tie.code].label_zh}”之后的规则不会用到", "请把它移到最后"))
    return found


def _tiers(scheme, field, budget_fen):
    tiers, found = scheme.tiers, _repeated("奖项", [tier.code for tier in scheme.tiers])
    for tier in tiers:
        found += _tier(tier)
    ratios = sum(tier.ratio or 0 for tier in tiers)
    if ratios > UNIT:
        found.append(Problem("ratio_sum", "奖项", f"获奖比例合计 {format_points(ratios * 100)}%，超过 100%", "请降低各奖项的比例"))
    if found or field is None:
        return found
    counts = planned_counts(tiers, field)
    total = sum(counts.values())
    if total > field:
        found.append(Problem("awards_above_field", "奖项", f"奖项名额合计 {total} 个，参赛对象只有 {field} 个", "请减少名额或比例"))
    if budget_fen is not None:
        planned = sum(counts[tier.code] * tier.prize_fen for tier in tiers)
        problem = budget_problem(planned, budget_fen)
        found += [problem] if problem else []
    return found


def _tier(tier):
    found = (_known(CUT_TIES, tier.tie, tier.name, "末位同分的处理")
             + _known(ROUNDINGS, tier.rounding_mode, tier.name, "名额的舍入方式"))
    if (tier.count is None) == (tier.ratio is None):
        found.append(Problem("tier_quota", tier.name, "名额和比例须填且只填一项", "请填写名额，或填写比例"))
    if (tier.count or 0) < 0 or not 0 <= (tier.ratio or 0) <= UNIT or tier.prize_fen < 0:
        found.append(Problem("tier_quota", tier.name, "名额、比例和奖金不能为负，比例不超过 100%", "请改正名额、比例或奖金"))
    if tier.minimum_score is not None and not 0 <= tier.minimum_score <= WHOLE:
        found.append(Problem("tier_minimum", tier.name, f"最低分 {format_points(tier.minimum_score)} 不在 0 到 100 之间", "请改正最低分"))
    if tier.minimum_score is not None and not tier.vacant_allowed:
        found.append(Problem("tier_vacancy", tier.name, "设了最低分，又不许空缺，两者可能冲突", "请允许空缺，或取消最低分"))
    return found
