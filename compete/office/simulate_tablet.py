"""A judge at a tablet: card and PIN, one entry after another criterion by criterion, and an outbox that keeps what was not acknowledged.

The outbox speaks as static/marking/outbox.js does: the marks not yet acknowledged, with the revision it knows. An attempt
without an answer may have arrived: it is repeated as it was until an answer comes, and only then what was touched since.
"""

import json
import random
import threading
import time
from collections import defaultdict

from compete.office.simulate_line import FAILURES, GIVE_UP, Faults, Line, Stopped, Visitor
from compete.office.simulate_world import Card, Turn

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between attempts; shorter than a tablet's, so that the server has no rest
SECONDS_A_MARK = (3, 9)  # of a person at speed 1
SECOND_THOUGHTS = 0.25  # of marks are changed at once


class Ledger:
    """What the tablets showed: every touch in order, and how far each mark was acknowledged. Shared by all tablets."""

    def __init__(self):
        self._news = threading.Condition()
        self.touched = defaultdict(list)  # {(judge, part, entry, code): [units, …]}, never the same twice
        self.acknowledged = {}  # {the same: how many of them}
        self.submitted = set()  # {(judge, part, entry)}
        self.count, self.closed = 0, False

    def touch(self, key: tuple, units: int) -> None:
        with self._news:
            self.touched[key].append(units)

    def acknowledge(self, sheet: tuple, marks: dict[str, int], submitted: bool) -> None:
        with self._news:
            for code, units in marks.items():
                key = (*sheet, code)
                self.acknowledged[key] = max(self.acknowledged.get(key, 0), self.touched[key].index(units) + 1)
            if submitted:
                self.submitted.add(sheet)
            self.count += len(marks)
            self._news.notify_all()

    def reached(self, count: int) -> bool:
        """Waits until so many marks are acknowledged; false when the day ended before."""
        with self._news:
            self._news.wait_for(lambda: self.closed or self.count >= count)
            return self.count >= count

    def close(self) -> None:
        with self._news:
            self.closed = True
            self._news.notify_all()

    def promised(self) -> tuple[dict, set]:
        with self._news:
            return dict(self.acknowledged), set(self.submitted)

    def history(self) -> dict[tuple, list[int]]:
        with self._news:
            return {key: list(found) for key, found in self.touched.items()}


