"""What is ruled while judging: one entry (absence, disqualification, veto, penalties) and one judge's absence."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard, reveals
from compete.database import write
from compete.judging import board as matrix
from compete.judging import effects, masks, rulings, sheets
from compete.judging.blueprint import blueprint
from compete.judging.cells import AWAITED, CELLS, DONE, keys
from compete.judging.forms import AbsenceForm, PenaltyForm, Reason, RulingForm
from compete.judging.pages_sessions import label_of, listed_one
from compete.models import Entry, Judge, JudgeAbsence, Penalty, Ruling, Session, db
from compete.web import Page, PlainEntry, mine, say, tell, unveiled
from scoring import format_points, formatter
from scoring.parts.panels import SUMS
from scoring.problems import Problem


def _entry_page(session_id: int, entry_id: int, *, ruling=None, penalty=None, effect=None, asking: str = ""):
    """`asking`: which of the forms waits for its confirmation, with the `effect` shown."""
    found = listed_one(session_id)
    unveiled(entry_id, found.is_blind)
    slot = next(iter(sheets.slots(session_id, entry_ids=[entry_id])), None) or abort(404)
    seats = sheets.seats(found.Session)
    titles = {row.entry_id: row for row in sheets.slots(session_id, entry_ids=[move.entry for move in effect.moves])} if effect else {}
    return render_template(
        "judging/entry.html", found=found, session=found.Session, slot=slot, seats=seats, label=label_of(slot, found.is_blind),
        cells=sheets.matrix(found.Session, [slot], seats), words=sheets.CELL_STATES, shapes=matrix.SHAPES, titles=titles,
        rulings=_rows(Ruling, entry_id), penalties=_rows(Penalty, entry_id), kinds=rulings.KINDS, reason=Reason(formdata=None),
        ruling=ruling or RulingForm(formdata=None), penalty=penalty or _penalty_form(session_id, entry_id, formdata=None), effect=effect, asking=asking,
        label_of=label_of, text=_texts(found),
    )  # fmt: skip


def _penalty_form(session_id: int, entry_id: int, **more) -> PenaltyForm:
    """Of the part being judged, unless another is chosen."""
    form = PenaltyForm(data={"part": mine(Session, session_id).part_id}, **more)
    form.part.choices = rulings.places(mine(Entry, entry_id))
    return form


def _rows(table, entry_id: int):
    return db.session.scalars(sa.select(table).where(table.entry_id == entry_id).order_by(table.id.desc())).all()


def _entry_url(session_id: int, entry_id: int) -> str:
    # As it stood in this request's address.
    return url_for("judging.entry", contest_id=g.contest.id, session_id=session_id, entry_id=entry_id if isinstance(entry_id, PlainEntry) else masks.mask(entry_id))


@blueprint.get("/sessions/<int:session_id>/entries/<entry:entry_id>")
@guard("judging.watch")
@reveals
def entry(session_id: int, entry_id: int):
    return _entry_page(session_id, entry_id)


@blueprint.post("/sessions/<int:session_id>/entries/<entry:entry_id>/ruling")
@guard("judging.manage")
def ruling_make(session_id: int, entry_id: int):
    """Sent once, it shows what it would change; sent again with `confirmed`, it is done."""
    row, form = mine(Entry, entry_id), RulingForm()
    if not form.validate_on_submit():
        return _entry_page(session_id, entry_id, ruling=form)
    if form.confirmed.data != "yes":
        effect = effects.of_ruling(row.event_id, entry_id, form.kind.data)
        return _entry_page(session_id, entry_id, ruling=form, effect=effect, asking="ruling")
    with write():
        made = rulings.rule(mine(Entry, entry_id), kind=form.kind.data, reason=form.reason.data, actor=actor(), now=clock.now())
    tell(made) if isinstance(made, Problem) else say(f"已登记：{rulings.KINDS[made.kind]}。打分都还在，撤销后即恢复")
    return redirect(_entry_url(session_id, entry_id))


@blueprint.post("/sessions/<int:session_id>/entries/<entry:entry_id>/rulings/<int:ruling_id>/revoke")
@guard("judging.manage")
def ruling_revoke(session_id: int, entry_id: int, ruling_id: int):
    return _revoke(session_id, entry_id, Ruling, ruling_id, "裁定已撤销，原来的打分恢复计入")


@blueprint.post("/sessions/<int:session_id>/entries/<entry:entry_id>/penalty")
@guard("judging.manage")
def penalty_make(session_id: int, entry_id: int):
    row, form = mine(Entry, entry_id), _penalty_form(session_id, entry_id)
    if not form.validate_on_submit():
        return _entry_page(session_id, entry_id, penalty=form)
    part = form.part.data or None
    if form.confirmed.data != "yes":
        effect = effects.of_penalty(row.event_id, entry_id, form.units, part)
        return _entry_page(session_id, entry_id, penalty=form, effect=effect, asking="penalty")
    with write():
        made = rulings.penalize(mine(Entry, entry_id), points=form.units, reason=form.penalty_reason.data, part_id=part, actor=actor(), now=clock.now())
    tell(made) if isinstance(made, Problem) else say(f"已扣 {format_points(made.points)} 分")
    return redirect(_entry_url(session_id, entry_id))


@blueprint.post("/sessions/<int:session_id>/entries/<entry:entry_id>/penalties/<int:penalty_id>/revoke")
@guard("judging.manage")
def penalty_revoke(session_id: int, entry_id: int, penalty_id: int):
    return _revoke(session_id, entry_id, Penalty, penalty_id, "扣分已撤销")


def _revoke(session_id: int, entry_id: int, table, number: int, done: str):
    form = Reason()
    if form.validate_on_submit():
        with write():
            mine(Entry, entry_id)
            row = db.one_or_404(sa.select(table).where(table.id == number, table.entry_id == entry_id))
            problem = rulings.revoke(row, reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say(done)
    else:
        tell(*form.reason.errors)
    return redirect(_entry_url(session_id, entry_id))


# a judge in a session


@blueprint.get("/sessions/<int:session_id>/judges/<int:judge_id>")
@guard("judging.watch")
@reveals
def seat(session_id: int, judge_id: int):
    """One judge's way through the session: what is in, what is missing, the absence."""
    found = listed_one(session_id)
    seats = sheets.seats(found.Session)
    row = next((row for row in seats if row.judge_id == judge_id), None) or abort(404)
    page = Page([], found.entries, request.args.get("page", 1, type=int), 100)
    page.number = min(max(1, page.number), page.count)
    page.items = sheets.slots(session_id, limit=page.size, offset=page.first - 1 if page.total else 0)
    cells = sheets.matrix(found.Session, page.items, [row])
    tally = matrix.tallies_of(cells, [row]) if page.count == 1 else sheets.tally(found.Session, [row])
    return render_template(
        "judging/seat.html", found=found, session=found.Session, seat=row, page=page, cells=cells, words=sheets.CELL_STATES,
        shapes=matrix.SHAPES, tally=tally[judge_id], form=AbsenceForm(formdata=None), text=_texts(found),
        absences=_absences(session_id, judge_id), label_of=label_of, effect=_shrinks(found, seats, judge_id),
    )  # fmt: skip


