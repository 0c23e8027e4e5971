"""Places from judges' places: the published cases of the skating system, and oracles that follow the rules' words."""

import json
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.parts.places import combined_places, duels, majority_places, ranks

VECTORS = Path(__file__).parents[4] / "shared/cases/vectors/vectors.json"
CASES = json.loads(VECTORS.read_text(encoding="utf-8")) if VECTORS.exists() else {"skating_system": [], "rankdata": []}


def of_kind(kind):
    return [case for case in CASES["skating_system"] if case["type"] == kind]


def by_number(case, lists):
    return {number: [given[at] for given in lists] for at, number in enumerate(case["numbers"])}


def expected(case):
    return dict(zip(case["numbers"], map(Fraction, case["expected_place"])))


@pytest.mark.parametrize("case", of_kind("single_dance"))
def test_one_dance(case):
    assert majority_places(by_number(case, case["marks"].values())) == expected(case)


@pytest.mark.parametrize("case", of_kind("combined_from_places_rule9_10"))
def test_rules_9_and_10(case):
    places = by_number(case, case["places"].values())
    assert combined_places(places, {number: [] for number in places}) == expected(case)


@pytest.mark.parametrize("case", of_kind("multi_dance_rule11"), ids=lambda case: case["name"])
def test_rule_11(case):
    dances = [by_number(case, marks.values()) for marks in case["dances"].values()]
    singles = [majority_places(dance) for dance in dances]
    places = {number: [single[number] for single in singles] for number in case["numbers"]}
    marks = {number: [place for dance in dances for place in dance[number]] for number in case["numbers"]}
    assert combined_places(places, marks) == expected(case)


@pytest.mark.parametrize("case", CASES["rankdata"], ids=lambda case: f"{case['values_desc']} {case['method']}")
def test_ranks_of_one_judge(case):
    method = {"min": "standard", "max": "modified", "average": "mean", "dense": "dense"}.get(case["method"])
    if method:  # "ordinal" would invent an order among equals
        given_values = dict(enumerate(case["values_desc"]))
        assert list(ranks(given_values, "high", method).values()) == case["rank"]
        assert list(ranks({at: -value for at, value in given_values.items()}, "low", method).values()) == case["rank"]


def by_columns(marks):
    """Rules 5 to 8 read aloud: column by column, the first place still free to whoever has the majority."""
    free, found, column, most = sorted(marks), {}, 0, max(max(places) for places in marks.values())
    first = 1
    while free:
        column += 1
        having = [member for member in free if 2 * sum(place <= column for place in marks[member]) > len(marks[member])]
        while having:
            best = _best(having, marks, column, most)
            found.update((member, Fraction(2 * first + len(best) - 1, 2)) for member in best)
            first += len(best)
            having = [member for member in having if member not in best]
            free = [member for member in free if member not in best]
    return found


def _best(members, marks, column, most):
    for at in range(column, most + 1):
        counts = {member: sum(place <= at for place in marks[member]) for member in members}
        members = [member for member in members if counts[member] == max(counts.values())]
        sums = {member: sum(place for place in marks[member] if place <= at) for member in members}
        members = [member for member in members if sums[member] == min(sums.values())]
    return members


def panels(fewest=1, most_entries=7):
    return st.integers(1, 5).flatmap(lambda judges: st.dictionaries(
        st.integers(1, 99), st.lists(st.integers(1, 7), min_size=judges, max_size=judges), min_size=fewest, max_size=most_entries))


@given(panels())
def test_majority_agrees_with_the_rules_read_column_by_column(marks):
    assert majority_places(marks) == by_columns(marks)


@given(panels())
def test_places_add_up(marks):
    assert sum(majority_places(marks).values()) == sum(range(1, len(marks) + 1))
    single = majority_places(marks)
    both = combined_places({member: [place, place] for member, place in single.items()},
                           {member: places * 2 for member, places in marks.items()})
    assert sum(both.values()) == sum(range(1, len(marks) + 1))
    assert both == single       # two equal dances change nothing


def test_a_place_of_two_and_a_half_stands_in_the_third_column():
    half = Fraction(5, 2)
    # By columns 1, 2, 3: a has three places "third and higher" of sum 8, b three of sum 7.
    assert majority_places({"a": [half, half, 3], "b": [2, 2, 3]}) == {"a": 2, "b": 1}
    assert majority_places({"a": [half, half, 9], "b": [3, 3, 3]}) == {"a": 2, "b": 1}


def test_a_missing_judge_is_compared_per_judge():
    assert majority_places({"a": [1, 1, 2, 2], "b": [1, 2]}) == {"a": Fraction(3, 2), "b": Fraction(3, 2)}
    assert majority_places({"a": [1, 1, 1, 2], "b": [1, 2]})["a"] == 1


def test_raising_a_mark_under_majority_may_lower_nobody_else_but_the_order_of_others_can_turn():
    """Majority of places is not independent of others: when c is placed last by the first judge, a and b change places."""
    before = majority_places({"a": [1, 3, 2], "b": [2, 1, 3], "c": [3, 2, 1]})
    assert before == {"a": 2, "b": 2, "c": 2}
    after = majority_places({"a": [1, 2, 2], "b": [2, 1, 3], "c": [3, 3, 1]})
    assert after == {"a": 1, "b": 2, "c": 3}


MARKS = st.dictionaries(st.integers(1, 6), st.dictionaries(st.integers(1, 8), st.integers(1, 5), min_size=1), min_size=1, max_size=6)


@given(MARKS)
def test_duels_agree_with_counting_each_pair(marks):
    members = {member for places in marks.values() for member in places}
    won = dict.fromkeys(members, Fraction(0))
    for first, second in combinations(sorted(members), 2):
        votes = [places[first] - places[second] for places in marks.values() if {first, second} <= places.keys()]
        ahead = sum(vote < 0 for vote in votes) - sum(vote > 0 for vote in votes)
        won[first] += 1 if ahead > 0 else Fraction(1, 2) if ahead == 0 else 0
        won[second] += 1 if ahead < 0 else Fraction(1, 2) if ahead == 0 else 0
    assert duels(marks) == won


def test_duels_of_a_large_field_take_no_minutes():
    marks = {judge: {entry: entry * judge % 2003 for entry in range(2000)} for judge in range(1, 8)}
    assert sum(duels(marks).values()) == 2000 * 1999 // 2
