"""One mark of a judge through the tablet's API: a durable transaction with its audit record.

The bound is the least that could be called that, in the same application: one upsert of the mark, one row of a log,
one durable commit.
"""

import json
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import request

from benchmarks.measure import Figure, times
from benchmarks.world import Browser, World, world
from compete.database import write
from compete.models import AuditRecord, db
from compete.setup import csrf
from tests.support import counted_queries

MOST_MS = 5


def run(_options) -> list[Figure]:
    print("\nsaving · one mark, 35 entries × 9 judges × 6 criteria")
    with world(entries=35, judges=9, marked=False) as made:
        _add_bound(made)
        browser = Browser(made.app, made.final.judges[0])
        save, bare = Marks(browser, made), Bare(browser)
        save()  # the first mark of all also freezes the scheme
        for _ in made.final.entries:
            save()
        with counted_queries() as statements:
            save()
        one, bound = times(save, bare, runs=400, seconds=15)
        recorded = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord).where(AuditRecord.action == "sheet.save"))
        assert recorded == save.count, "a save without its audit record"
        print(f"save   {one.ms}, {len(statements)} queries\nbound  {bound.ms}")
        return [Figure("saving a mark with its audit record", f"≤ {MOST_MS} ms", f"{one.clock * 1000:.1f} ms (processor {one.median * 1000:.1f})", one.clock * 1000 <= MOST_MS, one.clock / bound.clock)]


class Marks:
    """Goes over the entries and criteria again and again, each time with another value."""

    def __init__(self, browser: Browser, made: World):
        self._browser, self.count = browser, 0
        self._part = made.final.part.id
        self._entries = [entry.id for entry in made.final.entries]
        self._leaves = [(row.code, row.step, row.maximum // row.step) for row in made.final.criteria]
        self._revisions = dict.fromkeys(self._entries, 0)

    def __call__(self) -> None:
        entry = self._entries[self.count % len(self._entries)]
        code, step, steps = self._leaves[self.count // len(self._entries) % len(self._leaves)]
        self.count += 1
        body = json.dumps({"client": "b1", "revision": self._revisions[entry], "marks": {code: (self.count % (steps + 1)) * step}})
        answer = self._browser.post_json(f"/judge/api/sheets/{entry}?part={self._part}", body.encode()).must(200)
        self._revisions[entry] = json.loads(answer.body)["revision"]


class Bare:
    def __init__(self, browser: Browser):
        self._browser, self._count = browser, 0

    def __call__(self) -> None:
        self._count += 1
        self._browser.post_json("/bench-save", json.dumps({"sheet": 1, "criterion": self._count % 6, "value": self._count}).encode()).must(200)


def _add_bound(made: World) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bench_mark (sheet INTEGER, criterion INTEGER, value INTEGER, PRIMARY KEY (sheet, criterion))")
        connection.exec_driver_sql("CREATE TABLE bench_log (id INTEGER PRIMARY KEY, at TEXT, text TEXT)")
    upsert = sa.text("INSERT INTO bench_mark VALUES (:sheet, :criterion, :value) ON CONFLICT DO UPDATE SET value = excluded.value")
    log = sa.text("INSERT INTO bench_log (at, text) VALUES (:at, :text)")

    @made.app.post("/bench-save")
    @csrf.exempt
    def bench_save():
        sent = request.get_json()
        with write():
            db.session.execute(upsert, sent)
            db.session.execute(log, {"at": datetime.now(UTC).isoformat(), "text": json.dumps(sent)})
        return {"saved": True}
