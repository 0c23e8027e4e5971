"""Pages of 双人录入: the pile of a judge, the form in any kind of criterion, differences side by side, sheets to print."""

import re

import pytest

from compete.database import write
from compete.judging import masks
from compete.marking import paper_views
from compete.models import Keying, Membership, Session, Sheet, User, db
from tests.marking.conftest import FULL, Desk
from tests.support import NOW, UNIT, counted_queries

pytestmark = pytest.mark.sqlite
RIGHT = {"m0": "40", "m1": "45"}


@pytest.fixture
def home(final):
    return f"/contests/{final.contest.id}/paper"


@pytest.fixture
def place(final, home):
    """place(entry=0) -> the address of the second judge's sheet."""
    return lambda entry=0, judge=1: f"{home}/{final.session.id}/{final.judges[judge].id}/{final.entries[entry].id}"


@pytest.fixture
def recorder(final, people, sign_in):
    """A second pair of hands: 计分裁判."""
    row = User(login="ren", name="任录入", created_at=NOW)
    db.session.add(row)
    db.session.flush()
    db.session.add(Membership(contest_id=final.contest.id, user_id=row.id, role="recorder"))
    db.session.commit()
    return sign_in(row)


@pytest.fixture
def alice(people, sign_in):
    return sign_in(people.alice)


def test_two_people_work_through_the_pile(final, alice, recorder, home, place):
    page = alice.get(f"{home}?judge={final.judges[1].id}").text
    assert page.count("录入<span") == 3 and "录下一张：01" in page
    answer = alice.post(place(), RIGHT)
    assert answer.location == place(1)
    assert "已录一遍，请另一位再录一遍" in alice.get(answer.location).text

    seen = recorder.get(place()).text
    assert "这是第二遍" in seen and not re.search(r'value="4[05]"', seen)
    assert recorder.post(place(), RIGHT).location == place(1)
    shown = recorder.get(f"{home}?judge={final.judges[1].id}&show=done").text
    assert "与 Alice 录的一致，已为评委提交" in shown and "Alice、任录入" in shown and "两遍一致" in shown
    assert Desk(final).marks() == FULL


def test_the_list_filters_and_finds_and_needs_no_more_queries_for_more_sheets(final, alice, home, place, monkeypatch):
    judge, addresses = final.judges[1].id, [place(entry) for entry in range(3)]

    def page(**asked):
        return alice.get(home, query_string={"judge": judge, **asked}).text

    with counted_queries() as few:
        page()
    for address in addresses:
        alice.post(address, RIGHT)
    with counted_queries() as many:
        assert page().count("您已录，重录") == 3
    assert len(many) <= len(few) <= 22
    assert "项目2" in page(q="项目2") and "项目1" not in page(q="项目2")
    assert "没有找到" in page(q="没有这样的") and "这一类没有" in page(show="differs")
    monkeypatch.setattr(paper_views, "PAGE", 2)
    assert page(show="all").count("您已录，重录") == 2 and page(show="all", page=2).count("您已录，重录") == page(show="all", page=9).count("您已录，重录") == 1
    monkeypatch.undo()
    assert page(show="once").count(">已录一遍</span>") == 4 and "还差 3 · 录过一遍 3" in page()


def test_differences_are_shown_to_both_and_settled(final, alice, recorder, place):
    alice.post(place(), RIGHT)
    answer = recorder.post(place(), {**RIGHT, "m1": "44"})
    assert answer.location == f"{place()}/compare"
    shown = recorder.get(answer.location).text
    assert "与 Alice 录的不同" in shown and "任录入（您）" in shown
    assert shown.count('class="is-apart"') == 1 and ">45<" in shown and ">44<" in shown and "84.00" in shown
    assert not re.search(r'value="4[045]"', alice.get(place()).text)
    alice.post(place(), {**RIGHT, "m1": "44"})
    assert Desk(final).marks() == {"c1": 40 * UNIT, "c2": 44 * UNIT}
    assert alice.get(f"{place()}/compare", status=302).location == place()


