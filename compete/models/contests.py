"""How a contest is built: series, contest, events, stages, parts, criteria, tiers, schemes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from compete.models.base import Document, UtcDateTime, Whole, choice, db, identity

ENTRY_KINDS = {"individual": "个人", "team": "团队", "project": "项目", "work": "作品"}
PART_KINDS = {
    "roadshow": "路演",
    "defence": "答辩",
    "review": "书面评审",
    "practice": "实操",
    "theory": "理论考试",
    "inspection": "现场考察",
    "vote": "公众投票",
}
LEVELS = ("国际", "国家级", "省级", "市级", "区县级", "县级", "企业级")


class Series(db.Model):
    """A cup of several contests (系列赛/杯)."""

    __tablename__ = "series"
    id: Mapped[int] = identity()
    name: Mapped[str] = mapped_column(sa.String(120), unique=True)


class Contest(db.Model):
    """One contest (竞赛). `audit_count` and `audit_head` are the end of its hash chain."""

    __tablename__ = "contest"
    id: Mapped[int] = identity()
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("series.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    level: Mapped[str] = mapped_column(sa.String(16), default="")
    hosts: Mapped[dict] = mapped_column(Document, default=dict)  # {"主办": [...], "承办": [...], "协办": [...]}
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    venue: Mapped[str] = mapped_column(sa.String(200), default="")
    preset: Mapped[str] = mapped_column(sa.String(64), default="")
    copied_from_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contest.id"))
    rehearsal_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contest.id"), index=True)  # 彩排: a copy that is cleared
    settings: Mapped[dict] = mapped_column(Document, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    audit_count: Mapped[int] = mapped_column(Whole, default=0)
    audit_head: Mapped[str] = mapped_column(sa.String(64), default="")
    series: Mapped[Series | None] = relationship()
    events: Mapped[list["Event"]] = relationship(back_populates="contest", order_by="Event.position")


class Event(db.Model):
    """What is ranked and awarded together (赛项/赛道).

    `rules` holds what the scheme says above its parts, by the names of the engine's fields, in its units:
    {"rounding": {"places": 2, "mode": "half_up"}, "ties": [{"code": ..., "argument": ...}], "minimum_score": units|None, …};
    beside them "vacancies": {tier code: count}. `unveiled_at`: since when a blind event's entries are shown by name.
    """

    __tablename__ = "event"
    __table_args__ = (sa.UniqueConstraint("contest_id", "name"), choice("entry_kind", *ENTRY_KINDS))
    id: Mapped[int] = identity()
    contest_id: Mapped[int] = mapped_column(sa.ForeignKey("contest.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    position: Mapped[int] = mapped_column(default=0)
    entry_kind: Mapped[str] = mapped_column(sa.String(16), default="project")
    is_blind: Mapped[bool] = mapped_column(default=False)
    rules: Mapped[dict] = mapped_column(Document, default=dict)
    scheme_version: Mapped[int] = mapped_column(default=0)  # 0: no mark yet, freely editable
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unveiled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contest: Mapped[Contest] = relationship(back_populates="events")
    stages: Mapped[list["Stage"]] = relationship(back_populates="event", order_by="Stage.position")
    tiers: Mapped[list["Tier"]] = relationship(back_populates="event", order_by="Tier.position")

    @hybrid_property
    def is_veiled(self) -> bool:
        """Whether entries are still shown by their codes only: what pages ask, in Python and in SQL."""
        return self.is_blind and self.unveiled_at is None

    @is_veiled.inplace.expression
    @classmethod
    def _is_veiled(cls):
        return sa.and_(cls.is_blind, cls.unveiled_at.is_(None))


class Stage(db.Model):
    """海选, 初赛, 复赛, 决赛. The stage with `is_ranked` is the one whose outcome is awarded."""

    __tablename__ = "stage"
    __table_args__ = (sa.UniqueConstraint("event_id", "position"),)
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(default=0)
    is_ranked: Mapped[bool] = mapped_column(default=True)
    carried_weight: Mapped[int] = mapped_column(Whole, default=0)  # share of the earlier stage's score, 1/10000 %
    event: Mapped[Event] = relationship(back_populates="stages")
    parts: Mapped[list["Part"]] = relationship(back_populates="stage", order_by="Part.position")


class Part(db.Model):
    """评分环节. `weight` in 1/10000 percent (100 % = 1_000_000).

    `panel`: {"rule", "drop_high", "drop_low", "minimum_judges", "below_minimum", "level", "rounding": {...}|None, …}.
    `rules`: what the engine's Part knows beyond the columns, where it says something (so for criteria and tiers).
    `timing`: {"warnings": [seconds before the end, …], "overtime": {"grace": s, "every": s, "points": units, "maximum": units|None}}.
    `locked_at` is set when the chief judge locked and signed it.
    """

    __tablename__ = "part"
    __table_args__ = (sa.UniqueConstraint("stage_id", "code"), choice("kind", *PART_KINDS))
    id: Mapped[int] = identity()
    stage_id: Mapped[int] = mapped_column(sa.ForeignKey("stage.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(40))
    kind: Mapped[str] = mapped_column(sa.String(16), default="roadshow")
    weight: Mapped[int] = mapped_column(Whole, default=1_000_000)
    position: Mapped[int] = mapped_column(default=0)
    panel: Mapped[dict] = mapped_column(Document, default=dict)
    rules: Mapped[dict] = mapped_column(Document, default=dict, server_default=sa.text("'{}'"))
    speech_minutes: Mapped[int | None]
    question_minutes: Mapped[int | None]
    timing: Mapped[dict] = mapped_column(Document, default=dict, server_default=sa.text("'{}'"))
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    locked_by: Mapped[str | None] = mapped_column(sa.String(64))
    stage: Mapped[Stage] = relationship(back_populates="parts")
    criteria: Mapped[list["Criterion"]] = relationship(back_populates="part", order_by="Criterion.position")


class Criterion(db.Model):
    """评分项, a node of the part's tree. Leaves take marks; points in 1/10000, weight in 1/10000 percent.

    `anchors`: [[points_in_units, "what this many points mean"], ...], highest first.
    """

    __tablename__ = "criterion"
    __table_args__ = (sa.UniqueConstraint("part_id", "code"),)
    id: Mapped[int] = identity()
    part_id: Mapped[int] = mapped_column(sa.ForeignKey("part.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("criterion.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(60))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    weight: Mapped[int] = mapped_column(Whole)
    maximum: Mapped[int] = mapped_column(Whole)
    minimum: Mapped[int] = mapped_column(Whole, default=0)
    step: Mapped[int] = mapped_column(Whole, default=5000)
    anchors: Mapped[list] = mapped_column(Document, default=list)
    rules: Mapped[dict] = mapped_column(Document, default=dict, server_default=sa.text("'{}'"))
    position: Mapped[int] = mapped_column(default=0)
    part: Mapped[Part] = relationship(back_populates="criteria")


class Tier(db.Model):
    """奖等: how many by `count` or by `ratio` (1/10000 of the field), and the prize of each in fen.

    `rounding` and `tie` are codes of the engine's catalogues, which grow: the scheme's check knows them, not the table.
    """

    __tablename__ = "tier"
    __table_args__ = (sa.UniqueConstraint("event_id", "position"),)
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.String(40))
    position: Mapped[int] = mapped_column(default=0)
    count: Mapped[int | None]
    ratio: Mapped[int | None]
    rounding: Mapped[str] = mapped_column(sa.String(16), default="half_up")
    prize_fen: Mapped[int] = mapped_column(Whole, default=0)
    minimum_score: Mapped[int | None] = mapped_column(Whole)
    tie: Mapped[str] = mapped_column(sa.String(16), default="chain")
    vacant_allowed: Mapped[bool] = mapped_column(default=True)
    rules: Mapped[dict] = mapped_column(Document, default=dict, server_default=sa.text("'{}'"))
    event: Mapped[Event] = relationship(back_populates="tiers")


class SchemeVersion(db.Model):
    """A frozen scheme of an event: version 1 at the first mark, a further one per reasoned change."""

    __tablename__ = "scheme_version"
    __table_args__ = (sa.UniqueConstraint("event_id", "version"),)
    id: Mapped[int] = identity()
    event_id: Mapped[int] = mapped_column(sa.ForeignKey("event.id"), index=True)
    version: Mapped[int]
    document: Mapped[dict] = mapped_column(Document)
    digest: Mapped[str] = mapped_column(sa.String(64))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    made_by: Mapped[str] = mapped_column(sa.String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
