"""评委组: judges who sit together, in the order of their seats, led by a chief judge."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.models import Contest, Judge, Panel, Seat, Session, Sheet, db
from scoring.problems import Problem


def create(contest: Contest, *, name: str, judge_ids: Sequence[int], chief_id: int | None, actor: audit.Actor, now: datetime) -> Panel | Problem:
    problem = _name_taken(contest.id, name)
    if problem:
        return problem
    panel = Panel(contest_id=contest.id, name=name)
    db.session.add(panel)
    db.session.flush()
    _seat(panel, judge_ids, chief_id)
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="panel.make", subject="panel", subject_id=panel.id, after=facts_of(panel),
    )  # fmt: skip
    return panel


def update(panel: Panel, *, name: str, judge_ids: Sequence[int], chief_id: int | None, actor: audit.Actor, now: datetime) -> Problem | None:
    """New seats and order. A judge who has begun a sheet in one of the panel's sessions keeps the seat."""
    problem = _name_taken(panel.contest_id, name, but=panel.id) or _still_needed(panel, judge_ids)
    if problem:
        return problem
    before = facts_of(panel)
    panel.name = name
    db.session.execute(sa.delete(Seat).where(Seat.panel_id == panel.id))
    _seat(panel, judge_ids, chief_id)
    after = facts_of(panel)
    if before != after:
        audit.record(
            contest_id=panel.contest_id, actor=actor, now=now, action="panel.change", subject="panel", subject_id=panel.id,
            before=before, after=after,
        )  # fmt: skip
    return None


def remove(panel: Panel, *, actor: audit.Actor, now: datetime) -> Problem | None:
    used = db.session.scalar(sa.select(Session.name).where(Session.panel_id == panel.id).limit(1))
    if used:
        return Problem("panel.used", panel.name, f"“{used}”正由这个评委组评分，不能删除", "请先为该场次换一个评委组")
    before = facts_of(panel)
    number = panel.id
    db.session.execute(sa.delete(Seat).where(Seat.panel_id == number))
    db.session.execute(sa.delete(Panel).where(Panel.id == number))
    audit.record(
        contest_id=panel.contest_id, actor=actor, now=now, action="panel.remove", subject="panel", subject_id=number, before=before,
    )  # fmt: skip
    return None


def facts_of(panel: Panel) -> dict:
    rows = db.session.execute(
        sa.select(Judge.name, Judge.role).join(Seat, Seat.judge_id == Judge.id).where(Seat.panel_id == panel.id).order_by(Seat.position)
    ).all()
    return {"name": panel.name, "seats": [name for name, _ in rows], "chief": [name for name, role in rows if role == "chief"]}


def _seat(panel: Panel, judge_ids: Sequence[int], chief_id: int | None) -> None:
    """Seats in the given order. Who leads the panel is the chief judge; the others of the panel are not."""
    allowed = set(
        db.session.scalars(
            sa.select(Judge.id).where(Judge.contest_id == panel.contest_id, Judge.withdrawn_at.is_(None), Judge.role != "supervisor")
        )
    )
    chosen = [number for number in dict.fromkeys(judge_ids) if number in allowed]
    db.session.add_all(Seat(panel_id=panel.id, judge_id=number, position=place) for place, number in enumerate(chosen, 1))
    if chief_id in chosen:
        others = [number for number in chosen if number != chief_id]
        db.session.execute(sa.update(Judge).where(Judge.id.in_(others), Judge.role == "chief").values(role="judge"))
        db.session.execute(sa.update(Judge).where(Judge.id == chief_id).values(role="chief"))
    db.session.flush()
    db.session.expire(panel, ["seats"])


def _name_taken(contest_id: int, name: str, but: int = 0) -> Problem | None:
    taken = sa.select(Panel.id).where(Panel.contest_id == contest_id, Panel.name == name, Panel.id != but)
    return Problem("panel.name", name, "已有同名的评委组", "请换一个名称") if db.session.scalar(taken) else None


def _still_needed(panel: Panel, judge_ids: Sequence[int]) -> Problem | None:
    names = db.session.scalars(
        sa.select(Judge.name).distinct().join(Sheet, Sheet.judge_id == Judge.id).join(Session, Session.id == Sheet.session_id)
        .where(Session.panel_id == panel.id, Judge.id.not_in(list(judge_ids)))
    ).all()  # fmt: skip
    if not names:
        return None
    return Problem("panel.has_sheets", "、".join(names), "在本组的场次里已有评分表，不能移出", "中途离场请在看板登记缺席，已交的评分表照常有效")
