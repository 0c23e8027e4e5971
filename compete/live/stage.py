"""台上: which entry is on stage, what judges may mark meanwhile, and what they are told."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import rulings, sheets
from compete.live import clock, turns
from compete.live.podium import clock_of, record, stop, verb
from compete.models import Entry, Part, Podium, Session, Sheet, Slot, Timing, db
from scoring.problems import Problem

NOTICE_LIMIT = 200


def podiums_of(session_ids: list[int]) -> dict[int, Podium]:
    """{session: its podium} of those that have one, in one query."""
    rows = db.session.scalars(sa.select(Podium).where(Podium.session_id.in_(session_ids))) if session_ids else ()
    return {row.session_id: row for row in rows}


@verb
def call(session: Session, podium: Podium, slot_id: int, *, actor, now) -> Problem | None:
    """This entry comes on stage; the one that was there has had its turn when its clock ran or a sheet was begun."""
    row = next(iter(_rows(session, slot_id)), None)
    if row is None:
        return Problem("stage.foreign", session.name, "这一项不在本场", "请从本场的出场顺序里选择")
    if row.status not in turns.PRESENT:
        return Problem("stage.out", session.name, f"这一项已记为{row.status_text}", "如已到场，请先撤销缺考登记")
    if podium.slot_id == slot_id:
        return Problem("stage.there", session.name, "这一项已经在台上", "可直接开始计时")
    _leave(session, podium, actor=actor, now=now)
    _enter(session, podium, slot_id)
    record(session, podium, action="stage.call", actor=actor, now=now)
    return None


@verb
def call_next(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """The next of those that wait: in running order after the one on stage, then the earlier ones, skipped ones last."""
    found = turns.waiting(sheets.slots(session.id), podium.turns, podium.slot_id, complete(session))
    if not found:
        return Problem("stage.nobody", session.name, "后面没有等候的参赛对象了", "被跳过、缺考的可在出场顺序里再叫")
    _leave(session, podium, actor=actor, now=now)
    _enter(session, podium, found[0].slot_id)
    record(session, podium, action="stage.call", actor=actor, now=now)
    return None


@verb
def call_previous(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """The one that left the stage last comes back."""
    row = turns.previous(sheets.slots(session.id), podium.turns, podium.slot_id)
    if row is None:
        return Problem("stage.first", session.name, "前面没有上过台的", "请从出场顺序里选择")
    _leave(session, podium, actor=actor, now=now)
    _enter(session, podium, row.slot_id)
    record(session, podium, action="stage.call", actor=actor, now=now)
    return None


@verb
def skip(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """The entry on stage waits until all others had their turn; its clock is given up."""
    if podium.slot_id is None:
        return Problem("stage.empty", session.name, "台上没有参赛对象", "请先叫号")
    found = turns.waiting(sheets.slots(session.id), podium.turns, podium.slot_id, complete(session))
    record(session, podium, action="stage.skip", actor=actor, now=now)
    _leave(session, podium, skipped=True, actor=actor, now=now)
    _enter(session, podium, found[0].slot_id if found else None)
    if found:
        record(session, podium, action="stage.call", actor=actor, now=now)
    return None


@verb
def clear(session: Session, podium: Podium, *, actor, now) -> Problem | None:
    """Nobody is on stage: a break, or the end."""
    if podium.slot_id is None:
        return Problem("stage.empty", session.name, "台上没有参赛对象", "请先叫号")
    record(session, podium, action="stage.clear", actor=actor, now=now)
    _leave(session, podium, actor=actor, now=now)
    _enter(session, podium, None)
    return None


def _undo(session: Session, podium: Podium, *, actor, now, undo: dict | None) -> Problem | None:
    """Takes the last call, skip or end of a phase back: the clock goes on as if nothing had happened."""
    if undo is None:
        return Problem("stage.no_undo", session.name, "没有可撤销的步骤", "只能撤销刚刚的叫号、跳过或结束计时")
    rows = db.session.scalars(sa.select(Timing).where(Timing.id.in_(undo["timings"]))).all()
    if any(row.penalty_id or row.waived_at for row in rows):
        return Problem("stage.decided", session.name, "这段计时的超时已经处理", "请先撤销扣分")
    for row in rows:
        row.void_at = now
    record(session, podium, action="stage.undo", actor=actor, now=now)
    podium.slot_id, podium.turns, podium.phase = undo["slot_id"], undo["turns"], undo["phase"]
    podium.ran_ms, podium.allotted_ms = undo["ran_ms"], undo["allotted_ms"]
    podium.started_at = clock.moment_of(undo["started_at"]) if undo["started_at"] is not None else None
    return None


undo = verb(_undo, takes_back=True)


def _leave(session: Session, podium: Podium, *, skipped: bool = False, actor, now) -> None:
    """The entry on stage goes: its clock is stopped and kept, and its turn noted."""
    before = {**clock_of(podium).document(), "slot_id": podium.slot_id, "turns": dict(podium.turns), "timings": []}
    if podium.slot_id is not None:
        key = str(podium.slot_id)
        before["timings"] = stop(podium, keep=not skipped, actor=actor, now=now)
        others = {name: state for name, state in podium.turns.items() if name != key}
        had_turn = podium.phase != "idle" or podium.turns.get(key) == "done" or _begun(session, podium.slot_id)
        podium.turns = others | ({key: "skipped"} if skipped else {key: "done"} if had_turn else {})
    podium.undo = before


def _enter(session: Session, podium: Podium, slot_id: int | None) -> None:
    """The clock stands at the first phase that was not timed yet: who comes back is not timed twice."""
    podium.slot_id, podium.phase, podium.started_at, podium.ran_ms, podium.allotted_ms = slot_id, "idle", None, 0, 0
    if slot_id is None:
        return
    part = db.session.get(Part, session.part_id)
    timed = set(db.session.scalars(sa.select(Timing.phase).where(Timing.slot_id == slot_id, Timing.void_at.is_(None))))
    phases = clock.phases(part.speech_minutes, part.question_minutes)
    left = [phase for phase in phases if phase not in timed]
    if timed & set(phases):
        podium.phase = left[0] if left else "over"
    if left:
        podium.allotted_ms = clock.allotted_ms(left[0], part.speech_minutes, part.question_minutes)


def _rows(session: Session, slot_id: int) -> list[sheets.SlotRow]:
    entry = db.session.scalar(sa.select(Slot.entry_id).where(Slot.id == slot_id, Slot.session_id == session.id))
    return sheets.slots(session.id, entry_ids=[entry]) if entry else []


def complete(session: Session) -> set[int]:
    """The slots whose sheets are all in: their turn is over, whoever called them."""
    return {slot for slot, state in turns.progress(session, sheets.seats(session)).items() if state.done and not state.awaited}


def _begun(session: Session, slot_id: int) -> bool:
    """Whether a judge has begun a sheet of the entry."""
    query = sa.select(Sheet.id).join(Slot, Slot.entry_id == Sheet.entry_id).where(Slot.id == slot_id, Sheet.part_id == session.part_id)
    return db.session.scalar(query.limit(1)) is not None


# What judges may do, and what they are told


@verb
def only_current(session: Session, podium: Podium, on: bool, *, actor, now) -> Problem | None:
    """Whether judges may mark only what is or was on stage."""
    if podium.only_current == on:
        return Problem("stage.same", session.name, "已经是这样", "无需再按")
    podium.only_current = on
    record(session, podium, action="stage.only", actor=actor, now=now, before={"only_current": not on}, after={"only_current": on})
    return None


@verb
def announce(session: Session, podium: Podium, text: str, *, actor, now) -> Problem | None:
    """A message on all tablets of the session; "" takes it away."""
    if len(text) > NOTICE_LIMIT:
        return Problem("notice.long", "通知", f"超过 {NOTICE_LIMIT} 字", "请缩短后再发")
    before, podium.notice, podium.notice_at = podium.notice, text, now if text else None
    record(session, podium, action="stage.notice", actor=actor, now=now, before={"notice": before}, after={"notice": text})
    return None


# An entry that did not come


def mark_absent(session: Session, slot_id: int, *, reason: str, actor: audit.Actor, now: datetime) -> object | Problem:
    """缺考, by the ruling service."""
    entry = _entry(session, slot_id)
    if entry is None:
        return Problem("stage.foreign", session.name, "这一项不在本场", "请从本场的出场顺序里选择")
    return rulings.rule(entry, kind="absence", reason=reason, actor=actor, now=now)


def lift_absent(session: Session, slot_id: int, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes 缺考 back; other rulings are the organiser's."""
    entry = _entry(session, slot_id)
    row = entry and next((row for row in rulings.in_force(entry) if row.kind == "absence"), None)
    if row is None:
        return Problem("stage.not_absent", session.name, "没有登记缺考", "无需撤销")
    return rulings.revoke(row, reason=reason, actor=actor, now=now)


def _entry(session: Session, slot_id: int) -> Entry | None:
    return db.session.scalar(sa.select(Entry).join(Slot, Slot.entry_id == Entry.id).where(Slot.id == slot_id, Slot.session_id == session.id))
