"""Panels of standard scores, and marks that a re-review replaced."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scoring import UNIT, EntryFact, Panel, Rounding, Standard, TieRule, compute, marks_at_once
from scoring.parts.reader import PartReader
from tests.scoring.build import entry, field, leaf, marked, plain, places, pts, roadshow

STANDARD = Panel("mean", standard=Standard(rounding=Rounding(2)))


def test_standard_scores_of_a_panel():
    part = roadshow(STANDARD)
    facts = field(entry(1, part, 60, 90), entry(2, part, 70, 91), entry(3, part, 80, 92, status="withdrawn"))
    outcome = compute(plain(part), facts)
    # each judge's marks are one deviation apart, and the entry that withdrew still tells about the judges
    assert [standing.exact_fraction for standing in outcome.standings[:2]] == [50, 40]
    judges = outcome.standing(1).parts["roadshow"].judges
    assert [(judge.text, judge.steps) for judge in judges] == [("60.00", (("standard", "40.00"),)), ("90.00", (("standard", "40.00"),))]


def reviewed(*scores, review=None, given_marks=None, panel=STANDARD):
    part = roadshow(replace(panel, review=review, minimum_judges=1))
    facts = field(*[entry(number, part, *row) for number, row in enumerate(scores, 1)])
    first = facts.entries[0]._replace(replacements={"roadshow": given_marks})
    return compute(plain(part), facts._replace(entries=(first, *facts.entries[1:]))).standing(1)


def test_a_re_review_replaces_the_value_and_keeps_the_original():
    standing = reviewed((60, 80), (70, 70), (80, 60), given_marks={2: pts(50)})
    assert standing.exact_fraction == 45
    assert [(judge.use, judge.text, judge.steps) for judge in standing.parts["roadshow"].judges] == [
        ("used", "60.00", (("standard", "40.00"),)), ("replaced", "80.00", (("standard", "60.00"), ("replaced", "50.00")))]


@pytest.mark.parametrize("limit, score_then", [(20, 45), (21, 50)])
def test_a_re_review_counts_only_from_the_limit_on(limit, score_then):
    assert reviewed((60, 80), (70, 70), (80, 60), review=limit * UNIT, given_marks={2: pts(50)}).exact_fraction == score_then


def test_a_re_review_of_plain_totals():
    plain_panel = Panel("trimmed_mean", 1, 1, 3)
    standing = reviewed((60, 80, 100), given_marks={3: pts(90)}, panel=replace(plain_panel, minimum_judges=3))
    assert standing.exact_fraction == 80
    assert [judge.use for judge in standing.parts["roadshow"].judges] == ["dropped_low", "used", "dropped_high"]
    assert standing.parts["roadshow"].judges[2].steps == (("replaced", "90.00"),)


def test_a_re_review_of_one_criterion():
    part = roadshow(Panel("mean", level="criterion"), criteria=(leaf("a", 50, 50), leaf("b", 50, 50)))
    fact = EntryFact(1, "1", sheets={"roadshow": marked(part, {"a": 10, "b": 40}, {"a": 40, "b": 40})},
                     replacements={"roadshow/a": {1: pts(38)}})
    standing = compute(plain(part), field(fact)).standings[0]
    assert standing.exact_fraction == 39 + 40
    assert standing.parts["roadshow"].judges[0].marks[0] == ("a", pts(10), "replaced")


def test_ties_compare_what_counts():
    """The untrimmed mean of a panel with standard scores is that of the standard scores."""
    part = roadshow(Panel("trimmed_mean", 1, 1, 3, standard=Standard(rounding=Rounding(2))))
    facts = field(entry(1, part, 60, 90, 70), entry(2, part, 70, 91, 70), entry(3, part, 80, 92, 73))
    reader = PartReader(plain(part), part)
    reader.prepare(facts.entries)
    values, over = reader.worths(facts.entries[0])
    assert [Fraction(value, over) for value in values] == [40, 40, Fraction("44.23")]


def test_a_tie_on_a_criterion_of_standard_scores_asks_for_all_marks_at_once():
    part = roadshow(Panel("mean", standard=Standard(rounding=Rounding(2))), criteria=(leaf("a", 50, 50), leaf("b", 50, 50)))
    by_criterion = plain(part, ties=(TieRule("criterion", "roadshow/a"), TieRule("shared")))
    assert marks_at_once(by_criterion) and not marks_at_once(plain(part, ties=(TieRule("untrimmed_mean"),)))
    assert not marks_at_once(plain(replace(part, panel=Panel()), ties=by_criterion.ties))
    rows = ({"a": 40, "b": 20}, {"a": 40, "b": 20}), ({"a": 20, "b": 40}, {"a": 20, "b": 40}), ({"a": 10, "b": 10}, {"a": 5, "b": 5})
    facts = field(*[EntryFact(number, str(number), sheets={"roadshow": marked(part, *row)}) for number, row in enumerate(rows, 1)])
    assert places(compute(by_criterion, facts)) == {"1": 1, "2": 2, "3": 3}
