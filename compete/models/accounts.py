"""Who may enter by an account: people with a password, their roles, one-time links."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import UtcDateTime, choice, db, identity

ROLES = {
    "organiser": "组织者",
    "chief": "总评委",
    "finance": "财务",
    "supervisor": "监督",
    "host": "主持人",
    "coder": "加密裁判",
    "recorder": "计分裁判",
}


class User(UserMixin, db.Model):
    """A person with an account. `password_hash` is empty until the one-time link was used."""

    __tablename__ = "user"
    id: Mapped[int] = identity()
    login: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(64))
    password_hash: Mapped[str | None] = mapped_column(sa.String(255))
    is_admin: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=0)  # raised to end all sessions of this person
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")

    def get_id(self) -> str:
        return f"user:{self.id}:{self.epoch}"


class Membership(db.Model):
    """One role of one person in one contest."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("contest_id", "user_id", "role"), choice("role", *ROLES))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    user: Mapped[User] = relationship(back_populates="memberships")


class Invitation(db.Model):
    """A link that works once: to become administrator, or to set one's password."""

    __tablename__ = "invitation"
    __table_args__ = (choice("purpose", "first_admin", "password"),)
    id: Mapped[int] = identity()
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(16))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
