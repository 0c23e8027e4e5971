"""场次: which panel judges which entries of a part, and when marks are taken."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from compete import clock
from compete.audit import service as audit
from compete.blind import service as blind
from compete.contests import schemes
from compete.contests.service import readiness
from compete.judging import sheets
from compete.models import Contest, Draw, Entry, Event, Part, Podium, Presence, Screen, Session, Sheet, Slot, Stage, Timing, db
from compete.rehearsal import twins
from scoring.problems import Problem


def facts_of(session: Session) -> dict:
    def moment(value):
        return clock.show_time(value) or None

    return {"name": session.name, "part_id": session.part_id, "panel_id": session.panel_id,
            "starts_at": moment(session.starts_at), "deadline": moment(session.deadline)}  # fmt: skip


def create(contest: Contest, *, actor: audit.Actor, now: datetime, **details) -> Session:
    last = db.session.scalar(sa.select(sa.func.max(Session.position)).where(Session.contest_id == contest.id)) or 0
    session = Session(contest_id=contest.id, position=last + 1, state="waiting", **details)
    db.session.add(session)
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="session.make", subject="session", subject_id=session.id, after=facts_of(session),
    )  # fmt: skip
    return session


def update(session: Session, *, actor: audit.Actor, now: datetime, **details) -> Problem | None:
    """Times and name at any time; panel and part only while no sheet of the session exists."""
    moved = details.get("part_id", session.part_id) != session.part_id
    if (moved or details.get("panel_id", session.panel_id) != session.panel_id) and begun(session):
        return Problem("session.begun", session.name, "已有评分表，不能再换环节或评委组", "评委变动请改评委组的席位，或登记缺席")
    if moved and db.session.scalar(sa.select(Slot.id).where(Slot.session_id == session.id).limit(1)):
        return Problem("session.assigned", session.name, "已分配参赛对象，不能换环节", "请先清空本场的参赛对象")
    before = facts_of(session)
    for name, value in details.items():
        setattr(session, name, value)
    db.session.flush()
    _changed(session, before, actor=actor, now=now)
    return None


def _changed(session: Session, before: dict, *, actor: audit.Actor, now: datetime) -> None:
    before, after = audit.differences(before, facts_of(session))
    if after:
        audit.record(
            contest_id=session.contest_id, actor=actor, now=now, action="session.change", subject="session", subject_id=session.id,
            before=before, after=after,
        )  # fmt: skip


def remove(session: Session, *, actor: audit.Actor, now: datetime) -> Problem | None:
    if begun(session) or db.session.scalar(sa.select(Draw.id).where(Draw.session_id == session.id).limit(1)):
        return Problem("session.kept", session.name, "已抽签或已有评分表，不能删除", "记录要留存；不再使用时请直接结束本场")
    before, number = facts_of(session), session.id
    if db.session.scalar(sa.select(Timing.id).join(Slot, Slot.id == Timing.slot_id).where(Slot.session_id == number).limit(1)):
        return Problem("session.kept", session.name, "已有计时记录，不能删除", "记录要留存；不再使用时请直接结束本场")
    db.session.execute(sa.update(Screen).where(Screen.session_id == number).values(session_id=None))
    db.session.execute(sa.delete(Podium).where(Podium.session_id == number))
    db.session.execute(sa.delete(Slot).where(Slot.session_id == number))
    db.session.execute(sa.delete(Session).where(Session.id == number))
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action="session.remove", subject="session", subject_id=number, before=before,
    )  # fmt: skip
    return None


def begun(session: Session) -> bool:
    """Whether a sheet of this session exists: from then on its order and its panel stand."""
    return db.session.scalar(sa.select(Sheet.id).where(Sheet.session_id == session.id).limit(1)) is not None


# entries


def candidates(session: Session):
    """Approved entries of the session's event that no other session of the same part takes."""
    elsewhere = (
        sa.select(Slot.entry_id).join(Session, Session.id == Slot.session_id)
        .where(Session.part_id == session.part_id, Session.id != session.id)
    )  # fmt: skip
    return (
        sa.select(Entry).join(Stage, Stage.event_id == Entry.event_id).join(Part, Part.stage_id == Stage.id)
        .where(Part.id == session.part_id, Entry.state == "approved", Entry.id.not_in(elsewhere)).order_by(Entry.number)
    )  # fmt: skip


def assign(session: Session, entry_ids: Iterable[int] | None, *, actor: audit.Actor, now: datetime) -> tuple[int, int] | Problem:
    """Makes these the session's entries (None: all that are free): (added, taken out).

    Entries with a sheet stay. Those added after the draw come after the drawn ones, by number.
    """
    free = set(db.session.scalars(candidates(session).with_only_columns(Entry.id)))
    present = dict(db.session.execute(sa.select(Slot.entry_id, Slot.id).where(Slot.session_id == session.id)).all())
    wanted = free | set(present) if entry_ids is None else {number for number in entry_ids if number in free or number in present}
    gone = [number for number in present if number not in wanted]
    judged = db.session.scalars(
        sa.select(Entry.number).distinct().join(Sheet).where(Sheet.part_id == session.part_id, Sheet.entry_id.in_(gone)).order_by(Entry.number)
    ).all()
    if judged:
        return Problem("slot.has_sheets", "、".join(f"{n} 号" for n in judged), "已有评分表，不能移出本场", "缺考、弃权请在看板登记")
    if staged := _staged([present[number] for number in gone]):
        return Problem("slot.staged", "、".join(f"{n} 号" for n in staged), "已上台或有计时记录，不能移出本场", "缺考、弃权请在主持台或看板登记")
    added = sorted(wanted - set(present))
    if gone:
        db.session.execute(sa.delete(Slot).where(Slot.session_id == session.id, Slot.entry_id.in_(gone)))
    if added:
        db.session.execute(sa.insert(Slot), [{"session_id": session.id, "entry_id": number, "position": 0} for number in added])
    if added or gone:
        audit.record(
            contest_id=session.contest_id, actor=actor, now=now, action="session.assign", subject="session", subject_id=session.id,
            before={"entries_out": gone}, after={"entries_in": added},
        )  # fmt: skip
    return len(added), len(gone)


