"""The list of judges, one judge's page, recusals."""

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import cards, recusals, roster
from compete.judging.blueprint import blueprint
from compete.judging.forms import CardReason, JudgeForm, Reason
from compete.models import JUDGE_ROLES, Entry, EntryCode, Event, Judge, Organization, Panel, Recusal, Seat, db
from compete.texts import identity
from compete.web import mine, page_of, say, tell
from scoring.problems import Problem

CARD_STATES = {"none": ("未制卡", "quiet"), "issued": ("已制卡，未使用", "info"), "used": ("已使用", "good"), "revoked": ("已注销", "bad")}


@blueprint.get("/judges")
@guard("judging.watch")
def people():
    shown, wanted = request.args.get("show", ""), request.args.get("q", "").strip()
    query = sa.select(Judge).where(Judge.contest_id == g.contest.id).order_by(Judge.position, Judge.id)
    query = query.where(Judge.withdrawn_at.is_not(None) if shown == "withdrawn" else Judge.withdrawn_at.is_(None))
    if shown in JUDGE_ROLES:
        query = query.where(Judge.role == shown)
    if wanted:
        query = query.where(sa.or_(Judge.name.contains(wanted, autoescape=True), Judge.organization.contains(wanted, autoescape=True)))
    page = page_of(query, size=100)
    numbers = [judge.id for judge in page.items]
    return render_template(
        "judging/people.html", page=page, shown=shown, wanted=wanted, roles=JUDGE_ROLES, card_states=CARD_STATES,
        card_of=cards.state_of, panels=_panels_of(numbers), recused=_recusal_counts(numbers), n=_counts(),
    )  # fmt: skip


def _counts():
    here = sa.and_(Judge.contest_id == g.contest.id, Judge.withdrawn_at.is_(None))
    alive = sa.and_(Judge.card_hash.is_not(None), Judge.card_revoked_at.is_(None))
    return db.session.execute(
        sa.select(
            sa.func.count().label("all"), sa.func.count(sa.case((alive, 1))).label("cards"),
            *(sa.func.count(sa.case((Judge.role == role, 1))).label(role) for role in JUDGE_ROLES),
        ).where(here)
    ).one()  # fmt: skip


def _panels_of(judge_ids: list[int]) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    rows = sa.select(Seat.judge_id, Panel.name).join(Panel).where(Seat.judge_id.in_(judge_ids)).order_by(Panel.id)
    for judge, name in db.session.execute(rows):
        found.setdefault(judge, []).append(name)
    return {judge: "、".join(names) for judge, names in found.items()}


def _recusal_counts(judge_ids: list[int]) -> dict[int, int]:
    rows = sa.select(Recusal.judge_id, sa.func.count()).where(Recusal.judge_id.in_(judge_ids), Recusal.lifted_at.is_(None))
    return dict(db.session.execute(rows.group_by(Recusal.judge_id)).all())


@blueprint.route("/judges/new", methods=["GET", "POST"])
@guard("judging.manage")
def judge_new():
    form = JudgeForm()
    if form.validate_on_submit():
        with write():
            made = roster.add(g.contest, actor=actor(), now=clock.now(), **form.details())
        if not isinstance(made, Problem):
            say(f"已添加{JUDGE_ROLES[made.role]} {made.name}")
            again = "again" in request.form
            return redirect(url_for("judging.judge_new" if again else "judging.people", contest_id=g.contest.id))
        tell(made)
    return render_template("judging/judge_new.html", form=form, units=_unit_names())


def _unit_names() -> list[str]:
    query = sa.select(Organization.name).where(Organization.contest_id == g.contest.id).order_by(Organization.name).limit(500)
    return list(db.session.scalars(query))


@blueprint.get("/judges/<int:judge_id>")
@guard("judging.watch")
def judge(judge_id: int):
    """Details, card and recusals of one judge. Only those who manage judging may change them."""
    row = mine(Judge, judge_id)
    form = JudgeForm(data={"name": row.name, "organization": row.organization, "title": row.title, "role": row.role})
    return _show_judge(row, form)


