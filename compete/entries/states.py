"""What becomes of an entry: approved, returned with a reason, withdrawn, disqualified, and all of it taken back."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import batch, service as audit
from compete.entries import stored
from compete.models import ENTRY_STATES, AuditRecord, Entry, Event, Sheet, db
from scoring.problems import Problem


class Verb(NamedTuple):
    """`stops`: not possible once judging of the entry began."""

    label: str
    sources: frozenset
    target: str
    needs_reason: bool
    stops: bool
    meaning: str


VERBS = {
    "approve": Verb("通过", frozenset({"pending", "returned"}), "approved", False, False, "进入抽签和评分"),
    "return": Verb("退回", frozenset({"pending", "approved"}), "returned", True, True, "退给申报人修改，改好后重新审核"),
    "withdraw": Verb("退赛", frozenset({"pending", "approved", "returned"}), "withdrawn", True, False, "不再参加评分和评奖，记录保留"),
    "disqualify": Verb("取消资格", frozenset({"pending", "approved", "returned", "withdrawn"}), "disqualified", True, False, "不计成绩、不评奖，记录保留"),
    "reopen": Verb("恢复为待审核", frozenset({"approved", "withdrawn", "disqualified", "returned"}), "pending", True, True, "重新审核"),
}  # fmt: skip


class Change(NamedTuple):
    changed: list
    problems: list


def verbs_for(state: str, judged: bool = False) -> dict[str, Verb]:
    """What can be done now with an entry in this state."""
    return {code: verb for code, verb in VERBS.items() if state in verb.sources and not (judged and verb.stops)}


def change(contest_id: int, ids: list[int], code: str, *, reason: str = "", actor: audit.Actor, now: datetime) -> Change:
    """Takes the entries through one verb. Those it does not fit stay as they are and are told."""
    verb = VERBS[code]
    if verb.needs_reason and not reason.strip():
        return Change([], [Problem("no_reason", verb.label, "没有写理由", f"请写明为什么{verb.label}，申报人和监督都会看到")])
    problems, records = [], []
    for some in stored.chunks(ids):
        for row, judged in _rows(contest_id, some, verb):
            if problem := _refusal(row, verb, judged):
                problems.append(problem)
                continue
            records.append({"action": f"entry.{code}", "subject": "entry", "subject_id": row.id, "reason": reason,
                            "before": {"state": row.state, "state_reason": row.state_reason},
                            "after": {"state": verb.target, "state_reason": reason}})  # fmt: skip
    changed = [record["subject_id"] for record in records]
    for some in stored.chunks(changed):
        update = sa.update(Entry).where(Entry.id.in_(some))
        db.session.execute(update.values(state=verb.target, state_reason=reason, updated_at=now))
    batch.record_many(contest_id=contest_id, actor=actor, now=now, rows=records)
    return Change(changed, problems)


def _rows(contest_id: int, ids: list[int], verb: Verb):
    """(entry, judging of it has begun), locked until the commit."""
    events = sa.select(Event.id).where(Event.contest_id == contest_id)
    rows = db.session.execute(
        sa.select(Entry.id, Entry.number, Entry.title, Entry.state, Entry.state_reason)
        .where(Entry.id.in_(ids), Entry.event_id.in_(events)).order_by(Entry.event_id, Entry.number).with_for_update()
    ).all()  # fmt: skip
    judged = set()
    if verb.stops:
        judged = set(db.session.scalars(sa.select(Sheet.entry_id).where(Sheet.entry_id.in_(ids)).distinct()))
    return [(row, row.id in judged) for row in rows]


def _refusal(row, verb: Verb, judged: bool) -> Problem | None:
    where = f"{row.number} 号“{row.title}”"
    if row.state not in verb.sources:
        return Problem("wrong_state", where, f"现为“{ENTRY_STATES[row.state]}”，不能{verb.label}", "可能刚由别人处理过，请刷新后再看")
    if judged:
        return Problem("judged", where, f"已开始评分，不能{verb.label}", "如确需停止，请用“退赛”或“取消资格”并写明理由")
    return None


def undo(contest_id: int, at: datetime, *, actor: audit.Actor, now: datetime) -> Change:
    """Takes back the state changes that this person made at that moment; those changed again since stay."""
    records = db.session.scalars(
        sa.select(AuditRecord).where(
            AuditRecord.chain == contest_id, AuditRecord.subject == "entry", AuditRecord.at == at, AuditRecord.actor == actor.key,
            AuditRecord.action.in_([f"entry.{code}" for code in VERBS]),
        ).order_by(AuditRecord.number)
    ).all()  # fmt: skip
    ids = [record.subject_id for record in records]
    found = {row.id: row for row in db.session.scalars(sa.select(Entry).where(Entry.id.in_(ids)).with_for_update())}
    problems, rows = [], []
    for record in records:
        entry = found.get(record.subject_id)
        if entry is None or entry.state != record.after["state"] or entry.updated_at != at:
            number = entry.number if entry else record.subject_id
            problems.append(Problem("changed_since", f"{number} 号", "此后又改过，没有撤销", "请打开该项查看最新情况"))
            continue
        rows.append({"action": "entry.undo", "subject": "entry", "subject_id": entry.id, "before": record.after, "after": record.before,
                     "reason": f"撤销“{VERBS[record.action.split('.')[1]].label}”"})  # fmt: skip
        entry.state, entry.state_reason = record.before["state"], record.before["state_reason"]
        entry.updated_at = now
    db.session.flush()
    batch.record_many(contest_id=contest_id, actor=actor, now=now, rows=rows)
    return Change([row["subject_id"] for row in rows], problems)


def set_counting(entry: Entry, counts: bool, *, reason: str = "", actor: audit.Actor, now: datetime) -> list[Problem]:
    """不计奖次: competes and is scored, but takes no place; places roll down past it."""
    if entry.in_competition == counts:
        return []
    if not counts and not reason.strip():
        return [Problem("no_reason", "不计奖次", "没有写理由", "请写明为什么不计奖次，例如“往届获奖项目”")]
    entry.in_competition, entry.updated_at = counts, now
    db.session.flush()
    audit.record(contest_id=entry.event.contest_id, actor=actor, now=now, action="entry.counting", subject="entry", subject_id=entry.id,
                 before={"in_competition": not counts}, after={"in_competition": counts}, reason=reason)  # fmt: skip
    return []
