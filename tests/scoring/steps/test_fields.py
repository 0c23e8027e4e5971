"""Steps over the whole field: places, shares of the best, scales; entries out of competition change nobody's figure."""

from fractions import Fraction
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import STEP_RULES, EntryFact, Part, Rounding, Scheme, Standard, Step, TieRule, compute, explain
from tests.scoring.build import field, pts

FIELD = sorted(code for code, rule in STEP_RULES.items() if rule.field and rule.most == 1)
PART = Part("x", "x", kind="figure", required=False)
TABLE = ((pts(1), pts(12)), (pts(2), pts(10)), (pts(3), pts(8)), (pts(4), 0))


def entries(*values, **figures):
    """Values in points (or units where they are not texts); None: none. A tuple (value, status) gives the status too."""
    found = []
    for number, value in enumerate(values, 1):
        value, status = value if isinstance(value, tuple) else (value, "competing")
        given = {} if value is None else {"x": pts(value)}
        given |= {code: pts(column[number - 1]) for code, column in figures.items()}
        found.append(EntryFact(number, str(number), status, figures=given))
    return found


def figures(rule, *values, extra=None, **more):
    step = Step("t", "T", rule, ("x",), **({"table": TABLE} if rule == "points_by_place" else {}) | more)
    scheme = Scheme((PART,), steps=(step,), ties=(TieRule("shared"),))
    found = compute(scheme, field(*entries(*values, **(extra or {})))).run.figures.of("t")
    return [found.get(at) for at in range(len(values))]


OUT = "out_of_competition"
HALF = Fraction(1, 2)


@pytest.mark.parametrize("rule, values, expected, more", [
    ("rank", (80, 90, 90, 70), (3, 1, 1, 4), {}),
    ("rank", (80, 90, 90, 70), (2, 3, 3, 1), {"better": "low"}),
    ("rank", (80, 90, 90, 70), (2, 1, 1, 3), {"method": "dense"}),
    ("rank", (80, 90, 90, 70), (3, 3 * HALF, 3 * HALF, 4), {"method": "mean"}),
    ("rank", (80, 90, 90, 70), (3, 2, 2, 4), {"method": "modified"}),
    ("rank", (80, None, 90), (2, None, 1), {}),
    ("rank", (80, None, 90), (2, 4, 1), {"missing": "last"}),
    ("rank", (80, None, 90), (2, 3, 1), {"missing": "zero"}),
    ("rank", (80, (99, "absent"), 90), (2, None, 1), {}),
    ("points_by_place", (80, 90, 90, 70), (8, 12, 12, 0), {}),
    ("points_by_place", (80, 90, 90, 70), (8, 11, 11, 0), {"method": "mean"}),
    ("points_by_place", (80, None, 90), (10, 0, 12), {"missing": "last"}),
    ("points_by_place", (80, 90, 70), (5, 10, 5), {"table": ((pts(1), pts(10)), (pts(2), pts(5)))}),
    ("borda", (80, 90, 90, 70), (1, 3, 3, 0), {}),
    ("borda", (80, 90, 90, 70), (1, 5 * HALF, 5 * HALF, 0), {"method": "mean"}),
    ("of_best", (120, 300, 0), (40, 100, 0), {}),
    ("of_best", (120, 300, 0), (12, 30, 0), {"whole": pts(30)}),
    ("of_best", (0, 0), (0, 0), {}),
    ("of_best", (10, 20, 25), (100, 50, 40), {"better": "low"}),
    ("of_best", (0, 20), (100, 0), {"better": "low"}),
    ("of_rank", (120, 300, 7, 8), (75, 100, 25, 50), {}),
    ("of_rank", (120, 300, 300), (30 * Fraction(1, 3), 30, 30), {"whole": pts(30)}),
    ("standard", (1, 2, 3), (40, 50, 60), {}),
    ("standard", (1, 3), (40, 60), {"standard": Standard("population", rounding=Rounding(2))}),
    ("standard", (5, 5, None), (50, 50, None), {}),
    ("standard", (1, 2), (Fraction("42.93"), Fraction("57.07")), {"rounding": Rounding(2)}),
    ("scale_700", (70, 70, 70), (700, 700, 700), {}),
    ("scale_700", (60, 70, 80), (680, 700, 720), {}),
    ("scale_700", (0, 70, 71, 72, 73), (0, 680, 700, 720, 740), {}),
    ("scale_700", (60, 70, 80), (480, 500, 520), {"standard": Standard(mean=pts(500), spread=pts(30), rounding=Rounding(0))}),
    ("scale_700", (60, 70, 80), (690, 700, 710), {"low": pts(690), "high": pts(710)}),
])
def test_rule(rule, values, expected, more):
    assert figures(rule, *values, **more) == list(expected)


