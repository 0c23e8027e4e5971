"""Imports: a workbook is kept as a preview, confirmed once, and may be taken back until judging begins.

The preview keeps the workbook itself and its rows, encrypted. What the organiser chose by hand stands in `mapping`:
{"roster": kind of roster, "columns": {sheet: {index: target}}, "events": {name in the workbook: event id}, "ticks": {row key: bool}}.
"""

import hashlib
from base64 import b64decode, b64encode
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import defer

from compete.audit import service as audit
from compete.entries import entry_rows, judge_rows, service, undoing
from compete.entries.planning import KINDS, Plan, is_mendable
from compete.judging import recusals
from compete.models import ColumnMemory, Contest, Import, db
from compete.models.base import Sealed, sealed
from scoring.problems import Problem

SIDES = {"entries": entry_rows, "judges": judge_rows}
UNDO = {"entries": undoing.entries, "judges": judge_rows.undo}


def remembered(kind: str) -> dict[str, str]:
    """Headings that the organiser matched by hand before."""
    return dict(db.session.execute(sa.select(ColumnMemory.heading, ColumnMemory.field).where(ColumnMemory.kind == kind)).all())


def prepare(contest: Contest, *, kind: str, filename: str, data: bytes, content: dict, actor: audit.Actor, now: datetime) -> Import:
    """A workbook that was read, compared with what is stored. Reads only: ten thousand rows take a while and block nobody."""
    made = Import(contest_id=contest.id, kind=kind, filename=filename[-200:], sha256=hashlib.sha256(data).hexdigest(), state="preview",
                  created_by=actor.name, created_at=now, mapping={"roster": content["kind"], "columns": {}, "events": {}, "ticks": {}},
                  content={"file": b64encode(data).decode()}, counts={})  # fmt: skip
    _interpret(contest, made, content)
    made.content = sealed(made.content)
    return made


def keep(made: Import, *, actor: audit.Actor, now: datetime) -> Import:
    """Stores a prepared preview. Nothing of the contest changes."""
    db.session.add(made)
    db.session.flush()
    db.session.expire(made, ["content"])
    audit.record(contest_id=made.contest_id, actor=actor, now=now, action="import.preview", subject="import", subject_id=made.id,
                 after={"name": made.filename, "sha256": made.sha256, "counts": made.counts})  # fmt: skip
    return made


def workbook(row: Import) -> bytes:
    return b64decode(row.content["file"])


def reinterpret(contest: Contest, row: Import, *, content: dict, columns: dict) -> None:
    """The columns were matched by hand: the rows as now read. Ticks refer to rows and stay."""
    row.mapping = {**row.mapping, "columns": columns, "roster": content["kind"]}
    _learn(content)
    _interpret(contest, row, content)
    db.session.flush()


def choose_events(contest: Contest, row: Import, events: dict[str, int]) -> None:
    row.mapping = {**row.mapping, "events": events}
    _interpret(contest, row, row.content)
    db.session.flush()


def _interpret(contest: Contest, row: Import, content: dict) -> None:
    plans = SIDES[row.kind].plan(contest, content["rows"], row.mapping)
    kept = {**row.content, **{key: content[key] for key in ("sheets", "rows", "problems")}, "digest": _digest(plans)}
    kept["rows"] = [{**each, "plan": list(plans[each["key"]])} for each in kept["rows"]]
    row.content = kept
    row.counts = _counts(kept["rows"], row.mapping)


def _digest(plans: dict[str, Plan]) -> str:
    return audit.digest({key: list(plan) for key, plan in plans.items()})


def plan_of(each: dict) -> Plan:
    return Plan(*each["plan"])


def is_taken(each: dict, ticks: dict) -> bool:
    """Goes in unless ticked off; with an error only when ticked by hand; never what is forbidden."""
    plan = plan_of(each)
    if plan.kind == "same" or plan.forbidden:
        return False
    return ticks.get(each["key"], plan.kind != "wrong")


def _counts(rows: list[dict], mapping: dict) -> dict:
    counts = dict.fromkeys(KINDS, 0) | {"rows": len(rows), "taken": 0, "mendable": 0, "taken_wrong": 0}
    for each in rows:
        kind = plan_of(each).kind
        counts[kind] += 1
        taken = is_taken(each, mapping["ticks"])
        counts["taken"] += taken
        counts["taken_wrong"] += taken and kind == "wrong"
        counts["mendable"] += kind == "wrong" and is_mendable(each) and not plan_of(each).forbidden
    return counts


def moves(row: Import, *, shown: list[str], ticked: list[str]) -> bool:
    """Whether the page's ticks are others than those that are stored."""
    rows, stored = {each["key"]: each for each in row.content["rows"]}, row.mapping["ticks"]
    usual = {key: stored.get(key, plan_of(rows[key]).kind != "wrong") for key in shown if key in rows}
    return any((key in ticked) != was for key, was in usual.items())


def tick(row: Import, *, shown: list[str], ticked: list[str]) -> None:
    """The ticks of the rows that a page showed."""
    _set_ticks(row, {key: key in set(ticked) for key in shown})


def tick_wrong(row: Import, which: str) -> None:
    """All rows with problems at once: "none", "mendable" (only numbers of persons are wrong) or "all"."""
    chosen = {}
    for each in row.content["rows"]:
        if plan_of(each).kind == "wrong":
            chosen[each["key"]] = which == "all" or (which == "mendable" and is_mendable(each))
    _set_ticks(row, chosen)


