import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.judges.intervals import Interval, chi_square_tail, mean_interval, slope_interval, t_quantile, text

WHOLE = st.integers(-500, 500)


@pytest.mark.parametrize("freedom, quantile", [(1, 12.706205), (2, 4.302653), (4, 2.776445), (10, 2.228139), (30, 2.042272), (120, 1.979930)])
def test_students_t_as_printed_in_the_tables(freedom, quantile):
    assert t_quantile(0.975, freedom) == pytest.approx(quantile, abs=1e-6)


def test_chi_square_as_printed_in_the_tables():
    assert chi_square_tail(3.841459, 1) == pytest.approx(0.05, abs=1e-7)
    assert chi_square_tail(16.918978, 9) == pytest.approx(0.05, abs=1e-7)
    assert chi_square_tail(0, 5) == 1


@pytest.mark.parametrize("freedom", [*range(1, 31), 50, 100, 999, 20_000])
def test_quantiles_and_chances_agree_with_scipy(freedom):
    stats = pytest.importorskip("scipy.stats")
    for share in (0.6, 0.9, 0.95, 0.975, 0.995, 0.9995, 0.025):
        assert t_quantile(share, freedom) == pytest.approx(stats.t.ppf(share, freedom), rel=1e-9)
    for value in (0.01, 0.5, 1, freedom / 2, freedom, freedom * 1.5, freedom * 3):
        assert chi_square_tail(value, freedom) == pytest.approx(stats.chi2.sf(value, freedom), rel=1e-8, abs=1e-290)


@given(st.lists(WHOLE, min_size=2, max_size=30))
def test_means_agree_with_scipy(values):
    stats = pytest.importorskip("scipy.stats")
    found = mean_interval(values, 4)
    assert found.value == Fraction(sum(values), 4 * len(values))
    error = math.sqrt(sum((value / 4 - float(found.value)) ** 2 for value in values) / (len(values) - 1) / len(values))
    half = stats.t.ppf(0.975, len(values) - 1) * error
    assert (found.low, found.high) == pytest.approx((float(found.value) - half, float(found.value) + half), abs=1e-7)


@given(st.lists(WHOLE, min_size=3, max_size=30))
def test_slopes_agree_with_scipy(values):
    stats = pytest.importorskip("scipy.stats")
    turns = list(range(1, len(values) + 1))
    found, line = slope_interval([list(zip(turns, values))], 10), stats.linregress(turns, [value / 10 for value in values])
    assert float(found.value) == pytest.approx(line.slope, abs=1e-9)
    half = stats.t.ppf(0.975, len(values) - 2) * line.stderr if len(set(values)) > 1 else 0  # scipy gives nan for a level line
    assert found.high - found.low == pytest.approx(2 * half, rel=1e-5, abs=1e-6)


def test_sessions_keep_their_own_level():
    runs = [[(1, 10), (2, 12), (3, 14)], [(1, 90), (2, 92), (3, 94)], [(1, 500)]]
    assert slope_interval(runs, 1) == Interval(Fraction(2), 2.0, 2.0, 0.0, 3)


def test_too_little_gives_a_figure_without_interval_or_nothing():
    assert mean_interval([], 1) is None and mean_interval([7], 2) == Interval(Fraction(7, 2), None, None)
    assert slope_interval([[(1, 5)]], 1) is None and slope_interval([], 1) is None
    assert slope_interval([[(1, 5), (2, 7)]], 1) == Interval(Fraction(2), None, None)
    assert not mean_interval([7], 2).is_apart and mean_interval([7, 8, 7], 1).is_apart


def test_one_of_many_must_stray_further():
    """Mean 1, standard error 0.4 over 9 degrees of freedom: t = 2.5 is beyond 2.26 for one judge, not beyond 3.36 for six."""
    found = Interval(Fraction(1), 0.1, 1.9, 0.4, 9)
    assert [found.is_apart_among(count) for count in (0, 1, 2, 6)] == [True, True, False, False]
    assert t_quantile(1 - 0.025 / 6, 9) == pytest.approx(3.364, abs=5e-4) and not mean_interval([3], 1).is_apart_among(1)


def test_texts_have_a_true_minus_and_no_minus_zero():
    assert [text(Fraction(-184, 100)), text(-0.001), text(0.005, 3), text(Fraction(1), 0)] == ["−1.84", "0.00", "0.005", "1"]
