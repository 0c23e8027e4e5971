"""One judge at one tablet, driven by what a finger can reach.

Every step first looks at the screen and does what is missing there, so a tablet goes on wherever a fault left it.
"""

import asyncio
import json
import time
from pathlib import Path

from playwright.async_api import Error

from compete.office.simulate_world import Turn
from scoring import format_points, parse_points
from tests.browser.faults.device import GIVE_UP, Device, Trouble

SECOND_THOUGHTS = 0.35
KEPT = "() => !document.querySelector('[data-delivery]')?.textContent.startsWith('正在存')"
LOOK = """() => {
  const text = (node) => node?.textContent ?? "";
  const marks = {};
  for (const card of document.querySelectorAll("#app .jf-card")) {
    const field = card.querySelector("[role=spinbutton]");
    marks[card.dataset.code] = field.hasAttribute("aria-valuenow") ? field.getAttribute("aria-valuenow") : null;
  }
  const dialog = document.querySelector("dialog[open]");
  // The address changes a moment before the view is drawn: what counts is the entry that the head of the view names.
  const [session, entry] = location.hash.slice(1).split("/");
  const sessions = JSON.parse(text(document.querySelector("#desk")) || '{"sessions": []}').sessions;
  const meant = sessions.find((row) => String(row.id) === session)?.entries.find((row) => String(row.id) === entry);
  const drawn = meant && meant.label === text(document.querySelector("#app .entry-label"));
  return {
    place: drawn ? `${session}/${entry}` : "", marks, words: text(document.querySelector("[data-delivery]")), app: Boolean(document.querySelector("#app .list, #app .entry")),
    handed: [...document.querySelectorAll("#app .entry .notice")].some((node) => node.textContent.includes("已提交")),
    dialog: text(dialog?.querySelector("h2")), kept: document.querySelector("#app")?.dataset.page === "kept",
  };
}"""


DRAWN = f"(place) => ({LOOK})().place === place"


class SignedOut(Exception):
    """The tablet says that the card must be scanned again, as when its cookies were lost with the battery."""


