"""Column by column, the outcome is the one of `scoring.compute`, entry by entry."""

import os
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scoring import UNIT, EntryFact, Panel, Part, PenaltyFact, Rounding, Scheme, SheetFact, Standard, Tier, TieRule, allot, bulk, compute
from scoring.parts.standard import standard_scores
from tests.scoring.build import entry, field, leaf, marked, places, plain, pts, roadshow
from tests.scoring.contests import contests


def same(scheme, facts):
    outcome = compute(scheme, facts)
    tally = bulk.Tally(scheme, bulk.from_facts(scheme, facts))
    for row, entry in enumerate(facts.entries):
        standing = outcome.standing(entry.entry)
        assert bulk.STATUS[tally.statuses[row]] == standing.status
        if standing.exact is not None:
            assert Fraction(int(tally.exact[row]), tally.denominator) == Fraction(*standing.exact)
            assert tally.scores[row] == standing.score
        assert (tally.places[row] or None, tally.outside[row] or None) == (standing.place, standing.outside_place)
        assert (bool(tally.shared[row]), bool(tally.undecided[row])) == (standing.shared and standing.place is not None, standing.undecided)
    return outcome, tally


@settings(max_examples=80, deadline=None)
@given(contests())
def test_every_scheme_it_takes_gives_the_outcome_of_compute(contest):
    scheme, facts = contest
    assert bulk.why_not(scheme, facts) == ()
    same(scheme, facts)


@settings(max_examples=80, deadline=None)
@given(contests(most=20))
def test_awards_are_those_of_allot(contest):
    scheme, facts = contest
    assume(scheme.tiers and scheme.ranking in ("standard", "ordinal") and bulk.why_no_awards(scheme) == ())
    outcome, tally = same(scheme, facts)
    expected = allot(scheme.tiers, outcome.standings, minimum_score=scheme.minimum_score, better=scheme.better)
    found = bulk.award(tally)
    number = {tier.code: at for at, tier in enumerate(scheme.tiers, 1)}
    tiers = {award.entry: number[award.tier] for award in expected.awards}
    waiting = {entry for tie in expected.pending for entry in tie}
    assert [int(tier) for tier in found.tiers] == [bulk.awards.PENDING if entry.entry in waiting else tiers.get(entry.entry, 0)
                                                   for entry in facts.entries]
    assert (found.counts, found.total_fen) == (expected.tiers, expected.total_fen)


def test_every_rule_of_the_property_tests_is_met_somewhere():
    """A guard of the strategies: ties broken, shared and open, gaps and awards at a cut-off do occur."""
    part = roadshow(Panel("trimmed_mean"))
    scheme = plain(part, ties=(TieRule("untrimmed_mean"), TieRule("shared")), tiers=(Tier("first", "一等奖", 2),))
    facts = field(entry(1, part, 80, 81, 82, 83, 84), entry(2, part, 70, 81, 82, 83, 94), entry(3, part, 70, 81, 82, 83, 90),
                  entry(4, part, 70, 81, 82, 83, 90), entry(5, part, 60, "recused", 61, 62, 63), entry(6, part, 60, "missing", 61, 62, 63))
    outcome, tally = same(scheme, facts)
    assert tally.places.tolist() == [1, 1, 3, 3, 5, 0] and places(outcome) == {"1": 1, "2": 1, "3": 3, "4": 3, "5": 5, "6": None}
    assert bulk.award(tally).tiers.tolist() == [1, 1, 0, 0, 0, 0]


