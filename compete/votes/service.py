"""公众投票: polls are made, opened and closed, and their counts taken over. Ballots themselves: see `ballots`.

A ballot writes no record of its own into the contest's trail: thousands arrive within minutes, and each would hold up the
judges' marks at the end of the chain. Closing writes one record with the counts and the digest of all ballots instead.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.audit.batch import record_many
from compete.models import AuditRecord, Ballot, Contest, Entry, Event, Organization, Part, Poll, Ruling, Session, Slot, Stage, Ticket, Vote, db
from scoring.problems import Problem

MOST_TICKETS = 3000  # in one go
TAKE_REASON = "公众投票的票数"


class Choice(NamedTuple):
    """An entry that can be voted for, as everybody may see it."""

    entry_id: int
    number: int
    title: str
    organization: str


class Line(NamedTuple):
    """`place` by votes, equal votes share it."""

    choice: Choice
    votes: int
    place: int


class Tally(NamedTuple):
    """Lines by votes, then in running order; `ballots`: how many people voted."""

    lines: list[Line]
    ballots: int


def subjects(contest_id: int) -> list[tuple[Event, list[Part]]]:
    """Events with their parts of the kind vote: what a poll can be about."""
    query = sa.select(Event, Part).outerjoin(Stage, Stage.event_id == Event.id).outerjoin(Part, sa.and_(Part.stage_id == Stage.id, Part.kind == "vote"))
    found: dict[int, tuple[Event, list[Part]]] = {}
    for event, part in db.session.execute(query.where(Event.contest_id == contest_id).order_by(Event.position, Stage.position, Part.position)):
        parts = found.setdefault(event.id, (event, []))[1]
        if part is not None:
            parts.append(part)
    return list(found.values())


def make(contest: Contest, *, event_id: int, part_id: int | None, actor: audit.Actor, now: datetime, **settings) -> Poll | Problem:
    """A new poll with `name`, `most`, `changeable`, `ticketed`, `live`."""
    event, part = db.session.get(Event, event_id), db.session.get(Part, part_id) if part_id else None
    if event is None or event.contest_id != contest.id or (part is not None and (part.kind != "vote" or part.stage.event_id != event_id)):
        return Problem("poll.subject", "投票对象", "没有这个赛项或环节", "请刷新页面后重新选择")
    if event.is_veiled:
        return _blind(event)
    poll = Poll(contest_id=contest.id, event_id=event_id, part_id=part_id, key=secrets.token_urlsafe(9), created_at=now, **settings)
    db.session.add(poll)
    db.session.flush()
    _record(poll, action="poll.make", actor=actor, now=now, after={"name": poll.name, "event": event.name, **_settings(poll)})
    return poll


def change(poll: Poll, *, actor: audit.Actor, now: datetime, **settings) -> Problem | None:
    """Its rules, while nobody has voted."""
    if poll.state != "draft":
        return Problem("poll.state", poll.name, "已经开始，规则不能再改", "需要别的规则时请新建一次投票")
    before = {"name": poll.name, **_settings(poll)}
    for name, value in settings.items():
        setattr(poll, name, value)
    db.session.flush()
    before, after = audit.differences(before, {"name": poll.name, **_settings(poll)})
    if after:
        _record(poll, action="poll.change", actor=actor, now=now, before=before, after=after)
    return None


def open_poll(poll: Poll, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """From now on ballots are taken."""
    if poll.event.is_veiled:
        return _blind(poll.event)
    if not choices(poll):
        return Problem("poll.empty", poll.name, "没有可投的参赛对象", "请先审核通过参赛对象")
    if poll.ticketed and db.session.scalar(sa.select(Ticket.id).where(Ticket.poll_id == poll.id).limit(1)) is None:
        return Problem("poll.tickets", poll.name, "还没有投票券", "请先制作并打印投票券，发给观众")
    return _move(poll, ("draft", "closed"), "open", actor, now) if poll.taken_at is None else _taken(poll)


def close(poll: Poll, *, actor: audit.Actor, now: datetime) -> Problem | None:
    return _move(poll, ("open",), "closed", actor, now)


def _move(poll: Poll, before: tuple[str, ...], after: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Compare and swap: two clicks at once move it once, and a ballot comes either before or after it."""
    when = {"opened_at": now, "closed_at": None} if after == "open" else {"closed_at": now}
    moved = sa.update(Poll).where(Poll.id == poll.id, Poll.state.in_(before)).values(state=after, **when)
    if not db.session.execute(moved.execution_options(synchronize_session=False)).rowcount:
        return Problem("poll.state", poll.name, "状态已经变了", "请刷新页面")
    db.session.refresh(poll)
    told = {"name": poll.name}
    if after == "closed":
        told |= {"ballots": tally(poll).ballots, "digest": digest(poll.id)}
    _record(poll, action="poll.open" if after == "open" else "poll.close", actor=actor, now=now, after=told)
    return None


def make_tickets(poll: Poll, count: int, *, actor: audit.Actor, now: datetime) -> Problem | None:
    if not poll.ticketed:
        return Problem("poll.no_tickets", poll.name, "这次投票不用投票券", "需要时请在开始前改成凭券投票")
    if not 1 <= count <= MOST_TICKETS:
        return Problem("poll.count", "张数", f"应在 1 到 {MOST_TICKETS} 之间", "更多请分几次制作")
    codes = [secrets.token_urlsafe(9) for _ in range(count)]
    rows = [{"poll_id": poll.id, "code_hash": code_hash(code), "code": code, "made_at": now} for code in codes]
    db.session.execute(sa.insert(Ticket), rows)
    _record(poll, action="poll.tickets", actor=actor, now=now, after={"name": poll.name, "count": count})
    return None


