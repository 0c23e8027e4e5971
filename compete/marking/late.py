"""迟到打分: what a tablet brought after the world had moved on is kept for the chief judge, who adopts it or not, with a reason.

Which refusals lead here stands in `refusals.FATES`.
"""

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa

from compete import clock
from compete.audit import service as audit
from compete.judging import service as judging
from compete.judging.cells import DONE
from compete.marking import locking, refusals, service, writing
from compete.models import AuditRecord, Entry, Event, Judge, LateMark, Part, Sheet, Stage, db
from scoring.problems import Problem

SHOWN = 3  # the newest of a sheet that its tablet hears of
WHERE = "迟到打分"


# keeping


def fate(found: Problem, entry_id: int, part_id: int, *, judge, sent: dict, submit: bool, actor: audit.Actor, now: datetime) -> dict:
    """What the tablet hears beside a refusal: {"fate", "late"?}; a late message is kept here, in the same transaction.

    `judge` needs id and contest_id; `sent` is the message: {"marks", "comment", "revision", "rubric"}.
    """
    known = refusals.fate_of(found)
    if known != refusals.LATE:
        return {"fate": known}
    message = {"marks": sent["marks"], "comment": sent.get("comment"), "submit": submit, "revision": sent["revision"], "rubric": sent.get("rubric", "")}
    asked = {name: message[name] for name in ("marks", "comment", "submit", "revision")}
    held = service.prospect(entry_id, part_id, judge_id=judge.id, rubric="", now=now, **asked).there
    if held or _taken_before(entry_id, part_id, judge, sent, actor):
        return {"fate": refusals.THERE}
    kept = keep(entry_id, part_id, judge=judge, message=message, problem=found, actor=actor, now=now)
    return {"fate": refusals.LATE, "late": told(kept)} if kept else {"fate": refusals.STAY}


def _taken_before(entry_id: int, part_id: int, judge, sent: dict, actor: audit.Actor) -> bool:
    """Whether this is a copy, held up on its way, of a message taken long ago: the trail has the same tab on the same revision.

    A tab sends one message per revision and repeats it as it was; what it says next continues the revision that came of it.
    """
    trail = sa.select(AuditRecord.after).join(Sheet, Sheet.id == AuditRecord.subject_id).where(
        AuditRecord.chain == judge.contest_id, AuditRecord.subject == "sheet", AuditRecord.action.in_(("sheet.save", "sheet.submit")),
        AuditRecord.actor == actor.key, AuditRecord.device == actor.device,
        Sheet.part_id == part_id, Sheet.entry_id == entry_id, Sheet.judge_id == judge.id,
    )  # fmt: skip
    return any(after["revision"] == sent["revision"] + 1 for after in db.session.scalars(trail))


def keep(entry_id: int, part_id: int, *, judge, message: dict, problem: Problem, actor: audit.Actor, now: datetime) -> LateMark | None:
    """The message as a late mark; the same one again is the first one's row. None where it is no message about this contest."""
    same_event = (
        sa.select(Part.id).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id).join(Entry, Entry.event_id == Event.id)
        .where(Part.id == part_id, Entry.id == entry_id, Event.contest_id == judge.contest_id)
    )  # fmt: skip
    if writing.unreadable(message["marks"], message["comment"]) or db.session.scalar(same_event) is None:
        return None
    digest = audit.digest(message)
    own = (LateMark.judge_id == judge.id, LateMark.entry_id == entry_id, LateMark.part_id == part_id, LateMark.digest == digest)
    db.session.execute(sa.select(Judge.id).where(Judge.id == judge.id).with_for_update(key_share=True))  # the same message twice at once
    known = db.session.scalar(sa.select(LateMark).where(*own))
    if known is not None:
        return known
    made = LateMark(contest_id=judge.contest_id, part_id=part_id, entry_id=entry_id, judge_id=judge.id, device=actor.device[:64],
                    message=message, digest=digest, code=problem.code, why=problem.message, received_at=now, state="waiting")  # fmt: skip
    db.session.add(made)
    db.session.flush()
    audit.record(
        contest_id=judge.contest_id, actor=actor, now=now, action="late.keep", subject="late_mark", subject_id=made.id,
        after={"entry": entry_id, "part": part_id, "judge_id": judge.id, "marks": message["marks"], "digest": digest}, reason=problem.message,
    )  # fmt: skip
    return made


def told(row: LateMark) -> dict:
    """What the judge's tablet holds of a late mark."""
    return {"id": row.id, "state": row.state, "at": clock.show_time(row.received_at), "why": row.why, "reason": row.reason,
            "marks": row.message["marks"], "comment": row.message["comment"] is not None}  # fmt: skip


def of_judge(judge_id: int) -> dict[tuple[int, int], list[dict]]:
    """{(part, entry): the newest late marks, each with what it goes on from}, in one query."""
    found, heads = defaultdict(list), {}
    for row in db.session.scalars(sa.select(LateMark).where(LateMark.judge_id == judge_id).order_by(LateMark.id.desc())):
        kept, key = found[row.part_id, row.entry_id], (*key_of(row), row.state, row.decided_at)
        if key in heads:
            message = row.message
            heads[key] |= {"marks": {**message["marks"], **heads[key]["marks"]}, "comment": heads[key]["comment"] or message["comment"] is not None}
        elif len(kept) < SHOWN:
            kept.append(heads.setdefault(key, told(row)))
    return found


# deciding


