"""场次: the list, one session with its entries, and opening, closing, opening again."""

from functools import cache

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.contests import schemes
from compete.database import write
from compete.judging import sessions as service
from compete.judging import sheets
from compete.judging.blueprint import blueprint
from compete.judging.forms import Reason, SessionForm
from compete.models import SESSION_STATES, Draw, Entry, Event, Organization, Panel, Part, Seat, Session, Sheet, Slot, Stage, db
from compete.web import mine, page_of, say, tell
from scoring.problems import Problem

SHOWN = 200  # entries on the session's own page; the board shows all, paged
STATES = {state: (word, kind) for (state, word), kind in zip(SESSION_STATES.items(), ("quiet", "wait", "good"), strict=True)}


@cache
def _listed():
    def count(table, *where):
        return sa.select(sa.func.count()).select_from(table).where(*where).scalar_subquery()

    return (
        sa.select(
            Session, Part.name.label("part"), Part.locked_at, Part.panel.label("rule"), Stage.name.label("stage"),
            Event.id.label("event_id"), Event.name.label("event"), Event.is_veiled.label("is_blind"), Panel.name.label("panel"),
            count(Slot, Slot.session_id == Session.id).label("entries"),
            count(Seat, Seat.panel_id == Session.panel_id).label("judges"),
            count(Sheet, Sheet.session_id == Session.id, Sheet.state.in_(sheets.DONE)).label("done"),
            Draw.seed, Draw.drawn_at,
        )
        .join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .outerjoin(Panel, Panel.id == Session.panel_id)
        .outerjoin(Draw, sa.and_(Draw.session_id == Session.id, Draw.superseded_at.is_(None)))
        .where(Session.contest_id == sa.bindparam("contest")).order_by(Session.position, Session.id)
    )  # fmt: skip


def listed(*conditions):
    """Sessions with the names and numbers that lists of them show, in one query."""
    return db.session.execute(_listed().where(*conditions), {"contest": g.contest.id}).all()


def listed_one(session_id: int):
    """One of them; 404 when it is not of this contest."""
    return next(iter(listed(Session.id == session_id)), None) or abort(404)


@blueprint.get("/sessions")
@guard("judging.watch")
def sessions():
    return render_template("judging/sessions.html", rows=listed(), states=STATES, parts=_parts())


def _parts() -> list[tuple[int, str]]:
    """Parts that take marks, to choose from: "金成果 · 决赛路演 · 路演"."""
    rows = db.session.execute(
        sa.select(Part.id, Event.name, Stage.name, Part.name).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .where(Event.contest_id == g.contest.id, Part.kind.not_in(schemes.FIGURE_KINDS)).order_by(Event.position, Stage.position, Part.position)
    )  # fmt: skip
    return [(number, " · ".join(dict.fromkeys(names))) for number, *names in rows]


def _form(session: Session | None) -> SessionForm:
    form = SessionForm(obj=session)
    form.part_id.choices = _parts()
    panels = db.session.execute(sa.select(Panel.id, Panel.name).where(Panel.contest_id == g.contest.id).order_by(Panel.id)).all()
    form.panel_id.choices = [(0, "以后再定"), *((number, name) for number, name in panels)]
    if session is None and request.method == "GET" and len(panels) == 1:
        form.panel_id.data = panels[0][0]
    return form


@blueprint.route("/sessions/new", methods=["GET", "POST"])
@guard("judging.manage")
def session_new():
    form = _form(None)
    if form.validate_on_submit():
        with write():
            row = service.create(g.contest, actor=actor(), now=clock.now(), **form.details())
            found = service.assign(row, None, actor=actor(), now=clock.now()) if "fill" in request.form else (0, 0)
        say(f"已建立“{row.name}”" + (f"，分配了 {found[0]} 个参赛对象" if found[0] else ""))
        return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=row.id))
    return render_template("judging/session_form.html", form=form, session=None)


@blueprint.route("/sessions/<int:session_id>/edit", methods=["GET", "POST"])
@guard("judging.manage")
def session_edit(session_id: int):
    row = mine(Session, session_id)
    form = _form(row)
    if form.validate_on_submit():
        with write():
            row = mine(Session, session_id)
            problem = service.update(row, actor=actor(), now=clock.now(), **form.details())
        if problem is None:
            say(f"“{row.name}”已保存")
            return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=session_id))
        tell(problem)
    return render_template("judging/session_form.html", form=form, session=row)


