"""States of screens from memory: who asks costs little, and nobody is shown old content for new."""

import gzip
import json
import threading
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from werkzeug.test import Client

from compete.audit import service as audit
from compete.database import write
from compete.live import pulse
from compete.live.encoded import Encoded, chosen
from compete.models import Podium, Screen, db
from compete.setup import HEADERS
from tests.support import counted_queries

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
STATE = "/screen/hallhallhallhall/state"


class Hall:
    """A screen, a clock that the test turns, a document that the test writes, and visitors of both."""

    def __init__(self, app, final):
        self.screen = Screen(contest_id=final.contest.id, name="主屏", key="hallhallhallhall", session_id=final.session.id, changed_at=NOW)
        db.session.add(self.screen)
        db.session.commit()
        app.config["PULSE_EVERY"] = 0.25
        self.app, self.contest, self.session = app, final.contest.id, final.session.id
        self.time, self.text, self.made, self.broken = 100.0, "候场", 0, False
        self.pulse = self.process()

    def process(self) -> pulse.Pulse:
        """The middleware as another process would have it: with a memory of its own."""
        return pulse.Pulse(self.app, self._inner, list(HEADERS), ticking=lambda: self.time, document=self._document)

    def _document(self, screen_id, now):
        self.made += 1
        if self.broken:
            raise RuntimeError("the document cannot be made")
        return {"screen": screen_id, "text": self.text * 200}

    def _inner(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"inner"]

    def ask(self, path=STATE, *, by=None, **headers):
        """Asks as a visitor does; the time goes on by a second first."""
        self.time += 1
        return self.ask_at_once(path, by=by, **headers)

    def ask_at_once(self, path=STATE, *, by=None, method="GET", **headers):
        return Client(by or self.pulse).open(path, method=method, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def record(self, action):
        with write():
            audit.record(contest_id=self.contest, actor=audit.SYSTEM, now=NOW, action=action, subject="screen")


@pytest.fixture
def hall(app, final):
    return Hall(app, final)


@pytest.mark.sqlite
def test_an_answer_carries_tag_time_and_the_headers_of_every_page(hall):
    answer = hall.ask()
    assert answer.status_code == 200 and answer.json["text"] == "候场" * 200
    assert answer.headers["Cache-Control"] == "no-cache" and answer.mimetype == "application/json"
    assert all(answer.headers[name] == value for name, value in HEADERS)
    assert datetime.fromtimestamp(int(answer.headers["X-Now"]) / 1000, UTC) - datetime.now(UTC) < timedelta(minutes=1)
    assert not answer.headers["ETag"].startswith("W/")

    again = hall.ask(If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304 and again.data == b"" and "X-Now" in again.headers and again.headers["ETag"] == answer.headers["ETag"]
    assert hall.ask(If_None_Match='"other"').status_code == 200
    assert hall.ask(method="HEAD").data == b""


@pytest.mark.sqlite
def test_compressed_forms_differ_in_their_tag_and_each_is_recognised(hall):
    plain, packed, zipped = hall.ask(), hall.ask(Accept_Encoding="gzip, deflate, br"), hall.ask(Accept_Encoding="br;q=0, gzip")
    assert packed.headers["Content-Encoding"] == "br" and brotli.decompress(packed.data) == plain.data
    assert zipped.headers["Content-Encoding"] == "gzip" and gzip.decompress(zipped.data) == plain.data
    assert len({answer.headers["ETag"] for answer in (plain, packed, zipped)}) == 3
    assert all("Accept-Encoding" in answer.headers["Vary"] for answer in (plain, packed, zipped))
    for answer in (plain, packed, zipped):
        assert hall.ask(If_None_Match=answer.headers["ETag"], Accept_Encoding="br").status_code == 304
    assert [chosen(text) for text in ("", "identity", "GZIP", "gzip;q=0.5,br;q=0.1", "br;q=0.000")] == ["", "", "gzip", "br", ""]
    assert Encoded.of([]).form("br")[0] == ""  # too small to gain by it


def test_only_a_change_that_a_screen_can_show_makes_the_document_again(hall):
    first = hall.ask()
    assert hall.made == 1
    with counted_queries() as statements:
        assert hall.ask(If_None_Match=first.headers["ETag"]).status_code == 304
    assert len(statements) == 1 and hall.made == 1

    hall.text = "陈述"
    hall.record("sheet.save")
    hall.record("sheet.submit")
    assert hall.ask().data == first.data and hall.made == 1  # marks are not on screens
    hall.record("screen.direct")
    hall.record("sheet.save")
    assert "陈述" in hall.ask().text and hall.made == 2

    db.session.add(Podium(session_id=hall.session, phase="speech", started_at=NOW))
    db.session.commit()
    hall.ask()
    assert hall.made == 3  # the clock was started
    hall.screen.changed_at = NOW + timedelta(seconds=1)
    db.session.commit()
    hall.ask()
    assert hall.made == 4


@pytest.mark.sqlite
def test_between_validations_nothing_is_asked_of_the_database(hall):
    hall.ask()
    hall.record("screen.direct")
    with counted_queries() as statements:
        answers = [hall.ask_at_once() for _ in range(5)]
    assert statements == [] and {answer.status_code for answer in answers} == {200}
    hall.time += 0.25
    hall.ask_at_once()
    assert hall.made == 2


@pytest.mark.sqlite
def test_a_vote_moves_without_the_trail_and_nothing_stays_for_ever(hall):
    hall.ask()
    hall.time += pulse.RENEW
    hall.ask()
    assert hall.made == 2
    hall.screen.scene = "vote"
    db.session.commit()
    hall.ask()
    hall.ask()
    assert hall.made == 4


@pytest.mark.sqlite
def test_unknown_and_removed_screens_are_answered_from_memory(hall):
    for path in ("/screen/unknownunknown/state", STATE):
        if path == STATE:
            assert hall.ask().status_code == 200
            hall.screen.removed_at = NOW
            db.session.commit()
        answer = hall.ask(path)
        assert answer.status_code == 404 and answer.headers["Cache-Control"] == "no-cache"
        with counted_queries() as statements:
            assert hall.ask_at_once(path).status_code == 404
        assert statements == []
    hall.time += pulse.UNKNOWN_FOR
    hall.screen.removed_at = None
    db.session.commit()
    assert hall.ask().status_code == 200


@pytest.mark.sqlite
def test_memory_is_bounded(hall, monkeypatch):
    monkeypatch.setattr(pulse, "MOST", 2)
    monkeypatch.setattr(pulse, "MOST_UNKNOWN", 3)
    for number in range(8):
        assert hall.ask(f"/screen/guess{number}/state").status_code == 404
    assert len(hall.pulse._unknown) == 3
    db.session.add_all(Screen(contest_id=hall.contest, name=f"屏{n}", key=f"other{n}", changed_at=NOW) for n in range(4))
    db.session.commit()
    for number in range(4):
        assert hall.ask(f"/screen/other{number}/state").status_code == 200
    assert list(hall.pulse._watches) == ["other2", "other3"]
    assert hall.ask("/screen/other0/state").status_code == 200


@pytest.mark.sqlite
def test_a_failure_shows_the_last_answer_for_five_seconds_and_then_none(hall):
    last = hall.ask()
    hall.record("screen.direct")
    hall.broken = True
    for _ in range(int(pulse.PATIENCE)):
        assert hall.ask().data == last.data
    refused = hall.ask(If_None_Match=last.headers["ETag"])
    assert refused.status_code == 503 and refused.headers["Retry-After"]
    hall.broken, hall.text = False, "提问"
    assert "提问" in hall.ask().text


@pytest.mark.sqlite
def test_the_first_answer_of_all_cannot_be_made(hall):
    hall.broken = True
    assert hall.ask().status_code == 503
    hall.broken = False
    assert hall.ask().status_code == 200


@pytest.mark.sqlite
def test_while_one_thread_looks_all_others_get_the_last_answer(hall):
    hall.ask()
    begun, go_on = threading.Event(), threading.Event()
    make = hall.pulse._document

    def slowly(screen_id, now):
        begun.set()
        assert go_on.wait(60)
        return make(screen_id, now)

    hall.pulse._document = slowly
    hall.record("screen.direct")
    hall.text = "新"
    hall.time += 1
    found = []
    first = threading.Thread(target=lambda: found.append(hall.ask_at_once()))
    first.start()
    assert begun.wait(60)
    with counted_queries() as statements:
        others = [hall.ask_at_once() for _ in range(20)]
    assert statements == [] and all("候场" in answer.text for answer in others)
    go_on.set()
    first.join()
    assert "新" in found[0].text and "新" in hall.ask_at_once().text and hall.made == 2


def test_each_process_sees_what_another_one_wrote(hall):
    other = hall.process()
    assert hall.ask().headers["ETag"] == hall.ask(by=other).headers["ETag"]
    hall.text = "颁奖"
    hall.record("screen.direct")
    assert "颁奖" in hall.ask(by=other).text and "颁奖" in hall.ask().text


@pytest.mark.sqlite
def test_everything_else_goes_to_the_application(hall, app):
    for path in ("/", "/screen/hallhallhallhall", "/screen/a/b/state", "/screen/sla%2Fsh/state", "/screen/x.y/state"):
        assert hall.ask(path).data == b"inner"
    assert hall.ask(method="POST").data == b"inner"
    app.wsgi_app._document = hall._document  # installed before the application, with the real headers
    answer = app.test_client().get(STATE)
    assert json.loads(answer.data)["text"] and "Set-Cookie" not in answer.headers
