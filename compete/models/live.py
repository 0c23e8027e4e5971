"""The hall: what is on stage, its clock, the screens, what was shown on them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Document, UtcDateTime, Whole, choice, db, identity
from compete.models.judging import Session, Slot

PHASES = {"idle": "候场", "speech": "陈述", "questions": "提问", "over": "结束"}
SCENES = {
    "black": "黑屏",
    "message": "公告",
    "order": "出场顺序",
    "current": "当前参赛对象",
    "score": "亮分",
    "standings": "成绩榜",
    "ceremony": "颁奖",
    "draw": "抽签",
    "vote": "公众投票",
}


class Podium(db.Model):
    """台上: which turn of a session is on stage and how long it has been running.

    The clock ran `ran_ms` milliseconds before `started_at`, and has been running since (None: it stands) towards
    `allotted_ms` (0: without limit). `turns` {slot id as text: "done" or "skipped"} of those that were on stage, in the
    order they left it. With `only_current` judges may mark only what is or was on stage.

    `revision` rises with every action: an action names the one it saw, so that two consoles never advance twice.
    `touch` is the last action's own mark, so that a repeated delivery is known. `undo`: what stood before the last call.
    """

    __tablename__ = "podium"
    __table_args__ = (choice("phase", *PHASES),)
    id: Mapped[int] = identity()
    session_id: Mapped[int] = mapped_column(sa.ForeignKey("session.id"), unique=True)
    slot_id: Mapped[int | None] = mapped_column(sa.ForeignKey("slot.id"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(16), default="idle")
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ran_ms: Mapped[int] = mapped_column(Whole, default=0)
    allotted_ms: Mapped[int] = mapped_column(Whole, default=0)
    only_current: Mapped[bool] = mapped_column(default=False)
    turns: Mapped[dict] = mapped_column(Document, default=dict)
    revision: Mapped[int] = mapped_column(default=0)
    touch: Mapped[str] = mapped_column(sa.String(40), default="")
    undo: Mapped[dict | None] = mapped_column(Document)
    notice: Mapped[str] = mapped_column(sa.String(200), default="")  # what the tablets of this session show
    notice_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    session: Mapped[Session] = relationship()
    slot: Mapped[Slot | None] = relationship()


class Timing(db.Model):
    """计时: how long a phase of a turn took; `penalty_id` where its overtime was charged, `waived_at` where it was not."""

    __tablename__ = "timing"
    __table_args__ = (choice("phase", "speech", "questions"),)
    id: Mapped[int] = identity()
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(16))
    allotted_ms: Mapped[int] = mapped_column(Whole)
    ran_ms: Mapped[int] = mapped_column(Whole)
    penalty_id: Mapped[int | None] = mapped_column(sa.ForeignKey("penalty.id"), index=True)
    waived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Screen(db.Model):
    """大屏: a named display, opened by its unguessable `key` and told from the console what to show (`scene`, `data`).

    An `audience` screen is the page on people's phones.
    """

    __tablename__ = "screen"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"), choice("kind", "hall", "audience"), choice("scene", *SCENES))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    key: Mapped[str] = mapped_column(sa.String(32), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(16), default="hall")
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("session.id"), index=True)  # the session it follows
    scene: Mapped[str] = mapped_column(sa.String(16), default="black")
    data: Mapped[dict] = mapped_column(Document, default=dict)
    theme: Mapped[str] = mapped_column(sa.String(16), default="dark")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Showing(db.Model):
    """亮出: a score or a standing released for the screens: numbered, frozen as `document` with its SHA-256."""

    __tablename__ = "showing"
    __table_args__ = (sa.UniqueConstraint("contest_id", "number"), choice("kind", "score", "standings", "vote"))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(sa.String(16))
    event_id: Mapped[int | None] = mapped_column(sa.ForeignKey("event.id"), index=True)
    part_id: Mapped[int | None] = mapped_column(sa.ForeignKey("part.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(sa.ForeignKey("entry.id"), index=True)
    document: Mapped[dict] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(sa.String(64))
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(sa.Text, default="")