def _staged(slots: list[int]) -> list[int]:
    """The numbers of the entries that are on stage or were timed."""
    query = (
        sa.select(Entry.number).distinct().join(Slot, Slot.entry_id == Entry.id)
        .outerjoin(Podium, Podium.slot_id == Slot.id).outerjoin(Timing, Timing.slot_id == Slot.id)
        .where(Slot.id.in_(slots), sa.or_(Podium.id.is_not(None), Timing.id.is_not(None))).order_by(Entry.number)
    )  # fmt: skip
    return list(db.session.scalars(query)) if slots else []


# open, close, open again


def unready(session: Session, event: Event, *, judges: int, entries: int, locked: bool) -> list[Problem]:
    """What keeps the session from being opened; empty when it may be. Load the event by `schemes.load`."""
    found = list(readiness(event))
    if not judges:
        found.append(Problem("session.no_judges", session.name, "还没有评委", "请为本场选择一个有评委的评委组"))
    if not entries:
        found.append(Problem("session.no_entries", session.name, "还没有参赛对象", "请先分配参赛对象"))
    return found + _uncoded(session, event) + ([_locked(session)] if locked else [])


def _uncoded(session: Session, event: Event) -> list[Problem]:
    """A coded event is judged only by its codes, in an order that was not drawn by numbers in public."""
    if not event.is_veiled:
        return []
    coding = blind.coding(event)
    if coding.plan is None:
        return []
    if not coding.sealed:
        return [Problem("codes.unsealed", session.name, "代号还没有编好", "请在“加密与启封”页等各层保管人编好")]
    drawn = db.session.scalar(sa.select(Draw.drawn_at).where(Draw.session_id == session.id, Draw.superseded_at.is_(None)))
    if drawn and drawn < coding.layers[-1].table.sealed_at:
        return [Problem("codes.drawn_before", session.name, "出场顺序是编代号之前按编号抽的，会让人对上代号", "请重新抽签，这次按代号抽")]
    return []


def _locked(session: Session) -> Problem:
    return Problem("part.locked", session.name, "总评委已锁定本环节", "请总评委先解除锁定")


def _unready_now(session: Session) -> list[Problem]:
    event_id, locked_at = db.session.execute(
        sa.select(Stage.event_id, Part.locked_at).join(Part, Part.stage_id == Stage.id).where(Part.id == session.part_id)
    ).one()
    entries = db.session.scalar(sa.select(sa.func.count(Slot.id)).where(Slot.session_id == session.id))
    rehearsed = twins.in_the_way(session.contest_id, session.name)
    found = unready(session, schemes.load(event_id), judges=len(sheets.seats(session)), entries=entries, locked=locked_at is not None)
    return [*found, *([rehearsed] if rehearsed else [])]


def open_session(session: Session, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Marks are taken from now on."""
    problems = _unready_now(session)
    if not problems and not _move(session, ("waiting",), "open"):
        problems = [Problem("session.state", session.name, "已经开始或结束", "请刷新页面")]
    if not problems:
        _moved(session, "session.open", "", actor=actor, now=now)
    return problems


def undelivered(judge_ids: list[int]) -> int:
    """How many touches these judges' tablets keep, as far as they last told. One query."""
    return db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(Presence.waiting), 0)).where(Presence.judge_id.in_(judge_ids)))


def close(session: Session, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """No more marks, except for sheets that are returned. What is missing stays missing; nothing becomes zero."""
    if not _move(session, ("open",), "closed"):
        return Problem("session.state", session.name, "不在评分中", "请刷新页面")
    _moved(session, "session.close", "", actor=actor, now=now)
    return None


def reopen(session: Session, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    if db.session.scalar(sa.select(Part.locked_at).where(Part.id == session.part_id)) is not None:
        return _locked(session)
    if rehearsed := twins.in_the_way(session.contest_id, session.name):
        return rehearsed
    if not _move(session, ("closed",), "open"):
        return Problem("session.state", session.name, "没有结束，无需重新开放", "请刷新页面")
    _moved(session, "session.reopen", reason, actor=actor, now=now)
    return None


def _move(session: Session, before: tuple[str, ...], after: str) -> bool:
    """Compare and swap: two clicks at once move the session once."""
    done = db.session.execute(
        sa.update(Session).where(Session.id == session.id, Session.state.in_(before)).values(state=after)
        .execution_options(synchronize_session=False)
    ).rowcount  # fmt: skip
    db.session.refresh(session)
    return bool(done)


def _moved(session: Session, action: str, reason: str, *, actor: audit.Actor, now: datetime) -> None:
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action=action, subject="session", subject_id=session.id,
        after={"name": session.name, "state": session.state}, reason=reason,
    )  # fmt: skip
