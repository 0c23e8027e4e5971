"""One simulated day: its people in their order, what befalls the server meanwhile, and what is found at the end."""

import random
import shutil
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from compete.models import db
from compete.office import simulate_check, simulate_world
from compete.office.child import Broken, Child
from compete.office.progress import Progress
from compete.office.simulate_host import Host
from compete.office.simulate_line import Faults, Stopped
from compete.office.simulate_tablet import Ledger, Tablet
from compete.office.simulate_world import World

TEAR = 4096  # bytes at most of a record that was being written at the power cut
PAUSE_BEFORE = 0.05  # seconds at most between the acknowledged mark that calls for a fault, and the fault


class Report(NamedTuple):
    world: World
    ledger: Ledger
    counts: Counter
    times: list[float]  # seconds of each answered delivery
    seconds: float
    findings: dict[str, list[str]]

    @property
    def ok(self) -> bool:
        return not any(self.findings.values())


def play(work: Path, options) -> Report:
    """The whole day in the empty folder `work`."""
    data = work / "data"
    data.mkdir()
    world = simulate_world.make(data, judges=options.judges, entries=options.entries, url=options.database_url)
    begun, ledger, stopped = time.monotonic(), Ledger(), []
    with Child(data, work / "server.log", url=world.url, workers=options.workers) as child, Progress(world.marks) as progress:
        hall = Hall(world, child, ledger, options, work, progress)
        try:
            hall.day()
        except (Stopped, Broken) as reason:
            stopped.append(str(reason))
        finally:
            ledger.close()
    seconds = time.monotonic() - begun
    promised, submitted = ledger.promised()
    with simulate_world.application(data, world.url).app_context():
        findings = {
            "中断": stopped,
            "丢失": simulate_check.lost(promised, submitted, ledger.history()),
            "重复": simulate_check.doubled(ledger.history()),
            "没有送达": [f"{tablet.card.name}：{tablet.waiting} 项" for tablet in hall.tablets if tablet.waiting],
            "服务器出错": [text for tablet in hall.tablets for text in tablet.line.broken],
            "断电副本": hall.wrong_copies,
            "没有做完": simulate_check.unfinished(world),
            "数据核对": simulate_check.wrong(),
        }
        db.session.remove()
        db.engine.dispose()
    return Report(world, ledger, hall.counts(), [one for tablet in hall.tablets for one in tablet.line.times], seconds, findings)


class Hall:
    """The people of the day, and what befalls the server meanwhile."""

    def __init__(self, world, child, ledger, options, work, progress):
        self.world, self._child, self._ledger, self._work, self._progress = world, child, ledger, work, progress
        self._planned = {"kill": options.kill, "worker": options.kill_workers, "copy": options.copies}
        self._chance = random.Random(f"{options.seed} fate")
        faults = Faults(options.duplicates, options.reorder, options.drop)
        common = {"opinions": world.opinions, "ledger": ledger, "faults": faults, "seed": options.seed, "speed": options.speed}
        self.tablets = [Tablet(card, child.port, **common) for card in world.cards]
        self._host = Host(world, child.port)
        self.done = Counter()  # of what was planned
        self.wrong_copies, self._trouble = [], []

    def day(self) -> None:
        self._host.enter()
        self._together(lambda tablet: tablet.enter())
        fate = threading.Thread(target=self._guarded, args=(self._befall,), daemon=True)
        fate.start()
        try:
            for turn in self.world.turns:
                self._host.open(turn)
                self._together(lambda tablet, turn=turn: tablet.await_open(turn))
                for n, entry in enumerate(turn.entries, 1):
                    ended = self.done["kill"] + self.done["worker"]
                    self._progress.reach(self._ledger.count, f"{turn.name} 第 {n} 个，已送达 {self._ledger.count} 项，强行结束 {ended} 次")
                    self._together(lambda tablet, turn=turn, entry=entry: tablet.mark(turn, entry))
                self._together(lambda tablet: tablet.line.flush())
                self._host.close(turn)
                self._together(lambda tablet, turn=turn: tablet.sign(turn))
        finally:
            self._ledger.close()
            fate.join()
        self._raise()
        chief = next(tablet for tablet in self.tablets if tablet.card.chief)
        for turn in self.world.turns:
            chief.lock(self.world.contest, turn)

    def _together(self, work) -> None:
        """Every judge at once; the host waits for the last one, as in the hall."""
        threads = [threading.Thread(target=self._guarded, args=(work, tablet), daemon=True) for tablet in self.tablets]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._raise()

    def _guarded(self, work, *given) -> None:
        try:
            work(*given)
        except Exception as error:
            self._trouble.append(error)

    def _raise(self) -> None:
        if self._trouble:
            raise self._trouble[0]

    # --- what befalls the server ---

    def _befall(self) -> None:
        """Kills and copies at moments spread over the day, each just after a mark was acknowledged."""
        last = max(1, self.world.marks * 95 // 100)
        plan = sorted([(self._chance.randint(1, last), act) for act, count in self._planned.items() for _ in range(count)])
        least = 0
        for moment, act in plan:
            if not self._ledger.reached(max(moment, least)):
                return
            time.sleep(self._chance.uniform(0, PAUSE_BEFORE))
            if act == "copy":
                self._copy()
            else:
                least = self._end(act)
            self.done[act] += 1

    def _end(self, act: str) -> int:
        """The server or one worker, without warning. Answers the count of the next fault: only when the new one has taken something."""
        if act == "worker":
            self._child.kill_worker(self._chance)
            return self._ledger.count + 1
        self._child.kill()
        least = self._ledger.count + 1
        self._child.start()
        return least

    def _copy(self) -> None:
        promised, submitted = self._ledger.promised()
        target = self._work / f"copy-{self.done['copy']}"
        torn = self._chance.randbytes(self._chance.randint(0, TEAR))
        self._child.halt()
        try:
            simulate_check.copy(self._work / "data", target, torn)
        finally:
            self._child.go_on()
        self.wrong_copies += simulate_check.opened_copy(target, promised, submitted, self._ledger.history())
        shutil.rmtree(target)

    def counts(self) -> Counter:
        found = Counter(kills=self.done["kill"], workers=self.done["worker"], copies=self.done["copy"])
        found["missing"] = sum(self._planned.values()) - self.done.total()
        found["marks"] = len(self._ledger.history())
        found["touches"] = sum(len(row) for row in self._ledger.history().values())
        found["sheets"] = len(self._ledger.promised()[1])
        for tablet in self.tablets:
            found.update(tablet.line.counts)
            found.update(retries=tablet.retries, arrived=tablet.arrived)
        return found
