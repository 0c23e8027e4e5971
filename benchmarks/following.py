"""Following the judging of a large field, over the wire: the standing after every sheet, the same standing again and again,
and a hall of viewers while sheets come in.
"""

import json
import math
import statistics
import threading
import time

import sqlalchemy as sa

from benchmarks.measure import Figure, percentile
from benchmarks.server import serving
from benchmarks.wire import Caller, Client, crowd, request
from benchmarks.world import World, sign_in, world
from compete.models import Sheet, db

JUDGES, CRITERIA, SIZES = 5, 3, (1000, 5000)
ROUNDS, WARM = 120, 20
MOST_MS, MOST_GROWTH = 10.0, 2.0
CLIENTS, LEAST_RATE, MOST_P99_MS = 8, 2000, 20
VIEWERS, ASKED_EVERY, SHEETS_A_SECOND, MOST_VIEW_MS, MOST_SHEET_MS = 32, 0.5, 20, 25, 15
BROWSER = "gzip, deflate, br"


def run(options) -> list[Figure]:
    figures, medians = [], {}
    for size in SIZES:
        with world(entries=size, judges=JUDGES, criteria=CRITERIA) as made:
            hall = Hall(made)
            with serving(made.folder) as port:
                medians[size] = hall.sheet_and_standing(port)
                if size == SIZES[0]:
                    figures += hall.unchanged(port)
                    figures += hall.viewers(port, min(options.seconds, 20))
    growth = medians[SIZES[1]] / medians[SIZES[0]]
    return [
        Figure(f"a sheet, then the standing of {SIZES[0]:,} with it", f"≤ {MOST_MS:g} ms", f"{medians[SIZES[0]]:.1f} ms", medians[SIZES[0]] <= MOST_MS),
        Figure(f"the same, {SIZES[0]:,} to {SIZES[1]:,} entries", f"≤ {MOST_GROWTH:g}×", f"{growth:.1f}×", growth <= MOST_GROWTH),
        *figures,
    ]


