"""What is ruled while judging: a judge's absence, an entry's absence, disqualification or veto, and penalties."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import schemes
from compete.judging import sheets
from compete.models import Contest, Entry, Event, Judge, JudgeAbsence, Part, Penalty, Ruling, Session, Stage, db
from scoring import format_points
from scoring.problems import Problem

KINDS = {"absence": "缺考/弃权", "disqualification": "取消资格", "veto": "一票否决"}


def _contest_of(entry: Entry) -> int:
    return db.session.scalar(sa.select(Event.contest_id).where(Event.id == entry.event_id))


def _locked(event_id: int, part_id: int | None = None) -> Problem | None:
    """Once the chief judge locked every part (of the stage, where a part is named) that is marked on sheets, the facts stand;
    unlocking is the chief's."""
    parts = sa.select(Part.locked_at).join(Stage).where(Stage.event_id == event_id, Part.kind.not_in(schemes.FIGURE_KINDS))
    if part_id:
        parts = parts.where(Part.stage_id == sa.select(Part.stage_id).where(Part.id == part_id).scalar_subquery())
    locks = db.session.scalars(parts).all()
    if locks and all(locks):
        return Problem("part.locked", "评分", "总评委已锁定成绩", "请总评委先解除锁定")
    return None


# a judge in a session


def mark_absent(session: Session, judge: Judge, *, reason: str, actor: audit.Actor, now: datetime) -> JudgeAbsence | Problem:
    """The panel shrinks in this session: sheets handed in count, no further ones are awaited, nothing is zero."""
    known = sa.select(JudgeAbsence.id).where(
        JudgeAbsence.session_id == session.id, JudgeAbsence.judge_id == judge.id, JudgeAbsence.lifted_at.is_(None)
    )
    if db.session.scalar(known):
        return Problem("absence.twice", judge.name, "已登记缺席", "无需重复登记")
    row = JudgeAbsence(session_id=session.id, judge_id=judge.id, reason=reason, made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action="absence.make", subject="absence", subject_id=row.id,
        after={"judge_id": judge.id, "session_id": session.id}, reason=reason,
    )  # fmt: skip
    return row


def lift_absence(absence: JudgeAbsence, *, actor: audit.Actor, now: datetime) -> Problem | None:
    if absence.lifted_at is not None:
        return Problem("absence.lifted", "缺席", "已经撤销", "无需重复撤销")
    absence.lifted_at = now
    db.session.flush()
    contest_id = db.session.scalar(sa.select(Session.contest_id).where(Session.id == absence.session_id))
    audit.record(
        contest_id=contest_id, actor=actor, now=now, action="absence.lift", subject="absence", subject_id=absence.id,
        before={"judge_id": absence.judge_id, "session_id": absence.session_id},
    )  # fmt: skip
    return None


# an entry


def rule(entry: Entry, *, kind: str, reason: str, actor: audit.Actor, now: datetime) -> Ruling | Problem:
    """Marks given so far are kept and no longer counted; revoking the ruling brings them back."""
    problem = _locked(entry.event_id)
    if problem:
        return problem
    same = sa.select(Ruling.id).where(Ruling.entry_id == entry.id, Ruling.kind == kind, Ruling.revoked_at.is_(None))
    if db.session.scalar(same):
        return Problem("ruling.twice", f"{sheets.called(entry.id)} 号", f"已登记{KINDS[kind]}", "无需重复登记")
    row = Ruling(entry_id=entry.id, kind=kind, reason=reason, made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=_contest_of(entry), actor=actor, now=now, action="ruling.make", subject="entry", subject_id=entry.id,
        after={"ruling": KINDS[kind], "number": sheets.called(entry.id)}, reason=reason,
    )  # fmt: skip
    return row


def in_force(entry: Entry) -> list[Ruling]:
    return list(db.session.scalars(sa.select(Ruling).where(Ruling.entry_id == entry.id, Ruling.revoked_at.is_(None)).order_by(Ruling.id)))


def places(entry: Entry) -> list[tuple[int, str]]:
    """Where a penalty on the entry may belong: (part.id, name) of each part of the event; (0, …) for the event as a whole, where
    there are several."""
    query = sa.select(Part.id, Stage.name, Part.name).join(Stage, Stage.id == Part.stage_id).where(Stage.event_id == entry.event_id)
    rows = db.session.execute(query.order_by(Stage.position, Part.position, Part.id)).all()
    several = len({stage for _, stage, _ in rows}) > 1
    found = [(number, f"{stage} · {name}" if several else name) for number, stage, name in rows]
    return [*found, (0, "整个赛项")] if len(found) > 1 else found


def penalize(entry: Entry, *, points: int, reason: str, part_id: int | None = None, actor: audit.Actor, now: datetime) -> Penalty | Problem:
    """Points (1/10000) off the entry's total in the part's stage; without a part, in the ranked one."""
    problem = _locked(entry.event_id, part_id)
    if problem:
        return problem
    row = Penalty(entry_id=entry.id, part_id=part_id, points=points, reason=reason, made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=_contest_of(entry), actor=actor, now=now, action="penalty.make", subject="entry", subject_id=entry.id,
        after=_penalty(points, part_id, entry), reason=reason,
    )  # fmt: skip
    return row


def _penalty(points: int, part_id: int | None, entry: Entry) -> dict:
    return {"points": format_points(points), "number": sheets.called(entry.id)} | ({"part_id": part_id} if part_id else {})


def revoke(row: Ruling | Penalty, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes a ruling or a penalty back; the row stays."""
    entry, kind = db.session.get(Entry, row.entry_id), "ruling" if isinstance(row, Ruling) else "penalty"
    if row.revoked_at is not None:
        return Problem(f"{kind}.revoked", f"{sheets.called(entry.id)} 号", "已经撤销", "无需重复撤销")
    part_id = row.part_id if kind == "penalty" else None
    problem = _locked(entry.event_id, part_id)
    if problem:
        return problem
    row.revoked_at, row.revoked_reason = now, reason
    db.session.flush()
    before = _penalty(row.points, part_id, entry) if kind == "penalty" else {"ruling": KINDS[row.kind], "number": sheets.called(entry.id)}
    audit.record(
        contest_id=_contest_of(entry), actor=actor, now=now, action="penalty.revoke" if kind == "penalty" else "ruling.revoke",
        subject="entry", subject_id=entry.id, before=before, reason=reason,
    )  # fmt: skip
    return None


def set_spread_limit(contest: Contest, units: int, *, actor: audit.Actor, now: datetime) -> None:
    """From how many points apart the judges of one entry raise an alarm."""
    before = spread_limit(contest)
    if units == before:
        return
    contest.settings = {**(contest.settings or {}), "spread_limit": units}
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="contest.change", subject="contest", subject_id=contest.id,
        before={"spread_limit": format_points(before)}, after={"spread_limit": format_points(units)},
    )  # fmt: skip


def spread_limit(contest: Contest) -> int:
    """In 1/10000 point; 15 points until the organiser chooses."""
    return (contest.settings or {}).get("spread_limit", 150_000)
