"""The preview of awards, releases, and the public page of a release."""

import io

import segno
import sqlalchemy as sa
from flask import Blueprint, abort, g, redirect, render_template, url_for

from compete import clock
from compete.access import actor, guard, public, reveals
from compete.audit.service import canonical
from compete.awards import service
from compete.awards.forms import ReleaseForm, VacancyForm, WithdrawForm
from compete.awards.lists import document
from compete.contests import schemes
from compete.database import write
from compete.models import Contest, Event, Release, db
from compete.recheck import service as rechecks
from compete.results.facts import board
from compete.results.views import chosen
from compete.web import download, mine, page_of, say, tell, tell_errors

blueprint = Blueprint("awards", __name__, url_prefix="/contests/<int:contest_id>/awards")
open_pages = Blueprint("public", __name__)


@blueprint.get("")
@guard("awards.view")
@reveals
def index():
    return _preview(None)


@blueprint.get("/<int:event_id>")
@guard("awards.view")
@reveals
def event(event_id):
    return _preview(event_id)


def _preview(event_id):
    """Those without a view of results (finance, host) see released awards only."""
    if not g.roles & {"organiser", "chief", "supervisor"}:
        return redirect(url_for("awards.releases", contest_id=g.contest.id))
    tabs, event = chosen(event_id)
    if not tabs:
        return render_template("results/empty.html")
    found = board(event)
    standing = service.standing_of(found.event)
    shown = service.preview(found, standing)
    return render_template("awards/index.html", tabs=tabs, event=found.event, board=found, preview=shown, form=ReleaseForm(),
                           vacancy=VacancyForm(), obstacles=service.obstacles(found, shown, standing), standing=standing,
                           rechecks=[] if rechecks.is_required(event) else rechecks.unfinished(event), lists=document(found, shown.lists, veiled=True), passed=_passed(found, shown), vacancies=found.event.rules.get("vacancies") or {})  # fmt: skip


def _passed(found, shown) -> list[tuple[str, str, str]]:
    """(who, award, why) of whoever's turn had come and who did not get it."""
    names = {tier.code: tier.name for tier in (*found.scheme.tiers, *found.scheme.titles)}
    rows = [*shown.allotment.passed, *(shown.lists.titles.passed if shown.lists.titles else ())]
    told = [(row.entry, names[row.tier], row.reason) for row in rows if row.code not in ("outside", "minimum")]
    if shown.lists.promotion:
        told += [(entry, f"晋级{found.scheme.promotion.name}", reason) for entry, _, reason in shown.lists.promotion.passed]
    return [(found.labels[entry].heading, what, _told(found, entry, why)) for entry, what, why in told]


def _told(found, entry: int, reason: str) -> str:
    """A reason as it is; while judged blind without the names of units and divisions in it."""
    if found.labels[entry].code:
        fact = next(fact for fact in found.facts.entries if fact.entry == entry)
        for name in sorted({fact.organization, fact.delegation, fact.division} - {""}, key=len, reverse=True):
            reason = reason.replace(name, "同一单位或赛区")
    return reason


@blueprint.post("/<int:event_id>/vacancies")
@guard("release.make")
def vacancies(event_id):
    form = VacancyForm()
    mine(Event, event_id)
    if form.validate_on_submit():
        with write():
            problem = service.set_vacancies(event=schemes.load(event_id), tier=form.tier.data, count=form.count.data,
                                            reason=form.reason.data or "", actor=actor(), now=clock.now())  # fmt: skip
        tell(problem) if problem else say("空缺名额已更新")
    else:
        tell_errors(form)
    return redirect(url_for("awards.event", contest_id=g.contest.id, event_id=event_id))


@blueprint.post("/<int:event_id>/release")
@guard("release.make")
def make(event_id):
    form = ReleaseForm()
    mine(Event, event_id)
    if not form.validate_on_submit():
        tell_errors(form)
        return redirect(url_for("awards.event", contest_id=g.contest.id, event_id=event_id))
    with write():
        made = service.release(board=board(schemes.load(event_id)), notice_days=form.notice_days.data, actor=actor(), now=clock.now())
    if isinstance(made, list):
        tell(*made)
        return redirect(url_for("awards.event", contest_id=g.contest.id, event_id=event_id))
    say(f"第 {made.number} 号发布已生成")
    return redirect(url_for("awards.release", contest_id=g.contest.id, number=made.number))


@blueprint.get("/releases")
@guard("awards.view")
def releases():
    query = sa.select(Release, Event.name).join(Event, Event.id == Release.event_id).where(Release.contest_id == g.contest.id)
    page = page_of(query.options(sa.orm.defer(Release.document)).order_by(Release.number.desc()), rows=True)
    return render_template("awards/releases.html", page=page, states=STATES, days_left=service.days_left)


STATES = {"provisional": ("公示中", "wait"), "final": ("已生效", "good"), "withdrawn": ("已撤回", "bad")}


def _release(contest_id: int, number: int) -> Release:
    query = sa.select(Release).where(Release.contest_id == contest_id, Release.number == number)
    return db.session.scalar(query) or abort(404)


@blueprint.get("/releases/<int:number>")
@guard("awards.view")
def release(number):
    row = _release(g.contest.id, number)
    return render_template("awards/release.html", row=row, document=row.document, form=WithdrawForm(), states=STATES,
                           days=service.days_left(row, clock.now()), now=clock.now())  # fmt: skip


@blueprint.get("/releases/<int:number>/frozen.json")
@guard("results.view")
@reveals
def frozen(number):
    """The very bytes that the digest is over: anybody's SHA-256 of this file must come to the printed one."""
    row = _release(g.contest.id, number)
    return download(canonical(row.document), f"第{number}号发布-{row.document['event']}.json", "application/json")


@blueprint.post("/releases/<int:number>/finish")
@guard("release.make")
def finish(number):
    with write():
        problem = service.finish(row=_release(g.contest.id, number), actor=actor(), now=clock.now())
    tell(problem) if problem else say("公示结束，结果已生效")
    return redirect(url_for("awards.release", contest_id=g.contest.id, number=number))


@blueprint.post("/releases/<int:number>/withdraw")
@guard("release.make")
def withdraw(number):
    form = WithdrawForm()
    if form.validate_on_submit():
        with write():
            problem = service.withdraw(row=_release(g.contest.id, number), reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say("该次发布已撤回，公示页会说明原因")
    else:
        tell(*form.reason.errors)
    return redirect(url_for("awards.release", contest_id=g.contest.id, number=number))


@open_pages.get("/r/<int:contest_id>/<int:number>", endpoint="release")
@public
def public_release(contest_id, number):
    """The public notice: nothing but what the release froze."""
    row = _release(contest_id, number)
    contest = db.session.get(Contest, contest_id)
    if contest.rehearsal_of_id is not None:
        abort(404)  # what was released in a rehearsal is nobody's result
    address = url_for("public.release", contest_id=contest_id, number=number, _external=True)
    code = io.BytesIO()
    segno.make(address, error="m").save(code, kind="svg", scale=4, border=1, xmldecl=False, svgns=True, nl=False)
    return render_template("awards/public.html", row=row, document=row.document, contest=contest, address=address,
                           qr=code.getvalue().decode(), days=service.days_left(row, clock.now()), states=STATES)  # fmt: skip


blueprints = (blueprint, open_pages)
