"""Awards that rest on another figure than the total, and least figures beside a place."""

from dataclasses import replace

import pytest

from scoring import Panel, Part, Step, Team, Tier, TieRule, awarded, compute, team_standings, titles
from scoring.bulk.awards import why_not
from tests.scoring import build
from tests.scoring.build import pts, roadshow
from tests.scoring.fields import entry, field, passed, scheme, won

POPULAR = Tier("popular", "人气奖", count=1, figure="votes")


def figures(name, *values):
    """Per entry {name: units}, nothing for None; a dict by number as `field` takes it."""
    return {number: {name: pts(value)} if value is not None else {} for number, value in enumerate(values, 1)}


def given(plan, *scores, **more):
    return awarded(plan, compute(plan, field(*scores, **more)))


def titled(plan, *scores, **more):
    return titles(plan, compute(plan, field(*scores, **more)))


def test_the_most_votes_win_whatever_the_place():
    plan = scheme(tiers=(Tier("first", "一等奖", count=1),), titles=(POPULAR,))
    found = titled(plan, 95, 90, 85, figures=figures("votes", 10, 30, 20))
    assert won(found) == {"popular": [2]} and found.problems == ()


@pytest.mark.parametrize("tie, winners, pending", [
    ("chain", [2], ()), ("all_in", [2, 3], ()), ("all_out", [], ()), ("nearest", [2, 3], ())])
def test_equal_votes_at_the_line(tie, winners, pending):
    """By the chain the better placed of equal votes comes first; the other rules look at the votes alone."""
    plan = scheme(titles=(replace(POPULAR, tie=tie),))
    found = titled(plan, 95, 90, 85, figures=figures("votes", 10, 30, 30))
    assert (won(found).get("popular", []), found.pending) == (winners, pending)


def test_equal_votes_and_equal_places_wait_for_a_decision():
    found = titled(scheme(titles=(POPULAR,)), 95, 90, 90, figures=figures("votes", 10, 30, 30))
    assert found.pending == ((2, 3),)
    assert [problem.message for problem in found.problems] == ["2、3 号并列第 2 名，名额不足以全部入选"]


def test_a_limit_among_equal_votes_names_the_votes():
    plan = scheme(titles=(replace(POPULAR, count=2, tie="all_in", per_organization=1),))
    found = titled(plan, 95, 90, 85, figures=figures("votes", 30, 30, 20), organization=("甲", "甲", "乙"))
    assert [problem.message for problem in found.problems] == ["1、2 号“votes”相同，按每单位或每人的限额只能取其中一部分"]


def test_a_line_is_about_the_figure_and_the_contests_minimum_about_the_total():
    plan = scheme(tiers=(replace(POPULAR, count=3, minimum_score=pts(25)),), minimum_score=pts(60))
    found = given(plan, 95, 50, 85, 80, figures=figures("votes", 10, 40, 30, 25))
    assert won(found) == {"popular": [3, 4]}
    assert [(one.entry, one.reason) for one in found.passed] == [(2, "50.00 分，低于最低分 60"), (1, "“votes”10，低于 25")]
    assert found.tiers[0].vacant == 1


def test_who_has_no_such_figure_is_told():
    found = given(scheme(tiers=(replace(POPULAR, count=2),)), 95, 90, figures=figures("votes", None, 5))
    assert won(found) == {"popular": [2]}
    assert found.reasons_of(1) == ("人气奖：没有“votes”成绩",)


def test_the_quickest_wins_where_less_is_better():
    quickest = Tier("quick", "最快奖", count=1, figure="time", better="low", minimum_score=pts(60))
    found = titled(scheme(titles=(quickest,)), 95, 90, 85, figures=figures("time", 70, 50, 60))
    assert won(found) == {"quick": [2]}
    slow = titled(scheme(titles=(quickest,)), 95, 90, figures=figures("time", 70, 61))
    assert [one.reason for one in slow.passed] == ["“time”61，高于 60"]


def test_a_step_says_itself_which_way_it_is_good():
    plan = scheme(steps=(Step("place", "票数名次", "rank", ("votes",)),), titles=(Tier("top", "最受欢迎", figure="place", minimum_score=pts(2)),))
    found = titled(plan, 95, 90, 85, figures=figures("votes", 1, 2, 3))
    assert won(found) == {"top": [3, 2]}


