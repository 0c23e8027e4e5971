"""The whole path of a huge field: from the product's tables to scores, places and awards, streamed into columns.

    python -m benchmarks big                          1,870,000 entries × 5 judges × 6 criteria
    python -m benchmarks big --entries 100000         a smaller one (building the full one takes minutes and 2 GB)
    python -m benchmarks big --entries 50000 --marks  with every mark stored, and trimming per criterion

Sheets keep their exact totals, so trimming totals needs no marks. Each way runs in a process of its own: its peak memory is
its own, too. Two bounds read the same columns and do the same sums in floats with bare numpy, no scheme, no states, no ties,
no awards: one as one does it (a cursor into numpy), one with the reading of the product.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from benchmarks.field import JUDGES, WEIGHTS, build
from benchmarks.measure import Figure
from compete import create_app
from compete.contests import schemes
from compete.database import PRAGMAS
from compete.models import Mark, Sheet, db
from compete.results import streaming
from scoring import EntryFact, Facts, SheetFact, compute

MOST_MB, MOST_RATIO, SAMPLE = 800, 1.5, 2_000
WAYS = ("product", "cursor", "texts")


def run(options) -> list[Figure]:
    print(f"\nbig · {options.entries:,} entries × {JUDGES} judges × {len(WEIGHTS)} criteria from the database{', with marks' if options.marks else ''}")
    with tempfile.TemporaryDirectory(prefix="compete-bench-") as folder:
        start = time.perf_counter()
        build(Path(folder), options.entries, marks=options.marks, progress=lambda done: print(f"\rbuilding {done:,}", end="", file=sys.stderr))
        print(f"\rbuilt in {time.perf_counter() - start:.0f} s, {(Path(folder) / 'compete.db').stat().st_size / 1e9:.1f} GB")
        return measure(Path(folder), options.entries, options.marks)


def measure(folder: Path, entries: int, marks: bool) -> list[Figure]:
    """Every way three times in turn, the best of each (a busy machine lengthens all of them)."""
    best = {}
    for _ in range(3):
        for way in WAYS:
            found = _child(way, folder, marks)
            best[way] = min(best.get(way, found), found, key=lambda one: one["processor"])
    for way in WAYS:
        print(f"{way:8} {best[way]['processor']:6.2f} s of the processor, {best[way]['clock']:6.2f} s on the clock, peak {best[way]['mb']:.0f} MB")
    print("         " + best["product"]["told"])
    own, words = best["product"], ", marks" if marks else ""
    name, text = f"{entries:,} × {JUDGES} × {len(WEIGHTS)}{words}", f"{own['processor']:.1f} s"
    ratios = [own["processor"] / best[way]["processor"] for way in ("cursor", "texts")]
    return [
        Figure(f"{name}, memory", f"≤ {MOST_MB} MB", f"{own['mb']:.0f} MB", own["mb"] <= MOST_MB),
        Figure(f"{name}, to a bare cursor", f"≤ {MOST_RATIO:g}×", text, ratios[0] <= MOST_RATIO, ratios[0]),
        Figure(f"{name}, to the same reading", f"≤ {MOST_RATIO:g}×", text, ratios[1] <= MOST_RATIO, ratios[1]),
        Figure(f"{name}, a sample to the small path", "identical", own["checked"], own["checked"].startswith("0 ")),
    ]


def _child(way: str, folder: Path, marks: bool) -> dict:
    root = str(Path(__file__).parents[1])
    command = [sys.executable, "-m", "benchmarks.big", way, str(folder), str(int(marks))]
    done = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root})
    return json.loads(done.stdout.splitlines()[-1])


def _timed(job) -> tuple[dict, object]:
    clock, processor = time.perf_counter(), time.process_time()
    found = job()
    told = {"processor": time.process_time() - processor, "clock": time.perf_counter() - clock}
    return told | {"mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}, found


def product(folder: Path, marks: bool) -> dict:
    app = create_app({"DATA": str(folder)})
    with app.app_context():
        if marks:
            part = schemes.ranked_stage(schemes.load(1)).parts[0]
            part.panel = {**part.panel, "level": "criterion"}
            db.session.commit()
        event = schemes.load(1)

        def job():
            field = streaming.field(event)
            return field, field.tally.places, field.tally.shared

        told, (field, places, shared) = _timed(job)
        tiers = np.bincount(field.awards.tiers[field.awards.tiers > 0])[1:].tolist()
        told["told"] = f"{np.count_nonzero(places):,} placed, {np.count_nonzero(shared):,} share a place, awards {tiers}"
        told["checked"] = _checked(event, field)
    return told


def _checked(event, field) -> str:
    """How many of a sample have another score, or stand in another order, than the small path gives the sample."""
    ids = np.random.default_rng(1).choice(field.entries.ids, min(SAMPLE, len(field.entries.ids)), replace=False)
    outcome, wrong = compute(field.scheme, Facts(tuple(_facts(event, ids.tolist())))), 0
    order = {place: at for at, place in enumerate(sorted({standing.place for standing in outcome.standings}))}
    rows = field.entries.at(ids)
    for entry, row, at in zip(ids.tolist(), rows, np.unique(field.tally.ranks[rows], return_inverse=True)[1], strict=True):
        standing = outcome.standing(entry)
        wrong += standing.score != field.tally.scores[row] or order[standing.place] != at
    return f"{wrong} of {len(ids):,} differ"


def _facts(event, ids):
    """The sample's facts, read row by row."""
    part = schemes.ranked_stage(event).parts[0]
    leaf = {row.id: row.code for row in part.criteria}
    for entry in ids:
        sheets = db.session.execute(sa.select(Sheet.id, Sheet.judge_id, Sheet.total).where(Sheet.entry_id == entry)).all()
        marks = {sheet: db.session.execute(sa.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sheet)).all() for sheet, _, _ in sheets}
        yield EntryFact(entry, str(entry), sheets={part.code: tuple(
            SheetFact(judge, "submitted", total, tuple((leaf[number], units) for number, units in marks[sheet])) for sheet, judge, total in sheets
        )})  # fmt: skip


