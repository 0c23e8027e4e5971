"""What stands between a simulated person and the server: plain HTTP, and on a tablet's line the faults of a bad network."""

import http.client
import json
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple
from urllib.parse import urlencode

TIMEOUT = 12  # seconds, as the tablet's own
LATE = (1, 6)  # a message that was held up arrives after so many others
FAILURES = (OSError, http.client.HTTPException)
TOKEN = re.compile(r"""name="csrf[_-]token"[^>]*(?:value|content)="([^"]+)\"""")
GIVE_UP = 300  # seconds after which a person stops asking


class Stopped(Exception):
    """The simulated day cannot go on; the text says why."""


class Faults(NamedTuple):
    """Of 100 deliveries so many arrive twice, late, or lose their answer (or never arrive)."""

    duplicates: int = 0
    reorder: int = 0
    drop: int = 0


class Answer(NamedTuple):
    status: int
    text: str

    def json(self) -> dict:
        try:
            found = json.loads(self.text)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Visitor:
    """A browser without a screen: one connection, one session cookie, the token of the page it last saw."""

    def __init__(self, port: int, name: str):
        self.port, self.name = port, name
        self.cookies, self.token, self._connection = {}, "", None

    def ask(self, method: str, path: str, body: str | None = None, kind: str = "") -> Answer:
        """One request; OSError or HTTPException when no answer came."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        headers = {"User-Agent": "iPad", "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token}
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except FAILURES:
            self.close()
            raise
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        return Answer(answer.status, text)

    def page(self, path: str) -> Answer:
        """A page; its token is kept for what is sent from it."""
        answer = self.ask("GET", path)
        found = TOKEN.search(answer.text)
        if found:
            self.token = found[1]
        return answer

    def send_form(self, path: str, fields: dict) -> Answer:
        return self.ask("POST", path, urlencode({"csrf_token": self.token, **fields}), "application/x-www-form-urlencoded")

    def twin(self) -> "Visitor":
        """The same browser over a connection of its own: where there are several workers, another may answer."""
        found = Visitor(self.port, self.name)
        found.cookies, found.token = self.cookies, self.token
        return found

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def patiently(self, what: str, attempt):
        """Repeats `attempt()` until it answers something true: the server may be down, or not as far yet."""
        until, said = time.monotonic() + GIVE_UP, ""
        while time.monotonic() < until:
            try:
                found = attempt()
                if found:
                    return found
                said = "没有成功"
            except FAILURES as error:
                said = type(error).__name__
            time.sleep(0.1)
        raise Stopped(f"{self.name}：{GIVE_UP} 秒内没有完成“{what}”（{said}）")


class Line:
    """A tablet's deliveries over a network that repeats, delays and loses them, by its own dice.

    A fault is counted when it took effect: what hits a server that is down changes nothing.
    """

    def __init__(self, visitor: Visitor, faults: Faults, chance: random.Random):
        self._visitor, self._faults, self._chance = visitor, faults, chance
        self._late = []  # [how many others pass first, path, body]
        self.counts = {"duplicates": 0, "reorder": 0, "drop": 0}
        self.times, self.broken = [], []  # seconds of answered deliveries; answers that a server must not give

    def deliver(self, path: str, body: str) -> Answer:
        """The answer, if one comes back; a message that was lost on the way is an OSError like any other."""
        self._pass_late()
        dice, faults = self._chance.random() * 100, self._faults
        if dice < faults.drop:
            if self._chance.random() < 0.7:
                self._post(path, body)  # the server acts, its answer is lost
            self.counts["drop"] += 1
            raise ConnectionError("lost")
        if dice < faults.drop + faults.reorder:
            self._late.append([self._chance.randint(*LATE), path, body])
            if self._chance.random() < 0.3:
                raise TimeoutError("late")  # this very message is on its way still; the tablet gives up waiting
        if faults.drop + faults.reorder <= dice < faults.drop + faults.reorder + faults.duplicates:
            return self._twice(path, body)
        return self._post(path, body)

    def _twice(self, path: str, body: str) -> Answer:
        """Both on their way at the same moment, or one after the other; over two connections, so several workers may meet at one sheet."""
        twin, at_once, last = self._visitor.twin(), self._chance.random() < 0.5, self._chance.random() < 0.5
        try:
            if at_once:
                with ThreadPoolExecutor(1) as pool:
                    second = pool.submit(self._post, path, body, twin)
                    first = self._post(path, body)
                    answers = first, second.result()
            else:
                answers = self._post(path, body), self._post(path, body, twin)
        finally:
            twin.close()
        self.counts["duplicates"] += 1
        return answers[last]

    def flush(self) -> None:
        """What is still on its way arrives now."""
        for row in self._late:
            row[0] = 0
        self._pass_late()

    def _pass_late(self) -> None:
        for row in self._late:
            row[0] -= 1
        due, self._late = [row for row in self._late if row[0] <= 0], [row for row in self._late if row[0] > 0]
        for _, path, body in due:
            try:
                self._post(path, body)  # nobody waits for the answer any more
                self.counts["reorder"] += 1
            except FAILURES:
                pass

    def _post(self, path: str, body: str, visitor: Visitor | None = None) -> Answer:
        begun = time.perf_counter()
        answer = (visitor or self._visitor).ask("POST", path, body, "application/json")
        if answer.status == 200:
            self.times.append(time.perf_counter() - begun)
        if answer.status >= 500 or answer.status in (400, 404, 422):
            self.broken.append(f"{self._visitor.name}：{answer.status} {answer.text[:200]}")
        return answer
