"""The engine on whole fields in memory: 1,870,000 entries × 7 judges, standard scores of 4,000,000 marks.

The bound is bare numpy: int32 sums, maxima and minima column by column, a counting rank. Beside it polars and pandas do the
same in floats, as their users write it; how many entries their ranks misplace is counted against exact integers.
"""

import numpy as np

from benchmarks.measure import Figure, times
from scoring import UNIT, Criterion, Panel, Part, Scheme, Standard, TieRule, bulk

ENTRIES, JUDGES = 1_870_000, 7
WORKS, EXPERTS = 10_000, 400
MOST_BARE, LEAST_FRAMES, MOST_SECONDS = 2.0, 10.0, 1.0
PART = Part("final", "决赛", criteria=(Criterion("all", "综合", 100 * UNIT, 100 * UNIT, step=UNIT // 100),), panel=Panel("trimmed_mean"))
SCHEME = Scheme((PART,), ties=(TieRule("shared"),), rank_by="exact")
MISSING = "is not installed: pip install -r benchmarks/requirements.lock"


def run(_options) -> list[Figure]:
    print(f"\nengine · {ENTRIES:,} entries × {JUDGES} judges in memory, one highest and one lowest dropped, ranked 1 2 2 4")
    hundredths = marks(ENTRIES, JUDGES)
    return [*_ranks(hundredths), _standard()]


def marks(entries: int, judges: int) -> list[np.ndarray]:
    """Per judge a column of marks in hundredths: entries around 80, each judge differing a little."""
    chance = np.random.default_rng(20261122)
    level = chance.normal(8000, 700, entries)
    return [np.clip(level + chance.normal(0, 400, entries), 0, 10_000).astype(np.int32) for _ in range(judges)]


def _ranks(hundredths: list[np.ndarray]) -> list[Figure]:
    units = tuple(column * 100 for column in hundredths)          # what the product stores: 1/10000 point
    floats = [column / 100 for column in hundredths]
    jobs = {"engine": lambda: bulk.Tally(SCHEME, bulk.Columns(ENTRIES, {"final": bulk.Sheets(units)})).places, "bare": lambda: _bare(hundredths)}
    jobs |= {name: job for name, job in (("polars", _polars(floats)), ("pandas", _pandas(floats))) if job}
    exact = _bare(hundredths)
    took = dict(zip(jobs, times(*jobs.values(), runs=9, seconds=60), strict=True))
    wrong = {name: int(np.count_nonzero(np.asarray(job()) != exact)) for name, job in jobs.items()}
    for name, one in took.items():
        print(f"{name:7} {one.ms}, misplaced against exact integers: {wrong[name]:,} of {ENTRIES:,}")
    ratio = took["engine"].median / took["bare"].median
    found = [Figure(f"{ENTRIES:,} × {JUDGES} in memory", f"≤ {MOST_BARE:g}× bare", took["engine"].ms, ratio <= MOST_BARE and not wrong["engine"], ratio)]
    for name in ("polars", "pandas"):
        if name not in took:
            found.append(Figure(f"the same in {name}", f"≥ {LEAST_FRAMES:g}× slower", f"{name} {MISSING}", False))
            continue
        slower = took[name].clock / took["engine"].clock
        found.append(Figure(f"the same in {name}", f"≥ {LEAST_FRAMES:g}× slower", f"{slower:.1f}× slower on the clock", slower >= LEAST_FRAMES, 0,
                            f"misplaces {wrong[name]:,}"))  # fmt: skip
    return found


def _bare(columns) -> np.ndarray:
    whole, most, least = columns[0].copy(), columns[0].copy(), columns[0].copy()
    for column in columns[1:]:
        whole += column
    for column in columns[1:]:
        np.maximum(most, column, out=most)
    for column in columns[1:]:
        np.minimum(least, column, out=least)
    whole -= most
    whole -= least
    places = 1 + len(whole) - np.cumsum(np.bincount(whole))
    return places[whole]


def _polars(floats):
    try:
        import polars as pl
    except ImportError:
        return None
    frame = pl.DataFrame({f"j{number}": column for number, column in enumerate(floats)})
    names = frame.columns
    score = (pl.sum_horizontal(names) - pl.max_horizontal(names) - pl.min_horizontal(names)) / (len(names) - 2)
    return lambda: frame.select(score.rank("min", descending=True)).to_series().to_numpy()


def _pandas(floats):
    try:
        import pandas as pd
    except ImportError:
        return None
    frame = pd.DataFrame({f"j{number}": column for number, column in enumerate(floats)})
    return lambda: ((frame.sum(axis=1) - frame.max(axis=1) - frame.min(axis=1)) / (len(floats) - 2)).rank(method="min", ascending=False).to_numpy()


def _standard() -> Figure:
    """Every expert marks every work; the bound is z-scores in floats, column by column."""
    print(f"\nstandard scores · {WORKS:,} works × {EXPERTS} experts, marks in half points, rounded exactly to 12 decimals")
    chance = np.random.default_rng(7)
    judges = np.repeat(np.arange(EXPERTS), WORKS)
    values = np.clip(chance.normal(78, 8, WORKS * EXPERTS) * 2, 0, 200).astype(np.int64) * (UNIT // 2)
    few_judges, few = chance.integers(0, EXPERTS, WORKS * 5), values[: WORKS * 5]

    def floats():
        found = values.reshape(EXPERTS, WORKS).astype(float)
        return 50 + 10 * (found - found.mean(axis=1, keepdims=True)) / found.std(axis=1, ddof=1, keepdims=True)

    whole, five, bare = times(
        lambda: bulk.standardised(judges, values, Standard(), UNIT), lambda: bulk.standardised(few_judges, few, Standard(), UNIT), floats, runs=7, seconds=15
    )
    print(f"all marks    {whole.ms}\n5 per work   {five.ms}\nbare floats  {bare.ms}")
    return Figure(f"standard scores, {WORKS:,} × {EXPERTS}", f"≤ {MOST_SECONDS:g} s", whole.ms, whole.median <= MOST_SECONDS, whole.median / bare.median)
