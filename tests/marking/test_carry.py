"""Undelivered marks carried over as a file: shown before anything is written, written once, in the trail as brought by hand."""

import html
import io
import json
import re

import pytest

from compete.database import write
from compete.judging import masks
from compete.marking import service
from compete.models import AuditRecord, LateMark, Sheet, db
from tests.marking.conftest import FULL, Desk
from tests.support import UNIT


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)


@pytest.fixture
def held(final):
    return Desk(final)


def parcel(final, *sheets, judge=None, **more):
    """The file that the second judge's tablet makes; a sheet is {entry index, marks, …}."""
    judge = judge or final.judges[1]
    rows = [
        {"part": final.part.id, "revision": 0, "rubric": "", "label": "01 号", "read": {}, **sheet, "entry": final.entries[sheet["entry"]].id}
        for sheet in sheets
    ]
    about = {"contest": {"id": final.contest.id, "name": final.contest.name}, "judge": {"id": judge.id, "name": judge.name}}
    return {"format": "compete-marks", "version": 1, **about, "device": "ab12", "sheets": rows, **more}


def pages(final):
    return f"/contests/{final.contest.id}/undelivered"


def look(client, final, file, *, status=200):
    data = file if isinstance(file, bytes) else json.dumps(file).encode()
    return client.post(pages(final), {"file": (io.BytesIO(data), "marks.json")}, status=status, content_type="multipart/form-data")


def take(client, final, file):
    client.post(f"{pages(final)}/take", {"text": json.dumps(file)})
    return client.get(pages(final)).get_data(as_text=True)


def test_the_file_is_shown_first_and_written_once(final, held, alice):
    file = parcel(final, {"entry": 0, "marks": FULL, "comment": "数据扎实", "submit": True}, {"entry": 1, "marks": {"c1": 20 * UNIT}})

    shown = look(alice, final, file).get_data(as_text=True)
    assert "评委2：2 张评分表" in shown
    assert "数据扎实" in shown and "将写入并提交" in shown and "写入 2 张评分表" in shown
    assert db.session.scalar(db.select(Sheet)) is None

    assert "已写入 评委2 的 2 张评分表" in take(alice, final, file)
    assert (held.sheet().state, held.marks(), held.sheet(1).state, held.marks(1)) == ("submitted", FULL, "draft", {"c1": 20 * UNIT})
    (record,) = held.records("sheet.submit")
    assert record.actor_name == "Alice"
    assert record.reason.startswith("评委评委2未送达的打分，由文件手工送达，设备 ab12")

    before = db.session.scalar(db.select(db.func.count()).select_from(AuditRecord))
    assert "没有重复写入" in take(alice, final, file)
    assert "已在服务器上" in look(alice, final, file).get_data(as_text=True)
    assert db.session.scalar(db.select(db.func.count()).select_from(AuditRecord)) == before


def test_the_tablet_may_deliver_the_same_later(final, held, alice, sign_in):
    take(alice, final, parcel(final, {"entry": 0, "marks": FULL, "submit": True}))
    tablet = sign_in(final.judges[1])

    answer = tablet.post(
        f"/judge/api/sheets/{final.entries[0].id}/submit?part={final.part.id}", json={"client": "ab12", "revision": 0, "marks": FULL}, status=200
    )

    assert answer.json["changed"] is False
    assert len(held.records("sheet.submit")) == 1


def test_blind_entries_come_under_the_tablets_numbers_and_the_page_holds_no_other(final, held, alice):
    with write():
        final.event.is_blind = True
    file = parcel(final, {"entry": 0, "marks": FULL})
    file["sheets"][0]["entry"] = masks.numbered(final.entries[0].id)
    shown = look(alice, final, file).text
    held_by_page = json.loads(html.unescape(re.search('name="text" value="([^"]+)"', shown)[1]))
    assert held_by_page["sheets"][0]["entry"] == file["sheets"][0]["entry"]
    assert "已写入 评委2 的 1 张评分表" in take(alice, final, held_by_page)
    assert held.marks() == FULL


def test_newer_marks_on_the_server_are_never_overwritten(final, held, alice):
    held.give({"c1": 30 * UNIT})
    held.give({"c1": 31 * UNIT}, revision=1)
    file = parcel(final, {"entry": 0, "marks": {"c1": 10 * UNIT}, "revision": 1}, {"entry": 1, "marks": {"c1": 9 * UNIT}})

    shown = look(alice, final, file).get_data(as_text=True)
    assert "不能写入" in shown and "写入 1 张评分表" in shown
    assert "评委2 · 01" in take(alice, final, file)
    assert (held.marks(), held.marks(1)) == ({"c1": 31 * UNIT}, {"c1": 9 * UNIT})


def test_an_attempt_whose_answer_was_lost_is_continued(final, held, alice):
    held.give({"c1": 30 * UNIT})  # arrived, but the tablet does not know
    file = parcel(final, {"entry": 0, "marks": {"c1": 32 * UNIT}, "earlier": {"marks": {"c1": 30 * UNIT}}})

    take(alice, final, file)

    assert (held.marks(), held.sheet().revision) == ({"c1": 32 * UNIT}, 2)


