"""factor × x ** exponent with rational exponents, rounded exactly by integer arithmetic: no float decides a point."""

from fractions import Fraction

from ..numbers import Rounding


def whole_root(value: int, degree: int) -> int:
    """The largest int whose degree-th power is not above value (value ≥ 0)."""
    low, high = 0, 1 << -(-value.bit_length() // degree)
    while low < high:
        middle = (low + high + 1) // 2
        if middle ** degree <= value:
            low = middle
        else:
            high = middle - 1
    return low


def power(factor: Fraction, base: Fraction, exponent: Fraction, rounding: Rounding) -> Fraction:
    """factor × base ** exponent rounded, as the exact Fraction of the rounded figure (factor, base, exponent ≥ 0).

    m ≤ 10^places · a/b · (u/v)^(p/q)  exactly when  (m·b)^q · v^p ≤ (10^places · a)^q · u^p, so the floor is the q-th root of
    an integer quotient, and every way of rounding follows from the floor of twice the figure.
    """
    (top, bottom), (over, under) = factor.as_integer_ratio(), base.as_integer_ratio()
    rise, degree = exponent.as_integer_ratio()
    above = (2 * rounding.scale * top) ** degree * over ** rise
    below = bottom ** degree * under ** rise
    halves = whole_root(above // below, degree)
    exact = halves ** degree * below == above
    return Fraction(_settle(halves, exact, rounding.mode), rounding.scale)


def _settle(halves, exact, mode):
    """The int that `halves` / 2, or a little above it when not exact, rounds to."""
    whole, half = divmod(halves, 2)
    if mode == "floor":
        return whole
    if mode == "ceil":
        return whole + (half == 1 or not exact)
    if mode == "half_even" and half and exact:
        return whole + whole % 2
    return whole + half
