"""One sheet: whether a mark may be given, and what the marks of a sheet add up to."""

from collections.abc import Iterable, Mapping

from ..numbers import UNIT, format_points
from ..problems import Problem
from ..scheme import Criterion, Part
from .measures import check_kind, convert

Marks = Mapping[str, int] | Iterable[tuple[str, int]]


def part_denominator(part: Part) -> int:
    return part.denominator


def part_factors(part: Part) -> dict[str, int]:
    return dict(part.factors)


def sheet_total(part: Part, marks: Marks) -> int | None:
    """The exact total over `part_denominator(part)`, or None while a mark is missing (missing is not zero)."""
    marks = marks if hasattr(marks, "get") else dict(marks)
    if not part.plain:
        return _measured_total(part, marks)
    total = 0
    for code, factor in part.factors.items():
        units = marks.get(code)
        if units is None:
            return None
        total += factor * units
    return total


def _measured_total(part, marks):
    worth = _worths(part, part.leaves, marks)
    return None if worth is None else capped_sum(part, worth)


def _worths(part, leaves, marks):
    """What each leaf is worth over `part.denominator`, or None while a mark is missing."""
    worth = {}
    for leaf in leaves:
        units = marks.get(leaf.code)
        counted = None if units is None else convert(leaf, units)
        if counted is None:
            return None
        worth[leaf.code] = part.factors[leaf.code] * counted
    return worth


def node_worth(part: Part, criterion: Criterion, marks: Mapping[str, int]) -> int | None:
    """A criterion's share of a sheet's total, over `part.denominator`."""
    worth = _worths(part, criterion.leaves(), marks)
    return None if worth is None else _capped(criterion, part.caps, worth, 1)


def capped_sum(part: Part, worth: Mapping[str, int], times: int = 1) -> int:
    """The sum over the tree of criteria of what each leaf is worth (ints over `part.denominator` × times), each node with a
    cap limited to it. The cap of a node that deducts (a negative weight) limits the deduction."""
    if not part.caps:
        return sum(worth.values())
    return sum(_capped(criterion, part.caps, worth, times) for criterion in part.criteria)


def _capped(criterion, caps, worth, times):
    if criterion.is_leaf:
        return worth[criterion.code]
    total, cap = sum(_capped(child, caps, worth, times) for child in criterion.children), caps.get(criterion.code)
    if cap is None:
        return total
    return min(total, cap * times) if cap >= 0 else max(total, cap * times)


def check_mark(criterion: Criterion, units: int) -> Problem | None:
    """Whether this mark may be given for this criterion."""
    if not criterion.is_leaf:
        return Problem("not_a_leaf", criterion.name, "这一项由下级评分项相加得出，不能直接打分", "请在下级评分项打分")
    if criterion.kind != "points":
        return check_kind(criterion, units)
    fits = criterion.minimum <= units <= criterion.maximum
    if fits and (units - criterion.minimum) % criterion.step == 0:
        return None  # before any text is made: nearly every mark is a right one
    shown = format_points(units)
    if not fits:
        span = f"{format_points(criterion.minimum)} 到 {format_points(criterion.maximum)}"
        return Problem("out_of_range", criterion.name, f"{shown} 分超出范围，应在 {span} 之间", f"请改为 {span} 之间的分数")
    places = _decimal_step(criterion.step)
    if places is not None and units % criterion.step:
        allowed = f"最多 {places} 位小数" if places else "只能是整数"
        return Problem("too_many_decimals", criterion.name, f"{shown} 分小数位数过多，{allowed}", _nearest(criterion, units))
    step = format_points(criterion.step)
    return Problem("wrong_step", criterion.name, f"{shown} 分不合打分间隔，应以 {step} 分为一档", _nearest(criterion, units))


def check_marks(part: Part, marks: Marks, *, complete: bool = True) -> tuple[Problem, ...]:
    """All problems of a sheet; a draft (complete=False) may leave criteria without a mark, and so may any sheet where the
    mark is the team's and may stand on another sheet (the part is incomplete until one has it)."""
    marks = marks if hasattr(marks, "get") else dict(marks)
    known = {leaf.code for leaf in part.leaves}
    found = [Problem("unknown_criterion", part.name, f"没有“{code}”这个评分项", "请刷新页面后重新打分")
             for code in marks if code not in known]
    for leaf in part.leaves:
        units = marks.get(leaf.code)
        if units is None:
            if complete and not leaf.team:
                found.append(Problem("missing_mark", f"{part.name} · {leaf.name}", "还没有打分", "请打分；零分请明确填 0"))
            continue
        problem = check_mark(leaf, units)
        if problem:
            found.append(problem)
    return tuple(found)


def _decimal_step(step):
    """How many decimals a step of 1, 0.1, 0.01, … point allows; None for steps such as 0.5."""
    return {UNIT: 0, UNIT // 10: 1, UNIT // 100: 2, UNIT // 1000: 3}.get(step)


def _nearest(criterion, units):
    below = criterion.minimum + (units - criterion.minimum) // criterion.step * criterion.step
    above = below + criterion.step
    if above > criterion.maximum:
        return f"最近的分数是 {format_points(below)}"
    return f"可改为 {format_points(below)} 或 {format_points(above)}"
