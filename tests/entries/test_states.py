"""Approving, returning, withdrawing, disqualifying, not counting; the queue; taking it back."""

import re

import pytest
import sqlalchemy as sa

from compete.models import AuditRecord, Entry, Member, Sheet, db
from tests import support
from tests.support import counted_queries


@pytest.fixture
def waiting(final, people, sign_in):
    """Three entries waiting for review, complete with numbers, and Alice's browser."""
    for place, entry in enumerate(final.entries):
        entry.state = "pending"
        entry.members[0].id_number, entry.members[0].phone = ("610113197012110008", "340102199911040001", "330206199808260005")[place], "13753645568"
    db.session.commit()
    final.url = f"/contests/{final.contest.id}/entries"
    final.alice = sign_in(people.alice)
    return final


def state(entry_id: int):
    return db.session.execute(sa.select(Entry.state, Entry.state_reason).where(Entry.id == entry_id)).one()


def test_approve_and_undo(waiting):
    number = waiting.entries[0].id
    page = waiting.alice.post(f"{waiting.url}/{number}/state/approve", {}, follow_redirects=True, status=200).get_data(as_text=True)
    approved = state(number)
    undo = re.search(r'action="([^"]*entries/undo[^"]*)"', page).group(1).replace("&amp;", "&")

    waiting.alice.post(undo, {})

    assert approved == ("approved", "") and state(number) == ("pending", "")
    actions = db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.subject_id == number, AuditRecord.subject == "entry").order_by(AuditRecord.number)).all()
    assert actions == ["entry.approve", "entry.undo"]


@pytest.mark.parametrize(("verb", "target"), [("return", "returned"), ("withdraw", "withdrawn"), ("disqualify", "disqualified")])
def test_the_grave_verbs_need_a_reason(waiting, verb, target):
    number = waiting.entries[0].id
    told = waiting.alice.post(f"{waiting.url}/{number}/state/{verb}", {"reason": " "}, follow_redirects=True, status=200).get_data(as_text=True)
    before = state(number)
    waiting.alice.post(f"{waiting.url}/{number}/state/{verb}", {"reason": "材料不全"})

    assert "没有写理由" in told and before == ("pending", "")
    assert state(number) == (target, "材料不全")
    assert db.session.scalar(sa.select(AuditRecord.reason).where(AuditRecord.action == f"entry.{verb}")) == "材料不全"


