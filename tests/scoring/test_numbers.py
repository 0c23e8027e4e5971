from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import (Problem, Rounding, format_percent, format_points, format_ratio, formatter, parse_percent,
                     parse_points)


@pytest.mark.parametrize("text, units", [
    ("85.5", 855_000), ("８５．５", 855_000), (" 90 ", 900_000), ("0", 0), ("90.", 900_000), ("85。5", 855_000),
    ("-1", -10_000), ("12.10000", 121_000), (90, 900_000), (Decimal("0.0001"), 1)])
def test_points_as_people_type_them(text, units):
    assert parse_points(text) == units


@pytest.mark.parametrize("text, code", [
    ("", "blank"), ("  ", "blank"), ("abc", "not_a_number"), ("1e3", "not_a_number"), ("八十", "not_a_number"),
    ("NaN", "not_a_number"), ("12.100000000000001", "too_many_decimals"), ("1,5", "not_a_number"),
    ("9" * 12, "not_a_number"), (Decimal("NaN"), "not_a_number")])
def test_what_is_not_a_mark_is_a_problem(text, code):
    found = parse_points(text, where="12 号")
    assert (found.code, found.where) == (code, "12 号")
    assert found.mend


def test_places_limit_what_may_be_typed():
    assert parse_points("85.25", places=1).message == "“85.25”小数位数过多，最多 1 位小数"
    assert parse_points("85.5", places=0).message == "“85.5”小数位数过多，必须是整数"
    assert parse_points("85.50", places=1) == 855_000


@pytest.mark.parametrize("value", [85.5, True])
def test_a_float_is_a_bug(value):
    with pytest.raises(TypeError):
        parse_points(value)


def test_percent():
    assert [parse_percent(text) for text in ("25", "25%", "２５％", "33.3333")] == [250_000, 250_000, 250_000, 333_333]
    assert parse_percent("101").code == "out_of_range"
    assert parse_percent("").message == "没有填写权重"
    assert format_percent(999_000) == "99.9"


@pytest.mark.parametrize("mode, texts", [
    ("half_up", ("0.13", "0.12", "-0.13")), ("half_even", ("0.12", "0.12", "-0.12")),
    ("floor", ("0.12", "0.12", "-0.13")), ("ceil", ("0.13", "0.13", "-0.12"))])
def test_rounding_modes(mode, texts):
    rounding = Rounding(2, mode)
    assert tuple(rounding.text(top, 1000) for top in (125, 124, -125)) == texts


def test_half_up_is_not_the_float_answer():
    assert format_ratio(2675, 1000, 2) == "2.68"      # round(2.675, 2) is 2.67
    assert Rounding(0).text(1, 2) == "1"


def test_formats():
    assert [format_points(units) for units in (855_000, 900_000, 1, -5_000, 0)] == ["85.5", "90", "0.0001", "-0.5", "0"]
    assert format_points(855_000, 2) == "85.50"
    assert Rounding(2).format(-5) == "-0.05"


numerators = st.integers(-10**9, 10**9)


@given(numerators, st.integers(1, 10**6), st.integers(0, 4), st.sampled_from(["half_up", "half_even", "floor", "ceil"]))
def test_rounding_is_the_nearest_allowed_value(top, bottom, places, mode):
    rounded = Fraction(Rounding(places, mode).round(top, bottom), 10 ** places)
    error = rounded - Fraction(top, bottom)
    step = Fraction(1, 10 ** places)
    limits = {"half_up": (-step / 2, step / 2), "half_even": (-step / 2, step / 2), "floor": (-step, 0), "ceil": (0, step)}
    low, high = limits[mode]
    assert low <= error <= high and abs(error) < step


@given(numerators, st.integers(1, 10**6), st.integers(0, 4))
def test_the_fast_formatter_agrees(top, bottom, places):
    assert formatter(bottom, places)(top) == format_ratio(top, bottom, places)


@given(st.integers(0, 10**8))
def test_points_survive_their_text(units):
    assert parse_points(format_points(units)) == units


def test_problem_reads_as_a_sentence():
    assert str(Problem("x", "第 3 行", "分数为空", "请填写")) == "第 3 行：分数为空。请填写"
