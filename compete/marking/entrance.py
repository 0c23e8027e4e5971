"""Coming in with a card and a PIN. Wrong tries are in the audit trail and counted there, per card, over all processes."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import cards
from compete.marking import seats
from compete.models import AuditRecord, Judge, db
from scoring.problems import Problem

TRIES = 5
PAUSE = timedelta(minutes=10)
SEATED = ("judge", "chief")


class Tries(NamedTuple):
    left: int
    again_at: datetime | None


def tries(judge: Judge, now: datetime) -> Tries:
    """Wrong PINs of the last minutes since the last right one or a new card."""
    since = max(now - PAUSE, judge.card_issued_at or now - PAUSE)
    found = db.session.execute(
        sa.select(AuditRecord.action, AuditRecord.at)
        .where(AuditRecord.chain == judge.contest_id, AuditRecord.subject == "judge", AuditRecord.subject_id == judge.id,
               AuditRecord.at >= since, AuditRecord.action.in_(("card.enter", "card.wrong_pin")))
        .order_by(AuditRecord.number.desc()).limit(TRIES)
    ).all()  # fmt: skip
    wrong = []
    for action, at in found:
        if action == "card.enter":
            break
        wrong.append(at)
    left = max(0, TRIES - len(wrong))
    return Tries(left, None if left else wrong[-1] + PAUSE)


def enter(judge: Judge, pin: str, *, card: Judge | None = None, actor: audit.Actor, now: datetime) -> Problem | None:
    """Lets the judge in, or says what is wrong; `actor` is the person at the door, known by the card only.

    In a rehearsal `judge` is the one who sits down there and `card` the real one, whose PIN it is.
    """
    # One try after another: two wrong PINs at once must not count as one (SQLite has one writer anyway).
    db.session.execute(sa.select(Judge.id).where(Judge.id == judge.id).with_for_update())
    before = tries(judge, now)
    if not before.left:
        return wait(before, now)
    if not cards.pin_matches(card or judge, pin):
        audit.record(contest_id=judge.contest_id, actor=actor, now=now, action="card.wrong_pin", subject="judge", subject_id=judge.id)
        left = before.left - 1
        if not left:
            return wait(tries(judge, now), now)
        return Problem("card.wrong_pin", "密码", f"不正确，还可以试 {left} 次", "密码是与评委卡分开发放的 6 位数字")
    sit_down(judge, actor=actor, now=now)
    return None


def sit_down(judge: Judge, *, actor: audit.Actor, now: datetime) -> None:
    """The judge is in, on this device."""
    judge.last_seen_at = now
    db.session.flush()
    before = seats.sit(judge.id, actor.device, now=now) if judge.role in SEATED else ""
    moved = {"before": {"device": before}, "after": {"device": actor.device}} if before else {}
    audit.record(contest_id=judge.contest_id, actor=actor, now=now, action="card.enter", subject="judge", subject_id=judge.id, **moved)


def wait(found: Tries, now: datetime) -> Problem:
    minutes = max(1, -(-int((found.again_at - now).total_seconds()) // 60))
    return Problem("card.wait", "密码", f"已连续输错 {TRIES} 次，请等 {minutes} 分钟再试", "着急时请会务人员为您换发新卡")
