"""A judge's marks: saved as a draft at every touch, submitted once. Each verb is one durable transaction of the caller."""

from datetime import datetime
from typing import NamedTuple

from compete.audit import service as audit
from compete.marking.writing import Saved, Writing
from scoring.problems import Problem


def save_marks(
    entry_id: int, part_id: int, *, judge_id: int, revision: int, marks: dict[str, int | None],
    comment: str | None = None, rubric: str = "", reason: str = "", actor: audit.Actor, now: datetime,
) -> Saved | Problem:  # fmt: skip
    """Sets the given marks (None takes one back) on the judge's own sheet; marks not named stay.

    `revision` is the one the tablet last saw. The same content again is answered without a new record; an older
    revision with other content is a conflict, never an overwrite.
    """
    desk = Writing(entry_id, part_id, judge_id, marks, comment)
    if desk.problem:
        return desk.problem
    if desk.sheet and not desk.differs:
        return desk.saved(changed=False)
    refused = desk.refuse(revision, rubric, now, complete=False)
    if refused:
        return refused
    return desk.write("sheet.save", desk.sheet.state if desk.sheet else "draft", actor, now, reason)


def submit(
    entry_id: int, part_id: int, *, judge_id: int, revision: int, marks: dict[str, int | None],
    comment: str | None = None, rubric: str = "", reason: str = "", actor: audit.Actor, now: datetime,
) -> Saved | Problem:  # fmt: skip
    """Hands the sheet in with all its marks. A repeated delivery of the same message gets the same answer."""
    desk = Writing(entry_id, part_id, judge_id, marks, comment)
    if desk.problem:
        return desk.problem
    sheet = desk.sheet
    if sheet and sheet.state == "submitted" and not desk.differs and revision == sheet.revision - 1:
        return desk.saved(changed=False)
    refused = desk.refuse(revision, rubric, now, complete=True)
    if refused:
        return refused
    return desk.write("sheet.submit", "submitted", actor, now, reason)


def adoptable(entry_id: int, part_id: int, *, judge_id: int, marks: dict[str, int | None], comment: str | None, submit: bool) -> Problem | None:
    """What keeps the chief judge from adopting a late message as this judge's marks; nothing is written."""
    return Writing(entry_id, part_id, judge_id, marks, comment, late=True).unadoptable(submit)


def adopt(
    entry_id: int, part_id: int, *, judge_id: int, marks: dict[str, int | None], comment: str | None, submit: bool,
    reason: str, actor: audit.Actor, now: datetime,
) -> Saved | Problem:  # fmt: skip
    """Writes a late message as the judge's marks by the hand of `actor`, whom closed sessions and old revisions do not bind.

    The rubric does. A sheet that was handed in stays handed in; any other becomes a returned one, unless `submit`. The part
    must not be locked any more.
    """
    desk = Writing(entry_id, part_id, judge_id, marks, comment, late=True)
    problem = desk.unadoptable(submit)
    if problem:
        return problem
    state = desk.adopted(submit)
    if desk.sheet and not desk.differs and desk.sheet.state == state:
        return desk.saved(changed=False)
    return desk.write("sheet.submit" if state == "submitted" else "sheet.save", state, actor, now, reason)


def correct(
    entry_id: int, part_id: int, *, judge_id: int, marks: dict[str, int], reason: str, actor: audit.Actor, now: datetime
) -> Saved | Problem:
    """Sets what a recheck found on a sheet that was handed in, signed for by the chief judge; its state stays, locked or not."""
    desk = Writing(entry_id, part_id, judge_id, marks, None, late=True)
    problem = desk.unadoptable(True)
    if problem:
        return problem
    if desk.sheet is None or desk.sheet.state not in ("submitted", "locked"):
        return Problem("correct.state", "评分表", "还没有提交，或已退回评委", "请等评委提交后重新核对")
    if not desk.differs:
        return desk.saved(changed=False)
    return desk.write("sheet.correct", desk.sheet.state, actor, now, reason)


class Prospect(NamedTuple):
    """What a message would do to the sheet: the marks before and after, whether it is there already, why it is refused."""

    before: dict[str, int]
    after: dict[str, int]
    revision: int
    there: bool
    problem: Problem | None


def prospect(
    entry_id: int, part_id: int, *, judge_id: int, revision: int, marks: dict[str, int | None],
    comment: str | None, rubric: str, submit: bool, now: datetime,
) -> Prospect:  # fmt: skip
    """What `save_marks` or `submit` would say, without writing."""
    desk = Writing(entry_id, part_id, judge_id, marks, comment)
    if desk.problem:
        return Prospect({}, {}, 0, False, desk.problem)
    sheet = desk.sheet
    there = sheet is not None and not desk.differs and (not submit or sheet.state in ("submitted", "locked"))
    refused = None if there else desk.refuse(revision, rubric, now, complete=submit)
    return Prospect(desk.stored, desk.merged, sheet.revision if sheet else 0, there, refused)
