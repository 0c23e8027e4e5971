"""双人录入: paper sheets keyed in by two people, each without the other's marks before the eyes; only what agrees counts."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.judging import sheets
from compete.judging.cells import AWAITED, DONE
from compete.marking import desk, places, refusals, rubrics, service
from compete.models import Entry, Keying, Session, Slot, db
from compete.texts import clean
from scoring.problems import Problem

STATES = {"none": "未录", "once": "已录一遍", "differs": "不一致", "agreed": "两遍一致", "tablet": "平板已交", "tablet_differs": "与平板不同", "out": "不录"}
WORK = ("none", "once", "differs", "tablet_differs")  # what somebody still has to do

# The refusals of the tablet speak to the judge; here somebody else reads them.
THIRD = {
    "foreign": ("这位评委不评这个参赛对象", "请核对纸质表上的评委和编号"),
    "recused": ("这位评委对这个参赛对象回避，不录", "纸面上若有打分，请交给总评委"),
    "judge_absent": ("这位评委在本场已记为缺席", "确实到场打了分的，请先在看板上撤销缺席"),
    "card_revoked": ("这位评委的卡已经停用", "请先在评委页换发新卡，再录入"),
    "rubric_changed": ("评分标准刚刚改过", "请核对纸质表是不是按新的评分项打的，再重新录入"),
    "conflict": ("平板刚刚送来了这张评分表的打分", "请再录一次，提交前会重新核对"),
    "session_waiting": ("本场评分还没有开始", "请先在场次页开始评分"),
    "not_on_stage": ("这一项还没有上台，现在不收分", "请等主持人叫到这一项，或者在主持台放开全部参赛对象，再录入"),
}


class Held(NamedTuple):
    """A keying without its marks."""

    id: int
    entry_id: int
    judge_id: int
    keyed_by: str
    keyed_name: str
    state: str


class Row(NamedTuple):
    """One sheet of the list. `by`: who keyed it in, in order; `mine`: the person asking is among them."""

    slot: sheets.SlotRow
    turn: int
    state: str
    note: str
    by: list[str]
    mine: bool


class Keyed(NamedTuple):
    """What came of keying a sheet in: "once", "agreed" or "differs"."""

    state: str
    other: str  # the person whose keying it was compared with


class Side(NamedTuple):
    """One version of a sheet: a person's keying, or the tablet's."""

    name: str
    marks: dict[str, int]
    total: int | None
    comment: str
    mine: bool


def held(session: Session) -> list[Held]:
    """All keyings of the session's sheets that are not superseded, oldest first, in one query."""
    here = sa.select(Slot.entry_id).where(Slot.session_id == session.id)
    rows = db.session.execute(
        sa.select(Keying.id, Keying.entry_id, Keying.judge_id, Keying.keyed_by, Keying.keyed_name, Keying.state)
        .where(Keying.part_id == session.part_id, Keying.entry_id.in_(here), Keying.state != "superseded").order_by(Keying.id)
    )  # fmt: skip
    return [Held(*row) for row in rows]


def rows_of(session: Session, judge_id: int, found: list[Held], *, asking: str) -> list[Row]:
    """Every entry of the session in running order with the state of this judge's paper sheet. `found`: see `held`."""
    own = [row for row in found if row.judge_id == judge_id]
    cells = sheets.desk(session, judge_id)
    both = {slot.entry_id for slot, cell in cells if cell.state in DONE} & {row.entry_id for row in own if row.state == "open"}
    apart = _apart(session, judge_id, both)
    return [_row(slot, turn, cell, [row for row in own if row.entry_id == slot.entry_id], apart, asking) for turn, (slot, cell) in enumerate(cells, 1)]


def _row(slot, turn: int, cell, own: list[Held], apart: set[int], asking: str) -> Row:
    opened = [row for row in own if row.state == "open"]
    by = [row.keyed_name for row in own]
    mine = any(row.keyed_by == asking for row in opened)
    if cell.state in DONE:
        state = "tablet_differs" if slot.entry_id in apart else "agreed" if any(row.state == "matched" for row in own) else "tablet"
        return Row(slot, turn, state, "", by, mine)
    if cell.state not in AWAITED:
        return Row(slot, turn, "out", sheets.CELL_STATES[cell.state], by, mine)
    notes = {"draft": "平板上有草稿，录入一致后以纸质表为准", "returned": "已退回重交"}
    state = ("none", "once", "differs")[min(2, len({row.keyed_by for row in opened}))]
    return Row(slot, turn, state, notes.get(cell.state, ""), [row.keyed_name for row in opened], mine)


