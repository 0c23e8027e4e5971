"""Figures worked out from figures, entry by entry: every rule, every way with gaps."""

from fractions import Fraction

import pytest

from scoring import STEP_RULES, EntryFact, Part, PenaltyFact, Rounding, Scheme, Step, TieRule, compute
from tests.scoring.build import entry, field, leaf, marked, places, pts, roadshow

RUNS = ("run1", "run2", "run3")


def optional(*codes):
    return tuple(Part(code, code, kind="figure", required=False) for code in codes)


def runs(number, *values, **more):
    return EntryFact(number, str(number), figures={code: pts(value) for code, value in zip(RUNS, values) if value is not None}, **more)


def figure_of(*values, of=RUNS, rule="best", **more):
    """The step's figure of one entry (Fraction, or None), from its runs."""
    step = Step("t", "T", rule, of, **more)
    scheme = Scheme(optional(*RUNS), steps=(step,), ties=(TieRule("shared"),))
    return compute(scheme, field(runs(1, *values))).run.figures.of("t")[0]


@pytest.mark.parametrize("rule, values, expected, more", [
    ("sum", (1, 2, 3), 6, {}),
    ("sum", (10, 20, 30), 23, {"weights": (300_000, 400_000, 400_000)}),
    ("mean", (1, 2, 4), Fraction(7, 3), {}),
    ("mean", (1, 2, 4), Fraction(11, 4), {"weights": (1_000_000, 1_000_000, 2_000_000)}),
    ("mean", (1, 2, None), None, {"weights": (0, 0, 1_000_000), "missing": "skip"}),
    ("best", (91, 95, 90), 95, {}),
    ("best", (91, 95, 90), 186, {"keep": 2}),
    ("best", (91, 95, 90), 90, {"better": "low"}),
    ("best_mean", (91, 95, 90), 93, {"keep": 2}),
    ("worst_discarded", (1, 9, 3), 4, {"better": "low"}),
    ("worst_discarded", (1, 9, 3), 9, {"drop": 2}),
    ("worst_discarded", (1, 9, 3), 13, {"drop": 0}),
    ("highest", (1, 9, 3), 9, {}),
    ("lowest", (1, 9, 3), 1, {}),
    ("median", (1, 9, 3), 3, {}),
    ("median", (1, 9), 5, {"of": RUNS[:2]}),
    ("first", (None, 9, 3), 9, {}),
    ("product", ("2.5", 3, 4), 30, {}),
    ("difference", (7, "9.5"), Fraction(-5, 2), {"of": RUNS[:2]}),
    ("quotient", (1, 3), Fraction(1, 3), {"of": RUNS[:2]}),
    ("quotient", (1, 0), None, {"of": RUNS[:2]}),
    ("linear", (7,), Fraction(1, 10), {"of": RUNS[:1], "factor": "0.3", "offset": "-2"}),
    ("linear", (7,), Fraction(70, 3), {"of": RUNS[:1], "factor": "10/3"}),
    ("map", (75,), 90, {"of": RUNS[:1], "low": 0, "high": pts(100), "to_low": pts(60), "to_high": pts(100)}),
    ("map", (10,), 90, {"of": RUNS[:1], "low": 0, "high": pts(100), "to_low": pts(100), "to_high": 0}),
    ("cap", (120,), 100, {"of": RUNS[:1], "high": pts(100)}),
    ("cap", (-3,), 0, {"of": RUNS[:1], "low": 0}),
    ("table", (85,), 4, {"of": RUNS[:1], "table": ((pts(60), pts(3)), (pts(80), pts(4)), (pts(90), pts(5)))}),
    ("table", (59,), 0, {"of": RUNS[:1], "table": ((pts(60), pts(3)), (pts(80), pts(4)))}),
    ("table", ("11.5",), 3, {"of": RUNS[:1], "better": "low", "table": ((pts(11), pts(5)), (pts(12), pts(3)), (pts(13), pts(1)))}),
    ("table", (14,), 0, {"of": RUNS[:1], "better": "low", "table": ((pts(11), pts(5)), (pts(12), pts(3)), (pts(13), pts(1)))}),
    ("count", (7, None, 3), 2, {}),
    ("count", (7, 2, 3), 2, {"low": pts(3)}),
    ("count", (7, 2, 3), 1, {"low": pts(3), "high": pts(6)}),
    ("count", (None, None, None), 0, {}),
    ("taken", (1, 2, 3), 1, {}),
    ("taken", (1, None, 3), 0, {}),
    ("power", ("9.58",), 1202, {"of": RUNS[:1], "factor": "25.4347", "offset": "18", "exponent": "1.81", "better": "low"}),
    ("power", ("18.5",), 0, {"of": RUNS[:1], "factor": "25.4347", "offset": "18", "exponent": "1.81", "better": "low"}),
    ("power", (776,), 1000, {"of": RUNS[:1], "factor": "0.14354", "offset": "220", "exponent": "1.4"}),
])
def test_rule(rule, values, expected, more):
    assert figure_of(*values, rule=rule, **more) == expected


