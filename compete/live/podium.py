"""The podium under the hand: held, compared with what the page saw, its clock stopped and begun.

A stale revision is refused and changes nothing, so two consoles, a double click or a repeated delivery advance once. The
same `touch` (the page's own mark of one press) a second time is answered as done.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from compete.audit import service as audit
from compete.live import clock
from compete.models import Part, Podium, Session, Slot, Timing, db
from scoring.problems import Problem


def podium_of(session_id: int) -> Podium | None:
    return db.session.scalar(sa.select(Podium).where(Podium.session_id == session_id))


def clock_of(podium: Podium) -> clock.Clock:
    started = clock.epoch_ms(podium.started_at) if podium.started_at else None
    return clock.Clock(podium.phase, podium.allotted_ms, podium.ran_ms, started)


def hold(session: Session) -> Podium:
    """The session's podium, made at its first use, kept from other writers until the commit."""
    insert = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]
    fresh = {"session_id": session.id, "phase": "idle", "ran_ms": 0, "allotted_ms": 0, "only_current": False, "turns": {},
             "revision": 0, "touch": "", "notice": ""}  # fmt: skip
    db.session.execute(insert(Podium.__table__).values(fresh).on_conflict_do_nothing(index_elements=["session_id"]))
    query = sa.select(Podium).where(Podium.session_id == session.id).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(query).one()


def was(session_id: int, touch: str) -> bool:
    """Whether this press was the last one that was done."""
    return bool(touch) and db.session.scalar(sa.select(Podium.touch).where(Podium.session_id == session_id)) == touch


def note(session: Session, touch: str) -> None:
    """Keeps the press as the last one that was done, also where it did not concern the stage itself."""
    if touch:
        hold(session).touch = touch
        db.session.flush()


def stale(session: Session) -> Problem:
    return Problem("stage.stale", session.name, "台上的情况刚刚变了（另一台设备或上一次点按）", "已显示最新情况，请看清后再按")


def verb(action: Callable, *, takes_back: bool = False) -> Callable:
    """An action on the podium: held, compared with what the page saw, counted. Returns the podium or a Problem.

    What an action leaves in `podium.undo` can be taken back until the next one; `takes_back` hands it to the action.
    """

    @wraps(action)
    def acted(session: Session, *args, seen: int, touch: str = "", actor: audit.Actor, now: datetime, **more) -> Podium | Problem:
        podium = hold(session)
        if touch and podium.touch == touch:
            return podium
        if seen != podium.revision:
            return stale(session)
        undo, podium.undo = podium.undo, None
        problem = action(session, podium, *args, actor=actor, now=now, **(more | {"undo": undo} if takes_back else more))
        if problem is not None:
            podium.undo = undo
            return problem
        podium.revision, podium.touch = podium.revision + 1, touch
        db.session.flush()
        return podium

    return acted


def record(session: Session, podium: Podium, *, action: str, actor, now, before=None, after=None, reason="") -> None:
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action=action, subject="session", subject_id=session.id,
        before=before, after={**_on(podium), **(after or {})}, reason=reason,
    )  # fmt: skip


def _on(podium: Podium) -> dict:
    if podium.slot_id is None:
        return {}
    return {"entry_id": db.session.scalar(sa.select(Slot.entry_id).where(Slot.id == podium.slot_id))}


def halt(podium: Podium, now: datetime) -> None:
    podium.ran_ms = clock_of(podium).ran(clock.epoch_ms(now))
    podium.started_at = None


def begin(session: Session, podium: Podium, phase: str, *, keep: bool) -> None:
    """`keep`: minutes that the host changed before the start stay."""
    part = db.session.get(Part, session.part_id)
    if not (keep and podium.phase == "idle" and podium.allotted_ms):
        podium.allotted_ms = clock.allotted_ms(phase, part.speech_minutes, part.question_minutes)
    podium.phase, podium.ran_ms, podium.started_at = phase, 0, None


def stop(podium: Podium, *, keep: bool, actor, now) -> list[int]:
    """Stops the clock; the phase that ran is kept as a timing: [its id]."""
    halt(podium, now)
    if not keep or podium.phase not in ("speech", "questions") or not podium.ran_ms:
        return []
    row = Timing(slot_id=podium.slot_id, phase=podium.phase, allotted_ms=podium.allotted_ms, ran_ms=podium.ran_ms, made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    return [row.id]