def test_what_the_server_would_refuse_is_refused_here_too(final, held, alice):
    held.submit_all()
    other = final.judges[2]
    wrong = parcel(final, {"entry": 0, "marks": {"c1": 99 * UNIT}}, {"entry": 1, "marks": {"c1": 5 * UNIT}, "submit": True}, judge=other)

    shown = look(alice, final, wrong).get_data(as_text=True)

    assert shown.count("不能写入") == 2 and "没有要写入的内容" in shown
    assert "已经提交" in look(alice, final, parcel(final, {"entry": 0, "marks": {"c1": 5 * UNIT}})).get_data(as_text=True)
    take(alice, final, wrong)
    assert held.marks() == FULL and db.session.scalar(db.select(Sheet).where(Sheet.judge_id == other.id)) is None


def test_what_comes_too_late_reaches_the_chief_judge_once(final, held, alice, sign_in):
    final.session.state = "closed"
    db.session.commit()
    file = parcel(final, {"entry": 0, "marks": FULL, "submit": True}, {"entry": 1, "marks": {"c1": 99 * UNIT}})

    shown = look(alice, final, file).get_data(as_text=True)
    assert shown.count("转交总评委") == 2 and "本场评分已经结束" in shown and ">转交 2 张<" in shown and "<b>40</b>" in shown
    assert "2 张评分表不能再直接写入，已转交总评委处理" in take(alice, final, file)

    late = db.session.scalars(db.select(LateMark).order_by(LateMark.id)).all()
    assert [(row.code, row.message["marks"], row.message["submit"], row.state) for row in late] == [
        ("session_closed", FULL, True, "waiting"), ("session_closed", {"c1": 99 * UNIT}, False, "waiting"),
    ]  # fmt: skip
    assert held.records("late.keep")[0].actor_name == "Alice" and held.sheet() is None

    # Again, by hand or from the tablet itself: it is the same late mark.
    assert "已转交总评委" in look(alice, final, file).get_data(as_text=True)
    assert "没有重复写入" in take(alice, final, file)
    address = f"/judge/api/sheets/{final.entries[0].id}/submit?part={final.part.id}"
    answer = sign_in(final.judges[1]).post(address, json={"client": "ab12", "revision": 0, "marks": FULL, "rubric": ""}, status=423)
    assert answer.json["fate"] == "late" and db.session.scalar(db.select(db.func.count()).select_from(LateMark)) == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda file: b"\x00\xff", "没有拷贝完整"),
        (lambda file: b"x" * 400_000, "文件太大"),
        (lambda file: {"format": "other"}, "不是平板导出的打分文件"),
        (lambda file: {**file, "version": 2}, "另一个版本"),
        (lambda file: {**file, "sheets": [{"entry": True}]}, "内容不完整"),
        (lambda file: {**file, "sheets": [{**file["sheets"][0], "marks": [1]}]}, "内容不完整"),
        (lambda file: {**file, "sheets": 7}, "内容不完整"),
        (lambda file: {**file, "contest": {"id": 10**30, "name": "x"}}, "内容不完整"),
        (lambda file: {**file, "contest": {**file["contest"], "name": "别的竞赛"}}, "另一个竞赛"),
        (lambda file: {**file, "judge": {**file["judge"], "name": "别人"}}, "没有文件里的这位评委"),
    ],
)
def test_files_that_are_not_taken(final, alice, change, said):
    file = change(parcel(final, {"entry": 0, "marks": {"c1": 5 * UNIT}}))

    look(alice, final, file, status=302)

    assert said in alice.get(pages(final)).get_data(as_text=True)
    assert db.session.scalar(db.select(Sheet)) is None


@pytest.mark.parametrize("marks", [{"c1": "5"}, {"c1": 1.5}, {"zz": 1}, {"c1": True}])
def test_marks_that_are_none_are_refused_sheet_by_sheet(final, alice, marks):
    file = parcel(final, {"entry": 0, "marks": marks, "earlier": {"marks": 7, "comment": 9, "revision": "x"}})

    assert "不能写入" in look(alice, final, file).get_data(as_text=True)
    take(alice, final, file)
    assert db.session.scalar(db.select(Sheet)) is None


def test_only_who_manages_judging_may_import(final, people, sign_in):
    for person, status in ((people.carol, 403), (people.dan, 404), (final.judges[0], 403)):
        sign_in(person).get(pages(final), status=status)
        sign_in(person).post(f"{pages(final)}/take", {"text": "{}"}, status=status)


def test_a_look_writes_nothing_and_takes_no_revision(final, held):
    held.give({"c1": 30 * UNIT})
    common = {"judge_id": held.judge.id, "comment": None, "rubric": "", "submit": False, "now": held.now}

    found = service.prospect(final.entries[0].id, final.part.id, revision=1, marks={"c1": None, "c2": 5 * UNIT}, **common)

    assert found == ({"c1": 30 * UNIT}, {"c2": 5 * UNIT}, 1, False, None)
    assert (held.sheet().revision, held.marks()) == (1, {"c1": 30 * UNIT})
