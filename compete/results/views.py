"""Standings with every intermediate figure, the explanation of a place, charts, decisions on ties."""

import re

import sqlalchemy as sa
from flask import Blueprint, abort, g, redirect, render_template, request, url_for

import scoring
from compete import clock
from compete.access import actor, guard, reveals
from compete.contests import schemes
from compete.database import write
from compete.models import Decision, Entry, Event, db
from compete.results import agreement, big, charts, live, service, table
from compete.results.facts import UNCODED, board, even_board, marked
from compete.results.forms import DecideForm
from compete.results.reading import COUNTED
from compete.web import Page, live_answer, mine, say, tell, unveiled
from scoring.problems import Problem

blueprint = Blueprint("results", __name__, url_prefix="/contests/<int:contest_id>/results")


def the_event(event_id: int) -> Event:
    """The event of this number; 404 where it is of another contest."""
    event = schemes.load(event_id)
    return event if event and event.contest_id == g.contest.id else abort(404)


def events_of(contest_id: int) -> dict[Event, int]:
    """The contest's events in their order, without their schemes, and how many entries each has."""
    size = sa.select(sa.func.count(Entry.id)).where(Entry.event_id == Event.id, Entry.state.in_(COUNTED)).scalar_subquery()
    return dict(db.session.execute(sa.select(Event, size).where(Event.contest_id == contest_id).order_by(Event.position, Event.id)).all())


def chosen(event_id: int | None) -> tuple[list[Event], Event | None]:
    """(events for the tabs, the one of the URL or else the first); None in a contest without events."""
    tabs = schemes.load_all(g.contest.id)
    if event_id is None:
        return tabs, tabs[0] if tabs else None
    return tabs, next((event for event in tabs if event.id == event_id), None) or abort(404)


@blueprint.get("")
@guard("results.view")
@reveals
def index():
    return _standings(None)


@blueprint.get("/<int:event_id>")
@guard("results.view")
@reveals
def event(event_id):
    return _standings(event_id)


def _standings(event_id):
    link = url_for("results.entry", contest_id=g.contest.id, entry_id=0)[:-1]
    sizes = events_of(g.contest.id)
    tabs = list(sizes)
    event = tabs[0] if tabs and event_id is None else next((event for event in tabs if event.id == event_id), None)
    if event is None:
        return render_template("results/empty.html") if event_id is None else abort(404)
    found = live.standing_of(g.contest.id, event.id).page(link, g.contest, sizes[event])
    if found is None:
        tabs, event = chosen(event.id)
        if big.applies(event):
            return _big_standings(tabs, event)
        computed = board(event)
        outcome, heads = computed.outcome, table.columns(computed.scheme, computed.facts)
        found = live.Page(computed.scheme, computed.labels, heads, table.rows(computed, heads, link), service.open_ties(computed),
                          [standing.number for standing in outcome.standings if standing.status == "incomplete"], bool(outcome.unknown))  # fmt: skip
    return render_template("results/index.html", tabs=tabs, event=event, page=found, ties=[[found.labels[entry] for entry in tie] for tie in found.ties])


def _big_standings(tabs, event):
    field, text = big.big_board(event), request.args.get("q", "").strip()[:100]
    rows, total, number = big.page(event, field, request.args.get("page", 1, type=int), text)
    return render_template("results/big.html", tabs=tabs, event=event, field=field, text=text, page=Page(rows, total, number, big.PER_PAGE),
                           **big.hindrances(field))  # fmt: skip


def _named_ties(found):
    return [[found.labels[entry] for entry in group] for group in service.open_ties(found)]


@blueprint.get("/<int:event_id>/live", endpoint="live")
@guard("results.view")
@reveals
def live_standings(event_id):
    """The whole standing as a document, for pages that follow the judging: see results.live."""
    return live_answer(live.standing_of(g.contest.id, event_id).document() or abort(404))


