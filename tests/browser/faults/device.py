"""A tablet: a browser of its own with a profile on the disk, and what befalls it. Every other one is on plain HTTP, as in a hall."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path
from typing import NamedTuple

from playwright.async_api import Error

from compete.office.simulate_world import Card
from tests.browser.conftest import FLAGS, TABLET
from tests.browser.faults.line import Line

GIVE_UP = 600  # seconds after which a judge stops trying


class Trouble(Exception):
    """The day cannot go on at this tablet; the text says why."""


class Habits(NamedTuple):
    """Seconds between two touches, and of 100 touches so many are followed by each misfortune of the tablet itself.
    `sure`: what befalls the first tablet after its first touches, whatever chance brings."""

    pause: tuple[float, float] = (0.05, 0.3)
    cut: float = 12
    reload: float = 4
    closed: float = 2.5
    flat: float = 1.5
    sure: tuple[str, ...] = ()


async def _leave(dialog) -> None:
    """离开此网站？"""
    try:
        await dialog.accept()
    except Error:
        pass  # the browser went away meanwhile


class Device:
    """Switched on, off, reloaded, cut off; `page` is what the judge looks at."""

    def __init__(self, playwright, program: str, hall, card: Card, number: int):
        self.card, self._playwright, self._program, self._hall, self.ledger = card, playwright, program, hall, hall.ledger
        self._habits, self._counts = hall.habits, hall.ledger.counts
        self._sure = list(hall.habits.sure[::-1] if number == 0 else ())
        self._mind = random.Random(f"{hall.seed} mind {card.judge}")
        self.line = Line(hall.child.port, hall.shares, random.Random(f"{hall.seed} line {card.judge}"), self._counts)
        self._profile = Path(hall.work) / f"tablet-{number}"
        # At a name that is not this machine's own there is no secure origin: no worker, as in a hall without HTTPS.
        self.origin = f"http://{'127.0.0.1' if number % 2 else 'hall.test'}:{hall.child.port}"
        self.page = self.context = None
        self._rest, self._felt = 0, False  # touches until the network comes back; whether the cut met any
        self.findings = []

    async def switch_on(self) -> None:
        arguments = [*FLAGS, "--host-resolver-rules=MAP hall.test 127.0.0.1"]
        options = {"viewport": TABLET, "has_touch": True, "locale": "zh-CN", "accept_downloads": True}
        self.context = await self._playwright.chromium.launch_persistent_context(
            str(self._profile), executable_path=self._program, args=arguments, handle_sigint=False, **options
        )
        await self.context.set_offline(self.line.offline)
        await self.context.route("**/judge/api/sheets/**", self.line.pass_on)
        self.context.on("response", self._answered)
        self.page = self.context.pages[0] if self.context.pages else await self.context.new_page()
        self._attend()

    async def _answered(self, answer) -> None:
        if answer.status == 200 and "/judge/api/sheets/" in answer.url:
            await self._hall.hear()

    def _attend(self) -> None:
        self.page.set_default_timeout(6000)
        self.page.on("dialog", _leave)
        self.page.on("pageerror", lambda error: self.findings.append(f"{self.card.name}：页面出错 {error}"))

    async def switch_off(self) -> None:
        await self.context.close()

    async def _new_tab(self) -> None:
        old, self.page = self.page, await self.context.new_page()
        self._attend()
        await old.close(run_before_unload=False)

    async def _flat(self) -> None:
        """The battery: the browser's process ends without a word."""
        holder = int(os.readlink(self._profile / "SingletonLock").rpartition("-")[2])
        os.kill(holder, signal.SIGKILL)
        try:
            await self.context.close()
        except Error:
            pass
        await self.switch_on()

    async def cut(self, touches: int) -> None:
        self._rest, self._felt, self.line.offline = touches, False, True
        await self.context.set_offline(True)

    async def restore(self) -> None:
        self._rest, self.line.offline = 0, False
        await self.context.set_offline(False)
        self._counts["cut"] += self._felt
        self._felt = False

    async def open(self) -> None:
        """The tablet's page, by card and PIN where the tablet does not know the judge any more."""
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            try:
                answer = await self.page.goto(f"{self.origin}/judge/", wait_until="domcontentloaded")
                if answer.status in (401, 403) or await self.page.locator("#app").count() == 0:
                    await self._come_in()
                await self.page.wait_for_selector("#app .list, #app .entry")
                self._counts["opened_offline"] += self.line.offline
                return
            except Error:
                if self.line.offline:  # on plain HTTP a page does not open without the network
                    await self.restore()
                await asyncio.sleep(0.2)
        raise Trouble(f"{self.card.name}：{GIVE_UP} 秒内打不开评分表")

    async def _come_in(self) -> None:
        await self.page.goto(f"{self.origin}/card/{self.card.token}", wait_until="domcontentloaded")
        if await self.page.locator("#pin").count() == 0:
            return
        for digit in self.card.pin:
            await self.page.locator(f".pin-pad [data-key='{digit}']").tap()
        await self.page.wait_for_selector("#app .list, #app .entry")
        self._counts["came_in"] += 1

    async def _misfortune(self) -> None:
        if self.line.offline:
            self._rest -= 1
            if self._rest <= 0:
                await self.restore()
        name = self._sure.pop() if self._sure else self._chosen()
        act = {"reload": self._reload, "closed": self._new_tab, "flat": self._flat}.get(name)
        if act:
            self._counts[name] += 1
            await act()
            return await self.open()
        if name == "cut" and not self.line.offline:
            await self.cut(self._mind.randint(1, 8))
        await asyncio.sleep(self._mind.uniform(*self._habits.pause))

    def _chosen(self) -> str:
        """What befalls the tablet now by chance; "" for nothing."""
        dice = self._mind.random() * 100
        for name in ("reload", "closed", "flat", "cut"):
            dice -= getattr(self._habits, name)
            if dice < 0:
                return name
        return ""

    async def _reload(self) -> None:
        try:
            await self.page.reload(wait_until="domcontentloaded")
        except Error:
            pass  # no network, no page: opened again as after any other fault
