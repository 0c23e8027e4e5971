"""Entries and judges of a contest as `planning.Stored` values: plain columns for thousands of rows, no objects."""

from dataclasses import replace

import sqlalchemy as sa

from compete.entries.draft import Person
from compete.entries.planning import Stored
from compete.models import Delegation, Entry, Event, Judge, Member, Organization, Sheet, db
from compete.models.judging import JUDGE_ROLES

CHUNK = 500


def chunks(ids):
    ids = list(ids)
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))


def entries(contest_id: int) -> list[Stored]:
    """All entries without their people (see `with_people`)."""
    rows = db.session.execute(
        sa.select(Entry.id, Entry.event_id, Entry.number, Entry.title, Organization.name, Delegation.name, Entry.summary, Entry.extras, Entry.state)
        .join(Event, Entry.event_id == Event.id).outerjoin(Organization, Entry.organization_id == Organization.id)
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id).where(Event.contest_id == contest_id).order_by(Entry.id)
    )  # fmt: skip
    judged = set(
        db.session.scalars(
            sa.select(Sheet.entry_id).join(Entry, Sheet.entry_id == Entry.id).join(Event, Entry.event_id == Event.id)
            .where(Event.contest_id == contest_id).distinct()
        )
    )  # fmt: skip
    return [
        Stored(number, event, place, title, unit or "", group or "", summary, dict(extras), state, judged=number in judged)
        for number, event, place, title, unit, group, summary, extras, state in rows
    ]


def with_people(found: list[Stored]) -> dict[int, Stored]:
    """The same entries with their members opened; only those that are compared need it."""
    people: dict[int, list] = {each.id: [] for each in found}
    for ids in chunks(people):
        rows = db.session.execute(
            sa.select(Member.entry_id, Member.name, Member.role, Member.phone, Member.id_number, Member.account, Member.bank)
            .where(Member.entry_id.in_(ids)).order_by(Member.entry_id, Member.position, Member.id)
        )  # fmt: skip
        for entry_id, *values in rows:
            people[entry_id].append(Person(*(value or "" for value in values)))
    return {each.id: replace(each, people=tuple(people[each.id])) for each in found}


def leaders_by_person(contest_id: int) -> dict[tuple[int, str], int]:
    """{(event, fingerprint of the identity number): entry} of leaders, to find the same contestant under another name."""
    rows = db.session.execute(
        sa.select(Entry.event_id, Member.id_key, Entry.id).join(Entry, Member.entry_id == Entry.id).join(Event, Entry.event_id == Event.id)
        .where(Event.contest_id == contest_id, Member.role == "leader", Member.id_key.is_not(None))
    )  # fmt: skip
    return {(event, key): entry for event, key, entry in rows}


def judges(contest_id: int) -> list[Stored]:
    """Judges who have not withdrawn; role and title stand in `extras`, the phone with the one person."""
    rows = db.session.execute(
        sa.select(Judge.id, Judge.position, Judge.name, Judge.organization, Judge.title, Judge.role, Judge.phone)
        .where(Judge.contest_id == contest_id, Judge.withdrawn_at.is_(None)).order_by(Judge.position, Judge.id)
    )  # fmt: skip
    return [
        Stored(number, None, position, name, organization, extras={"职称": title, "角色": JUDGE_ROLES[role]}, people=(Person(name, "member", phone or ""),))
        for number, position, name, organization, title, role, phone in rows
    ]
