"""The judges' workbook through the web."""

import csv

import pytest
import sqlalchemy as sa

from compete.models import JUDGE_ROLES, Import, Judge, Recusal, Seat, db
from tests import support
from tests.entries.conftest import SHARED, book, upload

HEAD = ("序号", "姓名", "单位", "职称", "角色", "电话")
WANG = (1, "王超建", "工业大学", "教授", "总评委", "18850388905")


def judges():
    rows = db.session.scalars(sa.select(Judge).where(Judge.withdrawn_at.is_(None)).order_by(Judge.position))
    return [(str(row.position), row.name, row.organization, row.title, JUDGE_ROLES[row.role]) for row in rows]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared workbooks are not here")
def test_the_shared_list_comes_in_and_a_second_time_adds_none(innovation, alice):
    data = (SHARED / "judges.xlsx").read_bytes()
    alice.post(upload(alice, innovation.url, data, kind="judges") + "/confirm", {})
    first = judges()
    again = upload(alice, innovation.url, data, kind="judges")
    alice.post(again + "/confirm", {})

    with open(SHARED / "judges.expected.csv", encoding="utf-8-sig", newline="") as file:
        expected = [tuple(line[key] for key in ("序号", "姓名", "单位", "职称", "角色")) for line in csv.DictReader(file)]
    assert first == expected == judges()
    assert db.session.scalar(sa.select(Import).order_by(Import.id.desc())).counts["same"] == 9


def test_a_changed_title_and_phone_are_shown_and_applied(innovation, alice):
    alice.post(upload(alice, innovation.url, book(WANG, head=HEAD), kind="judges") + "/confirm", {})
    page = upload(alice, innovation.url, book((*WANG[:3], "研究员", "评委", "13900000001"), head=HEAD), kind="judges")
    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {})
    changed = judges()
    alice.post(page + "/undo", {})

    assert '<td class="was">教授</td><td class="now">研究员</td>' in preview and "139****0001" in preview
    assert changed == [("1", "王超建", "工业大学", "研究员", "评委")]
    assert judges() == [("1", "王超建", "工业大学", "教授", "总评委")]
    assert db.session.scalar(sa.select(Judge.phone)) == "18850388905"


def test_an_unknown_role_stops_the_row(innovation, alice):
    page = upload(alice, innovation.url, book(WANG, (2, "罗思", "科学院", "", "司机", ""), head=HEAD), kind="judges")
    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {"shown": ["0:2", "0:3"], "take": ["0:2", "0:3"]})

    assert "角色“司机”不认识" in preview
    assert [row[1] for row in judges()] == ["王超建"]


def test_judges_of_an_entrants_organization_are_recused_at_once(final, people, sign_in):
    alice = sign_in(people.alice)
    page = upload(alice, f"/contests/{final.contest.id}", book((9, "新评委", "单位2", "", "评委", ""), head=HEAD), kind="judges")
    alice.post(page + "/confirm", {})

    assert db.session.scalar(sa.select(Recusal.entry_id)) == final.entries[1].id


def test_undo_removes_judges_and_withdraws_those_in_a_panel(final, people, sign_in):
    alice = sign_in(people.alice)
    rows = [(9, "新评委", "某校", "", "评委", ""), (10, "另一位", "某校", "", "评委", "")]
    page = upload(alice, f"/contests/{final.contest.id}", book(*rows, head=HEAD), kind="judges")
    alice.post(page + "/confirm", {})
    new = db.session.scalar(sa.select(Judge).where(Judge.name == "新评委"))
    db.session.add(Seat(panel_id=final.panel.id, judge_id=new.id))
    db.session.commit()

    alice.post(page + "/undo", {})

    left = {row.name: row.withdrawn_at for row in db.session.scalars(sa.select(Judge).where(Judge.import_id.is_not(None)))}
    assert list(left) == ["新评委"] and left["新评委"] is not None
    assert db.session.scalar(sa.select(sa.func.count(Seat.id)).where(Seat.judge_id == new.id)) == 0


def test_undo_is_refused_once_such_a_judge_has_marked(app, sign_in):
    final = support.make_final(marked=False)
    people = support.make_people(final.contest)
    alice = sign_in(people.alice)
    page = upload(alice, f"/contests/{final.contest.id}", book((9, "新评委", "某校", "", "评委", ""), head=HEAD), kind="judges")
    alice.post(page + "/confirm", {})
    new = db.session.scalar(sa.select(Judge).where(Judge.name == "新评委"))
    db.session.add(support.Sheet(part_id=final.part.id, entry_id=final.entries[0].id, judge_id=new.id, updated_at=support.NOW))
    db.session.commit()

    told = alice.post(page + "/undo", {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "不能整批撤销" in told and db.session.get(Import, 1).state == "confirmed"
