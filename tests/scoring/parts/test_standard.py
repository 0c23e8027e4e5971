"""Standard scores against high-precision decimals and against the review that used them."""

import csv
from decimal import Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import UNIT, Rounding, Standard
from scoring.parts.standard import standard_scores

WORKS = Path(__file__).parents[4] / "shared/cases/review_by_standard_scores/works.csv"
TWO = Standard(rounding=Rounding(2))
MODES = {"half_up": "ROUND_HALF_UP", "half_even": "ROUND_HALF_EVEN", "floor": "ROUND_FLOOR", "ceil": "ROUND_CEILING"}


def test_by_hand():
    # mean 2, sum of squares 2: the sample deviation is 1, that of the population √(2/3).
    assert standard_scores([1, 2, 3], TWO) == {1: 4000, 2: 5000, 3: 6000}
    assert standard_scores([1, 2, 3], Standard("population", rounding=Rounding(2))) == {1: 3775, 2: 5000, 3: 6225}
    assert standard_scores([1, 2, 3], Standard(mean=100 * UNIT, spread=15 * UNIT, rounding=Rounding(0))) == {1: 85, 2: 100, 3: 115}


def test_who_tells_nothing_gives_the_mean():
    assert standard_scores([7], TWO) == {7: 5000}
    assert standard_scores([7, 7, 7], TWO) == {7: 5000}
    assert standard_scores([], TWO) == {}


def test_twelve_places_unless_told_otherwise():
    assert standard_scores([0, 0, 1], Standard())[1] == 61_547005383793


def oracle(values, standard):
    with localcontext() as context:
        context.prec = 80
        count, mean = len(values), sum(map(Decimal, values)) / len(values)
        square = sum((value - mean) ** 2 for value in map(Decimal, values))
        free = count - 1 if standard.deviation == "sample" else count
        deviation = (square / free).sqrt() if free else Decimal(0)
        target, spread = Decimal(standard.mean) / UNIT, Decimal(standard.spread) / UNIT
        quantum = Decimal(1).scaleb(-standard.rounding.places)
        return {value: int((target + (spread * (value - mean) / deviation if square else 0)).quantize(
            quantum, MODES[standard.rounding.mode]).scaleb(standard.rounding.places)) for value in set(values)}


@given(st.lists(st.integers(-50, 1_000_000), min_size=1, max_size=30), st.sampled_from(["sample", "population"]),
       st.integers(-5 * UNIT, 100 * UNIT), st.integers(1, 20 * UNIT), st.integers(0, 12), st.sampled_from(sorted(MODES)))
def test_every_rounding_agrees_with_eighty_digits(values, deviation, mean, spread, places, mode):
    """Where the root is rational, both are exact; elsewhere eighty digits tell the sides of a half apart."""
    standard = Standard(deviation, mean, spread, Rounding(places, mode))
    found, expected = standard_scores(values, standard), oracle(values, standard)
    rational = {value for value in expected if found[value] != expected[value]}
    # A rational z may be a repeating decimal divided by a root that 80 digits do not show exact: compare by cross-checking.
    assert all(abs(found[value] - expected[value]) <= 1 for value in rational)
    assert not rational or _has_rational_root(values, deviation)


def _has_rational_root(values, deviation):
    from math import isqrt
    count, total = len(values), sum(values)
    square = (count * sum(value * value for value in values) - total * total) * (count * (count - 1) if deviation == "sample" else 1)
    return isqrt(square) ** 2 == square


def test_rounded_moments():
    # 1, 2, 4: mean 2.333…, sample deviation 1.5275…; with one decimal 2.3 and 1.5
    standard = Standard(rounding=Rounding(2), moments=Rounding(1))
    assert standard_scores([100, 200, 400], standard, 100) == {100: 4133, 200: 4800, 400: 6133}
    assert standard_scores([1000, 1001], standard, 1000) == {1000: 5000, 1001: 5000}    # the deviation rounds to nothing


def test_halves_go_each_mode_s_own_way():
    # z = ±0.5 exactly: mean 0, spread 0.5 and a deviation of 1.
    for mode, expected in (("half_up", {1: -1, 2: 0, 3: 1}), ("half_even", {1: 0, 2: 0, 3: 0}), ("floor", {1: -1, 2: 0, 3: 0}),
                           ("ceil", {1: 0, 2: 0, 3: 1})):
        assert standard_scores([1, 2, 3], Standard(mean=0, spread=UNIT // 2, rounding=Rounding(0, mode))) == expected


def test_raising_a_mark_can_lower_a_standard_score():
    """No theorem of monotony: the judge's own deviation grows with the mark. The best of three gains nothing."""
    before, after = standard_scores([60, 60, 70], TWO), standard_scores([60, 60, 90], TWO)
    assert (before[70], after[90]) == (6155, 6155)
    # and another entry's score falls although its mark rises: 80 → 81 beside marks that spread the field
    assert standard_scores([0, 80, 81, 82], TWO)[80] > standard_scores([0, 40, 81, 82], TWO)[40]
    assert standard_scores([10, 12, 20], TWO)[12] > standard_scores([10, 13, 40], TWO)[13]


# The office rounded each judge's mean and deviation to three decimals before anything else.
OFFICE = Standard(rounding=Rounding(2), moments=Rounding(3))


@pytest.mark.skipif(not WORKS.exists(), reason="the real cases are not beside the project")
def test_a_review_of_two_thousand_works():
    with WORKS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for stage, marks, share in (("a", 5, Decimal("0.997")), ("b", 3, Decimal("0.988"))):
        seen = [(row[f"{stage}_exp{at}"], row[f"{stage}_raw{at}"], row[f"{stage}_std{at}"]) for row in rows for at in range(1, marks + 1)
                if row[f"{stage}_raw{at}"]]
        given_marks = {}
        for judge, raw, _ in seen:
            given_marks.setdefault(judge, []).append(int(Decimal(raw) * UNIT))
        tables = {judge: standard_scores(values, OFFICE, UNIT) for judge, values in given_marks.items()}
        right = sum(tables[judge][int(Decimal(raw) * UNIT)] == int(Decimal(shown) * 100) for judge, raw, shown in seen)
        assert Decimal(right) / len(seen) > share, f"{right} of {len(seen)}"
