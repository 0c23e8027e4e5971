"""计时: the phases of the turn on stage, and what overtime costs."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import rulings
from compete.live import clock
from compete.live.podium import begin, clock_of, halt, record, stop, verb
from compete.models import PHASES, Entry, Part, Penalty, Podium, Session, Slot, Timing, db
from scoring import format_points
from scoring.problems import Problem


@verb
def start(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """The clock runs: the first phase, or the one that stands."""
    if podium.slot_id is None:
        return Problem("stage.empty", session.name, "台上没有参赛对象", "请先叫号，再开始计时")
    if podium.started_at is not None:
        return Problem("clock.running", session.name, "已经在计时", "请看上方的时间")
    if podium.phase == "over":
        return Problem("clock.over", session.name, "这一项的计时已经结束", "要再计一次，请按“重新计时”")
    if podium.phase == "idle":
        part = db.session.get(Part, session.part_id)
        begin(session, podium, clock.phases(part.speech_minutes, part.question_minutes)[0], keep=True)
    podium.started_at = now
    record(session, podium, action="clock.start", actor=actor, now=now, after={"phase": PHASES[podium.phase]})
    return None


@verb
def pause(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    if podium.started_at is None:
        return Problem("clock.standing", session.name, "没有在计时", "请按“开始”")
    halt(podium, now)
    record(session, podium, action="clock.pause", actor=actor, now=now, after={"phase": PHASES[podium.phase], "ran_seconds": podium.ran_ms // 1000})
    return None


@verb
def reset(session: Session, podium: Podium, phase: str = "", *, actor, now) -> Problem | None:
    """The phase again from zero, standing. What was timed before, and its penalty, no longer count."""
    part = db.session.get(Part, session.part_id)
    known = clock.phases(part.speech_minutes, part.question_minutes)
    phase = phase or (podium.phase if podium.phase in known else known[0])
    if podium.slot_id is None:
        return Problem("stage.empty", session.name, "台上没有参赛对象", "请先叫号")
    if phase not in known:
        return Problem("clock.no_phase", session.name, "这个环节没有这一段计时", "请在“筹备”里为环节填写分钟数")
    ran = clock_of(podium).ran(clock.epoch_ms(now))
    problem = _void(session, podium.slot_id, phase, actor=actor, now=now)
    if problem:
        return problem
    begin(session, podium, phase, keep=False)
    record(session, podium, action="clock.reset", actor=actor, now=now, before={"ran_seconds": ran // 1000}, after={"phase": PHASES[phase]})
    return None


@verb
def adjust(session: Session, podium: Podium, delta_ms: int, *, actor, now) -> Problem | None:
    """Longer or shorter by `delta_ms`."""
    if podium.slot_id is None or podium.phase == "over":
        return Problem("clock.none", session.name, "现在没有可调整的计时", "请先叫号")
    if not podium.allotted_ms and delta_ms < 0:
        return Problem("clock.unlimited", session.name, "这一段没有限时", "要限时，请按“加 30 秒”")
    before = podium.allotted_ms
    podium.allotted_ms = clock_of(podium).adjust(delta_ms).allotted_ms
    if before == podium.allotted_ms:
        return Problem("clock.shortest", session.name, "时长不能再短了", "要结束这一段，请按“下一段”")
    record(
        session, podium, action="clock.adjust", actor=actor, now=now,
        before={"allotted_seconds": before // 1000}, after={"allotted_seconds": podium.allotted_ms // 1000},
    )  # fmt: skip
    return None


@verb
def finish(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """The phase ends: how long it took is kept, and the next phase stands ready."""
    if podium.slot_id is None or podium.phase in ("idle", "over"):
        return Problem("clock.none", session.name, "没有正在进行的计时", "请先按“开始”")
    before = {**clock_of(podium).document(), "slot_id": podium.slot_id, "turns": dict(podium.turns)}
    ended = podium.phase
    timed = stop(podium, keep=True, actor=actor, now=now)
    ran = podium.ran_ms
    part = db.session.get(Part, session.part_id)
    known = clock.phases(part.speech_minutes, part.question_minutes)
    later = known[known.index(ended) + 1 :] if ended in known else ()
    if later:
        begin(session, podium, later[0], keep=True)
    else:
        podium.phase = "over"
    podium.undo = {**before, "timings": timed}
    record(session, podium, action="clock.finish", actor=actor, now=now, after={"phase": PHASES[ended], "ran_seconds": ran // 1000})
    return None


def _void(session: Session, slot_id: int, phase: str, *, actor, now) -> Problem | None:
    """Earlier timings of this phase no longer count, nor do their penalties."""
    query = sa.select(Timing).where(Timing.slot_id == slot_id, Timing.phase == phase, Timing.void_at.is_(None))
    for row in db.session.scalars(query).all():
        penalty = db.session.get(Penalty, row.penalty_id) if row.penalty_id else None
        if penalty and penalty.revoked_at is None:
            problem = rulings.revoke(penalty, reason="重新计时，原来的超时扣分作废", actor=actor, now=now)
            if problem:
                return problem
        row.void_at = now
    return None


# Overtime


class Due(NamedTuple):
    """A timing whose overtime the contest's rule charges: nobody has decided on it yet."""

    timing: Timing
    slot_id: int
    entry_id: int
    charge: clock.Charge


