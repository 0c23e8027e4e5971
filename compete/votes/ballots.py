"""选票: one per device or ticket. Taken while the poll is open, answered only when it is on the disk."""

import secrets
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from compete.models import Ballot, Poll, Ticket, Vote, db
from compete.votes import service
from scoring.problems import Problem

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is mistaken for another
CROWD = 8  # ballots of one kind of device within a second, or of one source, below which nothing is told
USUAL = 6  # times the usual rate of that kind of device


class Cast(NamedTuple):
    """A ballot as its voter sees it."""

    receipt: str
    entry_ids: frozenset[int]
    at: datetime
    changed_at: datetime | None


class Crowd(NamedTuple):
    """Ballots that look alike: within one second from one kind of device (`at`), or from one source (`at` of the first)."""

    kind: str
    at: datetime
    device: str
    ballots: int


def voter(secret: str) -> str:
    """Whose ballot it is, of the device's cookie or of a ticket's code: nobody finds the device from it."""
    return current_app.extensions["vault"].fingerprint(f"voter:{secret}")


def source(address: str, agent: str) -> str:
    """Where a ballot came from, told apart but not told."""
    return current_app.extensions["vault"].fingerprint(f"source:{address}:{agent}")[:16]


def find_ticket(poll: Poll, code: str) -> Ticket | None:
    return db.session.scalar(sa.select(Ticket).where(Ticket.poll_id == poll.id, Ticket.code_hash == service.code_hash(code)))


def of_voter(poll_id: int, who: str) -> Cast | None:
    row = db.session.scalar(sa.select(Ballot).where(Ballot.poll_id == poll_id, Ballot.voter == who))
    if row is None:
        return None
    entries = db.session.scalars(sa.select(Vote.entry_id).where(Vote.ballot_id == row.id))
    return Cast(row.receipt, frozenset(entries), row.cast_at, row.changed_at)


def cast(poll: Poll, who: str, entry_ids: Iterable[int], *, device: str, source: str, now: datetime) -> Cast | Problem:
    """Takes the ballot, or changes the voter's own while that is allowed. The same one again is answered as it stands."""
    chosen = frozenset(entry_ids)
    # Shared with other ballots, against the hand that closes the poll (PostgreSQL; SQLite has one writer).
    state = db.session.scalar(sa.select(Poll.state).where(Poll.id == poll.id).with_for_update(read=True))
    earlier = of_voter(poll.id, who)
    if earlier is not None and earlier.entry_ids == chosen:
        return earlier
    problem = _unfit(poll, state, chosen, earlier)
    if problem:
        return problem
    if earlier is None:
        row = _first(poll.id, who, device[:16], source, now)
        if row is None:  # the same phone's other message was a moment faster
            return cast(poll, who, chosen, device=device, source=source, now=now)
    else:
        row = db.session.scalar(sa.select(Ballot).where(Ballot.poll_id == poll.id, Ballot.voter == who).with_for_update())
        row.revision, row.changed_at = row.revision + 1, now
        db.session.flush()
        db.session.execute(sa.delete(Vote).where(Vote.ballot_id == row.id))
    db.session.execute(sa.insert(Vote), [{"ballot_id": row.id, "entry_id": entry} for entry in sorted(chosen)])
    return Cast(row.receipt, chosen, row.cast_at, row.changed_at)


def _first(poll_id: int, who: str, device: str, source: str, now: datetime) -> Ballot | None:
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name](Ballot.__table__)
    values = {"poll_id": poll_id, "voter": who, "receipt": _receipt(), "revision": 1, "device": device, "source": source, "cast_at": now}
    number = db.session.scalar(insert.values(values).on_conflict_do_nothing().returning(Ballot.__table__.c.id))
    return db.session.get(Ballot, number) if number else None


def _unfit(poll: Poll, state: str, chosen: frozenset[int], earlier: Cast | None) -> Problem | None:
    if state != "open":
        return Problem("ballot.closed", poll.name, "投票还没有开始" if state == "draft" else "投票已经结束", "请看大屏，等主持人宣布" if state == "draft" else "感谢参与")
    if earlier is not None and not poll.changeable:
        return Problem("ballot.twice", poll.name, "您已经投过票，不能再改", "每人只能投一次")
    if not chosen:
        return Problem("ballot.empty", poll.name, "还没有选", f"请选 1 到 {poll.most} 项再提交" if poll.most > 1 else "请选 1 项再提交")
    if len(chosen) > poll.most:
        return Problem("ballot.many", poll.name, f"选了 {len(chosen)} 项，最多选 {poll.most} 项", "请去掉几项再提交")
    if chosen - {choice.entry_id for choice in service.choices(poll)}:
        return Problem("ballot.unknown", poll.name, "有一项已经不在名单里", "请刷新页面后重新选择")
    return None


def _receipt() -> str:
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def crowds(poll_id: int) -> list[Crowd]:
    """Patterns to look at, the largest first: many ballots in one second from one kind of device, many from one source."""
    rows = db.session.execute(sa.select(Ballot.cast_at, Ballot.device, Ballot.source).where(Ballot.poll_id == poll_id).order_by(Ballot.cast_at)).all()
    seconds, sources, first = Counter(), Counter(), {}
    for at, device, where in rows:
        seconds[at.replace(microsecond=0), device] += 1
        sources[where, device] += 1
        first.setdefault((where, device), at)
    span = max(1.0, (rows[-1].cast_at - rows[0].cast_at).total_seconds()) if rows else 1.0
    kinds = Counter(device for _, device, _ in rows)
    found = [Crowd("second", at, device, number) for (at, device), number in seconds.items()
             if number >= CROWD and number * span >= USUAL * kinds[device]]  # fmt: skip
    found += [Crowd("source", first[key], key[1], number) for key, number in sources.items() if number >= CROWD]
    return sorted(found, key=lambda crowd: (-crowd.ballots, crowd.at))[:50]