def code_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def choices(poll: Poll) -> list[Choice]:
    """The entries to choose from, in running order where it was drawn, else by number; one query."""
    return [Choice(*row) for row in db.session.execute(_choices(), {"event": poll.event_id})]


@cache
def _choices():
    """Built once: every phone asks it."""
    turn = sa.select(sa.func.min(Session.position * 10_000 + Slot.position)).select_from(sa.join(Slot, Session, Slot.session_id == Session.id))
    turn = turn.where(Slot.entry_id == Entry.id, Slot.position > 0).correlate(Entry).scalar_subquery()
    out = sa.exists().where(Ruling.entry_id == Entry.id, Ruling.revoked_at.is_(None))
    return (
        sa.select(Entry.id, Entry.number, Entry.title, sa.func.coalesce(Organization.name, ""))
        .outerjoin(Organization, Organization.id == Entry.organization_id)
        .where(Entry.event_id == sa.bindparam("event"), Entry.state == "approved", ~out)
        .order_by(turn.is_(None), turn, Entry.number)
    )


def tally(poll: Poll) -> Tally:
    """The exact counts now: three queries, whatever the number of ballots."""
    votes = counts(poll.id)
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Ballot).where(Ballot.poll_id == poll.id))
    ordered = sorted(choices(poll), key=lambda choice: -votes.get(choice.entry_id, 0))  # stable: running order among equals
    numbers = [votes.get(choice.entry_id, 0) for choice in ordered]
    return Tally([Line(choice, number, 1 + numbers.index(number)) for choice, number in zip(ordered, numbers, strict=True)], people)


def counts(poll_id: int) -> dict[int, int]:
    """{entry: votes}"""
    query = sa.select(Vote.entry_id, sa.func.count()).join(Ballot, Ballot.id == Vote.ballot_id).where(Ballot.poll_id == poll_id)
    return {entry: number for entry, number in db.session.execute(query.group_by(Vote.entry_id))}


def digest(poll_id: int) -> str:
    """SHA-256 over all ballots in the order of their receipts: receipt, choices. `compete check` holds it to the trail."""
    query = sa.select(Ballot.receipt, Vote.entry_id).outerjoin(Vote, Vote.ballot_id == Ballot.id).where(Ballot.poll_id == poll_id)
    return audit.digest([list(row) for row in db.session.execute(query.order_by(Ballot.receipt, Vote.entry_id))])


def sealed(poll_id: int) -> str | None:
    """The digest that the trail holds since the poll was closed (the last time)."""
    query = sa.select(AuditRecord.after).where(AuditRecord.action == "poll.close", AuditRecord.subject_id == poll_id)
    after = db.session.scalar(query.order_by(AuditRecord.id.desc()).limit(1))
    return after["digest"] if after else None


def list_of(poll_id: int) -> list[tuple[str, list[tuple[int, str]]]]:
    """(receipt, [(number, title) of each choice]) of every ballot in the order of receipts; without times, that nobody be known by one."""
    query = (
        sa.select(Ballot.receipt, Entry.number, Entry.title).join(Vote, Vote.ballot_id == Ballot.id).join(Entry, Entry.id == Vote.entry_id)
        .where(Ballot.poll_id == poll_id).order_by(Ballot.receipt, Ballot.id, Entry.number)
    )  # fmt: skip
    found: dict[str, list] = {}
    for receipt, number, title in db.session.execute(query):
        found.setdefault(receipt, []).append((number, title))
    return list(found.items())


def take_over(poll: Poll, *, actor: audit.Actor, now: datetime) -> int | Problem:
    """Writes the counts as the figures of the poll's part, the way imported votes stand: a column of the entry named as it."""
    if poll.part is None:
        return Problem("poll.alone", poll.name, "没有对应的评分环节", "人气奖只公布票数；要计入成绩，请按“公众投票”环节新建投票")
    if poll.state != "closed":
        return Problem("poll.state", poll.name, "投票还没有结束", "请先结束投票")
    if poll.taken_at is not None:
        return _taken(poll)
    found, column = tally(poll), poll.part.name
    numbers = {line.choice.entry_id: line.votes for line in found.lines}
    rows = []
    for entry in _entries(numbers):
        before = (entry.extras or {}).get(column)
        entry.extras = {**(entry.extras or {}), column: str(numbers[entry.id])}
        entry.updated_at = now
        rows.append({"action": "poll.take", "subject": "entry", "subject_id": entry.id, "before": {"extras": {column: before}} if before else None,
                     "after": {"extras": {column: entry.extras[column]}}, "reason": TAKE_REASON})  # fmt: skip
    poll.taken_at = now
    db.session.flush()
    record_many(contest_id=poll.contest_id, actor=actor, now=now, rows=rows)
    return len(rows)


def _entries(numbers: Iterable[int]) -> list[Entry]:
    return list(db.session.scalars(sa.select(Entry).where(Entry.id.in_(list(numbers))).order_by(Entry.id)))


def _taken(poll: Poll) -> Problem:
    return Problem("poll.taken", poll.name, "票数已经计入成绩", "票数有误时，请在“报名”里更正并写明原因")


def _blind(event: Event) -> Problem:
    return Problem("poll.blind", event.name, "正在匿名评审，不能公开投票", "请等评审结束、解密以后再投票")


def _settings(poll: Poll) -> dict:
    return {"most": poll.most, "changeable": poll.changeable, "ticketed": poll.ticketed, "live": poll.live}


def _record(poll: Poll, **more) -> None:
    audit.record(contest_id=poll.contest_id, subject="poll", subject_id=poll.id, **more)
