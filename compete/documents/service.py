"""What the papers of a contest need to know beside the board of results: remarks on sheets, running orders, what there is."""

import json
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.contests.schemes import FIGURE_KINDS
from compete.judging.sheets import DONE
from compete.models import Event, Part, Recusal, Release, Session, Sheet, Signature, Slot, Stage, db
from compete.results.facts import Board


class EventHolding(NamedTuple):
    """An event with the parts that are judged on sheets, and how many sheets have been handed in."""

    id: int
    name: str
    parts: list[tuple[int, str]]
    sheets: int


class SessionHolding(NamedTuple):
    id: int
    name: str
    event: str
    part: str
    entries: int


class ReleaseHolding(NamedTuple):
    number: int
    event: str
    state: str
    made_at: datetime


def events(contest_id: int) -> list[EventHolding]:
    """The events in their order, in one query."""
    handed_in = sa.select(sa.func.count()).where(Sheet.part_id == Part.id, Sheet.state.in_(DONE)).scalar_subquery()
    judged = sa.and_(Part.stage_id == Stage.id, Part.kind.not_in(FIGURE_KINDS))
    rows = db.session.execute(
        sa.select(Event.id, Event.name, Part.id, Part.name, handed_in)
        .outerjoin(Stage, sa.and_(Stage.event_id == Event.id, Stage.is_ranked))
        .outerjoin(Part, judged)
        .where(Event.contest_id == contest_id)
        .order_by(Event.position, Event.id, Stage.position, Part.position)
    )
    found: dict[int, EventHolding] = {}
    for event, name, part, part_name, sheets in rows:
        held = found.get(event) or EventHolding(event, name, [], 0)
        parts = [*held.parts, (part, part_name)] if part else held.parts
        found[event] = EventHolding(event, name, parts, held.sheets + (sheets or 0))
    return list(found.values())


def sessions(contest_id: int) -> list[SessionHolding]:
    slots = sa.select(sa.func.count()).where(Slot.session_id == Session.id).scalar_subquery()
    rows = db.session.execute(
        sa.select(Session.id, Session.name, Event.name, Part.name, slots)
        .join(Part, Session.part_id == Part.id)
        .join(Stage, Part.stage_id == Stage.id)
        .join(Event, Stage.event_id == Event.id)
        .where(Session.contest_id == contest_id)
        .order_by(Event.position, Event.id, Session.position, Session.id)
    )
    return [SessionHolding(*row) for row in rows]


def releases(contest_id: int) -> list[ReleaseHolding]:
    rows = db.session.execute(
        sa.select(Release.number, Event.name, Release.state, Release.made_at)
        .join(Event, Event.id == Release.event_id)
        .where(Release.contest_id == contest_id)
        .order_by(Release.number.desc())
    )
    return [ReleaseHolding(*row) for row in rows]


def recused(session_id: int) -> set[tuple[int, int]]:
    """Pairs (entry, judge) of the session with a recusal in force."""
    rows = sa.select(Recusal.entry_id, Recusal.judge_id).join(Slot, Slot.entry_id == Recusal.entry_id)
    return {tuple(row) for row in db.session.execute(rows.where(Slot.session_id == session_id, Recusal.lifted_at.is_(None)))}


class Released(NamedTuple):
    """The standing release of an event, as far as papers speak of it."""

    number: int
    digest: str
    state: str
    outcome: dict


class Standing(NamedTuple):
    """What a paper may say of its release: empty while there is none."""

    release: str = ""
    digest: str = ""


def released(event_id: int) -> Released | None:
    columns = (Release.number, Release.digest, Release.state, Release.document)
    row = db.session.execute(sa.select(*columns).where(Release.event_id == event_id, Release.state != "withdrawn")).first()
    return Released(row.number, row.digest, row.state, row.document["outcome"]) if row else None


def standing_of(board: Board, found: Released | None) -> Standing:
    """A paper carries a release's number and digest only if it shows exactly what that release froze."""
    if found is None:
        return Standing()
    if found.outcome != board.outcome.to_json():
        return Standing(f"第{found.number}号发布之后成绩有变动，未发布，仅供核对")
    return Standing(f"第{found.number}号发布" + ("（公示中）" if found.state == "provisional" else ""), found.digest)


Signatures = dict[tuple[int, int], tuple[str, bool, datetime, str]]
Remarks = dict[tuple[int, int], tuple[str, datetime | None]]


def remarks(part_id: int, event_id: int) -> tuple[Remarks, Signatures, Released | None]:
    """What stands on the sheets beside their marks, and the standing release: one query for all.

    {(entry, judge): (comment, submitted at)} of the sheets that count; {(entry, judge): (name, by hand, when, digest)} of the
    signatures in force over lists that hold the entry.
    """
    text = Release.digest + "\n" + Release.state + "\n" + sa.cast(Release.document, sa.Text)
    by_hand = sa.case((Signature.drawing.is_not(None), "1"), else_="")
    rows = db.session.execute(sa.union_all(
        sa.select(sa.literal("sheet"), Sheet.entry_id, Sheet.judge_id, Sheet.comment, Sheet.submitted_at)
        .where(Sheet.part_id == part_id, Sheet.state.in_(DONE)),
        sa.select(sa.literal("signed"), Slot.entry_id, Signature.judge_id, Signature.digest + "\n" + by_hand + "\n" + Signature.name, Signature.signed_at)
        .join(Session, Session.id == Signature.session_id).join(Slot, Slot.session_id == Session.id)
        .where(Session.part_id == part_id, Signature.scope == "session", Signature.void_at.is_(None)),
        sa.select(sa.literal("release"), Release.number, sa.literal(0), text, Release.made_at)
        .where(Release.event_id == event_id, Release.state != "withdrawn"),
    ))  # fmt: skip
    found, signed, release = {}, {}, None
    for kind, first, second, words, at in rows:
        if kind == "sheet":
            found[first, second] = words, at
        elif kind == "signed":
            digest, hand, name = words.split("\n", 2)
            signed[first, second] = name, bool(hand), at, digest
        else:
            digest, state, document = words.split("\n", 2)
            release = Released(first, digest, state, json.loads(document)["outcome"])
    return found, signed, release
