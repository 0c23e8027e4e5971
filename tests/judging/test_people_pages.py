"""The list of judges, one judge's page, cards on paper, panels, recusals."""

import re

import pytest
import sqlalchemy as sa

from compete.judging import cards
from compete.models import AuditRecord, Judge, Panel, Recusal, Seat, Sheet, db
from tests import support
from tests.support import counted_queries


def url(final, path):
    return f"/contests/{final.contest.id}{path}"


def at(client, host):
    """The same signed-in browser under another name of the server."""
    cookie = client._client.get_cookie("compete")
    client._client.set_cookie("compete", cookie.value, domain=host.split(":")[0])
    return {"base_url": f"http://{host}"}


def judge_form(**more):
    return {"name": "周新", "organization": "单位2", "title": "教授", "role": "judge", "phone": "13800138000", **more}


def actions():
    return list(db.session.scalars(sa.select(AuditRecord.action).order_by(AuditRecord.number)))


def test_list_shows_judges_with_panel_and_card(alice, final):
    page = alice.get(url(final, "/judges")).get_data(as_text=True)

    assert "评委1" in page
    assert "总评委 1" in page
    assert "未制卡" in page
    assert "entries" in page or "import" in page


def test_list_queries_do_not_grow_with_judges(alice, final):
    with counted_queries() as few:
        alice.get(url(final, "/judges"))
    db.session.add_all(Judge(contest_id=final.contest.id, name=f"新评委{n}", position=10 + n) for n in range(20))
    db.session.commit()
    with counted_queries() as many:
        alice.get(url(final, "/judges"))

    assert len(many) == len(few) <= 12


def test_search_and_filter(alice, final):
    found = alice.get(url(final, "/judges?q=评委单位2")).get_data(as_text=True)
    chiefs = alice.get(url(final, "/judges?show=chief")).get_data(as_text=True)
    none = alice.get(url(final, "/judges?q=无此人")).get_data(as_text=True)

    assert ("评委2</a>" in found, "评委1</a>" in found) == (True, False)
    assert ("评委1</a>" in chiefs, "评委2</a>" in chiefs) == (True, False)
    assert "没有符合条件的评委" in none


def test_added_judge_is_recused_from_the_own_organization(alice, final):
    alice.post(url(final, "/judges/new"), judge_form())

    judge = db.session.scalars(sa.select(Judge).where(Judge.name == "周新")).one()
    assert (judge.phone, judge.position) == ("13800138000", 4)
    assert db.session.scalars(sa.select(Recusal.entry_id)).all() == [final.entries[1].id]
    assert actions() == ["judge.add", "recusal.refresh"]
    record = db.session.scalars(sa.select(AuditRecord.after).where(AuditRecord.action == "judge.add")).one()
    assert record["phone"] == "138****8000"


@pytest.mark.parametrize(("change", "message"), [({"name": ""}, "请填写姓名"), ({"phone": "12345"}, "手机"), ({"role": "king"}, "选择")])
def test_judge_form_says_what_is_wrong(alice, final, change, message):
    page = alice.post(url(final, "/judges/new"), judge_form(**change), status=200).get_data(as_text=True)

    assert message in page
    assert db.session.scalar(sa.select(sa.func.count(Judge.id))) == 3


def test_same_name_and_organization_is_refused(alice, final):
    page = alice.post(url(final, "/judges/new"), judge_form(name="评委1", organization="评委单位1"), status=200)

    assert "名单中已有同单位的同名评委" in page.get_data(as_text=True)


def test_change_keeps_the_phone_that_was_not_sent(alice, final):
    judge = final.judges[0]
    judge.phone = "13911112222"
    db.session.commit()

    page = alice.get(url(final, f"/judges/{judge.id}")).get_data(as_text=True)
    alice.post(url(final, f"/judges/{judge.id}/change"), judge_form(name="评委甲", role="chief", phone=""))

    assert "13911112222" not in page
    assert "139****2222" in page
    kept = db.session.get(Judge, judge.id)
    assert (kept.name, kept.phone) == ("评委甲", "13911112222")


