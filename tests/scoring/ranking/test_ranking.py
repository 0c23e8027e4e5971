"""From scores to places: ways of writing shared places, tolerance, classes, keys, entries out of competition."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import RANKINGS, Decision, EntryFact, Part, Rounding, Scheme, Step, TieRule, compute
from tests.scoring.build import field, places, pts

PART = Part("x", "成绩", kind="figure")
SHARED = (TieRule("shared"),)
OUT = "out_of_competition"


def standings(*values, ties=SHARED, decisions=(), **more):
    """Values in points, or (value, figures, status) as far as they are given."""
    entries = []
    for number, value in enumerate(values, 1):
        value, figures, status = (*value, "competing")[:3] if isinstance(value, tuple) else (value, {}, "competing")
        entries.append(EntryFact(number, str(number), status, figures={"x": pts(value)} | {key: pts(own) for key, own in figures.items()}))
    return compute(Scheme((PART,), ties=ties, **more), field(*entries, decisions=decisions))


@pytest.mark.parametrize("method, expected, texts", [
    ("standard", [1, 2, 2, 4], ["第 1 名", "并列第 2 名", "并列第 2 名", "第 4 名"]),
    ("dense", [1, 2, 2, 3], ["第 1 名", "并列第 2 名", "并列第 2 名", "第 3 名"]),
    ("mean", [1, Fraction(5, 2), Fraction(5, 2), 4], ["第 1 名", "并列第 2.5 名", "并列第 2.5 名", "第 4 名"]),
    ("modified", [1, 3, 3, 4], ["第 1 名", "并列第 3 名", "并列第 3 名", "第 4 名"])])
def test_ways_of_writing_shared_places(method, expected, texts):
    outcome = standings(90, 80, 80, 70, ranking=method)
    assert [s.place for s in outcome.standings] == expected
    assert [s.rank for s in outcome.standings] == [1, 2, 2, 4]
    assert [s.place_text for s in outcome.standings] == texts


def test_half_a_place_in_json():
    told = standings(90, 80, 80, ranking="mean").to_json()["standings"]
    assert [(row["place"], row["rank"]) for row in told] == [(1, 1), ("2.5", 2), ("2.5", 2)]
    assert "rank" not in standings(90, 80).to_json()["standings"][0]


@pytest.mark.parametrize("method, scipy_s", [("standard", "min"), ("dense", "dense"), ("mean", "average"), ("modified", "max")])
@given(values=st.lists(st.integers(0, 15), min_size=1, max_size=25))
def test_agreement_with_scipy(method, scipy_s, values):
    stats = pytest.importorskip("scipy.stats")
    found = places(standings(*values, ranking=method))
    assert [float(found[str(at)]) for at in range(1, len(values) + 1)] == list(stats.rankdata([-value for value in values], method=scipy_s))


def test_every_way_is_tested():
    assert set(RANKINGS) == {"standard", "dense", "mean", "modified", "ordinal"}


@pytest.mark.parametrize("ties", [(), SHARED, (TieRule("decision"),)])
def test_no_shared_places_without_a_recorded_decision(ties):
    undecided = standings(90, 80, 80, ties=ties, ranking="ordinal")
    assert undecided.undecided_ties == ((2, 3),) and not undecided.releasable
    decided = standings(90, 80, 80, ties=ties, ranking="ordinal", decisions=(Decision((3, 2), "抽签"),))
    assert places(decided) == {"1": 1, "3": 2, "2": 3} and decided.releasable


def test_less_is_better():
    outcome = standings(12, 10, 11, (9, {}, OUT), better="low")
    assert places(outcome) == {"2": 1, "3": 2, "1": 3, "4": None}
    assert outcome.standing(4).outside_place == 1


def test_a_tolerance_is_anchored_at_the_best_of_each_group():
    """80, 78.5 and 77 with 2 points: 78.5 is equal to both, 77 not to 80; the best anchors the group."""
    outcome = standings(80, "78.5", 77, "75", tolerance=pts(2))
    assert places(outcome) == {"1": 1, "2": 1, "3": 3, "4": 3}
    assert outcome.standing(2).reason == "总分 78.50，并列第 1 名；与 1 号相差不超过 2 分，并列"
    assert places(standings(80, 78, "77.99", tolerance=pts(2))) == {"1": 1, "2": 1, "3": 3}
    assert places(standings(10, 12, "12.01", tolerance=pts(2), better="low")) == {"1": 1, "2": 1, "3": 3}


def test_a_chain_parts_those_within_the_tolerance():
    outcome = standings((80, {"t": 9}), (79, {"t": 7}), (70, {"t": 1}), ties=(TieRule("figure_low", "t", "用时"), TieRule("shared")), tolerance=pts(2))
    assert places(outcome) == {"2": 1, "1": 2, "3": 3}
    assert outcome.standing(2).reason == "总分 79.00，第 1 名；与 1 号相差不超过 2 分，按“用时”低者列前（7.00 < 9.00）"


def test_with_a_tolerance_a_higher_score_may_cost_a_place():
    """A counter-example: entry 1 raises its score, entry 3 drops out of the group, and only then the rule can be applied that entry
    3 had no figure for."""
    ties = (TieRule("figure_low", "t"), TieRule("shared"))
    before = standings((79, {"t": 9}), (80, {"t": 7}), "78.2", ties=ties, tolerance=pts(2))
    after = standings(("80.5", {"t": 9}), (80, {"t": 7}), "78.2", ties=ties, tolerance=pts(2))
    assert (before.standing(1).place, after.standing(1).place) == (1, 2)


@given(values=st.lists(st.integers(0, 40), min_size=1, max_size=12), within=st.integers(0, 10), better=st.sampled_from(("high", "low")))
def test_groups_against_a_plain_reading_of_the_rule(values, within, better):
    found = places(standings(*values, tolerance=pts(within), better=better))
    waiting = sorted(range(len(values)), key=lambda at: values[at] if better == "low" else -values[at])
    place = 1
    while waiting:
        group = [at for at in waiting if abs(values[at] - values[waiting[0]]) <= within]
        assert all(found[str(at + 1)] == place for at in group)
        place, waiting = place + len(group), [at for at in waiting if at not in group]


CLASSED = {"steps": (Step("final", "进入决赛", "taken", ("final_run",)),), "class_by": "final"}


def test_a_class_comes_before_the_score():
    outcome = standings((90, {}), (60, {"final_run": 5}), (70, {"final_run": 5}), (95, {}, OUT), (65, {"final_run": 1}, OUT), **CLASSED)
    assert places(outcome) == {"3": 1, "2": 2, "1": 3, "5": None, "4": None}
    assert [(s.number, s.outside_place) for s in outcome.standings[3:]] == [("5", 2), ("4", 3)]
    assert outcome.standing(2).reason == "进入决赛 1，总分 60.00，第 2 名"


def test_equal_scores_in_different_classes_are_no_tie():
    assert places(standings((80, {}), (80, {"final_run": 1}), ties=(), **CLASSED)) == {"2": 1, "1": 2}


def test_entries_without_the_class_come_last():
    assert places(standings((80, {"level": 1}), (90, {}), (70, {"level": 2}), class_by="level")) == {"3": 1, "1": 2, "2": 3}


def test_the_key_may_differ_from_the_score():
    """Ranked by the mean mark rounded to two decimals, while the sum is shown (the published review of 2,015 works)."""
    mean = Step("mean", "平均", "linear", ("x",), factor="1/5", rounding=Rounding(2))
    outcome = standings("250.02", "250.01", "249.00", ("249.01", {}, OUT), steps=(mean,), key="mean")
    assert places(outcome) == {"1": 1, "2": 1, "3": 3, "4": None}
    assert outcome.standings[0].reason == "总分 250.02，平均 50.00，并列第 1 名；与 2 号并列"
    assert outcome.standing(4).outside_place == 3


def test_without_the_key_there_is_no_place():
    outcome = standings(80, (90, {"k": 1}), key="k")
    assert [(s.number, s.status) for s in outcome.standings] == [("2", "competing"), ("1", "no_score")]
    assert outcome.standing(1).reason == "无成绩（没有“k”），列在有成绩者之后"


def test_reasons_of_different_keys_differ():
    """Ranked by the unrounded score: where one published score hides two places, the reason shows more decimals."""
    outcome = standings("80.001", "80.002", 79, rank_by="exact")
    assert [s.reason for s in outcome.standings] == ["总分 80.00（未舍入 80.002），第 1 名", "总分 80.00（未舍入 80.001），第 2 名", "总分 79.00，第 3 名"]


@given(values=st.lists(st.integers(0, 20), min_size=1, max_size=10), outside=st.integers(0, 20), within=st.integers(0, 4),
       better=st.sampled_from(("high", "low")))
def test_the_place_an_entry_out_of_competition_would_have_held(values, outside, within, better):
    """It is the place it gets when it competes, or that of those it would share it with; and it moves nobody."""
    more = {"tolerance": pts(within), "better": better}
    apart, alone = standings(*values, (outside, {}, OUT), **more), standings(*values, **more)
    assert {**places(alone), str(len(values) + 1): None} == places(apart)
    assert apart.standing(len(values) + 1).outside_place in (standings(*values, outside, **more).standing(len(values) + 1).place, *places(alone).values())
    if within == 0:
        assert apart.standing(len(values) + 1).outside_place == standings(*values, outside, **more).standing(len(values) + 1).place
