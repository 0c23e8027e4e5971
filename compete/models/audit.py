"""The audit trail: one record per change of a fact, a hash chain per contest."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from compete.models.base import Document, UtcDateTime, Whole, db, identity


class AuditRecord(db.Model):
    """Who, when, from which device, what, before, after, why. `hash` covers the record and `previous`.

    Records without a contest (accounts, settings) form a chain of their own, kept under `chain` 0.
    """

    __tablename__ = "audit_record"
    __table_args__ = (
        sa.UniqueConstraint("chain", "number"),
        sa.Index("ix_audit_record_subject", "chain", "subject", "subject_id"),
    )
    id: Mapped[int] = identity()
    chain: Mapped[int] = mapped_column(Whole)  # contest id, or 0
    number: Mapped[int] = mapped_column(Whole)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(sa.String(32))  # "user:3", "judge:7", "system"
    actor_name: Mapped[str] = mapped_column(sa.String(64))
    device: Mapped[str] = mapped_column(sa.String(120), default="")
    action: Mapped[str] = mapped_column(sa.String(40))
    subject: Mapped[str] = mapped_column(sa.String(32))
    subject_id: Mapped[int | None] = mapped_column(Whole)
    before: Mapped[dict | None] = mapped_column(Document)
    after: Mapped[dict | None] = mapped_column(Document)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    previous: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class SystemChain(db.Model):
    """The end of chain 0, one row."""

    __tablename__ = "system_chain"
    id: Mapped[int] = identity()
    count: Mapped[int] = mapped_column(Whole, default=0)
    head: Mapped[str] = mapped_column(sa.String(64), default="")
