"""Quotas, bases, cut-off scores, ties at the line, limits and conditions."""

from fractions import Fraction

import pytest

from scoring import Tier, allot, awarded, planned_counts
from tests.scoring.build import pts
from tests.scoring.fields import outcome_of, passed, scheme, won


def tier(code, **more):
    return Tier(code, more.pop("name", code), **more)


def allotted(tiers, *scores, plan=None, field=None, vacancies=None, **more):
    plan = plan or scheme(tiers=tuple(tiers))
    return awarded(plan, outcome_of(plan, *scores, **more), field=field, vacancies=vacancies)


OLYMPIAD = tuple(tier(code, fraction=fraction, cumulative=True, tie="all_in", rounding_mode="floor")
                 for code, fraction in (("gold", "1/12"), ("silver", "1/4"), ("bronze", "1/2")))


def test_a_twelfth_is_no_percentage():
    assert planned_counts(OLYMPIAD, 12) == {"gold": 1, "silver": 2, "bronze": 3}
    assert planned_counts([tier("gold", ratio=833, rounding_mode="floor")], 12) == {"gold": 0}


def test_a_tie_that_extends_gold_shrinks_silver():
    found = allotted(OLYMPIAD, 99, 99, 90, 80, 70, 60, 50, 40, 30, 20, 10, 5)
    assert won(found) == {"gold": [1, 2], "silver": [3], "bronze": [4, 5, 6]}
    assert [(one.planned, one.allotted, one.vacant, one.shift) for one in found.tiers] == [(1, 2, 0, -1), (2, 1, 0, 1), (3, 3, 0, 0)]
    assert [(note.code, note.message) for note in found.notes] == [("tie_extends", "同分一并入选，比名额多 1 个")]
    assert found.problems == ()


def test_a_tie_can_use_up_silver_altogether():
    found = allotted(OLYMPIAD, 99, 99, 99, 99, 70, 60, 50, 40, 30, 20, 10, 5)
    assert won(found) == {"gold": [1, 2, 3, 4], "bronze": [5, 6]}


def test_the_informatics_olympiad_of_2020_never_splits_a_tie():
    """241 entries; the lines fell at 266, 200 and 96: gold 23 for a quota of 21, so silver 38; half the field is 120 entries.

    Scores away from the lines are put together, which moves no line.
    """
    groups = ((300, 18), (266, 5), (226, 28), (220, 1), (210, 8), (200, 1), (180, 55), (100, 2), (96, 2), (95, 2), (50, 119))
    medals = [tier(code, fraction=fraction, cumulative=True, tie="all_in", rounding_mode=mode)
              for code, fraction, mode in (("gold", "1/12", "ceil"), ("silver", "1/4", "ceil"), ("bronze", "1/2", "floor"))]
    found = allotted(medals, *[score for score, number in groups for _ in range(number)])
    assert [(one.planned, one.allotted) for one in found.tiers] == [(21, 23), (40, 38), (59, 59)]
    assert [max(entries) for entries in won(found).values()] == [23, 61, 120]


def test_a_cumulative_quota_takes_in_what_a_line_kept_vacant():
    plan = (tier("first", count=1, minimum_score=pts(90)), tier("second", count=3, cumulative=True))
    found = allotted(plan, 85, 80, 75, 70)
    assert won(found) == {"second": [1, 2, 3]}
    assert [(one.planned, one.allotted, one.vacant, one.shift) for one in found.tiers] == [(1, 0, 1, 0), (2, 3, 0, -1)]


def test_a_seat_kept_vacant_by_decision_stays_vacant():
    plan = (tier("first", count=1), tier("second", count=3, cumulative=True))
    assert won(allotted(plan, 85, 80, 75, 70, vacancies={"first": 1})) == {"second": [1, 2]}


@pytest.mark.parametrize("tie, first, second, shifts", [
    ("all_in", [1, 2, 3], [4, 5], (-2, 0)), ("extend", [1, 2, 3], [], (-2, 2)), ("all_out", [], [1, 2, 3], (0, -1)),
    ("carry", [], [1, 2, 3], (1, -1)), ("nearest", [], [1, 2, 3], (0, -1))])