def test_withdrawn_judge_can_be_taken_back(alice, final):
    judge = final.judges[2]
    cards.issue_card(judge, actor=support.schemes.audit.SYSTEM, now=support.NOW)
    db.session.commit()

    alice.post(url(final, f"/judges/{judge.id}/withdraw"), {"reason": "请假"})
    assert db.session.get(Judge, judge.id).withdrawn_at is not None
    assert db.session.scalar(sa.select(sa.func.count(Seat.id)).where(Seat.judge_id == judge.id)) == 0
    alice.get(url(final, "/judges?show=withdrawn"))

    alice.post(url(final, f"/judges/{judge.id}/restore"))
    assert db.session.get(Judge, judge.id).withdrawn_at is None


def test_judge_with_sheets_stays_on_the_list(alice, final):
    support.mark_all(final)
    db.session.commit()

    answer = alice.post(url(final, f"/judges/{final.judges[1].id}/withdraw"), {"reason": "请假"}, follow_redirects=True, status=200)

    assert "已经有评分表，不能移出名单" in answer.get_data(as_text=True)
    assert db.session.get(Judge, final.judges[1].id).withdrawn_at is None


# cards on paper


def test_cards_and_pins_are_printed_apart(alice, final):
    alice.post(url(final, "/judges/cards"))

    judges = db.session.scalars(sa.select(Judge).order_by(Judge.position)).all()
    sheet = alice.get(url(final, "/judges/cards"), **at(alice, "192.168.1.20:8000")).get_data(as_text=True)
    slips = alice.get(url(final, "/judges/pins")).get_data(as_text=True)

    assert sheet.count("<svg") == 3
    assert "192.168.1.20:8000" in sheet
    for judge in judges:
        shown = f"{judge.pin[:3]} {judge.pin[3:]}"
        assert shown in slips
        assert judge.pin not in sheet
        assert shown not in sheet
        assert judge.card_secret not in slips
    assert actions() == ["card.issue"] * 3


def test_qr_code_leads_to_the_card_of_this_host(alice, final, monkeypatch):
    from compete.judging import pages_cards

    alice.post(url(final, "/judges/cards"))
    seen = []
    monkeypatch.setattr(pages_cards, "qr", lambda address: seen.append(address) or "<svg></svg>")
    alice.get(url(final, "/judges/cards"), **at(alice, "pingshen.example:8443"))

    secrets = db.session.scalars(sa.select(Judge.card_secret).order_by(Judge.position)).all()
    assert seen == [f"http://pingshen.example:8443/card/{secret}" for secret in secrets]


def test_cards_are_issued_once(alice, final):
    alice.post(url(final, "/judges/cards"))
    before = db.session.scalars(sa.select(Judge.card_hash).order_by(Judge.id)).all()
    alice.post(url(final, "/judges/cards"))

    assert db.session.scalars(sa.select(Judge.card_hash).order_by(Judge.id)).all() == before


def test_reissue_and_revoke_from_the_page(alice, final):
    judge = final.judges[0]
    address = url(final, f"/judges/{judge.id}/card")

    alice.post(address)
    first = db.session.get(Judge, judge.id).card_hash
    alice.post(address, {"reason": "遗失"})
    assert db.session.get(Judge, judge.id).card_hash not in (None, first)
    alice.post(address + "/revoke", {"reason": "遗失"})

    assert db.session.get(Judge, judge.id).card_revoked_at is not None
    assert actions() == ["card.issue", "card.reissue", "card.revoke"]
    page = alice.get(url(final, "/judges/cards")).get_data(as_text=True)
    assert "<svg" not in page


def test_supervisor_sees_judges_but_no_secrets(people, final, sign_in):
    carol = sign_in(people.carol)

    carol.get(url(final, "/judges"))
    carol.get(url(final, f"/judges/{final.judges[0].id}"))
    for path in ("/judges/cards", "/judges/pins", "/judges/new"):
        carol.get(url(final, path), status=403)
    for path in ("/judges/cards", f"/judges/{final.judges[0].id}/card", f"/judges/{final.judges[0].id}/change"):
        carol.post(url(final, path), status=403)


@pytest.mark.parametrize("path", ["/judges", "/panels", "/recusals", "/sessions", "/board"])
def test_strangers_and_finance_stay_outside(people, final, sign_in, path):
    sign_in(people.dan).get(url(final, path), status=404)
    sign_in(people.bob).get(url(final, path), status=403)
    sign_in().get(url(final, path), status=302)


