"""Blind judging and rechecks: layers of codes with their keepers, sealed tables, openings by two; samples of sheets and corrections."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.accounts import User
from compete.models.base import Document, Encrypted, EncryptedJson, UtcDateTime, Whole, choice, db, identity, only_one
from compete.models.contests import Event, Part
from compete.models.judging import Sheet

CONFIRMERS = {"supervisor": "必须有一位监督", "any": "任意两位（本赛项的保管人或监督）"}
RECHECK_WHYS = {"top": "名次靠前，必查", "drawn": "随机抽中", "full": "全部复核"}
RECHECK_STATES = {"open": "未核", "right": "一致", "wrong": "有误，待总评委", "corrected": "已更正", "dismissed": "经总评委核实无误"}


class CodePlan(db.Model):
    """加密方案 of a blind event. `confirmers`: which two people open a layer; `minutes`: how long a request waits."""

    __tablename__ = "code_plan"
    __table_args__ = (choice("confirmers", *CONFIRMERS),)
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), unique=True)
    confirmers: Mapped[str] = mapped_column(sa.String(16), default="supervisor")
    minutes: Mapped[int] = mapped_column(default=15)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    layers: Mapped[list["CodeLayer"]] = relationship(back_populates="plan", order_by="CodeLayer.position")


class CodeLayer(db.Model):
    """One layer: position 1 is drawn first, the last one is what judges see. `labels` are dealt; without them codes are invented."""

    __tablename__ = "code_layer"
    __table_args__ = (sa.UniqueConstraint("plan_id", "position"),)
    id: Mapped[int] = identity()
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("code_plan.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(40))
    prefix: Mapped[str] = mapped_column(sa.String(6), default="")
    digits: Mapped[int | None]
    labels: Mapped[list] = mapped_column(Document, default=list)
    keeper_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    plan: Mapped[CodePlan] = relationship(back_populates="layers")
    keeper: Mapped[User | None] = relationship()


class CodeTable(db.Model):
    """A layer's sealed table. `content`: {"pairs": [[before, code], …], "entries": {number: entry.id} (first layer only)}.

    `digest` covers layer, seed and content; the same digest stands in the audit trail since the moment of sealing.
    """

    __tablename__ = "code_table"
    __table_args__ = (choice("source", "hall", "system"), only_one("uq_code_table_in_force", "layer_id", "superseded_at IS NULL"))
    id: Mapped[int] = identity()
    layer_id: Mapped[int] = mapped_column(sa.ForeignKey("code_layer.id"), index=True)
    seed: Mapped[str] = mapped_column(Encrypted, deferred=True)
    source: Mapped[str] = mapped_column(sa.String(8))
    content: Mapped[dict] = mapped_column(EncryptedJson, deferred=True)
    digest: Mapped[str] = mapped_column(sa.String(64))
    size: Mapped[int]
    sealed_by: Mapped[str] = mapped_column(sa.String(64))
    sealed_name: Mapped[str] = mapped_column(sa.String(64))
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")  # why it was drawn again
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CodeOpening(db.Model):
    """启封: one person asked, another confirmed (or nobody did in time)."""

    __tablename__ = "code_opening"
    __table_args__ = (
        choice("kind", "ordinary", "emergency"), choice("state", "asked", "opened", "dropped", "broken"),
        only_one("uq_code_opening_asked", "table_id", "state = 'asked'"),
    )  # fmt: skip
    id: Mapped[int] = identity()
    table_id: Mapped[int] = mapped_column(sa.ForeignKey("code_table.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16), default="ordinary")
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    state: Mapped[str] = mapped_column(sa.String(16), default="asked")
    asked_by: Mapped[str] = mapped_column(sa.String(64))
    asked_name: Mapped[str] = mapped_column(sa.String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_by: Mapped[str] = mapped_column(sa.String(64), default="")
    settled_name: Mapped[str] = mapped_column(sa.String(64), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Recheck(db.Model):
    """复核 of a part: the sample and what it was drawn from. `percent`, `threshold` in 1/10000 percent.

    `drawn_from`: the labels among which the rest of the sample was drawn by `seed` (`scoring.draw_order`, the first `drawn_count`).
    """

    __tablename__ = "recheck"
    __table_args__ = (choice("source", "hall", "system"), only_one("uq_recheck_in_force", "part_id", "superseded_at IS NULL"))
    id: Mapped[int] = identity()
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), index=True)
    top: Mapped[int]
    percent: Mapped[int] = mapped_column(Whole)
    threshold: Mapped[int] = mapped_column(Whole)
    seed: Mapped[str] = mapped_column(sa.String(120))
    source: Mapped[str] = mapped_column(sa.String(8))
    drawn_from: Mapped[list] = mapped_column(Document)
    drawn_count: Mapped[int]
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    full_by: Mapped[str] = mapped_column(sa.String(64), default="")
    full_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    superseded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    part: Mapped[Part] = relationship()
    items: Mapped[list["RecheckItem"]] = relationship(back_populates="recheck", order_by="RecheckItem.position")


class RecheckItem(db.Model):
    """One sheet to compare with its paper. `found`: {criterion code: units} that should stand instead; `revision`: of the sheet then."""

    __tablename__ = "recheck_item"
    __table_args__ = (
        sa.UniqueConstraint("recheck_id", "sheet_id"), choice("why", *RECHECK_WHYS), choice("state", *RECHECK_STATES),
    )  # fmt: skip
    id: Mapped[int] = identity()
    recheck_id: Mapped[int] = mapped_column(sa.ForeignKey("recheck.id"))
    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("sheet.id"), index=True)
    position: Mapped[int]
    why: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(16), default="open")
    revision: Mapped[int] = mapped_column(default=0)
    found: Mapped[dict | None] = mapped_column(Document)
    before: Mapped[dict | None] = mapped_column(Document)  # what stood there, of the criteria that are wrong
    note: Mapped[str] = mapped_column(sa.Text, default="")
    checked_by: Mapped[str] = mapped_column(sa.String(64), default="")
    checked_name: Mapped[str] = mapped_column(sa.String(64), default="")
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_name: Mapped[str] = mapped_column(sa.String(64), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_reason: Mapped[str] = mapped_column(sa.Text, default="")
    recheck: Mapped[Recheck] = relationship(back_populates="items")
    sheet: Mapped[Sheet] = relationship()


class RecheckSignature(db.Model):
    """The chief judge signed a list of corrections; `digest` covers every item and value of it."""

    __tablename__ = "recheck_signature"
    id: Mapped[int] = identity()
    recheck_id: Mapped[int] = mapped_column(sa.ForeignKey("recheck.id"), index=True)
    judge_id: Mapped[int | None] = mapped_column(sa.ForeignKey("judge.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(60))
    digest: Mapped[str] = mapped_column(sa.String(64))
    count: Mapped[int]
    drawing: Mapped[str | None] = mapped_column(Encrypted)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
