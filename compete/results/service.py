"""Decisions on ties that the chain cannot break: recorded, revocable, part of the facts."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit.service import Actor, record
from compete.models import Decision, Event, Release, db
from compete.results.facts import Board
from scoring.problems import Problem

METHODS = {"extra_round": "加赛", "vote": "评委投票", "lot": "当众抽签", "shared": "并列，不分先后"}


def open_ties(board: Board) -> list[list[int]]:
    """Groups of entries (ids) that still need a decision, best place first."""
    return [list(group) for group in board.outcome.undecided_ties]


def decide(*, board: Board, entries: list[int], method: str, reason: str, actor: Actor, now: datetime) -> Decision | Problem:
    """Records in which order tied entries stand. The group must be one that is open now."""
    if sorted(entries) not in [sorted(group) for group in open_ties(board)]:
        return Problem("decision.stale", "同分组", "与当前成绩不符，可能刚有评分变动", "请刷新页面后重新填写")
    if not reason.strip():
        return Problem("decision.reason", "原因", "没有填写", "请写明怎样决定的，例如“加赛一轮，12 号 9 分，7 号 8 分”")
    row = Decision(event_id=board.event.id, entry_ids=entries, method=method, reason=reason.strip(), made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    numbers = [board.labels[entry].sign for entry in entries]
    record(contest_id=board.event.contest_id, actor=actor, now=now, action="decision.make", subject="decision", subject_id=row.id,
           after={"order": numbers, "method": METHODS[method]}, reason=row.reason)  # fmt: skip
    return row


def revoke(*, decision: Decision, event: Event, actor: Actor, now: datetime) -> Problem | None:
    """Takes a decision back, unless a standing release rests on it."""
    resting = sa.exists().where(Release.event_id == event.id, Release.state != "withdrawn", Release.made_at >= decision.made_at)
    if db.session.scalar(sa.select(resting)):
        return Problem("decision.released", "决定", "已有发布以它为依据", "请先撤回该次发布，再撤销决定")
    decision.revoked_at = now
    record(contest_id=event.contest_id, actor=actor, now=now, action="decision.revoke", subject="decision", subject_id=decision.id,
           before={"order": decision.entry_ids, "reason": decision.reason})  # fmt: skip
    return None


def decisions_of(event_id: int) -> list[Decision]:
    query = sa.select(Decision).where(Decision.event_id == event_id, Decision.revoked_at.is_(None)).order_by(Decision.id)
    return list(db.session.scalars(query))
