"""Adding and taking away events."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import building, editing, writing
from compete.models import Contest, Entry, Event, db
from scoring.problems import Problem


def add(contest: Contest, *, name: str, entry_kind: str, plan: dict, actor: audit.Actor, now: datetime) -> Event | Problem:
    """A new event, empty or with the scheme of another one."""
    if db.session.scalar(sa.select(Event.id).where(Event.contest_id == contest.id, Event.name == name)):
        return Problem("event_name", name, "本竞赛已有同名赛项", "请换一个名称")
    last = db.session.scalar(sa.select(sa.func.max(Event.position)).where(Event.contest_id == contest.id))
    blank = {"rules": {"rounding": {"places": 2, "mode": "half_up"}, "ties": [], "minimum_score": None},
             "stages": [{"name": "决赛", "is_ranked": True}]}  # fmt: skip
    event = building.add_event({**(plan or blank), "name": name, "entry_kind": entry_kind}, contest, 0 if last is None else last + 1)
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="event.add", subject="event", subject_id=event.id,
        after={"name": name, "entry_kind": entry_kind},
    )  # fmt: skip
    return event


def remove(event: Event, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes away an event on which nothing rests yet."""
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(Entry).where(Entry.event_id == event.id))
    if event.frozen_at or entries:
        what = "已有打分" if event.frozen_at else f"已有 {entries} 个参赛对象"
        return Problem("event_in_use", event.name, f"{what}，不能删去", "记录要留存；不再举办时请把参赛对象退赛，或归档竞赛")
    if found := editing.in_use(event, {"stages": []}):
        return found[0]
    before = {"name": event.name}
    writing.write_plan(event, {**editing.stored_plan(event), "stages": [], "tiers": []})
    db.session.execute(sa.delete(Event).where(Event.id == event.id))
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="event.remove", subject="event", subject_id=event.id, before=before,
    )  # fmt: skip
    return None
