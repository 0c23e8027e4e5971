"""Titles stand beside the awards: several for one entry, on conditions of their own."""

from scoring import Tier, awarded, titles
from tests.scoring.build import pts
from tests.scoring.fields import outcome_of, passed, scheme, won


def given(plan, *scores, **more):
    return titles(plan, outcome_of(plan, *scores, **more))


FIRST = Tier("first", "一等奖", count=1)


def test_an_entry_holds_an_award_and_several_titles():
    plan = scheme(tiers=(FIRST,), titles=(Tier("expert", "技术能手", count=2), Tier("medal", "五一劳动奖章", count=1, requires=("first",))))
    assert won(given(plan, 95, 90, 80)) == {"expert": [1, 2], "medal": [1]}


def test_five_gold_and_then_ten_silver_craftsmen():
    """The cybersecurity contest: a title that excludes the one above it goes to the next."""
    plan = scheme(titles=(Tier("gold", "金牌技工", count=5), Tier("silver", "银牌技工", count=10, requires=("!gold",))))
    found = given(plan, *range(100, 80, -1))
    assert won(found) == {"gold": [1, 2, 3, 4, 5], "silver": list(range(6, 16))}
    assert found.passed[0].reason == "已获“金牌技工”，不再授“银牌技工”"


def test_top_five_alone_top_three_in_pairs_top_two_in_threes():
    plan = scheme(titles=(Tier("expert", "技术能手", by_size=((1, 5), (2, 3), (3, 2))),))
    scores = [99, 98, 97, 96, 95, 94]
    pairs = given(plan, *scores, persons=[("甲", "乙")] * 6)
    assert won(pairs) == {"expert": [1, 2, 3]}
    assert won(given(plan, *scores, persons=[("甲", "乙", "丙")] * 6)) == {"expert": [1, 2]}
    assert won(given(plan, *scores)) == {"expert": [1, 2, 3, 4, 5]}
    assert won(given(plan, *scores, persons=[("甲", "乙", "丙", "丁")] * 6)) == {"expert": [1, 2]}


def test_a_title_for_everyone_above_a_line_or_with_an_award():
    plan = scheme(tiers=(FIRST, Tier("second", "二等奖", count=2)),
                  titles=(Tier("skilled", "技能等级", minimum_score=pts(80)), Tier("winner", "优胜", requires=("first", "second"))))
    found = given(plan, 95, 90, 85, 80, 79)
    assert won(found) == {"skilled": [1, 2, 3, 4], "winner": [1, 2, 3]}
    assert passed(found) == []


def test_a_title_has_its_own_minimum():
    plan = scheme(tiers=(FIRST,), minimum_score=pts(90), titles=(Tier("young", "青年工匠", count=1),))
    outcome = outcome_of(plan, 85)
    assert won(awarded(plan, outcome)) == {}
    assert won(titles(plan, outcome)) == {"young": [1]}


def test_a_title_on_an_award_that_waits_for_a_decision():
    plan = scheme(ties=(), tiers=(FIRST,), titles=(Tier("medal", "奖章", count=2, requires=("first",)), Tier("all", "荣誉", minimum_score=pts(60))))
    found = given(plan, 90, 90, 80)
    assert won(found) == {"all": [1, 2, 3]}
    assert given(scheme(tiers=(FIRST,), titles=(Tier("medal", "奖章", ratio=5000),)), 90, 80).tiers[0].planned == 1


def test_a_limit_per_organization_holds_for_each_title_alone():
    plan = scheme(titles=(Tier("a", "甲", count=2, per_organization=1), Tier("b", "乙", count=1, per_organization=1)))
    assert won(given(plan, 95, 90, 85, organization=("甲", "甲", "乙"))) == {"a": [1, 3], "b": [1]}
