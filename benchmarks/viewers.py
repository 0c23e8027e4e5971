"""A hall that watches: 20 tablets, 10 screens, 2,000 phones against one server. What they cost of one core.

As their pages do while somebody is on stage: tablets ask for their desk every 5 s and give a sign of life every 15 s, screens
ask twice a second, phones every 2.5 to 3 s; all remember what they were told. Meanwhile judges hand in marks and the host changes what is on the screens.
"""

import json
import os
import resource
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Figure, percentile
from benchmarks.server import serving
from benchmarks.wire import Caller, Client, crowd, request
from benchmarks.world import World, sign_in, world
from compete.audit.service import SYSTEM
from compete.database import write
from compete.live import screens
from compete.models import Screen, db

TABLETS, SCREENS, PHONES = 20, 10, 2000
DESK_EVERY, ALIVE_EVERY, SCREEN_EVERY, PHONE_EVERY, DIRECTED_EVERY, MARK_EVERY = 5.0, 15.0, 0.55, 2.75, 5.0, 1.0
MOST_CPU = 50
BROWSER = "gzip, deflate, br"


def run(options) -> list[Figure]:
    seconds = min(options.seconds, 45)
    print(f"\nviewers · {TABLETS} tablets, {SCREENS} screens, {PHONES:,} phones for {seconds} s; a mark a second, another scene every {DIRECTED_EVERY:.0f} s")
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    with world(entries=35, judges=TABLETS, marked=False) as made:
        keys = [_screen(made, f"大屏{number + 1}", "hall") for number in range(SCREENS)]
        phone = _screen(made, "手机", "audience")
        judges = [sign_in(made.app, judge) for judge in made.final.judges]
        with serving(made.folder) as port:
            return _measured(made, port, keys, phone, judges, seconds)


def _screen(made: World, name: str, kind: str) -> str:
    with write():
        row = screens.make(made.final.contest.id, name=name, kind=kind, actor=SYSTEM, now=datetime.now(UTC))
        screens.direct(row, scene="order", actor=SYSTEM, now=datetime.now(UTC))
    return row.key


def _measured(made: World, port: int, keys: list[str], phone: str, judges: list, seconds: int) -> list[Figure]:
    opened = time.perf_counter()
    hall = [Viewer(port, f"/screen/{key}/state", SCREEN_EVERY, number / SCREENS) for number, key in enumerate(keys)]
    hall += [Viewer(port, f"/screen/{phone}/state", PHONE_EVERY, number / PHONES) for number in range(PHONES)]
    for number, held in enumerate(judges):
        hall.append(Viewer(port, "/judge/api/desk", DESK_EVERY, number / TABLETS, held))
        hall.append(Viewer(port, "/judge/api/alive", ALIVE_EVERY, number / TABLETS, held, json.dumps({"waiting": 0, "refused": 0, "battery": 80, "charging": False, "viewing": ""}).encode()))
    print(f"{len(hall):,} connections opened in {time.perf_counter() - opened:.1f} s")
    start = time.perf_counter() + 0.5
    for viewer in hall:
        viewer.caller.due += start
    stop = threading.Event()
    busy = [threading.Thread(target=_marks, args=(made, port, judges[0], stop)), threading.Thread(target=_direct, args=(made, stop))]
    for thread in busy:
        thread.start()
    warm = start + PHONE_EVERY  # everybody has asked once
    readings = []
    clock = threading.Thread(target=_read, args=((warm, start + seconds), readings))
    clock.start()
    replies = crowd([viewer.caller for viewer in hall], start + seconds + 0.2)
    stop.set()
    for thread in (*busy, clock):
        thread.join()
    spent = (readings[1] - readings[0]) / (seconds - PHONE_EVERY) * 100
    wrong = sum(status not in (200, 304) for _, status in replies)
    same = sum(status == 304 for _, status in replies)
    times = [taken for taken, _ in replies]
    print(f"{len(replies):,} answers, {len(replies) / seconds:,.0f}/s, {same / len(replies):.0%} unchanged; p50 {percentile(times, 0.5) * 1000:.1f} ms, p99 {percentile(times, 0.99) * 1000:.1f} ms; "
          f"the server took {spent:.0f} % of one core, {spent * 10 * seconds / len(replies):.2f} ms an answer")  # fmt: skip
    return [
        Figure(f"{PHONES:,} phones, {SCREENS} screens, {TABLETS} tablets: the server's share of one core", f"< {MOST_CPU} %", f"{spent:.0f} %", spent < MOST_CPU),
        Figure("the same: answers that are neither content nor “unchanged”", "0", str(wrong), not wrong),
    ]


class Viewer:
    """Asks now and then, and remembers the tag of what it holds."""

    def __init__(self, port: int, path: str, every: float, share: float, held=None, body: bytes = b""):
        self._method, self._path, self._body, self.tag = "POST" if body else "GET", path, body, ""
        self._held = {"Cookie": held.cookie, "X_CSRFToken": held.token} if held else {}
        self.caller = Caller(port, share * every, every, self._sent, self._took)

    def _sent(self) -> bytes:
        kind = {"Content_Type": "application/json"} if self._body else {"If_None_Match": self.tag}
        return request(self._method, self._path, self._body, Accept_Encoding=BROWSER, **kind, **self._held)

    def _took(self, reply) -> None:
        self.tag = reply.header("ETag") or self.tag


def _marks(made: World, port: int, held, stop: threading.Event) -> None:
    """A judge who touches the tablet once a second."""
    judge, revisions, turn = Client(port, held), {}, 0
    criteria = [(row.code, row.step) for row in made.final.criteria]
    while not stop.wait(MARK_EVERY):
        entry = made.final.entries[turn % len(made.final.entries)].id
        code, step = criteria[turn // len(made.final.entries) % len(criteria)]
        body = json.dumps({"client": "b1", "revision": revisions.get(entry, 0), "marks": {code: step * (turn % 10)}})
        revisions[entry] = json.loads(judge.post(f"/judge/api/sheets/{entry}?part={made.final.part.id}", body.encode()).must(200).body)["revision"]
        turn += 1


def _direct(made: World, stop: threading.Event) -> None:
    """The host: every screen changes, from a process of its own."""
    turn = 0
    with made.app.app_context():
        while not stop.wait(DIRECTED_EVERY):
            with write():
                for row in db.session.query(Screen).all():
                    scene, data = (("message", {"text": f"第 {turn} 次公告"}), ("order", {}))[turn % 2]
                    screens.direct(row, scene=scene, data=data, actor=SYSTEM, now=datetime.now(UTC))
            turn += 1
        db.session.remove()


def _read(moments: tuple[float, float], readings: list[float]) -> None:
    for moment in moments:
        time.sleep(max(0.0, moment - time.perf_counter()))
        readings.append(processor())


def processor() -> float:
    """Seconds of the processor that the processes started by this one have used so far."""
    parents, used = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(stat.parent.name)
        parents[number], used[number] = int(words[1]), int(words[11]) + int(words[12])
    total, here = 0, os.getpid()
    for number, ticks in used.items():
        above = number
        while (above := parents.get(above, 0)) not in (0, here):
            pass
        total += ticks if above == here else 0
    return total / os.sysconf("SC_CLK_TCK")
