"""Documents of signed-in people who ask again and again (`…/live`), answered from memory while nothing changed.

In front of the application (WSGI). The application decides who may see what; an answer that it marked with `KEEP` is given
again to whoever asks with the very same cookies for the very same address, as long as neither the contest's trail nor that
of the accounts has grown: roles, cards, sign-ins and facts are all recorded there. Both ends are read in one query, at
once after this process wrote anything, and every quarter of a second for what other processes wrote.
"""

import re
import threading
import time
from collections import OrderedDict
from typing import NamedTuple

import sqlalchemy as sa

from compete import database
from compete.live.encoded import Encoded
from compete.models import Contest, SystemChain, db

PATH = re.compile(r"/contests/(\d{1,15})/.+/live")
KEEP = "compete.keep"  # in the request's environment: (the `Encoded` that was answered, its content type)
AT_MOST = 60.0  # seconds for which an answer is repeated before the application is asked again
MOST = 1024  # answers in memory; people who look at the same share one document
MOST_CONTESTS = 256

_contest, _real, _system = Contest.__table__.c, Contest.__table__.alias("real").c, SystemChain.__table__.c
_STAMP = sa.select(
    _contest.audit_count, _contest.created_at, sa.select(sa.func.max(_system.count)).scalar_subquery(),
    sa.select(_real.audit_count).where(_real.id == _contest.rehearsal_of_id).scalar_subquery(),  # whose roles its rehearsal has
).where(_contest.id == sa.bindparam("contest"))  # fmt: skip


class Answer(NamedTuple):
    stamp: tuple
    body: Encoded
    kind: str
    until: float


class Looked(NamedTuple):
    """Where both trails ended, when that was read, and how often this process had written by then."""

    stamp: tuple
    at: float
    commits: int


class Kept:
    def __init__(self, app, inner, headers, *, ticking=time.monotonic):
        self._app, self._inner, self._ticking, self._every = app, inner, ticking, app.config["PULSE_EVERY"]
        self._headers = [*headers, ("Cache-Control", "private, no-cache"), ("Vary", "Accept-Encoding, Cookie")]
        self._answers: OrderedDict[tuple, Answer] = OrderedDict()
        self._looked: dict[int, Looked] = {}
        self._lock = threading.Lock()  # of both; held for a moment
        with app.app_context():
            self._engine = db.engine

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        if not path.endswith("/live") or environ["REQUEST_METHOD"] != "GET":
            return self._inner(environ, start_response)
        found = PATH.fullmatch(path)
        cookie = environ.get("HTTP_COOKIE")
        stamp = self._stamp(int(found[1])) if found and cookie else None
        if stamp is None:
            return self._inner(environ, start_response)
        key, now = (cookie, path, environ.get("QUERY_STRING", "")), self._ticking()
        known = self._answers.get(key)
        if known and known.stamp == stamp and now < known.until:
            return self._say(known, environ, start_response)
        answer = self._inner(environ, start_response)
        given = environ.get(KEEP)
        if given is not None:
            # The ends were read before the application read anything: the answer is at least as new as its stamp.
            self._keep(key, Answer(stamp, *given, now + AT_MOST))
        return answer

    def _say(self, answer: Answer, environ, start_response):
        coding, data, tag = answer.body.form(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if answer.body.known_to(environ.get("HTTP_IF_NONE_MATCH", "")):
            start_response("304 Not Modified", [("ETag", tag), *self._headers])
            return []
        more = [("Content-Encoding", coding)] if coding else []
        start_response("200 OK", [("Content-Type", answer.kind), ("Content-Length", str(len(data))), ("ETag", tag), *more, *self._headers])
        return [data]

    def _stamp(self, contest: int) -> tuple | None:
        """The ends of both trails; None for a contest that does not exist, and where the database does not answer."""
        now, commits, known = self._ticking(), database.commits(), self._looked.get(contest)
        if known and known.commits == commits and now - known.at < self._every:
            return known.stamp
        try:
            with self._engine.connect() as connection:
                row = connection.execute(_STAMP, {"contest": contest}).one_or_none()
        except sa.exc.SQLAlchemyError:
            return None  # the application says what is wrong
        if row is None:
            return None
        with self._lock:
            if contest not in self._looked and len(self._looked) >= MOST_CONTESTS:
                self._looked.clear()
            self._looked[contest] = Looked(tuple(row), now, commits)
        return tuple(row)

    def _keep(self, key: tuple, answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
