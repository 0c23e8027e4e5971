"""Faults of steps, totals and chains: each names the place and the way out; what the checks let pass can be computed."""

from dataclasses import replace

import pytest
from hypothesis import assume, given

from scoring import Rounding, Scheme, Standard, Step, TieRule, compute, explain, notices
from tests.scoring.build import pts
from tests.scoring.derived import ENTRIES, PARTS, schemes

SUM = Step("t", "合计", "sum", ("a", "b"))


def problems(*steps, ties=(), parts=PARTS, **more):
    more.setdefault("total", steps[0].code if steps else "a")
    return Scheme(parts, steps=steps, ties=ties, **more).check()


def codes(*steps, **more):
    return [problem.code for problem in problems(*steps, **more)]


def test_a_sound_scheme_with_a_total_asks_for_no_weights():
    assert codes(SUM) == []
    assert codes(total="televote") == []
    assert codes(SUM, total="") == ["weight_sum"]


@pytest.mark.parametrize("step, code", [
    (Step("t", "T", "guess", ("a",)), "unknown_rule"),
    (replace(SUM, missing="perhaps"), "unknown_rule"),
    (replace(SUM, better="middle"), "unknown_rule"),
    (replace(SUM, method="random"), "unknown_rule"),
    (replace(SUM, rounding=Rounding(9)), "places"),
    (replace(SUM, of=()), "step_inputs"),
    (Step("t", "T", "difference", ("a",)), "step_inputs"),
    (Step("t", "T", "rank", ("a", "b")), "step_inputs"),
    (replace(SUM, of=("a", "roadshow/ghost")), "reference"),
    (replace(SUM, weights=(1,)), "step_weights"),
    (Step("t", "T", "best", ("a", "b"), weights=(1, 1)), "step_weights"),
    (Step("t", "T", "mean", ("a", "b"), weights=(1, -1)), "step_weights"),
    (Step("t", "T", "best", ("a", "b"), keep=3), "step_keep"),
    (Step("t", "T", "best", ("a", "b"), keep=0), "step_keep"),
    (Step("t", "T", "worst_discarded", ("a", "b"), drop=2), "step_drop"),
    (Step("t", "T", "best", ("a", "b"), fewest=3), "step_fewest"),
    (Step("t", "T", "best", ("a", "b"), within="division"), "step_within"),
    (Step("t", "T", "rank", ("a",), within="planet"), "unknown_rule"),
    (Step("t", "T", "first", ("a", "b"), missing="zero"), "step_missing"),
    (Step("t", "T", "of_best", ("a",), missing="last"), "step_missing"),
    (Step("t", "T", "map", ("a",), low=0), "step_parameters"),
    (Step("t", "T", "map", ("a",), low=5, high=5, to_low=0, to_high=1), "step_range"),
    (Step("t", "T", "cap", ("a",)), "step_parameters"),
    (Step("t", "T", "cap", ("a",), low=5, high=4), "step_range"),
    (Step("t", "T", "table", ("a",)), "step_parameters"),
    (Step("t", "T", "table", ("a",), table=((1, 2), (1, 3))), "step_table"),
    (Step("t", "T", "linear", ("a",), factor="two"), "step_number"),
    (Step("t", "T", "linear", ("a",), offset="1/0"), "step_number"),
    (Step("t", "T", "power", ("a",), factor="-1"), "step_power"),
    (Step("t", "T", "power", ("a",), exponent="11"), "step_power"),
    (Step("t", "T", "power", ("a",), exponent="1.23456"), "step_power"),
    (Step("t", "T", "standard", ("a",), standard=Standard("robust")), "unknown_rule"),
    (Step("t", "T", "rank", ("a",), method="ordinal"), "step_ordinal"),
    (Step("t", "T", "rank", ("a",), ties=(TieRule("decision"),)), "tie_in_step"),
    (Step("t", "T", "rank", ("a",), ties=(TieRule("part", "ghost"),)), "tie_argument"),
    (Step("t", "T", "of_best", ("a",), ties=(TieRule("shared"),)), "step_ties"),
    (Step("t", "T", "skating", ("roadshow",)), "step_dances"),
    (Step("a", "T", "sum", ("b",)), "repeated_code"),
    (Step("t", "T", "sum", ("t",)), "step_cycle")])
