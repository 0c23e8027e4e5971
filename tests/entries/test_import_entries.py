"""The innovation final's workbook through the web: preview, confirm, again, undo."""

import csv
from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from compete.audit import service as audit
from compete.database import write
from compete.entries import imports
from compete.models import AuditRecord, ColumnMemory, Contest, Entry, Import, Member, Organization, Sheet, Slot, db
from tests import support
from tests.entries.conftest import HEAD, SHARED, book, upload

needs_inputs = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared workbooks are not here")
GOOD = (1, "金成果", "在线监测", "淮南矿业", "高新立", "曾明伟、吕磊", "13753645568", "610113197012110008", "446")
OTHER = (2, "金成果", "自动换卷", "马钢", "李玉海", "", "17697880932", "340102199911040001", "56.7")


def stored_rows():
    """The database as the lines of the expected csv."""
    lines = []
    for entry in db.session.scalars(sa.select(Entry).order_by(Entry.event_id, Entry.number)):
        leader = next(person for person in entry.members if person.role == "leader")
        others = "、".join(person.name for person in entry.members if person.role != "leader")
        lines.append({
            "赛道": entry.event.name, "序号": str(entry.number), "成果名称": entry.title, "申报单位": entry.organization.name,
            "所在市": entry.delegation.name, "第一完成人": leader.name, "其他完成人": others, "联系电话": leader.phone, "身份证号": leader.id_number,
            "节约成本万元": entry.extras.get("节约成本万元", ""), "工期": entry.extras.get("工期", ""),
        })  # fmt: skip
    return lines


def expected_rows():
    with open(SHARED / "innovation-final.expected.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@needs_inputs
def test_preview_shows_four_problems_and_confirming_all_gives_the_expected_rows(innovation, alice):
    page = upload(alice, innovation.url, (SHARED / "innovation-final.xlsx").read_bytes())

    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/ticks", {"wrong": "all"})
    answer = alice.post(page + "/confirm", {})

    row = db.session.scalar(sa.select(Import))
    assert {key: row.counts[key] for key in ("rows", "add", "wrong", "mendable")} == {"rows": 35, "add": 31, "wrong": 4, "mendable": 2}
    for where, message in (("金成果 第12行", "身份证号校验位不符"), ("金成果 第15行", "联系电话不是11位手机号"),
                           ("金成果 第24行", "与第6行重复（同单位同名成果）"), ("金项目 第11行", "缺第一完成人")):  # fmt: skip
        assert f"<strong>{where}</strong>：{message}" in preview
    assert preview.count('<li class="error">') == 4
    assert answer.status_code == 302
    assert stored_rows() == expected_rows()
    assert list(audit.verify(innovation.contest.id)) == []


@needs_inputs
def test_without_ticking_only_the_31_good_rows_go_in(innovation, alice):
    page = upload(alice, innovation.url, (SHARED / "innovation-final.xlsx").read_bytes())

    alice.post(page + "/confirm", {})

    wrong = {("金成果", "8"), ("金成果", "11"), ("金成果", "20"), ("金项目", "7")}
    assert stored_rows() == [line for line in expected_rows() if (line["赛道"], line["序号"]) not in wrong]
    assert {entry.state for entry in db.session.scalars(sa.select(Entry))} == {"pending"}


@needs_inputs
def test_the_same_file_again_leaves_everything_alone(innovation, alice):
    data = (SHARED / "innovation-final.xlsx").read_bytes()
    first = upload(alice, innovation.url, data)
    alice.post(first + "/ticks", {"wrong": "all"})
    alice.post(first + "/confirm", {})
    before = stored_rows()

    second = upload(alice, innovation.url, data)
    again = alice.post(second + "/confirm", {}, follow_redirects=True, status=200).get_data(as_text=True)
    twice = alice.post(first + "/confirm", {}, follow_redirects=True, status=200).get_data(as_text=True)

    row = db.session.scalar(sa.select(Import).order_by(Import.id.desc()))
    assert row.counts["same"] == 35 and row.counts["taken"] == 0
    assert "没有要导入的行" in again
    assert "这份名单已经处理过" in twice
    assert stored_rows() == before


@needs_inputs
def test_undo_takes_everything_back(innovation, alice):
    page = upload(alice, innovation.url, (SHARED / "innovation-final.xlsx").read_bytes())
    alice.post(page + "/confirm", {})

    alice.post(page + "/undo", {})

    assert [db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in (Entry, Member, Organization)] == [0, 0, 0]
    row = db.session.scalar(sa.select(Import))
    assert (row.state, row.content, row.changes) == ("undone", None, None)
    assert list(audit.verify(innovation.contest.id)) == []


def test_a_preview_changes_nothing(innovation, alice):
    page = upload(alice, innovation.url, book(GOOD))
    alice.get(page)

    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 0


def test_changes_are_shown_field_by_field_applied_and_undone(innovation, alice):
    alice.post(upload(alice, innovation.url, book(GOOD, OTHER)) + "/confirm", {})
    before = [(p.name, p.phone, p.id_number) for p in db.session.scalars(sa.select(Member).order_by(Member.id))]
    changed = (1, "金成果", "在线监测", "淮南矿业", "高新立", "曾明伟、马国", "13900000001", "", "500")

    page = upload(alice, innovation.url, book(changed, OTHER))
    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {})
    entry = db.session.scalar(sa.select(Entry).where(Entry.number == 1))
    after = ([person.name for person in entry.members], entry.members[0].phone, entry.members[0].id_number, entry.extras)
    alice.post(page + "/undo", {})

    assert '<td class="was">446</td><td class="now">500</td>' in preview
    assert '<td class="was">137****5568</td><td class="now">139****0001</td>' in preview
    assert "高新立、曾明伟、吕磊" in preview and "高新立、曾明伟、马国" in preview
    assert after == (["高新立", "曾明伟", "马国"], "13900000001", "610113197012110008", {"节约成本万元": "500"})
    assert db.session.scalar(sa.select(Entry).where(Entry.number == 1)).extras == {"节约成本万元": "446"}
    assert sorted((p.name, p.phone, p.id_number) for p in db.session.scalars(sa.select(Member))) == sorted(before)


