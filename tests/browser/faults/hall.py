"""The day: a server in a process of its own, judges at their tablets all at once, what befalls the server, and the report."""

import asyncio
import random
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Error, async_playwright

from compete.models import db
from compete.office import simulate_check, simulate_world
from compete.office.child import Broken, Child
from compete.office.simulate_host import Host
from compete.office.simulate_line import Stopped
from tests.browser.faults import check
from tests.browser.faults.device import Habits, Trouble
from tests.browser.faults.ledger import Ledger
from tests.browser.faults.line import Shares
from tests.browser.faults.tablet import Tablet

TEAR = 4096  # bytes at most of a record that was being written at the power cut
SLACK = 2  # marks per tablet that may be given before the next planned fault has happened
FAULTS = {
    "killed": "强行结束服务器", "cut": "断网", "reload": "刷新", "closed": "关掉重开", "flat": "没电",
    "twice": "重复送达", "late": "迟到乱序", "lost": "回答丢失", "copied": "断电副本",
}  # fmt: skip


class Report(NamedTuple):
    world: simulate_world.World
    ledger: Ledger
    seconds: float
    waiting: int  # marks that were still on a tablet when the day was looked at first
    findings: dict[str, list[str]]

    @property
    def ok(self) -> bool:
        return not any(self.findings.values())

    @property
    def faults(self) -> int:
        return sum(self.ledger.counts[name] for name in FAULTS)