def test_twenty_thousand_entries():
    """Marks in quarters of a point: nearly everyone is tied, on totals and often on the whole chain."""
    chance = random.Random(20261122)
    theory = Part("theory", "理论", 30 * UNIT, "figure")
    practice = Part("practice", "实操", 70 * UNIT, criteria=(leaf("a", 60), leaf("b", 40)), panel=Panel("trimmed_mean"))
    scheme = plain(theory, practice, ties=(TieRule("part", "practice"), TieRule("criterion", "practice/a"), TieRule("shared")),
                   tiers=(Tier("first", "一等奖", ratio=1000, tie="all_in"), Tier("second", "二等奖", ratio=2000, tie="all_out")))
    def one(number):
        given = [{"a": chance.randrange(200, 400) / 4, "b": chance.randrange(200, 400) / 4} for _ in range(5)]
        return EntryFact(number, str(number), sheets={"practice": marked(practice, *given)}, figures={"theory": chance.randrange(120, 200) * UNIT // 2})
    outcome, tally = same(scheme, field(*map(one, range(1, 20_001))))
    expected = allot(scheme.tiers, outcome.standings)
    assert bulk.award(tally).counts == expected.tiers
    assert len({standing.place for standing in outcome.standings}) < 20_000


@pytest.mark.parametrize("size", [2 ** 30, 2 ** 31 - 1, 2 ** 40, 2 ** 61, 2 ** 62, 2 ** 63 - 1])
@pytest.mark.parametrize("rule", ["mean", "trimmed_mean", "median"])
def test_large_figures_do_not_overflow(size, rule):
    part = roadshow(Panel(rule), criteria=(leaf("all", 100, 1000),))
    chance = random.Random(size)
    rows = [[chance.randrange(-size, size) for _ in range(7)] for _ in range(40)]
    facts = field(*(EntryFact(number, str(number), sheets={part.code: tuple(SheetFact(judge, "submitted", total) for judge, total in enumerate(row))},
                              penalties=(PenaltyFact(size, "扣分"),)) for number, row in enumerate(rows, 1)))
    same(plain(part, Part("theory", "理论", 33 * UNIT, "figure")), facts._replace(
        entries=tuple(entry._replace(figures={"theory": size - number}) for number, entry in enumerate(facts.entries))))
    same(plain(part, rank_by="exact"), facts)


def test_narrow_columns_grow_where_their_sums_do():
    seats = [np.full(50_000, 2 ** 30, np.int32) for _ in range(7)]
    seats[3][40_000] = 2 ** 31 - 1
    top, count, complete = bulk.panels.combined(Panel("trimmed_mean"), seats)
    assert (set(top.tolist()), count, complete) == ({5 * 2 ** 30}, 5, None)
    assert set(bulk.panels.combined(Panel("mean"), seats)[0].tolist()) == {7 * 2 ** 30, 7 * 2 ** 30 + 2 ** 30 - 1}


def test_places_are_those_of_scipy():
    from scipy.stats import rankdata  # takes longer to load than most tests take; only who runs this one loads it

    keys = np.random.default_rng(7).integers(0, 900, 5000).astype(np.int32)
    assert np.array_equal(bulk.ranks.standard(keys, better="low"), rankdata(keys, "min"))
    assert np.array_equal(bulk.ranks.standard(keys * 10 ** 6, better="low"), rankdata(keys, "min"))
    assert np.array_equal(bulk.ranks.standard(keys * 100, 100), rankdata(-keys, "min"))
    assert np.array_equal(bulk.ranks.standard(keys, 7), rankdata(-keys, "min"))          # a hint that does not hold is harmless
    assert np.array_equal(bulk.ranks.dense(bulk.ranks.standard(keys)), rankdata(-keys, "dense"))


@pytest.mark.parametrize(("change", "word"), [
    ({"total": "best"}, "总分"), ({"tolerance": UNIT}, "同分范围"), ({"ranking": "mean"}, "平均名次"), ({"class_by": "x"}, "先分档"),
    ({"ties": (TieRule("chief_mark"),)}, "chief_mark"), ({"parts": (roadshow(criteria=(leaf("a", 100, team=True),)),)}, "集体记分"), ({"parts": (roadshow(Panel("mean", clamp=5 * UNIT)),)}, "限差"),
])
def test_what_it_cannot_do_is_said(change, word):
    scheme = Scheme(**{"parts": (roadshow(),), **change})
    assert any(word in reason for reason in bulk.why_not(scheme))


def test_replacement_marks_are_for_the_small_path():
    part = roadshow()
    facts = field(entry(1, part, 80)._replace(replacements={"roadshow": {1: pts(60)}}))
    assert bulk.why_not(plain(part)) == () and any("复议" in reason for reason in bulk.why_not(plain(part), facts))


WITHOUT = """
import sys
if sys.argv[1] == "without":
    sys.modules["numpy"] = None
import json
from tests.scoring.build import *
from scoring import *
part = roadshow(Panel("trimmed_mean"))
given = field(*[entry(n, part, *[60 + n * k * 7 % 30 for k in range(1, 8)]) for n in range(1, 60)])
scheme = plain(part, ties=(TieRule("untrimmed_mean"), TieRule("shared")), tiers=(Tier("first", "一等奖", 6),))
outcome = compute(scheme, given)
print(json.dumps(outcome.to_json(), sort_keys=True), allot(scheme.tiers, outcome.standings).tiers, "numpy" in sys.modules)
"""


def test_without_numpy_the_exact_path_gives_the_same():
    root = Path(__file__).parents[2]
    found = [subprocess.run([sys.executable, "-c", WITHOUT, word], cwd=root, check=True, capture_output=True, text=True,
                            env={**os.environ, "PYTHONIOENCODING": "utf-8"}).stdout for word in ("with", "without")]
    assert found[0].removesuffix("False\n") == found[1].removesuffix("True\n") and found[0].endswith("False\n")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(-3 * UNIT, 100 * UNIT) | st.integers(0, 4)), max_size=30), st.sampled_from(("sample", "population")),
       st.builds(Rounding, st.integers(0, 12), st.sampled_from(("half_up", "half_even", "floor", "ceil"))))
def test_standard_scores_are_those_of_the_small_path(given_marks, deviation, rounding):
    standard = Standard(deviation, rounding=rounding)
    by_judge = {}
    for judge, value in given_marks:
        by_judge.setdefault(judge, []).append(value)
    tables = {judge: standard_scores(values, standard, UNIT) for judge, values in by_judge.items()}
    found = bulk.standardised([judge for judge, _ in given_marks], [value for _, value in given_marks], standard, UNIT)
    assert found.tolist() == [tables[judge][value] for judge, value in given_marks]
