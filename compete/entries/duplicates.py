"""Entries that may be one and the same: same organization and title, or the same person twice in one event."""

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from compete.audit import service as audit
from compete.models import Contest, Entry, Event, Member, Organization, db

GONE = ("withdrawn", "disqualified")


class Pair(NamedTuple):
    cause: str  # "work" or "person"
    first: Entry
    second: Entry
    who: str

    @property
    def key(self) -> str:
        return f"{self.first.id}-{self.second.id}"

    @property
    def message(self) -> str:
        other = f"{self.first.number} 号"
        return f"与 {other} 同单位同名" if self.cause == "work" else f"{self.who} 也在 {other} 中（同一身份证号）"


def pairs(contest: Contest, *, only: list[int] | None = None) -> list[Pair]:
    """All pairs of a contest that nobody called distinct; `only`: those that touch these entries. Three queries."""
    accepted = set((contest.settings or {}).get("distinct_entries", ()))
    works = _same_work(contest.id)
    people = _same_person(contest.id)
    wanted = {number for cause in (works, people) for pair in cause for number in pair[:2]}
    if only is not None:
        wanted = {number for cause in (works, people) for pair in cause if set(pair[:2]) & set(only) for number in pair[:2]}
    rows = db.session.scalars(
        sa.select(Entry).where(Entry.id.in_(wanted))
        .options(joinedload(Entry.organization).load_only(Organization.name), joinedload(Entry.event).load_only(Event.name, Event.position))
    ) if wanted else ()  # fmt: skip
    found = {row.id: row for row in rows}
    result = []
    for cause, listed in (("work", works), ("person", people)):
        for first, second, who in listed:
            if first in found and second in found and f"{first}-{second}" not in accepted:
                result.append(Pair(cause, found[first], found[second], who))
    return sorted(result, key=lambda pair: (pair.second.event_id, pair.second.number, pair.first.number))


def _same_work(contest_id: int) -> list[tuple[int, int, str]]:
    """Projects and works of one organization with one title, in any event of the contest."""
    first, second = aliased(Entry), aliased(Entry)
    events = sa.select(Event.id).where(Event.contest_id == contest_id)
    rows = db.session.execute(
        sa.select(first.id, second.id).join(
            second, sa.and_(first.organization_id == second.organization_id, first.title_key == second.title_key, first.id < second.id)
        ).where(first.event_id.in_(events), second.event_id.in_(events), first.state.not_in(GONE), second.state.not_in(GONE),
                first.kind != "individual")
    )  # fmt: skip
    return [(a, b, "") for a, b in rows]


def _same_person(contest_id: int) -> list[tuple[int, int, str]]:
    """One identity number in several entries of one event."""
    live = (
        sa.select(Entry.event_id, Member.id_key, Member.entry_id, Member.name).join(Entry, Member.entry_id == Entry.id)
        .join(Event, Entry.event_id == Event.id)
        .where(Event.contest_id == contest_id, Entry.state.not_in(GONE), Member.id_key.is_not(None))
    ).subquery()  # fmt: skip
    twice = (
        sa.select(live.c.event_id, live.c.id_key).group_by(live.c.event_id, live.c.id_key)
        .having(sa.func.count(live.c.entry_id.distinct()) > 1)
    ).subquery()  # fmt: skip
    rows = db.session.execute(
        sa.select(live.c.event_id, live.c.id_key, live.c.entry_id, live.c.name)
        .join(twice, sa.and_(live.c.event_id == twice.c.event_id, live.c.id_key == twice.c.id_key)).order_by(live.c.entry_id)
    )  # fmt: skip
    groups = defaultdict(dict)
    for event_id, key, entry_id, name in rows:
        groups[event_id, key].setdefault(entry_id, name)
    result = []
    for holders in groups.values():
        ids = sorted(holders)
        result += [(ids[0], other, holders[other]) for other in ids[1:]]
    return result


def call_distinct(contest: Contest, first: Entry, second: Entry, *, reason: str, actor: audit.Actor, now) -> None:
    """The organiser looked: two entries, not one. The pair is not shown again."""
    key = f"{min(first.id, second.id)}-{max(first.id, second.id)}"
    known = (contest.settings or {}).get("distinct_entries", [])
    contest.settings = {**(contest.settings or {}), "distinct_entries": sorted({*known, key})}
    db.session.flush()
    audit.record(contest_id=contest.id, actor=actor, now=now, action="entry.distinct", subject="entry", subject_id=second.id,
                 after={"other": first.number}, reason=reason)  # fmt: skip
