"""HTTP/1.1 over plain sockets: a client that costs little beside what it measures, one at a time or thousands at once."""

import heapq
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Reply(NamedTuple):
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, "" without it."""
        start = self.head.lower().find(b"\r\n" + name.lower().encode() + b": ")
        return "" if start < 0 else self.head[start + len(name) + 4 : self.head.index(b"\r\n", start + 2)].decode()

    def must(self, status: int) -> "Reply":
        if self.status != status:
            raise SystemExit(f"expected {status}, got {self.status}: {self.body[:600].decode(errors='replace')}")
        return self


def request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """The bytes of a request; `Content_Type` becomes Content-Type."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items() if value)]
    if method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def complete(data: bytes) -> Reply | None:
    """The reply once all of it is there."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head, status = data[: end + 2], int(data[9:12])
    if status in (204, 304):
        return Reply(status, head, b"")
    low = head.lower()
    at = low.index(b"content-length: ") + 16
    size = int(head[at : head.index(b"\r", at)])
    return Reply(status, head, data[end + 4 :]) if len(data) - end - 4 >= size else None


class Client:
    """One connection that stays open."""

    def __init__(self, port: int, held=None):
        self._line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = {"Cookie": held.cookie, "X_CSRFToken": held.token} if held else {}

    def get(self, path: str, **headers: str) -> Reply:
        return self.send(request("GET", path, **self._held, **headers))

    def post(self, path: str, body: bytes) -> Reply:
        return self.send(request("POST", path, body, Content_Type="application/json", **self._held))

    def send(self, sent: bytes) -> Reply:
        self._line.sendall(sent)
        data = b""
        while True:
            more = self._line.recv(262144)
            if not more:
                raise ConnectionError("the server closed the connection")
            data += more
            if found := complete(data):
                return found

    def close(self) -> None:
        self._line.close()


class Caller:
    """One of many that ask at the same time: `sent()` makes the next request, every so many seconds from `due` on; `took` gets the replies."""

    def __init__(self, port: int, due: float, every: float, sent: Callable[[], bytes], took: Callable[[Reply], None] = lambda reply: None):
        self.due, self.every, self.sent, self.took = due, every, sent, took
        self.line = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.line.setblocking(False)
        self.data, self.begun, self.number = b"", 0.0, 0


def crowd(callers: Iterable[Caller], until: float) -> list[tuple[float, int]]:
    """Lets all callers ask until then (perf_counter), from one thread; (seconds, status) of every reply.

    A caller with `every` 0 asks again at once. Others ask when it is due, and are timed from then: who falls behind shows.
    """
    watch, found, waiting = selectors.DefaultSelector(), [], []
    for caller in callers:
        watch.register(caller.line, selectors.EVENT_READ, caller)
        waiting.append(caller)
    queue = [(caller.due, number, caller) for number, caller in enumerate(waiting)]
    heapq.heapify(queue)
    while (now := time.perf_counter()) < until:
        while queue and queue[0][0] <= now:
            due, number, caller = heapq.heappop(queue)
            caller.begun, caller.number = due if caller.every else time.perf_counter(), number
            caller.line.send(caller.sent())
        pause = min(queue[0][0], until) - now if queue else until - now
        for key, _ in watch.select(max(0.0, min(pause, 0.05))):
            caller = key.data
            more = caller.line.recv(262144)
            if not more:
                raise ConnectionError("the server closed a connection")
            caller.data += more
            reply = complete(caller.data)
            if reply is None:
                continue
            found.append((time.perf_counter() - caller.begun, reply.status))
            caller.data = b""
            caller.took(reply)
            caller.due = caller.due + caller.every if caller.every else time.perf_counter()
            heapq.heappush(queue, (caller.due, caller.number, caller))
    watch.close()
    for caller in waiting:
        caller.line.close()
    return found