@blueprint.get("/entries/<entry:entry_id>")
@guard("results.view")
@reveals
def entry(entry_id):
    """The whole way from marks to place of one entry."""
    row = mine(Entry, entry_id)
    found = board(the_event(row.event_id))
    unveiled(entry_id, found.event.is_veiled)
    if entry_id not in found.outcome.by_entry:
        abort(404)
    facts = marked(found, entry_id)
    explanation = scoring.explain(found.scheme, facts, found.outcome, entry_id)
    fact = next(fact for fact in facts.entries if fact.entry == entry_id)
    return render_template("results/entry.html", label=found.labels[entry_id], event=found.event, scheme=found.scheme, explanation=explanation,
                           standing=found.outcome.standing(entry_id), fact=fact, judges=facts.judges)  # fmt: skip


@blueprint.get("/<int:event_id>/charts", endpoint="charts")
@guard("results.view")
@reveals
def charts_page(event_id):
    tabs, event = chosen(event_id)
    found = board(event)
    judged = {part.code: part for part in found.scheme.parts if part.kind == "judged"}
    if not judged:
        return render_template("results/empty.html")
    part = judged.get(request.args.get("part"), next(iter(judged.values())))
    bars, spread = charts.histogram(found)
    boxes, ticks = charts.boxes(found, part.code)
    return render_template("results/charts.html", tabs=tabs, event=event, board=found, part=part, bars=bars, spread=spread,
                           boxes=boxes, ticks=ticks, heat=charts.heat(found, part.code), text=charts.text)  # fmt: skip


@blueprint.get("/<int:event_id>/judges")
@guard("results.view")
@reveals
def judges(event_id):
    """How far the judges agree, who is severe or lenient, and what the result would be without each of them."""
    tabs, event = chosen(event_id)
    found = even_board(event)
    judged = [part for part in found.scheme.parts if part.kind == "judged"]
    if not judged:
        return render_template("results/empty.html")
    part = next((part for part in judged if part.code == request.args.get("part")), judged[0])
    without = request.args.get("without", type=int)
    return render_template("results/judges.html", tabs=tabs, event=event, parts=judged, part=part, without=without,
                           found=agreement.analyse(found, part.code, without), number=agreement.text)  # fmt: skip


@blueprint.route("/<int:event_id>/decide", methods=["GET", "POST"])
@guard("results.decide")
@reveals
def decide(event_id):
    found = board(the_event(event_id))
    ties = service.open_ties(found)
    form = DecideForm()
    if form.validate_on_submit():
        numbers = [number.lstrip("0") if number.isdecimal() else number for number in re.findall(r"\w+", form.order.data)]
        by_number = {label.sign: entry for entry, label in found.labels.items() if label.sign != UNCODED}
        unknown = [number for number in numbers if number not in by_number]
        if unknown:
            form.order.errors = [f"没有 {unknown[0]} 号，请核对编号"]
        else:
            with write():
                fresh = board(schemes.load(event_id))
                made = service.decide(board=fresh, entries=[by_number[number] for number in numbers], method=form.method.data,
                                      reason=form.reason.data, actor=actor(), now=clock.now())  # fmt: skip
            if isinstance(made, Problem):
                tell(made)
            else:
                say("决定已记录，名次随即更新")
                return redirect(url_for("results.event", contest_id=g.contest.id, event_id=event_id))
    return render_template("results/decide.html", event=found.event, form=form, ties=_named_ties(found), open=bool(ties),
                           decisions=service.decisions_of(event_id), labels=found.labels, methods=service.METHODS)  # fmt: skip


@blueprint.post("/<int:event_id>/decisions/<int:decision_id>/revoke")
@guard("results.decide")
def revoke(event_id, decision_id):
    with write():
        event = mine(Event, event_id)
        decision = db.session.get(Decision, decision_id)
        if decision is None or decision.event_id != event.id or decision.revoked_at:
            abort(404)
        problem = service.revoke(decision=decision, event=event, actor=actor(), now=clock.now())
    if problem:
        tell(problem)
    else:
        say("决定已撤销")
    return redirect(url_for("results.decide", contest_id=g.contest.id, event_id=event_id))


blueprints = (blueprint,)
