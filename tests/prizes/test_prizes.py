"""Prize money: to the cent, taxed, prepared by one and approved by another; personal numbers only in the workbook."""

from io import BytesIO

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from compete.models import AuditRecord, Award, Member, Membership, Payee, Payment, Release, db
from tests import support
from tests.support import NOW, counted_queries

IDENTITY, ACCOUNT = "610113197012110004", "6222020000000000123"


@pytest.fixture
def paid(app):
    """A released final whose first entry has a leader with papers and two more people; Frank approves beside Alice."""
    final = support.make_final(marked=True)
    final.people = support.make_people(final.contest)
    db.session.add(Membership(contest_id=final.contest.id, user_id=final.people.dan.id, role="organiser"))
    first = final.entries[0]
    leader = first.members[0]
    leader.id_number, leader.account, leader.bank = IDENTITY, ACCOUNT, "工商银行"
    first.members += [Member(name="成员甲", position=1), Member(name="成员乙", position=2)]
    row = Release(contest_id=final.contest.id, event_id=final.event.id, number=1, state="final", document={}, digest="d" * 64,
                  scheme_digest="s" * 64, audit_head="", made_by="x", made_at=NOW)  # fmt: skip
    db.session.add(row)
    db.session.flush()
    final.release = row
    final.awards = [Award(release_id=row.id, entry_id=entry.id, position=n, place=n + 1, tier_code=f"t{n}", tier_name=f"{n + 1}等奖",
                          prize_fen=fen) for n, (entry, fen) in enumerate(zip(final.entries, (20_000_000, 10_000_000, 5_000_000), strict=True))]  # fmt: skip
    db.session.add_all(final.awards)
    db.session.commit()
    return final


def url(final, rest=""):
    return f"/contests/{final.contest.id}/prizes{rest}"


def after(client, address, data=None):
    return client.post(address, data, follow_redirects=True, status=200).text


def drafted(final, sign_in):
    bob = sign_in(final.people.bob)
    after(bob, url(final, "/draft"))
    return bob


def fill(client, final, payee, **values):
    kept = {"name": payee.name, "tax_rate": "2000", "tax_basis": "", "id_number": IDENTITY, "account": ACCOUNT, "bank": "工商银行"}
    return client.post(url(final, f"/payees/{payee.id}"), {**kept, **values}, follow_redirects=True, status=200).text


def payees():
    return list(db.session.scalars(sa.select(Payee).where(Payee.removed_at.is_(None)).order_by(Payee.award_id, Payee.position)))


def test_leaders_are_listed_with_the_law_s_tax(paid, sign_in):
    page = drafted(paid, sign_in).get(url(paid)).text
    assert [(row.name, row.amount_fen, row.tax_fen) for row in payees()] == [
        ("完成人1", 20_000_000, 4_000_000), ("完成人2", 10_000_000, 2_000_000), ("完成人3", 5_000_000, 1_000_000),
    ]  # fmt: skip
    assert "人民币贰拾捌万元整" in page and "缺身份证号、收款账号、开户行" in page
    drafted(paid, sign_in)
    assert len(payees()) == 3


def test_numbers_of_persons_stay_out_of_pages_and_in_the_workbook(paid, sign_in):
    bob = drafted(paid, sign_in)
    pages = bob.get(url(paid)).text + bob.get(url(paid, f"/payees/{payees()[0].id}")).text
    assert IDENTITY not in pages and ACCOUNT not in pages and "6101**********0004" in pages
    book = load_workbook(BytesIO(bob.post(url(paid, "/export"), status=200).data))["奖金发放表"]
    assert (book["J5"].value, book["K5"].value) == (IDENTITY, ACCOUNT)
    record = db.session.scalar(sa.select(AuditRecord).where(AuditRecord.action == "prizes.export"))
    assert (record.actor_name, record.after) == ("Bob", {"payees": 3})
    trail = db.session.scalars(sa.select(AuditRecord)).all()
    assert not any(IDENTITY in str(row.before) + str(row.after) for row in trail)


def test_split_is_to_the_cent(paid, sign_in):
    bob = drafted(paid, sign_in)
    award = paid.awards[0]
    people = [f"member-{member.id}" for member in sorted(award.entry.members, key=lambda member: member.position)]
    wrong = dict(zip(people, ("100,000.00", "66,666.67", "33,333.32"), strict=True))
    page = after(bob, url(paid, f"/awards/{award.id}/split"), {**wrong, "unit": "0"})
    assert "还差 0.01 元" in page
    right = {**wrong, people[2]: "33,333.33", "unit": "0"}
    after(bob, url(paid, f"/awards/{award.id}/split"), right)
    mine = [row for row in payees() if row.award_id == award.id]
    assert [(row.name, row.amount_fen, row.tax_fen) for row in mine] == [
        ("完成人1", 10_000_000, 2_000_000), ("成员甲", 6_666_667, 1_333_333), ("成员乙", 3_333_333, 666_667),
    ]  # fmt: skip


