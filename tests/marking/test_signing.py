"""The judge signs the list; the chief locks and signs the part; both are printed with what they cover."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete.audit.service import Actor
from compete.database import write
from compete.judging import service as judging
from compete.marking import locking, signing
from compete.models import AuditRecord, EntryCode, Mark, Part, Release, Sheet, Signature, db
from tests.marking.conftest import FULL
from tests.support import NOW, UNIT, counted_queries, make_people

NAME = "M10 10" + "".join(f"L{n} {n * 2 % 200}" for n in range(12, 60, 4))


@pytest.fixture
def tablet(final, sign_in):
    return sign_in(final.judges[1])


def list_of(final, tablet):
    return tablet.get(f"/judge/api/sessions/{final.session.id}/list").json


def sign(final, tablet, status=200, **sent):
    return tablet.post(f"/judge/api/sessions/{final.session.id}/sign", json=sent, status=status).json


def test_a_drawn_signature_covers_the_marks(final, desk, tablet):
    desk.submit_all()
    found = list_of(final, tablet)
    assert [row[1] for row in found["rows"]] == ["submitted"] * 3

    said = sign(final, tablet, digest=found["digest"], drawing=NAME)

    signature = db.session.scalar(db.select(Signature))
    assert (signature.digest, signature.drawing, signature.name) == (found["digest"], NAME, "评委2")
    assert said["digest"] == found["digest"]
    record = db.session.scalar(db.select(AuditRecord).where(AuditRecord.action == "signature.make"))
    assert record.after == {"sheets": 3, "digest": found["digest"], "by_hand": True}
    # The same delivery again makes no second signature.
    assert sign(final, tablet, digest=found["digest"], drawing=NAME) == said
    assert db.session.scalar(db.select(db.func.count(Signature.id))) == 1


def test_a_typed_name_must_be_the_own_one(final, desk, tablet):
    desk.submit_all()
    digest = list_of(final, tablet)["digest"]

    assert sign(final, tablet, digest=digest, name="评委3", status=422)["message"] == "输入的姓名与评委卡不一致"
    assert sign(final, tablet, digest=digest, status=422)["message"] == "还没有签名"
    assert sign(final, tablet, digest=digest, drawing="M1 1", status=422)["code"] == "bad_signature"
    assert sign(final, tablet, digest=digest, drawing="M1 1<script>" * 9, status=422)["code"] == "bad_signature"
    assert sign(final, tablet, digest=digest, name="评委 2")["digest"] == digest


def test_missing_sheets_stop_the_signature(final, desk, tablet):
    desk.submit(FULL)
    found = list_of(final, tablet)

    said = sign(final, tablet, digest=found["digest"], name="评委2", status=422)

    assert (said["code"], said["message"]) == ("not_all_submitted", "还有 2 张评分表没有提交：02、03")


def test_a_list_that_changed_is_shown_again(final, desk, tablet):
    desk.submit_all()
    before = list_of(final, tablet)["digest"]
    with write():
        judging.return_sheet(desk.sheet(), "请再看", actor=desk.actor, now=NOW)
    desk.submit({"c1": 39 * UNIT, "c2": 45 * UNIT}, revision=2)

    assert sign(final, tablet, digest=before, name="评委2", status=409)["code"] == "list_changed"


def test_a_returned_sheet_voids_the_signature(final, desk, tablet):
    desk.submit_all()
    sign(final, tablet, digest=list_of(final, tablet)["digest"], name="评委2")
    with write():
        judging.return_sheet(desk.sheet(), "请再看", actor=desk.actor, now=NOW)
    desk.submit({"c1": 39 * UNIT, "c2": 45 * UNIT}, revision=2)

    assert tablet.get("/judge/api/desk").json["sessions"][0]["signed"] is None
    sign(final, tablet, digest=list_of(final, tablet)["digest"], name="评委2")
    assert [row.void_at is None for row in db.session.scalars(db.select(Signature).order_by(Signature.id))] == [False, True]


@pytest.fixture
def chief(final, sign_in):
    return sign_in(final.judges[0])


def complete(desk):
    for judge in desk.final.judges:
        desk.submit_all(judge)


def part_page(final, end=""):
    return f"/contests/{final.contest.id}/review/parts/{final.part.id}{end}"


def locked_digest(final):
    part = db.session.get(Part, final.part.id)
    return locking.digest_of(part, locking.boards(part.id))


def lock_form(final, **more):
    return {"digest": locked_digest(final), "name": "评委1", "checked": "y", **more}


def test_the_chief_locks_a_complete_part(final, desk, chief):
    complete(desk)
    assert "已收齐" in chief.get(f"/contests/{final.contest.id}/review").get_data(as_text=True)

    chief.post(part_page(final, "/lock"), lock_form(final))

    part = db.session.get(Part, final.part.id)
    assert (part.locked_by, {row.state for row in db.session.scalars(db.select(Sheet))}) == ("评委1", {"locked"})
    signature = db.session.scalar(db.select(Signature).where(Signature.scope == "part"))
    assert (signature.digest, signature.judge_id) == (locked_digest(final), final.judges[0].id)
    assert desk.give({"c1": 0}, revision=1).code == "locked"
    assert "已锁定" in chief.get(part_page(final)).get_data(as_text=True)


def test_an_incomplete_part_is_not_locked(final, desk, chief):
    desk.submit_all()
    chief.post(part_page(final, "/lock"), lock_form(final))

    assert db.session.get(Part, final.part.id).locked_at is None
    assert "还缺 6 张评分表：评委1 1 号" in chief.get(part_page(final)).get_data(as_text=True)


def test_the_chief_must_have_looked_and_signed(final, desk, chief):
    complete(desk)
    assert "请先确认已核对" in chief.post(part_page(final, "/lock"), lock_form(final, checked=""), status=422).get_data(as_text=True)
    chief.post(part_page(final, "/lock"), lock_form(final, name="别人"))
    chief.post(part_page(final, "/lock"), lock_form(final, digest="0" * 64))

    assert db.session.get(Part, final.part.id).locked_at is None


def test_unlocking_needs_a_reason_and_voids_the_signature(final, desk, chief):
    complete(desk)
    chief.post(part_page(final, "/lock"), lock_form(final))

    assert "请写明为什么要解锁" in chief.post(part_page(final, "/unlock"), {"reason": ""}, status=422).get_data(as_text=True)
    chief.post(part_page(final, "/unlock"), {"reason": "02 号第一项录错"})

    assert db.session.get(Part, final.part.id).locked_at is None
    assert {row.state for row in db.session.scalars(db.select(Sheet))} == {"submitted"}
    assert db.session.scalar(db.select(Signature)).void_at is not None
    record = db.session.scalar(db.select(AuditRecord).where(AuditRecord.action == "part.unlock"))
    assert (record.reason, record.after) == ("02 号第一项录错", {"locked": False, "sheets": 9})


def test_a_released_part_stays_locked(final, desk, chief):
    complete(desk)
    chief.post(part_page(final, "/lock"), lock_form(final))
    db.session.add(Release(contest_id=final.contest.id, event_id=final.event.id, number=1, document={}, digest="d", scheme_digest="s",
                           audit_head="a", made_by="组织者", made_at=NOW))  # fmt: skip
    db.session.commit()

    chief.post(part_page(final, "/unlock"), {"reason": "更正"})

    assert db.session.get(Part, final.part.id).locked_at is not None


def test_the_chief_returns_a_sheet_with_a_reason(final, desk, chief):
    complete(desk)
    page = f"/contests/{final.contest.id}/review/sheets/{desk.sheet().id}"
    assert "85.00" in chief.get(page).get_data(as_text=True)

    chief.post(page, {"reason": "第二项请再看"})

    assert (desk.sheet().state, desk.sheet().return_reason) == ("returned", "第二项请再看")


def test_the_chief_marks_before_seeing_others(final, desk, chief):
    desk.submit_all()
    page = f"/contests/{final.contest.id}/review/sheets/{desk.sheet().id}"

    assert "85.00" not in chief.get(part_page(final)).get_data(as_text=True)
    chief.get(page, status=302)
    desk.submit(FULL, judge=final.judges[0])
    chief.get(page)


def test_the_chief_too_sees_codes_only_where_judged_blind(final, desk, chief):
    final.event.is_blind = True
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="A07"))
    db.session.commit()
    complete(desk)

    for page in (part_page(final), f"/contests/{final.contest.id}/review/sheets/{desk.sheet().id}"):
        text = chief.get(page).get_data(as_text=True)
        assert "A07" in text
        assert "项目1" not in text


@pytest.mark.sqlite
def test_a_sheet_without_a_total_of_its_own_stands_on_the_chiefs_page(final, desk, chief):
    """The panel's mark is on another judge's sheet."""
    final.criteria[1].rules = {"team": True}
    db.session.commit()
    assert desk.submit({"c1": 40 * UNIT}).state == "submitted"
    desk.submit(FULL, judge=final.judges[0])
    page = chief.get(f"/contests/{final.contest.id}/review/parts/{final.part.id}").text
    assert f'sheets/{desk.sheet().id}" aria-label="评委2，01，已提交">已提交</a>' in page
    chief.get(f"/contests/{final.contest.id}/review/sheets/{desk.sheet().id}")


def test_only_the_chief_reviews(final, desk, people, sign_in):
    desk.submit_all()
    for person, status in ((people.alice, 403), (people.carol, 403), (people.dan, 404), (final.judges[1], 403)):
        for page in (f"/contests/{final.contest.id}/review", part_page(final), f"/contests/{final.contest.id}/review/sheets/{desk.sheet().id}"):
            sign_in(person).get(page, status=status)
        sign_in(person).post(part_page(final, "/lock"), {}, status=status)
        sign_in(person).post(part_page(final, "/unlock"), {"reason": "x"}, status=status)


def test_the_services_name_what_is_missing(final, desk):
    part = db.session.get(Part, final.part.id)
    by = Actor("judge:1", "评委1")
    with write():
        assert locking.unlock(part, reason="x", actor=by, now=NOW).code == "part.open"
        assert locking.lock(part, digest="", name="评委1", judge_id=None, actor=by, now=NOW).code == "part.empty"


def test_the_lists_are_printed_with_handwriting_and_the_digest_they_cover(final, desk, sign_in):
    page = f"/contests/{final.contest.id}/signed/{final.session.id}"
    for judge in final.judges:
        desk.submit_all(judge)
    with write():
        listed = signing.own_list(final.session, desk.judge.id)
        signing.sign(final.session, judge=desk.judge, digest=listed.digest, drawing="M10 10" + "L20 20" * 9, labels={}, actor=desk.actor, now=NOW)
    chief = sign_in(final.judges[0])
    shown = chief.get(page).text
    assert f"所签打分的指纹 <span class=\"digest\">{listed.digest[:16]}</span>" in shown
    assert shown.count('aria-label="评委2的手写签名"') == 1 and shown.count("平板上还没有签名") == 2
    book = load_workbook(BytesIO(chief.get(f"/contests/{final.contest.id}/documents/scoresheets?event_id={final.event.id}").data))
    texts = [str(cell.value) for row in book["评委2"].iter_rows() for cell in row if cell.value]
    assert sum(text.startswith("评委签名：评委2（平板手写签名）") and text.endswith(f"指纹 {listed.digest[:16]}") for text in texts) == 3
    assert any("评委签名：____" in str(cell.value) for row in book["评委3"].iter_rows() for cell in row)

    with counted_queries() as many:
        chief.get(page)
    assert len(many) <= 16
    final.event.is_blind = True
    db.session.commit()
    assert [secret for secret in ("项目1", "单位1", "完成人1") if secret in chief.get(page).text] == []
    sign_in(desk.judge).get(page, status=403)


def test_a_signature_whose_marks_have_changed_is_not_printed_as_covering_them(final, desk, sign_in):
    desk.submit_all()
    with write():
        listed = signing.own_list(final.session, desk.judge.id)
        signing.sign(final.session, judge=desk.judge, digest=listed.digest, name="评委2", labels={}, actor=desk.actor, now=NOW)
        db.session.execute(db.update(Mark).where(Mark.sheet_id == desk.sheet().id).values(value=UNIT))
    carol = sign_in(make_people(final.contest).carol)
    assert "覆盖的打分后来有变化，须重新签名" in carol.get(f"/contests/{final.contest.id}/signed/{final.session.id}").text