def test_a_preview_gone_stale_is_made_anew_instead_of_confirmed(innovation, alice):
    first, second = upload(alice, innovation.url, book(GOOD)), upload(alice, innovation.url, book(GOOD, OTHER))
    alice.post(first + "/confirm", {})

    told = alice.post(second + "/confirm", {}, follow_redirects=True, status=200).get_data(as_text=True)
    count = db.session.scalar(sa.select(sa.func.count(Entry.id)))
    alice.post(second + "/confirm", {})

    assert "预览之后名单有了变化" in told and count == 1
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 2


@pytest.mark.parametrize("moved", ["nothing", "elsewhere", "an entry", "a tick"])
def test_what_moves_between_getting_ready_and_the_lock_is_seen(innovation, alice, moved):
    """Reading, comparing and encrypting come before the lock; the import still rests on what stands when it is carried out."""
    page, contest, (first, _) = upload(alice, innovation.url, book(GOOD, OTHER)), innovation.contest.id, innovation.events
    number = int(page.rsplit("/", 1)[1])
    made, asked = imports.ready(db.session.get(Contest, contest), number), {"actor": audit.SYSTEM, "now": support.NOW}
    key = made.taken[0]["key"]
    with write():
        if moved == "elsewhere":
            audit.record(contest_id=contest, action="session.make", subject="session", **asked)
        if moved == "an entry":
            db.session.add(Entry(event_id=first.id, number=1, title="在线监测", title_key="在线监测", extras={}, created_at=support.NOW, updated_at=support.NOW))
            audit.record(contest_id=contest, action="entry.add", subject="entry", **asked)
        if moved == "a tick":
            imports.tick(db.session.get(Import, number), shown=[key], ticked=[])
    with write():
        told = [problem.code for problem in imports.confirm(db.session.get(Contest, contest), number, made, **asked)]
    assert told == (["changed_since"] if moved == "an entry" else [])
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == {"nothing": 2, "elsewhere": 2, "an entry": 1, "a tick": 1}[moved]
    with write():
        again = [problem.code for problem in imports.confirm(db.session.get(Contest, contest), number, made, **asked)]
    assert again == ([] if moved == "an entry" else ["not_preview"])  # the preview made anew says what to do with the entry there is
    leaders = {entry.title: entry.members[0].phone for entry in db.session.scalars(sa.select(Entry)) if entry.members}
    assert leaders["自动换卷"] == "17697880932" and list(audit.verify(contest)) == []