def test_an_imported_figure_is_good_as_the_scheme_uses_it():
    """A time that a step takes as low is a time here too."""
    plan = scheme(steps=(Step("best", "最好一次", "best", ("t1", "t2"), better="low"),), titles=(Tier("quick", "最快奖", count=1, figure="t1"),))
    times = {number: {"t1": pts(first), "t2": pts(99)} for number, first in enumerate((70, 50, 60), 1)}
    assert won(titled(plan, 95, 90, 85, figures=times)) == {"quick": [2]}


def test_just_below_the_line_is_shown_with_all_decimals():
    """Three judges' mean of 59.996… reads 60.00."""
    part = roadshow(Panel("mean", minimum_judges=1))
    plan = replace(scheme(tiers=(Tier("first", "一等奖", count=1, figure="roadshow", minimum_score=pts(60)),)), parts=(part,))
    outcome = compute(plan, build.field(build.entry(1, part, "59.99", "60", "60")))
    assert [one.reason for one in awarded(plan, outcome).passed] == ["“现场路演”59.996666666667，低于 60"]


def test_a_criterion_may_be_the_ground():
    part = roadshow(Panel("mean", minimum_judges=1), criteria=(build.leaf("skill", 60), build.leaf("style", 40)))
    plan = replace(scheme(titles=(Tier("style", "最佳风采", count=1, figure="roadshow/style"),)), parts=(part,))
    sheets = [build.marked(part, marks) for marks in ({"skill": 90, "style": 60}, {"skill": 70, "style": 80})]
    outcome = compute(plan, build.field(*(entry(number, None)._replace(sheets={"roadshow": own}) for number, own in enumerate(sheets, 1))))
    assert plan.check() == ()
    assert won(titles(plan, outcome)) == {"style": [2]}


def test_a_tier_by_a_figure_takes_no_seat_of_the_others():
    """Neither cumulative quotas nor ties carried down nor places count it; whoever has it has no other."""
    tiers = (Tier("gold", "金奖", count=1, tie="extend"), replace(POPULAR, prize_fen=5), Tier("silver", "银奖", count=3, cumulative=True))
    found = given(scheme(tiers=tiers), 95, 90, 85, 80, figures=figures("votes", 9, 1, 8, 1))
    assert won(found) == {"gold": [1], "popular": [3], "silver": [2, 4]}
    places = given(scheme(tiers=(tiers[0], POPULAR, Tier("silver", "银奖", count=2)), awards="places"), 95, 90, 85, 80,
                   figures=figures("votes", 9, 1, 1, 8))
    assert won(places) == {"gold": [1], "popular": [4], "silver": [2, 3]}


def test_out_of_competition_takes_no_seat_by_votes():
    found = given(scheme(tiers=(POPULAR,)), 95, 90, figures=figures("votes", 9, 8), status={1: "out_of_competition"})
    assert won(found) == {"popular": [2]} and passed(found) == [(1, "popular", "outside")]


def test_the_qualified_are_those_who_reach_every_line():
    tier = Tier("first", "一等奖", ratio=5000, base="qualified", minimums=(("theory", pts(60)),))
    found = given(scheme(tiers=(tier,)), 95, 90, 85, 80, 75, figures=figures("theory", 50, 60, 70, 80, 90))
    assert found.tiers[0].planned == 2 and won(found) == {"first": [2, 3]}


# --- least figures beside a place -----------------------------------------------------------------------------------------

BOTH = Tier("first", "一等奖", count=1, minimums=(("theory", pts(60)), ("practice", pts(60))))


def marks(*pairs):
    return {number: {"theory": pts(theory), "practice": pts(practice)} for number, (theory, practice) in enumerate(pairs, 1)}


def test_who_misses_a_part_is_passed_over_and_the_next_moves_up():
    found = given(scheme(tiers=(BOTH, Tier("second", "二等奖", count=1))), 95, 90, 85, figures=marks((99, 59), (60, 60), (70, 70)))
    assert won(found) == {"first": [2], "second": [1]}
    assert found.reasons_of(1) == ("一等奖：“practice”59，低于 60",)