class Tablet(Device):
    def __init__(self, *given):
        super().__init__(*given)
        self._unsure = {}  # {key: how many marks were seen before}: touched since the tablet last said that touches are kept

    # --- looking ---

    async def look(self, turn: Turn, entry: int) -> dict:
        """The screen with this entry on it; what it shows is held against what was seen before, and noted."""
        place = f"{turn.session}/{entry}"
        shown = await self.page.evaluate(LOOK)
        if not shown["app"]:
            await self.open()
            shown = await self.page.evaluate(LOOK)
        if shown["dialog"] == "两处的分数不一样":
            self.findings.append(f"{self.card.name}：问两处分数的取舍，其实只有一台平板")
            await self.page.get_by_role("button", name="用这里的分数").tap()
        elif shown["dialog"]:
            await self.page.keyboard.press("Escape")
        if shown["place"] != place:
            await self._go(turn, entry)
        await self.page.wait_for_function(KEPT)
        shown = await self.page.evaluate(LOOK)
        self._note(turn, entry, shown)
        return shown

    async def _go(self, turn: Turn, entry: int) -> None:
        """To the entry, by the links that are there: 下一个, or the list and its rows."""
        link = self.page.locator(f"#app a[href='#{turn.session}/{entry}']").first
        if not await link.count():
            back = self.page.get_by_role("link", name="列表")
            if await back.count():
                await back.first.tap()
            tab = self.page.locator(f"#app nav a[href='#{turn.session}']")
            if await tab.count():
                await tab.first.tap()
        await link.tap()
        await self.page.wait_for_function(DRAWN, arg=f"{turn.session}/{entry}")

    def _note(self, turn: Turn, entry: int, shown: dict) -> None:
        sheet = (self.card.judge, turn.part, entry)
        for code, text in shown["marks"].items():
            key, units = (*sheet, code), None if text is None else parse_points(text)
            if key in self._unsure:
                self.ledger.went_back(key, units, self._unsure[key])
            if units != self.ledger.last(key):
                self.findings.append(f"{self.card.name} {key}：屏幕上是 {text}，原来是 {self.ledger.last(key)}")
        self._unsure.clear()
        if shown["handed"]:
            self.ledger.handed_in.add(sheet)
        elif sheet in self.ledger.handed_in:
            self.findings.append(f"{self.card.name} {sheet}：已提交的又不见了")
        if shown["words"] == "已送达":
            self.ledger.deliver(self.card.judge)
        elif "登录已失效" in shown["words"]:
            raise SignedOut
        elif shown["words"].startswith("未能送达") or "换了人" in shown["words"]:
            raise Trouble(f"{self.card.name}：{shown['words']}")

    # --- touching ---

    async def mark(self, turn: Turn, entry: int, *, hand_in: bool = True, spared: bool = False) -> None:
        """Marks one entry and hands it in, whatever happens meanwhile; `spared`: nothing befalls this tablet."""
        wanted = self._hall.world.opinions.get((self.card.judge, turn.part, entry))
        if wanted is None:  # recused
            return
        plan, until = self._plan(turn, wanted), time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            try:
                shown = await self.look(turn, entry)
                missing = [code for code, units in wanted.items() if shown["marks"].get(code) is None or parse_points(shown["marks"][code]) != units]
                if shown["handed"] or not (hand_in or plan or missing):
                    return
                await self._hall.pace()
                if plan or missing:
                    await self._give(turn, entry, *(plan.pop(0) if plan else (missing[0], wanted[missing[0]])))
                else:
                    await self._hand_in()
                if not spared:
                    await self._misfortune()
            except (Error, SignedOut) as error:
                await self._again(error)
        raise Trouble(f"{self.card.name}：{GIVE_UP} 秒内没有评完一张评分表（{getattr(self, '_last', '')}）")

    async def _again(self, error: Exception) -> None:
        """The page was not as expected, as in the middle of a fault: opened anew, where necessary with the card."""
        self._counts["hiccups"] += 1
        self._last = str(error)
        self._hall.say(f"{self.card.name}：{self._last or '重新扫卡'}")
        try:
            if isinstance(error, SignedOut):
                await self._come_in()
        except Error:
            pass
        await self.open()

    def _plan(self, turn: Turn, wanted: dict) -> list[tuple[str, int]]:
        steps = []
        for code, units in wanted.items():
            step, maximum = turn.rubric[code]
            if self._mind.random() < SECOND_THOUGHTS:
                steps.append((code, units - step if units >= step else min(units + step, maximum)))
            steps.append((code, units))
        return steps

    async def _give(self, turn: Turn, entry: int, code: str, units: int) -> None:
        """One mark by one of the ways that the form offers."""
        key = (self.card.judge, turn.part, entry, code)
        card = self.page.locator(f"#app .jf-card[data-code='{code}']")
        field, last, step = card.get_by_role("spinbutton"), self.ledger.last(key), turn.rubric[code][0]
        if last is not None and abs(units - last) == step:
            await self._touch(key, field, card.locator(".jf-step").nth(int(units > last)).tap())
        elif await (quick := card.locator(f".jf-quick [data-units='{units}']")).count() and self._mind.random() < 0.7:
            await self._touch(key, field, quick.tap())
        elif self._mind.random() < 0.5:
            await field.tap()
            for letter in format_points(units):
                await self._touch(key, field, self.page.get_by_role("button", name="小数点" if letter == "." else letter, exact=True).tap())
            await self.page.get_by_role("button", name="收起", exact=True).tap()
        else:
            await field.focus()
            for letter in format_points(units):
                await self._touch(key, field, self.page.keyboard.type(letter))
            await self.page.keyboard.press("Tab")

    async def _touch(self, key: tuple, field, touch) -> None:
        self._unsure.setdefault(key, len(self.ledger.seen[key]))
        await touch
        text = await field.get_attribute("aria-valuenow")
        if text is not None:
            self.ledger.see(key, parse_points(text))
        self._felt |= self.line.offline

    async def _hand_in(self) -> None:
        await self.page.get_by_role("button", name="提交", exact=True).tap()
        await self.page.get_by_role("button", name="确认提交").tap()

    # --- at the end ---

    async def deliver(self, turn: Turn, entry: int) -> None:
        """Waits until the tablet says 已送达."""
        await self.restore()
        await self.line.flush()
        until = time.monotonic() + GIVE_UP
        while time.monotonic() < until:
            try:
                if (await self.look(turn, entry))["words"] == "已送达":
                    return
            except (Error, SignedOut) as error:
                await self._again(error)
            await asyncio.sleep(0.2)
        raise Trouble(f"{self.card.name}：{GIVE_UP} 秒后还有没有送达的")

    async def waiting(self) -> dict[tuple, int]:
        """{key: units} of what the tablet itself says is not delivered, from the file that it exports."""
        await self.page.locator("[data-delivery]").tap()
        async with self.page.expect_download() as download:
            await self.page.get_by_role("button", name="导出未送达的打分").tap()
        found = json.loads(Path(await (await download.value).path()).read_text("utf-8"))
        await self.page.get_by_role("button", name="关闭").tap()
        return {(self.card.judge, row["part"], row["entry"], code): units for row in found["sheets"] for code, units in row["marks"].items()}