def test_every_rule_has_its_own_test():
    """Rules over the whole field are in test_fields."""
    here = {mark.args[1][at][0] for mark in test_rule.pytestmark for at in range(len(mark.args[1]))}
    assert here == {code for code, rule in STEP_RULES.items() if not rule.field}


@pytest.mark.parametrize("rule, missing, expected", [
    ("sum", "", None), ("sum", "none", None), ("sum", "skip", 12), ("sum", "zero", 12), ("sum", "last", 14),
    ("mean", "", None), ("mean", "skip", 6), ("mean", "zero", 4),
    ("best", "", 8), ("best", "none", None), ("best", "zero", 8),
    ("worst_discarded", "", 12), ("worst_discarded", "zero", 12), ("worst_discarded", "none", None),
    ("product", "", None), ("product", "skip", 32), ("product", "zero", 0), ("median", "skip", 6), ("lowest", "zero", 0)])
def test_gaps(rule, missing, expected):
    """One run of three is missing; one entry competes, so one place after the last is 2."""
    assert figure_of(8, None, 4, rule=rule, missing=missing) == expected


def test_what_is_missing_is_the_first_to_be_discarded():
    assert figure_of(8, None, 4, rule="worst_discarded", drop=2) == 8
    assert figure_of(8, None, None, rule="worst_discarded", drop=2) == 8
    assert figure_of(None, None, None, rule="worst_discarded") is None


def test_too_few_attempts_make_no_figure():
    """The best two of three, and none for whoever has fewer than two; a stand-in for a gap is no attempt."""
    more = {"rule": "best", "keep": 2, "fewest": 2}
    assert [figure_of(*values, **more) for values in ((9, 7, None), (9, None, None), (9, 8, 7))] == [16, None, 17]
    assert figure_of(9, None, None, missing="zero", **more) is None


def test_one_after_the_last_counts_everybody_in_the_competition():
    """Appendix A5 of the racing rules: boats entered plus one, whether they raced or not."""
    scheme = Scheme(optional(*RUNS), steps=(Step("t", "T", "sum", RUNS[:2], missing="last"),), total="t", better="low")
    outcome = compute(scheme, field(runs(1, 1, None), runs(2, 2, 1), runs(3, status="disqualified"), runs(4, 3, 2),
                                    runs(5, 1, 1, status="out_of_competition")))
    assert [(s.number, s.score_text) for s in outcome.standings][:3] == [("2", "3.00"), ("1", "5.00"), ("4", "5.00")]


def test_rounding_at_a_step():
    assert figure_of(1, 2, 2, rule="mean", rounding=Rounding(2)) == Fraction(167, 100)
    assert figure_of(1, 2, 2, rule="mean", rounding=Rounding(2, "floor")) == Fraction(166, 100)


def test_steps_stand_on_steps_in_any_order():
    steps = (Step("all", "合计", "sum", ("two", "run3")), Step("two", "前两轮", "best", ("run1", "run2")))
    scheme = Scheme(optional(*RUNS), steps=steps, total="all")
    outcome = compute(scheme, field(runs(1, 80, 85, 5)))
    assert outcome.standings[0].score_text == "90.00"
    assert outcome.standings[0].to_json()["steps"] == {"all": {"text": "90.00", "exact": [90, 1]}, "two": {"text": "85.00", "exact": [85, 1]}}