def test_the_form_tells_what_cannot_be_a_mark(final, alice, place):
    for given, said in (
        ({**RIGHT, "m0": ""}, "零分请填 0"), ({**RIGHT, "m0": "四十"}, "不是分数"), ({**RIGHT, "m0": "50.5"}, "超出范围"), ({**RIGHT, "m0": "40.3"}, "打分间隔"),
        ({**RIGHT, "written": "86"}, "纸面写的是 86，各项相加是 85.00"), ({**RIGHT, "written": "x"}, "不是分数"), ({**RIGHT, "comment": "长" * 2001}, "不超过 2000 字"),
        ({**RIGHT, "rubric": "another"}, "评分标准刚刚改过"),
    ):  # fmt: skip
        assert said in alice.post(place(), given, status=422).text, given
    page = alice.post(place(), {**RIGHT, "m0": "51"}, status=422).text
    assert 'aria-invalid="true"' in page and 'value="51"' in page and 'value="45"' in page
    assert db.session.scalar(db.select(Keying)) is None
    alice.post(place(), {"m0": "４０", "m1": " 45。0 ", "written": "85"})
    alice.post(place(1), {**RIGHT, "written": "86", "trust": "y"})
    assert [row.marks for row in db.session.scalars(db.select(Keying))] == [FULL, FULL]


def test_every_kind_of_criterion_that_a_tablet_takes(final, alice, recorder, place):
    for leaf, kind in zip(final.criteria, ("judgement", "yes_no"), strict=True):
        leaf.rules = {"kind": kind}
    db.session.commit()
    page = alice.get(place()).text
    assert "0 低于标准，1 达到标准，2 部分超出，3 优秀" in page and "0 否，1 是" in page
    assert "2" in alice.post(place(), {"m0": "4", "m1": "1"}, status=422).text
    for person in (alice, recorder):
        person.post(place(), {"m0": "2", "m1": "1", "written": "83.33"})
    assert Desk(final).marks() == {"c1": 2 * UNIT, "c2": UNIT}


def test_what_is_keyed_in_wrongly_is_taken_back(alice, recorder, place):
    alice.post(place(), RIGHT)
    assert "作废我录的这一遍" in alice.get(place()).text
    for person, said in ((recorder, "没有您录的"), (alice, "已作废")):
        assert said in person.post(f"{place()}/withdraw", follow_redirects=True, status=200).text
    assert "这是第二遍" not in recorder.get(place()).text


def test_a_sheet_of_the_tablet_is_compared(final, alice, home, place):
    alice.post(place(), {**RIGHT, "m1": "44"})
    Desk(final).submit(FULL)
    assert "与平板不同" in alice.get(f"{home}?judge={final.judges[1].id}").text
    shown = alice.get(f"{place()}/compare").text
    assert "平板" in shown and "先由总评委退回" in shown
    assert "评分项2平板 45、纸面 44" in alice.post(place(), {**RIGHT, "m1": "44"}, status=422).text
    assert "一致，不用再录" in alice.post(place(), RIGHT, status=422).text


def test_the_pages_about_judging_lead_here(final, alice, home, place):
    contest, session, judge, entry = final.contest.id, final.session.id, final.judges[1].id, final.entries[0].id
    for address in (f"board?session_id={session}", f"sessions/{session}"):
        assert f'href="{home}?session_id={session}"' in alice.get(f"/contests/{contest}/{address}").text
    assert f'href="{place()}"' in alice.get(f"/contests/{contest}/sessions/{session}/entries/{entry}/judges/{judge}").text


def test_closed_sessions_say_so_instead_of_a_form(final, alice, place):
    final.session.state = "closed"
    db.session.commit()
    page = alice.get(place()).text
    assert "本场评分已经结束" in page and 'id="keying"' not in page


