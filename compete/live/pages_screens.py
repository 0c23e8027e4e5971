"""大屏: the screens with their addresses, and the remote control of each."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging.pages_cards import qr
from compete.live import ceremony, screens, showings, told
from compete.live.blueprint import blueprint
from compete.models import SCENES, Entry, Event, Poll, Release, Screen, Session, Showing, db
from compete.web import mine, say, tell
from scoring.problems import Problem

# Where the remote control is, by what was pressed: the page comes back to it.
PLACES = {"message": "message", "score": "score", "standings": "standings", "ceremony": "ceremony", "vote": "vote"}
RECENT = 30


def the_screen(screen_id: int) -> Screen:
    row = mine(Screen, screen_id)
    return row if row.removed_at is None else abort(404)


@blueprint.get("/screens")
@guard("live.run")
def screen_list():
    rows = screens.listed(g.contest.id)
    return render_template("live/screens.html", rows=rows, kinds=screens.KINDS, told=told.told(rows), on=_on(rows), here_only=_here_only(),
                           addresses={row.id: url_for("screen.show", key=row.key, _external=True) for row in rows})  # fmt: skip


@blueprint.post("/screens")
@guard("live.run")
def screen_make():
    with write():
        made = screens.make(g.contest.id, name=request.form.get("name", ""), kind=request.form.get("kind", "hall"), actor=actor(), now=clock.now())
    if isinstance(made, Problem):
        tell(made)
        return redirect(url_for("live.screen_list", contest_id=g.contest.id))
    say(f"“{made.name}”已建好，请在要用的电脑或电视上打开它的地址")
    return redirect(url_for("live.screen", contest_id=g.contest.id, screen_id=made.id))


@blueprint.get("/screens/<int:screen_id>")
@guard("live.run")
def screen(screen_id: int):
    """The remote control of one screen."""
    row = the_screen(screen_id)
    address = url_for("screen.show", key=row.key, _external=True)
    return render_template(
        "live/screen_remote.html", row=row, kinds=screens.KINDS, themes=screens.THEMES, scenes=SCENES, told=told.told([row])[row.id].words,
        on=_on([row])[row.id], address=address, qr=qr(address), here_only=_here_only(), sessions=_sessions(), audience=_audience(),
        shown=_shown("score"), boards=_shown("standings"), released=_released(), polls=_polls(), paces=ceremony.PACES, spoken=ceremony.spoken,
        **_ceremony(row),
    )  # fmt: skip


def _ceremony(row: Screen) -> dict:
    """All steps where the screen is in a ceremony, or the problem; `held`: the step at which another scene interrupted one."""
    on, held = row.scene == "ceremony", ceremony.held(row)
    steps = ceremony.of_screen(row) if on or held else ()
    if isinstance(steps, Problem):
        return {"gone": steps if on else None}
    return {"acts": steps if on else None, "held": steps[held["step"]] if held and not on else None}


@blueprint.post("/screens/<int:screen_id>/direct")
@guard("live.run")
def screen_direct(screen_id: int):
    form, scene = request.form, request.form.get("scene", "")
    with write():
        row = the_screen(screen_id)
        settings = "settings" in form
        if settings:
            data = {name: value for name, value in (row.data or {}).items() if name != "address"}
            data |= {"address": form["address"]} if form.get("address") else {}
            made = screens.adjust(row, data=data, session_id=form.get("session_id", type=int), theme=form.get("theme"), actor=actor(), now=clock.now())
        else:
            made = screens.direct(row, scene=scene, data=_given(scene), session_id=form.get("session_id", type=int), actor=actor(), now=clock.now())
        scene, name = row.scene, row.name
    if isinstance(made, Problem):
        tell(made)
    else:
        say(f"“{name}”的设置已更新" if settings else f"“{name}”正在显示：{SCENES[scene]}")
    return redirect(url_for("live.screen", contest_id=g.contest.id, screen_id=screen_id, _anchor=PLACES.get(form.get("scene"))))


def _given(scene: str) -> dict:
    """What the form says about the scene, as the service wants it."""
    form = request.form
    if scene == "vote":
        return _vote()
    number = {name: form.get(name, type=int) for name in ("showing", "page", "event", "poll")}
    found = {name: value for name, value in number.items() if value is not None}
    found |= {"step": form.get("step", 1, type=int) - 1} if scene == "ceremony" else {}
    return found | {name: form[name] for name in ("text", "qr", "pace") if name in form} | {name: name in form for name in ("calm", "amounts", "resume")}


def _vote() -> dict:
    """The poll with the address of its page for phones; with `counts`, what a closed one comes to is released first."""
    poll = mine(Poll, request.form.get("poll", 0, type=int))
    if "counts" in request.form:
        made = showings.show_vote(poll, actor=actor(), now=clock.now())
        if isinstance(made, Problem):
            tell(made)
    return {"poll": poll.id, "qr": url_for("phone_vote.page", key=poll.key, _external=True)}


@blueprint.post("/screens/<int:screen_id>/step")
@guard("live.run")
def screen_step(screen_id: int):
    with write():
        made = screens.step(the_screen(screen_id), seen=request.form.get("seen", -1, type=int), by=request.form.get("by", 0, type=int),
                            actor=actor(), now=clock.now())  # fmt: skip
    if isinstance(made, Problem):
        tell(made)
    return redirect(url_for("live.screen", contest_id=g.contest.id, screen_id=screen_id, _anchor="ceremony"))


@blueprint.post("/screens/<int:screen_id>/rename")
@guard("live.run")
def screen_rename(screen_id: int):
    with write():
        problem = screens.rename(the_screen(screen_id), name=request.form.get("name", ""), actor=actor(), now=clock.now())
    tell(problem) if problem else say("已改名")
    return redirect(url_for("live.screen", contest_id=g.contest.id, screen_id=screen_id))


@blueprint.post("/screens/<int:screen_id>/remove")
@guard("live.run")
def screen_remove(screen_id: int):
    with write():
        row = the_screen(screen_id)
        name = row.name
        screens.remove(row, actor=actor(), now=clock.now())
    say(f"“{name}”已移除，它的地址不再显示内容")
    return redirect(url_for("live.screen_list", contest_id=g.contest.id))


def _on(rows: list[Screen]) -> dict[int, bool]:
    now = clock.now()
    return {row.id: screens.is_on(row, now) for row in rows}


def _here_only() -> bool:
    """Whether this page was opened by an address that other devices cannot reach."""
    return request.host.split(":")[0] in ("localhost", "127.0.0.1", "[")


def _sessions() -> list[tuple[int, str]]:
    rows = db.session.execute(sa.select(Session.id, Session.name).where(Session.contest_id == g.contest.id).order_by(Session.position, Session.id))
    return [tuple(row) for row in rows]


def _audience() -> list[tuple[str, str]]:
    """(address, name) of the pages for phones, to be shown as a QR in a screen's corner."""
    return [(url_for("screen.show", key=row.key, _external=True), row.name) for row in screens.listed(g.contest.id) if row.kind == "audience"]


