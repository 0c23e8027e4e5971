"""亮分: which entries can be shown, what was shown, standings frozen for the hall, and taking a showing back."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, session, url_for

from compete import clock
from compete.access import actor, guard
from compete.contests import schemes
from compete.database import write
from compete.judging import masks, sheets
from compete.judging.pages_sessions import listed
from compete.live import screens, showings, turns
from compete.live.blueprint import blueprint
from compete.models import Entry, Event, Part, Podium, Showing, db
from compete.results.facts import UNCODED
from compete.web import Page, mine, page_of, say, tell
from scoring.problems import Problem

PER_PAGE = 100


@blueprint.get("/scores")
@guard("live.run")
def scores():
    """The entries of a session: whose sheets are all in, and which scores were shown. No mark stands here."""
    found = listed()
    chosen = _chosen(found)
    if chosen is None:
        return render_template("live/scores.html", rows=found, found=None)
    hall = chosen.Session
    query = showings.shown_of(hall.part_id)
    shown = {row.entry_id: row for row in db.session.execute(query)}
    podium = db.session.scalar(sa.select(Podium).where(Podium.session_id == hall.id))
    progress = turns.progress(hall, sheets.seats(hall))
    lines = [_line(row, progress.get(row.slot_id), shown.get(row.entry_id), chosen.is_blind) for row in sheets.slots(hall.id)]
    ready = sum(line["ready"] and not line["showing"] for line in lines)
    if request.args.get("show") == "ready":
        lines = [line for line in lines if line["ready"] and not line["showing"]]
    number = max(1, request.args.get("page", 1, type=int))
    page = Page(lines[(number - 1) * PER_PAGE : number * PER_PAGE], len(lines), number, PER_PAGE)
    return render_template(
        "live/scores.html", rows=found, found=chosen, session=hall, kept=session.get("show", {}), page=page, ready=ready, shown=len(shown), screens=screens.listed(g.contest.id),
        on_stage=podium.slot_id if podium else None, stale=showings.stale(hall.part_id) if shown else [],
        boards=showings.listed(g.contest.id, Showing.kind == "standings", Showing.event_id == chosen.event_id)[:10],
        several=_judged_parts(hall.part_id) > 1, released=showings.release_of(chosen.event_id) is not None,
    )  # fmt: skip


def _chosen(found: list):
    """The session asked for, else the one that is being judged, else the first."""
    wanted = request.args.get("session", type=int)
    if wanted is not None:
        return next((row for row in found if row.Session.id == wanted), None) or abort(404)
    return next((row for row in found if row.Session.state == "open"), found[0] if found else None)


def _line(row: sheets.SlotRow, state: turns.Progress | None, shown, blind: bool) -> dict:
    name = {"number": row.code or UNCODED, "title": "", "organization": ""} if blind else {
        "number": f"{row.number:02d}", "title": row.title, "organization": row.organization}  # fmt: skip
    done, awaited = (state.done, state.awaited) if state else (0, 0)
    return {"slot": row.slot_id, "entry": row.key, "out": "" if row.status in turns.PRESENT else row.status_text, "done": done,
            "all": done + awaited, "ready": bool(done) and not awaited and row.status in turns.PRESENT, "showing": shown, **name}  # fmt: skip


def _entry(text: str) -> Entry:
    """The entry that a button names, masked where judged blind."""
    return mine(Entry, masks.named(text))


def _judged_parts(part_id: int) -> int:
    """How many parts of this one's stage are judged."""
    stage = sa.select(Part.stage_id).where(Part.id == part_id).scalar_subquery()
    return db.session.scalar(sa.select(sa.func.count(Part.id)).where(Part.stage_id == stage, Part.kind.not_in(schemes.FIGURE_KINDS)))


def _back():
    return redirect(url_for("live.scores", contest_id=g.contest.id, session=request.form.get("session", type=int), show=request.form.get("show") or None))


def _put(made: Showing, **chosen: bool) -> None:
    """Puts what was just released on the chosen screens, and says so. What was chosen stands chosen the next time."""
    names, known, wanted = [], {row.id: row for row in screens.listed(g.contest.id)}, request.form.getlist("screen", type=int)
    session["show"] = {**session.get("show", {}), **chosen, "off": [number for number in known if number not in wanted]}
    for number in wanted:
        row = known.get(number) or abort(404)
        put = screens.direct(row, scene=made.kind, data={"showing": made.id}, actor=actor(), now=clock.now())
        names += [row.name] if not isinstance(put, Problem) else []
    say(f"第 {made.number} 次亮出：{showings.KINDS[made.kind]}" + (f"，正在显示：{'、'.join(names)}" if names else "，还没有放上屏幕"))


@blueprint.post("/scores/show")
@guard("live.run")
def score_show():
    form = request.form
    entry, part = _entry(form.get("entry", "")), mine(Part, form.get("part", 0, type=int))
    with write():
        made = showings.show_score(part.id, entry.id, names="names" in form, place="place" in form,
                                   actor=actor(), now=clock.now())  # fmt: skip
        if not isinstance(made, Problem):
            _put(made, names="names" in form, place="place" in form)
    if isinstance(made, Problem):
        tell(made)
    return _back()


@blueprint.post("/scores/standings")
@guard("live.run")
def standings_show():
    form = request.form
    mine(Event, form.get("event", 0, type=int))
    session_part = mine(Part, form.get("part", type=int))
    with write():
        made = showings.show_standings(
            form.get("event", type=int), stage_id=session_part.stage_id, part_id=session_part.id if form.get("of") == "part" else None,
            whole=form.get("of") == "whole", actor=actor(), now=clock.now(),
        )  # fmt: skip
        if not isinstance(made, Problem):
            _put(made)
    if isinstance(made, Problem):
        tell(made)
    return _back()


@blueprint.get("/showings")
@guard("live.run")
def showing_list():
    """Everything that was ever shown, with what became of it."""
    query = sa.select(Showing, Event.name, Event.is_veiled, Entry.number).options(sa.orm.defer(Showing.document))
    query = query.outerjoin(Event, Event.id == Showing.event_id).outerjoin(Entry, Entry.id == Showing.entry_id).where(Showing.contest_id == g.contest.id)
    return render_template("live/showings.html", page=page_of(query.order_by(Showing.number.desc()), rows=True), kinds=showings.KINDS)


@blueprint.post("/showings/<int:showing_id>/withdraw")
@guard("live.run")
def showing_withdraw(showing_id: int):
    with write():
        gone = showings.withdraw(mine(Showing, showing_id), reason=request.form.get("reason", ""), actor=actor(), now=clock.now())
    if isinstance(gone, Problem):
        tell(gone)
    else:
        more = f"，连同含有它的成绩榜（{'、'.join(f'第 {row.number} 次' for row in gone[1:])}）" if gone[1:] else ""
        say(f"第 {gone[0].number} 次亮出已撤回，所有屏幕不再显示{more}")
    return redirect(url_for("live.showing_list", contest_id=g.contest.id))
