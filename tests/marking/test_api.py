"""What the tablet says and hears: JSON, status codes, and nothing of other judges."""

import json

import pytest
from flask import session
from flask_wtf.csrf import generate_csrf

from compete.database import write
from compete.judging import masks
from compete.models import Attachment, AuditRecord, EntryCode, Judge, Podium, Sheet, Slot, db
from tests.marking.conftest import FULL
from tests.support import NOW, UNIT


@pytest.fixture
def tablet(final, sign_in):
    """The second judge's tablet."""
    return sign_in(final.judges[1])


def url(final, entry=0, *, end="", part=None):
    return f"/judge/api/sheets/{final.entries[entry].id}{end}?part={part or final.part.id}"


def body(marks, *, revision=0, **more):
    return {"client": "ab12", "revision": revision, "marks": marks, **more}


def test_a_mark_is_answered_briefly(final, tablet):
    answer = tablet.post(url(final), json=body({"c1": 30 * UNIT}), status=200)

    assert answer.json == {"state": "draft", "revision": 1, "total": None, "changed": True}
    record = db.session.scalar(db.select(AuditRecord).where(AuditRecord.action == "sheet.save"))
    assert (record.actor, record.actor_name, record.device) == (f"judge:{final.judges[1].id}", "评委2", "其他设备 TEST01 ab12")
    # Answer with all its headers; the request is smaller.
    assert len(answer.data) + sum(len(name) + len(value) + 4 for name, value in answer.headers) < 1500


def test_a_mark_needs_the_token_of_its_session_and_sends_no_cookie_back(app, final):
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    with app.test_request_context():
        token = generate_csrf()
        known = session["csrf_token"]
    with browser.session_transaction() as kept:
        kept.update({"_user_id": final.judges[1].get_id(), "csrf_token": known, "device": "TEST01", "_permanent": True})

    def give(headers):
        with app.app_context():
            return browser.post(url(final), json=body({"c1": 30 * UNIT}), headers=headers)

    assert [give(headers).status_code for headers in ({}, {"X-CSRFToken": "x"}, {"X-CSRFToken": f"{token}x"})] == [401] * 3
    assert db.session.scalar(db.select(Sheet)) is None
    answer = give({"X-CSRFToken": token})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)


def test_submitting_and_submitting_twice(final, tablet):
    first = tablet.post(url(final, end="/submit"), json=body(FULL), status=200)
    again = tablet.post(url(final, end="/submit"), json=body(FULL), status=200)
    twice = tablet.post(url(final, end="/submit"), json=body(FULL, revision=1), status=409)

    assert (first.json["state"], first.json["changed"]) == ("submitted", True)
    assert again.json == {**first.json, "changed": False}
    assert twice.json["code"] == "already_submitted"
    assert "不用再交一次" in twice.json["message"]


def test_a_conflict_shows_both_sides(final, tablet):
    tablet.post(url(final), json=body({"c1": 30 * UNIT}), status=200)
    tablet.post(url(final), json=body({"c1": 31 * UNIT}, revision=1), status=200)

    answer = tablet.post(url(final), json=body({"c1": 10 * UNIT}, revision=1), status=409)

    assert answer.json["code"] == "conflict"
    assert answer.json["held"] == {"state": "draft", "revision": 2, "comment": "", "marks": {"c1": 31 * UNIT}}


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (body({"c1": 50 * UNIT + 5000}), 422, "out_of_range"),
        (body({"c1": 10 * UNIT + 1}), 422, "wrong_step"),
        (body({"c1": 10.5}), 400, "malformed"),
        (body({"c1": 10 * UNIT}, rubric="0000"), 409, "rubric_changed"),
        ({"marks": {"c1": 10 * UNIT}}, 400, "malformed"),
        ({"revision": 0}, 400, "malformed"),
        (body({}, client="x" * 100), 400, "malformed"),
        ([1, 2], 400, "malformed"),
    ],
)
def test_refusals_have_a_code_words_and_a_mend(final, tablet, sent, status, code):
    answer = tablet.post(url(final), json=sent, status=status)

    assert answer.json["code"] == code
    assert answer.json["message"]
    assert answer.json["mend"]


