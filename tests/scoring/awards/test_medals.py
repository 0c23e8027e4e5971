"""Medals on the 700 scale, rule by rule; field sizes from real competitions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import Rounding, Scheme, Tier, TieRule, awarded
from tests.scoring.build import pts
from tests.scoring.fields import TOTAL, outcome_of, passed, won

TIERS = tuple(Tier(code, name) for code, name in (("gold", "金牌"), ("silver", "银牌"), ("bronze", "铜牌"), ("excellence", "优胜奖")))


def plan(**more):
    return Scheme((TOTAL,), Rounding(more.pop("places", 0)), ties=(TieRule("shared"),), tiers=TIERS, awards="medals_700", **more)


def medals(*scores, vacancies=None, status=None, **more):
    scheme = plan(**more)
    return awarded(scheme, outcome_of(scheme, *scores, **({"status": status} if status else {})), vacancies=vacancies)


@pytest.mark.parametrize("scores, gold, silver, bronze", [
    ((760, 750, 740, 690, 680, 670), [1], [2], [3]),
    ((760, 758, 740, 690, 680, 670), [1, 2], [], [3]),                  # two golds: no silver, at least one bronze
    ((760, 758, 740, 739, 680, 670), [1, 2], [], [3, 4]),
    ((760, 759, 758, 740, 680, 670), [1, 2, 3], [], []),                # three golds, the next is 18 behind the last
    ((760, 759, 758, 756, 680, 670), [1, 2, 3], [], [4]),               # … and here within two of the last gold
    ((760, 759, 758, 757, 756, 755), [1, 2, 3], [], [4, 5, 6]),
    ((760, 750, 749, 740, 680, 670), [1], [2, 3], []),                  # several silvers after one gold
    ((760, 750, 748, 746, 680, 670), [1], [2, 3], [4]),
    ((760, 757, 740, 738, 737, 670), [1], [2], [3, 4])])
def test_medals_in_a_field_of_six(scores, gold, silver, bronze):
    found = won(medals(*scores))
    assert [found.get(code, []) for code in ("gold", "silver", "bronze")] == [gold, silver, bronze]


def test_two_points_are_measured_from_the_best_of_a_group():
    """760, 758, 756: the third is within two of the second, not of the first; he does not become a gold through the second."""
    found = won(medals(760, 758, 756, 700, 699, 650))
    assert found == {"gold": [1, 2], "bronze": [3], "excellence": [4]}


def test_more_than_two_points_by_a_hundredth():
    assert won(medals("760", "757.99", 740, 690, 680, 670, places=2))["gold"] == [1]


def test_excellence_for_everybody_else_at_700():
    assert won(medals(760, 750, 740, 700, 699, 670))["excellence"] == [4]


@pytest.mark.parametrize("scores, codes", [
    ((760,), {"gold": [1]}), ((760, 759, 740, 720), {"gold": [1, 2], "excellence": [3, 4]}),
    ((760, 740, 730, 720), {"gold": [1], "excellence": [2, 3, 4]}),
    ((760, 740, 730, 720, 690), {"gold": [1], "silver": [2], "excellence": [3, 4]}),
    ((760, 759, 730, 720, 690), {"gold": [1, 2], "excellence": [3, 4]})])
def test_small_fields(scores, codes):
    assert won(medals(*scores)) == codes


def test_entries_out_of_competition_do_not_make_a_field_larger():
    found = medals(770, 760, 740, 730, 720, 690, status={1: "out_of_competition"})
    assert won(found) == {"gold": [2], "silver": [3], "excellence": [4, 5]}


def test_the_contests_minimum_and_vacancies_withhold_medals():
    found = medals(760, 690, 680, 670, 660, 650, minimum_score=pts(685))
    assert won(found) == {"gold": [1], "silver": [2]}
    assert passed(found) == [(3, "bronze", "minimum")]
    kept = medals(760, 750, 740, 690, 680, 670, vacancies={"gold": 1})
    assert won(kept) == {"silver": [2], "bronze": [3]}
    assert [one.vacant for one in kept.tiers] == [1, 0, 0, 0]


@pytest.mark.parametrize("scores, notes", [
    ((760, 750, 740, 690, 680, 670), []), ((760, 758, 740, 690, 680, 670), ["金牌 2 枚，不设银牌"]),
    ((760, 759, 758, 740, 680, 670), ["金牌 3 枚，不设银牌", "下一名与最后一名奖牌得主相差超过 2 分，不设铜牌"]),
    ((760, 750, 749, 740, 680, 670), ["下一名与最后一名奖牌得主相差超过 2 分，不设铜牌"]),
    ((760, 750, 740, 690, 680), ["只有 5 个对象，不设此奖"]), ((760, 750), ["只有 2 个对象，不设此奖"] * 2), ((), []),
    ((760, 750, 750, 750, 750, 750), []), ((760,) * 6, ["金牌 6 枚，不设银牌"])])
def test_a_medal_that_is_not_given_is_explained(scores, notes):
    assert [note.message for note in medals(*scores).notes] == notes


def test_the_scheme_may_set_another_tolerance():
    assert won(medals(760, 756, 740, 690, 680, 670, tolerance=pts(4)))["gold"] == [1, 2]


def test_four_tiers_are_needed():
    scheme = Scheme((TOTAL,), tiers=TIERS[:3], awards="medals_700", ties=(TieRule("shared"),))
    assert [problem.code for problem in awarded(scheme, outcome_of(scheme, 700)).problems] == ["medals_need_four_tiers"]
    assert [problem.code for problem in scheme.check()] == ["medals_need_four_tiers"]


@given(st.lists(st.integers(690, 712), max_size=12))
def test_what_always_holds(scores):
    found = medals(*scores)
    by_code = {code: [scores[entry - 1] for entry in entries] for code, entries in won(found).items()}
    gold, silver, bronze = (by_code.get(code, []) for code in ("gold", "silver", "bronze"))
    winners = [award.entry for award in found.awards]
    assert len(set(winners)) == len(winners)
    assert bool(gold) == bool(scores)
    assert all(max(group) - min(group) <= 2 for group in (gold, silver, bronze) if group)
    assert not (len(gold) > 1 and silver)
    if len(scores) < 5:
        assert not silver and not bronze
    if len(scores) == 5:
        assert not bronze
    if len(gold) == 2 and len(scores) > 5:
        assert bronze
    if len(gold) > 2 and bronze:
        assert min(gold) - max(bronze) <= 2
    without = sorted(set(range(1, len(scores) + 1)) - set(winners))
    assert all(scores[entry - 1] < 700 for entry in without)
    medallists = gold + silver + bronze
    assert all(min(medallists) > scores[entry - 1] for entry in [*without, *won(found).get("excellence", [])])
