"""Whether a scheme can be judged by: every fault with its place and the way out."""

from .awards import budget_problem, planned_counts
from .catalogue import CUT_TIES, RANK_KEYS, ROUNDINGS
from .checks_parts import check_part, notices  # noqa: F401  (asked for beside check_scheme)
from .faults import known, repeated, rounding, weights
from .numbers import UNIT, WHOLE, format_points
from .problems import Problem
from .scheme import Scheme
from .ties import TIE_RULES, leaf_or_node


def check_scheme(
    scheme: Scheme, *, field: int | None, judges: dict[str, int], budget_fen: int | None
) -> tuple[Problem, ...]:
    found = []
    if not scheme.parts:
        found.append(Problem("no_parts", "评分方案", "还没有评分环节", "请至少添加一个评分环节"))
    else:
        found += weights("评分环节", [part.weight for part in scheme.parts])
    found += repeated("评分环节", [part.code for part in scheme.parts])
    for part in scheme.parts:
        found += check_part(part, judges.get(part.code))
    found += rounding("总分", scheme.rounding)
    found += known(RANK_KEYS, scheme.rank_by, "评分方案", "排名依据")
    found += _ties(scheme)
    found += _tiers(scheme, field, budget_fen)
    return tuple(found)


def _ties(scheme):
    found = []
    for position, tie in enumerate(scheme.ties, 1):
        where = f"同分规则第 {position} 条"
        found += known(TIE_RULES, tie.code, where, "规则")
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
    tiers, found = scheme.tiers, repeated("奖项", [tier.code for tier in scheme.tiers])
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
    found = (known(CUT_TIES, tier.tie, tier.name, "末位同分的处理")
             + known(ROUNDINGS, tier.rounding_mode, tier.name, "名额的舍入方式"))
    if (tier.count is None) == (tier.ratio is None):
        found.append(Problem("tier_quota", tier.name, "名额和比例须填且只填一项", "请填写名额，或填写比例"))
    if (tier.count or 0) < 0 or not 0 <= (tier.ratio or 0) <= UNIT or tier.prize_fen < 0:
        found.append(Problem("tier_quota", tier.name, "名额、比例和奖金不能为负，比例不超过 100%", "请改正名额、比例或奖金"))
    if tier.minimum_score is not None and not 0 <= tier.minimum_score <= WHOLE:
        found.append(Problem("tier_minimum", tier.name, f"最低分 {format_points(tier.minimum_score)} 不在 0 到 100 之间", "请改正最低分"))
    if tier.minimum_score is not None and not tier.vacant_allowed:
        found.append(Problem("tier_vacancy", tier.name, "设了最低分，又不许空缺，两者可能冲突", "请允许空缺，或取消最低分"))
    return found