def _show_judge(row: Judge, form: JudgeForm):
    return render_template(
        "judging/judge.html", judge=row, form=form, card=CARD_STATES[cards.state_of(row)], panels=_panels_of([row.id]).get(row.id, ""),
        phone=identity.mask_phone(row.phone or ""), recusals=_recusals(Recusal.judge_id == row.id), reason=Reason(formdata=None),
        card_reason=CardReason(formdata=None), units=_unit_names(), roles=JUDGE_ROLES,
    )  # fmt: skip


@blueprint.post("/judges/<int:judge_id>/change")
@guard("judging.manage")
def judge_change(judge_id: int):
    row, form = mine(Judge, judge_id), JudgeForm()
    if not form.validate_on_submit():
        return _show_judge(row, form)
    with write():
        row = mine(Judge, judge_id)
        problem = roster.update(row, actor=actor(), now=clock.now(), **form.details(kept_phone=row.phone))
    tell(problem) if problem else say(f"已保存 {row.name} 的资料")
    return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))


@blueprint.post("/judges/<int:judge_id>/withdraw")
@guard("judging.manage")
def judge_withdraw(judge_id: int):
    form = Reason()
    if not form.validate_on_submit():
        tell(*form.reason.errors)
        return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))
    with write():
        row = mine(Judge, judge_id)
        problem = roster.withdraw(row, reason=form.reason.data, actor=actor(), now=clock.now())
    if problem:
        tell(problem)
        return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))
    say(f"{row.name} 已移出名单，席位和评委卡随之失效", undo=url_for("judging.judge_restore", contest_id=g.contest.id, judge_id=judge_id))
    return redirect(url_for("judging.people", contest_id=g.contest.id))


@blueprint.post("/judges/<int:judge_id>/restore")
@guard("judging.manage")
def judge_restore(judge_id: int):
    with write():
        row = mine(Judge, judge_id)
        problem = roster.restore(row, actor=actor(), now=clock.now())
    tell(problem) if problem else say(f"{row.name} 已回到名单，请重新制卡并安排席位")
    return redirect(url_for("judging.judge", contest_id=g.contest.id, judge_id=judge_id))


# recusals


def _recusals(*conditions):
    return db.session.execute(_recusal_query(*conditions).limit(200)).all()


def _recusal_query(*conditions):
    """A blind entry goes by its code and stands in its order: the numbers would lead to the names."""
    code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
    return (
        sa.select(Recusal, Judge.name.label("judge"), Entry.number, Entry.title, Event.name.label("event"), Event.is_veiled.label("is_blind"),
                  Organization.name.label("unit"), code.label("code"))
        .join(Judge, Judge.id == Recusal.judge_id).join(Entry, Entry.id == Recusal.entry_id).join(Event, Event.id == Entry.event_id)
        .outerjoin(Organization, Organization.id == Entry.organization_id)
        .where(Judge.contest_id == g.contest.id, *conditions).order_by(Recusal.lifted_at.is_not(None), Judge.position, Event.position,
                  sa.case((Event.is_veiled, sa.func.coalesce(code, "")), else_=""), Entry.number)
    )  # fmt: skip


@blueprint.get("/recusals")
@guard("judging.watch")
def recusal_list():
    page = page_of(_recusal_query(), size=100, rows=True)
    return render_template("judging/recusals.html", page=page, reason=Reason(formdata=None))


@blueprint.post("/recusals/refresh")
@guard("judging.manage")
def recusal_refresh():
    with write():
        made, lifted = recusals.refresh(g.contest.id, actor=actor(), now=clock.now())
    say(f"核对完毕：新增 {made} 条同单位回避，解除 {lifted} 条" if made or lifted else "核对完毕：没有变化")
    return redirect(url_for("judging.recusal_list", contest_id=g.contest.id))


@blueprint.post("/recusals/<int:recusal_id>/lift")
@guard("judging.manage")
def recusal_lift(recusal_id: int):
    form = Reason()
    if form.validate_on_submit():
        with write():
            judge = sa.select(Recusal).join(Judge).where(Judge.contest_id == g.contest.id, Recusal.id == recusal_id)
            row = db.one_or_404(judge)
            problem = recusals.lift(row, reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say("回避已解除，这位评委可以为该项评分")
    else:
        tell(*form.reason.errors)
    return redirect(url_for("judging.recusal_list", contest_id=g.contest.id))
