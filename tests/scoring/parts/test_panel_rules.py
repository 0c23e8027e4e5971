"""Panel rules beyond the mean: each against an oracle in Fractions, their uses, their way with few judges."""

import statistics
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import PANEL_RULES, UNIT, Criterion, EntryFact, Panel, Part, Rounding, Scheme, Standard, compute, explain
from scoring.parts.panels import combiner, fewest_judges, uses
from tests.scoring.build import entry, field, leaf, marked, plain, pts, roadshow

VALUES = st.lists(st.integers(0, 100 * UNIT), min_size=1, max_size=9)
RULES = ["mean", "trimmed_mean", "median", "sum", "trimmed_sum", "highest", "lowest", "clamped_mean", "outlier_mean", "rank_sum", "rank_mean"]
PANELS = st.builds(Panel, st.sampled_from(RULES), st.integers(0, 2), st.integers(0, 2), st.integers(1, 6),
                   st.sampled_from(["mean", "refuse"]), clamp=st.integers(0, 20).map(lambda points: points * UNIT))


def oracle(panel, values, excused=0):
    """The rule in plain words."""
    mean, count = Fraction(sum(values), len(values)), len(values)
    dropped = panel.drop_high + panel.drop_low if panel.rule.startswith("trimmed") else 0
    if count < max(panel.minimum_judges, dropped + 1):
        if panel.below_minimum == "refuse":
            return None
        if panel.rule not in ("highest", "lowest", "sum", "trimmed_sum", "rank_sum"):
            return mean
    if panel.rule in ("sum", "trimmed_sum", "rank_sum"):
        there = sorted(values)[panel.drop_low:count - panel.drop_high] if dropped and count > dropped else values
        return Fraction(sum(there), len(there)) * max(count + excused - dropped, 1)
    kept = sorted(values)[panel.drop_low:count - panel.drop_high] if dropped else values
    within = [value for value in values if abs(value - mean) <= (panel.clamp or 0)]
    clamped = [max(min(Fraction(value), mean + panel.clamp), mean - panel.clamp) for value in values]
    return {"highest": max(values), "lowest": min(values),
            "median": statistics.median([Fraction(value) for value in values]), "clamped_mean": sum(clamped) / count,
            "outlier_mean": Fraction(sum(within or values), len(within or values))}.get(panel.rule, Fraction(sum(kept), len(kept)))


@given(PANELS, VALUES, st.integers(0, 3))
def test_every_rule_agrees_with_its_words(panel, values, excused):
    combine = combiner(panel)
    for found, expected in ((combine(values), oracle(panel, values)), (combine(values, len(values) + excused), oracle(panel, values, excused))):
        assert (found and Fraction(*found)) == expected


@given(PANELS, VALUES, st.data())
def test_raising_a_mark_never_lowers_the_value(panel, values, data):
    """A theorem for every rule but two: where a mark moves the mean by which others are left out, the value may fall."""
    if panel.rule == "outlier_mean":
        return
    at = data.draw(st.integers(0, len(values) - 1))
    raised = values[:at] + [values[at] + data.draw(st.integers(0, 10 * UNIT))] + values[at + 1:]
    before, after = combiner(panel)(values), combiner(panel)(raised)
    assert before is None and after is None or Fraction(*after) >= Fraction(*before)


def test_leaving_outliers_out_is_not_monotone():
    """Mean 86.67 leaves nobody out; 100 for the first moves it to 90, and now that 100 itself is too far away."""
    panel = Panel("outlier_mean", minimum_judges=1, clamp=9 * UNIT)
    before, after = ([points * UNIT for points in given_points] for given_points in ((90, 85, 85), (100, 85, 85)))
    assert Fraction(*combiner(panel)(before)) > Fraction(*combiner(panel)(after))


@pytest.mark.parametrize("cut", [1, 2])
@given(values=st.lists(st.integers(0, 1000), min_size=6, max_size=12))
def test_trimming_agrees_with_scipy(cut, values):
    trim_mean = pytest.importorskip("scipy.stats").trim_mean
    found = Fraction(*combiner(Panel("trimmed_mean", cut, cut, 1))(values))
    # scipy takes a share; just above the wanted share it cuts off the same number
    assert float(found) == pytest.approx(trim_mean(values, (cut + 0.25) / len(values)))


@given(PANELS, VALUES)
def test_the_values_that_count_make_the_score(panel, values):
    named = uses(panel, values)
    assert len(named) == len(values)
    kept = [value for value, use in zip(values, named) if use == "used"]
    found = combiner(panel)(values)
    if found and panel.rule in ("mean", "trimmed_mean", "highest", "lowest", "outlier_mean", "rank_mean"):
        assert Fraction(sum(kept), len(kept)) == Fraction(*found)


