"""The contest's own pages: list, new, cover, overview, roles, budget."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for
from flask_login import current_user

from compete import clock
from compete.access import account_only, actor, allows, guard
from compete.contests import budgets, presets, progress, roles, service
from compete.contests import overview as overviews
from compete.contests import scheme_views  # noqa: F401 - adds its routes to the blueprint
from compete.contests.blueprint import blueprint
from compete.contests.forms import BudgetForm, ContestForm, RoleForm
from compete.database import write
from compete.models import ROLES, Budget, Contest, Membership
from compete.rehearsal import twins
from compete.web import mine, page_of, say, tell
from scoring.problems import Problem
# What entries of a kind are counted in.
UNITS = {"individual": "人", "team": "队", "project": "项", "work": "件"}


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
    return render_template(
        "contests/index.html", page=page, rows=rows, wanted=wanted, archived=archived, may_create=service.may_create(current_user)
    )


@blueprint.route("/new", methods=["GET", "POST"])
@account_only
def new():
    """First what to start from (a preset, an earlier contest, nothing), then the cover."""
    if not service.may_create(current_user):
        abort(403)
    earlier = service.copyable(current_user)
    start = request.args.get("from", "")
    source = _source(start, earlier)
    if source is None:
        return render_template("contests/choose.html", presets=presets.all_presets().values(), earlier=earlier, units=UNITS)
    form = ContestForm()
    if form.validate_on_submit():
        origin = {"copied_from": source} if isinstance(source, Contest) else {}
        if isinstance(source, presets.Preset):
            origin = {"plan": source.plan, "preset": source.code}
        with write():
            contest = service.create(
                name=form.name.data, user=current_user, actor=actor(), now=clock.now(), **origin, **form.details
            )
        say(f"已新建“{contest.name}”")
        return redirect(url_for("contests.overview", contest_id=contest.id))
    if request.method == "GET":
        _prefill(form, source)
    return render_template("contests/new.html", form=form, source=source, is_copy=isinstance(source, Contest))


def _source(start: str, earlier: list[Contest]):
    """A preset, an earlier contest, "empty", or None when nothing was chosen yet."""
    kind, _, key = start.partition(":")
    if kind == "preset":
        return presets.all_presets().get(key)
    if kind == "copy":
        return next((contest for contest in earlier if str(contest.id) == key), None)
    return "empty" if kind == "empty" else None


def _prefill(form: ContestForm, source) -> None:
    if isinstance(source, Contest):
        form.name.data, form.level.data, form.venue.data = source.name, source.level, source.venue
        form.series.data = source.series.name if source.series else ""
        form.show_hosts(source.hosts)
    elif isinstance(source, presets.Preset):
        form.name.data, form.level.data, form.series.data = source.name, source.level, source.plan["series"]
        form.show_hosts(source.plan["contest"]["hosts"])


@blueprint.get("/<int:contest_id>")
@guard("contest.view")
def overview():
    g.counts = progress.counts(g.contest.id)
    page = overviews.page(g.contest, g.counts)
    todo = [task for task in page["tasks"] if allows(task.power)]
    return render_template("contests/overview.html", **page, todo=todo, rehearsal=twins.running(g.contest.id))


@blueprint.route("/<int:contest_id>/edit", methods=["GET", "POST"])
@guard("contest.edit")
def edit():
    contest = g.contest
    form = ContestForm(obj=None if request.method == "POST" else contest)
    if form.validate_on_submit():
        with write():
            service.update(contest, name=form.name.data, actor=actor(), now=clock.now(), **form.details)
        say("已保存竞赛资料")
        return redirect(url_for("contests.overview", contest_id=contest.id))
    if request.method == "GET":
        form.series.data = contest.series.name if contest.series else ""
        form.show_hosts(contest.hosts)
    return render_template("contests/edit.html", form=form, contest=contest)


@blueprint.post("/<int:contest_id>/archive")
@guard("contest.edit")
def archive():
    away = request.form.get("away") == "1"
    with write():
        service.archive(g.contest, away=away, actor=actor(), now=clock.now())
    say("已归档，仍可在“已归档”里查看" if away else "已取消归档")
    return redirect(url_for("contests.overview", contest_id=g.contest.id))


@blueprint.route("/<int:contest_id>/people", methods=["GET", "POST"])
@guard("contest.edit")
def people():
    form = RoleForm()
    form.user_id.choices = [(user.id, f"{user.name}（{user.login}）") for user in roles.candidates()]
    if form.validate_on_submit():
        with write():
            done = roles.give(g.contest, user_id=form.user_id.data, role=form.role.data, actor=actor(), now=clock.now())
        tell(done) if isinstance(done, Problem) else say("已添加")
        return redirect(url_for("contests.people", contest_id=g.contest.id))
    return render_template("contests/people.html", form=form, holders=roles.holders(g.contest), meanings=roles.MEANINGS, roles=ROLES)


@blueprint.post("/<int:contest_id>/people/<int:membership_id>/take")
@guard("contest.edit")
def people_take(membership_id: int):
    with write():
        problem = roles.take(mine(Membership, membership_id), actor=actor(), now=clock.now())
    tell(problem) if problem else say("已收回角色")
    return redirect(url_for("contests.people", contest_id=g.contest.id))


@blueprint.route("/<int:contest_id>/budget", methods=["GET", "POST"])
@guard("contest.edit")
def budget():
    """Budget lines; `?line=` opens one of them in the form."""
    number = request.args.get("line", type=int)
    row = mine(Budget, number) if number else None
    form = BudgetForm(obj=row, data={"amount": row.amount_fen} if row else None)
    if form.validate_on_submit():
        with write():
            done = budgets.save(
                g.contest, row, name=form.name.data, purpose=form.purpose.data, amount_fen=form.amount.data, basis=form.basis.data,
                actor=actor(), now=clock.now(),
            )  # fmt: skip
        if not isinstance(done, Problem):
            say("已保存预算")
            return redirect(url_for("contests.budget", contest_id=g.contest.id))
        form.amount.errors = [f"{done.message}，{done.mend}"]
    planned = budgets.planned(g.contest.id)
    return render_template(
        "contests/budget.html", form=form, row=row, lines=budgets.lines(g.contest.id), planned=planned, purposes=budgets.PURPOSES,
        available=budgets.prize_budget(g.contest.id),
    )  # fmt: skip


@blueprint.post("/<int:contest_id>/budget/<int:budget_id>/remove")
@guard("contest.edit")
def budget_remove(budget_id: int):
    with write():
        problem = budgets.remove(mine(Budget, budget_id), actor=actor(), now=clock.now())
    tell(problem) if problem else say("已删去这项预算")
    return redirect(url_for("contests.budget", contest_id=g.contest.id))


blueprints = (blueprint,)
