"""The contest's own pages: list, new, overview, cover."""

import sqlalchemy as sa
from flask import Blueprint, g, redirect, render_template, request, url_for
from flask_login import current_user

from compete import clock
from compete.access import account_only, actor, guard
from compete.contests import overview as overviews
from compete.contests import progress, service
from compete.contests.forms import ContestForm
from compete.database import write
from compete.models import Contest
from compete.web import page_of, say

blueprint = Blueprint("contests", __name__, url_prefix="/contests")


@blueprint.get("")
@account_only
def index():
    """The contests the person may see, newest first."""
    wanted, archived = request.args.get("q", "").strip(), request.args.get("archived") == "1"
    query = service.visible(current_user).order_by(Contest.starts_on.desc().nulls_first(), Contest.id.desc())
    query = query.where(Contest.archived_at.is_not(None) if archived else Contest.archived_at.is_(None))
    if wanted:
        query = query.where(sa.or_(Contest.name.contains(wanted, autoescape=True), Contest.venue.contains(wanted, autoescape=True)))
    page = page_of(query)
    found = progress.counts_of([contest.id for contest in page.items]) if page.items else {}
    rows = [(contest, found[contest.id], progress.open_step(contest, found[contest.id])) for contest in page.items]
    return render_template("contests/index.html", page=page, rows=rows, wanted=wanted, archived=archived)


@blueprint.route("/new", methods=["GET", "POST"])
@account_only
def new():
    form = ContestForm()
    if form.validate_on_submit():
        with write():
            contest = service.create(name=form.name.data, user=current_user, actor=actor(), now=clock.now(), **form.details)
        say(f"已新建“{contest.name}”")
        return redirect(url_for("contests.overview", contest_id=contest.id))
    return render_template("contests/new.html", form=form)


@blueprint.get("/<int:contest_id>")
@guard("contest.view")
def overview():
    g.counts = progress.counts(g.contest.id)
    return render_template("contests/overview.html", **overviews.page(g.contest, g.counts))


blueprints = (blueprint,)
