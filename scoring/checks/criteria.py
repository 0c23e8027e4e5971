"""Whether the criteria of a part can be marked: ranges, steps, tables, targets, caps, each by its kind of mark."""

from ..catalogue import SIDES
from ..numbers import UNIT, format_points
from ..parts.measures import FULL_MARK, MARK_KINDS
from ..problems import Problem
from .faults import known, weights

MEASURED = ("benchmarks", "deviation", "time")


def check_criterion(above, criterion, scale):
    where = f"{above} · {criterion.name}"
    if criterion.is_leaf:
        return _leaf(where, criterion, scale)
    found = _node(where, criterion, scale)
    for child in criterion.children:
        found += check_criterion(where, child, scale)
    return found


def _node(where, criterion, scale):
    given, found = [child.weight for child in criterion.children], []
    if criterion.kind != "points" or criterion.table or criterion.team or criterion.alarm is not None:
        found.append(Problem("node_marked", where, "有下级的评分项不直接打分，不能有打分方式、对照表、集体记分或分差警戒", "请写在下级评分项上"))
    if criterion.cap is not None and (criterion.cap <= 0 or (scale != "raw" and criterion.cap > criterion.maximum)):
        found.append(Problem("cap", where, f"上限 {format_points(criterion.cap)} 不可用", "上限须大于 0；百分制中不超过本项满分"))
    if scale == "raw":
        return found
    if any(given):
        return found + weights(where, given)
    total = sum(child.maximum for child in criterion.children)
    if total != criterion.maximum and criterion.cap is None:
        found.append(Problem("maximum_sum", where,
                             f"下级满分合计 {format_points(total)}，与本项满分 {format_points(criterion.maximum)} 不符",
                             "请调整下级满分，使合计等于本项满分；允许超出的，请填写上限"))
    return found


def _leaf(where, leaf, scale):
    found = known(MARK_KINDS, leaf.kind, where, "打分方式") + known(SIDES, leaf.side, where, "方向")
    if found:
        return found
    low, high = format_points(leaf.minimum), format_points(leaf.maximum)
    if leaf.minimum >= leaf.maximum or (leaf.maximum <= 0 and scale != "raw"):
        return [Problem("range", where, f"分数范围 {low} 到 {high} 不可用", "满分须大于最低分；百分制的满分须大于 0")]
    if leaf.kind in ("points", *MEASURED) and (leaf.step <= 0 or (leaf.kind == "points" and (leaf.maximum - leaf.minimum) % leaf.step)):
        found.append(Problem("step", where, f"打分间隔 {format_points(leaf.step)} 不能从 {low} 走到 {high}", "请改用能整除该范围的间隔，如 0.5 或 1"))
    for units, text in leaf.anchors:
        if leaf.kind == "points" and not leaf.minimum <= units <= leaf.maximum:
            found.append(Problem("anchor_range", where, f"评分说明“{format_points(units)} 分”不在 {low} 到 {high} 之间", "请修改说明所对应的分数"))
    return found + _of_kind(where, leaf, scale) + _limits(where, leaf)


def _limits(where, leaf):
    found = []
    if leaf.cap is not None and (leaf.kind in FULL_MARK or leaf.kind == "rank" or not leaf.minimum < leaf.cap <= leaf.maximum):
        found.append(Problem("cap", where, f"上限 {format_points(leaf.cap)} 不可用", "上限须在最低分与满分之间；评判、是否、表决、名次不设上限"))
    if leaf.alarm is not None and leaf.alarm < 0:
        found.append(Problem("alarm", where, "分差警戒不能为负", "请填写不小于 0 的数"))
    if leaf.alarm is not None and leaf.team:
        found.append(Problem("alarm", where, "集体记分只记一次，没有评委间的分差", "请去掉分差警戒，或改为各评委分别打分"))
    return found


def _of_kind(where, leaf, scale):
    check = {"choice": _table, "benchmarks": _table, "deviation": _deviation, "count": _count, "time": _time, "rank": _rank}.get(leaf.kind)
    if leaf.kind in FULL_MARK and leaf.minimum:
        return [Problem("minimum", where, "评判、是否、表决的最低分只能是 0", "请把最低分改为 0")]
    return check(where, leaf, scale) if check else []


def _table(where, leaf, scale):
    if not leaf.table:
        return [Problem("no_table", where, f"打分方式“{MARK_KINDS[leaf.kind].label_zh}”没有对照表", "请填写（所记的数，得分）各一对")]
    raws, found = [raw for raw, points in leaf.table], []
    twice = sorted({raw for raw in raws if raws.count(raw) > 1})
    found += [Problem("table_repeated", where, f"对照表中 {format_points(raw)} 重复", "请每个数只写一次") for raw in twice]
    for raw, points in leaf.table:
        if not leaf.minimum <= points <= leaf.maximum:
            found.append(Problem("table_range", where, f"对照表中 {format_points(raw)} 得 {format_points(points)} 分，"
                                 f"不在 {format_points(leaf.minimum)} 到 {format_points(leaf.maximum)} 之间", "请修改得分，或修改满分、最低分"))
    ordered = [points for raw, points in sorted(leaf.table, reverse=leaf.side == "below" or leaf.kind == "time")]
    if leaf.kind != "choice" and ordered != sorted(ordered):
        found.append(Problem("table_order", where, "对照表中更好的基准得分反而更少，永远用不到", "请检查基准与得分是否写反，或方向是否填错"))
    return found


def _deviation(where, leaf, scale):
    found = []
    if leaf.target is None:
        found.append(Problem("no_target", where, "没有填写目标值", "请填写目标值"))
    if leaf.tolerance < 0 or (leaf.per is not None and leaf.per <= 0) or (leaf.deduct is not None and leaf.deduct <= 0):
        found.append(Problem("deduction", where, "允差不能为负，每差和每次分值须大于 0", "请改正；不填每差即超出就扣一次，不填每次分值即全扣"))
    return found


def _count(where, leaf, scale):
    if leaf.per is not None and leaf.per <= 0:
        return [Problem("deduction", where, "每几个计一次须大于 0", "请填写大于 0 的整数，或不填")]
    if leaf.deduct == 0:
        return [Problem("deduction", where, "每次计 0 分，计数不起作用", "请填写每次计几分，扣分填负数")]
    if (leaf.deduct or UNIT) < 0 and leaf.minimum >= 0:
        return [Problem("count_minimum", where, "每次扣分，而最低分不小于 0，永远扣不到分", "请把最低分改为最多扣到的负分，满分改为 0")]
    return []


def _time(where, leaf, scale):
    if leaf.table:
        return _table(where, leaf, scale)
    if leaf.target is None:
        return [Problem("no_target", where, "用时既没有对照表，也没有目标用时", "请填写对照表，或填写目标用时（秒）")]
    return _deviation(where, leaf, scale)


def _rank(where, leaf, scale):
    if scale != "raw":
        return [Problem("rank_scale", where, "名次不能折成百分制", "请把环节的计分制改为“原始分相加”")]
    if leaf.maximum < UNIT:
        return [Problem("range", where, "名次的满分是最末名次，至少为 1", "请填写参评对象的个数")]
    return []
