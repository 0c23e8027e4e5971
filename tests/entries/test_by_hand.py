"""Adding and editing an entry by hand, its page and its history."""

import pytest
import sqlalchemy as sa

from compete.models import AuditRecord, Entry, Member, Recusal, db
from tests.support import counted_queries

FORM = {
    "title": "在线监测（1号）", "organization": "淮南矿业集团", "delegation": "淮南市", "summary": "一句话", "in_competition": "y",
    "members-0-name": "高　新立", "members-0-role": "leader", "members-0-phone": "137 5364 5568", "members-0-id_number": "610113197012110008",
    "members-1-name": "曾明伟", "members-1-role": "member", "extras-0-name": "工期", "extras-0-value": "45→30",
}  # fmt: skip


@pytest.fixture
def made(innovation, alice):
    alice.post(f"{innovation.url}/entries/new", {**FORM, "event_id": innovation.events[0].id})
    return db.session.scalar(sa.select(Entry))


def edit_form(entry: Entry, **changes) -> dict:
    form = {**FORM, "event_id": entry.event_id, "number": entry.number, "seen": entry.updated_at.isoformat(), "members-0-phone": "",
            "members-0-id_number": "", "members-0-known": str(entry.members[0].id), "members-1-known": str(entry.members[1].id)}  # fmt: skip
    return {**form, **changes}


def test_an_entry_by_hand_gets_the_next_number_and_waits_for_review(innovation, alice, made):
    alice.post(f"{innovation.url}/entries/new", {**FORM, "title": "另一项", "event_id": innovation.events[0].id})

    second = db.session.scalar(sa.select(Entry).where(Entry.number == 2))
    assert (made.number, made.state, made.organization.name, made.delegation.name) == (1, "pending", "淮南矿业集团", "淮南市")
    assert [(p.name, p.role, p.phone, p.id_number) for p in made.members] == [
        ("高新立", "leader", "13753645568", "610113197012110008"), ("曾明伟", "member", None, None)]  # fmt: skip
    assert made.extras == {"工期": "45→30"}
    assert second.organization_id == made.organization_id


def test_the_page_masks_phone_and_identity_number(innovation, alice, made):
    page = alice.get(f"{innovation.url}/entries/{made.id}").get_data(as_text=True)

    assert "137****5568" in page and "6101**********0008" in page
    assert "13753645568" not in page and "610113197012110008" not in page
    form = alice.get(f"{innovation.url}/entries/{made.id}/edit").get_data(as_text=True)
    assert "13753645568" not in form and "610113197012110008" not in form


def test_empty_number_fields_keep_what_is_stored(innovation, alice, made):
    alice.post(f"{innovation.url}/entries/{made.id}/edit", edit_form(made, title="在线监测（修订）"))

    entry = db.session.scalar(sa.select(Entry))
    assert (entry.title, entry.members[0].phone, entry.members[0].id_number) == ("在线监测（修订）", "13753645568", "610113197012110008")


def test_history_tells_who_changed_what_from_what(innovation, alice, made):
    alice.post(f"{innovation.url}/entries/{made.id}/edit", edit_form(made, organization="阜阳公司", reason="单位改制", **{"members-0-phone": "13900000001"}))
    page = alice.get(f"{innovation.url}/entries/{made.id}").get_data(as_text=True)

    assert '<th scope="row">单位</th><td class="was">淮南矿业集团</td><td class="now">阜阳公司</td>' in page
    assert "139****0001" in page and "原因：单位改制" in page and "Alice" in page


def test_a_digit_under_the_mask_is_recorded_without_being_shown(innovation, alice, made):
    alice.post(f"{innovation.url}/entries/{made.id}/edit", edit_form(made, **{"members-0-phone": "13753745568"}))

    record = db.session.scalar(sa.select(AuditRecord).where(AuditRecord.action == "entry.edit"))
    assert record.after["members"][0] == "高新立 负责人 137****5568 6101**********0008（号码已更正）"


def test_nothing_changed_records_nothing(innovation, alice, made):
    alice.post(f"{innovation.url}/entries/{made.id}/edit", edit_form(made))

    assert db.session.scalar(sa.select(sa.func.count(AuditRecord.id)).where(AuditRecord.action == "entry.edit")) == 0


def test_two_people_editing_the_second_is_warned(innovation, alice, made):
    stale = edit_form(made, title="后改")
    alice.post(f"{innovation.url}/entries/{made.id}/edit", edit_form(made, title="先改"))

    told = alice.post(f"{innovation.url}/entries/{made.id}/edit", stale, status=200).get_data(as_text=True)

    assert "刚由别人改过" in told
    assert db.session.scalar(sa.select(Entry.title)) == "先改"


