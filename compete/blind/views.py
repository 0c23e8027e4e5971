"""加密与启封: who keeps which layer, the keeper's table and slips, requests and confirmations, the record to sign."""

from flask import Blueprint, abort, g, redirect, render_template, url_for
from flask_login import current_user

from compete import clock
from compete.access import actor, guard
from compete.blind import opening, planning, sealing, service
from compete.blind.forms import AskForm, KeeperForm, PlanForm, SealForm, SimpleForm
from compete.database import write
from compete.models import CodeOpening, CodeTable, Event, Judge, db
from compete.web import mine, say, tell, tell_errors
from scoring.draws.codes import CODE_RULE
from scoring.problems import Problem

blueprint = Blueprint("blind", __name__, url_prefix="/contests/<int:contest_id>/codes")


def the_coding(event_id: int) -> service.Coding:
    """How far a blind event of this contest is; 404 for any other."""
    event = mine(Event, event_id)
    return service.coding(event) if event.is_blind else abort(404)


def the_layer(event_id: int, layer_id: int) -> tuple[service.Coding, service.LayerState]:
    found = the_coding(event_id)
    return found, next((state for state in found.layers if state.layer.id == layer_id), None) or abort(404)


def is_keeper(state: service.LayerState) -> bool:
    person = current_user._get_current_object()
    return not isinstance(person, Judge) and person.id == state.layer.keeper_id


def may_read(found: service.Coding, state: service.LayerState) -> bool:
    """A closed table only its keeper sees. One opened in an emergency stays with keepers and supervisors until the lock."""
    if state.table is None:
        return False
    return is_keeper(state) or (state.is_open and (not found.unlocked or bool(g.roles & {"coder", "supervisor"})))


@blueprint.get("")
@guard("codes.keep")
def index():
    events = service.blind_events(g.contest.id)
    return render_template("blind/index.html", codings=service.codings(events))


@blueprint.get("/<int:event_id>")
@guard("codes.keep")
def show(event_id):
    found = the_coding(event_id)
    mine_of = {state.layer.id for state in found.layers if is_keeper(state)}
    readable = {state.layer.id for state in found.layers if may_read(found, state)}
    now = clock.now()
    waiting = next((state.asked for state in found.layers if state.asked and state.asked.expires_at > now), None)
    return render_template(
        "blind/show.html", found=found, event=found.event, own=mine_of, readable=readable, waiting=waiting, now=now, sources=sealing.SOURCES,
        kinds=opening.KINDS, ask_form=AskForm(formdata=None), keeper_form=_keeper_form(), me=actor().key, simple_form=SimpleForm(formdata=None),
    )  # fmt: skip


def _keeper_form() -> KeeperForm:
    form = KeeperForm()
    form.keeper.choices = [(0, "请选择")] + [(user.id, user.name) for user in planning.candidates(g.contest.id)]
    return form


@blueprint.route("/<int:event_id>/plan", methods=["GET", "POST"])
@guard("contest.edit")
def plan(event_id):
    """The layers, before the first is drawn."""
    found = the_coding(event_id)
    fixed = planning.unplannable(found.event)
    if fixed:
        tell(fixed)
        return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))
    people = planning.candidates(g.contest.id)
    form = PlanForm().offer(people, found.plan)
    if form.validate_on_submit():
        with write():
            made = planning.plan(mine(Event, event_id), form.plans(), confirmers=form.confirmers.data, minutes=form.minutes.data,
                                actor=actor(), now=clock.now())  # fmt: skip
        if not isinstance(made, Problem):
            say("加密方案已保存，请各层保管人依次编码")
            return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))
        tell(made)
    return render_template("blind/plan.html", found=found, event=found.event, form=form, people=people), 422 if form.is_submitted() else 200


@blueprint.post("/<int:event_id>/simple")
@guard("contest.edit")
def simple(event_id):
    """One layer, drawn by the organiser at once."""
    here = redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))
    if not SimpleForm().validate_on_submit():
        tell("请先勾选确认，再编码")
        return here
    by = actor()
    with write():
        made = planning.simple(mine(Event, event_id), keeper_id=current_user.id, actor=by, now=clock.now())
        if not isinstance(made, Problem):
            made = sealing.seal(made.layers[0], actor=by, now=clock.now())
        if isinstance(made, Problem):
            db.session.rollback()
    tell(made) if isinstance(made, Problem) else say(f"已编好 {made.size} 个代号")
    return here


@blueprint.route("/<int:event_id>/layers/<int:layer_id>/draw", methods=["GET", "POST"])
@guard("codes.keep")
def draw(event_id, layer_id):
    """The keeper draws the layer; nobody else gets here."""
    found, state = the_layer(event_id, layer_id)
    if not is_keeper(state):
        abort(403)
    form = SealForm()
    if form.validate_on_submit():
        spoken = form.spoken.data if form.method.data == "hall" else ""
        with write():
            _, fresh = the_layer(event_id, layer_id)
            made = sealing.seal(fresh.layer, spoken=spoken, reason=form.reason.data or "", actor=actor(), now=clock.now())
        if not isinstance(made, Problem):
            say(f"“{state.layer.name}”已编好并封存，{made.size} 个号，指纹 {made.digest[:16]}")
            return redirect(url_for("blind.table", contest_id=g.contest.id, event_id=event_id, layer_id=layer_id))
        tell(made)
    return render_template("blind/draw.html", found=found, event=found.event, state=state, form=form, rule=CODE_RULE), 422 if form.is_submitted() else 200