def test_every_rule_over_the_field_is_tested():
    assert {found[0] for found in test_rule.pytestmark[0].args[1]} == set(FIELD)


def test_places_are_parted_by_the_step_s_own_chain():
    """Contestants with equal sums: the better televote comes first (Eurovision until 2015)."""
    extra = {"televote": (1, 3, 2, 9)}
    ties = (TieRule("figure_low", "televote"), TieRule("shared"))
    assert figures("rank", 5, 4, 4, 4, better="low", ties=ties, extra=extra) == [4, 2, 1, 3]
    assert figures("rank", 5, 4, 4, (4, OUT), better="low", ties=ties, extra=extra) == [3, 2, 1, 3]
    assert figures("rank", 5, (4, OUT), 4, 4, better="low", ties=ties, extra=extra) == [3, 2, 1, 2]


DIVISIONS = "东东西西西"


def within(rule, *values, **more):
    step = Step("t", "T", rule, ("x",), within="division", **more)
    given = [entry._replace(division=division) for entry, division in zip(entries(*values), DIVISIONS)]
    scheme = Scheme((PART,), steps=(step,), total="t", ties=(TieRule("shared"),))
    outcome = compute(scheme, field(*given))
    return outcome, [outcome.run.figures.of("t")[at] for at in range(len(values))]


@pytest.mark.parametrize("rule, more, expected", [
    ("rank", {}, [1, 2, 3, 2, 1]), ("of_best", {}, [100, 50, 25, 50, 100]), ("rank", {"missing": "last"}, [1, 2, 3, 2, 1]),
    ("borda", {}, [1, 0, 0, 1, 2]), ("scale_700", {}, [Fraction(720), Fraction(680), 680, 700, 740])])
def test_groups_that_were_judged_apart(rule, more, expected):
    """Two divisions, each with its own panel: 90 and 45, and 10, 20 and 40, are compared among themselves."""
    found = within(rule, 90, 45, 10, 20, 40, **more)[1]
    assert found == expected


def test_one_after_the_last_of_the_own_group():
    assert within("rank", 90, None, 10, None, 40, missing="last")[1] == [1, 3, 2, 4, 1]


def test_the_group_is_named():
    outcome, _ = within("rank", 90, 45, 10, 20, 40)
    assert explain(outcome.run.scheme, outcome.run.facts, outcome, 4).steps[1].detail == "T：x 20.00，在“西” 3 个参赛对象中列第 2 名"


@pytest.mark.parametrize("rule", FIELD)
@given(values=st.lists(st.integers(0, 30), min_size=1, max_size=8), outside=st.lists(st.integers(0, 40), min_size=1, max_size=3),
       better=st.sampled_from(("high", "low")), method=st.sampled_from(("standard", "dense", "mean", "modified")))
def test_entries_out_of_competition_change_nobody_s_figure(rule, values, outside, better, method):
    more = {"better": better, "method": method}
    alone, together = figures(rule, *values, **more), figures(rule, *values, *((value, OUT) for value in outside), **more)
    assert together[:len(values)] == alone
    # Where one equals a competitor it gets the same figure.
    assert all(figure == alone[values.index(value)] for value, figure in zip(outside, together[len(values):]) if value in values)


