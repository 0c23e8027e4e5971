"""One road to a contest's structure: a plan (plain dict) becomes rows. Presets, copies and tests all walk it.

A plan: {"contest": {columns}, "series": name, "budgets": [{columns}], "events": [{columns, "stages": [{columns, "parts":
[{columns, "criteria": [{columns, "children": [...]}]}]}], "tiers": [{columns}]}]}; all values in the units of the tables.
"""

import copy

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from compete.models import Budget, Contest, Criterion, Event, Part, Series, Stage, Tier, db

CONTEST = ("level", "hosts", "venue")
EVENT = ("name", "entry_kind", "is_blind", "rules")
STAGE = ("name", "is_ranked", "carried_weight")
PART = ("code", "name", "kind", "weight", "panel", "rules", "speech_minutes", "question_minutes", "timing")
CRITERION = ("code", "name", "description", "weight", "maximum", "minimum", "step", "anchors", "rules")
TIER = ("code", "name", "count", "ratio", "rounding", "prize_fen", "minimum_score", "tie", "vacant_allowed", "rules")
BESIDE = ("vacancies",)  # what stands in an event's rules without being a rule of its scheme
BUDGET = ("name", "purpose", "amount_fen", "basis")

# What a part's panel rule and an event's rules say where they say nothing.
PANEL = {"rule": "trimmed_mean", "drop_high": 1, "drop_low": 1, "minimum_judges": 5, "below_minimum": "mean", "level": "total",
         "chief": "counts", "rounding": None}  # fmt: skip
RULES = {"rounding": {"places": 2, "mode": "half_up"}, "rank_by": "rounded", "ties": [], "minimum_score": None}


def build(plan: dict, contest: Contest) -> None:
    """Adds the plan's events and budget lines to a flushed, still empty contest."""
    for line in plan.get("budgets", ()):
        db.session.add(Budget(contest_id=contest.id, **columns(line, BUDGET)))
    for position, event_plan in enumerate(plan.get("events", ())):
        add_event(event_plan, contest, position)
    db.session.flush()


def add_event(plan: dict, contest: Contest, position: int) -> Event:
    event = Event(contest_id=contest.id, position=position, **columns(plan, EVENT))
    db.session.add(event)
    for number, tier in enumerate(plan.get("tiers", ())):
        db.session.add(Tier(event=event, position=number, **columns(tier, TIER)))
    for number, stage_plan in enumerate(plan.get("stages", ())):
        stage = Stage(event=event, position=number, **columns(stage_plan, STAGE))
        db.session.add(stage)
        for place, part_plan in enumerate(stage_plan.get("parts", ())):
            part = Part(stage=stage, position=place, **columns(part_plan, PART))
            db.session.add(part)
            db.session.flush()
            _add_criteria(part_plan.get("criteria", ()), part, None)
    return event


def _add_criteria(plans, part: Part, parent: int | None) -> None:
    for position, plan in enumerate(plans):
        row = Criterion(part_id=part.id, parent_id=parent, position=position, **columns(plan, CRITERION))
        db.session.add(row)
        db.session.flush()
        _add_criteria(plan.get("children", ()), part, row.id)


def columns(plan: dict, names: tuple[str, ...]) -> dict:
    # Documents are copied: two contests must never share one JSON object.
    return {name: copy.deepcopy(plan[name]) for name in names if name in plan}


def plan_of(contest: Contest) -> dict:
    """The structure of a contest without entries, judges, marks or dates."""
    events = db.session.scalars(
        sa.select(Event).where(Event.contest_id == contest.id).order_by(Event.position).options(
            selectinload(Event.stages).selectinload(Stage.parts).selectinload(Part.criteria), selectinload(Event.tiers),
        )
    ).all()  # fmt: skip
    budgets = db.session.scalars(sa.select(Budget).where(Budget.contest_id == contest.id).order_by(Budget.id))
    return {
        "contest": _values(contest, CONTEST),
        "series": contest.series.name if contest.series else "",
        "budgets": [_values(line, BUDGET) for line in budgets],
        "events": [event_plan(event) for event in events],
    }


def event_plan(event: Event) -> dict:
    """The event's structure; what was decided about its outcome stays with it."""
    return {
        **_values(event, EVENT), "rules": {name: value for name, value in (event.rules or {}).items() if name not in BESIDE},
        "tiers": [_values(tier, TIER) for tier in event.tiers],
        "stages": [
            {**_values(stage, STAGE), "parts": [
                {**_values(part, PART), "criteria": _tree(part.criteria, None)} for part in stage.parts]}
            for stage in event.stages
        ],
    }  # fmt: skip


def _tree(rows: list[Criterion], parent: int | None) -> list[dict]:
    ordered = sorted((row for row in rows if row.parent_id == parent), key=lambda row: row.position)
    return [{**_values(row, CRITERION), "children": _tree(rows, row.id)} for row in ordered]


def _values(row, names: tuple[str, ...]) -> dict:
    return {name: copy.deepcopy(getattr(row, name)) for name in names}


def series_of(name: str) -> Series | None:
    """The series of this name, made when it is new."""
    name = name.strip()
    if not name:
        return None
    found = db.session.scalar(sa.select(Series).where(Series.name == name))
    if found is None:
        found = Series(name=name)
        db.session.add(found)
        db.session.flush()
    return found
