"""The host's console: who may open it, what it shows and never shows, its state as 304, presses from two consoles."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from compete import clock
from compete.judging import masks
from compete.live import presses, tablets
from compete.marking.seats import SeatNow, Tablet
from compete.models import Entry, EntryCode, Event, LateMark, Membership, Part, Penalty, Podium, Presence, Ruling, Screen, Session, Slot, User, db
from tests import support
from tests.judging.hall import mixed, url
from tests.support import NOW, counted_queries


def give(contest, login: str, role: str):
    row = User(login=login, name=login.title(), created_at=NOW)
    db.session.add(row)
    db.session.flush()
    db.session.add(Membership(contest_id=contest.id, user_id=row.id, role=role))
    db.session.commit()
    return row


class Console:
    """A host's page: presses buttons with the revision it shows."""

    def __init__(self, client, final):
        self.client, self.seen = client, 0
        self.url = f"/contests/{final.contest.id}/live"
        self.of = f"?session={final.session.id}"

    def press(self, do, *, status=200, touch="", **fields):
        data = {"do": do, "seen": self.seen, "touch": touch, **fields}
        answer = self.client.post(f"{self.url}/press{self.of}", data, status=status, headers={"Accept": "application/json"}).get_json()
        self.seen = answer["revision"]
        return answer

    def state(self, tag=None, status=200):
        headers = {"If-None-Match": f'"{tag}"'} if tag else {}
        return self.client.get(f"{self.url}/state{self.of}", headers=headers, status=status)

    def page(self):
        return self.client.get(self.url + self.of).get_data(as_text=True)


@pytest.fixture
def console(final, people, sign_in):
    part = db.session.get(Part, final.part.id)
    part.speech_minutes, part.question_minutes = 8, 5
    db.session.commit()
    return Console(sign_in(give(final.contest, "hal", "host")), final)


@pytest.mark.sqlite
def test_a_session_without_entries_says_so(final, people, console, sign_in):
    db.session.execute(sa.delete(Slot).where(Slot.session_id == final.session.id))
    db.session.commit()
    assert "还没有分配参赛对象。请组织者" in console.page() and "都已上过台" not in console.page()
    page = sign_in(people.alice).get(console.url + console.of).get_data(as_text=True)
    assert f'href="/contests/{final.contest.id}/sessions/{final.session.id}">去分配' in page


@pytest.mark.sqlite
def test_host_and_organiser_open_the_console(final, people, console, sign_in):
    assert "第一场" in console.page() and f'href="{console.url}"' in console.page()
    for person, status in ((people.alice, 200), (people.bob, 403), (people.dan, 404)):
        for path in ("", "/tablets", f"/state{console.of}", f"/order{console.of}"):
            sign_in(person).get(console.url + path, status=status)


def test_a_turn_by_the_buttons_of_the_page(final, console):
    assert console.press("next")["said"] == "已叫下一个"
    assert "项目1" in console.page()
    answer = console.press("start")
    assert (answer["clock"]["phase"], answer["clock"]["allotted_ms"], answer["warnings"]) == ("speech", 480_000, [60, 30])
    assert answer["clock"]["started_at"] <= answer["now"]
    assert console.press("longer")["clock"]["allotted_ms"] == 510_000
    assert console.press("finish")["clock"]["phase"] == "questions"
    assert console.press("call:999999", status=409)["code"] == console.press("call:x", status=409)["code"] == "stage.foreign"
    assert console.press("bad", status=409)["code"] == console.press("charge:x", status=409)["code"] == "press.unknown"


@pytest.mark.sqlite
def test_every_button_of_the_pages_is_known(final, console):
    console.press("next")
    final_page = console.page() + console.client.get(f"{console.url}/order{console.of}").get_data(as_text=True)
    names = {piece.split('"')[0].split(":")[0] for piece in final_page.split('name="do" value="')[1:]}
    assert {"start", "next", "absent", "skip", "call", "announce", "only", "close"} <= names <= set(presses.ACTIONS)


def test_the_other_console_is_told_instead_of_advancing(final, console, people, sign_in):
    other = Console(sign_in(people.alice), final)
    console.press("next", touch="p1")
    refused = other.press("next", touch="p2", status=409)
    assert refused["code"] == "stage.stale" and "项目1" in refused["html"]["stage"]
    assert console.press("next", touch="p3")["revision"] == 2
    console.seen = 1
    assert console.press("next", touch="p3")["revision"] == 2  # the same press again: answered, not repeated


