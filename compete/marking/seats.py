"""Which tablet sits at which judge's seat: the newest that came in with card and PIN holds it, the others only deliver.

Nothing here decides whether a mark is taken: what a tablet kept is delivered from wherever it lies. A tablet that no longer
holds the seat takes no new touches until the judge goes on there (`take`).
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import sheets
from compete.marking.late import undecided
from compete.models import Judge, LateMark, Presence, Session, db

ALIVE_EVERY = timedelta(seconds=30)  # a sign of life that tells nothing new is written this seldom


class Sign(NamedTuple):
    """What a tablet tells of itself; `viewing` is the entry that is open, by number or code, battery in percent or None."""

    waiting: int = 0
    refused: int = 0
    battery: int | None = None
    charging: bool | None = None
    viewing: str = ""


class Tablet(NamedTuple):
    """One tablet of a judge as it last told; `left_at` when the judge signed out there."""

    device: str
    last_seen: datetime
    waiting: int
    refused: int
    battery: int | None
    charging: bool | None
    viewing: str
    holds: bool
    left_at: datetime | None


class SeatNow(NamedTuple):
    """A seat of a session for the host's board: its tablet (empty fields where none came in yet).

    `others`: further tablets of this judge that did not sign out or still keep marks; `late`: late marks that wait for
    the chief judge.
    """

    judge_id: int
    judge: str
    role: str
    device: str
    last_seen: datetime | None
    waiting: int
    refused: int
    battery: int | None
    charging: bool | None
    viewing: str
    holds: bool
    others: tuple[Tablet, ...]
    late: int


_table = Presence.__table__.c
_OWN = sa.select(Presence.__table__).where(_table.judge_id == sa.bindparam("judge"), _table.device == sa.bindparam("device"))
_HOLDER = sa.select(_table.device).where(_table.judge_id == sa.bindparam("judge"), _table.holds).limit(1)


def holder(judge_id: int) -> str:
    """The tablet that holds the judge's seat, "" for none."""
    return db.session.connection().scalar(_HOLDER, {"judge": judge_id}) or ""


def stale(judge_id: int, device: str, sign: Sign, *, now: datetime) -> bool:
    """Whether this sign of life is worth writing: it tells something new, or the last one is long ago."""
    row = _own(judge_id, device)
    return row is None or row.left_at is not None or _told(row) != sign or now - row.last_seen_at >= ALIVE_EVERY


def alive(judge_id: int, device: str, sign: Sign, *, now: datetime) -> None:
    """Writes the sign of life. A tablet not seen before sits down only where nobody sits."""
    _one_at_a_time(judge_id)
    row = _own(judge_id, device)
    told = {**sign._asdict(), "last_seen_at": now, "left_at": None}
    if row is None:
        _write(sa.insert(Presence.__table__).values(judge_id=judge_id, device=device, holds=not holder(judge_id), entered_at=now, **told))
    else:
        _write(sa.update(Presence.__table__).where(_table.id == row.id).values(told))


def sit(judge_id: int, device: str, *, now: datetime) -> str:
    """This tablet holds the seat from now on; the one that held it before, "" where that was none or the same."""
    _one_at_a_time(judge_id)
    before, row = holder(judge_id), _own(judge_id, device)
    _write(sa.update(Presence.__table__).where(_table.judge_id == judge_id, _table.holds).values(holds=False))
    held = {"holds": True, "entered_at": now, "last_seen_at": now, "left_at": None}
    if row is None:
        _write(sa.insert(Presence.__table__).values(judge_id=judge_id, device=device, **Sign()._asdict(), **held))
    else:
        _write(sa.update(Presence.__table__).where(_table.id == row.id).values(held))
    return before if before != device else ""


def take(judge, device: str, *, actor: audit.Actor, now: datetime) -> None:
    """“在这台平板上继续”: the judge goes on here, the other tablet is told. `judge` needs id and contest_id."""
    before = sit(judge.id, device, now=now)
    if before:
        audit.record(
            contest_id=judge.contest_id, actor=actor, now=now, action="seat.take", subject="judge", subject_id=judge.id,
            before={"device": before}, after={"device": device},
        )  # fmt: skip


def leave(judge_id: int, device: str, *, now: datetime) -> None:
    """The judge signed out on this tablet; what it still keeps stays counted until somebody delivers it."""
    _write(sa.update(Presence.__table__).where(_table.judge_id == judge_id, _table.device == device).values(holds=False, left_at=now))


def at(session: Session) -> list[SeatNow]:
    """The seats of the session in their order, each with its tablets."""
    return at_all([session])[session.id]


def at_all(sessions: list[Session]) -> dict[int, list[SeatNow]]:
    """{session: its seats}: three queries, whatever the number of sessions, seats and tablets."""
    found = sheets.seats_of(sessions)
    judges = {row.judge_id for rows in found.values() for row in rows}
    tablets = defaultdict(list)
    query = sa.select(Presence.__table__).where(_table.judge_id.in_(judges)).order_by(_table.holds.desc(), _table.last_seen_at.desc())
    for row in db.session.execute(query):
        tablets[row.judge_id].append(Tablet(row.device, row.last_seen_at, *_told(row), row.holds, row.left_at))
    counted = sa.select(LateMark.part_id, LateMark.judge_id, sa.func.count()).where(
        LateMark.part_id.in_([session.part_id for session in sessions]), undecided()
    )
    late = {(part, judge): count for part, judge, count in db.session.execute(counted.group_by(LateMark.part_id, LateMark.judge_id))}
    return {
        session.id: [_seat(row, tablets[row.judge_id], late.get((session.part_id, row.judge_id), 0)) for row in found[session.id]]
        for session in sessions
    }


def _seat(seat: sheets.SeatRow, tablets: list[Tablet], late: int) -> SeatNow:
    first, *rest = tablets or [Tablet("", None, *Sign(), False, None)]
    others = tuple(row for row in rest if row.left_at is None or row.waiting or row.refused)
    return SeatNow(seat.judge_id, seat.name, seat.role, *first[:-1], others, late)


def _own(judge_id: int, device: str):
    return db.session.execute(_OWN, {"judge": judge_id, "device": device}).one_or_none()


def _told(row) -> Sign:
    return Sign(row.waiting, row.refused, row.battery, row.charging, row.viewing)


def _one_at_a_time(judge_id: int) -> None:
    """Two tablets of one judge take turns (PostgreSQL; SQLite has one writer)."""
    db.session.execute(sa.select(Judge.id).where(Judge.id == judge_id).with_for_update(key_share=True))


def _write(statement) -> None:
    db.session.connection().execute(statement)
