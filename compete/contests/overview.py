"""The first page of a contest: what is done, what is open, what is missing and where to mend it."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compete.contests.schemes import load_all, tier_value
from compete.contests.service import HOST_KINDS, readiness
from compete.judging import veil
from compete.models import (
    ENTRY_KINDS,
    ROLES,
    Budget,
    Contest,
    Entry,
    Event,
    Membership,
    Part,
    Release,
    Seat,
    Session,
    Sheet,
    Stage,
    db,
)
from scoring import planned_counts


class Task(NamedTuple):
    """One thing to do: `power` is needed to do it, `endpoint` and `values` lead there."""

    title: str
    text: str
    button: str
    endpoint: str
    power: str
    values: dict = {}


class Line(NamedTuple):
    """One event in the table of the overview."""

    event: Event
    entries: int
    approved: int
    judges: int
    sheets: int
    submitted: int
    release: str
    problems: list
    planned_fen: int


def page(contest: Contest, n: dict[str, int]) -> dict:
    events = load_all(contest.id)
    figures = event_figures(contest.id)
    lines = [_line(event, figures[event.id]) for event in events]
    budgets = db.session.scalars(sa.select(Budget).where(Budget.contest_id == contest.id).order_by(Budget.id)).all()
    people = db.session.scalars(
        sa.select(Membership).where(Membership.contest_id == contest.id).options(joinedload(Membership.user)).order_by(Membership.id)
    ).all()
    return {
        "contest": contest, "lines": lines, "budgets": budgets, "people": _by_role(people), "n": n,
        "kinds": ENTRY_KINDS, "host_kinds": HOST_KINDS,
        "tasks": tasks(contest, n, lines), "planned_fen": sum(line.planned_fen for line in lines),
        "budget_fen": sum(line.amount_fen for line in budgets if line.purpose == "prize"),
    }  # fmt: skip


def _by_role(people: list[Membership]) -> list[tuple[str, list[str]]]:
    named = [(label, [row.user.name for row in people if row.role == role]) for role, label in ROLES.items()]
    return [(label, names) for label, names in named if names]


def event_figures(contest_id: int) -> dict[int, sa.Row]:
    """Entries, judges, sheets and the latest release of each event, in one query."""

    def number(query):
        return query.correlate(Event).scalar_subquery()

    def count(table, *conditions):
        return sa.select(sa.func.count()).select_from(table).where(*conditions)

    sheets = count(Sheet, Entry.event_id == Event.id).join(Entry, Sheet.entry_id == Entry.id)
    judges = (
        sa.select(sa.func.count(sa.distinct(Seat.judge_id))).select_from(Seat).join(Session, Session.panel_id == Seat.panel_id)
        .join(Part, Session.part_id == Part.id).join(Stage, Part.stage_id == Stage.id).where(Stage.event_id == Event.id)
    )  # fmt: skip
    latest = sa.select(Release.state).where(Release.event_id == Event.id, Release.state != "withdrawn").order_by(Release.number.desc()).limit(1)
    rows = db.session.execute(
        sa.select(
            Event.id,
            number(count(Entry, Entry.event_id == Event.id)).label("entries"),
            number(count(Entry, Entry.event_id == Event.id, Entry.state == "approved")).label("approved"),
            number(judges).label("judges"),
            number(sheets).label("sheets"),
            number(sheets.where(Sheet.state.in_(("submitted", "locked")))).label("submitted"),
            number(latest).label("release"),
        ).where(Event.contest_id == contest_id)
    )
    return {row.id: row for row in rows}


def _line(event: Event, row) -> Line:
    tiers = [tier_value(tier) for tier in event.tiers]
    planned = planned_counts(tiers, row.approved) if row.approved else {tier.code: tier.count or 0 for tier in tiers}
    total = sum(planned[tier.code] * tier.prize_fen for tier in tiers)
    return Line(event, row.entries, row.approved, row.judges, row.sheets, row.submitted, row.release or "", readiness(event), total)


def tasks(contest: Contest, n: dict[str, int], lines: list[Line]) -> list[Task]:
    """What is still missing, in the order in which it is needed; the first is the next step."""
    found = []

    def add(title, text, button, endpoint, power, **values):
        found.append(Task(title, text, button, endpoint, power, {"contest_id": contest.id, **values}))

    if not lines:
        add("设立赛项", "赛项（赛道）是一起排名、一起评奖的单位。", "添加赛项", "contests.event_new", "contest.edit")
    for line in lines:
        if line.problems:
            first = line.problems[0]
            add(f"完善“{line.event.name}”的评分方案", f"{first.where}：{first.message}。{first.mend}", "打开评分方案", "contests.event",
                "contest.edit", event_id=line.event.id)
    if not n["entries"]:
        add("录入参赛对象", "从组织者常用的表格导入，也可以逐个添加。", "导入表格", "entries.import_new", "entries.edit", kind="entries")
    elif n["pending"]:
        add(f"审核 {n['pending']} 项报名", "通过、退回或取消；只有通过的才进入抽签和评分。", "去审核", "entries.review", "entries.edit")
    if not n["judges"]:
        add("录入评委", "导入评委名单，打印每人的评分卡。", "导入评委", "entries.import_new", "judging.manage", kind="judges")
    elif not n["panels"]:
        add("组成评委组", "把评委编入评委组，再分到场次。", "去编组", "judging.panels", "judging.manage")
    if n["panels"] and not n["sessions"]:
        add("安排场次", "一个场次由一个评委组评一个环节。", "安排场次", "judging.sessions", "judging.manage")
    if n["sessions"] and n["draws"] < n["sessions"]:
        add(f"还有 {n['sessions'] - n['draws']} 场没有抽签", "抽签留有种子，任何人都可以复核。", "去抽签", "judging.sessions", "judging.manage")
    if n["sessions"] and not n["open_sessions"] and not n["sheets"]:
        add("开放评分", "评分方案完整后即可开放，首次打分时方案冻结。", "去开放", "judging.sessions", "judging.manage")
    if n["open_sessions"] and veil.awaits(contest.id):
        begun = n["sheets"] - n["submitted"]
        text = f"已提交 {n['submitted']} 张评分表" + (f"，另有 {begun} 张是草稿或已退回" if begun else "") + "。看板上列出谁还没有提交。"
        add("评分正在进行", text, "看谁还没交", "judging.board", "judging.watch")
    elif n["sheets"] and n["unlocked"]:
        add("核对并锁定成绩", "总评委核对后锁定签名，成绩才能发布。", "看成绩", "results.index", "results.view")
    for line in lines:
        if n["sheets"] and not n["unlocked"] and line.sheets and not line.release:
            add(f"发布“{line.event.name}”的获奖名单", "先看名额和奖金预览，再发布公示。", "预览奖项", "awards.index", "awards.view",
                event_id=line.event.id)
    if n["payees"] and n["paid"] < n["payees"]:
        add(f"还有 {n['payees'] - n['paid']} 笔奖金没有发放", "财务编制、组织者批准后发放。", "看发放", "prizes.index", "prizes.view")
    if not contest.starts_on:
        add("填写竞赛日期和地点", "日期会印在成绩表和公示上。", "填写", "contests.edit", "contest.edit")
    return found