def test_a_title_open_to_all_who_pass_tells_those_who_do_not():
    plan = scheme(titles=(Tier("pass", "合格", minimums=(("theory", pts(60)),)),))
    assert plan.check() == ()
    found = titled(plan, 95, 90, 85, figures=figures("theory", 70, 65, 50))
    assert won(found) == {"pass": [1, 2]} and passed(found) == [(3, "pass", "minimums")]


def test_seven_hundred_point_medals_keep_to_least_figures():
    tiers = tuple(Tier(code, code) for code in ("gold", "silver", "bronze", "excellence"))
    plan = scheme(tiers=(replace(tiers[0], minimums=(("theory", pts(60)),)), *tiers[1:]), awards="medals_700")
    found = given(plan, 760, 750, 740, 690, 680, 670, figures=figures("theory", 50, 60, 60, 60, 60, 60))
    assert won(found) == {"silver": [2], "bronze": [3]} and passed(found) == [(1, "gold", "minimums")]


# --- checks ---------------------------------------------------------------------------------------------------------------

def faults(**more):
    return [(problem.code, problem.where) for problem in scheme(**more).check()]


def test_sound_grounds():
    assert faults(tiers=(POPULAR, replace(BOTH, better=""))) == []


@pytest.mark.parametrize("tier, where", [
    (Tier("b", "乙", count=1, figure="total/ghost"), "乙 · 依据"), (Tier("b", "乙", count=1, minimums=(("x/y", 1),)), "乙 · 各项最低分")])
def test_unknown_criteria_are_named_with_their_tier(tier, where):
    problem, = scheme(tiers=(tier,)).check()
    assert (problem.code, problem.where, problem.mend) == ("reference", where, "请写成“环节代码/评分项代码”")


def test_a_criterion_without_its_part():
    plan = replace(scheme(tiers=(Tier("b", "乙", count=1, figure="all"),)), parts=(roadshow(),))
    assert [problem.mend for problem in plan.check()] == ["请写成“roadshow/all”"]


def test_a_figure_that_nobody_has_names_its_award():
    found = compute(scheme(tiers=(POPULAR,)), field(90, 80))
    assert [(problem.code, problem.where) for problem in found.problems] == [("unknown_figure", "评分方案 · 奖项“人气奖”")]
    assert not found.releasable


@pytest.mark.parametrize("tier, code", [
    (replace(POPULAR, cumulative=True), "tier_figure"), (replace(POPULAR, tie="extend"), "tier_figure"),
    (replace(POPULAR, by_size=((1, 5),)), "tier_figure"), (replace(POPULAR, figure="", better="low"), "tier_figure"),
    (replace(POPULAR, better="up"), "unknown_rule"), (replace(BOTH, vacant_allowed=False), "tier_vacancy"),
    (replace(BOTH, minimums=(("a", 1), ("a", 2))), "repeated_code")])
def test_faulty_grounds(tier, code):
    assert [found for found, where in faults(tiers=(tier,))] == [code]


def test_medals_on_the_700_scale_rest_on_the_total():
    tiers = (POPULAR, *(Tier(code, code) for code in "abc"))
    assert ("tier_figure", "人气奖 · 依据") in faults(tiers=tiers, awards="medals_700")


def test_a_team_award_rests_on_the_teams_score():
    team = Team("t", "团体", tiers=(POPULAR,))
    plan = scheme(teams=(team,))
    assert [problem.code for problem in plan.check()] == ["tier_figure"]
    table = team_standings(plan, team, compute(plan, field(90, 80, organization=("甲", "乙"))))
    assert table.allotment.awards == ()


@pytest.mark.parametrize("tier", [POPULAR, BOTH])
def test_columns_leave_such_awards_to_the_engine(tier):
    assert why_not(scheme(tiers=(tier,))) == (f"“{tier.name}”另看其他数，须逐个对象查",)


def test_parts_keep_their_plain_names_in_reasons():
    theory = Part("theory", "理论考试", weight=300_000, kind="figure")
    practice = Part("practice", "实操", weight=700_000, kind="figure")
    plan = replace(scheme(tiers=(BOTH,)), parts=(theory, practice), ties=(TieRule("shared"),))
    outcome = compute(plan, field(None, None, figures=marks((50, 100), (80, 70))))
    found = awarded(plan, outcome)
    assert won(found) == {"first": [2]}
    assert found.reasons_of(1) == ("一等奖：“理论考试”50.00，低于 60",)
