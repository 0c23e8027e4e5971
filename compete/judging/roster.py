"""The judges of a contest: added and changed by hand (a workbook comes in through the importer)."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import cards, recusals
from compete.models import JUDGE_ROLES, Contest, Judge, Seat, Sheet, db
from compete.texts import clean, identity
from scoring.problems import Problem


def facts_of(judge: Judge) -> dict:
    """For the audit trail: no phone number in clear."""
    return {
        "name": judge.name, "organization": judge.organization, "title": judge.title, "role": JUDGE_ROLES[judge.role],
        "phone": identity.mask_phone(judge.phone or ""),
    }  # fmt: skip


def add(contest: Contest, *, actor: audit.Actor, now: datetime, **details) -> Judge | Problem:
    """A judge at the end of the list; recusals of the same organization follow at once."""
    problem = _double(contest.id, details["name"], details["organization"])
    if problem:
        return problem
    last = db.session.scalar(sa.select(sa.func.max(Judge.position)).where(Judge.contest_id == contest.id)) or 0
    judge = Judge(contest_id=contest.id, position=last + 1, organization_key=clean.key(details["organization"]), **details)
    db.session.add(judge)
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="judge.add", subject="judge", subject_id=judge.id, after=facts_of(judge),
    )  # fmt: skip
    recusals.refresh(contest.id, actor=actor, now=now)
    return judge


def update(judge: Judge, *, actor: audit.Actor, now: datetime, **details) -> Problem | None:
    problem = _double(judge.contest_id, details["name"], details["organization"], but=judge.id) or _seated(judge, details["role"])
    if problem:
        return problem
    before = facts_of(judge)
    for name, value in details.items():
        setattr(judge, name, value)
    judge.organization_key = clean.key(judge.organization)
    db.session.flush()
    before, after = audit.differences(before, facts_of(judge))
    if after:
        audit.record(
            contest_id=judge.contest_id, actor=actor, now=now, action="judge.change", subject="judge", subject_id=judge.id,
            before=before, after=after,
        )  # fmt: skip
        recusals.refresh(judge.contest_id, actor=actor, now=now)
    return None


def withdraw(judge: Judge, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Off the list before judging: seats are given up and the card dies. One who has judged stays (see absences)."""
    if db.session.scalar(sa.select(Sheet.id).where(Sheet.judge_id == judge.id).limit(1)):
        return Problem("judge.has_sheets", judge.name, "已经有评分表，不能移出名单", "中途离场请在看板登记缺席，已交的评分表照常有效")
    if judge.card_hash is not None and judge.card_revoked_at is None:
        cards.revoke(judge, reason=reason, actor=actor, now=now)
    db.session.execute(sa.delete(Seat).where(Seat.judge_id == judge.id))
    judge.withdrawn_at = now
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="judge.withdraw", subject="judge", subject_id=judge.id,
        before=facts_of(judge), reason=reason,
    )  # fmt: skip
    recusals.refresh(judge.contest_id, actor=actor, now=now)
    return None


def restore(judge: Judge, *, actor: audit.Actor, now: datetime) -> Problem | None:
    problem = _double(judge.contest_id, judge.name, judge.organization, but=judge.id)
    if problem or judge.withdrawn_at is None:
        return problem
    judge.withdrawn_at = None
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="judge.restore", subject="judge", subject_id=judge.id, after=facts_of(judge),
    )  # fmt: skip
    recusals.refresh(judge.contest_id, actor=actor, now=now)
    return None


def _double(contest_id: int, name: str, organization: str, but: int = 0) -> Problem | None:
    found = db.session.scalar(
        sa.select(Judge.id).where(
            Judge.contest_id == contest_id, Judge.name == name, Judge.organization_key == clean.key(organization),
            Judge.withdrawn_at.is_(None), Judge.id != but,
        ).limit(1)
    )  # fmt: skip
    if found is None:
        return None
    return Problem("judge.twice", name, "名单中已有同单位的同名评委", "若确是两个人，请在姓名后加以区分，例如“张伟（教授）”")


def _seated(judge: Judge, role: str) -> Problem | None:
    if role != "supervisor" or not db.session.scalar(sa.select(Seat.id).where(Seat.judge_id == judge.id).limit(1)):
        return None
    return Problem("judge.seated", judge.name, "在评委组中有席位，不能改为监督", "请先从评委组中移出")
