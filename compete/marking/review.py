"""The chief judge's pages: how far each part is, every sheet with its marks, returning, locking and unlocking."""

import sqlalchemy as sa
from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

import scoring
from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import service as judging
from compete.judging import sheets
from compete.marking import desk, files, form, late, locking, rubrics, spreads
from compete.marking.forms import LockForm, ReturnForm, UnlockForm
from compete.models import Entry, Event, Judge, Mark, Part, Sheet, Stage, db
from compete.web import mine, say, tell
from scoring.problems import Problem

blueprint = Blueprint("review", __name__, url_prefix="/contests/<int:contest_id>/review")


@blueprint.get("")
@guard("judging.review")
def index():
    """All judged parts of the contest with what is still missing."""
    parts = db.session.execute(
        sa.select(Part, Event).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .where(Event.contest_id == g.contest.id).order_by(Event.position, Event.id, Stage.position, Part.position)
    ).all()  # fmt: skip
    rows = [(part, event, locking.boards(part.id)) for part, event in parts]
    return render_template("marking/chief.html", rows=rows, is_judge=judge_id() is not None, late=late.waiting(g.contest.id))


@blueprint.get("/parts/<int:part_id>")
@guard("judging.review")
def part(*, part_id: int):
    return _show_part(_part(part_id), LockForm(), UnlockForm())


def _show_part(row: Part, lock_form: LockForm, unlock_form: UnlockForm, status: int = 200):
    event = row.stage.event
    found = locking.boards(row.id)
    rubric = rubrics.of_part(row.id, event.scheme_version)
    obstacle = locking.ready(row, found)
    if obstacle is None:  # every mark of the part is read for it
        lock_form.digest.data = locking.digest_of(row, found)
    return render_template(
        "marking/part.html", part=row, event=event, boards=found, text=scoring.formatter(rubric.part.denominator),
        name_of=desk.chief_name_of, me=judge_id(), states=sheets.CELL_STATES, sheets=sheets, obstacle=obstacle, lock_form=lock_form,
        unlock_form=unlock_form, late=late.waiting(g.contest.id, row.id), stamp=files.stamp(), signature=locking.part_signature(row.id),
        spreads=_seen(spreads.waiting(row.id, rubric, found), found),
    ), status  # fmt: skip


def _seen(waiting, boards):
    """Without the entries whose marks this chief may not see yet."""
    me = judge_id()
    return {entry: rows for entry, rows in waiting.items() if not any(board.veils(entry, me) for board in boards)}


@blueprint.post("/parts/<int:part_id>/lock")
@guard("judging.review")
def lock(*, part_id: int):
    row, lock_form = _part(part_id), LockForm()
    if not lock_form.validate_on_submit():
        return _show_part(row, lock_form, UnlockForm(), 422)
    by, chief_id = actor(), judge_id()
    with write():
        found = locking.lock(
            mine(Part, part_id), digest=lock_form.digest.data, name=lock_form.name.data or "", drawing=lock_form.drawing.data or None,
            judge_id=chief_id, actor=by, now=clock.now(),
        )  # fmt: skip
    if isinstance(found, Problem):
        tell(found)
        return redirect(url_for("review.part", contest_id=g.contest.id, part_id=part_id))
    say(f"已锁定并签名，指纹 {found.digest[:16]}")
    return redirect(url_for("review.part", contest_id=g.contest.id, part_id=part_id))


@blueprint.post("/parts/<int:part_id>/unlock")
@guard("judging.review")
def unlock(*, part_id: int):
    row, unlock_form = _part(part_id), UnlockForm()
    if not unlock_form.validate_on_submit():
        return _show_part(row, LockForm(), unlock_form, 422)
    by = actor()
    with write():
        problem = locking.unlock(mine(Part, part_id), reason=unlock_form.reason.data, actor=by, now=clock.now())
    tell(problem) if problem else say("已解锁，可以退回评分表；更正后请再次锁定签名")
    return redirect(url_for("review.part", contest_id=g.contest.id, part_id=part_id))


@blueprint.route("/sheets/<int:sheet_id>", methods=["GET", "POST"])
@guard("judging.review")
def sheet(*, sheet_id: int):
    """One sheet with all its marks beside those of the panel; a post returns it with a reason."""
    row = _sheet(sheet_id)
    board = next(board for board in locking.boards(row.part_id) if any(slot.entry_id == row.entry_id for slot in board.slots))
    if row.judge_id != judge_id() and board.veils(row.entry_id, judge_id()):
        tell("您还没有提交自己对这个参赛对象的评分表，提交后才能看或退回其他评委的打分")
        return redirect(url_for("review.part", contest_id=g.contest.id, part_id=row.part_id))
    return_form = ReturnForm()
    if return_form.validate_on_submit():
        by = actor()
        with write():
            problem = judging.return_sheet(_sheet(sheet_id), return_form.reason.data, actor=by, now=clock.now())
        tell(problem) if problem else say("已退回，评委会看到理由并重新打分")
        return redirect(url_for("review.sheet", contest_id=g.contest.id, sheet_id=sheet_id))
    return _show_sheet(row, board, return_form, 422 if return_form.is_submitted() else 200)


def _show_sheet(row: Sheet, board: locking.Board, return_form: ReturnForm, status: int):
    part_row = _part(row.part_id)
    event = part_row.stage.event
    rubric = rubrics.of_part(row.part_id, event.scheme_version)
    turn, slot = next((n, slot) for n, slot in enumerate(board.slots, 1) if slot.entry_id == row.entry_id)
    others = [(seat, board.cells[slot.entry_id, seat.judge_id]) for seat in board.seats]
    marks = {}
    for judge, criterion, value in db.session.execute(
        sa.select(Sheet.judge_id, Mark.criterion_id, Mark.value).join(Mark, Mark.sheet_id == Sheet.id)
        .where(Sheet.part_id == row.part_id, Sheet.entry_id == row.entry_id)
    ):  # fmt: skip
        marks[judge, rubric.codes.get(criterion)] = value
    return render_template(
        "marking/sheet.html", sheet=row, part=part_row, event=event, entry=desk.chief_name_of(slot, event.is_blind, turn), others=others,
        judge=db.session.get(Judge, row.judge_id), cards=form.cards(rubric.part), marks=marks, states=sheets.CELL_STATES,
        text=scoring.formatter(rubric.part.denominator), return_form=return_form, done=sheets.DONE,
    ), status  # fmt: skip


def _part(part_id: int) -> Part:
    """The part of this contest with its event, in one query."""
    return mine(Part, part_id, joinedload(Part.stage).joinedload(Stage.event))


def _sheet(sheet_id: int) -> Sheet:
    found = db.session.scalar(
        sa.select(Sheet).join(Entry, Entry.id == Sheet.entry_id).join(Event, Event.id == Entry.event_id)
        .where(Sheet.id == sheet_id, Event.contest_id == g.contest.id).execution_options(populate_existing=True)
    )  # fmt: skip
    return found or abort(404)


def judge_id() -> int | None:
    """The chief judge's number where the chief came in with a card, not with an account."""
    person = current_user._get_current_object()
    return person.id if isinstance(person, Judge) else None
