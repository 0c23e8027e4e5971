"""`GET /screen/<key>/state` from memory: thousands of phones ask every few seconds, nobody of them holds a thread.

In front of the application (WSGI). A screen's document is validated at most every quarter of a second, by the one thread
that comes first; all others are given the last answer meanwhile. The first question is one cheap query: has the contest's
trail grown by anything but marks, has the clock or the screen moved? Only then the document is made anew. Each process
validates for itself, so several of them on PostgreSQL are as right as one.
"""

import re
import threading
import time
from collections import OrderedDict
from typing import NamedTuple

import sqlalchemy as sa

from compete import clock
from compete.live import feed
from compete.live.encoded import Encoded
from compete.models import AuditRecord, Contest, Podium, Screen, db
from compete.rehearsal import twins

PATH = re.compile(r"/screen/([A-Za-z0-9_-]{1,32})/state")
PATIENCE = 5.0  # seconds for which the last answer is given when no new one can be had
RENEW = 10.0  # seconds after which a document is made anew although nothing seems to have moved
FIRST = 1.0  # seconds to wait for another thread's answer where no other is at hand
UNKNOWN_FOR = 5.0  # seconds for which an unknown key is not looked up again
MOST, MOST_UNKNOWN = 512, 4096
# What judges and people do all the time, and what no screen shows before it is shown by somebody.
QUIET = ("sheet.save", "sheet.submit", "card.enter", "card.wrong_pin", "signature.make")
# Scenes that move without the trail.
RESTLESS = ("vote",)


class Seen(NamedTuple):
    """What tells whether a screen's document may have changed."""

    screen: int
    scene: str
    count: int  # of the contest's trail
    loud: bool  # something else than QUIET was recorded since
    rest: tuple  # the screen's own state and the clock


class Watch:
    """One screen in memory. Only the thread that holds `turn` changes it; others read whole values.

    On the clock of the process: when it was last `asked` about, known for `sure`, and `made`.
    """

    __slots__ = ("asked", "body", "gone", "key", "made", "seen", "sure", "turn")

    def __init__(self, key: str):
        self.key, self.turn, self.gone = key, threading.Lock(), False
        self.body = self.seen = None
        self.asked = self.sure = self.made = float("-inf")


_screen, _contest, _podium, _record = Screen.__table__.c, Contest.__table__.c, Podium.__table__.c, AuditRecord.__table__.c
_LOUD = sa.exists().where(
    _record.chain == _contest.id, _record.number > sa.bindparam("count"), _record.action.not_in(QUIET)
)  # fmt: skip
_opened, _first = twins.opened_by(sa.bindparam("key", type_=sa.String))
_SEEN = (
    sa.select(
        _screen.id, _screen.scene, _contest.audit_count, _LOUD,
        _screen.changed_at, _screen.session_id, _podium.slot_id, _podium.phase, _podium.started_at, _podium.ran_ms, _podium.allotted_ms,
    )
    .select_from(Screen.__table__.join(Contest.__table__, _contest.id == _screen.contest_id)
                 .outerjoin(Podium.__table__, _podium.session_id == _screen.session_id))
    .where(_opened).order_by(_first).limit(1)
)  # fmt: skip


