"""Faults of awards, titles, team lists and promotion in a scheme."""

from collections.abc import Sequence
from fractions import Fraction

from ..awards.allot import AWARD_RULES, above_field, budget_problem
from ..awards.apportion import APPORTION
from ..awards.promotion import PROMOTION_BY
from ..awards.quotas import RATIO_BASES, exact, planned_counts
from ..awards.team_rules import TEAM_BY, TEAM_RULES, TEAM_TIES
from ..catalogue import BETTER, CUT_TIES, ROUNDINGS
from ..numbers import UNIT, WHOLE, format_points
from ..problems import Problem
from ..ranking.directions import better_of
from ..rules import Promotion, Team, Tier
from ..scheme import Scheme
from ..steps.references import figures_of, kind_of, leaf_or_node
from .faults import known, repeated, rounding
from .ties import check_reference


def check_awards(scheme: Scheme, field: int | None, budget_fen: int | None) -> list[Problem]:
    """field: number of entries, when known: then counts are held against it and prizes against the budget."""
    found = known(AWARD_RULES, scheme.awards, "奖项", "授奖办法")
    found += repeated("奖项和称号", [tier.code for tier in (*scheme.tiers, *scheme.titles)])
    if scheme.awards == "medals_700":
        found += _medals(scheme)
    for at, tier in enumerate(scheme.tiers):
        found += _tier(scheme, tier) + _requires(tier, scheme.tiers[:at], exclusive=True)
        found += _quota(tier) if scheme.awards != "medals_700" else []
    found += _shares(scheme.tiers) if scheme.awards != "medals_700" else []
    for at, title in enumerate(scheme.titles):
        found += _tier(scheme, title) + _quota(title) + _requires(title, (*scheme.tiers, *scheme.titles[:at]))
    found += repeated("团体", [team.code for team in scheme.teams])
    for team in scheme.teams:
        found += _team(scheme, team)
    found += _promotion(scheme.promotion) if scheme.promotion else []
    return found if found or field is None else _money(scheme, field, budget_fen)


def _money(scheme, field, budget_fen):
    counts = planned_counts(scheme.tiers, field)
    found = above_field(sum(counts.values()), field)
    if budget_fen is None:
        return found
    planned = sum(counts[tier.code] * tier.prize_fen for tier in scheme.tiers)
    for lists in (scheme.titles, *(team.tiers for team in scheme.teams)):
        planned += sum(planned_counts([tier], field)[tier.code] * tier.prize_fen for tier in lists if tier.count is not None)
    problem = budget_problem(planned, budget_fen)
    return found + ([problem] if problem else [])


def _medals(scheme):
    found = []
    if len(scheme.tiers) != 4:
        found.append(Problem("medals_need_four_tiers", "奖项", f"700 分制奖牌规则要有金、银、铜、优胜四个奖项，现有 {len(scheme.tiers)} 个",
                             "请按金、银、铜、优胜的次序填写四个奖项"))
    if scheme.better == "low":
        found.append(Problem("medals_low", "奖项", "700 分制奖牌规则只用于以高分为优的方案", "请改用按名额或按名次区间"))
    return found


def _share(tier):
    """The tier's part of the field, 0 for counts."""
    if tier.ratio is not None:
        return Fraction(tier.ratio, UNIT)
    return exact(tier.fraction) or Fraction(0) if tier.fraction else Fraction(0)


def _shares(tiers: Sequence[Tier]):
    """Ratios together no more than the whole field; a cumulative one no less than what stands above it."""
    found, above = [], Fraction(0)
    for tier in tiers:
        share = _share(tier)
        if tier.cumulative and share and share < above:
            found.append(Problem("cumulative_order", tier.name, "累计比例小于前面各等之和，本等永远没有名额", "累计比例须把前面各等包括在内，请改大或取消累计"))
        above = max(above, share) if tier.cumulative else above + share
    if above > 1:
        percent = format_points(int(above * 100 * UNIT))
        found.append(Problem("ratio_sum", "奖项", f"获奖比例合计 {percent}%，超过 100%", "请降低各奖项的比例"))
    return found


def _quota(tier):
    named = (tier.count is not None) + (tier.ratio is not None) + bool(tier.fraction)
    if named > 1:
        return [Problem("tier_quota", tier.name, "名额和比例须填且只填一项", "请只保留名额、比例、分数比例中的一项")]
    if not named and tier.minimum_score is None and not tier.by_size and not tier.requires and not tier.minimums:
        return [Problem("tier_quota", tier.name, "名额和比例须填且只填一项", "请填写名额或比例；只凭分数线授奖的请填写最低分")]
    return []


