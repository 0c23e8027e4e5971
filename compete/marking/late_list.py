"""The chief judge's list of late marks: each with what it would change, whose it is, why it was refused, what bars it."""

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.judging.cells import DONE
from compete.marking import desk, late, locking, rubrics
from compete.marking.late import WHERE
from compete.models import Entry, Event, Judge, LateMark, Mark, Part, Release, Sheet, Stage, db
from scoring.problems import Problem

DECIDED = 50  # the newest decided ones shown below those that wait


class Row(NamedTuple):
    """A late mark before the chief judge, `message` with what it goes on from (see `late.together`): lines are (criterion, before, after) of what it would change or changed.

    `veiled`: the chief has not handed in the own sheet yet and sees no marks. `obstacle`: why it cannot be adopted;
    `unlocks`: adopting unlocks the part. `missing`: criteria without a mark once adopted; `closes`: adopting hands the sheet
    in; `waits`: adopted, and what counts still waits for the judge to hand it in; `away`: the judge is absent.
    """

    late: LateMark
    message: dict
    judge: str
    part: Part
    event: Event
    label: str
    title: str
    lines: list[tuple[str, int | None, int | None]]
    comment: tuple[str, str] | None
    state: str
    veiled: bool
    obstacle: Problem | None
    unlocks: bool
    rubric_changed: bool
    missing: int
    closes: bool
    waits: bool
    away: bool

    @property
    def together(self) -> bool:
        """Whether nothing has to be weighed but the reason: handed in on the tablet, nothing in the way, nothing unlocked."""
        return self.late.state == "waiting" and self.closes and not (self.veiled or self.obstacle or self.unlocks or self.rubric_changed)


def listed(contest_id: int, *, chief_id: int | None) -> list[Row]:
    """All that wait, oldest first, then the newest decided ones; queries grow with the parts they belong to, not with the rows."""
    query = (
        sa.select(LateMark, Judge.name, Part, Event, Entry.number, Entry.title, Sheet.state, Sheet.comment)
        .join(Judge, Judge.id == LateMark.judge_id).join(Part, Part.id == LateMark.part_id).join(Stage, Stage.id == Part.stage_id)
        .join(Event, Event.id == Stage.event_id).join(Entry, Entry.id == LateMark.entry_id)
        .outerjoin(Sheet, _sheet_of_late()).where(LateMark.contest_id == contest_id)
    )  # fmt: skip
    waiting = list(db.session.execute(query.where(LateMark.state == "waiting").order_by(LateMark.id)))
    messages = defaultdict(list)
    for row in waiting:
        messages[late.key_of(row[0])].append(row[0].message)
    last = {late.key_of(row[0]): row for row in waiting}
    said = {row[0].id: late.together(messages[key]) for key, row in last.items()}
    found = sorted(last.values(), key=lambda row: row[0].id)
    found += db.session.execute(query.where(LateMark.state != "waiting").order_by(LateMark.decided_at.desc(), LateMark.id.desc()).limit(DECIDED))
    marks = _marks([row[0].id for row in found])
    versions = {row[2].id: row[3].scheme_version for row in found}
    parts = {part: (locking.boards(part), rubrics.of_part(part, version)) for part, version in versions.items()}
    released = _released({row[3].id for row in found})
    return [_row(row, said.get(row[0].id, row[0].message), marks[row[0].id], *parts[row[2].id], row[3].id in released, chief_id) for row in found]


def _row(found, message: dict, stored: dict[int, int], boards, rubric: rubrics.Rubric, released: bool, chief_id: int | None) -> Row:
    kept, judge, part, event, number, title, state, comment = found
    before = {rubric.codes[criterion]: units for criterion, units in stored.items() if criterion in rubric.codes}
    names = {code: leaf.name for code, leaf in rubric.leaves.items()}
    lines = [(names.get(code, code), before.get(code), units) for code, units in message["marks"].items()]
    if kept.state == "waiting":
        lines = [line for line in lines if line[1] != line[2]]
    board, turn, slot = next(((board, turn, slot) for board in boards for turn, slot in enumerate(board.slots, 1) if slot.entry_id == kept.entry_id), (None, 0, None))
    if slot:
        called = desk.chief_name_of(slot, event.is_blind, turn)
    else:  # taken out of every session: its number would lead to the name where judged blind
        called = {"label": "已移出场次" if event.is_veiled else f"{number:02d}", "title": "" if event.is_veiled else title}
    cell = board.cells.get((kept.entry_id, kept.judge_id)) if board else None
    merged = {code: units for code, units in {**before, **message["marks"]}.items() if units is not None}
    closes = message["submit"] or state in DONE
    missing = sum(leaf.code not in merged and not leaf.team for leaf in rubric.leaves.values())
    return Row(
        kept, message, judge, part, event, called["label"], called["title"], lines, _comment(comment or "", message["comment"]), state or "none",
        bool(board and kept.judge_id != chief_id and board.veils(kept.entry_id, chief_id)),
        _obstacle(cell, rubric, merged, closes, missing, part, released, event), part.locked_at is not None,
        bool(message["rubric"]) and message["rubric"] != rubric.digest, missing, closes,
        kept.state == "accepted" and state not in DONE, cell is not None and cell.state == "absent",
    )  # fmt: skip


def _obstacle(cell, rubric: rubrics.Rubric, merged: dict[str, int], closes: bool, missing: int, part: Part, released: bool, event: Event) -> Problem | None:
    if cell is None:
        return Problem("late.foreign", WHERE, "这个参赛对象已不在该评委的场次里", "要采纳，请先由组织者把它排回该评委的场次")
    if cell.state == "recused":
        return Problem("late.recused", WHERE, "该评委对这个参赛对象已登记回避", "要采纳，请先由组织者解除回避")
    if cell.state == "ruled":
        return Problem("late.ruled", WHERE, f"这个参赛对象{cell.note}，不再打分", "要采纳，请先由组织者撤销裁定")
    if cell.state == "absent" and not closes and missing:
        return Problem("late.absent", WHERE, f"该评委在本场已记为缺席，这份打分还差 {missing} 项，采纳了也不会计入", "要采纳，请先由组织者撤销缺席")
    wrong = scoring.check_marks(rubric.part, merged, complete=closes)
    if wrong:
        return Problem("late.unfit", WHERE, f"与现在的评分标准不合：{wrong[0]}", "不能采纳；请评委按现在的评分标准重新打分")
    if part.locked_at and released:
        return Problem("late.released", WHERE, f"本环节已锁定，“{event.name}”已经发布", "要采纳，请先由组织者撤回发布")
    return None


def _comment(before: str, after: str | None) -> tuple[str, str] | None:
    return None if after is None or after == before else (before, after)


def _sheet_of_late():
    return sa.and_(Sheet.part_id == LateMark.part_id, Sheet.entry_id == LateMark.entry_id, Sheet.judge_id == LateMark.judge_id)


def _marks(late_ids: list[int]) -> dict[int, dict[int, int]]:
    """{late mark: {criterion.id: units}} of what its sheet holds now."""
    query = sa.select(LateMark.id, Mark.criterion_id, Mark.value).join(Sheet, _sheet_of_late()).join(Mark, Mark.sheet_id == Sheet.id)
    found = defaultdict(dict)
    for late, criterion, units in db.session.execute(query.where(LateMark.id.in_(late_ids))):
        found[late][criterion] = units
    return found


def _released(event_ids: set[int]) -> set[int]:
    return set(db.session.scalars(sa.select(Release.event_id).where(Release.event_id.in_(event_ids), Release.state != "withdrawn")))