def test_a_circle_and_an_unknown_criterion_are_bugs_of_the_caller():
    circle = (Step("a", "A", "sum", ("b",)), Step("b", "B", "sum", ("a",)))
    with pytest.raises(ValueError, match="a, b"):
        compute(Scheme(optional("run1"), steps=circle, total="a"), field(runs(1, 1)))
    with pytest.raises(ValueError, match="run1/ghost"):
        compute(Scheme(optional("run1"), steps=(Step("a", "A", "sum", ("run1/ghost",)),), total="a"), field(runs(1, 1)))


def test_the_total_may_be_a_part_or_an_imported_figure():
    facts = field(EntryFact(1, "1", figures={"run1": pts(3), "gold": pts(7)}), EntryFact(2, "2", figures={"run1": pts(4), "gold": pts(5)}))
    assert places(compute(Scheme(optional("run1"), total="run1"), facts)) == {"2": 1, "1": 2}
    assert places(compute(Scheme(optional("run1"), total="gold"), facts)) == {"1": 1, "2": 2}


def test_a_criterion_as_a_figure():
    part = roadshow(criteria=(leaf("new", 50, 50), leaf("talk", 50, 50)))
    scheme = Scheme((part,), steps=(Step("t", "T", "linear", ("roadshow/talk",), factor="2"),), total="t")
    facts = field(EntryFact(1, "1", sheets={"roadshow": marked(part, {"new": 10, "talk": 20}, {"new": 10, "talk": 30})}))
    assert compute(scheme, facts).standings[0].score_text == "50.00"


def test_without_a_total_there_is_no_score():
    scheme = Scheme(optional(*RUNS), steps=(Step("best", "最好一轮", "best", RUNS),), total="best")
    outcome = compute(scheme, field(runs(1), runs(2, 5), runs(3, status="absent"), runs(4, status="out_of_competition")))
    assert [(s.number, s.status, s.place_text) for s in outcome.standings] == [
        ("2", "competing", "第 1 名"), ("1", "no_score", "无成绩"), ("4", "no_score", "无成绩"), ("3", "absent", "缺考")]
    assert outcome.releasable
    assert outcome.standing(1).reason == "无成绩（没有“最好一轮”），列在有成绩者之后"


def test_a_part_that_was_not_taken_leaves_no_weighted_sum():
    parts = (Part("theory", "理论", 500_000, "figure"), Part("bonus", "附加", 500_000, "figure", required=False))
    facts = field(EntryFact(1, "1", figures={"theory": pts(80)}), EntryFact(2, "2", figures={"theory": pts(80), "bonus": pts(90)}))
    outcome = compute(Scheme(parts), facts)
    assert [(s.number, s.status, s.score_text) for s in outcome.standings] == [("2", "competing", "85.00"), ("1", "no_score", "")]
    assert outcome.standing(1).reason == "无成绩（未参加附加），列在有成绩者之后"


def test_penalties_follow_the_total():
    """Points off where more is better, points on where less is; the floor limits only what penalties take away."""
    total = {"steps": (Step("t", "T", "sum", ("run1",)),), "total": "t"}
    def score(value, units, **more):
        facts = field(runs(1, value, penalties=(PenaltyFact(pts(units), "超时"),)))
        return compute(Scheme(optional("run1"), **total, **more), facts).standings[0].score_text
    assert (score(10, 4), score(3, 4), score(-2, 4), score(10, -4)) == ("6.00", "0.00", "-2.00", "14.00")
    assert (score(3, 4, floor=None), score(10, 4, better="low"), score(10, -4, better="low")) == ("-1.00", "14.00", "6.00")


def test_a_figure_nobody_has_keeps_the_result_back():
    scheme = Scheme(optional("run1"), steps=(Step("t", "T", "sum", ("runl",)),), total="t")
    outcome = compute(scheme, field(runs(1, 5)))
    assert not outcome.releasable
    assert [str(problem) for problem in outcome.problems] == [
        "评分方案 · 计算项“T”：没有任何对象录入过“runl”，方案中也没有这个环节或计算项。请录入这项数据，或改正方案中的代码"]


def test_json_of_a_scheme_without_steps_says_nothing_of_them():
    part = roadshow()
    assert "steps" not in compute(Scheme((part,)), field(entry(1, part, 80))).standings[0].to_json()