@blueprint.get("/sessions/<int:session_id>")
@guard("judging.watch")
def session(session_id: int):
    found = listed_one(session_id)
    seats = sheets.seats(found.Session)
    problems = []
    if found.Session.state == "waiting":
        event = schemes.load(found.event_id)
        problems = service.unready(found.Session, event, judges=len(seats), entries=found.entries, locked=found.locked_at is not None)
    return render_template(
        "judging/session.html", found=found, session=found.Session, slots=sheets.slots(session_id, limit=SHOWN), states=STATES,
        seats=seats, problems=problems, reason=Reason(formdata=None), label_of=label_of,
        left=_left(found.Session, seats) if found.Session.state == "open" else "",
    )  # fmt: skip


def _left(row: Session, seats: list[sheets.SeatRow]) -> str:
    """What is still out while the session is open, in words; "" where nothing is."""
    tallies = sheets.tally(row, seats).values()
    awaited, begun = sum(tally.awaited for tally in tallies), sum(tally.draft + tally.returned for tally in tallies)
    unsent = service.undelivered([seat.judge_id for seat in seats])
    words = [f"还差 {awaited} 张" + (f"（其中 {begun} 张已打了一部分）" if begun else "")] if awaited else []
    return "，".join(words + ([f"平板上还有 {unsent} 处打分没有送达"] if unsent else []))


def label_of(slot: sheets.SlotRow, blind: bool) -> str:
    """What an entry is called on pages about judging: its code where judged blind, else its number."""
    if blind:
        return slot.code or (f"第{slot.position}项" if slot.position else "未编码")
    return f"{slot.number:02d}"


@blueprint.route("/sessions/<int:session_id>/entries", methods=["GET", "POST"])
@guard("judging.manage")
def session_entries(session_id: int):
    """Which entries are judged in this session: all that are free by one click, or chosen ones."""
    row = mine(Session, session_id)
    if request.method == "POST":
        wanted = None if "all" in request.form else _chosen(row)
        with write():
            found = service.assign(mine(Session, session_id), wanted, actor=actor(), now=clock.now())
        if isinstance(found, Problem):
            tell(found)
            return redirect(url_for("judging.session_entries", contest_id=g.contest.id, session_id=session_id))
        say(f"“{row.name}”：加入 {found[0]} 个，移出 {found[1]} 个参赛对象")
        return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=session_id))
    present = set(db.session.scalars(sa.select(Slot.entry_id).where(Slot.session_id == session_id)))
    here = sa.or_(Entry.id.in_(service.candidates(row).with_only_columns(Entry.id).order_by(None)), Entry.id.in_(present))
    query = (
        sa.select(Entry.id, Entry.number, Entry.title, Entry.state, Organization.name.label("unit"))
        .outerjoin(Organization, Organization.id == Entry.organization_id).where(here).order_by(Entry.number)
    )  # fmt: skip
    return render_template("judging/session_entries.html", session=row, page=page_of(query, size=500, rows=True), present=present)


def _chosen(row: Session) -> list[int]:
    """The ticked entries; those of other pages of the list stay as they are."""
    shown = set(request.form.getlist("shown", type=int))
    ticked = set(request.form.getlist("entry", type=int))
    present = set(db.session.scalars(sa.select(Slot.entry_id).where(Slot.session_id == row.id)))
    return sorted((present - shown) | (ticked & shown))


@blueprint.post("/sessions/<int:session_id>/open")
@guard("judging.manage")
def session_open(session_id: int):
    with write():
        row = mine(Session, session_id)
        problems = service.open_session(row, actor=actor(), now=clock.now())
    tell(*problems) if problems else say(f"“{row.name}”开始评分，评委的平板上已可打分")
    return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/close")
@guard("judging.manage")
def session_close(session_id: int):
    with write():
        row = mine(Session, session_id)
        problem = service.close(row, actor=actor(), now=clock.now())
    tell(problem) if problem else say(f"“{row.name}”已结束，不再收分；退回的评分表仍可重交")
    return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/reopen")
@guard("judging.manage")
def session_reopen(session_id: int):
    form = Reason()
    if form.validate_on_submit():
        with write():
            row = mine(Session, session_id)
            problem = service.reopen(row, reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say(f"“{row.name}”已重新开放评分")
    else:
        tell(*form.reason.errors)
    return redirect(url_for("judging.session", contest_id=g.contest.id, session_id=session_id))


@blueprint.post("/sessions/<int:session_id>/remove")
@guard("judging.manage")
def session_remove(session_id: int):
    with write():
        row = mine(Session, session_id)
        name = row.name
        problem = service.remove(row, actor=actor(), now=clock.now())
    tell(problem) if problem else say(f"已删除“{name}”")
    return redirect(url_for("judging.sessions", contest_id=g.contest.id))
