"""Panels about places: sums and means of places, majorities, duels, and entries that take no place."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scoring import PANEL_RULES, UNIT, Criterion, Panel, Part, Scheme, compute, explain
from scoring.parts.reader import PartReader
from tests.scoring.build import entry, field, plain, places, roadshow


def ranked(rule, *rows, **more):
    """{number: place of the part's value} of entries 1, 2, … from rows of totals, low better."""
    part = roadshow(Panel(rule, minimum_judges=1, **more))
    facts = field(*[entry(number, part, *row) for number, row in enumerate(rows, 1)])
    outcome = compute(plain(part, better=PANEL_RULES[rule].better), facts)
    return outcome, {standing.number: standing.exact_fraction for standing in outcome.standings}


def test_sum_and_mean_of_places():
    rows = [(90, 80, 70), (80, 90, 70), (70, 70, 90)]
    outcome, sums = ranked("rank_sum", *rows)
    assert sums == {"1": Fraction(11, 2), "2": Fraction(11, 2), "3": 7}
    assert outcome.standings[-1].number == "3"
    assert ranked("rank_mean", *rows)[1] == {"1": Fraction(11, 6), "2": Fraction(11, 6), "3": Fraction(7, 3)}
    assert ranked("rank_sum", *rows, ranks="standard")[1] == {"1": 5, "2": 5, "3": 7}
    assert ranked("rank_sum", *rows, better="low")[1] == {"1": Fraction(13, 2), "2": Fraction(13, 2), "3": 5}


def test_majority_of_places_from_points():
    outcome, found = ranked("majority", (90, 90, 60), (80, 80, 95), (70, 70, 70))
    assert found == {"1": 1, "2": 2, "3": 3}
    assert places(outcome) == {"1": 1, "2": 2, "3": 3}
    judges = outcome.standing(1).parts["roadshow"].judges
    assert [judge.steps for judge in judges] == [(("place", "1"),), (("place", "1"),), (("place", "3"),)]


def test_won_duels():
    assert ranked("pairwise", (90, 90, 60), (80, 80, 95), (70, 70, 70))[1] == {"1": 2, "2": 1, "3": 0}
    assert ranked("pairwise", (90, 80), (80, 90))[1] == {"1": Fraction(1, 2), "2": Fraction(1, 2)}


def test_vetoed_entries_leave_no_gap_in_the_places():
    part = roadshow(Panel("rank_sum", minimum_judges=1))
    facts = field(entry(1, part, 90, 70, status="vetoed"), entry(2, part, 80, 60), entry(3, part, 70, 50))
    outcome = compute(plain(part, better="low"), facts)
    assert [standing.exact_fraction for standing in outcome.standings[:2]] == [2, 4]


def test_places_that_judges_enter():
    dance = Part("waltz", "华尔兹", criteria=(Criterion("place", "名次", 0, 6 * UNIT, UNIT, UNIT, kind="rank"),), scale="raw",
                 panel=Panel("majority", minimum_judges=1))
    rows = [(1, 1, 1, 5, 2), (2, 3, 3, 1, 1), (3, 2, 2, 2, 5), (4, 4, 5, 3, 3), (5, 5, 4, 4, 4)]
    facts = field(*[entry(number, dance, *row) for number, row in enumerate(rows, 1)])
    outcome = compute(Scheme((dance,), better="low"), facts)
    assert [standing.exact_fraction for standing in outcome.standings] == [1, 2, 3, 4, 5]
    assert [(judge.text, judge.steps) for judge in outcome.standing(4).parts["waltz"].judges[:3]] == [("4", ()), ("4", ()), ("5", ())]
    told = explain(Scheme((dance,), better="low"), facts, outcome, 4).steps[0].detail
    assert told == "华尔兹：5 位评委，名次分别为 4、4、5、3、3，4 位评委列第 4 名及以前，过半数，列第 4 名"


def test_an_unfinished_entry_is_not_in_the_field_of_a_majority():
    part = roadshow(Panel("majority", minimum_judges=1))
    facts = field(entry(1, part, 90, "draft"), entry(2, part, 80, 60), entry(3, part, 70, 50))
    outcome = compute(plain(part, better="low"), facts)
    assert {standing.number: standing.exact_fraction for standing in outcome.standings} == {"2": 1, "3": 2, "1": None}


def test_refusing_majority():
    part = roadshow(Panel("majority", minimum_judges=2, below_minimum="refuse"))
    facts = field(entry(1, part, 90, "recused"), entry(2, part, 80, 60), entry(3, part, 70, 50))
    assert {standing.number: standing.status for standing in compute(plain(part, better="low"), facts).standings} == {
        "2": "competing", "3": "competing", "1": "incomplete"}


RULES_ABOUT_PLACES = st.sampled_from(["rank_sum", "rank_mean", "majority", "pairwise"])
TOTALS = st.lists(st.lists(st.integers(60, 64), min_size=3, max_size=3), min_size=1, max_size=6)


def values_of(rule, method, better, rows, status):
    part = roadshow(Panel(rule, minimum_judges=1, ranks=method, better=better))
    facts = field(*[entry(number, part, *row) for number, row in enumerate(rows, 1)])
    guest = facts.entries[-1]._replace(status=status)
    reader = PartReader(plain(part), part)
    entries = (*facts.entries[:-1], guest)
    reader.prepare(entries)
    return [reader.read(fact) for fact in entries]


@given(RULES_ABOUT_PLACES, st.sampled_from(["standard", "dense", "mean", "modified"]), st.sampled_from(["high", "low"]), TOTALS,
       st.lists(st.integers(60, 64), min_size=3, max_size=3))
def test_a_guest_takes_no_place_from_anybody(rule, method, better, rows, guest):
    """Out of competition: the others have the figures they have without it, and it has those it would have by competing."""
    alone = values_of(rule, method, better, [*rows, guest], "withdrawn")
    beside = values_of(rule, method, better, [*rows, guest], "out_of_competition")
    competing = values_of(rule, method, better, [*rows, guest], "competing")
    assert alone[:-1] == beside[:-1]
    assert beside[-1] == competing[-1]
