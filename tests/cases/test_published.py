"""Real competitions: the published figures come out to the last digit.

Halfpipe 2026 (restated): 6 judges, highest and lowest dropped, mean of 4, two decimals; the best run counts.
Diving, Paris 2024 (restated): 7 judges, two high and two low dropped, three times the mean, times the difficulty.
"""

import csv
from fractions import Fraction
from pathlib import Path

import pytest

from scoring import (UNIT, EntryFact, Facts, Panel, Part, Rounding, Scheme, SheetFact, Tier, TieRule, allot, compute, parse_points)
from tests.scoring.build import leaf

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
RUN = Part("run", "Run", criteria=(leaf("run", 100, step=UNIT),), panel=Panel("trimmed_mean", 1, 1, 6))

# (rider, official run score, the six judges' marks)
RUNS = (
    (11, "91.00", (89, 92, 91, 91, 91, 91)), (11, "95.00", (95, 95, 96, 95, 95, 95)),
    (12, "48.75", (50, 45, 50, 46, 49, 50)), (12, "93.50", (94, 93, 94, 93, 94, 93)),
    (10, "92.00", (92, 88, 92, 92, 92, 92)), (10, "92.00", (93, 90, 93, 91, 93, 91)),
    (8, "90.00", (90, 90, 90, 90, 90, 90)), (8, "91.00", (91, 91, 91, 89, 91, 91)),
    (7, "35.00", (35, 35, 35, 35, 35, 34)), (7, "88.00", (89, 89, 89, 87, 87, 85)),
    (4, "24.75", (25, 24, 25, 23, 25, 25)), (4, "24.75", (24, 25, 20, 24, 27, 26)), (4, "87.50", (88, 89, 88, 88, 86, 86)),
    (6, "27.50", (28, 28, 27, 26, 29, 27)), (6, "86.50", (85, 86, 87, 86, 87, 88)),
    (1, "77.50", (78, 77, 78, 77, 79, 77)),
    (3, "17.75", (18, 17, 17, 18, 19, 18)), (3, "17.25", (18, 17, 17, 17, 18, 17)), (3, "76.00", (76, 76, 76, 76, 77, 76)),
    (9, "75.00", (75, 74, 75, 75, 76, 75)),
    (2, "11.75", (15, 10, 12, 12, 10, 13)), (2, "70.25", (70, 70, 70, 70, 71, 71)),
    (5, "43.00", (43, 42, 45, 40, 45, 42)))
RANKING = (11, 12, 10, 8, 7, 4, 6, 1, 3, 9, 2, 5)


def judged(part, number, marks):
    """marks in points, as ints or texts; one sheet per judge."""
    totals = [parse_points(mark) * part.factors[part.leaves[0].code] for mark in marks]
    return EntryFact(number, str(number), sheets={part.code: tuple(
        SheetFact(judge, "submitted", total) for judge, total in enumerate(totals, 1))})


def test_halfpipe_run_scores_and_ranks():
    outcome = compute(Scheme((RUN,), ties=(TieRule("shared"),)), Facts(tuple(
        judged(RUN, number, marks) for number, (rider, score, marks) in enumerate(RUNS))))
    scores = [outcome.standing(number).score_text for number in range(len(RUNS))]
    assert scores == [score for rider, score, marks in RUNS]
    best = []
    for standing in outcome.standings:
        rider = RUNS[standing.entry][0]
        if rider not in best:
            best.append(rider)
    assert tuple(best) == RANKING


DIVE = Part("dive", "Dive", criteria=(leaf("dive", 100, 10, step=UNIT // 2),), panel=Panel("trimmed_mean", 2, 2, 7))


def dive_score(marks, difficulty):
    """The panel's mean is on a scale of 100; three judges of ten points make 30."""
    outcome = compute(Scheme((DIVE,)), Facts((judged(DIVE, 1, marks),)))
    points = outcome.standings[0].exact_fraction * 3 / 10 * Fraction(difficulty)
    return Rounding(2).text(*points.as_integer_ratio())


@pytest.mark.parametrize("marks, difficulty, published", [
    (("8", "8", "8", "8", "8.5", "8.5", "9"), "3.2", "78.40"), (("7", "7", "7", "7.5", "7", "7", "7"), "3.2", "67.20"),
    (("8.5", "8.5", "9", "9", "8.5", "8", "9"), "3.2", "83.20"), (("7.5", "7.5", "7.5", "7", "7", "7.5", "7"), "3.2", "70.40")])
def test_diving(marks, difficulty, published):
    assert dive_score(marks, difficulty) == published


def rows(name):
    path = SHARED / name / "marks.csv"
    if not path.exists():
        pytest.skip(f"the published set {name} is not on this machine")
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_dives():
    table = rows("diving_paris_2024")
    assert len(table) == 72
    for row in table:
        found = dive_score([row[f"J{judge}"] for judge in range(1, 8)], row["dd"])
        assert Fraction(found) == Fraction(row["round_score"])


def figures(table, column):
    part = Part("total", "Total", kind="figure")
    return Scheme((part,), Rounding(4), ties=(TieRule("shared"),)), Facts(tuple(
        EntryFact(at, str(at), figures={"total": parse_points(row[column])}) for at, row in enumerate(table)))


def test_physics_olympiad_places_and_cut_offs():
    table = rows("physics_olympiad_2012")
    scheme, facts = figures(table, "48_TOTAL")
    outcome = compute(scheme, facts)
    ranked = [at for at, row in enumerate(table) if row["official_rank"]]
    assert len(ranked) == 271
    assert [outcome.standing(at).place for at in ranked] == [int(table[at]["official_rank"]) for at in ranked]
    lines = (("G", "31"), ("S", "23.9"), ("B", "17.2"), ("HM", "12.4"))
    tiers = tuple(Tier(code, code, count=len(table), minimum_score=parse_points(line)) for code, line in lines)
    won = {award.entry: award.tier for award in allot(tiers, outcome.standings).awards}
    assert [won.get(at, "") for at in range(len(table))] == [row["award"] for row in table]


def test_informatics_olympiad_medals_never_split_a_tie():
    table = rows("informatics_olympiad_2020")
    scheme, facts = figures(table, "total")
    outcome = compute(scheme, facts)
    assert [outcome.standing(at).place for at in range(len(table))] == [int(row["rank"]) for row in table]
    # A twelfth of the field is 20: gold goes to 23, since five tie at the line; bronze likewise grows from 58 to 59.
    tiers = tuple(Tier(name, name, count=count, tie="all_in") for name, count in (("Gold", 20), ("Silver", 38), ("Bronze", 58)))
    won = {award.entry: award.tier for award in allot(tiers, outcome.standings).awards}
    assert [won.get(at, "") for at in range(len(table))] == [row["medal"] for row in table]