def test_three_tie_for_one_first_prize(tie, first, second, shifts):
    """Two second prizes beside, which a tie may exceed; carry hands the first prize's seat down as a third one."""
    found = allotted((tier("first", count=1, tie=tie), tier("second", count=2, tie="all_in")), 90, 90, 90, 80, 70)
    assert (won(found).get("first", []), won(found).get("second", [])) == (first, second)
    assert tuple(one.shift for one in found.tiers) == shifts


def test_a_seat_carried_down_is_one_more_below():
    found = allotted((tier("first", count=1, tie="carry"), tier("second", count=2), tier("third", count=1)), 90, 90, 90, 80, 70)
    assert won(found) == {"second": [1, 2, 3], "third": [4]} and found.pending == ()


def test_what_a_cumulative_quota_has_borne_is_not_taken_again():
    plan = (tier("first", count=1, tie="extend"), tier("second", count=3, cumulative=True), tier("third", count=1))
    assert won(allotted(plan, 90, 90, 80, 70, 60)) == {"first": [1, 2], "second": [3], "third": [4]}


def test_a_seat_of_a_cumulative_tier_kept_vacant():
    plan = (tier("first", count=1), tier("second", count=3, cumulative=True))
    assert won(allotted(plan, 90, 80, 70, 60, vacancies={"second": 1})) == {"first": [1], "second": [2]}


def test_nearest_goes_to_the_closer_side():
    plan = (tier("first", count=3, tie="nearest"),)
    assert won(allotted(plan, 95, 90, 90, 90, 90)) == {"first": [1, 2, 3, 4, 5]}      # two over, two under: in
    assert won(allotted(plan, 95, 94, 90, 90, 90)) == {"first": [1, 2]}               # two over, one under: out
    assert won(allotted((tier("first", count=4, tie="nearest"),), 95, 90, 90, 90, 90)) == {"first": [1, 2, 3, 4, 5]}


def test_a_cut_off_score_admits_everyone_who_reaches_it():
    lines = [tier(code, minimum_score=pts(line)) for code, line in (("gold", "31"), ("silver", "23.9"), ("bronze", "17.2"))]
    found = allotted(lines, 31, "30.99", "23.90", "17.2", "17.19")
    assert won(found) == {"gold": [1], "silver": [2, 3], "bronze": [4]}
    assert [(one.planned, one.allotted, one.vacant) for one in found.tiers] == [(1, 1, 0), (2, 2, 0), (1, 1, 0)]
    assert found.passed == ()


def test_a_cut_off_where_less_is_better():
    plan = scheme(better="low", tiers=(tier("gold", minimum_score=pts("12.5")), tier("silver", count=1)), minimum_score=pts(20))
    found = allotted((), "12.51", "12.5", "21", "11", plan=plan)
    assert won(found) == {"gold": [4, 2], "silver": [1]}


def test_the_bases_of_a_ratio():
    given = {"status": {1: "out_of_competition", 6: "absent", 7: "disqualified"}}
    counts = {}
    for base in ("competing", "ranked", "registered", "qualified", "scored"):
        plan = (tier("first", ratio=10_000, base=base, minimum_score=pts(60) if base == "qualified" else None),)
        counts[base] = allotted(plan, 99, 80, 59, 60, 0, None, None, **given).tiers[0].planned
    assert counts == {"competing": 4, "ranked": 4, "registered": 6, "qualified": 2, "scored": 3}


def test_a_stated_field_goes_before_what_can_be_counted():
    assert allotted((tier("first", ratio=5000, base="ranked"),), 90, 80, field=10).tiers[0].planned == 5


PLACES = tuple(tier(code, count=count) for code, count in (("gold", 1), ("silver", 1), ("bronze", 1)))


@pytest.mark.parametrize("scores, expected", [
    ((9, 8, 7, 6), {"gold": [1], "silver": [2], "bronze": [3]}),
    ((9, 9, 7, 6), {"gold": [1, 2], "bronze": [3]}),
    ((9, 8, 8, 6), {"gold": [1], "silver": [2, 3]}),
    ((9, 8, 7, 7), {"gold": [1], "silver": [2], "bronze": [3, 4]}),
    ((9, 9, 9, 6), {"gold": [1, 2, 3]})])