def test_undo_is_refused_once_judging_began(innovation, alice):
    page = upload(alice, innovation.url, book(GOOD))
    alice.post(page + "/confirm", {})
    final = support.make_final(entries=1, judges=1)
    entry = db.session.scalar(sa.select(Entry).where(Entry.title == "在线监测"))
    db.session.add(Sheet(part_id=final.part.id, entry_id=entry.id, judge_id=final.judges[0].id, updated_at=support.NOW))
    db.session.commit()

    told = alice.post(page + "/undo", {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "已有项目开始评分，不能整批撤销" in told
    assert db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.title == "在线监测")) == 1


def test_undo_keeps_what_was_edited_by_hand_since(innovation, alice):
    alice.post(upload(alice, innovation.url, book(GOOD)) + "/confirm", {})
    page = upload(alice, innovation.url, book((*GOOD[:8], "999")))
    alice.post(page + "/confirm", {})
    entry = db.session.scalar(sa.select(Entry))
    entry.summary = "手工补写"
    db.session.commit()

    told = alice.post(page + "/undo", {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "导入后又由人改过，保持现状" in told
    assert db.session.scalar(sa.select(Entry)).extras == {"节约成本万元": "999"}


def test_single_rows_are_ticked_off_and_on(innovation, alice):
    wrong = (3, "金成果", "防撞预警", "合肥水务", "何涛芳", "", "1787645291", "440305196811280008", "")
    page = upload(alice, innovation.url, book(GOOD, OTHER, wrong))

    alice.post(page + "/confirm", {"shown": ["0:2", "0:3", "0:4"], "take": ["0:3", "0:4"]})

    entries = db.session.scalars(sa.select(Entry).order_by(Entry.number)).all()
    assert [(entry.number, entry.state, entry.state_reason) for entry in entries] == [
        (2, "pending", ""), (3, "pending", "导入时发现：联系电话不是11位手机号（名单 第4行）"),
    ]  # fmt: skip


def test_columns_are_matched_by_hand_and_remembered(innovation, alice):
    head = ("序号", "赛道", "成果名称", "申报单位", "第一完成人", "项目组", "联系电话", "身份证号", "节约成本（万元）")
    page = upload(alice, innovation.url, book(GOOD, head=head))

    targets = {"1": "number", "2": "event", "3": "title", "4": "organization", "5": "leader", "6": "members", "7": "phone", "8": "id_number", "9": ""}
    alice.post(page + "/columns", {f"c-0-{index}": target for index, target in targets.items()})
    alice.post(page + "/confirm", {})
    later = upload(alice, innovation.url, book(OTHER, head=head))
    alice.get(later)

    entry = db.session.scalar(sa.select(Entry))
    assert [person.name for person in entry.members] == ["高新立", "曾明伟", "吕磊"]
    assert entry.extras == {}
    assert ("项目组", "members") in db.session.execute(sa.select(ColumnMemory.heading, ColumnMemory.field)).all()
    columns = db.session.get(Import, int(later.rsplit("/", 1)[1])).content["sheets"][0]["columns"]
    assert [column["target"] for column in columns if column["label"] == "项目组"] == ["members"]


def test_the_event_is_chosen_by_hand_when_the_name_is_unknown(innovation, alice):
    page = upload(alice, innovation.url, book((1, "青年赛道", *GOOD[2:])))
    before = alice.get(page).get_data(as_text=True)

    alice.post(page + "/events", {"e-0": innovation.events[1].id})
    alice.post(page + "/confirm", {})

    assert "“青年赛道”没有对应的赛项" in before
    assert db.session.scalar(sa.select(Entry)).event.name == "金项目"


def test_each_sheet_of_a_plain_name_is_given_its_event(innovation, alice):
    made = Workbook()
    made.active.title = "Sheet1"
    for sheet, title in ((made.active, "甲方案"), (made.create_sheet("Sheet2"), "乙方案")):
        sheet.append(("序号", "成果名称", "申报单位", "第一完成人"))
        sheet.append((1, title, "某单位", "张三"))
    out = BytesIO()
    made.save(out)
    page = upload(alice, innovation.url, out.getvalue())

    alice.post(page + "/events", {"e-0": innovation.events[1].id, "e-1": innovation.events[0].id})
    alice.post(page + "/confirm", {})

    assert {entry.title: entry.event.name for entry in db.session.scalars(sa.select(Entry))} == {"甲方案": "金项目", "乙方案": "金成果"}


def test_taken_numbers_give_way_to_the_next_free_one(innovation, alice):
    alice.post(upload(alice, innovation.url, book(GOOD)) + "/confirm", {})

    page = upload(alice, innovation.url, book((1, "金成果", "另一项", "铜陵建设", "傅新平", "", "", "", ""), ("A-7", *OTHER[1:])))
    told = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {})

    assert "表中序号“1”已被占用或不是整数，编为 2" in told
    assert [(e.number, e.title) for e in db.session.scalars(sa.select(Entry).order_by(Entry.number))] == [(1, "在线监测"), (2, "另一项"), (3, "自动换卷")]


def test_personal_data_is_sealed_and_stays_out_of_the_audit_trail(innovation, alice):
    alice.post(upload(alice, innovation.url, book(GOOD)) + "/confirm", {})

    raw = db.session.execute(sa.text("SELECT phone, id_number FROM member WHERE id_number IS NOT NULL")).one()
    kept = db.session.execute(sa.text("SELECT content, changes FROM import")).one()
    told = [str((record.before, record.after, record.reason)) for record in db.session.scalars(sa.select(AuditRecord))]
    for number in ("13753645568", "610113197012110008"):
        assert not any(number.encode() in bytes(value) for value in (*raw, *kept))
        assert not any(number in text for text in told)
    assert any("137****5568" in text for text in told)


def test_dropping_a_preview_deletes_its_rows(innovation, alice):
    page = upload(alice, innovation.url, book(GOOD))

    alice.post(page + "/drop", {})

    row = db.session.scalar(sa.select(Import))
    assert (row.state, row.content) == ("dropped", None)
    alice.get(page)


@pytest.mark.parametrize(("name", "data"), [
    ("名单.txt", b"abc"), ("名单.xlsx", b"PK\x03\x04 broken"), ("名单.xlsx", b""),
])  # fmt: skip
def test_files_that_are_no_roster_are_refused_with_a_message(innovation, alice, name, data):
    answer = alice.post(f"{innovation.url}/imports/new?kind=entries", {"file": (BytesIO(data), name), "roster": "projects"},
                        content_type="multipart/form-data", status=200)  # fmt: skip

    assert "notice-problem" in answer.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Import.id))) == 0


