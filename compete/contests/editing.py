"""Saving what the scheme editor holds: what stands in the way, what would change, and the rows themselves."""

from datetime import datetime
from itertools import count

import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import budgets, building, schemes, wording, writing
from compete.contests.service import readiness
from compete.models import Criterion, Event, Part, Penalty, Session, Sheet, Signature, Stage, Tier, db
from scoring.problems import Problem

# A scheme may be kept while these are still open; judging cannot begin before they are mended.
UNFINISHED = {"no_parts", "no_criteria", "weight_sum", "weight_not_positive", "maximum_sum", "tablet_kind", "tablet_cap"}

def stored_plan(event: Event) -> dict:
    """The plan as it stands in the tables, with the ids by which the editor finds stages and parts again."""
    plan = building.event_plan(event)
    plan["rules"] = {**building.RULES, **(plan["rules"] or {})}
    plan["rules"]["ties"] = [{"argument": "", **tie} for tie in plan["rules"]["ties"]]
    for stage, stage_plan in zip(event.stages, plan["stages"], strict=True):
        stage_plan["id"] = stage.id
        del stage_plan["carried_weight"]
        for part, part_plan in zip(stage.parts, stage_plan["parts"], strict=True):
            part_plan["id"] = part.id
            part_plan["panel"] = {**building.PANEL, **(part_plan["panel"] or {})}
    return plan


def sketch(plan: dict) -> Event:
    """The plan as an event that belongs to no session: for checking, comparing and previewing."""
    numbers = count(-1, -1)
    event = Event(**building.columns(plan, building.EVENT))
    for position, row in enumerate(plan["tiers"]):
        event.tiers.append(Tier(position=position, **building.columns(row, building.TIER)))
    for position, stage_plan in enumerate(plan["stages"]):
        stage = Stage(position=position, **building.columns(stage_plan, building.STAGE))
        event.stages.append(stage)
        for place, part_plan in enumerate(stage_plan["parts"]):
            part = Part(position=place, **building.columns(part_plan, building.PART))
            stage.parts.append(part)
            _sketch_criteria(part_plan["criteria"], part, None, numbers)
    return event


def _sketch_criteria(plans: list[dict], part: Part, parent: int | None, numbers) -> None:
    for position, plan in enumerate(plans):
        row = Criterion(id=next(numbers), parent_id=parent, position=position, **building.columns(plan, building.CRITERION))
        part.criteria.append(row)
        _sketch_criteria(plan["children"], part, row.id, numbers)


def problems(event: Event, plan: dict) -> tuple[list[Problem], list[Problem]]:
    """(what forbids saving, what must still be mended before judging)."""
    draft = sketch(plan)
    field = budgets.fields(event.contest_id).get(event.id) or None
    found = readiness(draft)
    known = {(problem.code, problem.where) for problem in found}
    more = schemes.scheme_of(draft).check(field=field)
    found += [problem for problem in more if (problem.code, problem.where) not in known]
    tiers = [schemes.tier_value(tier) for tier in draft.tiers]
    cost = budgets.cost(tiers, field or 0, plan["rules"])
    total = budgets.planned(event.contest_id, without=event.id) + cost
    if over := budgets.exceeded(total, budgets.prize_budget(event.contest_id)):
        found.append(over)
    if _twin(event, plan["name"]):
        found.append(Problem("event_name", plan["name"], "本竞赛已有同名赛项", "请换一个名称"))
    hard = [problem for problem in found if problem.code not in UNFINISHED]
    return hard, [problem for problem in found if problem.code in UNFINISHED]


def _twin(event: Event, name: str) -> bool:
    query = sa.select(Event.id).where(Event.contest_id == event.contest_id, Event.name == name, Event.id != event.id)
    return db.session.scalar(query) is not None


def in_use(event: Event, plan: dict) -> list[Problem]:
    """Parts that the plan leaves out although sessions, sheets or penalties hang on them."""
    kept = {part["id"] for stage in plan["stages"] for part in stage["parts"]}
    gone = {part.id: part.name for stage in event.stages for part in stage.parts if part.id not in kept}
    columns = (Session.part_id, Sheet.part_id, Penalty.part_id, Signature.part_id)
    found = [number for column in columns for number in db.session.scalars(sa.select(column).where(column.in_(gone)).distinct())]
    return [
        Problem("part_in_use", gone[number], "已经安排了场次或有评分记录，不能删去", "请先在“抽签”页删去它的场次，或把它保留下来")
        for number in sorted(set(found))
    ]


def fingerprint(event: Event) -> str:
    """Names the scheme as it stands, so that of two people who edit it the second does not overwrite the first."""
    return audit.digest(stored_plan(event))[:16]


def save(event: Event, plan: dict, *, seen: str, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Writes the plan of an event without marks; the problems returned forbid it. Frozen schemes go through versions."""
    # The row stays locked until the commit: the first mark cannot freeze the scheme meanwhile.
    if db.session.scalar(sa.select(Event.frozen_at).where(Event.id == event.id).with_for_update()):
        return [Problem("scheme_frozen", event.name, "已有打分，评分方案已冻结", "请用“建新版本”修改，先看会改变什么，再说明原因")]
    if seen != fingerprint(event):
        return [Problem("moved", event.name, "您打开这一页之后，别人改过这个方案", "请记下您的改动，重新打开这一页再改")]
    before = stored_plan(event)
    found = problems(event, plan)[0] + in_use(event, plan)
    if found:
        return found
    writing.write_plan(event, plan)
    old, new = wording.difference(before, plan)
    if old or new:
        audit.record(
            contest_id=event.contest_id, actor=actor, now=now, action="scheme.change", subject="event", subject_id=event.id,
            before=old, after=new,
        )  # fmt: skip
    return []
