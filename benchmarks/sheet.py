"""A judge's sheet over the wire to a real server, durable when it is answered: three criteria, and twenty-four in one request.

The bound (see bare.py) runs behind a server of the same kind; the three are measured in turn.
"""

import gc
import json
import statistics
import time

from benchmarks import bare
from benchmarks.measure import Figure, percentile
from benchmarks.server import serving
from benchmarks.wire import Client
from benchmarks.world import World, sign_in, world
from compete.models import db

ENTRIES, JUDGES, ROUNDS, WARM = 1000, 5, 400, 60
SIZES = {3: 2.5, 24: 6.0}  # criteria: how many times the bound at most


def run(_options) -> list[Figure]:
    print(f"\nsheet · submitted over the wire, one client, {ENTRIES:,} entries × {JUDGES} judges; the bound in turn")
    figures = []
    for criteria, most in SIZES.items():
        with world(entries=ENTRIES, judges=JUDGES, criteria=criteria, marked=False) as made:
            figures.append(_measured(made, criteria, most))
    return figures


def _measured(made: World, criteria: int, most: float) -> Figure:
    judge = made.final.judges[1]
    held, sheets = sign_in(made.app, judge), list(bodies(made))
    db.session.remove()
    db.engine.dispose()
    with serving(made.folder) as port, bare.serving(made.folder) as beside:
        ours, bound = Client(port, held), Client(beside)
        took, least = [], []
        gc.disable()
        for turn, (path, body) in enumerate(sheets[: ROUNDS + WARM]):
            least.append(_timed(bound, "/sheet", json.dumps({"sheet": turn, "marks": {"c1": turn, "c2": 2, "c3": 3}}).encode()))
            took.append(_timed(ours, path, body))
        gc.enable()
    took, least = took[WARM:], least[WARM:]
    median, bare_median = statistics.median(took) * 1000, statistics.median(least) * 1000
    print(f"{criteria} criteria: {median:.2f} ms (p95 {percentile(took, 0.95) * 1000:.2f}), bound {bare_median:.2f} ms (p95 {percentile(least, 0.95) * 1000:.2f})")
    return Figure(f"a sheet of {criteria} criteria, submitted", f"≤ {most:g}× the bound", f"{median:.2f} ms", median <= most * bare_median, median / bare_median)


def bodies(made: World):
    """(path, body) of a complete sheet for every entry."""
    rows = made.final.criteria
    for number, entry in enumerate(made.final.entries):
        marks = {row.code: row.maximum // row.step * (70 + (number + at) % 30) // 100 * row.step for at, row in enumerate(rows)}
        yield f"/judge/api/sheets/{entry.id}/submit?part={made.final.part.id}", json.dumps({"client": "b1", "revision": 0, "marks": marks}).encode()


def _timed(client: Client, path: str, body: bytes) -> float:
    start = time.perf_counter()
    client.post(path, body).must(200)
    return time.perf_counter() - start
