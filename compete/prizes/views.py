"""Finance: the prize sheet, splitting an award, payees, payments. Nothing of the judging is shown here."""

import sqlalchemy as sa
from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_login import current_user

import scoring
from compete import clock
from compete.access import actor, guard
from compete.audit.service import record
from compete.awards.views import STATES as RELEASE_STATES
from compete.database import write
from compete.excel import prize_sheet
from compete.models import Award, Member, Payee, Payment, Release, User, db
from compete.prizes import listing, service
from compete.prizes.forms import PayeeForm, ReasonForm
from compete.texts import identity, rmb
from compete.web import download, page_of, say, tell
from scoring.problems import Problem

blueprint = Blueprint("prizes", __name__, url_prefix="/contests/<int:contest_id>/prizes")


def _back():
    return redirect(url_for("prizes.index", contest_id=g.contest.id))


def _payee(payee_id: int) -> Payee:
    return db.session.scalar(service.payees_of(g.contest.id).where(Payee.id == payee_id)) or abort(404)


def _award(award_id: int) -> Award:
    return db.session.scalar(service.awards_of(g.contest.id).where(Award.id == award_id)) or abort(404)


def _payments(state: str) -> list[Payment]:
    """The ticked payments of this contest, or all in that state."""
    ticked = request.form.getlist("payment", type=int)
    query = (
        sa.select(Payment).join(Payment.payee).join(Payee.award).join(Award.release)
        .where(Release.contest_id == g.contest.id, Release.state != "withdrawn", Payment.state == state)
    )  # fmt: skip
    return list(db.session.scalars(query.where(Payment.id.in_(ticked)) if ticked else query))


@blueprint.get("")
@guard("prizes.view")
def index():
    wanted, state = request.args.get("q", "").strip(), request.args.get("state", "")
    state = state if state in service.STATES else ""
    filtered = listing.conditions(wanted, state)
    steps = listing.steps(g.contest.id)
    return render_template(
        "prizes/index.html", page=page_of(service.payees_of(g.contest.id).where(*filtered)), wanted=wanted, state=state,
        states=service.STATES, counts={code: found.count for code, found in steps.items()}, sources=listing.sources(g.contest.id),
        every=listing.total(steps), sums=listing.total(listing.steps(g.contest.id, *filtered)), state_of=service.state_of, payment_of=service.payment_of,
        missing_of=service.missing_of, words=rmb.rmb_words, releases=RELEASE_STATES,
    )  # fmt: skip


@blueprint.post("/draft")
@guard("prizes.edit")
def draft():
    with write():
        count = service.draft_payees(contest_id=g.contest.id, actor=actor(), now=clock.now())
    say(f"已为 {count} 个奖项列出收款人（第一完成人），请逐项核对或分配" if count else "每个奖项都已有收款人")
    return _back()


@blueprint.route("/awards/<int:award_id>/split", methods=["GET", "POST"])
@guard("prizes.edit")
def split(award_id):
    award = _award(award_id)
    members = db.session.scalars(sa.select(Member).where(Member.entry_id == award.entry_id).order_by(Member.position)).all()
    given = _given(award, members)
    if request.method == "POST":
        given = {name: request.form.get(name, "0") for name in given}
        names = {f"member-{member.id}": member.name for member in members}
        amounts = {name: scoring.parse_yuan(text or "0", where=names.get(name, "单位")) for name, text in given.items()}
        problems = [value for value in amounts.values() if isinstance(value, Problem)]
        if not problems:
            with write():
                problem = service.split(
                    award=_award(award_id), amounts={m.id: amounts[f"member-{m.id}"] for m in members}, unit_fen=amounts["unit"],
                    actor=actor(), now=clock.now(),
                )  # fmt: skip
            if problem is None:
                say(f"{award.entry.title} 的奖金已分配")
                return _back()
            problems = [problem]
        tell(*problems)
    even = scoring.split(award.prize_fen, [1] * len(members)) if members else []
    return render_template("prizes/split.html", award=award, members=members, given=given, even=even)