def _tier(scheme, tier):
    found = (known(CUT_TIES, tier.tie, tier.name, "末位同分的处理") + known(ROUNDINGS, tier.rounding_mode, tier.name, "名额的舍入方式")
             + known(RATIO_BASES, tier.base, tier.name, "比例基数") + _fraction(tier.name, tier.fraction))
    if (tier.count or 0) < 0 or not 0 <= (tier.ratio or 0) <= UNIT or tier.prize_fen < 0:
        found.append(Problem("tier_quota", tier.name, "名额、比例和奖金不能为负，比例不超过 100%", "请改正名额、比例或奖金"))
    if any(most is not None and most < 1 for most in (tier.per_organization, tier.per_person)):
        found.append(Problem("tier_limit", tier.name, "每单位、每人的限额至少为 1", "请填写不小于 1 的整数，或不填"))
    if any(size < 1 or place < 1 for size, place in tier.by_size) or len({size for size, place in tier.by_size}) < len(tier.by_size):
        found.append(Problem("tier_sizes", tier.name, "按人数的名次须为正整数，同一人数只填一行", "请改正“按人数”的各行"))
    if tier.minimum_score is not None and not tier.figure and out_of_hundred(scheme) and not 0 <= tier.minimum_score <= WHOLE:
        found.append(Problem("tier_minimum", tier.name, f"最低分 {format_points(tier.minimum_score)} 不在 0 到 100 之间", "请改正最低分"))
    if (tier.minimum_score is not None or tier.minimums) and not tier.vacant_allowed:
        found.append(Problem("tier_vacancy", tier.name, "设了最低分，又不许空缺，两者可能冲突", "请允许空缺，或取消最低分"))
    return found + _grounds(scheme, tier)


def _grounds(scheme, tier):
    """Faults of the other figure that the tier rests on, and of its least figures."""
    found, where = known(BETTER, tier.better, tier.name, "依据优劣") if tier.better else [], f"{tier.name} · 依据"
    for code in dict.fromkeys(figures_of(tier)):
        found += check_reference(scheme, code, where if code == tier.figure else f"{tier.name} · 各项最低分") + _bare(scheme, code, tier.name)
    found += repeated(f"{tier.name} · 各项最低分", [code for code, line in tier.minimums])
    if tier.figure and scheme.awards == "medals_700" and tier in scheme.tiers:
        found.append(Problem("tier_figure", where, "700 分制奖牌规则只看总分", "请不填依据，或把它改为称号"))
    if tier.figure and (tier.cumulative or tier.tie in ("extend", "carry")):
        found.append(Problem("tier_figure", where, "按另一个数授奖，名额不与其他奖等相连", "请取消累计；末位同分请改为一并入选、均不入选、取近或按同分规则分先后"))
    if tier.figure and tier.by_size:
        found.append(Problem("tier_figure", where, "“按人数”看的是总分的名次，不能与依据并用", "请只保留一项"))
    if tier.better and not tier.figure:
        found.append(Problem("tier_figure", where, "填了依据优劣，却没有依据", "请填写依据，或不填优劣（随总分）"))
    return found


def _bare(scheme, code, where):
    """A criterion named without its part would be taken for an imported figure."""
    found = leaf_or_node(scheme, code) if kind_of(scheme, code) == "figure" else None
    if not found:
        return []
    return [Problem("reference", where, f"“{code}”是评分项，须连同环节一起写", f"请写成“{found[0].code}/{code}”")]


def out_of_hundred(scheme: Scheme) -> bool:
    """Whether totals lie between 0 and 100 by the form of the scheme."""
    return not scheme.total and all(part.scale == "hundred" and not part.factor and part.multiple == "1" for part in scheme.parts)


def _fraction(where, text):
    share = exact(text) if text else Fraction(0)
    if share is not None and 0 <= share <= 1:
        return []
    return [Problem("fraction", where, f"“{text}”不是 0 到 1 之间的分数", "请填写如 1/12 的分数")]


def _requires(tier, above, *, exclusive=False):
    """Conditions name awards or titles before this one; of exclusive tiers nobody has a higher one as well."""
    found, codes = [], {one.code for one in above}
    for code in tier.requires:
        if code.removeprefix("!") not in codes:
            found.append(Problem("requires", tier.name, f"前提“{code.removeprefix('!')}”不是排在前面的奖项或称号", "请改正代码，或调整先后次序"))
        elif exclusive and not code.startswith("!"):
            found.append(Problem("requires", tier.name, f"已获“{code}”者不再授低一等的奖，这个前提永远不能满足", "请把它改为称号"))
    return found


