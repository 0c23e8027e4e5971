"""Roles of accounts in a contest; budget lines against the award tiers."""

from compete.models import AuditRecord, Budget, Membership, db


def actions(contest) -> list[str]:
    query = db.session.query(AuditRecord).filter_by(chain=contest.id).order_by(AuditRecord.number)
    return [row.action for row in query]


def test_give_and_take_a_role(people, sign_in, final):
    client = sign_in(people.alice)
    address = f"/contests/{final.contest.id}/people"
    client.post(address, {"user_id": people.dan.id, "role": "host"})
    row = db.session.query(Membership).filter_by(contest_id=final.contest.id, user_id=people.dan.id).one()
    assert "Dan" in client.get(address).text
    client.post(f"{address}/{row.id}/take")
    assert db.session.query(Membership).filter_by(user_id=people.dan.id).count() == 0
    assert actions(final.contest) == ["membership.give", "membership.take"]


def test_a_supervisor_holds_no_other_role(people, sign_in, final):
    page = sign_in(people.alice).post(
        f"/contests/{final.contest.id}/people", {"user_id": people.carol.id, "role": "finance"}, status=200, follow_redirects=True
    )
    assert "监督不能同时担任其他角色" in page.text
    assert db.session.query(Membership).filter_by(user_id=people.carol.id).count() == 1


def test_who_keeps_codes_knows_neither_names_nor_marks(people, sign_in, final):
    client, address = sign_in(people.alice), f"/contests/{final.contest.id}/people"
    client.post(address, {"user_id": people.dan.id, "role": "coder"})
    for user, role in ((people.dan, "host"), (people.alice, "coder")):
        page = client.post(address, {"user_id": user.id, "role": role}, status=200, follow_redirects=True)
        assert "加密裁判不能同时担任" in page.text
    assert db.session.query(Membership).filter_by(user_id=people.dan.id).count() == 1


def test_the_last_organiser_stays(people, sign_in, final):
    row = db.session.query(Membership).filter_by(user_id=people.alice.id).one()
    page = sign_in(people.alice).post(f"/contests/{final.contest.id}/people/{row.id}/take", status=200, follow_redirects=True)
    assert "是唯一的组织者" in page.text
    assert actions(final.contest) == []


def test_a_membership_of_another_contest_opens_nothing(people, sign_in, final):
    from tests.support import make_final

    other = make_final()
    row = Membership(contest_id=other.contest.id, user_id=people.dan.id, role="host")
    db.session.add(row)
    db.session.commit()
    sign_in(people.alice).post(f"/contests/{final.contest.id}/people/{row.id}/take", status=404)


def test_budget_line_is_kept_in_fen_and_audited(people, sign_in, final):
    client = sign_in(people.alice)
    address = f"/contests/{final.contest.id}/budget"
    client.post(address, {"name": "决赛奖金", "purpose": "prize", "amount": "400,000.50", "basis": "文件"})
    row = db.session.query(Budget).one()
    assert row.amount_fen == 40_000_050
    page = client.get(f"{address}?line={row.id}").text
    assert 'value="400000.50"' in page and "余 50,000.50 元" in page
    client.post(f"{address}?line={row.id}", {"name": "决赛奖金", "purpose": "prize", "amount": "350000", "basis": "文件"})
    client.post(f"{address}/{row.id}/remove")
    assert db.session.query(Budget).count() == 0
    assert actions(final.contest) == ["budget.add", "budget.change", "budget.remove"]


def test_a_budget_below_the_tiers_is_stopped_with_the_way_out(people, sign_in, final):
    client = sign_in(people.alice)
    address = f"/contests/{final.contest.id}/budget"
    client.post(address, {"name": "决赛奖金", "purpose": "prize", "amount": "350000"})
    row = db.session.query(Budget).one()
    page = client.post(f"{address}?line={row.id}", {"name": "决赛奖金", "purpose": "prize", "amount": "349999.99"}, status=200).text
    assert "超出预算 0.01 元" in page and "请减少名额或奖金" in page
    assert db.session.query(Budget).one().amount_fen == 35_000_000


def test_wrong_money_is_told_at_the_field(people, sign_in, final):
    page = sign_in(people.alice).post(f"/contests/{final.contest.id}/budget", {"name": "甲", "purpose": "prize", "amount": "二十万"}, status=200)
    assert "“二十万”不是金额" in page.text
    assert db.session.query(Budget).count() == 0