def _given(award: Award, members) -> dict[str, str]:
    """The amounts as they stand, as text in yuan."""
    kept = db.session.scalars(sa.select(Payee).where(Payee.award_id == award.id, Payee.removed_at.is_(None))).all()
    given = {f"member-{member.id}": "0.00" for member in members} | {"unit": "0.00"}
    for payee in kept:
        name = "unit" if payee.kind == "organization" else f"member-{payee.member_id}"
        given[name] = scoring.format_yuan(payee.amount_fen)
    return given


@blueprint.route("/payees/<int:payee_id>", methods=["GET", "POST"])
@guard("prizes.edit")
def payee(payee_id):
    row = _payee(payee_id)
    form = PayeeForm(data={"name": row.name, "bank": row.bank, "tax_rate": str(row.tax_rate), "tax_basis": row.tax_basis})
    if form.validate_on_submit():
        values = form.checked()
        if values is not None:
            with write():
                problem = service.edit(payee=_payee(payee_id), values=values, contest_id=g.contest.id, actor=actor(), now=clock.now())
            if problem is None:
                say(f"{values['name']} 的收款资料已保存")
                return _back()
            tell(problem)
    return render_template("prizes/payee.html", row=row, form=form, mask=identity, words=rmb.rmb_words,
                           state=service.STATES[service.state_of(row)])  # fmt: skip


@blueprint.post("/prepare")
@guard("prizes.edit")
def prepare():
    with write():
        payees = list(db.session.scalars(service.payees_of(g.contest.id)).unique())
        count, problems = service.prepare(payees=payees, contest_id=g.contest.id, user_id=current_user.id, actor=actor(), now=clock.now())
    if count:
        say(f"已制 {count} 张付款单，等待审批")
    tell(*problems[:10])
    if not count and not problems:
        tell("没有需要制单的收款人")
    return _back()


@blueprint.post("/approve")
@guard("prizes.approve")
def approve():
    if not isinstance(current_user._get_current_object(), User):
        abort(403)
    with write():
        done = service.approve(payments=_payments("prepared"), contest_id=g.contest.id, user_id=current_user.id, actor=actor(), now=clock.now())
    tell(done) if isinstance(done, Problem) else say(f"已审批 {done} 张付款单")
    return _back()


def _payment(payment_id: int) -> Payment:
    query = sa.select(Payment).join(Payment.payee).join(Payee.award).join(Award.release)
    return db.session.scalar(query.where(Payment.id == payment_id, Release.contest_id == g.contest.id)) or abort(404)


@blueprint.post("/payments/<int:payment_id>/paid")
@guard("prizes.edit")
def paid(payment_id):
    with write():
        done = service.pay(payment=_payment(payment_id), contest_id=g.contest.id, actor=actor(), now=clock.now())
    say("已登记付款") if done else tell("这张付款单还没有审批，或已经付款，请刷新页面")
    return _back()


@blueprint.post("/payments/<int:payment_id>/return")
@guard("prizes.edit")
def send_back(payment_id):
    form = ReasonForm()
    with write():
        problem = service.send_back(payment=_payment(payment_id), reason=form.reason.data or "", contest_id=g.contest.id,
                                    actor=actor(), now=clock.now())  # fmt: skip
    tell(problem) if problem else say("付款单已退回，改好资料后可重新制单")
    return _back()


@blueprint.post("/export")
@guard("prizes.export")
def export():
    """The only page that gives out full identity and account numbers; each download is in the trail."""
    now = clock.now()
    payees = list(db.session.scalars(service.payees_of(g.contest.id)).unique())
    with write():
        head = record(contest_id=g.contest.id, actor=actor(), now=now, action="prizes.export", subject="contest",
                      subject_id=g.contest.id, after={"payees": len(payees)})  # fmt: skip
    data = prize_sheet.workbook(g.contest, payees, audit_head=head, made_by=current_user.name, now=now)
    return download(data, f"奖金发放表-{g.contest.name}.xlsx")


blueprints = (blueprint,)
