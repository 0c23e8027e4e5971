"""主持台: what the host does while judging goes on: the page, its state for refreshing, and every press of a button."""

from flask import abort, g, jsonify, redirect, render_template, request, session, url_for

from compete import clock as wall
from compete.access import actor, guard
from compete.database import write
from compete.judging.pages_sessions import STATES
from compete.live import clock, presses, state, told
from compete.live.blueprint import blueprint
from compete.live.forms import Press
from compete.models import Contest, db
from compete.web import say, tell
from scoring.problems import Problem

SHEETS = {"none": "quiet", "draft": "wait", "returned": "bad", "submitted": "good", "locked": "good", "recused": "quiet",
          "absent": "quiet", "ruled": "quiet"}  # fmt: skip
REGIONS = ("halls", "alerts", "stage", "seats", "screens", "session")


@blueprint.get("")
@guard("live.run")
def console():
    """The session that this host last chose, else the one that is being judged."""
    halls = state.halls(g.contest.id)
    if not halls:
        return render_template("live/console.html", halls=[], hall=None)
    chosen = request.args.get("session", type=int) or session.get("hall")
    found = next((hall for hall in halls if hall.session.id == chosen), None) or min(halls, key=lambda hall: _first(hall.session.state))
    if "session" in request.args and session.get("hall") != found.session.id:
        session["hall"] = found.session.id
    return _page(halls, found)


def _first(name: str) -> int:
    return ("open", "waiting", "closed").index(name)


def _page(halls: list[state.Hall], hall: state.Hall):
    now = wall.now()
    tag, seats, screens = state.signs(hall, g.contest.audit_count, now)
    found = state.read(hall, seats, screens, now)
    return render_template("live/console.html", live=_live(found, tag, now), **_words(halls, found, now))


def _words(halls: list[state.Hall], found: state.State, now) -> dict:
    part = found.hall.part
    return {
        "halls": halls, "hall": found.hall, "state": found, "states": STATES, "kinds": SHEETS, "told": told.told([screen for screen, _ in found.screens]), "face": clock.face(found.clock, clock.epoch_ms(now)),
        "over": found.clock.over(clock.epoch_ms(now)), "rule": clock.rule_text(part.timing), "minutes": {"speech": part.speech_minutes, "questions": part.question_minutes},
    }  # fmt: skip


def _live(found: state.State, tag: str, now) -> dict:
    """What the page's script needs beside the words: the clock and what it warns of."""
    return {
        "tag": tag, "revision": found.revision, "clock": found.clock.document(), "now": clock.epoch_ms(now),
        "warnings": found.warnings, "overtime": found.overtime, "session": found.hall.session.id,
    }  # fmt: skip


def _halls() -> tuple[list[state.Hall], state.Hall]:
    """(all, the one asked for)."""
    halls, wanted = state.halls(g.contest.id), request.args.get("session", type=int)
    return halls, next((hall for hall in halls if hall.session.id == wanted), None) or abort(404)


@blueprint.get("/state")
@guard("live.run")
def console_state():
    """The same as the page shows, in pieces; 304 while nothing has changed."""
    (halls, hall), now = _halls(), wall.now()
    tag, seats, screens = state.signs(hall, g.contest.audit_count, now)
    if request.if_none_match.contains(tag):
        answer = jsonify()
        answer.status_code = 304
        answer.set_data(b"")
    else:
        answer = jsonify(_pieces(halls, hall, tag, seats, screens, now))
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Now"] = str(clock.epoch_ms(now))
    return answer


def _pieces(halls: list[state.Hall], hall: state.Hall, tag: str, seats, screens, now) -> dict:
    found = state.read(hall, seats, screens, now)
    words = _words(halls, found, now)
    html = {name: render_template(f"live/_console_{name}.html", **words) for name in REGIONS}
    return {**_live(found, tag, now), "html": html}


@blueprint.post("/press")
@guard("live.run")
def press():
    """One press of a button. Answered with the new state to the script, with the page to a browser without it."""
    (halls, hall), form, now = _halls(), Press(), wall.now()
    if form.validate_on_submit():
        with write():
            halls, hall = _halls()
            done = presses.press(
                hall, form.do.data, seen=form.seen.data, touch=form.touch.data or "", reason=form.reason.data or "", text=form.text.data or "",
                actor=actor(), now=now,
            )  # fmt: skip
    else:
        wrong = "；".join(text for texts in form.errors.values() for text in texts)
        done = Problem("press", "主持台", wrong, "请刷新页面后再按")
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) != "application/json":
        tell(done) if isinstance(done, Problem) else say(done)
        return redirect(url_for("live.console", contest_id=g.contest.id, session=hall.session.id))
    return _answer(halls, hall, done)


def _answer(halls: list[state.Hall], hall: state.Hall, done: str | Problem):
    wall_now = wall.now()
    tag, seats, screens = state.signs(hall, _trail(), wall_now)
    told = {"problem": f"{done.where}：{done.message}。{done.mend}", "code": done.code} if isinstance(done, Problem) else {"said": done}
    answer = jsonify(**told, **_pieces(halls, hall, tag, seats, screens, wall_now))
    answer.status_code = 409 if isinstance(done, Problem) else 200
    answer.headers["X-Now"] = str(clock.epoch_ms(wall_now))
    return answer


def _trail() -> int:
    """The length of the contest's trail after what was just written."""
    return db.session.scalar(db.select(Contest.audit_count).where(Contest.id == g.contest.id))


@blueprint.get("/order")
@guard("live.run")
def console_order():
    """The whole running order, to call anybody: opened on the console, or as a page of its own."""
    (halls, hall), now = _halls(), wall.now()
    tag, seats, screens = state.signs(hall, g.contest.audit_count, now)
    found = state.read(hall, seats, screens, now)
    only = request.headers.get("X-Piece")
    return render_template("live/_console_order.html" if only else "live/order.html", **_words(halls, found, now))
