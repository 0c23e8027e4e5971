"""The network of one tablet, between its browser and the server: by seeded chance a message arrives twice, late, or its answer is lost."""

import asyncio
import http.client
import random
from typing import NamedTuple
from urllib.parse import urlsplit

from playwright.async_api import Error

TIMEOUT = 20  # seconds until nobody waits for the server any more
LATE = (1, 4)  # a message that was held up arrives after so many others
FAILURES = (OSError, http.client.HTTPException)
PASSED_ON = ("content-type", "x-csrftoken", "user-agent")


class Shares(NamedTuple):
    """Of 100 messages so many arrive twice, arrive late, or lose their answer."""

    twice: int = 24
    late: int = 24
    lost: int = 24


class Message(NamedTuple):
    path: str
    headers: dict
    body: bytes


class Line:
    """Counts a fault only where it took effect: what meets a server that is down changes nothing."""

    def __init__(self, port: int, shares: Shares, chance: random.Random, counts):
        self._port, self._shares, self._chance, self._counts = port, shares, chance, counts
        self._late = []  # [how many others pass first, message]
        self.offline = False
        self.broken = []  # answers that a server must not give

    async def pass_on(self, route) -> None:
        """Stands between the page and the server for every message with marks."""
        try:
            await self._pass_on(route)
        except Error:
            pass  # the page that sent it is gone

    async def _pass_on(self, route) -> None:
        if self.offline:
            return await route.abort("internetdisconnected")
        message = await self._message(route.request)
        await self._arrive_late()
        dice, (twice, late, lost) = self._chance.random() * 100, self._shares
        if dice >= twice + late + lost:
            return await route.continue_()
        if dice < lost:
            answer = await self._post(message)
            self._counts["lost"] += answer is not None
            return await route.abort("connectionreset")
        if dice < lost + late:
            self._late.append([self._chance.randint(*LATE), message])
            # Either this very message is on its way still and the tablet gives up waiting, or it was already sent once before.
            return await (route.abort("timedout") if self._chance.random() < 0.6 else route.continue_())
        answers = [await self._post(message), await self._post(message)]
        self._counts["twice"] += None not in answers
        answer = answers[self._chance.randrange(2)]
        if answer is None:
            return await route.abort("connectionreset")
        return await route.fulfill(status=answer[0], body=answer[1], content_type="application/json")

    async def flush(self) -> None:
        """What is still on its way arrives now."""
        for row in self._late:
            row[0] = 0
        await self._arrive_late()

    async def _arrive_late(self) -> None:
        for row in self._late:
            row[0] -= 1
        due, self._late = [row[1] for row in self._late if row[0] <= 0], [row for row in self._late if row[0] > 0]
        for message in due:
            answer = await self._post(message)
            self._counts["late"] += answer is not None

    @staticmethod
    async def _message(request) -> Message:
        cookies = await request.frame.page.context.cookies(request.url)
        headers = {name: value for name, value in request.headers.items() if name in PASSED_ON}
        headers["cookie"] = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in cookies)
        place = urlsplit(request.url)
        return Message(f"{place.path}?{place.query}", headers, request.post_data_buffer)

    async def _post(self, message: Message) -> tuple[int, bytes] | None:
        """(status, body), or None where no answer came."""
        answer = await asyncio.to_thread(self._ask, message)
        if answer and (answer[0] >= 500 or answer[0] in (400, 404, 422)):
            self.broken.append(f"{answer[0]} {answer[1][:200].decode(errors='replace')}")
        return answer

    def _ask(self, message: Message) -> tuple[int, bytes] | None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=TIMEOUT)
        try:
            connection.request("POST", message.path, message.body, message.headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except FAILURES:
            return None
        finally:
            connection.close()