def test_a_unit_is_paid_without_personal_tax(paid, sign_in):
    bob = drafted(paid, sign_in)
    award = paid.awards[1]
    after(bob, url(paid, f"/awards/{award.id}/split"), {"unit": "100000"})
    unit = next(row for row in payees() if row.award_id == award.id)
    assert (unit.kind, unit.name, unit.tax_fen) == ("organization", "单位2", 0)


def test_payee_papers_are_checked_with_an_override(paid, sign_in):
    bob = drafted(paid, sign_in)
    row = payees()[1]
    assert "身份证号" in fill(bob, paid, row, id_number="610113197012110001") and payees()[1].id_number is None
    assert "须写明依据" in fill(bob, paid, row, tax_rate="0")
    fill(bob, paid, row, id_number="610113197012110001", override="已核对原件", tax_rate="0", tax_basis="省政府科技奖〔2026〕1号")
    kept = payees()[1]
    assert (kept.id_number, kept.tax_fen, kept.tax_basis) == ("610113197012110001", 0, "省政府科技奖〔2026〕1号")


def test_payment_goes_through_two_people_and_can_come_back(paid, sign_in):
    bob, alice = drafted(paid, sign_in), sign_in(paid.people.alice)
    page = after(bob, url(paid, "/prepare"))
    assert "已制 1 张付款单" in page and "缺身份证号" in page
    payment = db.session.scalar(sa.select(Payment))
    assert payment.net_fen == 16_000_000
    assert "还没有审批" in after(bob, url(paid, f"/payments/{payment.id}/paid"))
    assert "已审批 1 张" in after(alice, url(paid, "/approve"))
    after(bob, url(paid, f"/payments/{payment.id}/paid"))
    assert "没有写原因" in after(bob, url(paid, f"/payments/{payment.id}/return"), {"reason": ""})
    after(bob, url(paid, f"/payments/{payment.id}/return"), {"reason": "户名不符"})
    after(bob, url(paid, "/prepare"))
    rows = db.session.execute(sa.select(Payment.state, Payment.replaces_id).order_by(Payment.id)).all()
    assert rows == [("returned", None), ("prepared", payment.id)]


def test_nobody_approves_their_own(paid, sign_in):
    bob = drafted(paid, sign_in)
    db.session.add(Membership(contest_id=paid.contest.id, user_id=paid.people.bob.id, role="organiser"))
    db.session.commit()
    after(bob, url(paid, "/prepare"))
    assert "不能审批自己制的付款单" in after(bob, url(paid, "/approve"))
    assert db.session.scalar(sa.select(Payment.state)) == "prepared"


def test_nothing_is_paid_before_the_notice_is_over(paid, sign_in):
    bob = drafted(paid, sign_in)
    db.session.execute(sa.update(Release).values(state="provisional"))
    db.session.commit()
    assert "公示期内不能制单" in after(bob, url(paid, "/prepare"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payment)) == 0


def test_a_withdrawn_release_leaves_the_sheet(paid, sign_in):
    bob = drafted(paid, sign_in)
    db.session.execute(sa.update(Release).values(state="withdrawn"))
    db.session.commit()
    page = bob.get(url(paid)).text
    assert "完成人1" not in page and "还没有可以发放的奖金" in page


def test_powers(paid, sign_in):
    alice, carol = sign_in(paid.people.alice), sign_in(paid.people.carol)
    carol.get(url(paid))
    carol.post(url(paid, "/export"), status=403)
    alice.post(url(paid, "/export"), status=403)
    alice.post(url(paid, "/draft"), status=403)
    sign_in(paid.people.bob).post(url(paid, "/approve"), status=403)
    sign_in(paid.judges[1]).get(url(paid), status=403)
    for page in ("results", "entries", "board", "judges"):
        sign_in(paid.people.bob).get(f"/contests/{paid.contest.id}/{page}", status=403)


def test_pages_keep_their_number_of_queries(paid, sign_in):
    bob = drafted(paid, sign_in)
    with counted_queries() as few:
        bob.get(url(paid, "?q=完成人1"))
    with counted_queries() as many:
        bob.get(url(paid))
    assert len(few) == len(many) <= 12
