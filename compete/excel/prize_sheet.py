"""The 奖金发放表 of a contest, from its payees."""

from datetime import datetime

from compete.clock import show_time
from compete.excel.payments import PaymentLine, payment_sheet
from compete.excel.style import Paper
from compete.models import Contest, Payee


def line(payee: Payee) -> PaymentLine:
    """One payee as a row; the tax shown is the one the prize was released with."""
    entry = payee.award.entry
    exempt = payee.kind == "organization" or payee.tax_rate == 0
    return PaymentLine(
        payee=payee.account_name or payee.name, organization=entry.organization.name if entry.organization else "", title=entry.title,
        award=f"{entry.event.name}{payee.award.tier_name}", amount=payee.amount_fen, taxable=0 if exempt else payee.amount_fen,
        tax=payee.tax_fen, net=payee.amount_fen - payee.tax_fen, identity=payee.id_number or "", account=payee.account or "",
        bank=payee.bank or "", phone=payee.phone or "", kind=payee.kind, group=str(payee.award_id), note=payee.tax_basis if exempt else "",
    )  # fmt: skip


def workbook(contest: Contest, payees: list[Payee], *, audit_head: str, made_by: str, now: datetime) -> bytes:
    numbers = sorted({payee.award.release.number for payee in payees})
    release = "、".join(f"第{number}号发布" for number in numbers)
    digest = payees[0].award.release.digest if len(numbers) == 1 else ""
    paper = Paper(contest=contest.name, release=release, digest=digest, audit_head=audit_head, printed_at=show_time(now), made_by=made_by)
    return payment_sheet(paper, [line(payee) for payee in payees])