def _team(scheme, team: Team):
    found = (known(TEAM_BY, team.by, team.name, "团体的划分") + known(TEAM_RULES, team.rule, team.name, "团体计分规则")
             + rounding(team.name, team.rounding) + repeated(team.name, [tier.code for tier in team.tiers]))
    if team.fewest < 1 or (team.keep is not None and team.keep < 1):
        found.append(Problem("team_counts", team.name, "取几个和最少人数至少为 1", "请填写不小于 1 的整数"))
    if team.rule in ("best", "place_sum") and team.keep is None:
        found.append(Problem("team_keep", team.name, f"“{TEAM_RULES[team.rule].label_zh}”须说明取几名成员", "请填写“取几个”"))
    if team.rule in ("places", "award_points") and not team.table:
        found.append(Problem("team_table", team.name, f"“{TEAM_RULES[team.rule].label_zh}”须有得分表", "请填写（名次，得分）各行"))
    for position, tie in enumerate(team.ties, 1):
        where = f"{team.name} · 同分规则第 {position} 条"
        found += known(TEAM_TIES, tie.code, where, "规则")
        if tie.code == "part" and not scheme.part(tie.argument):
            found.append(Problem("tie_argument", where, f"没有评分环节“{tie.argument}”", "请选择本方案中的环节"))
        if tie.code in ("figure_high", "figure_low", "decision") and not tie.argument:
            found.append(Problem("tie_argument", where, f"“{TEAM_TIES[tie.code].label_zh}”没有填写对象", f"请填写{TEAM_TIES[tie.code].needs}"))
    found += _team_parts(scheme, team) if team.of else []
    for at, tier in enumerate(team.tiers):
        if figures_of(tier):
            found.append(Problem("tier_figure", f"{team.name} · {tier.name}", "团体奖按团体成绩授予，不能另指依据或各项最低分", "请删去这两项"))
        found += _quota(tier) + _requires(tier, team.tiers[:at], exclusive=True)
        found += [problem for problem in _tier(scheme, tier) if problem.code != "tier_minimum"]
    return found


def _team_parts(scheme, team):
    found, where = repeated(team.name, team.of), f"{team.name} · 分项"
    if team.rule not in ("sum", "best"):
        found.append(Problem("team_parts", where, f"“{TEAM_RULES[team.rule].label_zh}”不用分项" if team.rule in TEAM_RULES else "只有求和用分项",
                             "请把规则改为成员总分之和或最好几名之和，或删去分项"))
    faults = [problem for code in team.of for problem in check_reference(scheme, code, where) + _bare(scheme, code, where)]
    if not faults and len({better_of(scheme, code) for code in team.of}) > 1:
        faults.append(Problem("team_directions", where, "有的分项以高为优，有的以低为优，不能相加", "请用计算项把它们换算为同一方向的得分"))
    return found + faults


def _promotion(rule: Promotion):
    where = f"晋级 · {rule.name}"
    found = (known(CUT_TIES, rule.tie, where, "末位同分的处理") + known(ROUNDINGS, rule.rounding_mode, where, "名额的舍入方式")
             + known(RATIO_BASES, rule.base, where, "比例基数") + known(APPORTION, rule.apportion, where, "名额分配法")
             + (known(PROMOTION_BY, rule.by, where, "名额的划分") if rule.by else []) + _fraction(where, rule.fraction)
             + repeated(where, [name for name, seats in rule.quotas]))
    named = (rule.count is not None) + (rule.ratio is not None) + bool(rule.fraction)
    if named > 1 or (not named and not rule.quotas and rule.minimum_score is None):
        found.append(Problem("promotion_quota", where, "名额和比例须填且只填一项", "请填写总名额或比例，或各区名额，或只填最低分作为分数线"))
    numbers = [rule.count or 0, rule.least, rule.runners_up, *(seats for name, seats in rule.quotas)]
    if min(numbers) < 0 or not 0 <= (rule.ratio or 0) <= UNIT or (rule.per_organization is not None and rule.per_organization < 1):
        found.append(Problem("promotion_numbers", where, "名额、比例不能为负，比例不超过 100%，每单位限至少为 1", "请改正数字"))
    if not rule.by and (rule.quotas or rule.least or rule.runners_up):
        found.append(Problem("promotion_by", where, "填了各区名额、每区至少或递补，但没有说明名额分配到什么", "请选择赛区、代表队或单位，或删去这些数"))
    given = sum(seats for name, seats in rule.quotas) + rule.runners_up
    if rule.quotas and rule.count is not None and given != rule.count:
        found.append(Problem("promotion_sum", where, f"各区名额与递补合计 {given} 个，与总名额 {rule.count} 个不符", "请使两者相等，或不填总名额"))
    return found
