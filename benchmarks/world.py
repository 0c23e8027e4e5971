"""A contest of any size in a data folder of its own, and a browser that speaks to the application without a network."""

import random
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import sqlalchemy as sa
from flask import session
from flask_wtf.csrf import generate_csrf
from werkzeug.test import EnvironBuilder

from compete import create_app
from compete.office import upgrade
from compete.contests import schemes
from compete.models import Mark, Membership, Sheet, User, db
from scoring import UNIT, sheet_total
from tests import support

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
TIES = [{"code": "untrimmed_mean"}, {"code": "criterion", "argument": "c1"}, {"code": "shared"}]
ROLES = ("organiser", "chief", "finance")


class World(NamedTuple):
    app: object
    folder: Path
    final: SimpleNamespace
    organiser: User


@contextmanager
def world(*, entries: int, judges: int, criteria: int = 6, marked: bool = True):
    """A final made by the migrations and bulk inserts; everything is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="compete-bench-") as folder:
        app = create_app({"DATA": folder})
        with app.app_context():
            upgrade.to()
            final = support.make_final(entries=entries, judges=judges, criteria=criteria)
            for row in final.criteria:
                row.step = UNIT // 10
            final.event.rules = {**final.event.rules, "ties": TIES}
            if marked:
                mark_all(final)
            organiser = User(login="alice", name="Alice", created_at=NOW)
            db.session.add(organiser)
            db.session.flush()
            db.session.add_all(Membership(contest_id=final.contest.id, user_id=organiser.id, role=role) for role in ROLES)
            db.session.commit()
            try:
                yield World(app, Path(folder), final, organiser)
            finally:
                db.session.remove()
                db.engine.dispose()


def mark_all(final: SimpleNamespace) -> None:
    """Every sheet submitted with marks as judges give them: around four fifths, each entry and judge with a leaning of its own."""
    chance = random.Random(20261122)
    part = schemes.part_value(final.part)
    level = {entry.id: chance.uniform(0.6, 0.95) for entry in final.entries}
    taste = {judge.id: chance.uniform(-0.04, 0.04) for judge in final.judges}
    sheets, given = [], []
    for entry in final.entries:
        for judge in final.judges:
            marks = {}
            for row in final.criteria:
                wanted = min(1.0, max(0.0, level[entry.id] + taste[judge.id] + chance.gauss(0, 0.05)))
                marks[row.code] = int(row.maximum * wanted) // row.step * row.step
            given.append(marks)
            sheets.append({
                "part_id": final.part.id, "session_id": final.session.id, "entry_id": entry.id, "judge_id": judge.id,
                "state": "submitted", "total": sheet_total(part, marks), "comment": "", "revision": 1,
                "updated_at": NOW, "submitted_at": NOW, "return_reason": "",
            })  # fmt: skip
    ids = db.session.scalars(sa.insert(Sheet).returning(Sheet.id, sort_by_parameter_order=True), sheets).all()
    leaf = {row.code: row.id for row in final.criteria}
    rows = [
        {"sheet_id": number, "criterion_id": leaf[code], "value": value}
        for number, marks in zip(ids, given, strict=True)
        for code, value in marks.items()
    ]
    db.session.execute(sa.insert(Mark.__table__), rows)
    schemes.freeze(final.event, actor=schemes.audit.SYSTEM, now=NOW)


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float

    def must(self, status: int) -> "Answer":
        if self.status != status:
            raise SystemExit(f"expected {status}, got {self.status}: {self.body[:600].decode(errors='replace')}")
        return self


def sign_in(app, person) -> SimpleNamespace:
    """The session cookie of a signed-in person and the CSRF token that belongs to it."""
    with app.app_context(), app.test_request_context():
        session.update({"_user_id": person.get_id(), "_permanent": True, "_fresh": False, "device": "BENCH1"})
        token = generate_csrf()
        signer = app.session_interface.get_signing_serializer(app)
        return SimpleNamespace(cookie=f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(session))}", token=token)


class Browser:
    """Calls the WSGI application as a server does and takes the time from the first byte in to the last byte out."""

    def __init__(self, app, person):
        self._app = app
        self._held = sign_in(app, person)

    def get(self, path: str) -> Answer:
        return self._call("GET", path)

    def post_json(self, path: str, body: bytes) -> Answer:
        return self._call("POST", path, input_stream=BytesIO(body), content_length=len(body), content_type="application/json")

    def post_form(self, path: str, data: dict) -> Answer:
        return self._call("POST", path, data=data)

    def _call(self, method: str, path: str, **more) -> Answer:
        environ = EnvironBuilder(path, method=method, **more).get_environ()
        environ.update(HTTP_COOKIE=self._held.cookie, HTTP_X_CSRFTOKEN=self._held.token, REMOTE_ADDR="127.0.0.1")
        answered = []
        db.session.remove()
        start = time.perf_counter()
        with self._app.app_context():  # of its own, as in a server: nothing of an earlier request is at hand
            body = self._app(environ, lambda status, headers, _error=None: answered.append((status, headers)))
            try:
                content = b"".join(body)
            finally:
                if hasattr(body, "close"):
                    body.close()
        seconds = time.perf_counter() - start
        status, headers = answered[0]
        return Answer(int(status[:3]), dict(headers), content, seconds)
