"""Two hundred judges, a mark a second each, one process on SQLite: half a minute, or with --full the five minutes of the target."""

from benchmarks import load
from benchmarks.measure import Figure

JUDGES, EVERY, MOST_P99_MS, SHORT, FULL = 200, 1.0, 200, 30, 300


def run(options) -> list[Figure]:
    return load.measured(JUDGES, FULL if options.full else SHORT, EVERY, MOST_P99_MS)
