"""看板: judging as it happens, one sheet with its history, returning it; a cell without a sheet."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for

import scoring
from compete import clock
from compete.access import actor, guard, reveals
from compete.audit.labels import label
from compete.database import write
from compete.judging import board as matrix
from compete.judging import masks, recusals, rulings, service, sheets
from compete.judging.blueprint import blueprint
from compete.judging.forms import LimitForm, Reason
from compete.judging.pages_sessions import STATES, label_of, listed, listed_one
from compete.live.encoded import Encoded
from compete.models import AuditRecord, Criterion, Entry, Judge, Mark, Session, Sheet, Slot, db
from compete.web import PlainEntry, live_answer, mine, say, tell, unveiled
from scoring.problems import Problem

CELL_KINDS = {"submitted": "good", "locked": "good", "draft": "wait", "returned": "bad"}


def _chosen(rows):
    """The session asked for; else the one being judged now, else the first."""
    wanted = request.args.get("session_id", type=int)
    if wanted:
        return next((row for row in rows if row.Session.id == wanted), None) or abort(404)
    return next((row for row in rows if row.Session.state == "open"), rows[0] if rows else None)


def _made(found):
    show = request.args.get("show", "")
    number = request.args.get("page", 1, type=int)
    limit = rulings.spread_limit(g.contest)
    show = show if show in matrix.FILTERS else ""
    return {
        "found": found, "session": found.Session, "show": show, "marks": request.args.get("marks", "1") != "0", "limit": limit,
        "board": matrix.make(found.Session, found.entries, limit=limit, show=show, number=number),
        "filters": matrix.FILTERS, "shapes": matrix.SHAPES, "states": STATES,
        "label_of": label_of, "words": sheets.CELL_STATES, "query": {"session_id": found.Session.id, "show": show, "page": number},
    }  # fmt: skip


@blueprint.get("/board")
@guard("judging.watch")
@reveals
def board():
    rows = listed()
    found = _chosen(rows)
    if found is None:
        return render_template("judging/board.html", rows=rows, found=None, title="评分看板")
    return render_template("judging/board.html", rows=rows, limit_form=LimitForm(formdata=None), title="评分看板", **_made(found))


@blueprint.get("/board/live")
@guard("judging.watch")
@reveals
def board_live():
    """The board without its frame, asked for every three seconds; 304 while nothing changed."""
    found = listed_one(request.args.get("session_id", 0, type=int))
    return live_answer(Encoded(render_template("judging/_board.html", **_made(found)).encode()), "text/html")


@blueprint.post("/board/limit")
@guard("judging.manage")
def board_limit():
    form = LimitForm()
    if form.validate_on_submit():
        with write():
            rulings.set_spread_limit(g.contest, form.units, actor=actor(), now=clock.now())
        say(f"同一参赛对象的评委打分相差超过 {scoring.format_points(form.units)} 分时预警")
    else:
        tell(*form.limit.errors)
    return redirect(url_for("judging.board", contest_id=g.contest.id, session_id=request.args.get("session_id")))


# one cell


def _place(session_id: int, entry_id: int, judge_id: int):
    """(the session as listed, slot, seat, cell) or 404: an id from elsewhere opens nothing."""
    found = listed_one(session_id)
    unveiled(entry_id, found.is_blind)
    slot = next(iter(sheets.slots(session_id, entry_ids=[entry_id])), None) or abort(404)
    seat = next((row for row in sheets.seats(found.Session) if row.judge_id == judge_id), None) or abort(404)
    return found, slot, seat, sheets.matrix(found.Session, [slot], [seat])[entry_id, judge_id]


@blueprint.get("/sessions/<int:session_id>/entries/<entry:entry_id>/judges/<int:judge_id>")
@guard("judging.watch")
def cell(session_id: int, entry_id: int, judge_id: int):
    """A place on the board where no sheet was begun; with a sheet it leads there."""
    found, slot, seat, cell = _place(session_id, entry_id, judge_id)
    if cell.sheet_id:
        return redirect(url_for("judging.sheet", contest_id=g.contest.id, sheet_id=cell.sheet_id))
    return _show(found, slot, seat, cell, None)


@blueprint.get("/sheets/<int:sheet_id>")
@guard("judging.watch")
@reveals
def sheet(sheet_id: int):
    """All marks of one sheet, its comment and history. Nothing on this page changes a mark."""
    session_of = sa.and_(Session.part_id == Sheet.part_id, Slot.entry_id == Sheet.entry_id)
    row, session_id = db.session.execute(
        sa.select(Sheet, Session.id).join(Session, Session.part_id == Sheet.part_id).join(Slot, Slot.session_id == Session.id)
        .where(session_of, Sheet.id == sheet_id, Session.contest_id == g.contest.id)
    ).first() or abort(404)  # fmt: skip
    return _show(*_place(session_id, row.entry_id, row.judge_id), row)


def _sheet(sheet_id: int) -> Sheet:
    query = sa.select(Sheet).join(Judge, Judge.id == Sheet.judge_id).where(Sheet.id == sheet_id, Judge.contest_id == g.contest.id)
    return db.one_or_404(query)


def _show(found, slot, seat, cell, row: Sheet | None):
    of_sheet = sa.and_(Mark.criterion_id == Criterion.id, Mark.sheet_id == (row.id if row else None))
    lines = db.session.execute(
        sa.select(Criterion, Mark.value).outerjoin(Mark, of_sheet).where(Criterion.part_id == found.Session.part_id)
    ).all()
    part = matrix.part_from([criterion for criterion, _ in lines], found.part)
    total = scoring.formatter(part.denominator)(row.total) if row is not None and row.total is not None else ""
    return render_template(
        "judging/sheet.html", found=found, session=found.Session, slot=slot, seat=seat, cell=cell, sheet=row, total=total,
        marks=_tree(lines), history=_history(row), words=sheets.CELL_STATES, kind=CELL_KINDS.get(cell.state, "quiet"),
        shape=matrix.SHAPES[cell.state], label=label_of(slot, found.is_blind), form=Reason(formdata=None), audit_label=label,
        recusal=recusals.active(slot.entry_id, seat.judge_id) if cell.state == "recused" else None,
    )  # fmt: skip


def _tree(lines, parent: int | None = None, depth: int = 0) -> list[tuple]:
    """(criterion, depth, mark or None, is it a leaf) in the order of the sheet."""
    found = []
    for row, value in sorted((line for line in lines if line[0].parent_id == parent), key=lambda line: line[0].position):
        below = _tree(lines, row.id, depth + 1)
        found += [(row, depth, value, not below), *below]
    return found


def _history(row: Sheet | None):
    if row is None:
        return []
    return db.session.execute(
        sa.select(AuditRecord.at, AuditRecord.actor_name, AuditRecord.device, AuditRecord.action, AuditRecord.reason)
        .where(AuditRecord.chain == g.contest.id, AuditRecord.subject == "sheet", AuditRecord.subject_id == row.id)
        .order_by(AuditRecord.number.desc()).limit(100)
    ).all()  # fmt: skip


@blueprint.post("/sheets/<int:sheet_id>/return")
@guard("judging.return")
@reveals
def sheet_return(sheet_id: int):
    form = Reason()
    if not form.validate_on_submit():
        tell(*form.reason.errors)
        return redirect(url_for("judging.sheet", contest_id=g.contest.id, sheet_id=sheet_id))
    with write():
        row = _sheet(sheet_id)
        problem = service.return_sheet(row, form.reason.data, actor(), clock.now())
    tell(problem) if problem else say("已退回，评委的平板上会看到理由；原来的打分保留到评委重新提交")
    return redirect(url_for("judging.sheet", contest_id=g.contest.id, sheet_id=sheet_id))


@blueprint.post("/sessions/<int:session_id>/entries/<entry:entry_id>/judges/<int:judge_id>/recuse")
@guard("judging.manage")
def recuse(session_id: int, entry_id: int, judge_id: int):
    form = Reason()
    if form.validate_on_submit():
        with write():
            _place(session_id, entry_id, judge_id)
            made = recusals.recuse(mine(Judge, judge_id), mine(Entry, entry_id), reason=form.reason.data, actor=actor(), now=clock.now())
        tell(made) if isinstance(made, Problem) else say("已登记回避，这位评委不再评这一项")
    else:
        tell(*form.reason.errors)
    key = entry_id if isinstance(entry_id, PlainEntry) else masks.mask(entry_id)
    return redirect(url_for("judging.cell", contest_id=g.contest.id, session_id=session_id, entry_id=key, judge_id=judge_id))
