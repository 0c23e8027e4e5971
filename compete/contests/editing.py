"""Saving what the scheme editor holds: what stands in the way, what would change, and the rows themselves."""

from datetime import datetime
from itertools import count

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.contests import budgets, building, schemes
from compete.contests.service import readiness
from compete.models import Criterion, Entry, Event, Part, Penalty, Session, Sheet, Signature, Stage, Tier, db
from scoring.problems import Problem

# A scheme may be kept while these are still open; judging cannot begin before they are mended.
UNFINISHED = {"no_parts", "no_criteria", "weight_sum", "weight_not_positive", "maximum_sum"}

WORDS = {
    "name": "名称", "entry_kind": "参赛对象", "is_blind": "匿名评审", "is_ranked": "排名评奖", "kind": "形式", "weight": "权重",
    "maximum": "满分", "minimum": "最低分", "step": "打分间隔", "description": "评分要点", "speech_minutes": "演讲分钟",
    "question_minutes": "提问分钟", "anchors": "评分说明", "rule": "合成规则", "drop_high": "去掉最高分", "drop_low": "去掉最低分",
    "minimum_judges": "最少评委", "below_minimum": "评委不足时", "level": "层次", "chief": "总评委", "rounding": "舍入", "count": "名额",
    "ratio": "比例", "prize_fen": "奖金（分）", "minimum_score": "最低分", "tie": "末位同分", "vacant_allowed": "可空缺",
    "ties": "同分规则", "rank_by": "排名依据",
}  # fmt: skip


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
    cost = budgets.cost(tiers, field or 0)
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


def flat(plan: dict) -> dict[str, str]:
    """Every setting under a readable path, so that the audit trail and the compare page can name what changed."""
    found: dict[str, str] = {}

    def values(path: str, row: dict) -> None:
        for name, value in row.items():
            if name in WORDS and name not in ("rules", "panel"):
                found[f"{path}{WORDS[name]}"] = _words(name, value)

    def criteria(path: str, rows: list[dict]) -> None:
        for row in rows:
            values(f"{path}{row['name']}·", row)
            criteria(f"{path}{row['name']}·", row["children"])

    values("", plan)
    values("", plan["rules"] or {})
    for stage in plan["stages"]:
        values(f"{stage['name']}·", stage)
        for part in stage["parts"]:
            path = f"{stage['name']}·{part['name']}·"
            values(path, part)
            values(path, part["panel"] or {})
            criteria(path, part["criteria"])
    for tier in plan["tiers"]:
        values(f"{tier['name']}·", tier)
    return found


