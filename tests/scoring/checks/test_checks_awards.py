"""Faults of awards, titles, team lists and promotion are told before judging begins."""

from dataclasses import replace

import pytest

from scoring import CUT_TIES, Panel, Part, Promotion, Rounding, Team, TeamTie, Tier, planned_counts
from tests.scoring.build import pts, roadshow
from tests.scoring.fields import scheme

PLAIN = scheme()


def codes(plan, **more):
    return [problem.code for problem in plan.check(**more)]


def awards(*tiers, **more):
    return codes(replace(PLAIN, tiers=tiers, **more))


A = Tier("a", "甲", count=1)


@pytest.mark.parametrize("tier", [
    Tier("b", "乙", fraction="1/12"), Tier("b", "乙", minimum_score=pts(60)), Tier("b", "乙", by_size=((1, 5), (2, 3))),
    Tier("b", "乙", count=2, requires=("!a",)), Tier("b", "乙", count=3, cumulative=True, per_organization=2, per_person=1),
    *(Tier("b", "乙", count=1, tie=tie) for tie in CUT_TIES)])
def test_sound_tiers(tier):
    assert awards(A, tier) == []


@pytest.mark.parametrize("tier, code", [
    (Tier("b", "乙", count=1, fraction="1/2"), "tier_quota"), (Tier("b", "乙", ratio=1, fraction="1/2"), "tier_quota"),
    (Tier("b", "乙"), "tier_quota"), (Tier("b", "乙", fraction="3/2"), "fraction"), (Tier("b", "乙", fraction="三成"), "fraction"),
    (Tier("b", "乙", fraction="1/0"), "fraction"), (Tier("b", "乙", ratio=1, base="luck"), "unknown_rule"),
    (Tier("b", "乙", count=1, per_organization=0), "tier_limit"), (Tier("b", "乙", count=1, per_person=-1), "tier_limit"),
    (Tier("b", "乙", by_size=((1, 5), (1, 3))), "tier_sizes"), (Tier("b", "乙", by_size=((0, 5),)), "tier_sizes"),
    (Tier("b", "乙", count=1, requires=("ghost",)), "requires"), (Tier("b", "乙", count=1, requires=("!b",)), "requires"),
    (Tier("b", "乙", count=1, requires=("a",)), "requires"), (Tier("b", "乙", count=1, prize_fen=-1), "tier_quota"),
    (Tier("b", "乙", ratio=10_001), "tier_quota"), (Tier("b", "乙", count=1, rounding_mode="up"), "unknown_rule")])
def test_faulty_tiers(tier, code):
    assert code in awards(A, tier)


def test_cumulative_ratios_are_not_added_up():
    olympiad = [Tier(code, code, fraction=share, cumulative=True) for code, share in (("g", "1/12"), ("s", "1/4"), ("b", "1/2"), ("all", "1/1"))]
    assert awards(*olympiad) == []
    assert awards(*(replace(tier, cumulative=False) for tier in olympiad)) == ["ratio_sum"]
    assert awards(olympiad[1], olympiad[0]) == ["cumulative_order"]


def test_a_line_above_a_hundred_is_a_fault_only_where_totals_end_there():
    high = (Tier("a", "甲", minimum_score=pts(700)),)
    assert awards(*high) == ["tier_minimum"]
    raw = Part("p", "总分", kind="figure", scale="raw")
    assert "tier_minimum" not in codes(replace(PLAIN, parts=(raw,), tiers=high))
    thrice = roadshow(Panel("mean"), multiple="3")
    assert "tier_minimum" not in codes(replace(PLAIN, parts=(thrice,), tiers=high))


def test_award_rules():
    assert awards(A, awards="luck") == ["unknown_rule"]
    four = [Tier(code, code) for code in "gsbe"]
    assert awards(*four, awards="medals_700") == []
    assert awards(*four, awards="medals_700", better="low") == ["medals_low"]
    assert awards(A, awards="places") == []


def test_titles_rest_on_awards_and_titles_before_them():
    assert awards(A, titles=(Tier("x", "能手", count=1, requires=("a",)), Tier("y", "工匠", count=1, requires=("!x",)))) == []
    assert awards(A, titles=(Tier("x", "能手", count=1, requires=("y",)), Tier("y", "工匠", count=1))) == ["requires"]
    assert awards(A, titles=(Tier("a", "能手", count=1),)) == ["repeated_code"]
    assert awards(A, titles=(Tier("x", "能手"),)) == ["tier_quota"]