_TIMED = (
    sa.select(Timing, Slot.id, Slot.entry_id, Penalty.revoked_at)
    .join(Slot, Slot.id == Timing.slot_id).outerjoin(Penalty, Penalty.id == Timing.penalty_id)
    .where(Timing.phase == "speech", Timing.void_at.is_(None), Timing.allotted_ms > 0, Timing.ran_ms > Timing.allotted_ms)
    .order_by(Timing.id)
)  # fmt: skip


def charge_of(timing: Timing, part: Part) -> clock.Charge | None:
    """Only the speech is the entrant's own time; how long questions take is the judges'."""
    return clock.charge(timing.ran_ms - timing.allotted_ms, part.timing) if timing.phase == "speech" and timing.allotted_ms else None


def due(session: Session, part: Part) -> list[Due]:
    """What waits for a decision: charge it or not."""
    if not (part.timing or {}).get("overtime"):
        return []
    query = _TIMED.where(Slot.session_id == session.id, Timing.penalty_id.is_(None), Timing.waived_at.is_(None))
    found = [Due(row, slot, entry, charge_of(row, part)) for row, slot, entry, _ in db.session.execute(query)]
    return [row for row in found if row.charge]


def charge(session: Session, timing_id: int, *, points: int, sure: bool = False, actor: audit.Actor, now: datetime) -> Penalty | Problem:
    """Charges the overtime: the `points` that the page showed, or a refusal when the rule has changed since, or when the
    clock looks forgotten and nobody is `sure`."""
    row, entry = _undecided(session, timing_id)
    if isinstance(row, Problem):
        return row
    owed = charge_of(row, db.session.get(Part, session.part_id))
    if owed is None or owed.points != points:
        return Problem("clock.charge_changed", session.name, "超时扣分的规则刚刚改过", "请看清新的分值后再按")
    if owed.forgotten and not sure:
        told = f"超时 {clock.duration(owed.seconds)}，像是忘了停表"
        return Problem("clock.forgotten", session.name, told, "请按“不扣”；真的超了这么久，请展开“仍要扣分”再确认")
    made = rulings.penalize(entry, points=owed.points, reason=owed.reason, part_id=session.part_id, actor=actor, now=now)
    if isinstance(made, Penalty):
        row.penalty_id = made.id
        _decided(session, entry, {"points": format_points(made.points)}, actor, now, action="clock.charge")
    return made


def waive(session: Session, timing_id: int, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """The overtime is not charged: the recorded reason says why."""
    row, entry = _undecided(session, timing_id)
    if isinstance(row, Problem):
        return row
    row.waived_at = now
    _decided(session, entry, {"over_seconds": (row.ran_ms - row.allotted_ms) // 1000}, actor, now, reason, action="clock.waive")
    return None


def reconsider(session: Session, timing_id: int, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes the decision back: the penalty is revoked, and the overtime waits again."""
    row, entry = _timing(session, timing_id)
    if row is None or (row.penalty_id is None and row.waived_at is None):
        return Problem("clock.undecided", session.name, "这段超时还没有处理", "请选择扣分或不扣")
    penalty = db.session.get(Penalty, row.penalty_id) if row.penalty_id else None
    if penalty and penalty.revoked_at is None:
        problem = rulings.revoke(penalty, reason=reason, actor=actor, now=now)
        if problem:
            return problem
    row.penalty_id = row.waived_at = None
    _decided(session, entry, {}, actor, now, reason, action="clock.reconsider")
    return None


def _timing(session: Session, timing_id: int) -> tuple[Timing | None, Entry | None]:
    query = (
        sa.select(Timing, Entry).join(Slot, Slot.id == Timing.slot_id).join(Entry, Entry.id == Slot.entry_id)
        .where(Timing.id == timing_id, Slot.session_id == session.id, Timing.void_at.is_(None))
        .with_for_update(of=Timing).execution_options(populate_existing=True)
    )  # fmt: skip
    return tuple(db.session.execute(query).one_or_none() or (None, None))


def _undecided(session: Session, timing_id: int) -> tuple[Timing | Problem, Entry | None]:
    row, entry = _timing(session, timing_id)
    if row is None:
        return Problem("clock.no_timing", session.name, "这段计时已经作废或不在本场", "请看页面上的最新情况"), None
    if row.penalty_id or row.waived_at:
        return Problem("clock.decided", session.name, "这段超时已经处理", "要改主意，请先撤销"), None
    return row, entry


def _decided(session: Session, entry: Entry, after: dict, actor: audit.Actor, now: datetime, reason: str = "", *, action: str) -> None:
    db.session.flush()
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action=action, subject="session", subject_id=session.id,
        after={"entry_id": entry.id, **after}, reason=reason,
    )  # fmt: skip