class Hall:
    """A field in which every sheet is in but some that were returned, so that their judges hand them in again."""

    def __init__(self, made: World):
        final = made.final
        self.path = f"/contests/{final.contest.id}/results/{final.event.id}/live"
        self.viewer = sign_in(made.app, made.organiser)
        self.judges = [sign_in(made.app, judge) for judge in final.judges]
        self.todo, chosen = [[] for _ in final.judges], []
        step = len(final.entries) / (ROUNDS + WARM + SHEETS_A_SECOND * 25)
        for number in range(ROUNDS + WARM + SHEETS_A_SECOND * 25):
            entry, place = final.entries[math.floor(number * step)], number % len(final.judges)
            chosen.append((entry.id, final.judges[place].id))
            marks = {row.code: row.maximum // row.step * (60 + (number * 7 + at * 3) % 40) // 100 * row.step for at, row in enumerate(final.criteria)}
            body = json.dumps({"client": "b1", "revision": 1, "marks": marks}).encode()
            self.todo[place].append((entry.id, f"/judge/api/sheets/{entry.id}/submit?part={final.part.id}", body))
        for entry, judge in chosen:
            db.session.execute(sa.update(Sheet).where(Sheet.entry_id == entry, Sheet.judge_id == judge).values(state="returned"))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()

    def sheet_and_standing(self, port: int) -> float:
        """ms, at the median, from sending a sheet to having read the first whole standing with it."""
        judge, viewer, took = Client(port, self.judges[0]), Client(port, self.viewer), []
        viewer.get(self.path).must(200)
        rounds = min(ROUNDS + WARM, len(self.todo[0]) - 1)
        sheets, parts = self.todo[0][:rounds], []
        self.todo[0] = self.todo[0][rounds:]
        for entry, path, body in sheets:
            start = time.perf_counter()
            judge.post(path, body).must(200)
            between = time.perf_counter()
            shown = viewer.get(self.path, Accept_Encoding="identity").must(200)
            took.append(time.perf_counter() - start)
            parts.append(between - start)
            row = next(row for row in json.loads(shown.body)["rows"] if row[2] == entry)
            assert row[0] is not None and row[6], "the standing does not contain the sheet"
        median = statistics.median(took[WARM:]) * 1000
        print(f"{len(json.loads(shown.body)['rows']):,} entries: sheet {statistics.median(parts[WARM:]) * 1000:.1f} ms, with the standing {median:.1f} ms "
              f"(p95 {percentile(took[WARM:], 0.95) * 1000:.1f}), {len(shown.body) / 1000:.0f} kB")  # fmt: skip
        return median

    def unchanged(self, port: int, seconds: float = 5.0) -> list[Figure]:
        """The same whole standing for eight clients that ask without a pause; with its body, as browsers take it, and unchanged."""
        found = {}
        first = Client(port, self.viewer)
        tag = first.get(self.path, Accept_Encoding=BROWSER).must(200)
        for name, more, status in (("with its body", {}, 200), ("told unchanged", {"If_None_Match": tag.header("ETag")}, 304)):
            sent = request("GET", self.path, Cookie=self.viewer.cookie, Accept_Encoding=BROWSER, **more)
            replies = crowd([Caller(port, 0.0, 0.0, lambda sent=sent: sent) for _ in range(CLIENTS)], time.perf_counter() + seconds)
            assert {one for _, one in replies} == {status}
            times = [taken for taken, _ in replies]
            found[name] = len(times) / seconds, percentile(times, 0.99) * 1000
            print(f"unchanged standing, {name}: {found[name][0]:,.0f}/s, p99 {found[name][1]:.1f} ms")
        rate, slow = found["with its body"]
        return [Figure(f"unchanged standing of {SIZES[0]:,}, {CLIENTS} clients, with its body", f"≥ {LEAST_RATE:,}/s, p99 ≤ {MOST_P99_MS} ms", f"{rate:,.0f}/s, {slow:.1f} ms",
                       rate >= LEAST_RATE and slow <= MOST_P99_MS, note=f"{len(tag.body) / 1000:.0f} kB br; unchanged: {found['told unchanged'][0]:,.0f}/s")]  # fmt: skip

    def viewers(self, port: int, seconds: int) -> list[Figure]:
        """Viewers ask twice a second, judges hand in twenty sheets a second."""
        start = time.perf_counter() + 0.5
        given, errors = [], []

        def judge(place: int) -> None:
            client = Client(port, self.judges[place])
            every = len(self.judges) / SHEETS_A_SECOND
            for turn, (_, path, body) in enumerate(self.todo[place][: int(seconds / every)]):
                due = start + place / SHEETS_A_SECOND + turn * every
                time.sleep(max(0.0, due - time.perf_counter()))
                reply = client.post(path, body)
                given.append(time.perf_counter() - due)
                if reply.status != 200:
                    errors.append(reply.body[:200])

        class Viewer:
            def __init__(self, number: int, path: str, cookie: str):
                self.tag, self.last = "", None
                self.caller = Caller(port, start + number * ASKED_EVERY / VIEWERS, ASKED_EVERY, lambda: request(
                    "GET", path, Cookie=cookie, Accept_Encoding=BROWSER, If_None_Match=self.tag), self.took)  # fmt: skip

            def took(self, reply) -> None:
                self.tag = reply.header("ETag") or self.tag
                if reply.status not in (200, 304):
                    errors.append(reply.body[:200])

        hall = [Viewer(number, self.path, self.viewer.cookie) for number in range(VIEWERS)]
        threads = [threading.Thread(target=judge, args=(place,)) for place in range(len(self.judges))]
        for thread in threads:
            thread.start()
        replies = crowd([viewer.caller for viewer in hall], start + seconds + 1)
        for thread in threads:
            thread.join()
        last = Client(port, self.viewer).get(self.path, Accept_Encoding=BROWSER).must(200).header("ETag")
        behind = sum(viewer.tag != last for viewer in hall)
        seen, sheets = percentile([taken for taken, _ in replies], 0.95) * 1000, percentile(given, 0.95) * 1000
        bodies = sum(status == 200 for _, status in replies)
        print(f"{len(replies):,} answers ({bodies:,} with a body) p95 {seen:.1f} ms; {len(given)} sheets p95 {sheets:.1f} ms; {len(errors)} errors, {behind} viewers behind {errors[:2]}")
        return [
            Figure(f"{VIEWERS} viewers, {SHEETS_A_SECOND} sheets a second: viewers' p95", f"≤ {MOST_VIEW_MS} ms", f"{seen:.1f} ms", seen <= MOST_VIEW_MS),
            Figure("the same: sheets' p95", f"≤ {MOST_SHEET_MS} ms", f"{sheets:.1f} ms", sheets <= MOST_SHEET_MS),
            Figure("the same: errors, viewers without the last sheet", "0", f"{len(errors)}, {behind}", not errors and not behind),
        ]
