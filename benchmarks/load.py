"""A hall of judges at once: each gives a mark every 200 ms, against a real server process on SQLite.

Every answer is timed from the moment its mark was due, so a server that falls behind cannot hide it. Afterwards the
database is asked whether every acknowledged mark is there, once, with its latest value.
"""

import http.client
import json
import os
import random
import threading
import time
from collections import Counter

import sqlalchemy as sa

from benchmarks.measure import Figure, percentile
from benchmarks.server import serving
from benchmarks.world import World, sign_in, world
from compete.audit import service as audit
from compete.models import AuditRecord, Criterion, Mark, Sheet, db

EVERY, MOST_P99_MS, ENTRIES = 0.2, 150, 35


def run(options) -> list[Figure]:
    return measured(min(options.judges, 200), min(options.seconds, 600), EVERY, MOST_P99_MS)


def measured(judges: int, seconds: int, every: float, most_p99_ms: float) -> list[Figure]:
    print(f"\nload · {judges} judges, a mark every {every * 1000:.0f} ms each, for {seconds} s")
    with world(entries=ENTRIES, judges=judges, marked=False) as made:
        hall = [Tablet(made, judge, number, every) for number, judge in enumerate(made.final.judges)]
        db.session.remove()
        db.engine.dispose()
        before = _processor()
        with serving(made.folder) as port:
            start = time.perf_counter() + 1
            threads = [threading.Thread(target=tablet.work, args=(port, start, seconds, number * every / judges)) for number, tablet in enumerate(hall)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        spent = (_processor() - before) / sum(len(tablet.times) for tablet in hall)
        print(f"the server took {spent * 1000:.1f} ms of the processor for each mark, its start included")
        return _figures(made, hall, seconds, most_p99_ms)


def _processor() -> float:
    """Seconds of the processor used by servers that have ended."""
    used = os.times()
    return used.children_user + used.children_system


class Tablet:
    """One judge's tablet: its own connection, its own session, marks one after another."""

    def __init__(self, made: World, judge, number: int, every: float):
        held, self._every = sign_in(made.app, judge), every
        self.judge = judge.id
        self._headers = {"Cookie": held.cookie, "X-CSRFToken": held.token, "Content-Type": "application/json"}
        self._part = made.final.part.id
        self._entries = [entry.id for entry in made.final.entries]
        self._leaves = [(row.code, row.step, row.maximum // row.step) for row in made.final.criteria]
        self._chance = random.Random(number)
        self._revisions = dict.fromkeys(self._entries, 0)
        self.times, self.errors, self.acknowledged, self.saves = [], [], {}, Counter()

    def work(self, port: int, start: float, seconds: int, offset: float) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for turn in range(int(seconds / self._every)):
            due = start + offset + turn * self._every
            time.sleep(max(0.0, due - time.perf_counter()))
            try:
                self._mark(connection)
            except OSError as error:
                self.errors.append(repr(error))
                connection.close()
            self.times.append(time.perf_counter() - due)
        connection.close()

    def _mark(self, connection) -> None:
        entry = self._chance.choice(self._entries)
        code, step, steps = self._chance.choice(self._leaves)
        value = self._chance.randint(0, steps) * step
        body = json.dumps({"client": "b1", "revision": self._revisions[entry], "marks": {code: value}})
        connection.request("POST", f"/judge/api/sheets/{entry}?part={self._part}", body, self._headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 200:
            self.errors.append(f"{answer.status} {said[:200].decode(errors='replace')}")
            return
        said = json.loads(said)
        self._revisions[entry] = said["revision"]
        self.acknowledged[entry, code] = value
        self.saves[entry] += said["changed"]


def _figures(made: World, hall: list[Tablet], seconds: int, most_p99_ms: float) -> list[Figure]:
    times = [taken for tablet in hall for taken in tablet.times]
    errors = [error for tablet in hall for error in tablet.errors]
    p50, p99 = percentile(times, 0.5) * 1000, percentile(times, 0.99) * 1000
    lost = _lost(made, hall)
    print(f"{len(times):,} marks, {len(times) / seconds:.0f} a second: p50 {p50:.1f} ms, p99 {p99:.1f} ms, slowest {max(times) * 1000:.0f} ms")
    for text in [*errors[:5], *lost[:5]]:
        print("  ", text)
    where = f"{len(hall)} judges for {seconds} s"
    return [
        Figure(f"errors, {where}", "0", str(len(errors)), not errors),
        Figure(f"p99 of a mark, {where}", f"≤ {most_p99_ms} ms", f"{p99:.1f} ms (p50 {p50:.1f})", p99 <= most_p99_ms),
        Figure(f"marks lost or doubled, {where}", "0", str(len(lost)), not lost, note=f"{sum(sum(t.saves.values()) for t in hall):,} saved"),
    ]


def _lost(made: World, hall: list[Tablet]) -> list[str]:
    """What the database says against what the tablets were told."""
    query = sa.select(Sheet.judge_id, Sheet.entry_id, Criterion.code, Mark.value).join(Mark, Mark.sheet_id == Sheet.id).join(Criterion)
    stored = {(judge, entry, code): value for judge, entry, code, value in db.session.execute(query)}
    told = {(tablet.judge, entry, code): value for tablet in hall for (entry, code), value in tablet.acknowledged.items()}
    found = [f"told {key} = {value}, stored {stored.get(key)}" for key, value in told.items() if stored.get(key) != value]
    found += [f"stored {key}, never acknowledged" for key in stored.keys() - told.keys()]
    query = (
        sa.select(Sheet.judge_id, Sheet.entry_id, sa.func.count()).select_from(AuditRecord)
        .join(Sheet, Sheet.id == AuditRecord.subject_id).where(AuditRecord.action == "sheet.save").group_by(Sheet.judge_id, Sheet.entry_id)
    )  # fmt: skip
    records = {(judge, entry): count for judge, entry, count in db.session.execute(query)}
    saves = {(tablet.judge, entry): count for tablet in hall for entry, count in tablet.saves.items() if count}
    found += [f"{key}: {saves.get(key, 0)} saves, {records.get(key, 0)} records" for key in records.keys() | saves.keys()
              if saves.get(key, 0) != records.get(key, 0)]  # fmt: skip
    return found + [str(problem) for problem in audit.verify(made.final.contest.id)]