def test_a_verb_that_does_not_fit_changes_nothing(waiting):
    number = waiting.entries[0].id
    waiting.alice.post(f"{waiting.url}/{number}/state/approve", {})

    told = waiting.alice.post(f"{waiting.url}/{number}/state/approve", {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "现为“已通过”，不能通过" in told
    assert db.session.scalar(sa.select(sa.func.count(AuditRecord.id)).where(AuditRecord.action == "entry.approve")) == 1


def test_many_at_once_and_back(waiting):
    ids = [entry.id for entry in waiting.entries]
    page = waiting.alice.post(f"{waiting.url}/approve", {"entry": ids[:2]}, follow_redirects=True, status=200).get_data(as_text=True)
    after = [state(number)[0] for number in ids]
    undo = re.search(r'action="([^"]*entries/undo[^"]*)"', page).group(1).replace("&amp;", "&")
    waiting.alice.post(undo, {})

    assert after == ["approved", "approved", "pending"]
    assert [state(number)[0] for number in ids] == ["pending"] * 3


def test_undo_leaves_what_was_changed_again_since(waiting):
    number = waiting.entries[0].id
    page = waiting.alice.post(f"{waiting.url}/{number}/state/approve", {}, follow_redirects=True, status=200).get_data(as_text=True)
    undo = re.search(r'action="([^"]*entries/undo[^"]*)"', page).group(1).replace("&amp;", "&")
    waiting.alice.post(f"{waiting.url}/{number}/state/withdraw", {"reason": "主动退赛"})

    told = waiting.alice.post(undo, {}, follow_redirects=True, status=200).get_data(as_text=True)

    assert "此后又改过，没有撤销" in told and state(number) == ("withdrawn", "主动退赛")


def test_once_judged_an_entry_cannot_be_returned_but_can_be_disqualified(waiting):
    entry = waiting.entries[0]
    entry.state = "approved"
    db.session.add(Sheet(part_id=waiting.part.id, entry_id=entry.id, judge_id=waiting.judges[0].id, updated_at=support.NOW))
    db.session.commit()

    told = waiting.alice.post(f"{waiting.url}/{entry.id}/state/return", {"reason": "改"}, follow_redirects=True, status=200).get_data(as_text=True)
    waiting.alice.post(f"{waiting.url}/{entry.id}/state/disqualify", {"reason": "抄袭"})

    assert "已开始评分，不能退回" in told
    assert state(entry.id) == ("disqualified", "抄袭")


def test_an_edited_returned_entry_waits_for_review_again(waiting):
    entry = waiting.entries[0]
    waiting.alice.post(f"{waiting.url}/{entry.id}/state/return", {"reason": "单位写全称"})
    form = {"event_id": entry.event_id, "number": 1, "title": "项目1", "organization": "单位1有限公司", "in_competition": "y"}
    waiting.alice.post(f"{waiting.url}/{entry.id}/edit", form)

    assert state(entry.id) == ("pending", "")


def test_not_counting_needs_a_reason_and_can_be_turned_back(waiting):
    number = waiting.entries[0].id
    told = waiting.alice.post(f"{waiting.url}/{number}/counting", {"counts": "0"}, follow_redirects=True, status=200).get_data(as_text=True)
    waiting.alice.post(f"{waiting.url}/{number}/counting", {"counts": "0", "reason": "往届获奖"})
    apart = db.session.scalar(sa.select(Entry.in_competition).where(Entry.id == number))
    waiting.alice.post(f"{waiting.url}/{number}/counting", {"counts": "1"})

    assert "没有写理由" in told and apart is False
    assert db.session.scalar(sa.select(Entry.in_competition).where(Entry.id == number)) is True


def test_the_queue_tells_problems_and_approves_only_the_clean_ones(waiting):
    waiting.entries[1].members[0].id_number = "340102199911040002"
    waiting.entries[2].state_reason = "导入时发现：联系电话不是11位手机号（名单 第4行）"
    db.session.commit()
    page = waiting.alice.get(f"{waiting.url}/review").get_data(as_text=True)

    waiting.alice.post(f"{waiting.url}/approve", {"clean": "1", "next": "review"})

    assert "身份证号校验位不符" in page and "联系电话不是11位手机号（名单 第4行）" in page
    assert [state(entry.id)[0] for entry in waiting.entries] == ["approved", "pending", "pending"]


def test_the_queue_takes_as_many_queries_for_one_as_for_three(waiting):
    waiting.alice.get(f"{waiting.url}/review")
    with counted_queries() as three:
        waiting.alice.get(f"{waiting.url}/review")
    db.session.execute(sa.update(Entry).where(Entry.id != waiting.entries[0].id).values(state="approved"))
    db.session.commit()
    with counted_queries() as one:
        waiting.alice.get(f"{waiting.url}/review")

    assert len(one) == len(three) <= 13


def test_duplicates_are_listed_and_settled(waiting, app):
    first, second, third = waiting.entries
    second.title, second.title_key, second.organization_id = first.title, first.title_key, first.organization_id
    from compete.entries import service

    for entry in (first, third):
        entry.members[0].id_key = service.id_key("610113197012110008")
    db.session.commit()
    page = waiting.alice.get(f"{waiting.url}/duplicates").get_data(as_text=True)

    waiting.alice.post(f"{waiting.url}/duplicates/{first.id}/{third.id}", {"reason": "同名同号系两期"})
    waiting.alice.post(f"{waiting.url}/{second.id}/state/withdraw", {"reason": "与 金成果 1 号重复", "next": "duplicates"})
    after = waiting.alice.get(f"{waiting.url}/duplicates").get_data(as_text=True)

    assert page.count('class="panel-box pair"') == 2
    assert "同单位同名" in page and "同一身份证号" in page
    assert "没有发现重复" in after


def test_members_without_number_are_no_duplicates(waiting):
    assert db.session.scalar(sa.select(sa.func.count(Member.id)).where(Member.id_key.is_not(None))) == 0
    assert "没有发现重复" in waiting.alice.get(f"{waiting.url}/duplicates").get_data(as_text=True)
