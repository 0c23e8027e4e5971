"""One new mark: the entry's standing, its neighbours and the first twenty, in fields of 100 to 100,000 complete entries × 9 judges.

Beside it the way without it: the whole field computed again. Scores have two decimals, so that the larger the field, the
more entries share one score; these go through the tie chain together, and nothing else grows.
"""

import random

from benchmarks.measure import Figure, table, times
from scoring import UNIT, Criterion, EntryFact, Facts, Panel, Part, Scheme, SheetFact, TieRule, compute
from scoring.ranking.live import Live

JUDGES, SIZES, AT, MOST_MS, MOST_GROWTH = 9, (100, 1_000, 10_000, 100_000), 1_000, 5.0, 2.0
PART = Part("final", "决赛", criteria=(Criterion("all", "综合", 100 * UNIT, 100 * UNIT, step=UNIT // 100),), panel=Panel("trimmed_mean"))
SCHEME = Scheme((PART,), ties=(TieRule("untrimmed_mean"), TieRule("shared")))
MARKS = 200


def run(_options) -> list[Figure]:
    print(f"\nlive · one new mark among complete entries × {JUDGES} judges; standing of the entry, first 20 and the page around it")
    rows, medians = [], {}
    for size in SIZES:
        one, whole, tied = _measured(size)
        medians[size] = one.median / MARKS * 1000
        rows.append((f"{size:,}", f"{tied:.1f}", f"{medians[size]:.3f}", f"{one.fastest / MARKS * 1000:.3f}", f"{whole.median * 1000:.1f}"))
    print(table(rows, ("entries", "of one score", "ms a mark", "fastest", "whole field ms")))
    growth = medians[SIZES[-1]] / medians[SIZES[0]]
    return [
        Figure(f"one mark in {AT:,} × {JUDGES}", f"≤ {MOST_MS:g} ms", f"{medians[AT]:.2f} ms", medians[AT] <= MOST_MS),
        Figure(f"one mark, {SIZES[0]:,} to {SIZES[-1]:,} entries", f"≤ {MOST_GROWTH:g}×", f"{growth:.1f}×", growth <= MOST_GROWTH, 0, "ties grow with the field"),
    ]


def _measured(size: int):
    chance = random.Random(size)
    facts = Facts(tuple(_entry(number, chance) for number in range(1, size + 1)))
    live = Live(SCHEME, facts)
    changes = [_entry(chance.randrange(1, size + 1), chance) for _ in range(MARKS)]

    def marks():
        for entry in changes:
            live.update(entry)
            place = live.place_of(entry.entry).place
            live.top(20)
            live.page(max(place - 5, 0), 10)

    return *times(marks, lambda: compute(SCHEME, facts), runs=5, seconds=6), size / len(live.members)


def _entry(number: int, chance) -> EntryFact:
    level = chance.gauss(80, 7)
    marks = [min(max(round((level + chance.gauss(0, 4)) * 100), 0), 10_000) * UNIT // 100 for _ in range(JUDGES)]
    return EntryFact(number, str(number), sheets={"final": tuple(SheetFact(judge, "submitted", mark) for judge, mark in enumerate(marks, 1))})
