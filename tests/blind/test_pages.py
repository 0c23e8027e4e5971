"""The pages of coding: setting up, the keeper's table, two people at the opening, what nobody else may see."""

import pytest
import sqlalchemy as sa

from compete.blind import opening, service
from compete.database import write
from compete.models import CodeOpening, EntryCode, Event, LateMark, Sheet, db
from compete.recheck.service import labels_of
from tests import support
from tests.blind import hall
from tests.support import counted_queries


@pytest.fixture
def final(app):
    return hall.make()


def at(final, path=""):
    return f"/contests/{final.contest.id}/codes/{final.event.id}{path}"


def layer_at(final, place, path):
    return at(final, f"/layers/{hall.layer(final, place).id}/{path}")


def plan_form(final, **more):
    people = final.people
    rows = [("抽签号", people.one.id, ""), ("工位号", people.two.id, "01-09"), ("成绩号", people.three.id, "")]
    form = {"confirmers": "supervisor", "minutes": "15"}
    for n, (name, keeper, labels) in enumerate(rows):
        form |= {f"layers-{n}-name": name, f"layers-{n}-keeper": keeper, f"layers-{n}-labels": labels}
    return form | more


def test_from_the_plan_to_the_names(final, sign_in):
    people = final.people
    olga = sign_in(people.olga)
    assert "还没有加密方案" in olga.get(at(final)).text
    olga.get(at(final, "/plan"))
    assert "还没有保管人" in olga.post(at(final, "/plan"), plan_form(final, **{"layers-1-keeper": "0"}), status=422).text
    olga.post(at(final, "/plan"), plan_form(final))
    for place, keeper in enumerate((people.one, people.two, people.three)):
        client = sign_in(keeper)
        assert "编码并封存" in client.get(at(final)).text
        client.get(layer_at(final, place, "draw"))
        client.post(layer_at(final, place, "draw"), {"method": "hall", "spoken": ""}, status=422)
        client.post(layer_at(final, place, "draw"), {"method": "hall", "spoken": "8246"})
        client.get(layer_at(final, place, "table"))
        client.get(layer_at(final, place, "slips"))
    codes = set(db.session.scalars(sa.select(EntryCode.code)))
    assert len(codes) == 4
    hall.lock(final)
    for place, keeper in ((2, people.three), (1, people.two), (0, people.one)):
        client, sue = sign_in(keeper), sign_in(people.sue)
        client.post(layer_at(final, place, "ask"), {})
        number = db.session.scalar(sa.select(CodeOpening.id).where(CodeOpening.state == "asked"))
        assert "核对指纹并启封" not in client.get(at(final)).text
        client.post(at(final, f"/openings/{number}/confirm"), {})
        assert db.session.scalar(sa.select(CodeOpening.state).where(CodeOpening.id == number)) == "asked"
        assert "核对指纹并启封" in sue.get(at(final)).text
        sue.post(at(final, f"/openings/{number}/confirm"), {})
    assert db.session.scalar(sa.select(Event.unveiled_at)) is not None
    assert "起，成绩页、评奖预览和下载的表格显示名称" in olga.get(at(final)).text
    assert "正常启封" in olga.get(at(final, "/protocol")).text
    olga.get(layer_at(final, 0, "table"))


def test_a_closed_table_is_read_by_its_keeper_only(final, sign_in):
    hall.sealed(final)
    for name in ("olga", "two", "three", "sue"):
        client = sign_in(getattr(final.people, name))
        for page in ("table", "slips", "draw"):
            client.get(layer_at(final, 0, page), status=403)
    for name in ("carl", "hank", "rita"):
        sign_in(getattr(final.people, name)).get(at(final), status=403)
    own = sign_in(final.people.one).get(layer_at(final, 0, "table")).text
    assert ">01<" in own and ">C" in own


@pytest.mark.sqlite
def test_no_page_about_coding_tells_a_code_or_a_name_to_others(final, sign_in):
    hall.sealed(final)
    found = service.coding(final.event)
    codes = {code for state in found.layers for _, code in state.table.content["pairs"]}
    words = codes | {entry.title for entry in final.entries}
    for name in ("olga", "sue", "two"):
        client = sign_in(getattr(final.people, name))
        for page in ("", "/protocol"):
            text = client.get(at(final, page)).text
            assert not [word for word in words if word in text]


@pytest.mark.sqlite
def test_an_opened_emergency_table_stays_with_those_who_opened_it(final, sign_in):
    hall.sealed(final)
    hall.confirm(final, hall.ask(final, 2, final.people.three, emergency=True, reason="选手受伤"), final.people.sue)
    sign_in(final.people.olga).get(layer_at(final, 2, "table"), status=403)
    sign_in(final.people.sue).get(layer_at(final, 2, "table"))
    page = sign_in(final.people.olga).get(at(final)).text
    assert "紧急启封" in page and "选手受伤" in page


