"""Prize money: who receives what of which award, its tax, and how each payment goes its way.

Amounts are integer fen. A prize to a person is 偶然所得, taxed 20 % of the whole amount (个人所得税法 2018 arts 3 and 6);
a unit pays no personal tax. Finance may set another rate with the document it rests on.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

import scoring
from compete.audit.service import Actor, record
from compete.models import Award, Entry, Event, Member, Organization, Payee, Payment, Release, db
from compete.texts import identity
from scoring.problems import Problem

PERSONAL_TAX = scoring.PRIZE_TAX
DEFAULT_BASIS = "个人所得税法第三条、第六条：偶然所得，按收入全额 20% 由支付方代扣代缴"
UNIT_BASIS = "单位收款，不扣个人所得税"
STATES = {"none": "未制单", "prepared": "待审批", "approved": "待付款", "paid": "已付款", "returned": "已退回"}


def awards_of(contest_id: int) -> sa.Select:
    """Awards with money in the standing releases, with what a list shows of them."""
    return (
        sa.select(Award)
        .join(Award.release)
        .join(Award.entry)
        .options(
            contains_eager(Award.release).defer(Release.document),
            contains_eager(Award.entry).options(joinedload(Entry.organization), joinedload(Entry.event)),
        )
        .where(Release.contest_id == contest_id, Release.state != "withdrawn", Award.prize_fen > 0)
        .order_by(Release.event_id, Award.position)
    )


def payees_of(contest_id: int) -> sa.Select:
    """Payees in force of the standing releases, with their payments."""
    return (
        sa.select(Payee)
        .join(Payee.award)
        .join(Award.release)
        .join(Award.entry)
        .options(
            contains_eager(Payee.award).options(
                contains_eager(Award.release).defer(Release.document),
                contains_eager(Award.entry).options(joinedload(Entry.organization), joinedload(Entry.event)),
            ),
            selectinload(Payee.payments),
        )
        .where(Release.contest_id == contest_id, Release.state != "withdrawn", Payee.removed_at.is_(None))
        .order_by(Release.event_id, Award.position, Payee.position, Payee.id)
    )


def payment_of(payee: Payee) -> Payment | None:
    """The payment that counts: the last one made."""
    return payee.payments[-1] if payee.payments else None


def state_of(payee: Payee) -> str:
    payment = payment_of(payee)
    return payment.state if payment else "none"


def taxed(kind: str, amount: int, rate: int) -> int:
    """Tax in fen."""
    return scoring.tax(amount, rate, exempt=kind == "organization")[1]


def missing_of(payee: Payee) -> list[str]:
    """What finance still has to fill in before this payee can be paid."""
    wanted = {"收款账号": payee.account, "开户行": payee.bank}
    if payee.kind == "person":
        wanted = {"身份证号": payee.id_number, **wanted}
    return [name for name, value in wanted.items() if not value]


def draft_payees(*, contest_id: int, actor: Actor, now: datetime) -> int:
    """One payee, the leader, for every award that has none yet; returns how many were made."""
    having = sa.select(Payee.award_id).where(Payee.removed_at.is_(None))
    awards = db.session.scalars(awards_of(contest_id).where(Award.id.not_in(having))).unique().all()
    leaders = _leaders([award.entry_id for award in awards])
    for award in awards:
        person = leaders.get(award.entry_id)
        _add(award, _person(person, award.prize_fen, 0) if person else _unit(award, award.prize_fen, 0))
    db.session.flush()
    if awards:
        record(contest_id=contest_id, actor=actor, now=now, action="payee.draft", subject="contest", subject_id=contest_id,
               after={"count": len(awards)})  # fmt: skip
    return len(awards)


def _leaders(entry_ids: list[int]) -> dict[int, Member]:
    rows = sa.select(Member).where(Member.entry_id.in_(entry_ids)).order_by(Member.role != "leader", Member.position.desc())
    return {member.entry_id: member for member in reversed(db.session.scalars(rows).all())}


def _person(member: Member, amount: int, position: int) -> Payee:
    return Payee(
        kind="person", name=member.name, member_id=member.id, position=position, amount_fen=amount, tax_rate=PERSONAL_TAX,
        tax_fen=taxed("person", amount, PERSONAL_TAX), tax_basis=DEFAULT_BASIS, id_number=member.id_number,
        account_name=member.name, account=member.account, bank=member.bank, phone=member.phone,
    )  # fmt: skip


def _unit(award: Award, amount: int, position: int) -> Payee:
    unit: Organization | None = award.entry.organization
    name = unit.name if unit else award.entry.title
    return Payee(
        kind="organization", name=name, position=position, amount_fen=amount, tax_rate=0, tax_fen=0, tax_basis=UNIT_BASIS,
        account_name=(unit and unit.account_name) or name, account=unit and unit.account, bank=unit and unit.bank,
    )  # fmt: skip


def _add(award: Award, payee: Payee) -> None:
    payee.award_id = award.id
    db.session.add(payee)


def split(*, award: Award, amounts: dict[int, int], unit_fen: int, actor: Actor, now: datetime) -> Problem | None:
    """Divides an award: `amounts` fen per member id, `unit_fen` to the unit. To the cent, or not at all."""
    event = db.session.get(Event, award.entry.event_id)
    kept = db.session.scalars(sa.select(Payee).where(Payee.award_id == award.id, Payee.removed_at.is_(None))).all()
    if any(payee.payments for payee in kept):
        return Problem("split.paid", award.entry.title, "已经制单，不能再改分配", "请先撤下付款单，或在付款退回后处理")
    total = sum(amounts.values()) + unit_fen
    if total != award.prize_fen:
        away = scoring.format_yuan(abs(award.prize_fen - total), grouped=True)
        word = "还差" if total < award.prize_fen else "多出"
        return Problem("split.sum", award.entry.title, f"分配合计与奖金 {scoring.format_yuan(award.prize_fen, grouped=True)} 元不等，{word} {away} 元",
                       "请调整各人金额，使合计正好相等")  # fmt: skip
    before = {payee.name: payee.amount_fen for payee in kept}
    for payee in kept:
        payee.removed_at = now
    members = {member.id: member for member in db.session.scalars(sa.select(Member).where(Member.entry_id == award.entry_id))}
    made = [_person(members[number], fen, place) for place, (number, fen) in enumerate(amounts.items()) if fen]
    if unit_fen:
        made.append(_unit(award, unit_fen, len(made)))
    for payee in made:
        _add(award, payee)
    db.session.flush()
    record(contest_id=event.contest_id, actor=actor, now=now, action="payee.split", subject="award", subject_id=award.id,
           before=before, after={payee.name: payee.amount_fen for payee in made})  # fmt: skip
    return None


def edit(*, payee: Payee, values: dict, contest_id: int, actor: Actor, now: datetime) -> Problem | None:
    """Finance fills in or mends a payee; `values` holds checked texts. Not once a payment is on its way."""
    if state_of(payee) not in ("none", "returned"):
        return Problem("payee.locked", payee.name, "已经制单，不能再改", "请先撤下付款单，改好后重新制单")
    before = _shown(payee)
    for name, value in values.items():
        setattr(payee, name, value)
    payee.tax_fen = taxed(payee.kind, payee.amount_fen, payee.tax_rate)
    db.session.flush()
    record(contest_id=contest_id, actor=actor, now=now, action="payee.edit", subject="payee", subject_id=payee.id,
           before=before, after=_shown(payee))  # fmt: skip
    return None


def _shown(payee: Payee) -> dict:
    """What the trail says of a payee: numbers masked."""
    return {
        "name": payee.name, "tax_rate": payee.tax_rate, "tax_basis": payee.tax_basis, "bank": payee.bank,
        "id_number": identity.mask_id(payee.id_number or ""), "account": identity.mask_account(payee.account or ""),
    }  # fmt: skip


def prepare(*, payees: list[Payee], contest_id: int, user_id: int, actor: Actor, now: datetime) -> tuple[int, list[Problem]]:
    """Makes payments (制单) for those that can be paid; the others are told what they lack."""
    problems, made, early = [], 0, set()
    for payee in payees:
        last = payment_of(payee)
        if last and last.state != "returned":
            continue
        if payee.award.release.state != "final":
            early.add(payee.award.release.number)
            continue
        lacking = missing_of(payee)
        if lacking:
            problems.append(Problem("payment.lacks", payee.name, f"缺{'、'.join(lacking)}", "请先补全收款资料"))
            continue
        db.session.add(Payment(payee_id=payee.id, net_fen=payee.amount_fen - payee.tax_fen, prepared_by=actor.name,
                               prepared_user_id=user_id, prepared_at=now, replaces_id=last.id if last else None))  # fmt: skip
        made += 1
    for number in sorted(early):
        problems.insert(0, Problem("payment.early", f"第 {number} 号发布", "公示期内不能制单", "请在公示结束、结果确认生效后再制单"))
    db.session.flush()
    if made:
        record(contest_id=contest_id, actor=actor, now=now, action="payment.prepare", subject="contest", subject_id=contest_id,
               after={"count": made})  # fmt: skip
    return made, problems


def approve(*, payments: list[Payment], contest_id: int, user_id: int, actor: Actor, now: datetime) -> Problem | int:
    """A second person approves (复核/审批); nobody approves what they prepared."""
    if any(payment.prepared_user_id == user_id for payment in payments):
        return Problem("payment.same_person", actor.name, "不能审批自己制的付款单", "请由另一位有权限的人审批")
    count = sum(_move(payment, "prepared", state="approved", approved_by=actor.name, approved_user_id=user_id, approved_at=now)
                for payment in payments)  # fmt: skip
    if count:
        record(contest_id=contest_id, actor=actor, now=now, action="payment.approve", subject="contest", subject_id=contest_id,
               after={"payments": [payment.id for payment in payments]})  # fmt: skip
    return count


def pay(*, payment: Payment, contest_id: int, actor: Actor, now: datetime) -> bool:
    """Marks an approved payment as paid by the bank."""
    if not _move(payment, "approved", state="paid", paid_at=now):
        return False
    record(contest_id=contest_id, actor=actor, now=now, action="payment.paid", subject="payment", subject_id=payment.id)
    return True


def send_back(*, payment: Payment, reason: str, contest_id: int, actor: Actor, now: datetime) -> Problem | None:
    """The bank returned it, or it is taken down before it was paid: the record stays, a new one is made after mending."""
    if not reason.strip():
        return Problem("payment.reason", "退回", "没有写原因", "请写明原因，例如“户名不符，银行退回”")
    if payment.state == "returned" or not _move(payment, payment.state, state="returned", note=reason.strip()):
        return Problem("payment.state", "付款单", "已经退回", "请刷新页面")
    record(contest_id=contest_id, actor=actor, now=now, action="payment.return", subject="payment", subject_id=payment.id,
           reason=reason.strip())  # fmt: skip
    return None


def _move(payment: Payment, expected: str, **values) -> bool:
    """Compare-and-swap on the payment's state: it is paid once, whoever clicks."""
    moved = sa.update(Payment).where(Payment.id == payment.id, Payment.state == expected).values(**values)
    return db.session.execute(moved.execution_options(synchronize_session=False)).rowcount == 1
