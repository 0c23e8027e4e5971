"""Confidence intervals and chances, in floats: they are told to people and decide nothing. Sums are exact until the root is drawn.

Student's t by the incomplete beta function, chi-square by the incomplete gamma function, each as the usual continued fraction
or series (Abramowitz & Stegun 1964, 26.5.8, 6.5.29, 6.5.31).
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from math import exp, lgamma, log, sqrt
from typing import NamedTuple

from ..numbers import format_ratio

TINY, CLOSE, TERMS = 1e-300, 1e-15, 10_000
SURE = 0.95


class Interval(NamedTuple):
    """A figure and the range it lies in with 95 % confidence; low and high are None where too little is known.

    error: its standard error, over so many degrees of freedom.
    """

    value: Fraction
    low: float | None
    high: float | None
    error: float | None = None
    freedom: int = 0

    @property
    def is_apart(self) -> bool:
        """Whether the range excludes zero."""
        return self.low is not None and (self.low > 0 or self.high < 0)

    def is_apart_among(self, count: int) -> bool:
        """The same where `count` figures are looked at side by side: by chance any of them strays in 1 of 20 cases (Bonferroni)."""
        return self.error is not None and abs(self.value) > t_quantile(1 - (1 - SURE) / 2 / max(count, 1), self.freedom) * self.error


def text(value: Fraction | float, places: int = 2) -> str:
    """A figure for a sentence, rounded half up as all figures are, with a true minus and no minus before zero."""
    return format_ratio(*Fraction(value).as_integer_ratio(), places).replace("-", "−")


def mean_interval(values: Sequence[int], over: int) -> Interval | None:
    """The mean of ints over one denominator, with Student's interval; from one value only the mean."""
    count, total = len(values), sum(values)
    if not count:
        return None
    mean = Fraction(total, count * over)
    if count == 1:
        return Interval(mean, None, None)
    squares = Fraction(sum([value * value for value in values]) * count - total * total, count * over * over)
    return _around(mean, sqrt(squares / (count - 1) / count), count - 1)


def slope_interval(runs: Iterable[Sequence[tuple[int, int]]], over: int) -> Interval | None:
    """The common slope of several series of (position, value / over), each with a level of its own.

    None where no series has two positions; without two spare observations only the slope.
    """
    count = series = 0
    across = both = along = Fraction(0)
    for run in runs:
        size, right, up = len(run), sum(x for x, _ in run), sum(y for _, y in run)
        if size < 2:
            continue
        count, series = count + size, series + 1
        across += Fraction(sum(x * x for x, _ in run) * size - right * right, size)
        both += Fraction(sum(x * y for x, y in run) * size - right * up, size * over)
        along += Fraction(sum(y * y for _, y in run) * size - up * up, size * over * over)
    if not across:
        return None
    slope, freedom = both / across, count - series - 1
    if freedom < 1:
        return Interval(slope, None, None)
    return _around(slope, sqrt((along - both * both / across) / freedom / across), freedom)


def _around(value, error, freedom):
    half = t_quantile((1 + SURE) / 2, freedom) * error
    return Interval(value, float(value) - half, float(value) + half, error, freedom)


@lru_cache(maxsize=4096)
def t_quantile(share: float, freedom: int) -> float:
    """The t below which `share` (0 to 1) of Student's distribution lies."""
    if share < 0.5:
        return -t_quantile(1 - share, freedom)
    low, high = 0.0, 2.0
    while t_share(high, freedom) < share:
        low, high = high, high * 2
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if t_share(middle, freedom) < share else (low, middle)
    return (low + high) / 2


def t_share(value: float, freedom: int) -> float:
    """How much of Student's distribution lies below value (>= 0)."""
    return 1 - beta_share(freedom / (freedom + value * value), freedom / 2, 0.5) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x, a, b):
    """Evaluated from the front (Lentz)."""
    up, down = 1.0, 1 / _nonzero(1 - (a + b) * x / (a + 1))
    found = down
    for n in range(1, TERMS):
        even = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n))
        odd = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1))
        for term in (even, odd):
            down = 1 / _nonzero(1 + term * down)
            up = _nonzero(1 + term / up)
            found *= up * down
        if abs(up * down - 1) < CLOSE:
            break
    return found


def _nonzero(value):
    return value if abs(value) > TINY else TINY


def chi_square_tail(value: float, freedom: int) -> float:
    """The chance that chi-square with so many degrees of freedom exceeds value."""
    a, x = freedom / 2, value / 2
    if x <= 0:
        return 1.0
    front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for n in range(1, TERMS):
            term *= x / (a + n)
            total += term
            if term < total * CLOSE:
                break
        return 1 - front * total
    up, down = x + 1 - a, 1 / (x + 1 - a)
    found, above = down, 1 / TINY
    for n in range(1, TERMS):
        term, up = -n * (n - a), up + 2
        down = 1 / _nonzero(up + term * down)
        above = _nonzero(up + term / above)
        found *= above * down
        if abs(above * down - 1) < CLOSE:
            break
    return front * found