def _set_ticks(row: Import, chosen: dict[str, bool]) -> None:
    ticks = {**row.mapping["ticks"], **chosen}
    by_key = {each["key"]: plan_of(each) for each in row.content["rows"]}
    # Only what differs from the rule is kept, so that ten thousand rows stay a small document.
    ticks = {key: value for key, value in ticks.items() if key in by_key and value != (by_key[key].kind != "wrong")}
    row.mapping = {**row.mapping, "ticks": ticks}
    row.counts = _counts(row.content["rows"], row.mapping)
    db.session.flush()


class Ready(NamedTuple):
    """A preview gone through before anybody has to wait for it. It holds while the contest's trail, the preview and what was
    chosen in it (`since`) are the same: `fits`, whether the entries are as the preview says; `work`, what `apply` needs."""

    since: tuple
    fits: bool
    taken: list[dict]
    work: dict
    content: Sealed


def _since(contest_id: int, import_id: int) -> tuple:
    """The end of the trail, the preview as it is stored, and the choices: each a column that costs little to read."""
    stored = sa.type_coerce(Import.content, sa.LargeBinary)
    found = db.session.execute(sa.select(Import.state, stored, Import.mapping).where(Import.id == import_id, Import.contest_id == contest_id)).one()
    return (audit.head(contest_id), *found)


def ready(contest: Contest, import_id: int) -> Ready | None:
    """All of `confirm` that reads, compares and encrypts; None where there is no preview any more. Writes nothing."""
    since = _since(contest.id, import_id)
    row = db.session.get(Import, import_id, populate_existing=True)
    if row.state != "preview":
        return None
    side = SIDES[row.kind]
    taken = [each for each in row.content["rows"] if is_taken(each, row.mapping["ticks"])]
    fits = _digest(side.plan(contest, row.content["rows"], row.mapping)) == row.content["digest"]
    content = sealed({key: value for key, value in row.content.items() if key != "file"})
    return Ready(since, fits, taken, side.beforehand(taken), content)


def confirm(contest: Contest, import_id: int, made: Ready | None, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Carries the preview out, once, as `ready` found it; when something moved since then, it is gone through again. When the
    entries changed since the preview, it is made anew and shown again."""
    service.lock(contest.id)
    row = db.session.scalar(
        sa.select(Import).where(Import.id == import_id, Import.contest_id == contest.id).with_for_update()
        .options(defer(Import.content)).execution_options(populate_existing=True)
    )  # fmt: skip
    if made is None or made.since != _since(contest.id, import_id):
        made = ready(contest, import_id)
    if made is None:
        return [Problem("not_preview", row.filename, "这份名单已经处理过", "没有再次导入；如需再来一次，请重新上传")]
    if not made.fits:
        _interpret(contest, row, row.content)
        return [Problem("changed_since", row.filename, "预览之后名单有了变化，还没有导入", "下面是按最新情况重做的预览，请再看一遍后确认")]
    if not made.taken:
        return [Problem("nothing", row.filename, "没有要导入的行", "请至少勾选一行，或放弃这份名单")]
    row.changes = SIDES[row.kind].apply(contest, row, made.taken, made.work, actor=actor, now=now)
    row.state, row.confirmed_at, row.content = "confirmed", now, made.content
    db.session.flush()
    db.session.expire(row, ["content"])
    done = {"added": len(row.changes["added"]), "changed": len(row.changes["changed"]), **row.counts}
    row.counts = done
    audit.record(contest_id=contest.id, actor=actor, now=now, action="import.confirm", subject="import", subject_id=row.id,
                 after={"name": row.filename, "sha256": row.sha256, "counts": done})  # fmt: skip
    db.session.flush()
    recusals.refresh(contest.id, actor=actor, now=now)
    return []


def drop(row: Import, *, actor: audit.Actor, now: datetime) -> None:
    """The preview is given up; its personal data goes at once."""
    if row.state != "preview":
        return
    row.state, row.content = "dropped", None
    db.session.flush()
    audit.record(contest_id=row.contest_id, actor=actor, now=now, action="import.drop", subject="import", subject_id=row.id,
                 before={"name": row.filename})  # fmt: skip


def undo(contest: Contest, row: Import, *, actor: audit.Actor, now: datetime) -> list[Problem]:
    """Takes a confirmed import back: what it added goes, what it changed is as before. Refused once judging began."""
    if row.state != "confirmed":
        return [Problem("not_confirmed", row.filename, "这次导入没有生效或已经撤销", "无需再撤销")]
    problems = UNDO[row.kind](contest, row, actor=actor, now=now)
    if any(problem.code == "judged" for problem in problems):
        return problems
    row.state, row.undone_at = "undone", now
    row.content, row.changes = None, None
    db.session.flush()
    audit.record(contest_id=contest.id, actor=actor, now=now, action="import.undo", subject="import", subject_id=row.id,
                 after={"name": row.filename, "kept": [str(problem) for problem in problems]})  # fmt: skip
    recusals.refresh(contest.id, actor=actor, now=now)
    return problems


def _learn(content: dict) -> None:
    """Remembers the headings matched by hand, for the next workbook of the same make."""
    wanted = {}
    for sheet in content["sheets"]:
        wanted.update({heading: target for heading, target in sheet["learned"].items() if heading and len(heading) <= 120 and len(target) <= 40})
    kind = content["kind"]
    known = {each.heading: each for each in db.session.scalars(sa.select(ColumnMemory).where(ColumnMemory.kind == kind, ColumnMemory.heading.in_(wanted)))}
    for heading, target in wanted.items():
        if heading in known:
            known[heading].field = target
        else:
            db.session.add(ColumnMemory(kind=kind, heading=heading, field=target))
