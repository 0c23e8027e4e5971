"""Carrying out an import of entries, in bulk, and taking it back."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from compete.audit import batch, service as audit
from compete.entries import directory, service, stored
from compete.entries.draft import Draft, mask
from compete.entries.planning import Plan, draft_of, match, merged_draft, plan_entries
from compete.models import Contest, Entry, Event, Import, Member, Organization, db
from compete.models.base import sealed
from compete.texts import clean


def event_choices(events: list[Event], rows: list[dict], chosen: dict[str, int]) -> dict[str, int | None]:
    """{name in the workbook: event id}: by hand, by equal name, by an event named in it, or the only event there is."""
    by_key = {clean.key(event.name): event.id for event in events}
    known = {event.id for event in events}
    found = {}
    for name in dict.fromkeys(row["event"] for row in rows):
        key = clean.key(name)
        alike = [number for each, number in by_key.items() if each and each in key]
        guess = by_key.get(key) or (alike[0] if len(alike) == 1 else None)
        if guess is None and len(events) == 1:
            guess = events[0].id
        by_hand = chosen.get(name)
        found[name] = by_hand if by_hand in known else guess
    return found


def events_of(contest_id: int) -> list[Event]:
    return list(db.session.scalars(sa.select(Event).where(Event.contest_id == contest_id).order_by(Event.position, Event.id)))


def plan(contest: Contest, rows: list[dict], mapping: dict) -> dict[str, Plan]:
    """What each row would do to the entries as they now stand."""
    events = event_choices(events_of(contest.id), rows, mapping["events"])
    known = stored.entries(contest.id)
    same_person = None
    if mapping["roster"] == "individuals":
        leaders, by_id = stored.leaders_by_person(contest.id), {each.id: each for each in known}

        def same_person(row, event_id):
            number = row["members"][0]["id_number"] if row["members"] else ""
            return by_id.get(leaders.get((event_id, service.id_key(number)))) if number else None

    found = match(rows, events, known, same_person)
    opened = stored.with_people(list(found.values()))
    found = {key: opened[each.id] for key, each in found.items()}
    taken: dict[int, set] = {}
    for each in known:
        taken.setdefault(each.event_id, set()).add(each.number)
    return plan_entries(rows, events, found, taken)


def note_of(row: dict) -> str:
    """The reader's findings, kept with the entry for its review."""
    problems = [problem[2] for problem in (*row["errors"], *row["warnings"])]
    return f"导入时发现：{'；'.join(problems)}（{row['sheet']} 第{row['row']}行）" if problems else ""


class Work(NamedTuple):
    """A row made ready: `people` without their entry, encrypted; `facts` as the trail keeps them."""

    draft: Draft
    people: list[dict]
    facts: dict


def beforehand(taken: list[dict]) -> dict[str, Work]:
    """{key of a row: what `apply` needs of it}."""
    drafts = {each["key"]: draft_of(each) for each in taken}
    return {key: Work(draft, [_member_row(place, person) for place, person in enumerate(draft.members)], _facts(draft)) for key, draft in drafts.items()}


def apply(contest: Contest, row: Import, taken: list[dict], work: dict[str, Work], *, actor: audit.Actor, now: datetime) -> dict:
    """{"added": ids, "changed": {id: the entry before and a digest of it after}} for undo."""
    plans = {each["key"]: Plan(*each["plan"]) for each in taken}
    drafts = {key: made.draft for key, made in work.items()}
    units = directory.organizations(contest.id, [draft.organization for draft in drafts.values()])
    groups = directory.delegations(contest.id, [draft.delegation for draft in drafts.values()])
    _credit_codes(taken, units)
    events = {event.id: event for event in events_of(contest.id)}
    fresh = [each for each in taken if plans[each["key"]].entry_id is None]
    old = [each for each in taken if plans[each["key"]].entry_id is not None]
    added = _add(row, fresh, plans, work, units, groups, events, actor, now)
    changed = _change(row, old, plans, drafts, units, groups, actor, now)
    return {"added": added, "changed": changed}


def _credit_codes(taken: list[dict], units: dict[str, int]) -> None:
    codes = {units[clean.key(each["organization"])]: each["uscc"] for each in taken if len(each["uscc"]) == 18 and clean.key(each["organization"])}
    for ids in stored.chunks(codes):
        for unit in db.session.scalars(sa.select(Organization).where(Organization.id.in_(ids), Organization.credit_code.is_(None))):
            unit.credit_code = codes[unit.id]


