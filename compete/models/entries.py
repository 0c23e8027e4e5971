"""Who and what competes: organizations, delegations, entries, members, attachments, imports."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Document, Encrypted, EncryptedJson, UtcDateTime, Whole, choice, db, identity
from compete.models.contests import ENTRY_KINDS, Event

ENTRY_STATES = {
    "pending": "待审核",
    "approved": "已通过",
    "returned": "已退回",
    "withdrawn": "已退赛",
    "disqualified": "已取消",
}


class Organization(db.Model):
    """单位. `key` is the normalised name by which rows of a workbook and judges are matched."""

    __tablename__ = "organization"
    __table_args__ = (sa.UniqueConstraint("contest_id", "key"),)
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    key: Mapped[str] = mapped_column(sa.String(120))
    credit_code: Mapped[str | None] = mapped_column(sa.String(18))
    account_name: Mapped[str | None] = mapped_column(sa.String(120))
    account: Mapped[str | None] = mapped_column(Encrypted)
    bank: Mapped[str | None] = mapped_column(sa.String(120))


class Delegation(db.Model):
    """代表队/赛区."""

    __tablename__ = "delegation"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"),)
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(sa.String(80))


class Entry(db.Model):
    """参赛对象. `in_competition` is false for entries that compete without counting (不计奖次)."""

    __tablename__ = "entry"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "number"),
        choice("kind", *ENTRY_KINDS),
        choice("state", *ENTRY_STATES),
        sa.Index("ix_entry_event_state", "event_id", "state"),
    )
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"))
    kind: Mapped[str] = mapped_column(sa.String(16), default="project")
    number: Mapped[int]  # entry number within its event
    title: Mapped[str] = mapped_column(sa.String(200))  # the person's name for an individual
    title_key: Mapped[str] = mapped_column(sa.String(200), index=True)  # normalised, to find duplicates
    organization_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organization.id"), index=True)
    delegation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("delegation.id"), index=True)
    summary: Mapped[str] = mapped_column(sa.Text, default="")
    extras: Mapped[dict] = mapped_column(Document, default=dict)  # further columns: {"节约成本万元": "446"}
    state: Mapped[str] = mapped_column(sa.String(16), default="pending")
    state_reason: Mapped[str] = mapped_column(sa.Text, default="")
    in_competition: Mapped[bool] = mapped_column(default=True)
    import_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[Event] = relationship()
    organization: Mapped[Organization | None] = relationship()
    delegation: Mapped[Delegation | None] = relationship()
    members: Mapped[list["Member"]] = relationship(back_populates="entry", order_by="Member.position")
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="entry", order_by="Attachment.id")


class Member(db.Model):
    """A person of an entry. Identity and bank data are encrypted and shown only to finance."""

    __tablename__ = "member"
    __table_args__ = (choice("role", "leader", "member", "adviser"),)
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(sa.String(60))
    role: Mapped[str] = mapped_column(sa.String(16), default="member")
    phone: Mapped[str | None] = mapped_column(Encrypted)
    id_number: Mapped[str | None] = mapped_column(Encrypted)
    id_key: Mapped[str | None] = mapped_column(sa.String(64), index=True)  # keyed hash: finds the same person
    account: Mapped[str | None] = mapped_column(Encrypted)
    bank: Mapped[str | None] = mapped_column(sa.String(120))
    entry: Mapped[Entry] = relationship(back_populates="members")


class Attachment(db.Model):
    """A file of an entry, kept outside the database under its digest."""

    __tablename__ = "attachment"
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    media_type: Mapped[str] = mapped_column(sa.String(100))
    size: Mapped[int] = mapped_column(Whole)
    sha256: Mapped[str] = mapped_column(sa.String(64))
    for_judges: Mapped[bool] = mapped_column(default=True)
    uploaded_by: Mapped[str] = mapped_column(sa.String(64))
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entry: Mapped[Entry] = relationship(back_populates="attachments")


class EntryCode(db.Model):
    """A blind code of an entry; `layer` 1 is drawn first, the highest is what judges see."""

    __tablename__ = "entry_code"
    __table_args__ = (sa.UniqueConstraint("entry_id", "layer"),)
    id: Mapped[int] = identity()
    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("entry.id"))
    layer: Mapped[int] = mapped_column(default=1)
    code: Mapped[str] = mapped_column(sa.String(16))


class Import(db.Model):
    """One workbook sent in: its rows and what became of them (a preview until it is confirmed)."""

    __tablename__ = "import"
    __table_args__ = (choice("state", "preview", "confirmed", "undone", "dropped"), choice("kind", "entries", "judges"))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    filename: Mapped[str] = mapped_column(sa.String(200))
    sha256: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(16), default="preview")
    mapping: Mapped[dict] = mapped_column(Document, default=dict)
    content: Mapped[dict | None] = mapped_column(EncryptedJson)  # the rows as read, personal data inside
    changes: Mapped[dict | None] = mapped_column(EncryptedJson)  # what confirming did, for undo
    counts: Mapped[dict] = mapped_column(Document, default=dict)
    created_by: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ColumnMemory(db.Model):
    """How the organiser matched a heading to a field last time, per kind of import."""

    __tablename__ = "column_memory"
    __table_args__ = (sa.UniqueConstraint("kind", "heading"),)
    id: Mapped[int] = identity()
    kind: Mapped[str] = mapped_column(sa.String(16))
    heading: Mapped[str] = mapped_column(sa.String(120))
    field: Mapped[str] = mapped_column(sa.String(40))
