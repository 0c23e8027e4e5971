"""回避: a judge does not judge an entry of the judge's own organization, nor one that was ruled out by hand."""

import re
from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import sheets
from compete.models import Entry, Event, Judge, Organization, Recusal, db
from compete.texts import clean
from scoring.problems import Problem

AUTOMATIC = "same_organization"
OUTDATED = "单位已不相同，自动解除"

# 淮南矿业集团, 淮南矿业（集团）有限责任公司 and 淮南矿业集团有限公司 are one employer; a subsidiary with a longer name is not.
_LEGAL_FORM = re.compile(r"(股份有限公司|有限责任公司|有限公司|公司)$")


def organization_core(name: str) -> str:
    """The name by which two organizations are the same: without width, spaces, brackets and legal form."""
    key = clean.key(name or "")
    core = _LEGAL_FORM.sub("", key)
    return core if len(core) >= 4 else key


def refresh(contest_id: int, *, actor: audit.Actor, now: datetime) -> tuple[int, int]:
    """Makes the automatic recusals that are due and lifts those whose reason is gone: (made, lifted).

    One that was lifted by hand stays lifted. Run after judges or entries were changed.
    """
    due = _same_organization(contest_id)
    active, refused = _automatic(contest_id)
    fresh = [pair for pair in due if pair not in active and pair not in refused]
    gone = [number for pair, number in active.items() if pair not in due]
    if fresh:
        db.session.execute(
            sa.insert(Recusal),
            [
                {"entry_id": entry, "judge_id": judge, "cause": AUTOMATIC, "reason": f"同单位：{due[entry, judge]}",
                 "made_by": actor.name, "made_at": now, "lifted_reason": ""}
                for entry, judge in fresh
            ],
        )  # fmt: skip
    if gone:
        db.session.execute(sa.update(Recusal).where(Recusal.id.in_(gone)).values(lifted_at=now, lifted_reason=OUTDATED))
    if fresh or gone:
        audit.record(
            contest_id=contest_id, actor=actor, now=now, action="recusal.refresh", subject="contest", subject_id=contest_id,
            after={"made": [list(pair) for pair in fresh], "lifted": gone},
        )  # fmt: skip
    return len(fresh), len(gone)


def _same_organization(contest_id: int) -> dict[tuple[int, int], str]:
    judges = defaultdict(list)
    for judge_id, name in db.session.execute(
        sa.select(Judge.id, Judge.organization).where(Judge.contest_id == contest_id, Judge.withdrawn_at.is_(None))
    ):
        if name:
            judges[organization_core(name)].append(judge_id)
    if not judges:
        return {}
    units = db.session.execute(sa.select(Organization.id, Organization.name).where(Organization.contest_id == contest_id))
    cores = {number: (name, judges[core]) for number, name in units if (core := organization_core(name)) in judges}
    entries = db.session.execute(
        sa.select(Entry.id, Entry.organization_id).join(Event).where(Event.contest_id == contest_id, Entry.organization_id.in_(cores))
    )
    return {(entry, judge): cores[unit][0] for entry, unit in entries for judge in cores[unit][1]}


def _automatic(contest_id: int) -> tuple[dict[tuple[int, int], int], set[tuple[int, int]]]:
    """Automatic recusals in force {pair: id}, and the pairs where a person lifted one."""
    active, refused = {}, set()
    rows = db.session.execute(
        sa.select(Recusal.id, Recusal.entry_id, Recusal.judge_id, Recusal.lifted_at, Recusal.lifted_reason)
        .join(Judge)
        .where(Judge.contest_id == contest_id, Recusal.cause == AUTOMATIC)
    )
    for number, entry, judge, lifted_at, lifted_reason in rows:
        if lifted_at is None:
            active[entry, judge] = number
        elif lifted_reason != OUTDATED:
            refused.add((entry, judge))
    return active, refused


def recuse(judge: Judge, entry: Entry, *, reason: str, actor: audit.Actor, now: datetime) -> Recusal | Problem:
    """By hand. A sheet that the judge had begun stays in the records but no longer counts."""
    if active(entry.id, judge.id):
        return Problem("recusal.twice", f"{judge.name} · {sheets.called(entry.id)} 号", "已经回避", "无需重复登记")
    row = Recusal(entry_id=entry.id, judge_id=judge.id, cause="manual", reason=reason, made_by=actor.name, made_at=now)
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="recusal.make", subject="recusal", subject_id=row.id,
        after={"judge_id": judge.id, "entry_id": entry.id}, reason=reason,
    )  # fmt: skip
    return row


def lift(recusal: Recusal, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """The judge may judge the entry after all; the record of the recusal stays."""
    if recusal.lifted_at is not None:
        return Problem("recusal.lifted", "回避", "已经解除", "无需重复解除")
    recusal.lifted_at, recusal.lifted_reason = now, reason
    db.session.flush()
    contest_id = db.session.scalar(sa.select(Judge.contest_id).where(Judge.id == recusal.judge_id))
    audit.record(
        contest_id=contest_id, actor=actor, now=now, action="recusal.lift", subject="recusal", subject_id=recusal.id,
        before={"judge_id": recusal.judge_id, "entry_id": recusal.entry_id, "cause": recusal.cause}, reason=reason,
    )  # fmt: skip
    return None


def active(entry_id: int, judge_id: int) -> Recusal | None:
    return db.session.scalar(
        sa.select(Recusal).where(Recusal.entry_id == entry_id, Recusal.judge_id == judge_id, Recusal.lifted_at.is_(None)).limit(1)
    )