def _add(row: Import, fresh, plans, work: dict[str, Work], units, groups, events, actor, now) -> list[int]:
    entries = []
    for each in fresh:
        draft, planned = work[each["key"]].draft, plans[each["key"]]
        entries.append({
            "event_id": planned.event_id, "kind": events[planned.event_id].entry_kind, "number": planned.number, "title": draft.title,
            "title_key": draft.title_key[:200], "organization_id": units.get(clean.key(draft.organization)),
            "delegation_id": groups.get(draft.delegation), "summary": draft.summary, "extras": draft.extras, "state": "pending",
            "state_reason": note_of(each), "in_competition": True, "import_id": row.id, "created_at": now, "updated_at": now,
        })  # fmt: skip
    if not entries:
        return []
    ids = list(db.session.scalars(sa.insert(Entry.__table__).returning(Entry.__table__.c.id, sort_by_parameter_order=True), entries))
    people, records = [], []
    for number, each, entry in zip(ids, fresh, entries, strict=True):
        made = work[each["key"]]
        people += [{"entry_id": number, **person} for person in made.people]
        records.append({"action": "entry.import", "subject": "entry", "subject_id": number,
                        "after": {"event": events[entry["event_id"]].name, "number": entry["number"], **made.facts, "state": "pending",
                                  "state_reason": entry["state_reason"]},
                        "reason": f"{row.filename} {each['sheet']} 第{each['row']}行"})  # fmt: skip
    if people:
        db.session.execute(sa.insert(Member.__table__), people)
    batch.record_many(contest_id=row.contest_id, actor=actor, now=now, rows=records)
    return ids


def _member_row(place: int, person) -> dict:
    return {"position": place, "name": person.name, "role": person.role, "phone": sealed(person.phone or None),
            "id_number": sealed(person.id_number or None), "id_key": service.id_key(person.id_number), "account": sealed(person.account or None),
            "bank": person.bank or None}  # fmt: skip


def _facts(draft: Draft) -> dict:
    return {"title": draft.title, "organization": draft.organization, "delegation": draft.delegation, "summary": draft.summary,
            "extras": draft.extras, "members": [mask(person) for person in draft.members]}  # fmt: skip


def _change(row: Import, old, plans, drafts, units, groups, actor, now) -> dict[str, dict]:
    by_id = {plans[each["key"]].entry_id: each for each in old}
    snapshots, records = {}, []
    for ids in stored.chunks(by_id):
        found = load(ids)
        for entry in found:
            each = by_id[entry.id]
            before = snapshot(entry)
            draft = merged_draft(_as_stored(entry), drafts[each["key"]])
            problems = note_of(each)
            write(entry, draft, units, groups, now)
            if entry.state == "returned" or problems:
                entry.state, entry.state_reason = "pending", problems
            snapshots[str(entry.id)] = {"before": before}
            lines = plans[each["key"]].diffs
            records.append({"action": "entry.import_change", "subject": "entry", "subject_id": entry.id,
                            "before": {line[0]: line[1] for line in lines}, "after": {line[0]: line[2] for line in lines},
                            "reason": f"{row.filename} {each['sheet']} 第{each['row']}行"})  # fmt: skip
        db.session.flush()
        for entry in found:
            db.session.refresh(entry, ["organization", "delegation"])
            snapshots[str(entry.id)]["after"] = audit.digest(snapshot(entry)["facts"])
    batch.record_many(contest_id=row.contest_id, actor=actor, now=now, rows=records)
    return snapshots


def load(ids: list[int]) -> list[Entry]:
    return list(
        db.session.scalars(
            sa.select(Entry).where(Entry.id.in_(ids))
            .options(selectinload(Entry.members), selectinload(Entry.organization), selectinload(Entry.delegation))
            .execution_options(populate_existing=True)
        )
    )  # fmt: skip


def _as_stored(entry: Entry) -> stored.Stored:
    people = tuple(stored.Person(p.name, p.role, p.phone or "", p.id_number or "", p.account or "", p.bank or "") for p in entry.members)
    return stored.Stored(entry.id, entry.event_id, entry.number, entry.title, entry.organization.name if entry.organization else "",
                         entry.delegation.name if entry.delegation else "", entry.summary, dict(entry.extras), entry.state, people=people)  # fmt: skip


def write(entry: Entry, draft: Draft, units: dict, groups: dict, now: datetime) -> None:
    entry.title, entry.title_key = draft.title, draft.title_key[:200]
    entry.organization_id = units.get(clean.key(draft.organization), entry.organization_id)
    entry.delegation_id = groups.get(draft.delegation, entry.delegation_id)
    entry.summary, entry.extras, entry.updated_at = draft.summary, dict(draft.extras), now
    service.fill_members(entry, draft.members)


def snapshot(entry: Entry) -> dict:
    """An entry in full, for undo: kept encrypted."""
    as_stored = _as_stored(entry)
    facts = {"title": as_stored.title, "organization": as_stored.organization, "delegation": as_stored.delegation,
             "summary": as_stored.summary, "extras": as_stored.extras, "people": [list(person) for person in as_stored.people]}  # fmt: skip
    return {"facts": facts, "state": entry.state, "state_reason": entry.state_reason}