def key_of(row: LateMark) -> tuple:
    """Whose message about what: one tab sends in turn, so what it sent on the same revision of a sheet goes on from what it sent before."""
    return row.judge_id, row.entry_id, row.part_id, row.device, row.message["revision"]


def together(messages: list[dict]) -> dict:
    """What messages of one tab, oldest first, say in the end, under the rubric of the first."""
    made, *later = messages
    for message in later:
        comment = made["comment"] if message["comment"] is None else message["comment"]
        made = {**made, "marks": {**made["marks"], **message["marks"]}, "comment": comment, "submit": made["submit"] or message["submit"]}
    return made


def undecided():
    """The condition for the last messages that wait: each stands for those of the same tab that it goes on from."""
    later = sa.orm.aliased(LateMark)
    same = [getattr(later, name) == getattr(LateMark, name) for name in ("judge_id", "entry_id", "part_id", "device", "state")]
    same.append(later.message["revision"].as_integer() == LateMark.message["revision"].as_integer())
    return sa.and_(LateMark.state == "waiting", ~sa.exists().where(*same, later.id > LateMark.id))


def _up_to(row: LateMark) -> list[LateMark]:
    """This one and those it goes on from, oldest first."""
    own = (LateMark.judge_id == row.judge_id, LateMark.entry_id == row.entry_id, LateMark.part_id == row.part_id)
    query = sa.select(LateMark).where(*own, LateMark.state == "waiting", LateMark.id <= row.id).order_by(LateMark.id)
    found = db.session.scalars(query.with_for_update().execution_options(populate_existing=True))
    return [one for one in found if key_of(one) == key_of(row)]


def waiting(contest_id: int, part_id: int | None = None) -> int:
    query = sa.select(sa.func.count()).select_from(LateMark).where(LateMark.contest_id == contest_id, undecided())
    return db.session.scalar(query if part_id is None else query.where(LateMark.part_id == part_id)) or 0


def is_locked(row: LateMark) -> bool:
    return db.session.scalar(sa.select(Part.locked_at).where(Part.id == row.part_id)) is not None


def waits_for_judge(row: LateMark) -> bool:
    """Whether the sheet of an adopted message is still to be handed in."""
    own = (Sheet.part_id == row.part_id, Sheet.entry_id == row.entry_id, Sheet.judge_id == row.judge_id)
    return db.session.scalar(sa.select(Sheet.state).where(*own)) not in DONE


def accept(row: LateMark, *, reason: str, hand_in: bool = False, actor: audit.Actor, now: datetime) -> Problem | None:
    """Writes the message, with those it goes on from, as the judge's marks; a locked part is unlocked with it, and its signature
    must be given again.

    A sheet that the judge did not hand in goes back to the judge, or with `hand_in` counts as handed in, if it is complete.
    """
    problem = _undecided(row, reason)
    if problem:
        return problem
    rows = _up_to(row)
    message = together([one.message for one in rows])
    asked = {"judge_id": row.judge_id, "marks": message["marks"], "comment": message["comment"], "submit": message["submit"] or hand_in}
    problem = service.adoptable(row.entry_id, row.part_id, **asked)
    if problem:
        return Problem(problem.code, WHERE, f"不能采纳：{problem.message}", "请先消除原因，或选择不采纳并写明理由")
    closing = "，并计为已提交" if hand_in and not message["submit"] else ""
    why = f"采纳 {clock.show_time(row.received_at)} 收到的第 {row.id} 号迟到打分（{row.device or '平板'}，{row.why}）{closing}：{reason.strip()}"
    part = db.session.get(Part, row.part_id, populate_existing=True)
    if part.locked_at:
        problem = locking.unlock(part, reason=why, actor=actor, now=now)
        if problem:
            return problem
    saved = service.adopt(row.entry_id, row.part_id, reason=why, actor=actor, now=now, **asked)
    if saved.changed:
        sheet = db.session.get(Sheet, saved.sheet_id, populate_existing=True)
        judging.void_signatures(sheet, now=now)
        if saved.state == "returned":
            sheet.returned_at, sheet.return_reason = now, f"总评委采纳了您迟到的打分，请核对、补完后提交。理由：{reason.strip()}"
            db.session.flush()
    _decide(rows, "accepted", reason, actor, now)
    return None


def reject(row: LateMark, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """The sheet stays as it is; the judge sees the reason on the tablet."""
    problem = _undecided(row, reason)
    if problem:
        return problem
    _decide(_up_to(row), "rejected", reason, actor, now)
    return None


def _after(row: LateMark) -> dict:
    return {"state": row.state, "entry": row.entry_id, "part": row.part_id, "judge_id": row.judge_id, "digest": row.digest}


def _undecided(row: LateMark, reason: str) -> Problem | None:
    if not reason.strip():
        return Problem("late.reason", "理由", "还没有填写", "请写明采纳或不采纳的理由，评委会看到")
    db.session.refresh(row, with_for_update=True)
    if row.state != "waiting":
        return Problem("late.decided", WHERE, f"这份迟到打分刚刚已处理（{row.decided_by}）", "请刷新页面")
    return None


def _decide(rows: list[LateMark], state: str, reason: str, actor: audit.Actor, now: datetime) -> None:
    for row in rows:
        row.state, row.reason, row.decided_by, row.decided_at = state, reason.strip(), actor.name, now
        db.session.flush()
        audit.record(
            contest_id=row.contest_id, actor=actor, now=now, action="late.accept" if state == "accepted" else "late.reject", subject="late_mark",
            subject_id=row.id, before={"state": "waiting"}, after=_after(row), reason=row.reason,
        )  # fmt: skip