@pytest.mark.sqlite
def test_the_chief_sees_code_and_name_once_all_layers_are_open_and_judges_keep_the_code(final, sign_in):
    """The judge's paper and signature go by the code; a sheet may still come back to be marked anew."""
    hall.sealed(final)
    support.mark_all(final)
    hall.lock(final)
    entry, chief = final.entries[0], sign_in(final.people.carl)
    code = db.session.scalar(sa.select(EntryCode.code).where(EntryCode.entry_id == entry.id))
    sheet = db.session.scalar(sa.select(Sheet.id).where(Sheet.entry_id == entry.id))
    home = f"/contests/{final.contest.id}"
    db.session.add(LateMark(contest_id=final.contest.id, part_id=final.part.id, entry_id=entry.id, judge_id=final.judges[1].id, device="", digest="0", code="locked",
                            why="", message={"marks": {}, "comment": "", "submit": False, "revision": 1, "rubric": ""}, received_at=support.NOW, state="waiting"))  # fmt: skip
    db.session.commit()
    pages = [f"{home}/review/parts/{final.part.id}", f"{home}/review/sheets/{sheet}", f"{home}/review/late", f"{home}/signed/{final.session.id}"]
    assert all(code in page and entry.title not in page for page in (chief.get(page).text for page in pages))
    hall.open_all(final)
    with write():
        assert opening.reveal(service.coding(final.event), actor=hall.by(final.people.sue), now=support.NOW) is None
    assert all(code in page and "01 项目1" in page for page in (chief.get(page).text for page in pages[:3]))
    signed = chief.get(pages[3]).text
    assert f">{code}</th><td class=\"left\">01 项目1</td>" in signed
    assert labels_of(final.part.id)[entry.id] == f"{code} 号（01 项目1）"
    told = sign_in(final.judges[1]).get("/judge/api/desk").json["sessions"][0]["entries"]
    assert [(row["title"], row["organization"]) for row in told if row["label"] == code] == [("", "")]


@pytest.mark.sqlite
def test_a_plan_is_fixed_once_a_layer_is_sealed(final, sign_in):
    hall.planned(final)
    olga = sign_in(final.people.olga)
    olga.get(at(final, "/plan"))
    hall.seal(final, 0)
    assert olga.get(at(final, "/plan"), status=302).location.endswith(at(final))
    assert "已有一层编好并封存" in olga.get(at(final)).text


@pytest.mark.sqlite
def test_one_layer_by_the_organiser(final, sign_in):
    olga = sign_in(final.people.olga)
    olga.post(at(final, "/simple"), {})
    assert db.session.scalar(sa.select(sa.func.count(EntryCode.id))) == 0
    olga.post(at(final, "/simple"), {"agreed": "y"})
    assert db.session.scalar(sa.select(sa.func.count(EntryCode.id))) == 4
    assert "对应表" in olga.get(layer_at(final, 0, "table")).text


@pytest.mark.sqlite
def test_a_request_can_be_taken_back_or_refused(final, sign_in):
    hall.sealed(final)
    hall.lock(final)
    row = hall.ask(final, 2, final.people.three)
    sign_in(final.people.sue).post(at(final, f"/openings/{row.id}/drop"), {})
    db.session.expire_all()
    assert db.session.get(CodeOpening, row.id).state == "dropped"
    sign_in(final.people.olga).post(at(final, f"/openings/{row.id}/drop"), {}, status=403)
    sign_in(final.people.sue).post(f"/contests/{final.contest.id}/codes/{final.event.id + 1}/openings/{row.id}/drop", {}, status=404)


@pytest.mark.sqlite
def test_a_keeper_hands_over_on_the_page(final, sign_in):
    hall.planned(final)
    olga, here = sign_in(final.people.olga), layer_at(final, 0, "keeper")
    olga.post(here, {"keeper": final.people.two.id, "reason": "离场"})
    assert "曾保管" in olga.get(at(final)).text


@pytest.mark.sqlite
def test_pages_ask_the_same_for_one_event_and_for_three(final, sign_in):
    hall.sealed(final)
    client, page = sign_in(final.people.olga), f"/contests/{final.contest.id}/codes"
    client.get(page)
    with counted_queries() as few:
        client.get(page)
    db.session.add_all(Event(contest_id=final.contest.id, name=f"赛项{n}", rules={}, is_blind=True) for n in (1, 2))
    db.session.commit()
    with counted_queries() as many:
        client.get(page)
    assert len(many) == len(few) <= 12
