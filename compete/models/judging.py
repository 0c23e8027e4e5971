"""Judging: judges, panels, sessions and their order, sheets with marks, penalties, recusals, absences."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Document, Encrypted, UtcDateTime, Whole, choice, db, identity, only_one
from compete.models.contests import Part
from compete.models.entries import Entry

JUDGE_ROLES = {"chief": "总评委", "judge": "评委", "supervisor": "监督"}
SESSION_STATES = {"waiting": "未开始", "open": "评分中", "closed": "已结束"}
SHEET_STATES = {"draft": "草稿", "submitted": "已提交", "returned": "已退回", "locked": "已锁定"}


class Judge(UserMixin, db.Model):
    """评委. Signs in with a card (`card_hash` of its secret) that a PIN confirms; raising `epoch` ends all sessions.

    People of the roster with another role (监督) stand here too and enter with a card of their own.
    """

    __tablename__ = "judge"
    __table_args__ = (choice("role", *JUDGE_ROLES),)
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    organization: Mapped[str] = mapped_column(sa.String(120), default="")
    organization_key: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(60), default="")
    role: Mapped[str] = mapped_column(sa.String(16), default="judge")
    position: Mapped[int] = mapped_column(default=0)
    phone: Mapped[str | None] = mapped_column(Encrypted)
    card_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    card_secret: Mapped[str | None] = mapped_column(Encrypted)  # so that the same card can be printed again
    pin_hash: Mapped[str | None] = mapped_column(sa.String(255))
    pin: Mapped[str | None] = mapped_column(Encrypted)  # printed on a slip apart from the card
    card_issued_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    card_revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    epoch: Mapped[int] = mapped_column(default=0)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import.id"))

    def get_id(self) -> str:
        return f"judge:{self.id}:{self.epoch}"


class Panel(db.Model):
    """评委组."""

    __tablename__ = "panel"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"),)
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    seats: Mapped[list["Seat"]] = relationship(back_populates="panel", order_by="Seat.position")


class Seat(db.Model):
    """A judge's place in a panel."""

    __tablename__ = "seat"
    __table_args__ = (sa.UniqueConstraint("panel_id", "judge_id"),)
    id: Mapped[int] = identity()
    panel_id: Mapped[int] = mapped_column(sa.ForeignKey("panel.id"))
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    panel: Mapped[Panel] = relationship(back_populates="seats")
    judge: Mapped[Judge] = relationship()


class Session(db.Model):
    """场次: one panel judges the entries of one part, in the drawn order. Marks are taken while it is open."""

    __tablename__ = "session"
    __table_args__ = (choice("state", *SESSION_STATES),)
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), index=True)
    panel_id: Mapped[int | None] = mapped_column(sa.ForeignKey("panel.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    position: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(sa.String(16), default="waiting")
    part: Mapped[Part] = relationship()
    panel: Mapped[Panel | None] = relationship()
    slots: Mapped[list["Slot"]] = relationship(back_populates="session", order_by="Slot.position")


class Slot(db.Model):
    """An entry's turn in a session; `position` is the running order (0 = not drawn yet)."""

    __tablename__ = "slot"
    __table_args__ = (sa.UniqueConstraint("session_id", "entry_id"),)
    id: Mapped[int] = identity()
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"))
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    session: Mapped[Session] = relationship(back_populates="slots")
    entry: Mapped[Entry] = relationship()


class Draw(db.Model):
    """A recorded draw of a session's running order, reproducible from `seed` and `items`."""

    __tablename__ = "draw"
    __table_args__ = (only_one("uq_draw_in_force", "session_id", "superseded_at IS NULL"),)
    id: Mapped[int] = identity()
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"), index=True)
    seed: Mapped[str] = mapped_column(sa.String(120))
    items: Mapped[list] = mapped_column(Document)
    result: Mapped[list] = mapped_column(Document)
    method: Mapped[str] = mapped_column(sa.String(40))
    drawn_by: Mapped[str] = mapped_column(sa.String(64))
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class Recusal(db.Model):
    """回避: this judge does not judge this entry. Lifting keeps the record."""

    __tablename__ = "recusal"
    __table_args__ = (choice("cause", "same_organization", "manual"), sa.Index("ix_recusal_pair", "entry_id", "judge_id"))
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"))
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    cause: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_reason: Mapped[str] = mapped_column(sa.Text, default="")


class Sheet(db.Model):
    """评分表: one judge, one entry, one part. `total` over the part's denominator, empty while marks are missing.

    `revision` rises with every change; the tablet sends the one it saw, so that a late copy never overwrites.
    """

    __tablename__ = "sheet"
    __table_args__ = (
        sa.UniqueConstraint("part_id", "entry_id", "judge_id"),
        choice("state", *SHEET_STATES),
        sa.Index("ix_sheet_judge_part", "judge_id", "part_id"),
        # Standings and boards read these of every sheet of a part: the index alone answers them.
        sa.Index("ix_sheet_counted", "part_id", "entry_id", "judge_id", "state", "total"),
    )
    id: Mapped[int] = identity()
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"))
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"))
    state: Mapped[str] = mapped_column(sa.String(16), default="draft")
    total: Mapped[int | None] = mapped_column(Whole)
    comment: Mapped[str] = mapped_column(sa.Text, default="")
    revision: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    returned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str] = mapped_column(sa.Text, default="")


class Mark(db.Model):
    """打分: points in 1/10000. No row: not marked. Zero is a mark."""

    __tablename__ = "mark"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "criterion_id"),)
    id: Mapped[int] = identity()
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"))
    criterion_id: Mapped[int] = mapped_column(sa.ForeignKey("criterion.id"), index=True)
    value: Mapped[int] = mapped_column(Whole)


class Signature(db.Model):
    """A judge signed the list of own sheets of a session (or the chief a part); `digest` covers the marks."""

    __tablename__ = "signature"
    __table_args__ = (choice("scope", "session", "part"),)
    id: Mapped[int] = identity()
    scope: Mapped[str] = mapped_column(sa.String(16), default="session")
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"), index=True)
    judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(64))
    drawing: Mapped[str | None] = mapped_column(Encrypted)  # the handwriting as an SVG path
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a sheet was returned afterwards


class JudgeAbsence(db.Model):
    """A judge is absent from a session: the panel shrinks, nothing counts as zero."""

    __tablename__ = "judge_absence"
    __table_args__ = (sa.Index("ix_judge_absence_pair", "session_id", "judge_id"),)
    id: Mapped[int] = identity()
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"))
    judge_id: Mapped[int] = mapped_column(sa.ForeignKey("judge.id"))
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Ruling(db.Model):
    """What was ruled on an entry: 缺考/弃权 (absence), 取消 (disqualification), 一票否决 (veto). Revoking keeps the record."""

    __tablename__ = "ruling"
    __table_args__ = (choice("kind", "absence", "disqualification", "veto"),)
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(20))
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(sa.Text, default="")


class Penalty(db.Model):
    """扣分 off the entry's total; points in 1/10000, above zero."""

    __tablename__ = "penalty"
    __table_args__ = (sa.CheckConstraint("points > 0", name="points"),)
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"))
    points: Mapped[int] = mapped_column(Whole)
    reason: Mapped[str] = mapped_column(sa.Text)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_reason: Mapped[str] = mapped_column(sa.Text, default="")
