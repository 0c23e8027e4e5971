"""Invariant 5: one record per change, in the same transaction, in a chain that shows tampering."""

import sqlalchemy as sa

from compete.audit import service
from compete.audit.service import SYSTEM, record
from compete.database import write
from compete.models import AuditRecord, db
from tests.support import NOW


def add(contest_id, number):
    return record(contest_id=contest_id, actor=SYSTEM, now=NOW, action="entry.edit", subject="entry", subject_id=number,
                  before={"title": "旧"}, after={"title": f"新{number}"}, reason="笔误")  # fmt: skip


def test_records_form_a_chain_that_verifies(final):
    with write():
        hashes = [add(final.contest.id, n) for n in range(3)]
    assert service.head(final.contest.id) == hashes[-1]
    assert list(service.verify(final.contest.id)) == []


def test_a_changed_record_is_found(final):
    with write():
        for n in range(3):
            add(final.contest.id, n)
    with write():
        db.session.execute(sa.update(AuditRecord).where(AuditRecord.number == 2).values(reason="改过"))
    assert [(p.code, p.where) for p in service.verify(final.contest.id)] == [("audit.changed", "留痕第 2 条")]


def test_a_removed_last_record_is_found(final):
    with write():
        for n in range(2):
            add(final.contest.id, n)
    with write():
        db.session.execute(sa.delete(AuditRecord).where(AuditRecord.number == 2))
    assert [p.code for p in service.verify(final.contest.id)] == ["audit.head"]


def test_an_undone_transaction_leaves_no_record(final):
    try:
        with write():
            add(final.contest.id, 1)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord)) == 0
    assert service.head(final.contest.id) == ""


def test_pages_show_and_check_the_chain(final, people, sign_in):
    with write():
        add(final.contest.id, 1)
    carol = sign_in(people.carol)
    page = carol.get(f"/contests/{final.contest.id}/audit")
    assert "笔误" in page.text and "新1" in page.text
    assert "没有缺失和改动" in carol.get(f"/contests/{final.contest.id}/audit/check").text
    sign_in(people.dan).get(f"/contests/{final.contest.id}/audit", status=404)
    sign_in(people.bob).get(f"/contests/{final.contest.id}/audit", status=403)
