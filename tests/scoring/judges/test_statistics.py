import statistics
from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from scoring import distribution, judge_shifts, spreads
from scoring.judges.statistics import _agreement
from tests.scoring.build import entry, field, plain, roadshow

PART = roadshow()


def test_distribution():
    found = distribution([1, 2, 3, 4, 10], bins=3)
    assert (found.count, found.minimum, found.q1, found.median, found.q3, found.maximum) == (5, 1, 2, 3, 4, 10)
    assert found.mean == 4
    assert found.bins == ((1, 4, 3), (4, 7, 1), (7, 10, 1))


def test_no_values_no_distribution():
    assert distribution([]) is None


def test_a_single_value():
    found = distribution([7])
    assert (found.q1, found.median, found.q3, found.mean) == (7, 7, 7, 7)


def test_equal_values():
    assert [count for low, high, count in distribution([5, 5], bins=2).bins] == [2, 0]


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=40))
def test_quartiles_agree_with_the_standard_library(values):
    found = distribution(values)
    expected = statistics.quantiles([Fraction(value) for value in values], n=4, method="inclusive")
    assert [found.q1, found.median, found.q3] == expected
    assert sum(count for low, high, count in found.bins) == len(values)


def test_judges_against_the_panel():
    given = field(entry(1, PART, "80", "90", "85"), entry(2, PART, "70", "80", "recused"), entry(3, PART, "60", "draft", "66"))
    first, second, third = judge_shifts(plain(PART), given, "roadshow")
    assert (first.name, first.sheets, first.mean, first.shift) == ("评委1", 3, 70, Fraction(-13, 3))
    assert (second.sheets, second.mean, second.shift, second.agreement) == (2, 85, 5, 1)
    assert third.agreement == 1


def test_agreement_counts_pairs_in_the_same_order():
    given = field(entry(1, PART, "90", "70", "90"), entry(2, PART, "80", "80", "80"))
    assert [judge.agreement for judge in judge_shifts(plain(PART), given, "roadshow")] == [1, 0, 1]
    three = field(entry(1, PART, "90", "80", "70"), entry(2, PART, "80", "90", "70"), entry(3, PART, "70", "60", "60"))
    assert [judge.agreement for judge in judge_shifts(plain(PART), three, "roadshow")] == [1, 1, 1]
    swapped = field(entry(1, PART, "80", "90"), entry(2, PART, "90", "70"), entry(3, PART, "60", "60"))
    assert [judge.agreement for judge in judge_shifts(plain(PART), swapped, "roadshow")] == [Fraction(2, 3), 1]
    tied = field(entry(1, PART, "90", "80"), entry(2, PART, "80", "90"))
    assert judge_shifts(plain(PART), tied, "roadshow")[0].agreement is None


def test_spread_alarm():
    given = field(entry(1, PART, "80", "90", "70"), entry(2, PART, "80", "85"), entry(3, PART, "missing"))
    wide, narrow = spreads(plain(PART), given, "roadshow", limit=15)
    assert (wide.entry, wide.spread, wide.alarm, wide.low_judge, wide.high_judge) == (1, 20, True, 3, 2)
    assert (narrow.spread, narrow.alarm) == (5, False)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_agreement_is_the_share_of_pairs_in_the_same_order(pairs):
    told = [(one, two) for one, two in combinations(pairs, 2) if one[0] != two[0] and one[1] != two[1]]
    same = sum((one[0] > two[0]) == (one[1] > two[1]) for one, two in told)
    assert _agreement(pairs) == (Fraction(same, len(told)) if told else None)


@given(st.lists(st.integers(-50, 5000), min_size=1, max_size=40), st.integers(1, 300))
def test_distribution_of_counted_values_equals_that_of_fractions(values, over):
    assert distribution(values, over=over) == distribution([Fraction(value, over) for value in values])