def test_uses_name_what_happened():
    points = [value * UNIT for value in (80, 90, 90, 60)]
    assert uses(Panel("highest"), points) == ["passed", "used", "passed", "passed"]
    assert uses(Panel("lowest"), points) == ["passed", "passed", "passed", "used"]
    assert uses(Panel("clamped_mean", minimum_judges=1, clamp=10 * UNIT), points) == ["used", "used", "used", "clamped"]
    assert uses(Panel("outlier_mean", minimum_judges=1, clamp=10 * UNIT), points) == ["used", "used", "used", "outlier"]
    assert uses(Panel("outlier_mean", minimum_judges=1, clamp=0), points[:2]) == ["used", "used"]
    assert uses(Panel("trimmed_sum", 1, 1, 3), points) == ["used", "dropped_high", "used", "dropped_low"]
    assert uses(Panel("clamped_mean", minimum_judges=5, clamp=0), points) == ["used"] * 4


def test_only_trimming_needs_a_number_of_judges():
    assert {rule: fewest_judges(Panel(rule, 2, 1)) for rule in PANEL_RULES if fewest_judges(Panel(rule, 2, 1)) > 1} == {
        "trimmed_mean": 4, "trimmed_sum": 4}


def score(panel, *totals, **more):
    part = roadshow(panel, **more)
    return compute(plain(part), field(entry(1, part, *totals))).standings[0].exact_fraction


def test_a_dive():
    assert score(Panel("trimmed_sum", 2, 2, 5), 8, "8.5", "8.5", 9, "8.5", 8, "7.5") == 25


def test_a_sum_over_a_shrunk_panel_stays_comparable():
    part = Panel("sum", minimum_judges=3)
    assert score(part, 30, 20, 10) == 60
    assert score(part, 30, 20, "recused") == 75
    assert score(replace(part, below_minimum="refuse"), 30, 20, "recused") is None


def test_a_sum_of_few_judges_is_the_plain_sum_whatever_the_regular_number():
    assert score(Panel("sum"), 30, 20, 10) == 60
    assert score(Panel("trimmed_sum"), 30, 20, 10) == 20


def test_an_excused_judge_does_not_count_as_zero():
    assert score(Panel("sum"), 6, 7, 8, 7, 6, 8, "recused") == 49
    assert score(Panel("trimmed_sum"), 6, 7, 8, 7, 6, 8, "absent") == Fraction(28 * 5, 4)
    assert score(Panel("trimmed_sum"), 6, 8, "recused", "recused") == 14  # too few to trim: 7 for each of the two that would be left
    assert score(Panel("trimmed_sum"), 6, 8, "recused") == 7
    assert score(Panel("trimmed_sum"), 6, 8) == 7


def test_a_chief_kept_apart_has_no_seat_in_a_sum():
    part = roadshow(Panel("sum", chief="apart"))
    sheets = entry(1, part, 10, 20, "recused", 90).sheets["roadshow"]
    fact = entry(1, part)._replace(sheets={"roadshow": (*sheets[:3], sheets[3]._replace(chief=True))})
    assert compute(plain(part), field(fact)).standings[0].exact_fraction == 45


def test_sums_per_criterion_are_over_the_seats_too():
    part = roadshow(Panel("trimmed_sum", level="criterion"), (leaf("a", 60), leaf("b", 40)))
    sheets = marked(part, {"a": 10, "b": 40}, {"a": 20, "b": 30}, {"a": 30, "b": 20}, {"a": 40, "b": 10})
    fact = entry(1, part)._replace(sheets={"roadshow": (*sheets, sheets[0]._replace(judge=5, state="recused", total=None, marks=None))})
    assert compute(plain(part), field(fact)).standings[0].exact_fraction == (Fraction(60, 100) * 50 + Fraction(40, 100) * 50) * Fraction(3, 2)


FIELDS = st.integers(3, 6).flatmap(lambda judges: st.lists(st.lists(st.integers(0, 20), min_size=judges, max_size=judges), min_size=1, max_size=6))


@given(FIELDS, st.sampled_from(["sum", "trimmed_sum", "rank_sum"]), st.sampled_from(["total", "criterion"]), st.booleans())
def test_a_judge_recused_from_every_entry_changes_no_ranking(rows, rule, level, refuses):
    """A sum grows by one and the same factor, the seats that count by those that counted before."""
    part = roadshow(Panel(rule, minimum_judges=3, below_minimum="refuse" if refuses else "mean", level=level), scale="raw",
                    criteria=(Criterion("a", "a", 0, pts(20)),))
    def standings(*more):
        entries = []
        for number, row in enumerate(rows, 1):
            given = marked(part, *({"a": mark} for mark in row))
            entries.append(entry(number, part)._replace(sheets={"roadshow": given + tuple(given[0]._replace(
                judge=len(row) + at, state=state, total=None, marks=None) for at, state in enumerate(more, 1))}))
        return compute(plain(part, better="low" if rule == "rank_sum" else "high", rank_by="exact"), field(*entries)).standings
    before, after = standings(), standings("recused")
    counted = len(rows[0]) - (2 if rule == "trimmed_sum" else 0)
    assert [(standing.number, standing.place) for standing in before] == [(standing.number, standing.place) for standing in after]
    assert [standing.exact_fraction * Fraction(counted + 1, counted) for standing in before] == [standing.exact_fraction for standing in after]


