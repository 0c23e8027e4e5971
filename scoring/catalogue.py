"""Catalogues: every rule is an object an organiser can read, with its code, labels, meaning and source."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    code: str
    label_zh: str
    label_en: str
    meaning: str
    source: str
    needs: str = ""
    better: str = "high"
    function: Callable | None = None


def catalogue(*rules):
    """Rules by code, in the order in which they are offered."""
    found = {rule.code: rule for rule in rules}
    if len(found) != len(rules):
        raise ValueError("two rules of one catalogue share a code")
    return found


def choices(rules):
    """(code, Chinese label) pairs, as a select field wants them."""
    return [(rule.code, rule.label_zh) for rule in rules.values()]


ROUNDINGS = catalogue(
    Rule("half_up", "四舍五入", "Half up", "末位后满五进一，不足五舍去。", "竞赛评分惯例"),
    Rule("half_even", "四舍六入五成双", "Half to even", "末位后恰为五时向偶数靠拢。", "GB/T 8170 数值修约规则"),
    Rule("floor", "舍去尾数", "Round down", "末位后的数字一律舍去。", "竞赛评分惯例"),
    Rule("ceil", "进一", "Round up", "末位后有数字即进一。", "竞赛评分惯例"),
)

LEVELS = catalogue(
    Rule("total", "按评委总分", "Per judge total", "先求每位评委的总分，再对总分去高去低、求平均。", "多数职工技能竞赛的做法"),
    Rule("criterion", "按评分项", "Per criterion", "每个评分项各自去高去低、求平均，再按权重相加。", "部分竞赛规程的做法"),
)

BELOW_MINIMUM = catalogue(
    Rule("mean", "改用平均分", "Plain mean", "评委少于最低人数时，取全部评委的平均分；求和、取最高最低和名次类规则照常"
         "（求和时，回避、缺席者按比例折算，不够去掉最高最低者取平均分乘以去分后应余的人数）。", "三位评委时直接平均的惯例"),
    Rule("refuse", "不出成绩", "Refuse", "评委少于最低人数时不计成绩，列为未完成，须补足评委。", "要求最低评委人数的规程"),
)

CHIEF_ROLES = catalogue(
    Rule("counts", "总评委与其他评委同等计分", "Chief counts as a member", "总评委的打分与其他评委一起计算。", "路演评审惯例"),
    Rule("apart", "总评委打分不计入", "Chief kept apart", "总评委的打分不进入平均，只供同分时比较。", "部分竞赛规程的做法"),
)

CUT_TIES = catalogue(
    Rule("chain", "按同分规则分先后", "Tie chain", "末位同分按同分规则分先后；仍不能区分时等待集体决议。", "竞赛规程通例"),
    Rule("all_in", "同分一并入选", "All in", "末位同分者全部获奖，名额相应增加。", "信息学竞赛奖牌线的做法"),
    Rule("all_out", "同分均不入选", "All out", "末位同分且名额不足时均不获该奖，名额空缺。", "部分竞赛规程的做法"),
    Rule("extend", "并入，占用下一等", "Extend", "同分者全部获奖，多出的名额从下一等扣除。", "奥林匹克竞赛奖牌比例的做法"),
    Rule("carry", "不入选，名额下移", "Carry down", "末位同分且名额不足时均不获该奖，余下的名额移给下一等。", "部分竞赛规程的做法"),
    Rule("nearest", "取近", "Nearest", "同分者一并入选或均不入选，取离名额较近的一种；一样近则入选。", "国际学科奥林匹克定奖牌线的做法"),
)

PART_KINDS = catalogue(
    Rule("judged", "评委打分", "Judged by a panel", "由评委逐项打分，按评分规则合成。", "竞赛规程通例"),
    Rule("figure", "导入成绩", "Imported figure", "理论考试、机考、投票折算等已有成绩，按录入值计。", "竞赛规程通例"),
)

STATUSES = catalogue(
    Rule("competing", "正常参赛", "Competing", "计成绩、排名次。", "竞赛规程通例"),
    Rule("out_of_competition", "不计名次", "Out of competition", "计成绩，不占名次和奖项名额，名次依次递补。", "往届获奖者参赛的规定"),
    Rule("no_score", "无成绩", "No score", "没有一项计入总分的成绩（如各轮均未完成），排在有成绩者之后。", "竞赛规程通例"),
    Rule("incomplete", "未完成", "Incomplete", "尚有评分未提交，不排名次，不能发布。", "缺分不等于零分"),
    Rule("absent", "缺考", "Absent", "未到场，无成绩。", "竞赛规程通例"),
    Rule("withdrawn", "弃权", "Withdrawn", "主动退出，无成绩。", "竞赛规程通例"),
    Rule("vetoed", "一票否决", "Vetoed", "由组织者依规定否决并说明理由，不排名次。", "创新竞赛规程"),
    Rule("disqualified", "取消资格", "Disqualified", "因违规取消成绩，不排名次。", "竞赛规程通例"),
)

SHEET_STATES = catalogue(
    Rule("submitted", "已提交", "Submitted", "评分完整并已提交，计入成绩。", "本系统"),
    Rule("draft", "草稿", "Draft", "已打分未提交，视为缺分。", "本系统"),
    Rule("missing", "未评", "Missing", "尚未打分，视为缺分。", "本系统"),
    Rule("returned", "已退回", "Returned", "退回评委重评，提交前视为缺分。", "本系统"),
    Rule("recused", "回避", "Recused", "评委回避，不参加该对象的计算，人数相应减少。", "回避制度"),
    Rule("absent", "评委缺席", "Judge absent", "评委缺席，不参加计算，人数相应减少。", "竞赛规程通例"),
)

RANK_KEYS = catalogue(
    Rule("rounded", "按公布的分数", "By the published score", "以舍入后的总分排名，看得见的分数相同即为同分。", "竞赛规程通例"),
    Rule("exact", "按未舍入的分数", "By the exact score", "以未舍入的精确分数排名，仅当精确值相等才为同分。", "部分竞赛规程的做法"),
)

BETTER = catalogue(
    Rule("high", "高者列前", "Higher is better", "数值大者为优。", "竞赛规程通例"),
    Rule("low", "低者列前", "Lower is better", "数值小者为优，如用时、名次、罚分。", "竞赛规程通例"),
)

RANKINGS = catalogue(
    Rule("standard", "并列后顺延（1 2 2 4）", "Standard competition", "名次相同者并列，其后名次按人数顺延。", "竞赛规程通例"),
    Rule("dense", "并列不占位（1 2 2 3）", "Dense", "名次相同者并列，其后名次紧接。", "部分竞赛规程的做法"),
    Rule("mean", "平均名次（1 2.5 2.5 4）", "Mean of the places", "并列者都取所占各名次的平均。", "秩和统计惯例"),
    Rule("modified", "并列取末位（1 3 3 4）", "Modified competition", "并列者都取所占各名次中最末一个。", "统计惯例"),
    Rule("ordinal", "不设并列（1 2 3 4）", "Ordinal", "不得并列：同分规则分不出先后的，须有集体决议。", "不设并列的规程"),
)

WITHIN = catalogue(
    Rule("division", "同赛区（组别）", "Division", "只在同一赛区或组别的对象之间比较，如分组评审、分两个考点。", "分组评审的规程"),
    Rule("delegation", "同代表队", "Delegation", "只在同一代表队的对象之间比较。", "竞赛规程通例"),
    Rule("organization", "同单位", "Organization", "只在同一单位的对象之间比较。", "竞赛规程通例"),
)

MISSING = catalogue(
    Rule("skip", "略去", "Skip", "缺项不参加计算。", "取最好成绩的惯例"),
    Rule("none", "无成绩", "No result", "缺任何一项即无此项成绩。", "各项都须完成的规程"),
    Rule("zero", "计零分", "Zero", "缺项按零分计，须由规程明定。", "部分竞赛规程的做法"),
    Rule("last", "计末位后一名", "One after the last", "缺项按参赛总数加一计，用于名次计分。", "帆船竞赛规则 A5"),
)

SCALES = catalogue(
    Rule("hundred", "百分制", "Out of a hundred", "评分项按权重折成百分制，环节满分 100 分。", "职业技能竞赛规程"),
    Rule("share", "得分率", "Share of the most possible", "各项原始分乘以系数相加，除以可能的最高总分，再乘 100；系数不必合计 100，不填即 1。",
         "马术盛装舞步等按得分率计分的规则"),
    Rule("raw", "原始分相加", "Raw marks", "评分项按原始分乘以权重相加，不折成百分制。", "体育评分规则、学科竞赛"),
)

SIDES = catalogue(
    Rule("both", "两侧", "Both sides", "与目标值的差，不论多少都算。", "测量评分惯例"),
    Rule("above", "只算超出", "Above only", "只有超出目标值的部分才算。", "测量评分惯例"),
    Rule("below", "只算不足", "Below only", "只有不足目标值的部分才算。", "测量评分惯例"),
)

DEVIATIONS = catalogue(
    Rule("sample", "样本标准差（n−1）", "Sample", "离差平方和除以 n−1 后开方。", "统计惯例"),
    Rule("population", "总体标准差（n）", "Population", "离差平方和除以 n 后开方。", "统计惯例"),
)
