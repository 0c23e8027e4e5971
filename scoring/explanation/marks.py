"""One mark in words: what the judge entered and the points it gives."""

from dataclasses import replace

from ..numbers import UNIT, format_exact, format_points
from ..parts.measures import FULL_MARK, points


def mark_sentence(criterion, units: int) -> str:
    """测得 50.2，与目标值 50 相差 0.2，超出允差 0.1，扣 0.5，得 9.5 分"""
    found = points(criterion, units)
    if criterion.kind == "rank":
        return f"第 {format_points(units)} 名"
    if found is None:
        return f"{format_points(units)} 不在选项之中"
    told = _TOLD.get(criterion.kind, _points)(criterion, units)
    if criterion.cap is not None and found == (criterion.cap, UNIT):
        told = f"{told}，以上限计"
    return f"{told}，得 {format_exact(*found, 0, 4)} 分"


def _points(criterion, units):
    return f"打 {format_points(units)} 分"


def _level(criterion, units):
    if criterion.kind == "judgement":
        level, whole = format_points(units), format_points(criterion.maximum)
        return f"第 {level} 档，满分 {whole} × {level} ÷ {FULL_MARK['judgement'] // UNIT}"
    return (("否", "是") if criterion.kind == "yes_no" else ("反对", "赞成"))[bool(units)]


def _choice(criterion, units):
    name = dict(criterion.anchors).get(units)
    return f"选“{name}”" if name else f"选 {format_points(units)}"


def _benchmarks(criterion, units):
    below = criterion.side == "below" or criterion.kind == "time"
    reached = [(worth, raw) for raw, worth in criterion.table if (units <= raw if below else units >= raw)]
    read = f"{'用时' if criterion.kind == 'time' else '测得'} {format_points(units)}"
    if not reached:
        return f"{read}，未达到任何一级基准"
    return f"{read}，达到基准 {format_points(max(reached)[1])}"


def _deviation(criterion, units):
    target = criterion.target or 0
    gap, word = units - target, "用时" if criterion.kind == "time" else "测得"
    read = f"{word} {format_points(units)}，与目标值 {format_points(target)} 相差 {format_points(abs(gap))}"
    lost = criterion.maximum - points(replace(criterion, cap=None), units)[0]
    if not lost:
        return f"{read}，不扣分"
    beyond = f"，超出允差 {format_points(criterion.tolerance)}" if criterion.tolerance else ""
    return f"{read}{beyond}，扣 {format_points(lost)}"


def _count(criterion, units):
    per = f"，每 {format_points(criterion.per)} 个计一次" if criterion.per and criterion.per != UNIT else ""
    return f"计 {format_points(units)}{per}"


def _time(criterion, units):
    return (_benchmarks if criterion.table else _deviation)(criterion, units)


_TOLD = {"judgement": _level, "yes_no": _level, "vote": _level, "choice": _choice, "benchmarks": _benchmarks, "deviation": _deviation,
         "count": _count, "time": _time}
