"""彩排: a copy of the contest is judged, shown and awarded like the real one, then cleared in one step.

Everything that happens belongs to the copy's own rows, so nothing real can be touched. Clearing is the only place of the
product that deletes what was judged: no decision rests on a rehearsal.
"""

import secrets
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from compete.audit import service as audit
from compete.models import Contest, Seat, Session, Slot, db
from compete.rehearsal import belonging, copying, twins
from scoring.problems import Problem

KEPT_FROM_CONTEST = ("series_id", "level", "hosts", "starts_on", "ends_on", "venue", "preset")


def start(contest: Contest, *, actor: audit.Actor, now: datetime) -> Contest | Problem:
    """Makes the copy. Tablets that scan a real card sit down at it from this moment."""
    # Of two who press at once, one starts it.
    db.session.execute(sa.select(Contest.id).where(Contest.id == contest.id).with_for_update())
    problem = obstacle(contest)
    if problem:
        return problem
    rehearsal = Contest(
        name=f"{copying.NAME}{contest.name}"[:120], rehearsal_of_id=contest.id, settings={}, created_at=now,
        **{name: getattr(contest, name) for name in KEPT_FROM_CONTEST},
    )  # fmt: skip
    db.session.add(rehearsal)
    db.session.flush()
    numbers = copying.copy(contest, rehearsal)
    judges = {str(there): here for there, here in numbers["judge"].items()}
    rehearsal.settings = {"rehearsal": {"key": secrets.token_hex(8), "judges": judges}}
    db.session.flush()
    by = {"actor": actor, "now": now, "action": "rehearsal.start", "subject": "contest"}
    audit.record(contest_id=contest.id, subject_id=contest.id, after={"entries": len(numbers.get("entry", ())), "judges": len(judges)}, **by)
    audit.record(contest_id=rehearsal.id, subject_id=rehearsal.id, **by)
    return rehearsal


def obstacle(contest: Contest) -> Problem | None:
    """Why a rehearsal cannot begin now."""
    if contest.rehearsal_of_id is not None or twins.running(contest.id):
        return Problem("rehearsal.twice", "彩排", "已经在彩排", "请先结束正在进行的彩排并清空")
    seated = sa.and_(sa.exists().where(Seat.panel_id == Session.panel_id), sa.exists().where(Slot.session_id == Session.id))
    here = sa.select(Session.id, Session.name).where(Session.contest_id == contest.id).order_by(Session.position).limit(1)
    busy = db.session.execute(here.where(Session.state == "open")).first()
    if busy:
        return Problem("rehearsal.judging", busy.name, "正在正式评分", "请在评分开始前，或结束本场之后再彩排")
    if db.session.execute(here.where(seated)).first() is None:
        return Problem("rehearsal.nothing", "彩排", "还没有可以彩排的场次", "请先组成评委组、安排场次、分配参赛对象")
    return None


def clear(rehearsal: Contest, *, actor: audit.Actor, now: datetime) -> dict[str, int] | Problem:
    """Deletes the copy with everything that happened in it: {table: rows deleted}."""
    real = rehearsal.rehearsal_of_id
    if real is None:
        return Problem("rehearsal.real", rehearsal.name, "这是正式竞赛，不能清空", "正式竞赛不再使用时请归档")
    number, deleted = rehearsal.id, {}
    db.session.flush()
    connection = db.session.connection()
    for table in reversed(belonging.tables()):
        gone = connection.execute(sa.delete(table).where(belonging.of_contest(table, number))).rowcount
        if gone:
            deleted[table.name] = gone
    db.session.expire_all()
    # SQLite gives a deleted row's number to the next one: nothing kept under such numbers may outlive them.
    current_app.extensions.get("marking.rubrics", {}).clear()
    audit.record(
        contest_id=real, actor=actor, now=now, action="rehearsal.clear", subject="contest", subject_id=real,
        after={"rows": sum(deleted.values()), "sheets": deleted.get("sheet", 0)},
    )  # fmt: skip
    return deleted