class Pulse:
    """`Pulse(app, inner, headers)` answers states of screens and hands everything else to `inner`."""

    def __init__(self, app, inner, headers: list[tuple[str, str]], *, ticking=time.monotonic, document=feed.document):
        self._app, self._inner, self._ticking, self._document = app, inner, ticking, document
        self._every = app.config["PULSE_EVERY"]
        self._headers = [*headers, ("Cache-Control", "no-cache"), ("Vary", "Accept-Encoding")]
        self._watches: OrderedDict[str, Watch] = OrderedDict()
        self._unknown: OrderedDict[str, float] = OrderedDict()
        self._rooms = threading.Lock()  # of the two dictionaries; held for a moment, never while anything is read

    def __call__(self, environ, start_response):
        method, found = environ["REQUEST_METHOD"], None
        if method in ("GET", "HEAD"):
            path = environ["PATH_INFO"]
            found = path.startswith("/screen/") and PATH.fullmatch(path)
        if not found:
            return self._inner(environ, start_response)
        status, headers, body = self._answer(environ, found[1])
        start_response(status, [*headers, ("X-Now", str(time.time_ns() // 1_000_000)), *self._headers])
        return [body] if body and method == "GET" else []

    def _answer(self, environ, key: str):
        body = self._current(key)
        if body is None:
            return _plain("404 Not Found", b'{"error":"unknown screen"}')
        if body is STALE:
            return _plain("503 Service Unavailable", b'{"error":"not ready"}', ("Retry-After", "2"))
        coding, data, tag = body.form(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if body.known_to(environ.get("HTTP_IF_NONE_MATCH", "")):
            return "304 Not Modified", [("ETag", tag)], b""
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(data))), ("ETag", tag)]
        return "200 OK", headers + [("Content-Encoding", coding)] if coding else headers, data

    def _current(self, key: str):
        """The document, None for a key that opens no screen, STALE when neither a new nor a recent one is at hand."""
        now = self._ticking()
        watch = self._watches.get(key)
        if watch is None:
            if self._unknown.get(key, now) > now:
                return None
            watch = self._admit(key)
        if now - watch.asked >= self._every and watch.turn.acquire(blocking=False):
            try:
                self._validate(watch)
            finally:
                watch.turn.release()
        if self._lacks(watch) and watch.turn.acquire(timeout=FIRST):
            watch.turn.release()  # whoever had it has looked
        if watch.gone:
            return None
        return STALE if self._lacks(watch) else watch.body

    def _lacks(self, watch: Watch) -> bool:
        return not watch.gone and (watch.body is None or self._ticking() - watch.sure > PATIENCE)

    def _admit(self, key: str) -> Watch:
        with self._rooms:
            watch = self._watches.get(key)
            if watch is None:
                watch = self._watches[key] = Watch(key)
                if len(self._watches) > MOST:
                    idle = min(self._watches.values(), key=lambda one: one.asked if one is not watch else float("inf"))
                    del self._watches[idle.key]
            return watch

    def _forget(self, watch: Watch, now: float) -> None:
        with self._rooms:
            self._watches.pop(watch.key, None)
            self._unknown[watch.key] = now + UNKNOWN_FOR
            self._unknown.move_to_end(watch.key)
            while len(self._unknown) > MOST_UNKNOWN:
                self._unknown.popitem(last=False)

    def _validate(self, watch: Watch) -> None:
        """Brings the watch up to date if that is due. A failure leaves it as it was."""
        begun = self._ticking()
        if begun - watch.asked < self._every:
            return  # another thread did, a moment ago
        watch.asked = begun
        try:
            with self._app.app_context():
                seen = _seen(watch)
                if seen is None:
                    watch.gone = True
                    self._forget(watch, begun)
                    return
                if _moved(watch.seen, seen) or seen.scene in RESTLESS or begun - watch.made >= RENEW:
                    body = Encoded.of(self._document(seen.screen, clock.now()))
                    watch.body, watch.made = watch.body if watch.body and watch.body.tag == body.tag else body, begun
                watch.seen, watch.sure = seen, begun
        except Exception:  # whatever it was: the last answer stands for a while, then none is given
            self._app.logger.exception("the state of a screen could not be made")


STALE = object()


def _plain(status: str, text: bytes, *more: tuple[str, str]):
    return status, [("Content-Type", "application/json"), ("Content-Length", str(len(text))), *more], text


def _seen(watch: Watch) -> Seen | None:
    count = watch.seen.count if watch.seen else 0
    row = db.session.connection().execute(_SEEN, {"key": watch.key, "count": count}).one_or_none()
    return row and Seen(*row[:4], tuple(row[4:]))


def _moved(before: Seen | None, after: Seen) -> bool:
    return before is None or after.loud or (before.screen, before.scene, before.rest) != (after.screen, after.scene, after.rest)