def test_steps(step, code):
    found = problems(step)
    assert [problem.code for problem in found] == [code]
    assert all((found[0].where, found[0].message, found[0].mend))


def test_a_circle_is_named():
    found = problems(Step("t", "甲", "sum", ("u",)), Step("u", "乙", "rank", ("a",), ties=(TieRule("figure", "t"),)))
    assert str(found[0]) == "计算项：“甲”、“乙”互相引用，无法计算。请改正“取自”，使每一项只用在它之前算出的数"


def test_the_message_names_the_step_and_the_way_out():
    assert str(problems(Step("t", "最好一轮", "best", ("a", "b"), keep=3))[0]) == "计算项“最好一轮”：从 2 个数中取 3 个。“取几个”请填 1 到 2"


@pytest.mark.parametrize("more, code", [
    ({"total": "roadshow/ghost"}, "reference"), ({"key": "roadshow/ghost"}, "reference"), ({"class_by": "roadshow/ghost"}, "reference"),
    ({"better": "big"}, "unknown_rule"), ({"labels": (("votes", "票数"), ("votes", "得票"))}, "repeated_code"), ({"ranking": "olympic"}, "unknown_rule"), ({"tolerance": -1}, "tolerance")])
def test_order(more, code):
    assert codes(SUM, **more) == [code]


@pytest.mark.parametrize("ties, more, code", [
    ((TieRule("figure"),), {}, "tie_argument"),
    ((TieRule("figure", "roadshow/ghost"),), {}, "tie_argument"),
    ((TieRule("untrimmed_mean"),), {}, "tie_argument"),
    ((TieRule("best_values", "a"),), {}, "tie_argument"),
    ((TieRule("last_first"),), {"total": "a"}, "tie_argument"),
    ((TieRule("shared"), TieRule("exact_score")), {}, "tie_unreachable"),
    ((TieRule("decision"), TieRule("exact_score")), {}, "tie_unreachable"),
    ((TieRule("shared"),), {"ranking": "ordinal"}, "tie_ordinal")])
def test_chains(ties, more, code):
    assert codes(SUM, ties=ties, **more) == [code]


@pytest.mark.parametrize("ties", [(TieRule("figure", "t"), TieRule("figure_low", "televote"), TieRule("figure_high", "roadshow/talk"),
                                   TieRule("best_values"), TieRule("counting_values", "t"), TieRule("modules_in_order"), TieRule("shared"))])
def test_sound_chains(ties):
    assert codes(SUM, ties=ties) == []


def told(*steps, **more):
    more.setdefault("total", steps[0].code)
    return [notice.code for notice in notices(Scheme(PARTS, steps=steps, **more), judges={})]


def test_what_an_organiser_should_know():
    assert told(Step("t", "T", "points_by_place", ("a",), table=((pts(1), pts(8)), (pts(2), pts(6))))) == ["table_without_end"]
    assert told(Step("t", "T", "points_by_place", ("a",), table=((pts(1), pts(8)), (pts(2), 0)))) == []
    assert told(SUM, total="") == ["optional_without_total"]
    assert told(Step("t", "名次和", "sum", ("r",)), Step("r", "名次", "rank", ("a",))) == ["total_direction"]
    assert told(Step("t", "名次和", "sum", ("r",)), Step("r", "名次", "rank", ("a",)), better="low") == []
    assert told(Step("t", "最好", "best", ("a", "b")), better="low") == ["total_direction"]
    assert told(Step("t", "最好", "best", ("a", "b"), better="low"), better="low") == []
    assert told(SUM, better="low") == []


@given(schemes())
def test_whatever_the_checks_let_pass_can_be_computed_and_explained(scheme):
    notices(scheme, judges={})
    assume(not [problem for problem in scheme.check() if problem.code != "weight_sum"])
    outcome = compute(scheme, ENTRIES)
    assert len(outcome.standings) == 6
    for standing in outcome.standings:
        assert standing.reason and explain(scheme, ENTRIES, outcome, standing.entry).sentence
