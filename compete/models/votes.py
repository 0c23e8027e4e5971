"""公众投票: polls, ballots, one-time tickets."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Encrypted, UtcDateTime, choice, db, identity
from compete.models.contests import Event, Part

POLL_STATES = {"draft": "未开始", "open": "投票中", "closed": "已结束"}


class Poll(db.Model):
    """投票: the audience chooses up to `most` entries of an event, by phone at the unguessable `key`.

    With a part (kind vote) its counts can be taken over as that part's figures; without one it stands alone (人气奖).
    `live`: screens show the counts while it is open. `taken_at`: the counts were taken over.
    """

    __tablename__ = "poll"
    __table_args__ = (sa.CheckConstraint("most > 0", name="most"), choice("state", *POLL_STATES))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    state: Mapped[str] = mapped_column(sa.String(16), default="draft")
    most: Mapped[int] = mapped_column(default=1)
    changeable: Mapped[bool] = mapped_column(default=True)  # while it is open
    ticketed: Mapped[bool] = mapped_column(default=False)  # only with a ticket given out in the hall
    live: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    part: Mapped[Part | None] = relationship()


class Ticket(db.Model):
    """投票券: a QR slip that casts one ballot, on whatever phone. Found by `code_hash`; `code` to print it again."""

    __tablename__ = "ticket"
    id: Mapped[int] = identity()
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("poll.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    code: Mapped[str] = mapped_column(Encrypted)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Ballot(db.Model):
    """选票: one per device (or ticket) and poll. Nobody's name: `voter` is a keyed hash of the device's cookie or the ticket.

    `device` says what kind of machine it was, `source` is a keyed hash of where it came from: alike ones may be one person.
    """

    __tablename__ = "ballot"
    __table_args__ = (sa.UniqueConstraint("poll_id", "voter"),)
    id: Mapped[int] = identity()
    poll_id: Mapped[int] = mapped_column(sa.ForeignKey("poll.id"))
    voter: Mapped[str] = mapped_column(sa.String(64))
    receipt: Mapped[str] = mapped_column(sa.String(16))
    revision: Mapped[int] = mapped_column(default=1)
    device: Mapped[str] = mapped_column(sa.String(16), default="")
    source: Mapped[str] = mapped_column(sa.String(16), default="")
    cast_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Vote(db.Model):
    """One entry on one ballot."""

    __tablename__ = "vote"
    __table_args__ = (sa.UniqueConstraint("ballot_id", "entry_id"),)
    id: Mapped[int] = identity()
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