@pytest.mark.sqlite
def test_a_press_whose_answer_was_lost_is_done_once_whatever_it_does(final, console):
    console.press("next", touch="a")
    slot = db.session.scalar(sa.select(Podium.slot_id))
    for do, said in ((f"absent:{slot}", "已登记缺考"), ("close", "不再收分")):
        assert said in console.press(do, touch=do)["said"]
        assert console.press(do, touch=do)["said"] == "已完成"
    assert len(db.session.scalars(sa.select(Ruling)).all()) == 1


@pytest.mark.sqlite
def test_without_scripts_the_buttons_work_too(final, console):
    answer = console.client.post(f"{console.url}/press{console.of}", {"do": "next", "seen": 0})
    assert answer.headers["Location"].startswith(console.url)
    assert "已叫下一个" in console.page() and "项目1" in console.page()
    console.client.post(f"{console.url}/press{console.of}", {"do": "next"})
    assert "请刷新页面" in console.page()


def test_unchanged_is_answered_304_with_the_time(final, console):
    first = console.state()
    tag = first.get_etag()[0]
    again = console.state(tag, 304)
    assert again.data == b"" and int(again.headers["X-Now"]) >= first.get_json()["now"]
    console.press("next")
    assert console.state(tag).get_json()["revision"] == 1
    tag = console.state().get_etag()[0]
    db.session.add(Presence(judge_id=final.judges[1].id, device="A1", entered_at=NOW, last_seen_at=clock.now() - timedelta(hours=1), waiting=3))
    db.session.commit()
    assert "3 项未送达" in console.state(tag).get_json()["html"]["seats"]  # not in the trail, told all the same


@pytest.mark.sqlite
def test_states_of_sheets_are_shown_and_no_mark(final, console):
    mixed(final)
    console.press("next")
    html = console.state().get_json()["html"]["seats"]
    assert "已提交" in html and "草稿" in html and "缺席" in html
    for page in (console.page(), str(console.state().get_json()), console.client.get(f"{console.url}/order{console.of}").get_data(as_text=True)):
        assert "90.00" not in page and "85.00" not in page and "900000" not in page


@pytest.mark.sqlite
def test_blind_entries_are_codes_only(final, console):
    db.session.get(Event, final.event.id).is_blind = True
    db.session.add(EntryCode(entry_id=final.entries[0].id, layer=1, code="K7M2"))
    db.session.commit()
    console.press("next")
    page = console.page() + str(console.state().get_json())
    assert "K7M2" in page and "第2项" in page
    assert not any(word in page for word in ("项目1", "项目2", "单位1", "完成人1"))


@pytest.mark.sqlite
def test_buttons_of_blind_entries_do_not_tell_whose_turn_it_is(final, console):
    """Slots are made in the order of entrants: the number of one beside a code would tell whose code it is."""
    db.session.get(Event, final.event.id).is_blind = True
    db.session.add_all(EntryCode(entry_id=entry.id, layer=1, code=f"K{9 - entry.number}") for entry in final.entries)
    db.session.commit()
    html = console.press("next")["html"]["stage"] + console.client.get(f"{console.url}/order{console.of}").get_data(as_text=True)
    named = re.findall(r'value="(?:call|absent):([^"]+)"', html)
    assert len(named) >= 4 and all(re.fullmatch("e[0-9a-f]{16}", one) for one in named)
    assert not re.search(r'id="(?:order|call|lift|absent-ask)-\d+"', html)
    first = re.search(r'value="call:(\w+)"', html)[1]
    assert first != masks.mask(masks.unmask(first, "slot")), "a slot and an entry of one number look unlike"
    console.press(f"call:{first}")
    assert db.session.scalar(sa.select(Podium.slot_id)) == masks.unmask(first, "slot")
    console.press("call:e00", status=409)
    shown = console.client.get(url(final, "/live/scores")).get_data(as_text=True)
    assert "K8" in shown and not re.search(r'name="entry" value="\d+"', shown)


