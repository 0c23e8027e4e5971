"""Money, in integer fen: budgets, payees, payments."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Encrypted, UtcDateTime, Whole, choice, db, identity
from compete.models.results import Award


class Budget(db.Model):
    """A line of a contest's budget (预算): prizes, subsidies …"""

    __tablename__ = "budget"
    __table_args__ = (
        sa.UniqueConstraint("contest_id", "name"),
        sa.CheckConstraint("amount_fen >= 0", name="amount"),
        choice("purpose", "prize", "subsidy", "other"),
    )
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(sa.String(60))
    purpose: Mapped[str] = mapped_column(sa.String(16), default="prize")
    amount_fen: Mapped[int] = mapped_column(Whole)
    basis: Mapped[str] = mapped_column(sa.String(200), default="")


class Payee(db.Model):
    """收款方 of (a share of) an award. Tax: rate in 1/10000, basis document in words (个人所得税法)."""

    __tablename__ = "payee"
    __table_args__ = (
        choice("kind", "person", "organization"),
        sa.CheckConstraint("amount_fen > 0", name="amount"),
        sa.CheckConstraint("tax_fen >= 0 AND tax_fen <= amount_fen", name="tax"),
    )
    id: Mapped[int] = identity()
    award_id: Mapped[int] = mapped_column(sa.ForeignKey("award.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("member.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(16), default="person")
    name: Mapped[str] = mapped_column(sa.String(120))
    amount_fen: Mapped[int] = mapped_column(Whole)
    tax_rate: Mapped[int] = mapped_column(default=2000)
    tax_fen: Mapped[int] = mapped_column(Whole, default=0)
    tax_basis: Mapped[str] = mapped_column(sa.String(200), default="")
    id_number: Mapped[str | None] = mapped_column(Encrypted)
    account_name: Mapped[str | None] = mapped_column(sa.String(120))
    account: Mapped[str | None] = mapped_column(Encrypted)
    bank: Mapped[str | None] = mapped_column(sa.String(120))
    phone: Mapped[str | None] = mapped_column(Encrypted)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    award: Mapped[Award] = relationship()
    payments: Mapped[list["Payment"]] = relationship(back_populates="payee", order_by="Payment.id")


class Payment(db.Model):
    """发放: prepared by one person, approved by another; a returned one is superseded, never overwritten."""

    __tablename__ = "payment"
    __table_args__ = (choice("state", "prepared", "approved", "paid", "returned"),)
    id: Mapped[int] = identity()
    payee_id: Mapped[int] = mapped_column(sa.ForeignKey("payee.id"), index=True)
    net_fen: Mapped[int] = mapped_column(Whole)
    state: Mapped[str] = mapped_column(sa.String(16), default="prepared")
    prepared_by: Mapped[str] = mapped_column(sa.String(64))
    prepared_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    approved_by: Mapped[str | None] = mapped_column(sa.String(64))
    approved_user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("payment.id"))
    payee: Mapped[Payee] = relationship(back_populates="payments")
