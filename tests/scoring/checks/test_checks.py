from dataclasses import replace

import pytest

from scoring import UNIT, WHOLE, Criterion, Panel, Part, Rounding, Scheme, Tier, TieRule, notices
from tests.scoring.build import leaf, pts, roadshow

GOOD = Scheme(
    (Part("theory", "理论", 300_000, "figure"),
     roadshow(Panel(), criteria=(leaf("new", 40, 40, name="创新"), leaf("use", 60, 60, name="应用")), weight=700_000)),
    ties=(TieRule("criterion", "roadshow/use"), TieRule("part", "theory"), TieRule("figure_low", "用时"), TieRule("shared")),
    tiers=(Tier("t1", "一等奖", count=1, prize_fen=20_000_000), Tier("t2", "二等奖", ratio=2000, prize_fen=10_000_000)))


def codes(scheme, **more):
    return [problem.code for problem in scheme.check(**more)]


def with_criteria(*criteria):
    return Scheme((roadshow(criteria=criteria),))


def test_a_sound_scheme():
    assert GOOD.check(field=35, judges={"roadshow": 7}, budget_fen=90_000_000) == ()


def test_weights_say_by_how_much():
    short = with_criteria(Criterion("a", "甲", 500_000), Criterion("b", "乙", 499_000))
    long = with_criteria(Criterion("a", "甲", 500_000), Criterion("b", "乙", 512_500))
    assert [str(problem) for problem in short.check()] == ["现场路演：权重合计 99.9，还差 0.1。请调整各项权重，使合计恰为 100"]
    assert long.check()[0].message == "权重合计 101.25，多出 1.25"


def test_part_weights():
    assert codes(replace(GOOD, parts=GOOD.parts[:1], ties=())) == ["weight_sum"]
    assert codes(Scheme(())) == ["no_parts"]


@pytest.mark.parametrize("criterion, code", [
    (leaf("a", 100, 0), "range"),
    (leaf("a", 100, 10, minimum=10 * UNIT), "range"),
    (leaf("a", 100, 10, step=3 * UNIT), "step"),
    (leaf("a", 100, 10, step=0), "step"),
    (leaf("a", 100, 10, anchors=((11 * UNIT, "优"),)), "anchor_range"),
    (Criterion("a", "甲", WHOLE, 50 * UNIT, children=(leaf("b", 0, 20), leaf("c", 0, 20))), "maximum_sum"),
    (Criterion("a", "甲", WHOLE, children=(leaf("b", 50), leaf("c", 40))), "weight_sum"),
    (Criterion("a", "甲", WHOLE, children=(leaf("a", 100),)), "repeated_code")])
def test_criteria(criterion, code):
    assert codes(with_criteria(criterion)) == [code]


def test_a_criterion_without_weight():
    assert codes(with_criteria(leaf("a", 100), leaf("b", 0))) == ["weight_not_positive"]


@pytest.mark.parametrize("panel, code", [
    (Panel("best_guess"), "unknown_rule"), (Panel(level="sheet"), "unknown_rule"), (Panel(below_minimum="zero"), "unknown_rule"),
    (Panel(chief="king"), "unknown_rule"), (Panel(drop_high=-1), "panel_counts"), (Panel(minimum_judges=2), "panel_too_small"),
    (Panel("mean", minimum_judges=0), "panel_counts"), (Panel(rounding=Rounding(5)), "places"),
    (Panel(rounding=Rounding(2, "up")), "unknown_rule")])
def test_panels(panel, code):
    assert codes(Scheme((roadshow(panel),))) == [code]


def test_too_few_judges_stop_only_where_the_rule_refuses_them():
    refusing = Scheme((roadshow(Panel(below_minimum="refuse")),))
    assert refusing.check(judges={"roadshow": 4})[0].message == "评委组只有 4 位评委，少于规定的 5 位，将不出成绩"
    falling_back = Scheme((roadshow(Panel()),))
    assert falling_back.check(judges={"roadshow": 3}) == ()
    assert [problem.code for problem in notices(falling_back, judges={"roadshow": 3})] == ["few_judges"]
    assert notices(falling_back, judges={"roadshow": 5}) == ()


@pytest.mark.parametrize("ties, code", [
    ((TieRule("coin"),), "unknown_rule"), ((TieRule("part", "ghost"),), "tie_argument"),
    ((TieRule("criterion", "roadshow/ghost"),), "tie_argument"), ((TieRule("figure_low"),), "tie_argument"),
    ((TieRule("chief_mark", "ghost"),), "tie_argument"), ((TieRule("shared"), TieRule("untrimmed_mean")), "tie_unreachable")])
def test_tie_chains(ties, code):
    assert codes(replace(GOOD, ties=ties)) == [code]


@pytest.mark.parametrize("tiers, code", [
    ((Tier("a", "甲"),), "tier_quota"), ((Tier("a", "甲", count=1, ratio=1),), "tier_quota"),
    ((Tier("a", "甲", count=-1),), "tier_quota"), ((Tier("a", "甲", count=1, tie="fight"),), "unknown_rule"),
    ((Tier("a", "甲", count=1), Tier("a", "乙", count=1)), "repeated_code"),
    ((Tier("a", "甲", ratio=6000), Tier("b", "乙", ratio=5000)), "ratio_sum"),
    ((Tier("a", "甲", count=1, minimum_score=pts(101)),), "tier_minimum"),
    ((Tier("a", "甲", count=1, minimum_score=pts(90), vacant_allowed=False),), "tier_vacancy")])
def test_tiers(tiers, code):
    assert codes(replace(GOOD, tiers=tiers)) == [code]


def test_awards_against_field_and_budget():
    assert GOOD.check(field=0)[0].message == "奖项名额合计 1 个，参赛对象只有 0 个"
    over = GOOD.check(field=35, budget_fen=80_000_000)
    assert over[0].message == "奖金合计 900000.00 元，超出预算 100000.00 元（预算 800000.00 元）"


def test_ratio_sum_is_named():
    found = replace(GOOD, tiers=(Tier("a", "甲", ratio=6050), Tier("b", "乙", ratio=5000))).check()
    assert found[0].message == "获奖比例合计 110.5%，超过 100%"


def test_a_figure_may_state_its_scale_and_whole_numbers_are_fine():
    part = Part("p", "理论", kind="figure", criteria=(leaf("paper", 100, 150),), rounding=Rounding(0))
    assert codes(Scheme((part,), Rounding(0))) == []
    assert codes(Scheme((part,), Rounding(4))) == []
    assert codes(Scheme((part,), Rounding(-1))) == ["places"]


def test_part_faults():
    assert codes(Scheme((Part("p", "环节"),))) == ["no_criteria"]
    assert codes(Scheme((Part("p", "环节", kind="dream"),))) == ["unknown_rule"]
    assert codes(Scheme((Part("p", "理论", kind="figure", criteria=(leaf("a", 50), leaf("b", 50))),))) == ["figure_criteria"]
    assert codes(replace(GOOD, rank_by="luck")) == ["unknown_rule"]
