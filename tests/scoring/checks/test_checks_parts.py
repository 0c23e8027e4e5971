"""Impossible parameters of criteria, parts and panels are told with their place and the way out."""

from dataclasses import replace

import pytest

from scoring import UNIT, WHOLE, Criterion, Panel, Part, Rounding, Scheme, Standard, notices
from tests.scoring.build import leaf, pts, roadshow


def codes(*criteria, scale="raw", panel=Panel(), **more):
    return [problem.code for problem in Scheme((Part("p", "模块", criteria=criteria, scale=scale, panel=panel, **more),)).check()]


def kind(code, **more):
    return Criterion("m", "测量", WHOLE, 10 * UNIT, kind=code, **more)


TABLE = ((0, 0), (UNIT, 5 * UNIT))


@pytest.mark.parametrize("criterion, code", [
    (kind("guess"), "unknown_rule"), (kind("deviation", target=0, side="left"), "unknown_rule"),
    (kind("choice"), "no_table"), (kind("choice", table=TABLE + TABLE[:1]), "table_repeated"),
    (kind("choice", table=((0, 11 * UNIT),)), "table_range"), (kind("benchmarks"), "no_table"),
    (kind("benchmarks", table=TABLE, side="below"), "table_order"), (kind("time", table=TABLE), "table_order"),
    (kind("deviation"), "no_target"), (kind("deviation", target=0, per=0), "deduction"), (kind("deviation", target=0, tolerance=-1), "deduction"),
    (kind("deviation", target=0, deduct=-UNIT), "deduction"), (kind("deviation", target=0, step=0), "step"),
    (kind("count", per=0), "deduction"), (kind("count", deduct=0), "deduction"), (kind("count", deduct=-UNIT), "count_minimum"),
    (kind("time"), "no_target"), (kind("judgement", minimum=UNIT), "minimum"), (kind("judgement", cap=UNIT), "cap"),
    (kind("points", cap=11 * UNIT), "cap"), (kind("points", alarm=-1), "alarm"), (kind("points", alarm=UNIT, team=True), "alarm"),
    (Criterion("m", "名次", 0, 0, -UNIT, kind="rank"), "range"),
    (Criterion("g", "组", children=(kind("points"),), cap=0), "cap"),
    (Criterion("g", "组", kind="judgement", children=(kind("points"),)), "node_marked"),
    (Criterion("g", "组", team=True, children=(kind("points"),)), "node_marked"),
    (Criterion("a/b", "甲"), "code")])
def test_criteria(criterion, code):
    assert codes(criterion) == [code]


@pytest.mark.parametrize("criterion", [
    kind("judgement"), kind("yes_no", team=True), kind("vote"), kind("choice", table=((0, 5 * UNIT), (UNIT, 0))), kind("benchmarks", table=TABLE),
    kind("benchmarks", table=((0, UNIT), (UNIT, 0)), side="below"), kind("deviation", target=0, per=1, deduct=1), kind("deviation", target=0),
    kind("count"), Criterion("m", "扣分", 0, 0, -5 * UNIT, kind="count", deduct=-UNIT), kind("time", table=((UNIT, 9 * UNIT), (2 * UNIT, 0))),
    kind("time", target=60 * UNIT), kind("rank"), kind("points", cap=9 * UNIT, alarm=UNIT),
    Criterion("g", "组", -WHOLE, cap=UNIT, children=(kind("points"),))])
def test_sound_criteria(criterion):
    assert codes(criterion) == []


def test_places_are_not_out_of_a_hundred():
    assert codes(kind("rank"), scale="hundred") == ["rank_scale"]
    assert codes(Criterion("g", "组", WHOLE, 10 * UNIT, cap=11 * UNIT, children=(leaf("a", 0, 20),)), scale="hundred") == ["cap"]


@pytest.mark.parametrize("panel, code", [
    (Panel("clamped_mean"), "clamp"), (Panel("outlier_mean"), "clamp"), (Panel("clamped_mean", clamp=-1), "clamp"), (Panel(review=-1), "clamp"),
    (Panel(better="up"), "unknown_rule"), (Panel(ranks="odd"), "unknown_rule"), (Panel("rank_sum", ranks="ordinal"), "panel_ranks"),
    (Panel("trimmed_sum", 3, 3, 5), "panel_too_small"), (Panel(judge_rounding=Rounding(9)), "places"),
    (Panel("mean", judge_rounding=Rounding(1), level="criterion"), "judge_rounding"),
    (Panel(standard=Standard("exact")), "unknown_rule"), (Panel(standard=Standard(spread=0)), "standard"),
    (Panel(standard=Standard(rounding=Rounding(21))), "places"), (Panel(standard=Standard(moments=Rounding(2, "up"))), "unknown_rule")])
def test_panels(panel, code):
    assert codes(leaf("a", 100), panel=panel) == [code]


def test_panels_about_places():
    assert codes(leaf("a", 100), panel=Panel("majority", level="criterion"), scale="hundred") == ["places_scale"]
    assert codes(Criterion("g", "组", cap=UNIT, children=(leaf("a", 100),)), panel=Panel("rank_sum", level="criterion")) == ["places_cap"]
    assert codes(kind("rank"), panel=Panel(standard=Standard())) == ["standard"]
    assert codes(leaf("a", 100), panel=Panel("pairwise", standard=Standard())) == []


@pytest.mark.parametrize("multiple", ["", "0", "-1", "1/0", "three"])
def test_a_multiple_is_a_number_above_nothing(multiple):
    assert codes(leaf("a", 100), multiple=multiple) == ["multiple"]
    assert codes(leaf("a", 100), multiple="10/3") == []


def test_an_unknown_scale():
    assert codes(leaf("a", 100), scale="thousand") == ["unknown_rule"]


def test_notices_of_small_panels():
    def told(panel, count):
        return [problem.message for problem in notices(Scheme((roadshow(panel),)), judges={"roadshow": count})]
    assert told(Panel("sum"), 3) == ["评委组只有 3 位评委，少于规定的 5 位，将按 3 位评委相加；有人回避或缺席时，按比例折算"]
    assert told(Panel("trimmed_sum", 2, 2), 4) == ["评委组只有 4 位评委，少于规定的 5 位，不够去掉最高最低，将按平均分乘以 1 计"]
    assert told(Panel("trimmed_sum", minimum_judges=3), 3) == []
    assert told(Panel("trimmed_sum", 2, 2, 7), 5) == ["评委组只有 5 位评委，少于规定的 7 位，将按 5 位评委去分后相加；有人回避或缺席时，按比例折算"]
    assert told(Panel("median"), 3) == ["评委组只有 3 位评委，少于规定的 5 位，将改用平均分"]
    assert told(Panel("highest"), 3) == told(Panel("majority"), 3) == told(Panel("mean"), 3) == told(Panel(), 5) == []
    assert told(replace(Panel("sum"), below_minimum="refuse"), 3) == []


def test_a_problem_names_place_and_way_out():
    problem, = Scheme((Part("p", "模块", criteria=(kind("count", deduct=pts("-0.5")),), scale="raw"),)).check()
    assert str(problem) == "模块 · 测量：每次扣分，而最低分不小于 0，永远扣不到分。请把最低分改为最多扣到的负分，满分改为 0"
