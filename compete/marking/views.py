"""The judge's pages: the card with its PIN, the tablet, and its modules."""

import json

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_login import current_user
from jinja2.utils import htmlsafe_json_dumps

from compete import clock
from compete.access import Actor, depart, device, enter, public
from compete.database import write
from compete.judging import cards
from compete.marking import api, carry_views, desk, entrance, files, form, guards, late_views, paper_views, review, rubrics, seats, signed_views, writing
from compete.marking.forms import PinForm
from compete.marking.guards import tablet
from compete.models import Contest, Judge, db
from compete.rehearsal import twins
from compete.setup import limiter
from scoring.problems import Problem

blueprint = Blueprint("marking", __name__)
blueprints = (blueprint, api.blueprint, review.blueprint, late_views.blueprint, signed_views.blueprint, carry_views.blueprint, paper_views.blueprint)

# From one address: a hall of judges behind one router signs in at once. Wrong PINs are counted per card (entrance.TRIES).
CARD_RATE = "300 per minute"


@blueprint.route("/card/<token>", methods=["GET", "POST"])
@limiter.limit(CARD_RATE, methods=["POST"])
@public
def card(*, token: str):
    """The page behind the QR code: says whose card it is and asks for the PIN."""
    judge = cards.find_by_token(token)
    if isinstance(judge, Problem):
        return render_template("marking/outside.html", problem=judge), 404
    real, judge = judge, twins.judge_of(judge) or judge
    present = current_user._get_current_object()
    if request.method == "GET" and isinstance(present, Judge) and present.id == judge.id:
        return redirect(_home(judge))
    pin_form = PinForm()
    if pin_form.validate_on_submit():
        problem = _enter(judge, real, pin_form.pin.data)
        if problem is None:
            return redirect(_home(judge))
        pin_form.pin.errors = [str(problem)]
    contest = db.session.get(Contest, judge.contest_id)
    other = present.name if current_user.is_authenticated and not (isinstance(present, Judge) and present.id == judge.id) else ""
    status = 422 if pin_form.is_submitted() else 200
    return render_template("marking/card.html", judge=judge, contest=contest, form=pin_form, other=other), status


def _enter(judge: Judge, real: Judge, pin: str) -> Problem | None:
    # Before the PIN is right nobody knows who stands there: the trail names the card, not the person.
    by = Actor(f"card:{judge.id}", f"持卡人（{judge.name}的卡）", device())
    with write():
        problem = entrance.enter(judge, pin, card=real, actor=by, now=clock.now())
    if problem is None:
        _seat(judge, real)
    return problem


def _seat(judge: Judge, real: Judge) -> None:
    enter(judge)
    if judge is not real:
        cookie["card_of"] = real.id  # where the tablet goes back to after the rehearsal


def _home(judge: Judge) -> str:
    if judge.role == "supervisor":
        return url_for("contests.overview", contest_id=judge.contest_id)
    if judge.role == "chief" and not desk.sessions_of(judge.id):
        return url_for("marking.chief")
    return url_for("marking.home")


@blueprint.get("/judge/")
@tablet
def home():
    """The tablet: one page that holds everything for the judge's sessions."""
    judge = guards.seated()
    twin = twins.judge_of(judge)
    if twin is not None:  # the rehearsal began while the judge was in: no card is asked for again
        by = Actor(f"judge:{twin.id}", twin.name, device())
        with write():
            entrance.sit_down(db.session.get(Judge, twin.id), actor=by, now=clock.now())
        _seat(db.session.get(Judge, twin.id), judge)
        return redirect(url_for("marking.home"))
    document = desk.document(judge, now=clock.now(), link=api.file_link)
    forms = {}
    for session in desk.sessions_of(judge.id):
        rubric = rubrics.of_part(session.part_id, session.part.stage.event.scheme_version)
        forms[session.part_id] = form.cards(rubric.part)
    # Chinese as it is: escaped it would be twice as long over the wire.
    held = htmlsafe_json_dumps(document, dumps=json.dumps, ensure_ascii=False, separators=(",", ":"))
    return render_template("marking/tablet.html", document=held, forms=forms, stamp=files.stamp(), limit=writing.COMMENT_LIMIT,
                           rehearsal=document["rehearsal"]["key"])


@blueprint.get("/judge/chief")
@tablet
def chief():
    """The chief judge's overview lies with the contest, where a chief with an account finds it too."""
    judge = guards.seated()
    if judge.role != "chief":
        abort(403)
    return redirect(url_for("review.index", contest_id=judge.contest_id))


@blueprint.post("/judge/leave")
@public
def leave():
    """“我不是王超建”: the tablet is handed to somebody else. Undelivered marks stay on it under the judge's number."""
    judge = guards.seated()
    if judge is not None:
        with write():
            seats.leave(judge.id, device(), now=clock.now())
    depart()
    return render_template("marking/outside.html", problem=Problem("left", "评委卡", "已退出", "请扫描您自己的评委卡"))


@blueprint.get("/judge/worker.js")
@public
def worker():
    """Stands at the head of the tablet's addresses: a worker reaches only what lies below its own."""
    data, kind = files.read()["worker.js"]
    return Response(data, mimetype=kind)


@blueprint.get("/judge/app/<stamp>/<name>")
@public
def module(*, stamp: str, name: str):
    """One of the tablet's own files, of this stamp only."""
    found = files.read().get(name)
    if found is None or stamp != files.stamp():
        abort(404)
    data, kind = found
    answer = Response(data, mimetype=kind)
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
