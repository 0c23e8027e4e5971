"""Taking an import of entries back. What a decision rests on is superseded, not deleted."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import batch, service as audit
from compete.entries import directory, entry_rows, service, stored
from compete.entries.draft import Draft, Person
from compete.models import (
    Attachment,
    Award,
    Contest,
    Delegation,
    Entry,
    EntryCode,
    Import,
    Member,
    Objection,
    Organization,
    Penalty,
    Recusal,
    Ruling,
    Slot,
    Title,
    db,
)
from scoring.problems import Problem

# Rows of these tables were made by somebody's decision: their entry stays, as withdrawn.
_DECIDED = (Attachment, Award, EntryCode, Objection, Penalty, Ruling, Title)


def entries(contest: Contest, row: Import, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Problems tell what stayed and why; a problem "judged" means that nothing was done."""
    added = row.changes["added"]
    changed = {int(number): kept for number, kept in row.changes["changed"].items()}
    if any(service.is_judged(ids) for ids in stored.chunks([*added, *changed])):
        return [Problem("judged", row.filename, "其中已有项目开始评分，不能整批撤销", "请逐项修改、退赛或取消资格")]
    reason = f"撤销导入 {row.filename}"
    problems, records = [], []
    for ids in stored.chunks(added):
        _remove(ids, reason, records, problems, now)
    for ids in stored.chunks(changed):
        for entry in entry_rows.load(ids):
            _restore(contest, entry, changed[entry.id], reason, records, problems, now)
    db.session.flush()
    _tidy_directory(contest.id)
    batch.record_many(contest_id=contest.id, actor=actor, now=now, rows=records)
    return problems


def _held(ids: list[int]) -> set[int]:
    found = set()
    for table in _DECIDED:
        found |= set(db.session.scalars(sa.select(table.entry_id).where(table.entry_id.in_(ids))))
    found |= set(db.session.scalars(sa.select(Slot.entry_id).where(Slot.entry_id.in_(ids), Slot.position > 0)))
    found |= set(db.session.scalars(sa.select(Recusal.entry_id).where(Recusal.entry_id.in_(ids), Recusal.cause == "manual")))
    return found


def _remove(ids: list[int], reason: str, records: list, problems: list, now: datetime) -> None:
    held = _held(ids)
    for entry in entry_rows.load(ids):
        after = None
        if entry.id in held:
            after = {"state": "withdrawn", "state_reason": reason}
            problems.append(Problem("kept", f"{entry.number} 号“{entry.title}”", "已有附件、抽签或裁决记录，改为退赛，没有删去", "记录保留备查"))
        records.append({"action": "entry.import_undo", "subject": "entry", "subject_id": entry.id, "before": {**service.facts(entry), "state": entry.state},
                        "after": after, "reason": reason})  # fmt: skip
        if entry.id not in held:
            # The rows go by statements below; their objects must not be flushed afterwards.
            for each in (*entry.members, entry):
                db.session.expunge(each)
    gone = [number for number in ids if number not in held]
    if held:
        db.session.execute(
            sa.update(Entry).where(Entry.id.in_(held)).values(state="withdrawn", state_reason=reason, updated_at=now)
        )
    for table in (Member, Slot, Recusal):
        db.session.execute(sa.delete(table).where(table.entry_id.in_(gone)).execution_options(synchronize_session=False))
    db.session.execute(sa.delete(Entry).where(Entry.id.in_(gone)).execution_options(synchronize_session=False))


def _restore(contest: Contest, entry: Entry, kept: dict, reason: str, records: list, problems: list, now: datetime) -> None:
    current = entry_rows.snapshot(entry)
    where = f"{entry.number} 号“{entry.title}”"
    if audit.digest(current["facts"]) != kept["after"]:
        problems.append(Problem("changed_since", where, "导入后又由人改过，保持现状", "请打开该项核对"))
        return
    old = kept["before"]
    facts = old["facts"]
    units = directory.organizations(contest.id, [facts["organization"]])
    groups = directory.delegations(contest.id, [facts["delegation"]])
    before = service.facts(entry)
    draft = Draft(title=facts["title"], organization=facts["organization"], delegation=facts["delegation"], summary=facts["summary"],
                  extras=facts["extras"], members=tuple(Person(*values) for values in facts["people"]))  # fmt: skip
    entry_rows.write(entry, draft, units, groups, now)
    if not facts["organization"]:
        entry.organization_id = None
    if not facts["delegation"]:
        entry.delegation_id = None
    if entry.state == "pending":
        entry.state, entry.state_reason = old["state"], old["state_reason"]
    db.session.flush()
    db.session.refresh(entry, ["organization", "delegation"])
    was, now_is = audit.differences(before, service.facts(entry))
    records.append({"action": "entry.import_undo", "subject": "entry", "subject_id": entry.id, "before": was, "after": now_is, "reason": reason})


def _tidy_directory(contest_id: int) -> None:
    """Organizations and delegations to which nothing belongs any more, unless finance filled in their account."""
    used = sa.select(Entry.id).where(Entry.organization_id == Organization.id).exists()
    db.session.execute(
        sa.delete(Organization).where(Organization.contest_id == contest_id, ~used, Organization.account.is_(None))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    used = sa.select(Entry.id).where(Entry.delegation_id == Delegation.id).exists()
    db.session.execute(
        sa.delete(Delegation).where(Delegation.contest_id == contest_id, ~used).execution_options(synchronize_session=False)
    )