def _texts(found):
    return formatter(matrix.part_of(found.Session.part_id).denominator)


def _absences(session_id: int, judge_id: int):
    query = sa.select(JudgeAbsence).where(JudgeAbsence.session_id == session_id, JudgeAbsence.judge_id == judge_id)
    return db.session.scalars(query.order_by(JudgeAbsence.id.desc())).all()


_COUNTING = sa.func.count(sa.case((CELLS.c.state.in_((*DONE, *AWAITED)), 1))).label("judges")
_JUDGED = sa.select(_COUNTING).where(CELLS.c.state != "ruled").group_by(CELLS.c.entry_id).subquery()
_FEWEST = sa.select(sa.func.min(_JUDGED.c.judges))


def _shrinks(found, seats: list, judge_id: int) -> dict:
    """How many judges are left at the fewest for an entry if this one goes, and what the panel's rule needs."""
    others = [row.judge_id for row in seats if row.judge_id != judge_id]
    fewest = db.session.scalar(_FEWEST, keys(found.Session, others)) if others else 0
    rule = found.rule or {}
    return {"fewest": fewest or 0, "needed": rule.get("minimum_judges", 1), "below": rule.get("below_minimum", "mean"),
            "sums": rule.get("rule") in SUMS}


@blueprint.post("/sessions/<int:session_id>/judges/<int:judge_id>/absence")
@guard("judging.manage")
def absence_make(session_id: int, judge_id: int):
    form = AbsenceForm()
    if form.validate_on_submit():
        with write():
            made = rulings.mark_absent(mine(Session, session_id), mine(Judge, judge_id), reason=form.reason.data, actor=actor(), now=clock.now())
        tell(made) if isinstance(made, Problem) else say("已登记缺席：已交的评分表照常计入，其余不再等待")
    else:
        tell(*form.reason.errors)
    return redirect(url_for("judging.seat", contest_id=g.contest.id, session_id=session_id, judge_id=judge_id))


@blueprint.post("/sessions/<int:session_id>/judges/<int:judge_id>/absence/lift")
@guard("judging.manage")
def absence_lift(session_id: int, judge_id: int):
    with write():
        mine(Session, session_id)
        rows = [row for row in _absences(session_id, judge_id) if row.lifted_at is None]
        problem = rulings.lift_absence(rows[0], actor=actor(), now=clock.now()) if rows else Problem("absence.none", "缺席", "没有登记缺席", "无需撤销")
    tell(problem) if problem else say("缺席已撤销，评委可以继续评分")
    return redirect(url_for("judging.seat", contest_id=g.contest.id, session_id=session_id, judge_id=judge_id))


