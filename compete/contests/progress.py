"""A contest's way as steps with their state: what is done, what is open, what is still missing."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import (
    Award,
    Contest,
    Criterion,
    Draw,
    Entry,
    Event,
    Judge,
    Panel,
    Part,
    Payee,
    Payment,
    Release,
    Session,
    Sheet,
    Slot,
    Stage,
    db,
)


class Step(NamedTuple):
    """`state`: done, open or waiting. `note` says what is there or what is missing; `power` is needed to see the page."""

    name: str
    endpoint: str
    power: str
    state: str
    note: str


def counts_of(contest_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """What there is of everything in each of these contests, in one query."""
    rows = db.session.execute(_query(), {"ids": tuple(contest_ids)})
    return {row.id: dict(row._mapping) for row in rows}


@cache
def _query():
    """Built once: every page of a contest asks it, and putting it together takes longer than running it."""
    here = Contest.id
    in_event = Event.contest_id == here
    released = (Release.contest_id == here, Release.state != "withdrawn")
    drawn = (Session.contest_id == here, Draw.superseded_at.is_(None))

    def number(table, *conditions, path=()):
        query = sa.select(sa.func.count()).select_from(table)
        for target, on in path:
            query = query.join(target, on)
        return query.where(*conditions).correlate(Contest).scalar_subquery()

    to_event = ((Event, Entry.event_id == Event.id),)
    sheet = ((Entry, Sheet.entry_id == Entry.id), *to_event)
    part = ((Stage, Part.stage_id == Stage.id), (Event, Stage.event_id == Event.id))
    payee = ((Award, Payee.award_id == Award.id), (Release, Award.release_id == Release.id))
    session_of = ((Session, Slot.session_id == Session.id),)
    return sa.select(
        Contest.id,
        number(Event, in_event).label("events"),
        number(Criterion, in_event, path=((Part, Criterion.part_id == Part.id), *part)).label("criteria"),
        number(Entry, in_event, path=to_event).label("entries"),
        number(Entry, in_event, Entry.state == "pending", path=to_event).label("pending"),
        number(Entry, in_event, Entry.state == "approved", path=to_event).label("approved"),
        number(Judge, Judge.contest_id == here, Judge.withdrawn_at.is_(None)).label("judges"),
        number(Panel, Panel.contest_id == here).label("panels"),
        number(Session, Session.contest_id == here).label("sessions"),
        number(Session, Session.contest_id == here, Session.state == "open").label("open_sessions"),
        number(Draw, *drawn, path=((Session, Draw.session_id == Session.id),)).label("draws"),
        number(Slot, Session.contest_id == here, path=session_of).label("slots"),
        number(Sheet, in_event, path=sheet).label("sheets"),
        number(Sheet, in_event, Sheet.state.in_(("submitted", "locked")), path=sheet).label("submitted"),
        number(Part, in_event, Part.locked_at.is_(None), path=part).label("unlocked"),
        number(Release, *released).label("releases"),
        number(Release, *released, Release.state == "final").label("final_releases"),
        number(Award, *released, path=((Release, Award.release_id == Release.id),)).label("awards"),
        number(Payee, *released, Payee.removed_at.is_(None), path=payee).label("payees"),
        number(Payment, *released, Payee.removed_at.is_(None), Payment.state == "paid",
               path=((Payee, Payment.payee_id == Payee.id), *payee)).label("paid"),
    ).where(Contest.id.in_(sa.bindparam("ids", expanding=True)))  # fmt: skip


def counts(contest_id: int) -> dict[str, int]:
    return counts_of([contest_id])[contest_id]


def steps(contest: Contest, found: dict[str, int] | None = None) -> list[Step]:
    n = found or counts(contest.id)
    judged = n["sheets"] > 0 and not n["unlocked"]
    rows = [
        ("筹备", "contests.overview", "contest.view", n["events"] and n["criteria"],
         f"{n['events']} 个赛项" if n["criteria"] else "还没有评分表"),
        ("报名", "entries.index", "entries.view", n["entries"], f"{n['entries']} 项" if n["entries"] else "还没有参赛对象"),
        ("审核", "entries.review", "entries.view", n["entries"] and not n["pending"],
         f"待审 {n['pending']} 项" if n["pending"] else f"通过 {n['approved']} 项"),
        ("评委", "judging.people", "judging.watch", n["judges"], f"{n['judges']} 位" if n["judges"] else "还没有评委"),
        ("抽签", "judging.sessions", "judging.watch", n["draws"] and n["draws"] >= n["sessions"],
         f"已抽 {n['draws']}/{n['sessions']} 场" if n["sessions"] else "还没有场次"),
        ("评分", "judging.board", "judging.watch", judged, f"已交 {n['submitted']} 张" if n["sheets"] else "尚未开始"),
        ("核分", "results.index", "results.view", n["releases"], "已锁定" if judged else "等待锁定"),
        ("公示", "awards.releases", "awards.view", n["final_releases"], f"第 {n['releases']} 次发布" if n["releases"] else "尚未发布"),
        ("颁奖", "awards.index", "awards.view", n["awards"] and n["final_releases"], f"{n['awards']} 个奖" if n["awards"] else "等待发布"),
        ("发放", "prizes.index", "prizes.view", n["payees"] and n["paid"] >= n["payees"],
         f"已付 {n['paid']}/{n['payees']} 笔" if n["payees"] else "等待获奖名单"),
        ("归档", "audit.index", "audit.view", contest.archived_at, "留痕与归档"),
    ]  # fmt: skip
    shown, is_open = [], False
    for name, endpoint, power, done, note in rows:
        state = "done" if done else ("waiting" if is_open else "open")
        is_open = is_open or not done
        shown.append(Step(name, endpoint, power, state, note))
    return shown


def open_step(contest: Contest, found: dict[str, int]) -> Step | None:
    """Where the contest stands on its way; None when everything is done."""
    return next((step for step in steps(contest, found) if step.state == "open"), None)