def test_judge_of_another_contest_is_not_found(alice, final, app):
    other = support.make_final()

    alice.get(url(final, f"/judges/{other.judges[0].id}"), status=404)
    alice.post(url(final, f"/judges/{other.judges[0].id}/card"), status=404)
    alice.get(url(final, f"/panels/{other.panel.id}"), status=404)
    alice.get(url(final, f"/sessions/{other.session.id}"), status=404)
    alice.get(url(final, f"/board?session_id={other.session.id}"), status=404)
    assert db.session.get(Judge, other.judges[0].id).card_hash is None


# panels


def seats(final, places, **more):
    """The panel's form: {judge index: place or ""}."""
    form = {"name": "决赛评委组", "chief": 0, **more}
    for line, (judge, place) in enumerate(places.items()):
        form[f"seats-{line}-judge_id"] = final.judges[judge].id
        form[f"seats-{line}-place"] = place
    return form


def test_panel_is_formed_in_the_order_of_places(alice, final):
    alice.get(url(final, "/panels/new"))
    alice.post(url(final, "/panels/new"), seats(final, {0: 2, 1: 1, 2: ""}, chief=final.judges[1].id))

    panel = db.session.scalars(sa.select(Panel).where(Panel.name == "决赛评委组")).one()
    assert [seat.judge_id for seat in panel.seats] == [final.judges[1].id, final.judges[0].id]
    assert db.session.get(Judge, final.judges[1].id).role == "chief"
    assert db.session.get(Judge, final.judges[0].id).role == "judge"
    assert "决赛评委组" in alice.get(url(final, "/panels")).get_data(as_text=True)


def test_chief_must_sit_in_the_panel(alice, final):
    page = alice.post(url(final, "/panels/new"), seats(final, {0: 1, 1: ""}, chief=final.judges[1].id), status=200)

    assert "总评委要在本组中" in page.get_data(as_text=True)


def test_unreadable_place_does_not_unseat(alice, final):
    page = alice.post(url(final, f"/panels/{final.panel.id}"), seats(final, {0: 1, 1: "二", 2: 3}), status=200)

    assert re.search("座次请填整数|Not a valid integer|整数", page.get_data(as_text=True))
    assert db.session.scalar(sa.select(sa.func.count(Seat.id)).where(Seat.panel_id == final.panel.id)) == 3


def test_judge_with_a_sheet_keeps_the_seat(alice, final):
    db.session.add(Sheet(part_id=final.part.id, session_id=final.session.id, entry_id=final.entries[0].id,
                         judge_id=final.judges[2].id, state="draft", updated_at=support.NOW))  # fmt: skip
    db.session.commit()

    page = alice.post(url(final, f"/panels/{final.panel.id}"), seats(final, {0: 1, 1: 2, 2: ""}), status=200)

    assert "已有评分表，不能移出" in page.get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Seat.id)).where(Seat.panel_id == final.panel.id)) == 3


def test_panel_in_use_is_not_removed(alice, final):
    alice.post(url(final, f"/panels/{final.panel.id}/remove"))
    assert db.session.get(Panel, final.panel.id) is not None

    alice.post(url(final, "/panels/new"), seats(final, {0: 1}))
    fresh = db.session.scalars(sa.select(Panel.id).where(Panel.name == "决赛评委组")).one()
    alice.post(url(final, f"/panels/{fresh}/remove"))
    assert db.session.get(Panel, fresh) is None


def test_panels_queries_do_not_grow(alice, final):
    address = url(final, "/panels")
    with counted_queries() as few:
        alice.get(address)
    for n in range(3):
        alice.post(url(final, "/panels/new"), seats(final, {0: 1, 1: 2}, name=f"第{n}组"))
    with counted_queries() as many:
        alice.get(address)

    assert len(many) == len(few) <= 12


# recusals


def test_recusals_are_listed_and_lifted_with_a_reason(alice, final):
    final.judges[0].organization = "单位1有限公司"
    final.judges[1].organization = "单位2"
    db.session.commit()
    alice.post(url(final, "/recusals/refresh"))
    row = db.session.scalars(sa.select(Recusal).where(Recusal.judge_id == final.judges[1].id)).one()

    page = alice.get(url(final, "/recusals")).get_data(as_text=True)
    alice.post(url(final, f"/recusals/{row.id}/lift"), {"reason": ""})
    assert db.session.get(Recusal, row.id).lifted_at is None
    alice.post(url(final, f"/recusals/{row.id}/lift"), {"reason": "监督组同意"})

    assert "同单位：单位2" in page
    assert db.session.get(Recusal, row.id).lifted_reason == "监督组同意"