def _shown(kind: str) -> list[tuple[int, str]]:
    """The last showings in force, in words, with blind entries unnamed; a board by its event."""
    rows = showings.listed(g.contest.id, Showing.kind == kind, Showing.withdrawn_at.is_(None))[:RECENT]
    entries = db.session.execute(
        sa.select(Entry.id, Entry.number, Entry.title, Event.is_veiled).join(Event, Event.id == Entry.event_id)
        .where(Entry.id.in_([row.entry_id for row in rows if row.entry_id]))
    )  # fmt: skip
    names = {number: "盲评" if blind else f"{no:02d} 号 {title}" for number, no, title, blind in entries}
    events = dict(db.session.execute(sa.select(Event.id, Event.name).where(Event.id.in_({row.event_id for row in rows}))).all())
    return [(row.id, f"第 {row.number} 次 · {names[row.entry_id] if row.entry_id else events[row.event_id]} · {clock.local(row.made_at):%H:%M}") for row in rows]


def _released() -> list[tuple[int, str]]:
    """Events whose release is in force: what a ceremony can be held of."""
    query = sa.select(Event.id, Event.name, Release.number).join(Release, Release.event_id == Event.id)
    rows = db.session.execute(query.where(Event.contest_id == g.contest.id, Release.state != "withdrawn").order_by(Event.position, Event.id))
    return [(number, f"{name}（第 {release} 号发布）") for number, name, release in rows]


def _polls() -> list[Poll]:
    return list(db.session.scalars(sa.select(Poll).where(Poll.contest_id == g.contest.id, Poll.state != "draft").order_by(Poll.id.desc())))
