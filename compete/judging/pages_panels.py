"""评委组: the list of panels, and one panel with its seats."""

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import panels as service
from compete.judging.blueprint import blueprint
from compete.judging.forms import PanelForm
from compete.models import JUDGE_ROLES, Judge, Panel, Seat, Session, db
from compete.web import mine, say, tell
from scoring.problems import Problem


@blueprint.get("/panels")
@guard("judging.watch")
def panels():
    rows = db.session.scalars(sa.select(Panel).where(Panel.contest_id == g.contest.id).order_by(Panel.id)).all()
    return render_template(
        "judging/panels.html", panels=rows, seats=_seats([row.id for row in rows]), sessions=_sessions([row.id for row in rows]),
        judges=db.session.scalar(sa.select(sa.func.count()).where(Judge.contest_id == g.contest.id, Judge.withdrawn_at.is_(None))),
    )  # fmt: skip


def _seats(panel_ids: list[int]) -> dict[int, list]:
    found: dict[int, list] = {number: [] for number in panel_ids}
    rows = sa.select(Seat.panel_id, Judge.name, Judge.role, Judge.organization).join(Judge).where(Seat.panel_id.in_(panel_ids))
    for panel, *judge in db.session.execute(rows.order_by(Seat.position, Seat.id)):
        found[panel].append(judge)
    return found


def _sessions(panel_ids: list[int]) -> dict[int, list]:
    found: dict[int, list] = {number: [] for number in panel_ids}
    rows = sa.select(Session.panel_id, Session.id, Session.name).where(Session.panel_id.in_(panel_ids)).order_by(Session.position)
    for panel, *session in db.session.execute(rows):
        found[panel].append(session)
    return found


def _form(panel: Panel | None) -> tuple[PanelForm, list[Judge]]:
    """The form with one line per judge who may sit; a new panel proposes everybody in order of the list."""
    may_sit = sa.select(Judge).where(Judge.contest_id == g.contest.id, Judge.withdrawn_at.is_(None), Judge.role != "supervisor")
    judges = db.session.scalars(may_sit.order_by(Judge.position, Judge.id)).all()
    if panel is not None:
        places = dict(db.session.execute(sa.select(Seat.judge_id, Seat.position).where(Seat.panel_id == panel.id)).all())
        judges = sorted(judges, key=lambda judge: (places.get(judge.id, 1000), judge.position, judge.id))
    else:
        places = {judge.id: place for place, judge in enumerate(judges, 1)}
    chief = next((judge.id for judge in judges if judge.role == "chief" and judge.id in places), 0)
    data = {
        "name": panel.name if panel else "评委组", "chief": chief,
        "seats": [{"judge_id": judge.id, "place": places.get(judge.id)} for judge in judges],
    }  # fmt: skip
    form = PanelForm(data=data)
    form.chief.choices = [(0, "未指定"), *((judge.id, judge.name) for judge in judges)]
    known = {judge.id: judge for judge in judges}
    if request.method == "POST":
        # The lines sent decide; a judge who left the list meanwhile is not seated.
        form.seats.entries = [row for row in form.seats.entries if str(row.form.judge_id.data).isdecimal() and int(row.form.judge_id.data) in known]
    return form, [known[int(row.form.judge_id.data)] for row in form.seats]


@blueprint.route("/panels/new", methods=["GET", "POST"])
@guard("judging.manage")
def panel_new():
    form, judges = _form(None)
    if form.validate_on_submit():
        with write():
            made = service.create(g.contest, name=form.name.data, judge_ids=form.judge_ids, chief_id=form.chief.data or None,
                                  actor=actor(), now=clock.now())  # fmt: skip
        if not isinstance(made, Problem):
            say(f"已组成“{made.name}”，共 {len(form.judge_ids)} 位评委")
            return redirect(url_for("judging.panels", contest_id=g.contest.id))
        tell(made)
    return render_template("judging/panel.html", form=form, judges=judges, panel=None, roles=JUDGE_ROLES)


@blueprint.route("/panels/<int:panel_id>", methods=["GET", "POST"])
@guard("judging.manage")
def panel(panel_id: int):
    row = mine(Panel, panel_id)
    form, judges = _form(row)
    if form.validate_on_submit():
        with write():
            row = mine(Panel, panel_id)
            problem = service.update(row, name=form.name.data, judge_ids=form.judge_ids, chief_id=form.chief.data or None,
                                     actor=actor(), now=clock.now())  # fmt: skip
        if problem is None:
            say(f"“{row.name}”已保存，共 {len(form.judge_ids)} 位评委")
            return redirect(url_for("judging.panels", contest_id=g.contest.id))
        tell(problem)
    return render_template("judging/panel.html", form=form, judges=judges, panel=row, roles=JUDGE_ROLES)


@blueprint.post("/panels/<int:panel_id>/remove")
@guard("judging.manage")
def panel_remove(panel_id: int):
    with write():
        row = mine(Panel, panel_id)
        name = row.name
        problem = service.remove(row, actor=actor(), now=clock.now())
    tell(problem) if problem else say(f"已删除“{name}”")
    return redirect(url_for("judging.panels", contest_id=g.contest.id))