class Hall:
    def __init__(self, work: Path, program: str, *, judges: int, entries: int | None, kills: int, copies: int, seed: str, turns: int | None = None,
                 habits: Habits | None = None, shares: Shares | None = None, say=None):  # fmt: skip
        self.work, self._program, self.seed, self.habits, self.shares = work, program, seed, habits or Habits(), shares or Shares()
        self._kills, self._copies, self.say = kills, copies, say or (lambda text: None)
        self._chance, self.ledger = random.Random(f"{seed} fate"), Ledger()
        data = work / "data"
        data.mkdir()
        world = simulate_world.make(data, judges=judges, entries=entries)
        chosen = world.turns[:turns]
        parts = {turn.part for turn in chosen}
        self.world = world._replace(turns=chosen, opinions={sheet: given for sheet, given in world.opinions.items() if sheet[1] in parts})
        self.child, self.tablets, self._copy_findings = Child(data, work / "server.log"), [], []
        self._given, self._limit, self._heard, self._over, self._news = 0, 0, 0, False, asyncio.Condition()

    # --- the pace: tablets do not run away from what is planned for the server ---

    async def pace(self) -> None:
        async with self._news:
            await self._news.wait_for(lambda: self._given < self._limit)
            self._given += 1
            self._news.notify_all()

    async def hear(self) -> None:
        """A tablet got an answer to its marks."""
        async with self._news:
            self._heard += 1
            self._news.notify_all()

    async def _await_answer(self, slack: int) -> None:
        """The next fault only when the new server has taken something; where nothing waits, more must be touched first."""
        before = self._heard
        while self._heard == before and not self._over:
            await self._let(self._given + slack)
            async with self._news:
                try:
                    await asyncio.wait_for(self._news.wait_for(lambda: self._heard > before or self._over), 2)
                except TimeoutError:
                    pass

    async def _let(self, limit: float) -> None:
        async with self._news:
            self._limit = limit
            self._news.notify_all()

    # --- the day ---

    async def play(self) -> Report:
        begun, stopped, waiting, first = time.monotonic(), [], {}, []
        with self.child:
            async with async_playwright() as playwright:
                try:
                    await asyncio.to_thread(self._open)
                    self.tablets = [Tablet(playwright, self._program, self, card, n) for n, card in enumerate(self.world.cards)]
                    for tablet in self.tablets:
                        await tablet.switch_on()
                    waiting, first = await self._judge()
                except (Trouble, Stopped, Broken, Error) as reason:
                    stopped.append(str(reason))
                finally:
                    for tablet in self.tablets:
                        await tablet.switch_off()
        return Report(self.world, self.ledger, time.monotonic() - begun, len(waiting), self._findings(stopped, first))

    def _open(self) -> None:
        host = Host(self.world, self.child.port)
        host.enter()
        for turn in self.world.turns:
            host.open(turn)

    async def _judge(self) -> tuple[dict, list[str]]:
        """All sheets at all tablets. One tablet ends the day without a network, and what it holds is looked at before it comes back."""
        left = self.tablets[-1]
        last = next((turn, entry) for turn in reversed(self.world.turns) for entry in reversed(turn.entries) if self._due(left, turn, entry))
        planned = self.world.marks - len(self.world.opinions[left.card.judge, last[0].part, last[1]])
        fate = asyncio.create_task(self._befall(max(1, planned * 95 // 100)))
        day = asyncio.create_task(self._day(left, last))
        try:
            await asyncio.gather(fate, day)
        except BaseException:
            fate.cancel()
            day.cancel()
            raise
        await left.restore()
        await left.cut(1_000_000)
        await self._let(float("inf"))
        await left.mark(*last, hand_in=False, spared=True)
        waiting = await left.waiting()
        first = check.lost(self.world.folder, self.ledger, waiting)
        await left.restore()
        await left.mark(*last)
        await left.deliver(*last)
        return waiting, first

    async def _day(self, left: Tablet, last: tuple) -> None:
        await asyncio.gather(*(self._at(tablet, last if tablet is left else None) for tablet in self.tablets))
        async with self._news:
            self._over = True
            self._news.notify_all()

    def _due(self, tablet: Tablet, turn, entry: int) -> bool:
        return (tablet.card.judge, turn.part, entry) in self.world.opinions

    async def _at(self, tablet: Tablet, spare: tuple | None) -> None:
        await tablet.open()
        place = None
        for turn in self.world.turns:
            for entry in turn.entries:
                if (turn, entry) != spare and self._due(tablet, turn, entry):
                    await tablet.mark(turn, entry)
                    place = turn, entry
        await tablet.deliver(*place)

    # --- what befalls the server ---

    async def _befall(self, total: int) -> None:
        """Kills and copies at moments spread over the first `total` marks; after a kill something must be delivered before the next."""
        slack = SLACK * len(self.world.cards)
        plan = sorted([(self._chance.randint(1, total), act) for act, count in (("kill", self._kills), ("copy", self._copies)) for _ in range(count)])
        self.ledger.counts["missing"] = len(plan)
        for n, (moment, act) in enumerate(plan):
            await self._let(max(moment, self._given) + slack)
            async with self._news:
                await self._news.wait_for(lambda moment=moment: self._given >= moment or self._over)
            if self._over:  # nobody marks any more: what would befall the server now proves nothing
                return
            await asyncio.sleep(self._chance.uniform(0, 1.5 * self.habits.pause[1] + 0.1))
            if act == "kill":
                self.child.kill()
                await asyncio.to_thread(self.child.start)
                self.ledger.counts["killed"] += 1
                await self._await_answer(slack)
            else:
                await self._copy()
            self.ledger.counts["missing"] -= 1
            if n % 10 == 9:
                self.say(f"已打 {self._given}/{self.world.marks} 项以上，{dict(self.ledger.counts)}")
        await self._let(float("inf"))

    async def _copy(self) -> None:
        promised, submitted = self.ledger.promised()
        target = self.work / f"copy-{self.ledger.counts['copied']}"
        torn = self._chance.randbytes(self._chance.randint(0, TEAR))
        self.child.halt()
        try:
            simulate_check.copy(self.world.folder, target, torn)
        finally:
            self.child.go_on()
        self.ledger.counts["copied"] += 1
        self._copy_findings += await asyncio.to_thread(simulate_check.opened_copy, target, promised, submitted, self.ledger.history())
        shutil.rmtree(target)

    # --- the report ---

    def _findings(self, stopped: list[str], first: list[str]) -> dict[str, list[str]]:
        with simulate_world.application(self.world.folder).app_context():
            found = {
                "中断": stopped,
                "有一台平板断网时的丢失": first,
                "丢失": check.lost(self.world.folder, self.ledger, {}) + check.unfinished(self.ledger, self.world),
                "重复": check.doubled(self.ledger.history()),
                "当作迟到的": check.late(),
                "屏幕前后不一": [text for tablet in self.tablets for text in tablet.findings],
                "服务器出错": [text for tablet in self.tablets for text in tablet.line.broken],
                "断电副本": self._copy_findings,
                "数据核对": simulate_check.wrong(),
            }
            db.session.remove()
            db.engine.dispose()
        return found


def told(report: Report, shown: int = 10) -> list[str]:
    """The report in a few lines."""
    counts: Counter = report.ledger.counts
    history = report.ledger.history()
    lines = [
        f"真实浏览器：{len(report.world.cards)} 台平板，{sum(len(turn.entries) for turn in report.world.turns)} 个参赛对象，用时 {report.seconds:.0f} 秒",
        f"屏幕上出现过的分数 {counts['touches']} 个（含改分和键入途中的），最后共 {len(history)} 项、{len(report.ledger.submitted)} 张评分表",
        f"故障 {report.faults} 次：" + "，".join(f"{name} {counts[code]}" for code, name in FAULTS.items()),
        f"断网时打开过页面 {counts['opened_offline']} 次；散场前有一台平板没有网络，{report.waiting} 项列在它的待发送里",
    ]
    if counts["missing"]:
        lines.append(f"注意：评分结束得早，有 {counts['missing']} 次强行结束或副本没有来得及做，可把 --entries 调大")
    for name, found in report.findings.items():
        lines.append(f"{'✗' if found else '✓'} {name}：{len(found)}")
        lines += [f"    {text}" for text in found[:shown]] + ([f"    ……还有 {len(found) - shown} 条"] if len(found) > shown else [])
    return [*lines, "全部正常。" if report.ok else "有问题，见上面打 ✗ 的各项。"]