@pytest.mark.parametrize("rule", FIELD)
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 30)), min_size=1, max_size=8), data=st.data())
def test_the_order_of_entries_is_irrelevant(rule, values, data):
    order = data.draw(st.permutations(range(len(values))))
    straight, mixed = figures(rule, *values), figures(rule, *(values[at] for at in order))
    assert [straight[at] for at in order] == mixed


@pytest.mark.parametrize("method, scipy_s", [("standard", "min"), ("dense", "dense"), ("mean", "average"), ("modified", "max")])
@given(values=st.lists(st.integers(0, 12), min_size=1, max_size=30))
def test_agreement_with_scipy(method, scipy_s, values):
    stats = pytest.importorskip("scipy.stats")
    expected = stats.rankdata([-value for value in values], method=scipy_s)
    assert [float(place) for place in figures("rank", *values, method=method)] == list(expected)


@given(values=st.lists(st.integers(0, 100), min_size=1, max_size=20))
def test_the_scale_of_700_against_plain_fractions(values):
    center = median(map(Fraction, values))
    deviation = median([abs(value - center) for value in values])
    found = figures("scale_700", *values)
    for value, scaled in zip(values, found):
        exact = 700 + 30 * (value - center) / (Fraction("1.4826") * deviation) if deviation else Fraction(700)
        assert scaled == min(max(exact.numerator // exact.denominator + (exact % 1 >= HALF), 0), 1000)


@given(values=st.lists(st.integers(0, 100), min_size=1, max_size=20), data=st.data())
def test_more_never_harms_in_the_field(values, data):
    """Raising one's own figure alone never lowers one's own place, points, share or scaled score."""
    at = data.draw(st.integers(0, len(values) - 1))
    raised = [*values[:at], values[at] + data.draw(st.integers(1, 20)), *values[at + 1:]]
    for rule in ("points_by_place", "borda", "of_best", "of_rank", "standard", "scale_700"):
        assert figures(rule, *raised)[at] >= figures(rule, *values)[at]
    assert figures("rank", *raised)[at] <= figures("rank", *values)[at]


def test_more_may_harm_where_standard_scores_are_added():
    """A counter-example: a higher mark also raises the spread of its part, and so what that part gives to others. Entry 1 shares
    the first place, marks one point more in one part, and falls behind entry 3."""
    parts = tuple(Part(code, code, kind="figure") for code in ("one", "two"))
    steps = (Step("z1", "Z1", "standard", ("one",), rounding=Rounding(2)), Step("z2", "Z2", "standard", ("two",), rounding=Rounding(2)),
             Step("t", "T", "sum", ("z1", "z2")))
    scheme = Scheme(parts, steps=steps, total="t", ties=(TieRule("shared"),))
    def place(*ones):
        facts = [EntryFact(at, str(at), figures={"one": pts(one), "two": pts(two)}) for at, (one, two) in enumerate(zip(ones, (3, 1, 0)), 1)]
        return compute(scheme, field(*facts)).standing(1).place
    assert (place(0, 2, 3), place(1, 2, 3)) == (1, 2)


def test_who_withdraws_may_turn_others_round_where_places_are_added():
    """Sums of places depend on entries that win nothing: without entry 3 the first two change places."""
    parts = tuple(Part(code, code, kind="figure") for code in ("one", "two"))
    steps = (Step("r1", "R1", "rank", ("one",)), Step("r2", "R2", "rank", ("two",)), Step("t", "T", "sum", ("r1", "r2"), weights=(1_000_000, 1_100_000)))
    scheme = Scheme(parts, steps=steps, total="t", better="low", ties=(TieRule("shared"),))
    marks = {1: (90, 80), 2: (70, 90), 3: (80, 70)}
    def order(*numbers):
        facts = [EntryFact(at, str(at), figures={"one": pts(marks[at][0]), "two": pts(marks[at][1])}) for at in numbers]
        return [standing.number for standing in compute(scheme, field(*facts)).standings]
    assert (order(1, 2, 3)[:2], order(1, 2)) == (["1", "2"], ["2", "1"])
