"""Pages of reviewing: the queue, decisions on entries, duplicates."""

from datetime import datetime

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.entries import checks, duplicates, listing, states
from compete.entries.attachments import coded_events
from compete.entries.base import blueprint, report, seen, sees_names
from compete.entries.forms import ReasonForm
from compete.models import Entry, Event, db
from compete.web import asked, mine, page_of, say, tell

QUEUE = 20


@blueprint.get("/entries/review")
@guard("entries.view")
def review():
    totals = listing.totals(g.contest.id, request.args.get("event_id", type=int))
    page = page_of(seen(_queue(request.args.get("event_id", type=int))), size=QUEUE)
    pairs = duplicates.pairs(g.contest, only=[entry.id for entry in page.items]) if page.items else []
    rows = []
    for entry in page.items:
        found = checks.problems(entry, pairs)
        rows.append((entry, found, checks.noted(entry, found)))
    return render_template("entries/review.html", page=page, rows=rows, totals=totals, event_id=request.args.get("event_id", type=int))


def _queue(event_id: int | None):
    query = (
        sa.select(Entry).join(Event, Entry.event_id == Event.id).where(Event.contest_id == g.contest.id, Entry.state == "pending")
        .options(joinedload(Entry.event), joinedload(Entry.organization), joinedload(Entry.delegation),
                 selectinload(Entry.members), selectinload(Entry.attachments))
        .order_by(Event.position, Entry.number)
    )  # fmt: skip
    return query.where(Entry.event_id == event_id) if event_id else query


@blueprint.post("/entries/<int:entry_id>/state/<verb>")
@guard("entries.edit")
def set_state(entry_id: int, verb: str):
    entry, form = mine(Entry, entry_id), ReasonForm()
    if verb not in states.VERBS:
        abort(404)
    form.checked()
    now = clock.now()
    with write():
        change = states.change(g.contest.id, [entry.id], verb, reason=form.reason.data or "", actor=actor(), now=now)
    report(change, f"{entry.number} 号“{entry.title}”：{states.VERBS[verb].label}", now)
    return redirect(_back(entry))


def _back(entry: Entry) -> str:
    if request.form.get("next") == "review":
        return url_for("entries.review", contest_id=g.contest.id, event_id=request.form.get("event_id", type=int) or None)
    if request.form.get("next") == "duplicates":
        return url_for("entries.duplicates", contest_id=g.contest.id)
    return url_for("entries.show", contest_id=g.contest.id, entry_id=entry.id)


@blueprint.post("/entries/<int:entry_id>/counting")
@guard("entries.edit")
def set_counting(entry_id: int):
    form = ReasonForm()
    form.checked()
    with write():
        entry = mine(Entry, entry_id)
        problems = states.set_counting(entry, request.form.get("counts") == "1", reason=form.reason.data or "", actor=actor(), now=clock.now())
    if problems:
        tell(*problems)
    else:
        say("已改为计入奖次" if entry.in_competition else "已改为不计奖次：照常评分，不占名次，后面的依次递补")
    return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=entry.id))


@blueprint.post("/entries/approve")
@guard("entries.edit")
def approve_many():
    """Those ticked in the list, or all pending ones without a problem (`clean`)."""
    form = ReasonForm()
    form.checked()
    now = clock.now()
    with write():
        ids = _without_problems() if "clean" in request.form else request.form.getlist("entry", type=int)
        change = states.change(g.contest.id, ids, "approve", actor=actor(), now=now) if ids else states.Change([], [])
    if not ids:
        tell("没有选中可以通过的项。请先在列表中勾选，或逐项审核有问题的")
    report(change, "已通过审核", now)
    if request.form.get("next") == "review":
        return redirect(url_for("entries.review", contest_id=g.contest.id))
    return redirect(url_for("entries.index", contest_id=g.contest.id, **asked()))


def _without_problems() -> list[int]:
    """Pending entries about which the review has nothing to say."""
    event_id = request.form.get("event_id", type=int)
    rows = db.session.scalars(_queue(event_id)).all()
    pairs = duplicates.pairs(g.contest)
    by_entry: dict[int, list] = {}
    for pair in pairs:
        for entry in (pair.first, pair.second):
            by_entry.setdefault(entry.id, []).append(pair)
    return [row.id for row in rows if not row.state_reason and not checks.problems(row, by_entry.get(row.id, ()))]


@blueprint.post("/entries/undo")
@guard("entries.edit")
def undo_state():
    ReasonForm().checked()
    try:
        at = datetime.fromisoformat(request.args.get("at", ""))
    except ValueError:
        abort(404)
    with write():
        change = states.undo(g.contest.id, at, actor=actor(), now=clock.now())
    if change.changed:
        say(f"已撤销，{len(change.changed)} 项恢复原状")
    elif not change.problems:
        tell("没有可以撤销的改动")
    tell(*change.problems[:8])
    if len(change.changed) == 1:
        return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=change.changed[0]))
    return redirect(url_for("entries.index", contest_id=g.contest.id))


@blueprint.get("/entries/duplicates", endpoint="duplicates")
@guard("entries.view")
def duplicate_pairs():
    pairs = duplicates.pairs(g.contest)
    if not sees_names():
        hidden = set(db.session.scalars(coded_events()))
        pairs = [pair for pair in pairs if not {pair.first.event_id, pair.second.event_id} & hidden]
    ids = {entry.id for pair in pairs for entry in (pair.first, pair.second)}
    names = {}
    if ids:
        loaded = db.session.scalars(sa.select(Entry).where(Entry.id.in_(ids)).options(listing.only_names()))
        names = {entry.id: [person.name for person in entry.members] for entry in loaded}
    return render_template("entries/duplicates.html", pairs=pairs[:200], total=len(pairs), names=names)


@blueprint.post("/entries/duplicates/<int:first_id>/<int:second_id>")
@guard("entries.edit")
def call_distinct(first_id: int, second_id: int):
    form = ReasonForm()
    form.checked()
    with write():
        first, second = mine(Entry, first_id), mine(Entry, second_id)
        duplicates.call_distinct(g.contest, first, second, reason=form.reason.data or "比对后确认是两项", actor=actor(), now=clock.now())
    say(f"已记录：{first.number} 号和 {second.number} 号不是重复，不再提示")
    return redirect(url_for("entries.duplicates", contest_id=g.contest.id))
