"""A plan becomes rows: stages and parts are found again by id, criteria and tiers by code."""

import sqlalchemy as sa

from compete.contests import building
from compete.models import Criterion, Event, Part, Stage, Tier, db


def write_plan(event: Event, plan: dict) -> None:
    """Makes the rows of a loaded event as the plan says."""
    beside = {name: value for name, value in (event.rules or {}).items() if name in building.BESIDE}
    _set(event, {**plan, "rules": {**plan["rules"], **beside}}, building.EVENT)
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
