"""The judge's form: what a card offers for each kind of mark, and which kinds it cannot take."""

import pytest

import scoring
from compete.marking import form, rubrics
from scoring import UNIT, Criterion, Part


def part(**leaf) -> Part:
    return Part("p", "实操", criteria=(Criterion("a", "接地", weight=scoring.WHOLE, maximum=5 * UNIT, step=UNIT // 2, **leaf),))


@pytest.mark.parametrize("kind,levels", [
    ("yes_no", [(1, "是"), (0, "否")]), ("vote", [(1, "赞成"), (0, "反对")]),
    ("judgement", [(3, "优秀"), (2, "部分超出"), (1, "达到标准"), (0, "低于标准")]),
])  # fmt: skip
def test_levels_are_one_touch_each_and_all_may_be_given(kind, levels):
    (card,) = form.cards(part(kind=kind))
    assert [(value.units // UNIT, value.text) for value in card.quick] == levels
    assert (card.minimum, card.maximum, card.step) == (0, levels[0][0] * UNIT, UNIT)
    assert "满分 5" in card.range
    leaf = part(kind=kind).leaves[0]
    assert [scoring.check_mark(leaf, value.units) for value in card.quick] == [None] * len(levels)


def test_the_tablets_sum_of_levels_is_the_engines():
    """The tablet adds up factor × mark; for every kind it takes that is the sheet's total."""
    for kind in ("points", *form.LEVEL_WORDS):
        value = part(kind=kind)
        for quick in form.cards(value)[0].quick:
            assert value.factors["a"] * quick.units == scoring.sheet_total(value, {"a": quick.units})


@pytest.mark.parametrize("kind", [kind for kind in scoring.CATALOGUES["mark_kind"] if kind not in ("points", *form.LEVEL_WORDS)])
def test_what_the_tablet_cannot_take_is_said(kind):
    assert scoring.CATALOGUES["mark_kind"][kind].label_zh in form.refused(part(kind=kind).leaves[0])


def test_negative_marks_and_caps_are_refused_too():
    assert "负数" in form.refused(part(minimum=-UNIT).leaves[0])
    assert form.refused(part(cap=UNIT).leaves[0]) == "设有单项上限"
    assert form.refused(part().leaves[0]) == ""


def test_another_kind_is_another_rubric():
    assert rubrics.digest_of(part(kind="yes_no")) != rubrics.digest_of(part())