def test_medals_by_places_as_in_sport(scores, expected):
    found = allotted((), *scores, plan=scheme(awards="places", tiers=PLACES))
    assert won(found) == expected
    assert sum(one.vacant for one in found.tiers) == 0


def test_the_top_half_by_places():
    half = scheme(awards="places", tiers=(tier("metal", ratio=5000, rounding_mode="floor"),))
    assert won(allotted((), 9, 8, 7, 7, 5, 4, 3, plan=half)) == {"metal": [1, 2, 3, 4]}      # 3.5 places: up to the third, shared by two


def test_places_kept_vacant_move_the_next_up():
    found = allotted((), 9, 8, 7, 6, plan=scheme(awards="places", tiers=PLACES), vacancies={"gold": 1})
    assert won(found) == {"silver": [1], "bronze": [2]}
    assert [one.vacant for one in found.tiers] == [1, 0, 0]


def test_no_more_than_two_of_one_organization():
    plan = (tier("first", count=3, per_organization=2), tier("second", count=2))
    found = allotted(plan, 95, 94, 93, 92, 91, organization=("甲", "甲", "甲", "乙", "丙"))
    assert won(found) == {"first": [1, 2, 4], "second": [3, 5]}
    assert [(one.entry, one.tier, one.reason) for one in found.passed] == [(3, "first", "本单位已有 2 个，依次递补")]


def test_every_tier_that_passed_an_entry_over_gives_its_reason():
    plan = (tier("first", name="一等奖", count=1, minimum_score=pts(90)), tier("second", name="二等奖", count=1, per_organization=1))
    found = allotted(plan, 88, 87, 86, organization=("甲", "甲", "乙"))
    assert found.reasons_of(1) == ("一等奖：88.00 分，低于最低分 90",) and found.tiers_of(1) == ("second",)
    assert found.reasons_of(3) == () and found.tiers_of(3) == ()


def test_a_limit_over_all_tiers():
    plan = (tier("first", count=1, per_organization=1), tier("second", count=2, per_organization=1, limits_above=True))
    found = allotted(plan, 95, 94, 93, 92, organization=("甲", "甲", "乙", "丙"))
    assert won(found) == {"first": [1], "second": [3, 4]}
    assert passed(found) == [(2, "second", "limit")]


def test_no_more_than_one_per_person():
    plan = (tier("first", count=2, per_person=1),)
    found = allotted(plan, 95, 94, 93, 92, persons=(("张", "王"), ("李", "王"), ("李",), ("赵",)))
    assert won(found) == {"first": [1, 3]}
    assert found.passed[0].reason == "同一人已有 1 个，依次递补"


def test_entries_without_organization_are_not_one_organization():
    assert won(allotted((tier("first", count=3, per_organization=1),), 95, 94, 93)) == {"first": [1, 2, 3]}


@pytest.mark.parametrize("tie, expected, pending", [("chain", [3], ((1, 2),)), ("all_in", [3], ((1, 2),)), ("all_out", [3, 4], ())])
def test_equal_entries_of_one_organization_that_may_have_one(tie, expected, pending):
    """Which of the two is a question for a decision, even where ties at the line come in as a whole: limits are never exceeded."""
    plan = (tier("first", count=2, per_organization=1, tie=tie),)
    found = allotted(plan, 95, 95, 94, 93, organization=("甲", "甲", "乙", "丙"))
    assert won(found) == {"first": expected}
    assert found.pending == pending
    assert [problem.code for problem in found.problems] == (["tie_at_limit"] if pending else [])
    assert found.tiers[0].pending == len(pending)


def test_equals_of_one_person_who_both_go_without_are_told_so_beside_a_third():
    found = allotted((tier("first", count=2, per_person=1, tie="all_out"),), 95, 95, 95, persons=(("张",), ("张",), ("李",)))
    assert won(found) == {"first": [3]}
    assert found.reasons_of(1) == ("first：按限额只能再有 1 个，同分者均不入选",) == found.reasons_of(2)