def _words(name: str, value) -> str:
    if value is None or value == "":
        return "—"
    if name in ("weight", "maximum", "minimum", "step", "minimum_score"):
        return scoring.format_points(value)
    if name == "ratio":
        return f"{scoring.format_percent(value * 100)}%"
    if name == "rounding" and isinstance(value, dict):
        mode = scoring.ROUNDINGS[value["mode"]].label_zh if value["mode"] in scoring.ROUNDINGS else value["mode"]
        return f"{value['places']} 位小数 {mode}"
    if name == "ties":
        return "；".join(f"{scoring.TIE_RULES[tie['code']].label_zh if tie['code'] in scoring.TIE_RULES else tie['code']} {tie.get('argument', '')}".strip() for tie in value) or "—"
    if name == "anchors":
        return "；".join(f"{scoring.format_points(units)} 分 {text}" for units, text in value) or "—"
    return {True: "是", False: "否"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def difference(before: dict, after: dict) -> tuple[dict, dict]:
    """Only what differs, as two flat documents."""
    old, new = flat(before), flat(after)
    changed = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    return {path: old[path] for path in changed if path in old}, {path: new[path] for path in changed if path in new}


def in_use(event: Event, plan: dict) -> list[Problem]:
    """Parts that the plan leaves out although sessions, sheets or penalties hang on them."""
    kept = {part["id"] for stage in plan["stages"] for part in stage["parts"]}
    gone = {part.id: part.name for stage in event.stages for part in stage.parts if part.id not in kept}
    tables = ((Session, Session.part_id), (Sheet, Sheet.part_id), (Penalty, Penalty.part_id), (Signature, Signature.part_id))
    found = [number for _, column in tables for number in db.session.scalars(sa.select(column).where(column.in_(gone)).distinct())]
    return [
        Problem("part_in_use", gone[number], "已经安排了场次或有评分记录，不能删去", "请先在“抽签”页删去它的场次，或把它保留下来")
        for number in sorted(set(found))
    ]


def save(event: Event, plan: dict, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Writes the plan of an event without marks; the problems returned forbid it. Frozen schemes go through versions."""
    if event.frozen_at:
        return [Problem("scheme_frozen", event.name, "已有打分，评分方案已冻结", "请用“建新版本”修改，先看会改变什么，再说明原因")]
    before = stored_plan(event)
    found = problems(event, plan)[0] + in_use(event, plan)
    if found:
        return found
    write_plan(event, plan)
    old, new = difference(before, plan)
    if old or new:
        audit.record(
            contest_id=event.contest_id, actor=actor, now=now, action="scheme.change", subject="event", subject_id=event.id,
            before=old, after=new,
        )  # fmt: skip
    return []


def write_plan(event: Event, plan: dict) -> None:
    """Makes the rows as the plan says; stages and parts are found by id, criteria and tiers by code."""
    _set(event, plan, building.EVENT)
    _write_tiers(event, plan["tiers"])
    stages = {stage.id: stage for stage in event.stages}
    kept = {row["id"] for row in plan["stages"]}
    for number, stage in stages.items():
        if number not in kept:
            for part in list(stage.parts):
                _drop_part(part)
            db.session.expire(stage, ["parts"])
            db.session.delete(stage)
        else:
            stage.position = -1 - stage.position  # out of the way of (event, position) while they are reordered
    db.session.flush()
    for position, row in enumerate(plan["stages"]):
        stage = stages.get(row["id"]) or Stage(event_id=event.id)
        db.session.add(stage)
        stage.position = position
        _set(stage, row, ("name", "is_ranked"))
        db.session.flush()
        _write_parts(stage, row["parts"])
    db.session.flush()
    db.session.expire_all()


def _set(row, plan: dict, names: tuple[str, ...]) -> None:
    for name, value in building.columns(plan, names).items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def _write_parts(stage: Stage, plans: list[dict]) -> None:
    found = {part.id: part for part in stage.parts}
    for number, part in found.items():
        if number not in {row["id"] for row in plans}:
            _drop_part(part)
    db.session.flush()
    for position, row in enumerate(plans):
        part = found.get(row["id"]) or Part(stage_id=stage.id)
        db.session.add(part)
        part.position = position
        _set(part, row, building.PART)
        db.session.flush()
        _write_criteria(part, row["criteria"])


def _drop_part(part: Part) -> None:
    db.session.execute(sa.delete(Criterion).where(Criterion.part_id == part.id, Criterion.parent_id.is_not(None)))
    db.session.execute(sa.delete(Criterion).where(Criterion.part_id == part.id))
    db.session.execute(sa.delete(Part).where(Part.id == part.id))
    db.session.expunge(part)


def _write_criteria(part: Part, plans: list[dict]) -> None:
    rows = {row.code: row for row in db.session.scalars(sa.select(Criterion).where(Criterion.part_id == part.id))}
    wanted = _codes(plans)
    for code, row in rows.items():
        if code not in wanted:
            # Freed from its parent first: a node and its children may go in any order.
            row.parent_id = None
    db.session.flush()

    def write(plan_rows, parent):
        for position, plan in enumerate(plan_rows):
            row = rows.get(plan["code"]) or Criterion(part_id=part.id)
            db.session.add(row)
            row.parent_id, row.position = parent, position
            _set(row, plan, building.CRITERION)
            db.session.flush()
            write(plan["children"], row.id)

    write(plans, None)
    for code, row in rows.items():
        if code not in wanted:
            db.session.delete(row)
    db.session.flush()


def _codes(plans: list[dict]) -> set[str]:
    return {code for plan in plans for code in {plan["code"]} | _codes(plan["children"])}


def _write_tiers(event: Event, plans: list[dict]) -> None:
    rows = {row.code: row for row in event.tiers}
    wanted = {plan["code"] for plan in plans}
    for code, row in rows.items():
        if code not in wanted:
            db.session.delete(row)
        else:
            row.position = -1 - row.position
    db.session.flush()
    for position, plan in enumerate(plans):
        row = rows.get(plan["code"]) or Tier(event_id=event.id)
        db.session.add(row)
        row.position = position
        _set(row, plan, building.TIER)
    db.session.flush()


def add_event(contest, *, name: str, entry_kind: str, plan: dict, actor: audit.Actor, now: datetime) -> Event | Problem:
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


def remove_event(event: Event, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes away an event on which nothing rests yet."""
    entries = db.session.scalar(sa.select(sa.func.count()).select_from(Entry).where(Entry.event_id == event.id))
    if event.frozen_at or entries:
        what = "已有打分" if event.frozen_at else f"已有 {entries} 个参赛对象"
        return Problem("event_in_use", event.name, f"{what}，不能删去", "记录要留存；不再举办时请把参赛对象退赛，或归档竞赛")
    if found := in_use(event, {"stages": []}):
        return found[0]
    before = {"name": event.name}
    write_plan(event, {**stored_plan(event), "stages": [], "tiers": []})
    db.session.execute(sa.delete(Event).where(Event.id == event.id))
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="event.remove", subject="event", subject_id=event.id, before=before,
    )  # fmt: skip
    return None
