"""抽签: the draw with its seed, the protocol to print, and the big screen that shows it step by step."""

import sqlalchemy as sa
from flask import g, make_response, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import draws as service
from compete.judging.blueprint import blueprint
from compete.judging.forms import DrawForm
from compete.judging.pages_sessions import listed_one
from compete.models import Draw, Session, db
from compete.web import mine, say, tell
from scoring.problems import Problem


@blueprint.get("/sessions/<int:session_id>/draw")
@guard("judging.watch")
def draw(session_id: int):
    """The page of the draw; only those who manage judging may send its form."""
    return _show(session_id, DrawForm(formdata=None))


@blueprint.post("/sessions/<int:session_id>/draw/make")
@guard("judging.manage")
def draw_make(session_id: int):
    form = DrawForm()
    if not form.validate_on_submit():
        return _show(session_id, form)
    seed = form.seed.data if form.method.data == "hall" else service.system_seed()
    with write():
        row = mine(Session, session_id)
        made = service.make(row, seed=seed, method=form.method.data, apart=form.apart.data, reason=form.reason.data or "",
                            not_first=form.barred, not_again=form.not_again.data, actor=actor(), now=clock.now())  # fmt: skip
    if isinstance(made, Problem):
        tell(made)
        return _show(session_id, form)
    say(f"抽签完成：{len(made.result)} 个参赛对象的出场顺序已定，种子 {made.seed}")
    return redirect(url_for("judging.draw", contest_id=g.contest.id, session_id=session_id))


def _show(session_id: int, form: DrawForm):
    found = listed_one(session_id)
    shown, names = _drawn(found)
    earlier = db.session.scalars(
        sa.select(Draw).where(Draw.session_id == session_id, Draw.superseded_at.is_not(None)).order_by(Draw.id.desc())
    ).all()
    return render_template(
        "judging/draw.html", found=found, session=found.Session, form=form, shown=shown, names=names, earlier=earlier,
        obstacle=service.obstacle(found.Session), methods=service.METHODS, items=names,
        first_before=service.first_before(found.Session),
    )  # fmt: skip


def _drawn(found):
    """(the draw in force or None, {item: (title, organization)}); a blind event shows no names."""
    items = service.items_of(found.Session)
    names = {item: ("", "") if found.is_blind else (row.title, row.organization) for item, row in items.items()}
    row = service.current(found.Session.id)
    return (service.show(row) if row else None), names


@blueprint.get("/sessions/<int:session_id>/draw/protocol")
@guard("judging.watch")
def draw_protocol(session_id: int):
    """抽签记录表, to print and sign; `draw` asks for a superseded one."""
    found = listed_one(session_id)
    shown, names = _drawn(found)
    wanted = request.args.get("draw", type=int)
    if wanted:
        shown = service.show(db.one_or_404(sa.select(Draw).where(Draw.id == wanted, Draw.session_id == session_id)))
    if shown is None:
        tell("还没有抽签，抽签后才有记录表")
        return redirect(url_for("judging.draw", contest_id=g.contest.id, session_id=session_id))
    return render_template("judging/draw_protocol.html", found=found, session=found.Session, shown=shown, names=names, methods=service.METHODS)


@blueprint.get("/sessions/<int:session_id>/draw/screen")
@guard("contest.view")
def draw_screen(session_id: int):
    """For the projector: waits for the draw, then shows it turn by turn."""
    found = listed_one(session_id)
    shown, names = _drawn(found)
    return render_template("judging/draw_screen.html", found=found, session=found.Session, state=_state(shown, names), count=len(names))


def _state(shown, names) -> dict:
    if shown is None:
        return {"draw": None}
    steps = [{"turn": step.position, "item": step.item, "title": names.get(step.item, ("", ""))[0],
              "unit": names.get(step.item, ("", ""))[1], "key": step.key[:12]} for step in shown.steps]  # fmt: skip
    return {"draw": shown.draw.id, "seed": shown.draw.seed, "note": shown.note, "attempt": shown.attempt, "steps": steps}


@blueprint.get("/sessions/<int:session_id>/draw/state")
@guard("contest.view")
def draw_state(session_id: int):
    """What the screen asks for every two seconds; 304 while no new draw was made."""
    mine(Session, session_id)
    row = service.current(session_id)
    tag = f"draw-{row.id if row else 0}"
    if any(known.split(":")[0] == tag for known in request.if_none_match.as_set()):
        return "", 304
    answer = make_response(_state(*_drawn(listed_one(session_id))))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