def test_conditions_on_other_awards():
    plan = (tier("first", name="一等奖", count=1), tier("popular", name="人气奖", count=1, requires=("!first",)))
    assert won(allotted(plan, 95, 90, 80)) == {"first": [1], "popular": [2]}


def test_out_of_competition_entries_are_passed_over_and_told_so():
    found = allotted((tier("first", count=2),), 95, 90, 80, 70, status={2: "out_of_competition", 4: "out_of_competition"})
    assert won(found) == {"first": [1, 3]}
    assert [(one.entry, one.tier, one.reason) for one in found.passed] == [(2, "first", "不计名次，不占名额，依次递补")]


def test_the_score_that_kept_a_seat_vacant_is_named():
    found = allotted((tier("first", count=2, minimum_score=pts(85)),), 90, "84.99", 80, 70)
    assert [(one.entry, one.reason) for one in found.passed] == [(2, "84.99 分，低于最低分 85")]


def test_a_lower_score_in_a_better_class_is_passed_over_at_a_line():
    """Two-stage works stand above one-stage works; a line can still pass over the better placed of them."""
    plan = scheme(class_by="stage", tiers=(tier("first", count=1, minimum_score=pts(80)),))
    found = allotted((), 75, 90, plan=plan, figures=({"stage": pts(2)}, {"stage": pts(1)}))
    assert won(found) == {"first": [2]}
    assert passed(found) == [(1, "first", "minimum")]


def test_within_a_tolerance_each_score_meets_the_line_on_its_own():
    plan = scheme(tolerance=pts(2), tiers=(tier("first", count=2, minimum_score=pts(90), tie="all_in"), tier("second", count=2)))
    found = allotted((), "90.5", "89.5", 80, plan=plan)
    assert won(found) == {"first": [1], "second": [2, 3]}


def test_the_wait_of_an_open_tie_reaches_through_the_tiers():
    plan = (tier("first", count=1), tier("second", count=1), tier("third", count=2))
    found = allotted(plan, 90, 90, 90, 80, plan=scheme(tiers=plan, ties=()))
    assert won(found) == {"third": [4]}
    assert [one.pending for one in found.tiers] == [1, 1, 1]
    assert found.pending == ((1, 2, 3),)
    assert found.problems[0].message == "1、2、3 号并列第 1 名，名额不足以全部入选"


def test_shared_mean_places_are_one_group():
    plan = scheme(ranking="mean", tiers=(tier("first", count=1, tie="all_in"),))
    found = allotted((), 90, 90, 80, plan=plan)
    assert [award.place for award in found.awards] == [Fraction(3, 2)] * 2


def test_prizes_of_what_was_given():
    found = allotted((tier("first", count=1, prize_fen=100, tie="all_in"),), 90, 90, 80)
    assert found.total_fen == 200 and found.tiers[0].total_fen == 200


def test_a_prize_that_a_tie_shares_adds_up_to_the_money_of_the_tier():
    plan = (tier("first", count=2, prize_fen=100_00, tie="all_in", shared_prize=True), tier("second", count=1, prize_fen=50_00, shared_prize=True))
    found = allotted(plan, 90, 80, 80, 70)
    assert [award.prize_fen for award in found.awards] == [6667, 6667, 6666, 5000]
    assert [one.total_fen for one in found.tiers] == [20_000, 5000] and found.total_fen == 25_000


def test_an_unknown_award_rule_is_a_problem():
    plan = scheme(awards="luck", tiers=(tier("first", count=1),))
    assert [problem.code for problem in allotted((), 90, plan=plan).problems] == ["unknown_rule"]


def test_an_unreadable_fraction_gives_nothing():
    assert planned_counts([tier("first", fraction="一半")], 10) == {"first": 0}


def test_allot_without_a_scheme_of_its_own():
    found = allot((tier("first", count=1),), [])
    assert found.tiers[0].vacant == 1 and found.awards == ()