class Tablet:
    def __init__(self, card: Card, port: int, *, opinions: dict, ledger: Ledger, faults: Faults, seed: str, speed: float):
        self.card, self._opinions, self._ledger, self._speed = card, opinions, ledger, speed
        self._mind, self._clock = random.Random(f"{seed} {card.judge}"), random.Random(f"{seed} clock {card.judge}")
        self._visitor = Visitor(port, card.name)
        self.line = Line(self._visitor, faults, random.Random(f"{seed} line {card.judge}"))
        self._outbox = {}  # {(part, entry): item}, in the order of the first touch
        self._failures, self._rest_until = 0, 0.0
        self.retries = self.arrived = 0  # of these, so many messages had arrived although no answer came back

    @property
    def waiting(self) -> int:
        return sum(len(item["marks"]) + item["submit"] for item in self._outbox.values())

    def enter(self) -> None:
        """Scans the card, types the PIN, opens the tablet's page."""

        def attempt():
            path = f"/card/{self.card.token}"
            if self._visitor.page(path).status == 200:
                self._visitor.send_form(path, {"pin": self.card.pin})
            return self._visitor.page("/judge/").status == 200

        self._visitor.patiently("扫码进入", attempt)

    def desk(self, turn: Turn) -> dict | None:
        """This session as the desk document shows it."""
        rows = self._visitor.patiently("打开评分表", lambda: self._visitor.ask("GET", "/judge/api/desk").json().get("sessions"))
        return next((row for row in rows if row["id"] == turn.session), None)

    def await_open(self, turn: Turn) -> None:
        shown = self._visitor.patiently("等本场开始", lambda: next((row for row in [self.desk(turn)] if row and row["state"] == "open"), None))
        self._rubric = shown["rubric"]
        self._revisions = {row["id"]: row["revision"] for row in shown["entries"]}

    def mark(self, turn: Turn, entry: int) -> None:
        """Marks one entry and hands it in; returns when everything is delivered."""
        given = self._opinions.get((self.card.judge, turn.part, entry))
        if given is None:  # recused
            return
        for code, units in given.items():
            step, maximum = turn.rubric[code]
            if self._mind.random() < SECOND_THOUGHTS:
                self._touch(turn, entry, code, units - step if units >= step else min(units + step, maximum))
            self._touch(turn, entry, code, units)
        self._item(turn, entry)["submit"] = True
        self.empty()

    def _touch(self, turn: Turn, entry: int, code: str, units: int) -> None:
        self._ledger.touch((self.card.judge, turn.part, entry, code), units)
        self._item(turn, entry)["marks"][code] = units
        self._send()
        if self._speed:
            time.sleep(self._clock.uniform(*SECONDS_A_MARK) / self._speed)

    def _item(self, turn: Turn, entry: int) -> dict:
        fresh = {"marks": {}, "submit": False, "trying": None, "revision": self._revisions[entry], "rubric": self._rubric}
        return self._outbox.setdefault((turn.part, entry), fresh)

    def empty(self) -> None:
        """Delivers until nothing waits any more."""
        until = time.monotonic() + GIVE_UP
        while self._outbox:
            if time.monotonic() > until:
                raise Stopped(f"{self.card.name}：还有 {self.waiting} 项没有送达")
            time.sleep(max(0.0, self._rest_until - time.monotonic()))
            self._send()

    def _send(self) -> None:
        """One attempt for the first sheet that waits, unless the last one failed a moment ago."""
        if not self._outbox or time.monotonic() < self._rest_until:
            return
        (part, entry), item = next(iter(self._outbox.items()))
        marks, submit = item["trying"] = item["trying"] or (dict(item["marks"]), item["submit"])
        message = {"client": "sim", "revision": item["revision"], "rubric": item["rubric"], "marks": marks}
        try:
            answer = self.line.deliver(f"/judge/api/sheets/{entry}{'/submit' if submit else ''}?part={part}", json.dumps(message))
        except FAILURES:
            return self._again()
        if answer.status >= 500 or answer.status == 429:
            return self._again()
        if answer.status == 200:
            self.arrived += self._failures > 0 and not answer.json()["changed"]
            self._delivered(part, entry, item, marks, submit, answer.json())
        else:
            raise Stopped(f"{self.card.name}：服务器拒收（{answer.status}：{answer.json().get('message') or answer.text[:200]}）")

    def _again(self) -> None:
        self.retries += 1
        self._rest_until = time.monotonic() + PAUSES[min(self._failures, len(PAUSES) - 1)] * self._clock.uniform(0.8, 1.2)
        self._failures += 1

    def _delivered(self, part: int, entry: int, item: dict, marks: dict, submit: bool, said: dict) -> None:
        self._failures, item["trying"] = 0, None
        self._ledger.acknowledge((self.card.judge, part, entry), marks, submit)
        for code, units in marks.items():
            if item["marks"].get(code) == units:
                del item["marks"][code]
        item["revision"] = self._revisions[entry] = said["revision"]
        if submit:
            item["submit"] = False
        if not item["marks"] and not item["submit"]:
            del self._outbox[part, entry]

    def sign(self, turn: Turn) -> None:
        """Signs the list of own sheets by the typed name; a repeated signature is answered with the first."""

        def attempt():
            shown = self._visitor.ask("GET", f"/judge/api/sessions/{turn.session}/list").json()
            if shown.get("missing") != 0:
                return False
            body = json.dumps({"digest": shown["digest"], "name": self.card.name})
            return self._visitor.ask("POST", f"/judge/api/sessions/{turn.session}/sign", body, "application/json").status == 200

        self._visitor.patiently("签名", attempt)

    def lock(self, contest: int, turn: Turn) -> None:
        """The chief judge locks the part and signs it."""
        page = f"/contests/{contest}/review/parts/{turn.part}"

        def attempt():
            shown = self._visitor.page(page).text
            if f"{page}/unlock" in shown:
                return True
            digest = self._digest(shown)
            if digest:
                self._visitor.send_form(f"{page}/lock", {"digest": digest, "name": self.card.name, "checked": "y"})
            return False

        self._visitor.patiently("锁定签名", attempt)

    @staticmethod
    def _digest(page: str) -> str:
        field = next((part for part in page.split("<input")[1:] if 'name="digest"' in part.partition(">")[0]), "")
        return field.partition(">")[0].partition('value="')[2].partition('"')[0]