def _apart(session: Session, judge_id: int, entries: set[int]) -> set[int]:
    """Those of the entries whose sheet is in and differs from what was keyed in once."""
    if not entries:
        return set()
    rubric = rubrics.of_part(session.part_id, session.part.stage.event.scheme_version)
    own = desk.own_sheets(session.part_id, judge_id)
    stored = {entry: {rubric.codes.get(number): units for number, units in own[entry][1].items()} for entry in entries}
    keyed = db.session.execute(
        sa.select(Keying.entry_id, Keying.marks)
        .where(Keying.part_id == session.part_id, Keying.judge_id == judge_id, Keying.state == "open", Keying.entry_id.in_(entries))
    )  # fmt: skip
    return {entry for entry, marks in keyed if marks != stored[entry]}


def _stored(part_id: int, entry_id: int, judge_id: int) -> dict[str, int]:
    connection = db.session.connection()
    place = places.find(connection, entry_id, part_id, judge_id)
    sheet = places.sheet_now(connection, entry_id, part_id, judge_id)
    codes = rubrics.of_part(part_id, place.scheme_version).codes if place else {}
    return {codes[number]: units for number, units in sheet.marks.items() if number in codes} if sheet else {}


def _open(part_id: int, entry_id: int, judge_id: int) -> list[Keying]:
    own = (Keying.part_id == part_id, Keying.entry_id == entry_id, Keying.judge_id == judge_id, Keying.state == "open")
    return list(db.session.scalars(sa.select(Keying).where(*own).order_by(Keying.id).execution_options(populate_existing=True)))


def next_for(rows: list[Row], after: int) -> Row | None:
    """The sheet that the person asking keys in after this entry: the next of the pile, round the corner."""
    start = next((n + 1 for n, row in enumerate(rows) if row.slot.entry_id == after), 0)
    return next((row for row in [*rows[start:], *rows[: max(0, start - 1)]] if row.state in ("none", "once") and not row.mine), None)


def sides(part_id: int, entry_id: int, judge_id: int, part: scoring.Part, *, asking: str) -> list[Side]:
    """The versions of a sheet that are not settled yet: what people keyed in, and the tablet's where it is in."""
    found = [
        Side(row.keyed_name, row.marks, scoring.sheet_total(part, row.marks), row.comment, row.keyed_by == asking)
        for row in _open(part_id, entry_id, judge_id)
    ]  # fmt: skip
    sheet = places.sheet_now(db.session.connection(), entry_id, part_id, judge_id)
    if found and sheet and sheet.state in DONE:
        found.append(Side("平板", _stored(part_id, entry_id, judge_id), sheet.total, sheet.comment, False))
    return found


def obstacle(entry_id: int, part_id: int, judge_id: int, *, now: datetime) -> Problem | None:
    """Why this sheet cannot be keyed in now, whatever its marks; None where it can."""
    connection = db.session.connection()
    place = places.find(connection, entry_id, part_id, judge_id)
    sheet = places.sheet_now(connection, entry_id, part_id, judge_id)
    return _told(places.never(place) or places.closed(place, sheet, now))


def _told(problem: Problem | None) -> Problem | None:
    if problem is None or problem.code not in THIRD:
        return problem
    return Problem(problem.code, "纸质评分表", *THIRD[problem.code])


