"""Outcomes: recorded decisions on ties, frozen releases, awards, titles, objections."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Document, UtcDateTime, Whole, choice, db, identity, only_one
from compete.models.entries import Entry


class Decision(db.Model):
    """A recorded decision on a tie that the chain cannot break; `entry_ids` best first."""

    __tablename__ = "decision"
    __table_args__ = (choice("method", "extra_round", "vote", "lot", "shared"),)
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    entry_ids: Mapped[list] = mapped_column(Document)
    method: Mapped[str] = mapped_column(sa.String(16))
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Release(db.Model):
    """发布: a frozen outcome of an event. `document` is all that pages and workbooks show of it; `digest` its SHA-256."""

    __tablename__ = "release"
    __table_args__ = (
        sa.UniqueConstraint("contest_id", "number"),
        choice("state", "provisional", "final", "withdrawn"),
        only_one("uq_release_in_force", "event_id", "state <> 'withdrawn'"),
    )
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(16), default="provisional")
    document: Mapped[dict] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(sa.String(64))
    scheme_digest: Mapped[str] = mapped_column(sa.String(64))
    audit_head: Mapped[str] = mapped_column(sa.String(64))
    notice_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # end of the public notice (公示)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(sa.Text, default="")
    awards: Mapped[list["Award"]] = relationship(back_populates="release", order_by="Award.position")


class Award(db.Model):
    """奖项: what an entry received in a release."""

    __tablename__ = "award"
    __table_args__ = (sa.UniqueConstraint("release_id", "entry_id"),)
    id: Mapped[int] = identity()
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    place: Mapped[int]
    tier_code: Mapped[str] = mapped_column(sa.String(40))
    tier_name: Mapped[str] = mapped_column(sa.String(120))  # with the titles that carry a prize
    prize_fen: Mapped[int] = mapped_column(Whole)
    release: Mapped[Release] = relationship(back_populates="awards")
    entry: Mapped[Entry] = relationship()


class Title(db.Model):
    """称号 given to an entry's person in a release (技术能手, 金牌工匠 …)."""

    __tablename__ = "title"
    id: Mapped[int] = identity()
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))


class Objection(db.Model):
    """异议 against a release, and what was decided on it."""

    __tablename__ = "objection"
    __table_args__ = (choice("state", "open", "upheld", "rejected"),)
    id: Mapped[int] = identity()
    release_id: Mapped[int] = mapped_column(sa.ForeignKey("release.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"))
    raised_by: Mapped[str] = mapped_column(sa.String(60))
    text: Mapped[str] = mapped_column(sa.Text)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(16), default="open")
    answer: Mapped[str] = mapped_column(sa.Text, default="")
    answered_by: Mapped[str | None] = mapped_column(sa.String(64))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
