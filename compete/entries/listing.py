"""The list of entries: searched, filtered, sorted, counted."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, selectinload

from compete.models import ENTRY_STATES, Attachment, Delegation, Entry, Event, Member, Organization, db
from compete.texts import clean

SORTS = {
    "number": ("序号", Entry.number),
    "title": ("名称", Entry.title),
    "organization": ("单位", Organization.name),
    "delegation": ("代表队", Delegation.name),
    "state": ("状态", Entry.state),
    "updated": ("最近改动", Entry.updated_at),
}


class Filter(NamedTuple):
    """What the URL asks for."""

    text: str = ""
    event_id: int | None = None
    state: str = ""
    sort: str = "number"
    descending: bool = False

    @classmethod
    def of(cls, arguments) -> "Filter":
        sort = arguments.get("sort", "number")
        state = arguments.get("state", "")
        return cls(
            text=clean.tidy(arguments.get("q", ""))[:100], event_id=arguments.get("event_id", type=int),
            state=state if state in ENTRY_STATES or state == "apart" else "",
            sort=sort if sort in SORTS else "number", descending=arguments.get("order") == "desc",
        )  # fmt: skip


def _like(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def query(contest_id: int, wanted: Filter):
    """Entries with event, organization, delegation and the names of members; no personal data is loaded."""
    found = (
        sa.select(Entry).join(Event, Entry.event_id == Event.id).outerjoin(Organization, Entry.organization_id == Organization.id)
        .outerjoin(Delegation, Entry.delegation_id == Delegation.id).where(Event.contest_id == contest_id)
    )  # fmt: skip
    if wanted.event_id:
        found = found.where(Entry.event_id == wanted.event_id)
    if wanted.state == "apart":
        found = found.where(Entry.in_competition.is_(False))
    elif wanted.state:
        found = found.where(Entry.state == wanted.state)
    if wanted.text:
        found = found.where(_matches(wanted.text))
    column = SORTS[wanted.sort][1]
    order = column.desc().nulls_last() if wanted.descending else column.asc().nulls_last()
    found = found.order_by(order, Event.position, Entry.number)
    if wanted.sort == "number":
        found = found.order_by(None).order_by(Event.position, order, Entry.id)
    return found.options(
        contains_eager(Entry.event), contains_eager(Entry.organization).load_only(Organization.name), contains_eager(Entry.delegation),
        only_names(),
    )  # fmt: skip


def only_names():
    """Members without their sealed columns."""
    return selectinload(Entry.members).load_only(Member.name, Member.role, Member.position)


def _matches(text: str):
    like = _like(text)
    person = aliased(Member)
    members = sa.select(person.id).where(person.entry_id == Entry.id, person.name.ilike(like, escape="\\")).exists()
    conditions = [Entry.title.ilike(like, escape="\\"), Organization.name.ilike(like, escape="\\"), Delegation.name.ilike(like, escape="\\"), members]
    if text.isdecimal() and len(text) < 9:
        conditions.append(Entry.number == int(text))
    return sa.or_(*conditions)


def file_counts(ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(Attachment.entry_id, sa.func.count()).where(Attachment.entry_id.in_(ids), Attachment.removed_at.is_(None))
        .group_by(Attachment.entry_id)
    )  # fmt: skip
    return dict(rows.all())


class Totals(NamedTuple):
    """How many there are: by event, by state within the chosen event, and in all."""

    events: list
    by_event: dict
    by_state: dict
    total: int
    apart: int


def totals(contest_id: int, event_id: int | None = None) -> Totals:
    events = db.session.scalars(sa.select(Event).where(Event.contest_id == contest_id).order_by(Event.position, Event.id)).all()
    rows = db.session.execute(
        sa.select(Entry.event_id, Entry.state, sa.func.count(), sa.func.sum(sa.case((Entry.in_competition.is_(False), 1), else_=0)))
        .where(Entry.event_id.in_([event.id for event in events])).group_by(Entry.event_id, Entry.state)
    ).all()  # fmt: skip
    by_event, by_state, apart = {}, {}, 0
    for event, state, count, not_counting in rows:
        by_event[event] = by_event.get(event, 0) + count
        if event_id in (None, event):
            by_state[state] = by_state.get(state, 0) + count
            apart += int(not_counting or 0)
    return Totals(events, by_event, by_state, sum(by_event.values()), apart)