def test_what_is_not_json_is_refused(final, tablet):
    assert tablet.post(url(final), data="marks=1", status=400).json["code"] == "malformed"
    assert tablet.post(f"/judge/api/sheets/{final.entries[0].id}", json=body({}), status=400).json["code"] == "malformed"


def test_entries_of_others_are_not_there(final, tablet):
    assert tablet.post("/judge/api/sheets/999?part=1", json=body({"c1": 0}), status=404).json["code"] == "foreign"
    assert tablet.post(url(final, part=999), json=body({"c1": 0}), status=404).json["code"] == "foreign"
    assert tablet.get("/judge/api/sessions/999/list", status=404).json["code"] == "foreign"
    assert tablet.post("/judge/api/sessions/999/sign", json={"digest": "x"}, status=404).json["code"] == "foreign"


def test_without_a_card_the_answer_says_so(final, sign_in):
    answer = sign_in().post(url(final), json=body({"c1": 0}), status=401)

    assert (answer.json["code"], answer.json["mend"][:8]) == ("signed_out", "请重新扫描评委卡")


@pytest.mark.sqlite
def test_what_is_asked_without_cookies_gets_none(app, final):
    """The answer may come while the card is scanned again: the session of that page must stand."""
    app.config["WTF_CSRF_ENABLED"] = True
    for method, path in (("GET", "api/desk"), ("POST", "api/alive"), ("GET", "")):  # the last by the worker that keeps the page
        answer = app.test_client().open(f"/judge/{path}", method=method)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (401, None)


def test_an_account_is_no_judge(final, people, sign_in):
    assert sign_in(people.alice).post(url(final), json=body({"c1": 0}), status=401).json["code"] == "signed_out"
    assert db.session.scalar(db.select(db.func.count(Sheet.id))) == 0


def test_a_revoked_card_stops_at_once(final, tablet):
    judge = db.session.get(Judge, final.judges[1].id)
    judge.card_revoked_at = NOW
    db.session.commit()

    answer = tablet.post(url(final), json=body({"c1": 0}), status=401)

    assert (answer.json["code"], answer.json["message"]) == ("card_revoked", "这张评委卡已经停用")


def test_a_new_card_ends_the_old_sign_in(final, tablet):
    judge = db.session.get(Judge, final.judges[1].id)
    judge.epoch += 1
    db.session.commit()

    assert tablet.get("/judge/api/desk", status=401).json["code"] == "card_replaced"


def test_the_desk_holds_only_own_marks(final, desk, tablet):
    desk.submit({"c1": 11 * UNIT, "c2": 12 * UNIT}, judge=final.judges[0])
    desk.give({"c1": 0})

    entries = tablet.get("/judge/api/desk").json["sessions"][0]["entries"]

    assert [entry["marks"] for entry in entries] == [{"c1": 0}, {}, {}]
    assert [entry["state"] for entry in entries] == ["draft", "none", "none"]
    assert f":{11 * UNIT}" not in tablet.get("/judge/").get_data(as_text=True)


def test_an_unchanged_desk_is_not_sent_again(final, tablet):
    first = tablet.get("/judge/api/desk")
    again = tablet.get("/judge/api/desk", headers={"If-None-Match": first.headers["ETag"]}, status=304)

    assert again.data == b""


def test_blind_entries_show_codes_only(final, tablet):
    final.event.is_blind = True
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="A07"))
    db.session.commit()

    page = tablet.get("/judge/").get_data(as_text=True)
    desk = tablet.get("/judge/api/desk")

    labels = [entry["label"] for entry in desk.json["sessions"][0]["entries"]]
    assert labels == ["A07", "第2项", "第3项"]
    signed = tablet.post(f"/judge/api/sessions/{final.session.id}/sign", json={"digest": "x"}, status=422)
    assert signed.json["message"] == "还有 3 张评分表没有提交：A07、第2项、第3项"
    for text in (page, json.dumps(desk.json, ensure_ascii=False)):
        assert [secret for secret in ("项目1", "单位1", "完成人1") if secret in text] == []


