"""Kinds of marks: what a judge enters for a criterion (a score, a level, a choice, a measurement) and its points, exactly.

A raw mark is an int in 1/10000, as points are: a judgement of 2 is 20_000, a measured 50.3 is 503_000, 65 seconds 650_000.
"""

from ..catalogue import Rule, catalogue
from ..numbers import UNIT, format_points
from ..problems import Problem

LEVELS_OF_JUDGEMENT = 3
# Kinds whose points are maximum × mark / full mark.
FULL_MARK = {"judgement": LEVELS_OF_JUDGEMENT * UNIT, "yes_no": UNIT, "vote": UNIT}
# Kinds whose marks are points (or places) as they are.
AS_GIVEN = ("points", "rank")


def _choice(criterion, units):
    return dict(criterion.table).get(units)


def _benchmarks(criterion, units):
    """The best of the thresholds reached, the minimum where none is."""
    below = criterion.side == "below" or criterion.kind == "time"
    return max([criterion.minimum] + [points for raw, points in criterion.table if (units <= raw if below else units >= raw)])


def _deviation(criterion, units):
    side = "above" if criterion.kind == "time" else criterion.side
    gap = units - (criterion.target or 0)
    gap = abs(gap) if side == "both" else gap if side == "above" else -gap
    excess = gap - criterion.tolerance
    if excess <= 0:
        return criterion.maximum
    deduct = criterion.maximum - criterion.minimum if criterion.deduct is None else criterion.deduct
    started = -(-excess // criterion.per) if criterion.per else 1
    return _within(criterion, criterion.maximum - deduct * started)


def _count(criterion, units):
    times = units // (criterion.per or UNIT)
    return _within(criterion, times * (UNIT if criterion.deduct is None else criterion.deduct))


def _time(criterion, units):
    return _benchmarks(criterion, units) if criterion.table else _deviation(criterion, units)


def _within(criterion, points):
    return max(criterion.minimum, min(points, criterion.maximum))


SKILLS = "世界技能大赛评分惯例"
MARK_KINDS = catalogue(
    Rule("points", "打分", "Points", "评委在最低分与满分之间按间隔打分。", "竞赛评分惯例"),
    Rule("judgement", "评判 0–3 档", "Judgement 0 to 3",
         "0 低于行业标准，1 达到，2 部分超出，3 优秀；得分为满分乘以档次再除以 3，多位评委取平均即满分×平均档次÷3。", SKILLS),
    Rule("yes_no", "是否", "Yes or no", "是记 1，得满分；否记 0，得零分。", SKILLS),
    Rule("choice", "选项", "Choice", "从对照表所列的选项中选一个，得所对应的分。", SKILLS, "对照表", function=_choice),
    Rule("benchmarks", "分级基准", "Benchmarks",
         "按测得的数取所达到的最好一级的分：达到即不小于该基准（方向为“只算不足”时即不大于）；一级也未达到得最低分。",
         SKILLS, "对照表", function=_benchmarks),
    Rule("deviation", "偏差扣分", "Deviation",
         "与目标值之差超出允差后，每差（不足一次按一次）扣几分，扣到最低分为止；不填每差即超出就扣一次，不填分值即全扣。",
         SKILLS, "目标值", function=_deviation),
    Rule("count", "计数", "Count", "每满几个计几分，可为负（扣分）；不低于最低分，不高于满分。", SKILLS, function=_count),
    Rule("time", "用时", "Time", "所用的秒数：有对照表时取所赶上的最好一级的分（用时不多于该数），否则按超出目标用时扣分。",
         "有时限的操作项目", function=_time),
    Rule("rank", "名次", "Place", "评委直接给出名次，小者为优；并列可记 1.5、2.5。", "体育舞蹈等名次评分", better="low"),
    Rule("vote", "表决", "Vote", "赞成记 1，反对记 0；取平均即赞成率，取和即票数。", "评审委员会表决"),
)


def is_plain(criterion) -> bool:
    """Whether a leaf's mark times its factor is its share of the sheet, with nothing to look up."""
    return criterion.cap is None and (criterion.kind in AS_GIVEN or criterion.kind in FULL_MARK)


def convert(criterion, units: int) -> int | None:
    """What `Part.factors` counts for a raw mark: the points of a converted kind, else the mark itself; a leaf's cap limits
    it. None for a choice that is not in the list: no mark, rather than a zero.
    """
    function = MARK_KINDS[criterion.kind].function if criterion.kind in MARK_KINDS else None
    points = function(criterion, units) if function else units
    return points if criterion.cap is None or points is None else min(points, criterion.cap)


def points(criterion, units: int) -> tuple[int, int] | None:
    """The points of a raw mark as (numerator, denominator), for showing: a judgement of 2 of a maximum of 1 is 2/3."""
    full = FULL_MARK.get(criterion.kind)
    if full:
        return units * criterion.maximum, full * UNIT
    found = convert(criterion, units)
    return None if found is None else (found, UNIT)


def check_kind(criterion, units) -> Problem | None:
    """Whether this raw mark may be given for a leaf of any kind but "points"."""
    shown, name = format_points(units), criterion.name
    if criterion.kind in FULL_MARK:
        levels = range(FULL_MARK[criterion.kind] // UNIT + 1)
        if units % UNIT or units // UNIT not in levels:
            words = {"judgement": "评判只有 0、1、2、3 四档", "yes_no": "只能记 1（是）或 0（否）", "vote": "只能记 1（赞成）或 0（反对）"}
            return Problem("not_a_level", name, f"{shown} 不可用，{words[criterion.kind]}",
                           "请改为 " + "、".join(map(str, levels)) + " 之一")
        return None
    if criterion.kind == "choice":
        if units not in dict(criterion.table):
            listed = "、".join(format_points(raw) for raw, _ in criterion.table)
            return Problem("not_a_choice", name, f"{shown} 不在选项之中", f"请从以下选项中选择：{listed}")
        return None
    if criterion.kind == "rank":
        return _check_place(criterion, units, shown)
    return _check_measure(criterion, units, shown)


def _check_place(criterion, units, shown):
    if units < UNIT or units > criterion.maximum or units % (UNIT // 2):
        return Problem("not_a_place", criterion.name, f"{shown} 不是名次", f"请填写 1 到 {format_points(criterion.maximum)} 的名次，并列可记 1.5")
    return None


def _check_measure(criterion, units, shown):
    name = criterion.name
    if criterion.kind in ("count", "time") and units < 0:
        return Problem("out_of_range", name, f"{shown} 小于 0", "请填写不小于 0 的数")
    if criterion.kind == "count" and units % UNIT:
        return Problem("too_many_decimals", name, f"{shown} 不是整数", "计数请填写整数")
    if criterion.kind != "count" and criterion.step > 0 and units % criterion.step:
        step = format_points(criterion.step)
        return Problem("wrong_step", name, f"{shown} 不合读数间隔，应以 {step} 为一档", f"请填写 {step} 的整数倍")
    return None
