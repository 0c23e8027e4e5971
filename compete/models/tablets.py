"""Around the sheets: which tablet sits at which seat, marks that came too late, paper sheets keyed in."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Document, UtcDateTime, choice, db, identity

LATE_STATES = {"waiting": "待处理", "accepted": "已采纳", "rejected": "未采纳"}
KEYING_STATES = {"open": "待比对", "matched": "已一致", "superseded": "已作废"}


class Presence(db.Model):
    """A tablet at a judge's seat: its last sign of life and what it still has to deliver.

    `holds`: this tablet holds the seat; another one with the same card still delivers what it kept.
    """

    __tablename__ = "presence"
    __table_args__ = (sa.UniqueConstraint("judge_id", "device"),)
    id: Mapped[int] = identity()
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"))
    device: Mapped[str] = mapped_column(sa.String(64))
    holds: Mapped[bool] = mapped_column(default=True)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    waiting: Mapped[int] = mapped_column(default=0)  # marks not delivered yet
    refused: Mapped[int] = mapped_column(default=0)
    battery: Mapped[int | None]  # percent, where the browser tells
    charging: Mapped[bool | None]
    viewing: Mapped[str] = mapped_column(sa.String(40), default="")  # the entry that is open, by number or code
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LateMark(db.Model):
    """迟到打分: a message that could no longer be taken (locked, signed, rubric changed), kept for the chief judge.

    `message` is what the tablet sent: {"marks", "comment", "submit", "revision", "rubric"}; the same one twice is one row.
    """

    __tablename__ = "late_mark"
    __table_args__ = (sa.UniqueConstraint("judge_id", "entry_id", "part_id", "digest"), choice("state", *LATE_STATES))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"))
    device: Mapped[str] = mapped_column(sa.String(64), default="")
    message: Mapped[dict] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(sa.String(64))
    code: Mapped[str] = mapped_column(sa.String(40))  # why it was refused
    why: Mapped[str] = mapped_column(sa.Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(16), default="waiting")
    decided_by: Mapped[str | None] = mapped_column(sa.String(64))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class Keying(db.Model):
    """双人录入: a paper sheet as one person keyed it in; two persons' must agree before it counts.

    `marks` {criterion code: units}.
    """

    __tablename__ = "keying"
    __table_args__ = (sa.Index("ix_keying_sheet", "part_id", "entry_id", "judge_id"), choice("state", *KEYING_STATES))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    keyed_by: Mapped[str] = mapped_column(sa.String(64))
    keyed_name: Mapped[str] = mapped_column(sa.String(64))
    marks: Mapped[dict] = mapped_column(Document)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    keyed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(16), default="open")