SHEETS = "FROM sheet WHERE part_id = 1 AND state IN ('submitted', 'locked')"
ENTRIES = "FROM entry WHERE event_id = 1 AND state = 'approved'"
MARKS = "FROM sheet JOIN mark ON mark.sheet_id = sheet.id WHERE sheet.part_id = 1 AND sheet.state IN ('submitted', 'locked')"


def cursor(folder: Path, marks: bool) -> dict:
    """The same columns as rows of a cursor, the way of any script."""
    connection = _connected(folder)

    def rows(query, width):
        return np.fromiter(chain.from_iterable(connection.execute(query)), float).reshape(-1, width)

    def job():
        count = len(rows(f"SELECT id, number, in_competition {ENTRIES}", 3))
        rows("SELECT session_id, entry_id FROM slot", 2)
        found = rows(f"SELECT entry_id, judge_id, total {SHEETS} ORDER BY entry_id, judge_id", 3)[:, 2]
        if not marks:
            return _floats(found.reshape(count, JUDGES).T)
        del found
        given = rows(f"SELECT sheet.entry_id, sheet.judge_id, criterion_id, value {MARKS} ORDER BY sheet.entry_id, sheet.judge_id, criterion_id", 4)[:, 3]
        given = given.reshape(count, JUDGES, len(WEIGHTS))
        return _floats(*(given[:, :, leaf].T for leaf in range(len(WEIGHTS))))

    return _timed(job)[0]


def texts(folder: Path, marks: bool) -> dict:
    """The same columns as texts of numbers for ranges of entries: what the product's reading costs alone."""
    connection = _connected(folder)
    last, step = connection.execute("SELECT max(id) FROM entry").fetchone()[0], 5000

    def columns(query, between):
        for first in range(1, last + 1, step):
            yield [np.fromstring(text, np.int64, sep=",") for text in connection.execute(f"{query} AND {between} BETWEEN ? AND ?", (first, first + step - 1)).fetchone()]

    def whole(query, between, at):
        return np.concatenate([found[at] for found in columns(query, between)]).astype(float)

    def job():
        count = len(whole(f"SELECT group_concat(id), group_concat(number), group_concat(0), group_concat(in_competition) {ENTRIES}", "id", 0))
        whole("SELECT group_concat(entry_id) FROM slot WHERE session_id = 1", "entry_id", 0)
        found = whole(f"SELECT group_concat(entry_id), group_concat(judge_id), group_concat(total) {SHEETS}", "entry_id", 2)
        if not marks:
            return _floats(found.reshape(count, JUDGES).T)
        del found
        names = ", ".join(f"group_concat({name})" for name in ("sheet.entry_id", "sheet.judge_id", "criterion_id", "value"))
        given = whole(f"SELECT {names} {MARKS}", "sheet.entry_id", 3).reshape(count, JUDGES, len(WEIGHTS))
        return _floats(*(given[:, :, leaf].T for leaf in range(len(WEIGHTS))))

    return _timed(job)[0]


def _connected(folder):
    connection = sqlite3.connect(folder / "compete.db")
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _floats(*given):
    """Trimmed means, rounded, ranked: sums, extremes and one sort, in floats."""
    score = sum((seats.sum(axis=0) - seats.max(axis=0) - seats.min(axis=0)) / (JUDGES - 2) for seats in given)
    score = np.round(score / 10_000, 2)
    ordered = np.sort(score)
    return len(score) - np.searchsorted(ordered, score, "right") + 1


if __name__ == "__main__":
    way, place, with_marks = sys.argv[1:]
    print(json.dumps({"product": product, "cursor": cursor, "texts": texts}[way](Path(place), with_marks == "1")))
