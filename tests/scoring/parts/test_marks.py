from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import UNIT, WHOLE, Criterion, Part, check_mark, check_marks, part_denominator, part_factors, sheet_total
from tests.scoring.build import leaf, pts, roadshow


def points(part, **marks):
    return Fraction(sheet_total(part, {code: pts(text) for code, text in marks.items()}), part_denominator(part))


def test_points_that_add_up():
    part = roadshow(criteria=(leaf("new", 40, 40), leaf("use", 60, 60)))
    assert points(part, new="36.5", use="50") == Fraction("86.5")


def test_marks_of_a_hundred_with_weights():
    part = roadshow(criteria=(leaf("new", 40, 100), leaf("use", 60, 100)))
    assert points(part, new="80", use="90") == 86


def test_an_odd_maximum_stays_exact():
    part = roadshow(criteria=(leaf("new", 40, 7), leaf("use", 60, 3)))
    assert points(part, new="5", use="1") == Fraction(40 * 5, 7) + 20


def test_inner_nodes_add_up_points_or_weigh():
    added = Criterion("a", "技术", 60 * UNIT, 60 * UNIT, children=(leaf("a1", 0, 20), leaf("a2", 0, 40)))
    weighed = Criterion("b", "应用", 40 * UNIT, children=(leaf("b1", 25, 10), leaf("b2", 75, 10)))
    part = roadshow(criteria=(added, weighed))
    assert points(part, a1="10", a2="30", b1="10", b2="5") == 40 + 10 + 15
    assert [found.code for found in part.leaves] == ["a1", "a2", "b1", "b2"]
    assert part.criterion("b2").maximum == 10 * UNIT and part.criterion("zzz") is None


def test_a_missing_mark_is_not_zero():
    part = roadshow(criteria=(leaf("new", 40, 40), leaf("use", 60, 60)))
    assert sheet_total(part, {"new": 0}) is None
    assert sheet_total(part, (("new", 0), ("use", 0))) == 0


def test_factors_are_all_a_page_needs():
    part = roadshow(criteria=(leaf("new", 25, 100), leaf("use", 75, 60)))
    factors, marks = part_factors(part), {"new": pts(88), "use": pts("59.5")}
    assert sum(factors[code] * units for code, units in marks.items()) == sheet_total(part, marks)


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 200)), min_size=1, max_size=6), st.data())
def test_totals_agree_with_fractions(shape, data):
    total = sum(weight for weight, maximum in shape)
    weights = [WHOLE * weight // total for weight, maximum in shape]
    weights[0] += WHOLE - sum(weights)
    part = Part("p", "环节", criteria=tuple(
        Criterion(f"c{at}", "项", weight, maximum * UNIT) for at, (weight, (_, maximum)) in enumerate(zip(weights, shape))))
    marks = {leaf.code: data.draw(st.integers(0, leaf.maximum)) for leaf in part.leaves}
    oracle = sum(Fraction(leaf.weight * marks[leaf.code], leaf.maximum * UNIT) for leaf in part.leaves)
    assert Fraction(sheet_total(part, marks), part.denominator) == oracle


@pytest.mark.parametrize("text, code, message, mend", [
    ("101", "out_of_range", "101 分超出范围，应在 0 到 100 之间", "请改为 0 到 100 之间的分数"),
    ("-1", "out_of_range", "-1 分超出范围，应在 0 到 100 之间", "请改为 0 到 100 之间的分数"),
    ("85.25", "wrong_step", "85.25 分不合打分间隔，应以 0.5 分为一档", "可改为 85 或 85.5")])
def test_marks_that_may_not_be_given(text, code, message, mend):
    found = check_mark(leaf("new", 100, 100, name="创新", step=UNIT // 2), pts(text))
    assert tuple(found) == (code, "创新", message, mend)


def test_too_many_decimals():
    tenths, ones = leaf("a", 100, 100, name="甲", step=UNIT // 10), leaf("b", 100, 100, name="乙", step=UNIT)
    assert check_mark(tenths, pts("85.25")).message == "85.25 分小数位数过多，最多 1 位小数"
    assert check_mark(ones, pts("85.5")).message == "85.5 分小数位数过多，只能是整数"
    assert check_mark(tenths, pts("100")) is None and check_mark(tenths, pts("85.2")) is None


def test_step_counts_from_the_minimum():
    odd = leaf("a", 100, 9, minimum=UNIT, step=2 * UNIT)
    assert check_mark(odd, pts(3)) is None
    assert check_mark(odd, pts(4)).mend == "可改为 3 或 5"


def test_only_leaves_take_marks():
    node = Criterion("a", "技术", WHOLE, children=(leaf("a1", 100),))
    assert check_mark(node, 0).code == "not_a_leaf"


def test_a_whole_sheet():
    part = roadshow(criteria=(leaf("new", 40, 40, name="创新"), leaf("use", 60, 60, name="应用")))
    wrong = check_marks(part, {"new": pts(41), "ghost": 0})
    assert [(problem.code, problem.where) for problem in wrong] == [
        ("unknown_criterion", "现场路演"), ("out_of_range", "创新"), ("missing_mark", "现场路演 · 应用")]
    assert check_marks(part, {"new": pts(40)}, complete=False) == ()
    assert check_marks(part, {"new": pts(40), "use": 0}) == ()