def test_paper_to_print_leads_back_to_its_form(final, alice, home, place):
    page = alice.get(f"{home}/{final.session.id}/print").text
    assert page.count('<section class="paper"') == 3 and page.count("评委签名") == 3 and page.count("满分 50") == 6
    code = f"{final.session.id}-{final.judges[1].id}-{final.entries[0].id}"
    assert page.count(f">{code}<") == 1
    assert alice.get(f"{home}/go?code={code}", status=302).location == place()
    assert "没有编号末段是 999 的" in alice.get(f"{home}/go?code={final.session.id}-{final.judges[0].id}-999", follow_redirects=True).text
    assert "分三段" in alice.get(f"{home}/go?code=abc", follow_redirects=True).text
    assert alice.get(f"{home}/{final.session.id}/print?judge={final.judges[0].id}").text.count('<section class="paper"') == 1


def test_blind_entries_show_codes_only_on_every_page(final, alice, recorder, home, place):
    final.event.is_blind = True
    db.session.commit()
    alice.get(place(), status=404)
    sheet = place().rpartition("/")[0] + "/" + masks.mask(final.entries[0].id)
    alice.post(sheet, RIGHT)
    recorder.post(sheet, {**RIGHT, "m1": "44"})
    addresses = (f"{home}?judge={final.judges[1].id}&show=all", sheet, f"{sheet}/compare", f"{home}/{final.session.id}/print")
    for address in addresses:
        page = alice.get(address).text
        assert "第1项" in page, address
        assert not [word for word in ("项目1", "单位1", "完成人1") if re.search(rf"(?<!评委){word}", page)], address
    assert "没有找到" in alice.get(f"{home}?judge={final.judges[1].id}&show=all&q=项目1").text


def test_doors(final, people, sign_in, recorder, home, place):
    overview = recorder.get(f"/contests/{final.contest.id}").text
    assert f'href="{home}"' in overview
    recorder.get(f"{home}/{final.session.id}/print")
    recorder.get(f"/contests/{final.contest.id}/board", status=403)
    for person, status in ((people.carol, 403), (people.dan, 404), (final.judges[0], 403), (final.judges[1], 403)):
        for address in (home, place(), f"{place()}/compare", f"{home}/{final.session.id}/print", f"{home}/go"):
            sign_in(person).get(address, status=status)
        sign_in(person).post(place(), RIGHT, status=status)
        sign_in(person).post(f"{place()}/withdraw", status=status)
    alice = sign_in(people.alice)
    for wrong in (f"{home}/999/1/1", f"{home}/{final.session.id}/999/{final.entries[0].id}", f"{home}/{final.session.id}/{final.judges[0].id}/999"):
        alice.get(wrong, status=404)
    alice.get(f"{home}?session_id=999", status=404)


def test_before_there_is_anything_to_key_in(final, people, sign_in, home):
    alice = sign_in(people.alice)
    with write():
        db.session.get(Session, final.session.id).panel_id = None
    assert "本场还没有评委" in alice.get(home).text and "没有可打印的" in alice.get(f"{home}/{final.session.id}/print").text
    with write():
        for slot in db.session.get(Session, final.session.id).slots:
            db.session.delete(slot)
        db.session.flush()
        db.session.delete(db.session.get(Session, final.session.id))
    assert "还没有场次" in alice.get(home).text


def test_paper_tells_the_steps_and_the_levels_and_the_chief_reads_the_level_in_words(final, alice, home, sign_in):
    with write():
        final.criteria[1].rules = {"kind": "yes_no"}
    page = alice.get(f"{home}/{final.session.id}/print").text
    assert page.count("满分 50，间隔 0.5") == page.count("0 否，1 是") == 3
    desk = Desk(final)
    desk.submit({"c1": 40 * UNIT, "c2": UNIT}, judge=final.judges[0])
    sheet = db.session.scalar(db.select(Sheet.id))
    shown = sign_in(final.judges[0]).get(f"/contests/{final.contest.id}/review/sheets/{sheet}").text
    assert '<td class="num chief-own">1 是</td>' in shown and '<td class="num chief-own">40</td>' in shown
