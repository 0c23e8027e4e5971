"""代评: the server marks for judges whose seats have no device in the rehearsal, one entry after another."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit.service import Actor
from compete.judging import sheets
from compete.judging.cells import AWAITED
from compete.marking import rubrics, service
from compete.models import AuditRecord, Contest, Event, Judge, Part, Podium, Session, Sheet, Stage, db
from scoring.problems import Problem

DEVICE = "代评"  # the device under which the trail keeps what no tablet delivered
SPREAD = 23  # percent between the best and the worst entry


class Turn(NamedTuple):
    """A sheet that an empty seat still owes."""

    judge_id: int
    name: str
    place: int
    entry_id: int
    part_id: int
    version: int
    number: int


def entered(contest_id: int):
    """The judges of a rehearsal who came in on a device, as a query of their ids."""
    return sa.select(AuditRecord.subject_id).where(AuditRecord.chain == contest_id, AuditRecord.action == "card.enter")


def empty_seats(contest_id: int) -> dict[int, str]:
    """{judge: name} of those who never came in with their card on any device."""
    query = sa.select(Judge.id, Judge.name).where(Judge.contest_id == contest_id, Judge.role != "supervisor", Judge.id.not_in(entered(contest_id)))
    return {judge: name for judge, name in db.session.execute(query.order_by(Judge.position, Judge.id))}


def next_turns(rehearsal: Contest) -> list[Turn]:
    """The next entry, in running order, to which an empty seat of an open session owes a sheet: one turn per empty seat."""
    seats = empty_seats(rehearsal.id)
    query = (
        sa.select(Session, Event.scheme_version).join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id)
        .join(Event, Event.id == Stage.event_id).where(Session.contest_id == rehearsal.id, Session.state == "open").order_by(Session.position)
    )  # fmt: skip
    found = db.session.execute(query).all()
    # Where judges are held to what is on stage, so is the server.
    stages = dict(db.session.execute(sa.select(Podium.session_id, Podium.slot_id).where(Podium.session_id.in_([row[0].id for row in found]), Podium.only_current)).all())
    for session, version in found:
        here = [row for row in sheets.seats(session) if row.judge_id in seats]
        rows = [row for row in sheets.slots(session.id) if stages.get(session.id) in (None, row.slot_id)]
        if not here or not rows:
            continue
        cells = sheets.matrix(session, rows, here)
        for slot in rows:
            owed = [row for row in here if cells[slot.entry_id, row.judge_id].state in AWAITED]
            if owed:
                return [Turn(row.judge_id, row.name, row.position, slot.entry_id, session.part_id, version, slot.number) for row in owed]
    return []


def play(turn: Turn, *, now: datetime) -> Problem | None:
    """Hands in one sheet the way a tablet does."""
    rubric = rubrics.of_part(turn.part_id, turn.version)
    marks = opinion(rubric, turn.number, turn.place)
    said = service.submit(
        turn.entry_id, turn.part_id, judge_id=turn.judge_id, revision=_revision(turn), marks=marks, rubric=rubric.digest,
        actor=Actor(f"judge:{turn.judge_id}", turn.name, DEVICE), now=now,
    )  # fmt: skip
    return said if isinstance(said, Problem) else None


def _revision(turn: Turn) -> int:
    own = (Sheet.part_id == turn.part_id, Sheet.entry_id == turn.entry_id, Sheet.judge_id == turn.judge_id)
    return db.session.scalar(sa.select(Sheet.revision).where(*own)) or 0


def opinion(rubric: rubrics.Rubric, number: int, place: int) -> dict[str, int]:
    """Values that the rubric allows: better and worse entries, judges who differ a little."""
    found = {}
    for turn, (code, leaf) in enumerate(rubric.leaves.items()):
        percent = 96 - number * 37 % SPREAD - place * 3 % 5 - (number * (place + 2) + turn) % 6
        units = leaf.minimum + (leaf.maximum - leaf.minimum) * percent // 100
        units -= (units - leaf.minimum) % leaf.step
        found[code] = next(value for value in (units, leaf.maximum, leaf.minimum) if scoring.check_mark(leaf, value) is None)
    return found
