"""Standard scores: each judge's marks on one scale, so that a strict and a lenient judge, or a bold and a timid one, weigh alike.

z = mean + spread × (x − the judge's mean) / the judge's standard deviation, over everything the judge marked in the part.
The root makes z irrational, so it is always rounded; the rounding is exact, by integer square roots, never by way of floats.
"""

from collections import Counter
from collections.abc import Iterable
from math import isqrt

from ..numbers import UNIT


def standard_scores(values: Iterable[int], standard, over: int = 1, also: Iterable[int] = ()) -> dict[int, int]:
    """One judge's values (ints; divided by `over` they are points) as {value: standard score in 10**-places}.

    `also`: further values to be measured by the mean and deviation of the others.

    A judge who marked one entry only, or all alike, tells nothing about any of them: they get the target mean.
    """
    counted = Counter(values)
    measured = {*counted, *also}
    count, total = sum(counted.values()), sum(value * times for value, times in counted.items())
    spread = count * sum(value * value * times for value, times in counted.items()) - total * total
    # The variance is spread / free, over `over`².
    free = count * (count - 1 if standard.deviation == "sample" else count)
    if not spread:
        return dict.fromkeys(measured, standard.rounding.round(standard.mean, UNIT))
    if standard.moments:
        return _by_rounded_moments(measured, count, total, spread, free, standard, over)
    scale, mode = standard.rounding.scale, standard.rounding.mode
    mean, times, below = standard.mean * scale, standard.spread * scale, spread * count * count
    found = {}
    for value in measured:
        gap = times * (count * value - total)
        found[value] = _rounded(mean, -1 if gap < 0 else 1, gap * gap * free, below, mode)
    return found


def _by_rounded_moments(measured, count, total, spread, free, standard, over):
    """Some offices round each judge's mean and deviation first; what follows is rational."""
    scale, mode = standard.moments.scale, standard.moments.mode
    mean = standard.moments.round(total, count * over)
    deviation = _rounded(0, 1, spread * (scale * UNIT) ** 2, free * over * over, mode)
    if not deviation:
        return dict.fromkeys(measured, standard.rounding.round(standard.mean, UNIT))
    bottom = deviation * over
    return {value: standard.rounding.round(standard.mean * bottom + standard.spread * (value * scale - mean * over), UNIT * bottom)
            for value in measured}


def _rounded(mean, sign, top, bottom, mode):
    """(mean + sign × √(top / bottom)) / UNIT, rounded; half up moves away from zero."""
    if mode == "floor":
        return _floor(mean, sign, top, bottom, UNIT)[0]
    if mode == "ceil":
        return -_floor(-mean, -sign, top, bottom, UNIT)[0]
    if mode == "half_up" and _negative(mean, sign, top, bottom):
        return -_half(-mean, -sign, top, bottom)[0]
    found, exact = _half(mean, sign, top, bottom)
    return found - (mode == "half_even" and exact and found % 2)


def _negative(mean, sign, top, bottom):
    """Whether mean + sign × √(top / bottom) is below zero."""
    if sign > 0:
        return mean < 0 and mean * mean * bottom > top
    return mean < 0 or mean * mean * bottom < top


def _half(mean, sign, top, bottom):
    """The figure plus one half, rounded down, and whether nothing was lost (it then lay exactly half way)."""
    return _floor(2 * mean + UNIT, sign, 4 * top, bottom, 2 * UNIT)


def _floor(start, sign, top, bottom, over):
    """(floor of (start + sign × √(top / bottom)) / over, whether that was exact)."""
    root = isqrt(top // bottom)
    exact = root * root * bottom == top
    whole = start + root if sign > 0 else start - root - (not exact)
    return whole // over, exact and whole % over == 0