TEAM = Team("t", "团体", rule="best", keep=3, tiers=(Tier("g", "优秀组织奖", count=3, prize_fen=100),))


@pytest.mark.parametrize("change, code", [
    ({"by": "county"}, "unknown_rule"), ({"rule": "vote"}, "unknown_rule"), ({"keep": None}, "team_keep"), ({"keep": 0}, "team_counts"),
    ({"fewest": 0}, "team_counts"), ({"rule": "places"}, "team_table"), ({"rule": "award_points"}, "team_table"),
    ({"rounding": Rounding(9)}, "places"), ({"ties": (TeamTie("coin"),)}, "unknown_rule"),
    ({"ties": (TeamTie("part", "ghost"),)}, "tie_argument"), ({"ties": (TeamTie("figure_low"),)}, "tie_argument"),
    ({"ties": (TeamTie("decision"),)}, "tie_argument"), ({"tiers": (Tier("g", "奖"),)}, "tier_quota"),
    ({"tiers": (Tier("g", "奖", count=1, tie="fight"),)}, "unknown_rule")])
def test_teams(change, code):
    assert codes(replace(PLAIN, teams=(TEAM,))) == []
    assert codes(replace(PLAIN, teams=(replace(TEAM, **change),))) == [code]


def test_a_team_line_may_be_above_a_hundred():
    line = replace(TEAM, tiers=(Tier("g", "奖", minimum_score=pts(250)),))
    assert codes(replace(PLAIN, teams=(line,))) == []
    assert codes(replace(PLAIN, teams=(TEAM, TEAM))) == ["repeated_code"]


FINAL = Promotion("决赛", count=24)


@pytest.mark.parametrize("change, code", [
    ({"count": None}, "promotion_quota"), ({"ratio": 3000}, "promotion_quota"), ({"fraction": "1/3"}, "promotion_quota"),
    ({"count": -1}, "promotion_numbers"), ({"per_organization": 0}, "promotion_numbers"), ({"tie": "luck"}, "unknown_rule"),
    ({"by": "planet"}, "unknown_rule"), ({"apportion": "luck"}, "unknown_rule"), ({"base": "luck"}, "unknown_rule"),
    ({"rounding_mode": "up"}, "unknown_rule"), ({"runners_up": 2}, "promotion_by"), ({"least": 1}, "promotion_by"),
    ({"count": None, "quotas": (("东", 2),)}, "promotion_by"), ({"by": "division", "quotas": (("东", 2), ("东", 3)), "count": 5}, "repeated_code"),
    ({"by": "division", "quotas": (("东", 20),), "runners_up": 3}, "promotion_sum")])
def test_promotion(change, code):
    assert codes(replace(PLAIN, promotion=FINAL)) == []
    assert codes(replace(PLAIN, promotion=replace(FINAL, **change))) == [code]


@pytest.mark.parametrize("change", [
    {"count": None, "minimum_score": pts(60)}, {"count": None, "fraction": "1/3"}, {"by": "division", "runners_up": 2, "least": 1},
    {"by": "division", "quotas": (("东", 20), ("西", 2)), "runners_up": 2}, {"count": None, "by": "division", "quotas": (("东", 20),)}])
def test_sound_promotion(change):
    assert codes(replace(PLAIN, promotion=replace(FINAL, **change))) == []


def test_titles_and_team_prizes_are_in_the_budget():
    plan = replace(PLAIN, tiers=(Tier("a", "甲", count=1, prize_fen=1000),), titles=(Tier("x", "能手", count=2, prize_fen=10),), teams=(TEAM,))
    assert codes(plan, field=10, budget_fen=1320) == []
    assert plan.check(field=10, budget_fen=1319)[0].message == "奖金合计 13.20 元，超出预算 0.01 元（预算 13.19 元）"


def test_planned_seats_of_cumulative_tiers_are_what_remains():
    tiers = (Tier("a", "甲", count=2), Tier("b", "乙", ratio=5000, cumulative=True), Tier("c", "丙", minimum_score=pts(60)))
    assert planned_counts(tiers, 10) == {"a": 2, "b": 3, "c": 0}
    assert planned_counts(tiers, {"a": 1, "b": 20, "c": 1}) == {"a": 2, "b": 8, "c": 0}
