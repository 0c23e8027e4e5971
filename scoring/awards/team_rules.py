"""How members' results become a team's, and what parts teams of equal score."""

from fractions import Fraction

from ..catalogue import Rule, catalogue
from ..numbers import UNIT, format_exact
from ..ranking.order import place_figure

TEAM_BY = catalogue(
    Rule("organization", "单位", "Organization", "同一单位的对象为一个团体。", "竞赛规程通例"),
    Rule("delegation", "代表队", "Delegation", "同一代表队的对象为一个团体。", "竞赛规程通例"),
    Rule("division", "赛区", "Division", "同一赛区的对象为一个团体。", "竞赛规程通例"),
)


def _score(member, team, context):
    return context.score(member)


def _points(member, team, context):
    """Points of the last row of the table not beyond the place; table rows hold units."""
    rows = [points for place, points in sorted(team.table) if place <= member.place * UNIT]
    return Fraction(rows[-1], UNIT) if rows else Fraction(0)


def _place(member, team, context):
    return Fraction(member.place)


def _tier_points(member, team, context):
    table = dict(team.table)
    return sum((Fraction(table.get(number * UNIT, 0), UNIT) for number in context.tiers_of(member)), Fraction(0))


def _awards(member, team, context):
    return Fraction(len(context.tiers_of(member)))


TEAM_RULES = catalogue(
    Rule("sum", "成员总分之和", "Sum of scores", "全部成员总分之和；填了“取几个”即只取最好的几名。", "职业技能竞赛团体总分", function=_score),
    Rule("best", "最好几名之和", "Sum of the best", "取最好的几名成员，总分相加；以高为优时不足此数的有几名算几名，以低为优时不足即不排名次。", "团体总分规程",
         "取几个", function=_score),
    Rule("mean", "成员平均分", "Mean of scores", "全部成员总分的平均；填了“取几个”即只取最好的几名。", "人数不等的团体", function=_score),
    Rule("places", "名次得分", "Points by place", "成员按个人名次得分（如第 1—6 名计 10—5 分），得分相加。", "职业技能竞赛优秀组织奖计分",
         "名次得分表", function=_points),
    Rule("place_sum", "名次之和", "Sum of places", "成员个人名次相加，小者列前；须取同样人数。", "越野跑、体操等团体计分", better="low", function=_place),
    Rule("award_points", "奖项得分", "Points by award", "成员每得一个奖按奖等得分（一等奖为 1、二等奖为 2……），得分相加。", "优秀组织奖规程",
         "奖等得分表", function=_tier_points),
    Rule("awards", "获奖数", "Number of awards", "成员获奖的个数。", "优秀组织奖规程", function=_awards),
    Rule("medals", "奖牌榜", "Medal table", "先比一等奖（金牌）个数，再比二等奖，依次类推。", "综合性运动会奖牌榜", function=_awards),
)


def _better_places(figure, argument):
    """Sorted places compared one by one: more firsts, then more seconds …; a longer list of places is the better one."""
    places = sorted(member.standing.place for member in figure.counted if member.standing.place is not None)
    texts = [f"第 {place_figure(place)} 名 {places.count(place)} 个" for place in sorted(set(places))[:6]]
    return tuple(-Fraction(place) for place in places), "、".join(texts)


def _best_member(figure, argument):
    scores = [figure.context.score(member.standing) for member in figure.counted if member.standing.place is not None]
    low = figure.context.better == "low"
    if not scores:
        return (0, 0), "无"
    best = min(scores) if low else max(scores)
    return (1, -best if low else best), fraction_text(best)


def _all_members(figure, argument):
    total = sum((figure.context.score(member.standing) for member in figure.members if member.standing.place is not None), Fraction(0))
    return (-total if figure.context.better == "low" else total,), fraction_text(total)


def _medals(figure, argument):
    counts = figure.medal_counts()
    return counts, figure.context.medal_text(counts)


def _part(figure, argument):
    found = Fraction(0)
    for member in figure.counted:
        part = member.standing.parts.get(argument)
        if part and part.score_num is not None:
            found += Fraction(part.score_num, part.score_den)
    return (found,), fraction_text(found)


def _figure(sign):
    def compare(figure, argument):
        """The sum of an imported figure over the counted members; a team that lacks one of them stands behind."""
        found = [member.standing.fact.figures.get(argument) for member in figure.counted]
        if None in found:
            return (0, 0), "数据不全"
        total = Fraction(sum(found), UNIT)
        return (1, sign * total), fraction_text(total)
    return compare


def _decision(figure, argument):
    """Names in the decided order; who is not named stands behind."""
    names = [name.strip() for name in argument.split("、")]
    place = names.index(figure.name) + 1 if figure.name in names else len(names) + 1
    return (-place,), f"决议第 {place} 位" if figure.name in names else "决议未列"


def fraction_text(value):
    return format_exact(value.numerator, value.denominator, 0, 4)


TEAM_TIES = catalogue(
    Rule("better_places", "好名次多者", "More of the better places", "比较计分成员的个人名次：第 1 名多者列前，再比第 2 名，依次类推。",
         "职业技能竞赛优秀组织奖计分", function=_better_places),
    Rule("best_member", "最好成员", "Best member", "比较成绩最好的计分成员。", "竞赛规程通例", function=_best_member),
    Rule("all_members", "全体成员总分", "All members", "比较全体有名次成员总分之和。", "取最好几名计分的规程", function=_all_members),
    Rule("medals", "奖牌", "Medals", "比较计分成员所得一等奖个数，再比二等奖，依次类推。", "竞赛规程通例", function=_medals),
    Rule("part", "环节得分之和", "Sum of a part", "比较计分成员在某一环节的得分之和，高者列前。", "实操成绩优先的规程", "环节", function=_part),
    Rule("figure_high", "附加数据之和，大者", "Sum of a figure, high", "比较计分成员一项录入数据之和，大者列前。", "竞赛规程通例", "录入的数据",
         function=_figure(1)),
    Rule("figure_low", "附加数据之和，小者", "Sum of a figure, low", "比较计分成员一项录入数据（如用时）之和，小者列前。", "竞赛规程通例",
         "录入的数据", better="low", function=_figure(-1)),
    Rule("decision", "集体决议", "Recorded decision", "按集体决议的先后：对象一栏依次写团体名称，以顿号隔开；没有写到的列后。", "不设并列的规程",
         "依次写出的团体名称", function=_decision),
)
