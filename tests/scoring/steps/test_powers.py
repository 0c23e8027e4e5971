"""Powers with rational exponents are rounded exactly; the oracle has sixty digits and refuses to answer where they do not suffice."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from scoring import Rounding
from scoring.steps.powers import power, whole_root

ROUNDINGS = {"floor": "ROUND_FLOOR", "ceil": "ROUND_CEILING", "half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN"}


@given(st.integers(0, 10 ** 40), st.integers(1, 120))
def test_the_whole_root(value, degree):
    root = whole_root(value, degree)
    assert root ** degree <= value < (root + 1) ** degree


@given(st.fractions(Fraction(1, 1000), 200, max_denominator=10_000), st.fractions(Fraction(1, 100), 900, max_denominator=100),
       st.fractions(Fraction(1, 100), 3, max_denominator=200), st.sampled_from(sorted(ROUNDINGS)), st.integers(0, 3))
def test_agreement_with_decimals(factor, base, exponent, mode, places):
    with localcontext() as context:
        context.prec = 60
        top, bottom, rise = (Decimal(number.numerator) / Decimal(number.denominator) for number in (factor, base, exponent))
        near = top * bottom ** rise
        lattice = near * 2 * 10 ** places
        assume(abs(lattice - lattice.to_integral_value()) > Decimal(10) ** -40)
        expected = near.quantize(Decimal(1).scaleb(-places), ROUNDINGS[mode])
    assert power(factor, base, exponent, Rounding(places, mode)) == Fraction(expected)


@pytest.mark.parametrize("mode, expected", [("floor", 2), ("ceil", 3), ("half_up", 3), ("half_even", 2)])
def test_exactly_half(mode, expected):
    """√6.25 = 2.5 exactly; a float power need not know."""
    assert power(Fraction(1), Fraction(25, 4), Fraction(1, 2), Rounding(0, mode)) == expected


@pytest.mark.parametrize("mode", sorted(ROUNDINGS))
def test_exact_figures_stay(mode):
    assert power(Fraction(3), Fraction(8), Fraction(2, 3), Rounding(0, mode)) == 12


def test_just_below_a_whole_point_is_not_the_point():
    """(10^12 − 1)^(1/2) is 999999.9999995: floats with two decimals say 1000000.00, the floor is 999999.99."""
    assert power(Fraction(1), Fraction(10 ** 12 - 1), Fraction(1, 2), Rounding(2, "floor")) == Fraction(99_999_999, 100)
    assert power(Fraction(1), Fraction(10 ** 12 - 1), Fraction(1, 2), Rounding(6, "floor")) == Fraction(999_999_999_999, 10 ** 6)


# IAAF scoring tables for combined events: published points of published performances.
@pytest.mark.parametrize("factor, offset, exponent, mark, points", [
    ("25.4347", "18", "1.81", "10.55", 963), ("51.39", "1.5", "1.05", "16.00", 851), ("0.8465", "75", "1.42", "205", 850),
    ("1.53775", "82", "1.81", "48.42", 889), ("5.74352", "28.5", "1.92", "13.75", 1007), ("12.91", "4", "1.1", "50.54", 882),
    ("0.2797", "100", "1.35", "545", 1051), ("10.14", "7", "1.08", "71.90", 918), ("0.03768", "480", "1.85", "276.11", 705)])
def test_performance_tables(factor, offset, exponent, mark, points):
    """The world record of 2018, 9,126 points with the 1,010 of its long jump."""
    beyond = abs(Fraction(mark) - Fraction(offset))
    assert power(Fraction(factor), beyond, Fraction(exponent), Rounding(0, "floor")) == points
