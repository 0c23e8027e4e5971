"""What the rehearsal has tried so far, and what not: seats with their devices, screens, the hall, papers."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import AuditRecord, Contest, Judge, Podium, Presence, Release, Screen, Seat, Session, Sheet, Showing, Signature, Slot, Timing, db
from compete.rehearsal.playing import DEVICE

ALIVE = timedelta(seconds=60)


class SeatTried(NamedTuple):
    """A judge's seat: came in by card, its tablet heard of lately, sheets by its own device, sheets played by the server."""

    name: str
    entered_at: datetime | None
    alive: bool
    battery: int | None
    own: int
    played: int
    signed: bool

    @property
    def done(self) -> bool:
        return self.entered_at is not None and self.own > 0


class ScreenTried(NamedTuple):
    name: str
    seen_at: datetime | None


class Step(NamedTuple):
    """Something that happens in the hall; `hint` says how to try it, `endpoint` leads there."""

    name: str
    done: bool
    hint: str
    endpoint: str = ""


class Tried(NamedTuple):
    seats: list[SeatTried]
    screens: list[ScreenTried]
    steps: list[Step]

    @property
    def count(self) -> tuple[int, int]:
        """(tried, all)"""
        marks = [row.done for row in self.seats] + [row.seen_at is not None for row in self.screens] + [row.done for row in self.steps]
        return sum(marks), len(marks)


def of(rehearsal: Contest, *, now: datetime) -> Tried:
    """Everything the check list shows: three queries."""
    return Tried(_seats(rehearsal.id, now), _screens(rehearsal.id), _steps(rehearsal.id))


def _seats(contest_id: int, now: datetime) -> list[SeatTried]:
    played = AuditRecord.device == DEVICE
    sheet = sa.and_(AuditRecord.action == "sheet.submit", AuditRecord.actor == sa.literal("judge:") + sa.cast(Judge.id, sa.String))

    def trail(what, *conditions):
        return sa.select(what).where(AuditRecord.chain == contest_id, *conditions).correlate(Judge).scalar_subquery()

    came = trail(sa.func.min(AuditRecord.at), AuditRecord.action == "card.enter", AuditRecord.subject_id == Judge.id)
    holds = sa.and_(Presence.judge_id == Judge.id, Presence.holds, Presence.left_at.is_(None))
    rows = db.session.execute(
        sa.select(
            Judge.name, came, sa.func.max(Presence.last_seen_at), sa.func.max(Presence.battery),
            trail(sa.func.count(), sheet, ~played), trail(sa.func.count(), sheet, played),
            sa.exists().where(Signature.judge_id == Judge.id, Signature.void_at.is_(None)),
        )
        .outerjoin(Presence, holds)
        .where(Judge.contest_id == contest_id, Judge.role != "supervisor", sa.exists().where(Seat.judge_id == Judge.id))
        .group_by(Judge.id).order_by(Judge.position, Judge.id)
    ).all()  # fmt: skip
    return [
        SeatTried(name, at, seen is not None and now - seen <= ALIVE, battery, own, by_server, signed)
        for name, at, seen, battery, own, by_server, signed in rows
    ]


def _screens(contest_id: int) -> list[ScreenTried]:
    rows = sa.select(Screen.name, Screen.last_seen_at).where(Screen.contest_id == contest_id, Screen.removed_at.is_(None)).order_by(Screen.id)
    return [ScreenTried(*row) for row in db.session.execute(rows)]


def _steps(contest_id: int) -> list[Step]:
    """The rest, each answered by whether a row of it exists, in one query."""

    session = sa.select(Session.id).where(Session.contest_id == contest_id)
    slots = sa.select(Slot.id).where(Slot.session_id.in_(session))

    asked = {
        "open": sa.exists().where(Session.contest_id == contest_id, Session.state != "waiting"),
        "call": sa.exists().where(Podium.session_id.in_(session), Podium.slot_id.is_not(None)),
        "clock": sa.or_(sa.exists().where(Timing.slot_id.in_(slots)), sa.exists().where(Podium.session_id.in_(session), Podium.started_at.is_not(None))),
        "return": sa.exists().where(Sheet.session_id.in_(session), Sheet.returned_at.is_not(None)),
        "score": sa.exists().where(Showing.contest_id == contest_id, Showing.kind == "score"),
        "standings": sa.exists().where(Showing.contest_id == contest_id, Showing.kind == "standings"),
        "lock": sa.exists().where(AuditRecord.chain == contest_id, AuditRecord.action == "part.lock"),
        "release": sa.exists().where(Release.contest_id == contest_id),
        "ceremony": sa.exists().where(AuditRecord.chain == contest_id, AuditRecord.action == "screen.step"),  # only a ceremony has steps
        "paper": sa.exists().where(AuditRecord.chain == contest_id, AuditRecord.action == "rehearsal.paper"),
    }
    found = db.session.execute(sa.select(*(condition.label(name) for name, condition in asked.items()))).one()._mapping
    return [Step(name, bool(found[code]), hint, endpoint) for code, name, hint, endpoint in STEPS]


STEPS = (
    ("open", "开始评分", "在主持台或场次页开始一场", "judging.sessions"),
    ("call", "叫号上台", "在主持台叫一个参赛对象", "live.console"),
    ("clock", "计时", "走一次陈述或提问的钟，听听声音", "live.console"),
    ("return", "退回重评", "总评委退回一张评分表，看平板收到没有", "judging.board"),
    ("score", "亮分", "在大屏亮一次分", "live.console"),
    ("standings", "成绩榜", "在大屏放一次成绩榜", "live.console"),
    ("lock", "总评委锁定签字", "总评委在平板上核对、锁定、签字", "review.index"),
    ("release", "发布结果", "试着发布（彩排的发布不对外公开）", "awards.index"),
    ("ceremony", "颁奖", "在大屏从三等奖放到一等奖", "live.console"),
    ("paper", "打印文件", "下载一份评分表或汇总表，打印出来看", "documents.index"),
)