def test_before_blind_entries_no_message_carries_a_rows_number(final, tablet):
    final.event.is_blind = True
    db.session.commit()
    session = tablet.get("/judge/api/desk").json["sessions"][0]
    numbers = [entry["id"] for entry in session["entries"]]
    signed = tablet.get(f"/judge/api/sessions/{final.session.id}/list").json
    assert [row[0] for row in signed["rows"]] == numbers and [masks.plain(number) for number in numbers] == [entry.id for entry in final.entries]

    with write():
        slot = db.session.scalar(db.select(Slot.id).where(Slot.entry_id == final.entries[1].id))
        db.session.add(Podium(session_id=final.session.id, slot_id=slot))
    assert tablet.get("/judge/api/desk").json["sessions"][0]["stage"]["entry"] == numbers[1]
    # A tablet that was opened before there were masks still delivers what it kept.
    for number in (numbers[0], final.entries[1].id):
        assert tablet.post(f"/judge/api/sheets/{number}?part={final.part.id}", json={"revision": 0, "marks": {"c1": UNIT}}, status=200).json["changed"]
    assert set(db.session.scalars(db.select(Sheet.entry_id))) == {final.entries[0].id, final.entries[1].id}


def test_the_form_offers_every_criterion(final, tablet):
    page = tablet.get("/judge/").get_data(as_text=True)

    assert page.count('class="jf-card"') == 2
    assert 'data-maximum="500000"' in page


def test_the_tablets_modules_come_under_one_stamp(final, tablet):
    page = tablet.get("/judge/").get_data(as_text=True)
    start = page.index("/judge/app/")
    stamp = page[start:].split("/")[3]

    for name in ("main.js", "tablet.css", "form.css"):
        answer = tablet.get(f"/judge/app/{stamp}/{name}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    tablet.get(f"/judge/app/{stamp}/views.py", status=404)
    tablet.get("/judge/app/old/main.js", status=404)


def test_files_for_judges_are_linked(final, tablet):
    def attach(name, **more):
        db.session.add(Attachment(entry_id=final.entries[0].id, name=name, media_type="application/pdf", size=1, sha256="0" * 64,
                                  uploaded_by="组织者", uploaded_at=NOW, **more))  # fmt: skip

    attach("单位1汇报.pdf")
    attach("内部.pdf", for_judges=False)
    attach("旧版.pdf", removed_at=NOW)
    db.session.commit()

    files = [entry["files"] for entry in tablet.get("/judge/api/desk").json["sessions"][0]["entries"]]
    assert files[1:] == [[], []]
    url = f"/contests/{final.contest.id}/entries/{final.entries[0].id}/attachments/1"
    assert files[0] == [{"name": "单位1汇报.pdf", "kind": "PDF", "url": url}]

    final.event.is_blind = True
    db.session.commit()
    assert tablet.get("/judge/api/desk").json["sessions"][0]["entries"][0]["files"][0]["name"] == "材料 1"


def test_half_a_sign_and_a_nul_in_a_comment_do_not_keep_the_marks_away(final, tablet):
    """A text cut in the midst of an emoji: no table keeps it, and an answer 500 would be asked again for ever."""
    sent = '{"client": "t1", "revision": 0, "marks": {"c1": 0}, "comment": "好\\ud83d\\u0000 \\ud83d\\ude00"}'
    assert tablet.post(url(final), sent, status=200, content_type="application/json").json["revision"] == 1
    assert db.session.scalar(db.select(Sheet.comment)) == "好\ufffd 😀"


@pytest.mark.parametrize("sent", ["[" * 100_000, '{"revision": 0, "marks": ' + "[" * 100_000 + "]" * 100_000 + "}"])
def test_a_message_that_cannot_be_read_is_refused(final, tablet, sent):
    assert tablet.post(url(final), sent, status=400, content_type="application/json").json["code"] == "malformed"