def test_only_organisers_import(innovation, sign_in):
    for person in (innovation.people.bob, innovation.people.carol):
        sign_in(person).get(f"{innovation.url}/imports/new?kind=entries", status=403)
    sign_in(innovation.people.dan).get(f"{innovation.url}/imports/new?kind=entries", status=404)


def test_rare_characters_formulas_and_the_longest_cell_survive(innovation, alice):
    long = "长" * 32_767
    rows = [
        (1, "金成果", "=1+1 <b>𬱖</b>", "@SUM(A1)", "䶮㛃", "㙟🎉", "", "", "+1"),
        (2, "金成果", "题" * 300, "单位", "甲", "", "", "", ""),
        (3, "金成果", "说明很长", "单位", "乙\x0b", "", "", "", long),
    ]
    head = (*HEAD[:8], "备注")
    data = book(*[tuple(value.replace("\x0b", "") if isinstance(value, str) else value for value in row) for row in rows], head=head)
    page = upload(alice, innovation.url, data)
    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {})
    entries = db.session.scalars(sa.select(Entry).order_by(Entry.number)).all()
    shown = alice.get(f"{innovation.url}/entries/{entries[0].id}").get_data(as_text=True)

    assert "名称有300个字，最多200个" in preview
    assert [(entry.number, entry.title) for entry in entries] == [(1, "=1+1 <b>𬱖</b>"), (3, "说明很长")]
    assert [person.name for person in entries[0].members] == ["䶮㛃", "㙟🎉"]
    assert entries[1].extras == {"备注": long}
    assert "=1+1 &lt;b&gt;𬱖&lt;/b&gt;" in shown and "<b>𬱖" not in shown
    alice.get(f"{innovation.url}/entries/{entries[1].id}")