@pytest.mark.sqlite
def test_absence_is_registered_and_taken_back(final, console):
    console.press("next")
    slot = db.session.scalar(sa.select(Podium.slot_id))
    assert "缺考" in console.press(f"absent:{slot}")["html"]["stage"]
    ruling = db.session.scalars(sa.select(Ruling)).one()
    assert (ruling.kind, ruling.made_by) == ("absence", "Hal")
    console.press(f"lift:{slot}")
    db.session.expire_all()
    assert ruling.revoked_at is not None


def test_the_state_of_the_session_above_follows(final, console):
    final.session.state = "waiting"
    db.session.commit()
    assert "未开始" in console.page()
    assert "评分中" in console.press("open")["html"]["halls"]


def test_overtime_is_asked_before_it_is_charged(final, console):
    part = db.session.get(Part, final.part.id)
    part.timing = {"overtime": {"grace": 0, "every": 60, "points": 20_000, "maximum": None}}
    db.session.commit()
    console.press("next")
    console.press("start")
    row = db.session.scalars(sa.select(Podium)).one()
    row.started_at -= timedelta(minutes=9, seconds=30)
    db.session.commit()
    asked = console.press("finish")["html"]["stage"]
    assert "陈述超时 1 分 30 秒" in asked and "扣 4 分" in asked
    button = asked.split('value="charge:')[1].split('"')[0]
    assert console.press(f"charge:{button}")["said"] == "已扣 4 分"
    again = console.press(f"charge:{button}", status=409)
    assert again["code"] == "clock.decided" and "已扣 4 分" in again["html"]["stage"]
    assert "扣 4 分" in console.press(f"reconsider:{button.split(':')[0]}")["html"]["stage"]
    left = console.press("next")["html"]
    assert "扣 4 分" in left["alerts"] and "扣 4 分" not in left["stage"]  # it waits, the show goes on
    console.press(f"waive:{button.split(':')[0]}")
    db.session.expire_all()
    assert db.session.get(Entry, final.entries[0].id) and "超时不扣" in console.page()


def test_a_forgotten_clock_is_told_and_never_charged_by_one_touch(final, console):
    part = db.session.get(Part, final.part.id)
    part.timing = {"overtime": {"grace": 10, "every": 30, "points": 10_000, "maximum": None}}
    db.session.commit()
    console.press("next")
    console.press("start")
    row = db.session.scalars(sa.select(Podium)).one()
    row.started_at -= timedelta(minutes=8 + 41, seconds=42)  # the same 84 points for half a minute, however slow the machine
    db.session.commit()
    asked = console.press("finish")["html"]["stage"]
    assert re.search(r"超时 4[12] 分 \d\d 秒，<strong>像是忘了停表", asked)
    button = asked.split('value="charge:')[1].split('"')[0]
    timing, points, sure = button.split(":")
    assert sure == "sure" and asked.count('value="charge:') == 1 and "确认扣 84 分" in asked.split("<details")[1]
    refused = console.press(f"charge:{timing}:{points}", status=409)
    assert refused["code"] == "clock.forgotten" and "像是忘了停表" in refused["problem"]
    assert db.session.scalars(sa.select(Penalty)).all() == []
    assert console.press(f"charge:{button}")["said"] == "已扣 84 分"


@pytest.mark.sqlite
def test_session_notice_and_screens(final, console):
    db.session.add(Screen(contest_id=final.contest.id, name="主屏", key="k" * 22, kind="hall", session_id=final.session.id, changed_at=NOW, data={}))
    db.session.commit()
    screen = db.session.scalars(sa.select(Screen)).one()
    assert console.press("announce:both", text=" 休息十分钟 ")["said"] == "已发到：平板、主屏"
    db.session.expire_all()
    assert (screen.scene, screen.data["text"]) == ("message", "休息十分钟") and "休息十分钟" in console.page()
    assert console.press("announce:tablets", status=409)["code"] == "notice.empty"
    assert "休息十分钟" not in console.press("hush")["html"]["session"]
    console.press(f"screen:{screen.id}:black")
    db.session.expire_all()
    assert screen.scene == "black"
    assert "没有参赛对象" in console.press(f"screen:{screen.id}:score", status=409)["problem"]
    assert "不再收分" in console.press("close")["said"]
    assert console.press("open", status=409)["code"] == "reason"
    console.press("open", reason="有评委漏交")
    db.session.expire_all()
    assert db.session.get(Session, final.session.id).state == "open"
    db.session.get(Session, final.session.id).state = "waiting"
    db.session.commit()
    assert "本场还没有开始评分" in console.press("next")["html"]["alerts"]
    assert "只评台上这一项：开" in console.press("only:1")["html"]["session"]


