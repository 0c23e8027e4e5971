"""What a unit of each mark is worth in its part: the tree of criteria with weights, kinds of marks and caps, exactly."""

from math import gcd

from ..numbers import WHOLE
from ..parts.measures import FULL_MARK


def shares(part) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Two dicts of (numerator, denominator): for each leaf the points that one unit of its mark is worth, times UNIT, where
    a mark that is converted (see `measures.convert`) means its points; for each inner node with a cap the cap's points.
    """
    marks, caps = {}, {}
    most = sum(_most(criterion) for criterion in part.criteria)
    for criterion in part.criteria:
        if part.scale == "raw":
            _raw(criterion, 1, 1, marks, caps)
        elif part.scale == "share":
            _of_hundred(criterion, WHOLE * _most(criterion), max(most, 1), marks, caps)
        else:
            _of_hundred(criterion, criterion.weight, 1, marks, caps)
    return marks, caps


def _most(criterion):
    """The most that a criterion can bring, times its weight; no weight means once."""
    return (criterion.weight or WHOLE) * criterion.maximum


def _of_hundred(criterion, top, bottom, marks, caps):
    """Hand top / bottom (the points of the whole node) down to the leaves."""
    per_point = bottom * max(criterion.maximum, 1)
    if criterion.is_leaf:
        return _leaf(criterion, top, per_point, marks)
    if criterion.cap is not None:
        caps[criterion.code] = _lowest(top * criterion.cap, per_point)
    weighted = any(child.weight for child in criterion.children)
    whole = WHOLE if weighted else _whole(criterion)
    for child in criterion.children:
        _of_hundred(child, top * (child.weight if weighted else child.maximum), bottom * whole, marks, caps)


def _whole(criterion):
    """Children that count by their maxima make up the node; where a cap cuts them off, the node's own maximum does."""
    if criterion.cap is not None:
        return max(criterion.maximum, 1)
    return max(sum(child.maximum for child in criterion.children), 1)


def _raw(criterion, top, bottom, marks, caps):
    """A raw mark counts as it is, times its weight and those of the nodes above it; no weight means once."""
    if criterion.cap is not None and not criterion.is_leaf:
        own = criterion.weight or WHOLE
        caps[criterion.code] = _lowest(top * own * criterion.cap, bottom * WHOLE)
    top, bottom = top * (criterion.weight or WHOLE), bottom * WHOLE
    if criterion.is_leaf:
        return _leaf(criterion, top, bottom, marks)
    for child in criterion.children:
        _raw(child, top, bottom, marks, caps)


def _leaf(criterion, top, bottom, marks):
    """top / bottom is what a point is worth; a judgement of 3 or a yes is worth the whole maximum."""
    full = FULL_MARK.get(criterion.kind)
    marks[criterion.code] = _lowest(top * criterion.maximum, bottom * full) if full else _lowest(top, bottom)


def _lowest(top, bottom):
    common = gcd(top, bottom) or 1
    return top // common, bottom // common