def test_rows_that_only_warn_go_in_and_keep_the_note(innovation, alice):
    alice.post(upload(alice, innovation.url, book((1, "金成果", "某项目", "某单位", "张三", "", "0551-62801234", "", ""))) + "/confirm", {})

    entry = db.session.scalar(sa.select(Entry))
    assert entry.members[0].phone == "055162801234"
    assert entry.state_reason == "导入时发现：联系电话是固定电话，收不到短信（名单 第2行）"


def test_ticks_of_a_page_are_kept_for_the_next(innovation, alice):
    page = upload(alice, innovation.url, book(GOOD, OTHER))

    answer = alice.post(page + "/ticks", {"shown": ["0:2", "0:3"], "take": ["0:3"]}, headers={"X-Requested-With": "fetch"}, status=200)
    alice.post(page + "/confirm", {})

    assert answer.get_json() == {"taken": 1, "taken_wrong": 0}
    assert db.session.scalars(sa.select(Entry.title)).all() == ["自动换卷"]


def test_entries_already_judged_are_not_changed_by_a_list(final, people, sign_in):
    alice, entry = sign_in(people.alice), final.entries[0]
    db.session.add(Sheet(part_id=final.part.id, entry_id=entry.id, judge_id=final.judges[0].id, updated_at=support.NOW))
    db.session.commit()
    page = upload(alice, f"/contests/{final.contest.id}", book((1, "金成果", "项目1", "单位1", "换人", "", "", "", "")))

    preview = alice.get(page).get_data(as_text=True)
    alice.post(page + "/confirm", {"shown": ["0:2"], "take": ["0:2"]})

    assert "1 号已开始评分，不由名单更改" in preview
    assert [person.name for person in db.session.get(Entry, entry.id).members] == ["完成人1"]


def test_undo_after_the_draw_withdraws_instead_of_deleting(final, people, sign_in):
    alice = sign_in(people.alice)
    page = upload(alice, f"/contests/{final.contest.id}", book((9, "金成果", "新项目", "新单位", "张三", "", "", "", "")))
    alice.post(page + "/confirm", {})
    entry = db.session.scalar(sa.select(Entry).where(Entry.title == "新项目"))
    db.session.add(Slot(session_id=final.session.id, entry_id=entry.id, position=4))
    db.session.commit()

    told = alice.post(page + "/undo", {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "改为退赛，没有删去" in told
    assert db.session.execute(sa.select(Entry.state, Entry.state_reason).where(Entry.id == entry.id)).one() == ("withdrawn", "撤销导入 名单.xlsx")
    assert list(audit.verify(final.contest.id)) == []