def test_pages_take_the_same_queries_for_one_and_for_many(app, sign_in):
    def queries(entries, judges):
        final = support.make_final(entries=entries, judges=judges)
        person = give(final.contest, f"host{entries}", "host")
        for judge in final.judges:
            db.session.add(Presence(judge_id=judge.id, device="A", entered_at=NOW, last_seen_at=NOW))
        for number in range(judges):
            other = Session(contest_id=final.contest.id, part_id=final.part.id, panel_id=final.panel.id, name=f"另{number}", state="open")
            db.session.add_all([other, Screen(contest_id=final.contest.id, name=f"屏{number}", key=f"{entries}-{number}", changed_at=NOW, data={})])
        db.session.commit()
        page = Console(sign_in(person), final)
        page.press("next")
        tag, counts = page.state().get_etag()[0], []
        for ask in (page.page, page.state, lambda: page.state(tag, 304), lambda: page.client.get(f"{page.url}/tablets")):
            with counted_queries() as statements:
                ask()
            counts.append(len(statements))
        return counts

    few, many = queries(1, 1), queries(4, 3)
    assert few == many
    assert many[2] <= 9, "an unchanged state costs no more than looking for signs"


@pytest.mark.sqlite
def test_tablets_in_words_worst_first(final, console, people, sign_in):
    (one, two, three), silent = final.judges, clock.now() - timedelta(hours=1)
    db.session.add_all([
        Presence(judge_id=one.id, device="A1B2C3", entered_at=NOW, last_seen_at=silent, battery=9, charging=False),
        Presence(judge_id=two.id, device="D4E5F6", entered_at=NOW, last_seen_at=silent, waiting=5, viewing="02"),
        Presence(judge_id=two.id, device="OLD111", holds=False, entered_at=NOW, last_seen_at=silent, waiting=2),
        LateMark(contest_id=final.contest.id, part_id=final.part.id, entry_id=final.entries[0].id, judge_id=one.id, message={}, digest="d",
                 code="locked", why="已锁定", received_at=NOW),
    ])  # fmt: skip
    db.session.commit()
    page = console.client.get(f"{console.url}/tablets").get_data(as_text=True)
    assert page.index("评委2") < page.index("评委1") < page.index("评委3")
    for words in ("5 项未送达", "原来的平板上还有 2 项未送达", "电量 9%", "1 条迟到打分", "还没有进入"):
        assert words in page
    db.session.get(Session, final.session.id).state = "closed"
    db.session.commit()
    assert "没有评分中的场次" in console.client.get(f"{console.url}/tablets").get_data(as_text=True)
    assert "评委2" in console.client.get(f"{console.url}/tablets?all=1").get_data(as_text=True)


def seat(**values):
    given = {"judge_id": 1, "judge": "评委1", "role": "judge", "device": "A", "last_seen": NOW, "waiting": 0, "refused": 0, "battery": None,
             "charging": None, "viewing": "", "holds": True, "others": (), "late": 0}  # fmt: skip
    return SeatNow(**(given | values))


def test_what_is_said_of_a_tablet():
    said = lambda later=0, **values: [(told.kind, told.words) for told in tablets.tell(seat(**values), NOW + timedelta(seconds=later))]
    assert said() == [("good", "在线")]
    assert said(waiting=2) == [("wait", "待发送 2")]
    assert said(200) == [("wait", "失联 3 分钟")]
    assert said(7300, waiting=2) == [("bad", "失联 2 小时，2 项未送达")]
    assert said(refused=1, battery=3, charging=True) == [("bad", "1 项被拒收")]
    assert said(battery=3, charging=False, late=2) == [("wait", "电量 3%"), ("wait", "2 条迟到打分")]
    other = Tablet("B", NOW, 0, 0, None, None, "", False, None)
    assert said(others=(other,)) == [("wait", "两台平板用同一张卡")]
    assert said(last_seen=None) == [("quiet", "还没有进入")]
    assert all(told.mend for told in tablets.tell(seat(waiting=1, late=1, others=(other,)), NOW))
