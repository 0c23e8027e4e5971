"""Entries by hand: adding, editing, and the facts that the history keeps."""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from compete.audit import service as audit
from compete.entries import directory
from compete.entries.draft import Draft, Person, mask, too_long
from compete.models import Contest, Entry, Event, Member, Sheet, db
from scoring.problems import Problem


def id_key(number: str | None) -> str | None:
    """The keyed hash by which the same person is found without opening anything."""
    return current_app.extensions["vault"].fingerprint(number) if number else None


def next_number(event_id: int) -> int:
    return (db.session.scalar(sa.select(sa.func.max(Entry.number)).where(Entry.event_id == event_id)) or 0) + 1


def lock(contest_id: int) -> None:
    """One at a time hands out numbers in a contest (PostgreSQL; SQLite has one writer anyway)."""
    db.session.execute(sa.select(Contest.id).where(Contest.id == contest_id).with_for_update())


def is_judged(entry_ids) -> bool:
    """Has judging of any of these begun (a sheet exists)?"""
    return bool(db.session.scalar(sa.select(Sheet.id).where(Sheet.entry_id.in_(entry_ids)).limit(1)))


def facts(entry: Entry) -> dict:
    """What the history keeps of an entry; numbers of persons are masked."""
    return {
        "event": entry.event.name,
        "number": entry.number,
        "title": entry.title,
        "organization": entry.organization.name if entry.organization else "",
        "delegation": entry.delegation.name if entry.delegation else "",
        "summary": entry.summary,
        "extras": dict(entry.extras),
        "members": [mask(person) for person in entry.members],
        "in_competition": entry.in_competition,
    }


def _check(event_id: int, draft: Draft, *, entry: Entry | None = None) -> list[Problem]:
    where = "参赛对象"
    if not draft.title:
        return [Problem("no_title", where, "没有填名称", "请填写项目名称或姓名")]
    problems = too_long(draft, where)
    if draft.number is not None:
        taken = sa.select(Entry.title).where(Entry.event_id == event_id, Entry.number == draft.number)
        holder = db.session.scalar(taken.where(Entry.id != entry.id) if entry else taken)
        if holder:
            problems.append(Problem("number_taken", where, f"序号 {draft.number} 已由“{holder}”使用", f"请改用 {next_number(event_id)}，或留空自动编号"))
    return problems


def add(
    event: Event, draft: Draft, *, actor: audit.Actor, now: datetime, state: str = "pending", import_id: int | None = None, reason: str = ""
) -> Entry | list[Problem]:
    """A new entry; without a number it gets the next one of its event."""
    lock(event.contest_id)
    if problems := _check(event.id, draft):
        return problems
    entry = Entry(event=event, kind=event.entry_kind, state=state, import_id=import_id, created_at=now, updated_at=now,
                  number=draft.number or next_number(event.id), title="", title_key="", extras={})  # fmt: skip
    _fill(entry, draft)
    db.session.add(entry)
    fill_members(entry, draft.members)
    db.session.flush()
    audit.record(contest_id=event.contest_id, actor=actor, now=now, action="entry.add", subject="entry", subject_id=entry.id,
                 after={**facts(entry), "state": state}, reason=reason)  # fmt: skip
    return entry


def edit(entry: Entry, draft: Draft, *, actor: audit.Actor, now: datetime, reason: str = "") -> list[Problem]:
    """Changes an entry; a returned one goes back to the queue. Nothing is recorded when nothing changed."""
    lock(entry.event.contest_id)
    if problems := _check(entry.event_id, draft, entry=entry):
        return problems
    if draft.number not in (None, entry.number) and is_judged([entry.id]):
        return [Problem("judged", "序号", "该项已开始评分，不能改序号", "其余内容可以照常修改")]
    before, numbers = facts(entry), [_numbers(person) for person in entry.members]
    _fill(entry, draft)
    entry.number = draft.number or entry.number
    fill_members(entry, draft.members)
    db.session.flush()
    db.session.refresh(entry, ["organization", "delegation", "members"])
    old, new = audit.differences(before, facts(entry))
    if not old and numbers != [_numbers(person) for person in entry.members]:
        # A digit under the mask changed: the history says so without showing it.
        old, new = {"members": before["members"]}, {"members": [f"{line}（号码已更正）" for line in before["members"]]}
    if not old:
        return []
    entry.updated_at = now
    if entry.state == "returned" or (entry.state == "pending" and entry.state_reason):
        old, new = {**old, "state": entry.state, "state_reason": entry.state_reason}, {**new, "state": "pending", "state_reason": ""}
        entry.state, entry.state_reason = "pending", ""
    db.session.flush()
    audit.record(contest_id=entry.event.contest_id, actor=actor, now=now, action="entry.edit", subject="entry", subject_id=entry.id,
                 before=old, after=new, reason=reason)  # fmt: skip
    return []


def _numbers(person: Member) -> tuple:
    return (person.name, person.phone, person.id_number, person.account, person.bank)


def _fill(entry: Entry, draft: Draft) -> None:
    contest_id = entry.event.contest_id
    entry.title, entry.title_key = draft.title, draft.title_key[:200]
    entry.organization_id = next(iter(directory.organizations(contest_id, [draft.organization]).values()), None)
    entry.delegation_id = next(iter(directory.delegations(contest_id, [draft.delegation]).values()), None)
    entry.summary, entry.extras = draft.summary, dict(draft.extras)
    entry.in_competition = draft.in_competition


def fill_members(entry: Entry, people: tuple[Person, ...]) -> None:
    """Members keep their row as long as their place or their name stays, so that what refers to them stays right."""
    old = list(entry.members)
    kept, matched = [], {}
    for place, person in enumerate(people):
        same = next((row for row in old if row.name == person.name and row not in matched.values()), None)
        if same is not None:
            matched[place] = same
    for place, _person in enumerate(people):
        if place not in matched and place < len(old) and old[place] not in matched.values():
            matched[place] = old[place]
    for place, person in enumerate(people):
        row = matched.get(place) or Member()
        row.position, row.name, row.role = place, person.name, person.role
        for field in ("phone", "account", "bank"):
            if (value := getattr(person, field)) is not None:
                setattr(row, field, value or None)
        if person.id_number is not None:
            row.id_number, row.id_key = person.id_number or None, id_key(person.id_number)
        kept.append(row)
    for row in old:
        if row not in kept:
            entry.members.remove(row)
            db.session.delete(row)
    entry.members.extend(row for row in kept if row not in old)
