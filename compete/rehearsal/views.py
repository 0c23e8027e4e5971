"""彩排: a copy of the contest to practise with, cleared in one step."""

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for

from compete import clock
from compete.access import actor, guard, public
from compete.audit import service as audit
from compete.database import write
from compete.judging import cards
from compete.models import Contest, Judge, db
from compete.rehearsal import playing, service, trying, twins
from compete.web import say, tell
from scoring.problems import Problem

blueprint = Blueprint("rehearsal", __name__)
blueprints = (blueprint,)


def _pair() -> tuple[Contest, Contest | None]:
    """(the real contest, its rehearsal), from a page of either."""
    if g.contest.rehearsal_of_id is not None:
        return db.session.get(Contest, g.contest.rehearsal_of_id), g.contest
    return g.contest, twins.running(g.contest.id)


@blueprint.get("/contests/<int:contest_id>/rehearsal")
@guard("rehearsal.run")
def index():
    real, rehearsal = _pair()
    if rehearsal is None:
        return render_template("rehearsal/start.html", problem=service.obstacle(real))
    if g.contest is real:
        return redirect(url_for("rehearsal.index", contest_id=rehearsal.id))
    tried = trying.of(rehearsal, now=clock.now())
    if request.args.get("part"):  # the open page reads its check list again
        return {"html": render_template("rehearsal/_tried.html", tried=tried)}
    return render_template("rehearsal/index.html", real=real, rehearsal=rehearsal, tried=tried)


@blueprint.post("/contests/<int:contest_id>/rehearsal/start")
@guard("rehearsal.run")
def start():
    with write():
        made = service.start(db.session.get(Contest, g.contest.id), actor=actor(), now=clock.now())
    if isinstance(made, Problem):
        tell(made)
        return redirect(url_for("rehearsal.index", contest_id=g.contest.id))
    say("彩排已开始。评委扫平时的评委卡，就会进入彩排")
    return redirect(url_for("rehearsal.index", contest_id=made.id))


@blueprint.post("/contests/<int:contest_id>/rehearsal/play")
@guard("rehearsal.run")
def play():
    """One turn of every empty seat, each sheet in a transaction of its own: tablets are not kept waiting."""
    rehearsal = _pair()[1] or abort(404)
    done, problems = 0, {}
    for turn in playing.next_turns(rehearsal):
        with write():
            problem = playing.play(turn, now=clock.now())
        if problem:
            problems[problem.code] = f"{problem.message}。{problem.mend}"
        else:
            done += 1
    return {"done": done, "problems": list(problems.values())}


@blueprint.post("/contests/<int:contest_id>/rehearsal/clear")
@guard("rehearsal.run")
def clear():
    real, rehearsal = _pair()
    number = real.id
    if rehearsal is None:
        tell(Problem("rehearsal.none", "彩排", "没有正在进行的彩排", "需要时可以重新开始"))
        return redirect(url_for("rehearsal.index", contest_id=number))
    with write():
        gone = service.clear(db.session.get(Contest, rehearsal.id), actor=actor(), now=clock.now())
    g.contest = db.session.get(Contest, number)
    say(f"彩排已结束并清空：{gone.get('sheet', 0)} 张评分表、{gone.get('mark', 0)} 个打分都已删除，正式竞赛的数据没有动过")
    return redirect(url_for("rehearsal.index", contest_id=number))


@blueprint.get("/judge/rehearsal-over")
@public
def over():
    """Where a tablet goes when its rehearsal was cleared: back to the door of the card that it was opened with, however often it asks."""
    judge = db.session.get(Judge, session.get("card_of") or 0)
    if judge is None or judge.card_secret is None or judge.card_revoked_at or judge.withdrawn_at or isinstance(cards.find_by_token(judge.card_secret), Problem):
        return render_template("marking/outside.html", problem=Problem("rehearsal_over", "评委卡", "彩排已结束", "请再扫一次评委卡，进入正式评分"))
    return redirect(url_for("marking.card", token=judge.card_secret))


@blueprint.after_app_request
def note_paper(response):
    """Which papers were tried: the product keeps no record of a download, except in a rehearsal."""
    contest = g.get("contest")
    printed = request.blueprint != "entries" and "attachment" in response.headers.get("Content-Disposition", "")
    if printed and contest is not None and contest.rehearsal_of_id:
        with write():
            audit.record(contest_id=contest.id, actor=actor(), now=clock.now(), action="rehearsal.paper", subject="contest", subject_id=contest.id)
    return response