@pytest.mark.parametrize(("changes", "message"), [
    ({"title": ""}, "请填写名称"),
    ({"members-0-id_number": "610113197012110009"}, "身份证号校验位不符"),
    ({"members-0-phone": "1375364556"}, "联系电话不是11位手机号"),
    ({"members-1-role": "leader"}, "只能有一位"),
    ({"number": "0"}, "序号应为 1 到 999999 的整数"),
    ({"title": "长" * 201}, "字段长度"),
])  # fmt: skip
def test_what_is_wrong_is_told_at_its_field(innovation, alice, changes, message):
    page = alice.post(f"{innovation.url}/entries/new", {**FORM, "event_id": innovation.events[0].id, **changes}, status=200)

    assert message in page.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 0


def test_an_unusual_number_is_kept_with_a_reason(innovation, alice):
    odd = {"members-0-id_number": "610113197012110009", "checked": "y", "reason": "已核对证件原件"}
    alice.post(f"{innovation.url}/entries/new", {**FORM, "event_id": innovation.events[0].id, **odd})

    assert db.session.scalar(sa.select(Member.id_number).where(Member.role == "leader")) == "610113197012110009"


def test_a_taken_number_is_refused_with_a_free_one(innovation, alice, made):
    page = alice.post(f"{innovation.url}/entries/new", {**FORM, "event_id": innovation.events[0].id, "number": "1"}, status=200)

    assert "序号 1 已由“在线监测（1号）”使用" in page.get_data(as_text=True) and "请改用 2" in page.get_data(as_text=True)


def test_another_row_is_added_without_scripts(innovation, alice):
    page = alice.post(f"{innovation.url}/entries/new", {**FORM, "event_id": innovation.events[0].id, "more_members": "1"}, status=200)

    assert 'name="members-2-name"' in page.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Entry.id))) == 0


def test_removing_a_member_and_reordering_keeps_the_others(innovation, alice, made):
    kept = made.members[1].id
    form = edit_form(made, **{"members-0-name": "", "members-1-role": "leader"})
    alice.post(f"{innovation.url}/entries/{made.id}/edit", form)

    entry = db.session.scalar(sa.select(Entry))
    assert [(person.id, person.name, person.role) for person in entry.members] == [(kept, "曾明伟", "leader")]


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "<script>alert(1)</script>", "𬱖䶮㛃㙟🎉", "甲\u202e乙"])
def test_odd_text_survives_and_is_escaped(innovation, alice, text):
    alice.post(f"{innovation.url}/entries/new", {**FORM, "title": text, "event_id": innovation.events[0].id})
    entry = db.session.scalar(sa.select(Entry))
    page = alice.get(f"{innovation.url}/entries/{entry.id}").get_data(as_text=True)

    assert entry.title == text.replace("\u202e", "")
    assert "<script>alert" not in page


def test_a_changed_organization_recuses_its_judges(final, people, sign_in):
    entry = final.entries[0]
    sign_in(people.alice).post(
        f"/contests/{final.contest.id}/entries/{entry.id}/edit",
        {"event_id": entry.event_id, "number": entry.number, "title": entry.title, "organization": "评委单位2", "in_competition": "y"},
    )

    made = db.session.scalar(sa.select(Recusal))
    assert (made.entry_id, made.judge_id, made.cause) == (entry.id, final.judges[1].id, "same_organization")


def test_an_entry_of_another_contest_is_not_found(innovation, alice, made):
    from tests import support

    other = support.make_final(entries=1, judges=1)

    alice.get(f"{innovation.url}/entries/{other.entries[0].id}", status=404)
    alice.get(f"{innovation.url}/entries/{other.entries[0].id}/edit", status=404)


def test_the_page_takes_as_many_queries_for_three_members_as_for_one(innovation, alice, made):
    alice.get(f"{innovation.url}/entries/{made.id}")
    with counted_queries() as one:
        alice.get(f"{innovation.url}/entries/{made.id}")
    more = edit_form(made, **{"members-2-name": "吕磊", "members-2-role": "member", "members-3-name": "马国", "members-3-role": "member"})
    alice.post(f"{innovation.url}/entries/{made.id}/edit", more)
    alice.get(f"{innovation.url}/entries/{made.id}")
    with counted_queries() as many:
        alice.get(f"{innovation.url}/entries/{made.id}")

    assert len(many) == len(one)
    assert len(one) <= 16
