"""From the tables to the engine's scheme, and freezing it with the first mark."""

from dataclasses import fields, replace
from datetime import datetime
from functools import cache
from types import NoneType
from typing import get_args

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

import scoring
import scoring.document
from compete.audit import service as audit
from compete.contests import building
from compete.models import Criterion, Event, Part, SchemeVersion, Stage, db
from scoring.checks.ties import check_chain

# Kinds of part whose score is brought in as one figure instead of being marked on sheets.
FIGURE_KINDS = {"theory", "vote"}
# Fields of the engine's values that have a column of their own; all others are kept in JSON documents (see `extras`).
PART = ("code", "name", "weight", "kind")
CRITERION = ("code", "name", "description", "weight", "maximum", "minimum", "step", "anchors")
TIER = ("code", "name", "count", "ratio", "rounding_mode", "prize_fen", "minimum_score", "tie", "vacant_allowed")


def _with_scheme():
    tree = joinedload(Event.stages).joinedload(Stage.parts).joinedload(Part.criteria)
    return sa.select(Event).options(tree, selectinload(Event.tiers))


def load(event_id: int) -> Event | None:
    """The event with stages, parts, criteria and tiers, in two queries whatever their number."""
    return db.session.execute(_with_scheme().where(Event.id == event_id)).unique().scalar_one_or_none()


def load_all(contest_id: int) -> list[Event]:
    """All events of a contest in their order, each with its scheme: two queries too."""
    query = _with_scheme().where(Event.contest_id == contest_id).order_by(Event.position, Event.id)
    return list(db.session.execute(query).unique().scalars())


def ranked_stage(event: Event) -> Stage | None:
    """The stage whose outcome is ranked and awarded: the last one marked so."""
    return next((stage for stage in reversed(event.stages) if stage.is_ranked), None)


def criterion_values(rows: list[Criterion], parent: int | None = None) -> tuple[scoring.Criterion, ...]:
    """The engine's tree below `parent`."""
    return tuple(
        scoring.Criterion(
            code=row.code, name=row.name, weight=row.weight, maximum=row.maximum, minimum=row.minimum, step=row.step,
            anchors=tuple((units, text) for units, text in row.anchors), description=row.description,
            children=criterion_values(rows, row.id), **more(scoring.Criterion, row.rules),
        )
        for row in sorted(rows, key=lambda row: row.position) if row.parent_id == parent
    )  # fmt: skip


def more(kind: type, document: dict | None) -> dict:
    """What a JSON document of the tables says about fields of the engine's dataclass.

    Nothing where something must be (a row of the editor that is still being filled in) is left to the default.
    """
    given = {name: value for name, value in (document or {}).items() if value is not None or name in may_be_empty(kind)}
    found = scoring.document.values(kind, given, kind.__name__) if given else given
    if isinstance(found, scoring.Problem):
        raise ValueError(f"the tables hold a rule that cannot be read: {found}")
    return found


@cache
def may_be_empty(kind: type) -> frozenset[str]:
    """The fields of the dataclass for which None is an answer."""
    return frozenset(field.name for field in fields(kind) if NoneType in get_args(field.type))


def extras(value, beside: tuple[str, ...]) -> dict:
    """What a value of the engine says that no column holds (`beside`: the fields with a column), as a JSON document."""
    said = (field.name for field in fields(value) if field.name not in beside and getattr(value, field.name) != field.default)
    return {name: scoring.document.plain(getattr(value, name)) for name in said}


def part_value(part: Part) -> scoring.Part:
    return scoring.Part(
        code=part.code, name=part.name, weight=part.weight, kind="figure" if part.kind in FIGURE_KINDS else "judged",
        criteria=criterion_values(part.criteria), panel=scoring.Panel(**more(scoring.Panel, part.panel)),
        **more(scoring.Part, part.rules),
    )  # fmt: skip


def tier_value(tier) -> scoring.Tier:
    return scoring.Tier(
        code=tier.code, name=tier.name, count=tier.count, ratio=tier.ratio, rounding_mode=tier.rounding, prize_fen=tier.prize_fen,
        minimum_score=tier.minimum_score, tie=tier.tie, vacant_allowed=tier.vacant_allowed, **more(scoring.Tier, tier.rules),
    )  # fmt: skip


def scheme_of(event: Event, earlier: Stage | None = None) -> scoring.Scheme:
    """The scheme of the event's ranked stage (load the event by `load`); of an `earlier` stage where one is given."""
    if earlier is not None:
        return _earlier(event, earlier)
    stage = ranked_stage(event)
    rules = {name: value for name, value in (event.rules or {}).items() if name not in building.BESIDE}
    return scoring.Scheme(
        parts=tuple(part_value(part) for part in (stage.parts if stage else ())),
        tiers=tuple(tier_value(tier) for tier in event.tiers), **more(scoring.Scheme, rules),
    )  # fmt: skip


# What an event's rules say of any stage; steps, classes and awards are the ranked stage's alone.
COMMON = ("rounding", "rank_by", "floor", "better", "ranking", "tolerance")


def _earlier(event: Event, stage: Stage) -> scoring.Scheme:
    """By its own parts and the event's common rules; of the tie rules those that this stage can answer, without a decision,
    for nobody decides on a tie there."""
    rules = more(scoring.Scheme, {name: value for name, value in (event.rules or {}).items() if name in (*COMMON, "ties")})
    plain = scoring.Scheme(parts=tuple(part_value(part) for part in stage.parts), **rules)
    ties = tuple(tie for tie in plain.ties if tie.code != "decision" and not check_chain(plain, (tie,), ""))
    return replace(plain, ties=ties)


def freeze(event: Event, *, actor: audit.Actor, now: datetime) -> SchemeVersion:
    """Version 1, with the first mark: from now on the scheme changes only by a reasoned new version."""
    return keep_version(event, reason="首次打分时冻结", actor=actor, now=now)


def keep_version(event: Event, *, reason: str, actor: audit.Actor, now: datetime) -> SchemeVersion:
    """Keeps the scheme as it stands as the event's next version."""
    document = scheme_of(event).to_json()
    version = SchemeVersion(
        event_id=event.id, version=event.scheme_version + 1, document=document, digest=audit.digest(document),
        reason=reason, made_by=actor.name, made_at=now,
    )  # fmt: skip
    db.session.add(version)
    event.scheme_version = version.version
    event.frozen_at = event.frozen_at or now
    db.session.flush()
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="scheme.freeze", subject="event", subject_id=event.id,
        after={"version": version.version, "digest": version.digest}, reason=reason,
    )  # fmt: skip
    return version