def _readable(event_id: int, layer_id: int):
    found, state = the_layer(event_id, layer_id)
    if not may_read(found, state):
        abort(403)
    untrue = sealing.untrue(state.layer, state.table)
    return found, state, [] if untrue else [tuple(pair) for pair in state.table.content["pairs"]], untrue


@blueprint.get("/<int:event_id>/layers/<int:layer_id>/table")
@guard("codes.keep")
def table(event_id, layer_id):
    found, state, pairs, untrue = _readable(event_id, layer_id)
    return render_template("blind/table.html", found=found, event=found.event, state=state, pairs=pairs, untrue=untrue, own=is_keeper(state),
                           before=_before(found, state), rule=CODE_RULE)  # fmt: skip


@blueprint.get("/<int:event_id>/layers/<int:layer_id>/slips")
@guard("codes.keep")
def slips(event_id, layer_id):
    """A slip per code for those who carry it: from the keeper only."""
    found, state, pairs, untrue = _readable(event_id, layer_id)
    if not is_keeper(state):
        abort(403)
    return render_template("blind/slips.html", found=found, event=found.event, state=state, pairs=pairs, before=_before(found, state), untrue=untrue)


def _before(found: service.Coding, state: service.LayerState) -> str:
    """What the codes of a layer stand for."""
    place = found.layers.index(state)
    return found.layers[place - 1].layer.name if place else "参赛编号"


@blueprint.post("/<int:event_id>/layers/<int:layer_id>/keeper")
@guard("contest.edit")
def keeper(event_id, layer_id):
    form = _keeper_form()
    if form.validate_on_submit():
        with write():
            _, state = the_layer(event_id, layer_id)
            problem = planning.hand_over(state.layer, form.keeper.data, reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say(f"“{state.layer.name}”已交给新的保管人")
    else:
        tell_errors(form)
    return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))


@blueprint.post("/<int:event_id>/layers/<int:layer_id>/ask")
@guard("codes.open")
def ask(event_id, layer_id):
    form = AskForm()
    if form.validate_on_submit():
        with write():
            _, state = the_layer(event_id, layer_id)
            made = opening.ask(state.layer, emergency=form.emergency.data == "1", reason=form.reason.data or "", roles=g.roles, actor=actor(), now=clock.now())
        if isinstance(made, Problem):
            tell(made)
        else:
            say(f"已申请启封“{state.layer.name}”，请另一位在 {clock.show_time(made.expires_at)} 之前确认")
    else:
        tell_errors(form)
    return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))


def _opening(event_id: int, opening_id: int) -> CodeOpening:
    """A request of this event, else 404."""
    row = db.session.get(CodeOpening, opening_id) or abort(404)
    table = db.session.get(CodeTable, row.table_id)
    the_layer(event_id, table.layer_id)
    return row


@blueprint.post("/<int:event_id>/openings/<int:opening_id>/confirm")
@guard("codes.open")
def confirm(event_id, opening_id):
    by = actor()
    with write():
        made = opening.confirm(_opening(event_id, opening_id), roles=g.roles, actor=by, now=clock.now())
        found = the_coding(event_id)
        shown = not isinstance(made, Problem) and found.all_open and not found.unlocked and opening.reveal(found, actor=by, now=clock.now()) is None
    if isinstance(made, Problem):
        tell(made)
    else:
        say("已启封，指纹与封存时一致" + ("；各层都已启封，成绩页开始显示名称" if shown else ""))
    return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))


@blueprint.post("/<int:event_id>/openings/<int:opening_id>/drop")
@guard("codes.open")
def drop(event_id, opening_id):
    with write():
        problem = opening.drop(_opening(event_id, opening_id), actor=actor(), now=clock.now())
    tell(problem) if problem else say("申请已撤回，没有启封")
    return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))


@blueprint.post("/<int:event_id>/reveal")
@guard("codes.open")
def reveal(event_id):
    """After an emergency opening: names appear once the marks are locked."""
    with write():
        problem = opening.reveal(the_coding(event_id), actor=actor(), now=clock.now())
    tell(problem) if problem else say("成绩页开始显示名称")
    return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))


@blueprint.get("/<int:event_id>/protocol")
@guard("codes.keep")
def protocol(event_id):
    """加密与解密记录表, to print and sign: who keeps what since when, who opened it when; no code stands in it."""
    found = the_coding(event_id)
    if not found.layers:
        tell("还没有设定加密方案，设定后才有记录表")
        return redirect(url_for("blind.show", contest_id=g.contest.id, event_id=event_id))
    return render_template("blind/protocol.html", found=found, event=found.event, sources=sealing.SOURCES, rule=CODE_RULE,
                           openings=service.openings(found), kinds=opening.KINDS)  # fmt: skip


blueprints = (blueprint,)