@given(st.lists(st.integers(0, 100), min_size=3, max_size=8), st.data())
def test_a_sum_with_one_judge_recused_is_in_proportion(totals, data):
    at = data.draw(st.integers(0, len(totals) - 1))
    left, given = totals[:at] + totals[at + 1:], [*totals[:at], "recused", *totals[at + 1:]]
    assert score(Panel("sum"), *given) == Fraction(sum(left) * len(totals), len(left))


def test_clamps_are_points_whatever_the_denominator():
    panel = Panel("clamped_mean", minimum_judges=1, clamp=5 * UNIT)
    assert score(panel, 80, 90, 70, criteria=(leaf("a", 100, 7),)) == 80
    assert score(panel, 80, 90, 79, criteria=(leaf("a", 100, 7),)) == Fraction(80 + 88 + 79, 3)
    assert score(panel, 80, 90, 79) == Fraction(80 + 88 + 79, 3)


def test_a_clamp_per_criterion():
    part = roadshow(Panel("clamped_mean", minimum_judges=1, clamp=1 * UNIT, level="criterion"),
                    criteria=(leaf("a", 50, 50, name="甲"), leaf("b", 50, 50, name="乙")))
    given_marks = ({"a": 40, "b": 40}, {"a": 40, "b": 40}, {"a": 40, "b": 46})
    standing = compute(plain(part), field(EntryFact(1, "1", sheets={"roadshow": marked(part, *given_marks)}))).standings[0]
    assert standing.exact_fraction == 40 + Fraction(41 + 41 + 43, 3)
    assert standing.parts["roadshow"].judges[2].marks == ((("a", pts(40), "used")), ("b", pts(46), "clamped"))


def test_outliers_per_criterion_leave_a_different_number_each_time():
    part = roadshow(Panel("outlier_mean", minimum_judges=1, clamp=5 * UNIT, level="criterion"),
                    criteria=(leaf("a", 50, 50, name="甲"), leaf("b", 50, 50, name="乙")))
    given_marks = ({"a": 40, "b": 40}, {"a": 40, "b": 41}, {"a": 40, "b": 50})
    standing = compute(plain(part), field(EntryFact(1, "1", sheets={"roadshow": marked(part, *given_marks)}))).standings[0]
    assert standing.exact_fraction == 40 + Fraction(40 + 41, 2)


def test_each_judge_rounded_first():
    criteria = (leaf("a", 100, 3),)
    assert score(Panel("mean"), 1, 1, 2, criteria=criteria) == Fraction(4, 3)
    part = roadshow(Panel("mean", judge_rounding=Rounding(0)), criteria=criteria)
    facts = field(EntryFact(1, "1", sheets={"roadshow": marked(part, {"a": 1}, {"a": 1}, {"a": 2})}))
    standing = compute(plain(part), facts).standings[0]
    assert standing.exact_fraction == Fraction(33 + 33 + 67, 3)
    assert [judge.steps for judge in standing.parts["roadshow"].judges] == [(("rounded", "33"),)] * 2 + [(("rounded", "67"),)]


ANY_PANEL = st.builds(Panel, st.sampled_from(sorted(PANEL_RULES)), st.integers(0, 2), st.integers(0, 2), st.integers(1, 4),
                      st.sampled_from(["mean", "refuse"]), st.sampled_from(["total", "criterion"]), clamp=st.just(2 * UNIT),
                      standard=st.sampled_from([None, Standard(rounding=Rounding(2)), Standard("population")]),
                      review=st.sampled_from([None, UNIT]), better=st.sampled_from(["high", "low"]))
MARKED = st.tuples(st.sampled_from(["competing"] * 3 + ["out_of_competition", "withdrawn"]),
                   st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=0, max_size=4))


@given(ANY_PANEL, st.lists(MARKED, min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_entries_and_sheets_is_irrelevant(panel, rows, chance):
    part = Part("p", "模块", criteria=(leaf("a", 0, 5), leaf("b", 0, 5)), scale="raw", panel=panel)
    entries = [EntryFact(number, str(number), status, sheets={"p": marked(part, *[{"a": a, "b": b} for a, b in given_marks])},
                         replacements={"p": {1: 30 * UNIT}, "p/a": {2: 3 * UNIT}} if number % 2 else {})
               for number, (status, given_marks) in enumerate(rows)]
    shuffled = [fact._replace(sheets={"p": tuple(chance.sample(fact.sheets["p"], len(fact.sheets["p"])))}) for fact in entries]
    chance.shuffle(shuffled)
    scheme = Scheme((part,))
    assert compute(scheme, field(*shuffled)).to_json() == compute(scheme, field(*entries)).to_json()


@given(ANY_PANEL, st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_panel_can_be_explained(panel, rows):
    part = Part("p", "模块", criteria=(leaf("a", 0, 5), leaf("b", 0, 5)), scale="raw", panel=panel)
    facts = field(*[EntryFact(number, str(number), sheets={"p": marked(part, *[{"a": a, "b": 1} for a in row])}, replacements={"p": {2: 0}})
                    for number, row in enumerate(rows)])
    outcome = compute(Scheme((part,)), facts)
    for standing in outcome.standings:
        step = explain(Scheme((part,)), facts, outcome, standing.entry).steps[0]
        assert step.detail.startswith("模块") and len(step.figures) >= 3
