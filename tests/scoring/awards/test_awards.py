import pytest

from scoring import Scheme, Tier, TieRule, allot, budget_problem, compute, planned_counts
from tests.scoring.build import entry, field, pts, roadshow

PART = roadshow()


def standings(*totals, ties=(TieRule("shared"),), out=()):
    given = [entry(at, PART, total, status="out_of_competition" if at in out else "competing")
             for at, total in enumerate(totals, 1)]
    return compute(Scheme((PART,), ties=ties), field(*given)).standings


def tiers(*counts, **more):
    return tuple(Tier(f"t{at}", f"{name}等奖", count=count, prize_fen=fen, **more)
                 for at, (name, count, fen) in enumerate(zip("一二三", counts, (20_000_000, 10_000_000, 5_000_000)), 1))


def won(allotment):
    found = {}
    for award in allotment.awards:
        found.setdefault(award.tier, []).append(award.entry)
    return found


def test_counts_in_order_of_places():
    found = allot(tiers(1, 2, 1), standings(90, 80, 70, 60, 50))
    assert won(found) == {"t1": [1], "t2": [2, 3], "t3": [4]}
    assert found.awards[1] == ("t2", 2, 2, 10_000_000)
    assert found.total_fen == 20_000_000 + 2 * 10_000_000 + 5_000_000
    assert found.problems == () and found.pending == ()


@pytest.mark.parametrize("mode, counts", [("floor", (0, 1, 2)), ("half_up", (1, 1, 2)), ("ceil", (1, 2, 3))])
def test_seven_entrants_and_three_ways_to_round(mode, counts):
    by_ratio = tuple(Tier(f"t{at}", "奖", ratio=ratio, rounding_mode=mode) for at, ratio in enumerate((1000, 2000, 3000), 1))
    assert tuple(planned_counts(by_ratio, 7).values()) == counts
    assert tuple(tier.allotted for tier in allot(by_ratio, standings(*range(90, 83, -1))).tiers) == counts


def test_places_roll_down_past_entries_out_of_competition():
    found = allot(tiers(1, 1, 0), standings(90, 80, 70, out=(1,)))
    assert won(found) == {"t1": [2], "t2": [3]}


def test_ratios_count_competing_entries_or_the_stated_field():
    half = (Tier("t1", "优胜奖", ratio=5000, rounding_mode="floor"),)
    assert won(allot(half, standings(90, 80, 70, 60, out=(1,)))) == {"t1": [2]}
    assert won(allot(half, standings(90, 80, 70, 60, out=(1,)), field=4)) == {"t1": [2, 3]}


def test_a_minimum_score_leaves_seats_vacant():
    strict = (Tier("t1", "一等奖", count=2, minimum_score=pts(85)), Tier("t2", "二等奖", count=2))
    found = allot(strict, standings(90, 84, 80))
    assert won(found) == {"t1": [1], "t2": [2, 3]}
    assert [(tier.planned, tier.allotted, tier.vacant) for tier in found.tiers] == [(2, 1, 1), (2, 2, 0)]
    assert won(allot(strict, standings(90, 84, 80), minimum_score=pts(84))) == {"t1": [1], "t2": [2]}


def test_a_minimum_is_met_exactly():
    line = (Tier("t1", "一等奖", count=2, minimum_score=pts("84.99")),)
    assert won(allot(line, standings("84.99", "84.98"))) == {"t1": [1]}


def test_a_tier_that_may_not_stay_vacant():
    full = (Tier("t1", "一等奖", count=3, vacant_allowed=False),)
    assert [str(problem) for problem in allot(full, standings(90, 80)).problems] == [
        "奖项：奖项名额合计 3 个，参赛对象只有 2 个。请减少名额或比例",
        "一等奖：计划 3 个，空缺 1 个。请减少名额，或允许该奖项空缺"]


def test_seats_kept_vacant_by_decision():
    found = allot(tiers(2, 1, 0), standings(90, 80, 70), vacancies={"t1": 1})
    assert won(found) == {"t1": [1], "t2": [2]}
    assert found.tiers[0].vacant == 1


def test_tie_at_the_cut_all_in():
    found = allot(tiers(1, 1, 1, tie="all_in"), standings(90, 90, 80, 70))
    assert won(found) == {"t1": [1, 2], "t2": [3], "t3": [4]}
    assert found.tiers[0].allotted == 2 and found.tiers[0].vacant == 0


def test_tie_at_the_cut_all_out():
    found = allot(tiers(1, 2, 1, tie="all_out"), standings(90, 90, 80, 70))
    assert won(found) == {"t2": [1, 2], "t3": [3]}
    assert found.tiers[0].vacant == 1


def test_tie_at_the_cut_waits_for_a_decision():
    found = allot(tiers(1, 2, 1), standings(90, 90, 80, 70, ties=()))
    assert won(found) == {"t2": [3], "t3": [4]}
    assert found.pending == ((1, 2),)
    assert [(tier.allotted, tier.pending, tier.vacant) for tier in found.tiers] == [(0, 1, 0), (1, 1, 0), (1, 0, 0)]
    assert [problem.code for problem in found.problems] == ["tie_at_cutoff"]


def test_entries_without_a_place_get_nothing():
    given = [entry(1, PART, 90, status="vetoed"), entry(2, PART, "missing"), entry(3, PART, 50)]
    found = allot(tiers(1, 1, 0), compute(Scheme((PART,)), field(*given)).standings)
    assert won(found) == {"t1": [3]}


def test_budget():
    assert budget_problem(100, 100) is None
    assert budget_problem(12_345, 10_000).message == "奖金合计 123.45 元，超出预算 23.45 元（预算 100.00 元）"


def test_no_entries():
    found = allot(tiers(1, 1, 1), [])
    assert (found.awards, found.total_fen) == ((), 0)
    assert [tier.vacant for tier in found.tiers] == [1, 1, 1]