def key(
    entry_id: int, part_id: int, *, judge_id: int, marks: dict[str, int], comment: str = "", rubric: str = "", actor: audit.Actor, now: datetime,
) -> Keyed | Problem:  # fmt: skip
    """One person's reading of a paper sheet. The same person's earlier one is superseded; where another person's says the same,
    the sheet is submitted for the judge."""
    # One after another: of two people who finish at once, the second must see the first.
    db.session.execute(sa.select(Entry.id).where(Entry.id == entry_id).with_for_update())
    connection = db.session.connection()
    place = places.find(connection, entry_id, part_id, judge_id)
    if place is None:
        return _told(refusals.foreign())
    found = rubrics.of_part(part_id, place.scheme_version)
    sheet = places.sheet_now(connection, entry_id, part_id, judge_id)
    if sheet and sheet.state in DONE and places.never(place) is None:
        return _on_tablet(found, _stored(part_id, entry_id, judge_id), marks)
    # A criterion left out on paper is left out on the sheet too, whatever a draft of the tablet says.
    whole = {**dict.fromkeys(found.leaves), **marks}
    message = {"judge_id": judge_id, "revision": sheet.revision if sheet else 0, "marks": whole, "comment": clean.tidy_lines(comment) or None, "rubric": rubric}
    prospect = service.prospect(entry_id, part_id, **message, submit=True, now=now)
    if prospect.problem:
        return _told(prospect.problem)
    earlier = _open(part_id, entry_id, judge_id)
    others = [row for row in earlier if row.keyed_by != actor.key]
    same = next((row for row in others if row.marks == marks), None)
    if same:
        message["comment"] = message["comment"] or same.comment or None
        reason = f"纸质评分表双人录入（{same.keyed_name}、{actor.name}）"
        saved = service.submit(entry_id, part_id, **message, reason=reason, actor=actor, now=now)
        if isinstance(saved, Problem):
            return _told(saved)
    for row in earlier:
        if row.keyed_by == actor.key or same:
            row.state = "matched" if row is same else "superseded"
    state = "agreed" if same else "differs" if others else "once"
    _keep(place.contest_id, entry_id, part_id, judge_id, marks, clean.tidy_lines(comment), state, actor, now)
    return Keyed(state, (same or others[0]).keyed_name if others else "")


def _keep(contest_id: int, entry_id: int, part_id: int, judge_id: int, marks: dict, comment: str, state: str, actor: audit.Actor, now: datetime) -> None:
    row = Keying(
        contest_id=contest_id, part_id=part_id, entry_id=entry_id, judge_id=judge_id, keyed_by=actor.key, keyed_name=actor.name,
        marks=marks, comment=comment, keyed_at=now, state="matched" if state == "agreed" else "open",
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    # The trail is read by people who may key in the second time: it holds the digest of the marks, the row the marks.
    after = {"entry": entry_id, "part": part_id, "judge_id": judge_id, "digest": audit.digest(marks), "state": row.state}
    audit.record(contest_id=contest_id, actor=actor, now=now, action="keying.make", subject="keying", subject_id=row.id, after=after)


def _on_tablet(rubric: rubrics.Rubric, stored: dict[str, int], marks: dict[str, int]) -> Problem:
    """The judge's own sheet is in already: paper is only compared with it."""
    apart = [code for code in rubric.leaves if stored.get(code) != marks.get(code)]
    if not apart:
        return Problem("already_there", "纸质评分表", "评委已经在平板上提交，与纸质表一致，不用再录", "请录下一张")
    words = "；".join(f"{rubric.leaves[code].name}平板 {_points(stored.get(code))}、纸面 {_points(marks.get(code))}" for code in apart)
    return Problem("tablet_differs", "纸质评分表", f"评委已经在平板上提交，与纸质表不同：{words}", "请总评委核对后退回给评委，或者确认以平板为准")


def _points(units: int | None) -> str:
    return "没有打分" if units is None else scoring.format_points(units)


def withdraw(entry_id: int, part_id: int, *, judge_id: int, actor: audit.Actor, now: datetime) -> bool:
    """Takes back what this person keyed in for the sheet, as for the wrong entry; false where there is nothing to take back."""
    own = [row for row in _open(part_id, entry_id, judge_id) if row.keyed_by == actor.key]
    for row in own:
        row.state = "superseded"
        audit.record(
            contest_id=row.contest_id, actor=actor, now=now, action="keying.withdraw", subject="keying", subject_id=row.id,
            before={"entry": entry_id, "part": part_id, "judge_id": judge_id, "state": "open"}, after={"state": "superseded"},
        )  # fmt: skip
    return bool(own)
