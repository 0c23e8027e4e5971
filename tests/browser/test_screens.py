"""The hall's screens in a real browser: every scene without reload, cut off and back, two displays alike, axe at each scene."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from compete import clock
from compete.audit.service import SYSTEM
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.live import screens, showings
from compete.models import Contest, Entry, Judge, Podium, Screen, Showing, db
from compete.results.facts import board
from compete.votes import service as votes
from tests import support
from tests.browser import house

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
HALL = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"], "resultTypes": ["violations"]}
LONG = "基于数字孪生与机器视觉的特高压换流站关键设备全生命周期智能运维与故障预警一体化平台的研制及推广应用"
FORTY = LONG[:40]


@pytest.fixture
def hall(live_server):
    """A finished session of nine judges, its release, a main screen and a page for phones; `direct` is the remote control."""
    app = live_server.app

    class Hall:
        @contextmanager
        def writing(self):
            with app.app_context(), write():
                yield

        def direct(self, scene, data=None, *, screen=None, ago=0, theme=None):
            with self.writing():
                row = db.session.get(Screen, screen or self.screen)
                made = screens.direct(row, scene=scene, data=data, theme=theme, actor=SYSTEM, now=clock.now() - timedelta(seconds=ago))
                assert isinstance(made, Screen), made

        def step(self, seen):
            with self.writing():
                screens.step(db.session.get(Screen, self.screen), seen=seen, by=1, actor=SYSTEM, now=clock.now() + timedelta(seconds=seen))

    found = Hall()
    with app.app_context():
        final = support.make_final(entries=12, judges=9, marked=True)
        final.entries[0].title, final.entries[1].title, final.part.locked_at = LONG, FORTY, clock.now()
        db.session.commit()
        found.event, found.session, found.contest = final.event.id, final.session.id, final.contest.id
        found.slots = [slot.id for slot in final.session.slots]
        with write():
            hall, phone = (screens.make(found.contest, name=kind, kind=kind, actor=SYSTEM, now=clock.now()) for kind in ("hall", "audience"))
            found.shown = [showings.show_score(final.part.id, entry.id, actor=SYSTEM, now=clock.now()).id for entry in final.entries]
            found.board = showings.show_standings(found.event, actor=SYSTEM, now=clock.now()).id
        with write():
            awards.release(board=board(schemes.load(found.event)), notice_days=0, actor=SYSTEM, now=clock.now())
        found.screen, found.key, found.phone, found.phone_key = hall.id, hall.key, phone.id, phone.key
        db.session.remove()
    return found


READING = """async (clock) => {
  const { reading } = await import(document.querySelector("script[type=module]").src.replace("main.js", "current.js"));
  return Object.values(reading({ phase: "speech", allotted_ms: 420000, ran_ms: 0, started_at: 0, warnings: [60, 30], ...clock }, 1000));
}"""
# A clock one second after it was started, and what it says: phase, time, note, state.
CLOCKS = (
    ({}, ["陈述", "6:59", "", "run"]),
    ({"started_at": None, "ran_ms": 400}, ["陈述", "7:00", "暂停", "stand"]),
    ({"ran_ms": 358_500}, ["陈述", "1:01", "", "run"]), ({"ran_ms": 359_000}, ["陈述", "1:00", "最后 1 分钟", "warn"]),
    ({"ran_ms": 389_000, "phase": "questions"}, ["提问", "0:30", "最后 30 秒", "warn"]),
    ({"ran_ms": 419_000}, ["陈述", "0:00", "最后 30 秒", "warn"]), ({"ran_ms": 424_999}, ["陈述", "+0:05", "超时", "over"]),
    ({"allotted_ms": 0, "ran_ms": 64_000}, ["陈述", "1:05", "", "run"]),
    ({"phase": "over", "started_at": None, "ran_ms": 430_000}, ["结束", "+0:10", "超时", "over"]),
    ({"phase": "over", "started_at": None, "ran_ms": 100_000}, ["结束", "", "", "end"]),
)  # fmt: skip


# Texts of the scene that lie under the code in the corner.
UNDER = """() => {
  const code = document.getElementById("invite").getBoundingClientRect();
  const hides = (box) => box.right > code.left && box.left < code.right && box.bottom > code.top && box.top < code.bottom;
  const texts = document.createTreeWalker(document.getElementById("stage"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (texts.currentNode.textContent.trim() && [...range.getClientRects()].some(hides)) found.push(texts.currentNode.textContent);
  }
  return found;
}"""


def objections(page) -> list:
    return [(row["id"], node["html"][:120]) for row in house.objections(page, RULES) for node in row["nodes"][:3]]


def fits(page) -> bool:
    """Whether nothing of the scene lies outside the display."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight")


def whole(title) -> bool:
    """Whether no line of the title is cut away."""
    return title.evaluate("(it) => it.scrollHeight - it.clientHeight < parseFloat(getComputedStyle(it).fontSize) / 2")


def test_a_display_goes_through_every_scene_without_reload(hall, new_page):
    page = new_page(viewport=HALL, touch=False, reduced_motion="reduce")
    page.goto(f"/screen/{hall.key}")
    page.evaluate("window.same = true")
    stage = page.locator("#stage")

    hall.direct("message", {"text": "请安静\n14:00 继续", "qr": "http://10.0.0.2/r/1/1"}, theme="light")
    expect(stage.locator(".message-text")).to_contain_text("14:00 继续")
    found = objections(page)

    hall.direct("order")
    expect(stage.locator(".rows:not([hidden]) .row")).to_have_count(8)
    expect(stage.locator(".row .title").first).to_have_text(LONG)
    assert whole(stage.locator(".row .title").nth(1))

    with hall.writing():
        db.session.add(Podium(session_id=hall.session, slot_id=hall.slots[0], phase="speech", allotted_ms=60_000, ran_ms=0, started_at=clock.now() - timedelta(seconds=75)))
    hall.direct("current", theme="dark")
    expect(stage.locator(".clock")).to_have_attribute("data-state", "over")
    expect(stage.locator(".clock-note")).to_have_text("超时")
    ran = stage.locator(".clock-time").inner_text()
    found += objections(page)
    assert fits(page)

    assert [page.evaluate(READING, given) for given, _ in CLOCKS] == [told for _, told in CLOCKS]

    hall.direct("score", {"showing": hall.shown[0]})
    expect(stage.locator(".judge")).to_have_count(9)
    expect(stage.locator(".judge del")).to_have_count(2)
    assert [note.strip() for note in stage.locator(".judge-note").all_inner_texts() if note.strip()] == ["去掉最高", "去掉最低"]
    expect(stage.locator(".total-figure")).to_have_text("96.57")
    expect(stage.locator(".seal")).to_contain_text("第 1 次亮出 · 指纹")
    found += objections(page)
    assert fits(page)

    hall.direct("standings", {"showing": hall.board, "page": 2})
    expect(stage.locator(".head-aside")).to_have_text("截至第 12 项 · 第 12 次亮出")
    expect(stage.locator(".rows:not([hidden]) .number").first).to_have_text("09号")
    expect(stage.locator(".page-at")).to_have_text("2 / 2")
    hall.direct("standings", {"showing": hall.board, "page": 1})
    expect(stage.locator(".page-at")).to_have_text("1 / 2")
    assert whole(stage.locator(".row .title", has_text=FORTY).last)
    found += objections(page)
    assert fits(page)

    hall.direct("ceremony", {"event": hall.event, "amounts": True})
    expect(stage.locator(".ceremony-title")).to_have_text("颁奖典礼")
    hall.step(0)
    expect(stage.locator(".group-name")).to_have_text("三等奖")
    assert "项目3" not in page.content()
    hall.step(1)
    expect(stage.locator(".winner-title")).to_have_text("项目3")
    expect(stage.locator(".prize")).to_have_text("奖金 50,000 元")
    found += objections(page)
    assert fits(page)

    hall.direct("black")
    expect(stage.locator(".black")).to_be_attached()
    hall.direct("current")
    expect(stage.locator(".clock-time")).not_to_have_text(ran)  # it went on meanwhile
    assert found == [] and page.evaluate("window.same") is True


def test_the_rows_of_a_vote_do_not_run_into_each_other(hall, new_page):
    with hall.writing():
        for entry in db.session.scalars(sa.select(Entry).where(Entry.number.between(3, 10))):
            entry.title = "第九号煤矿井下无人化综合掘进成套装备研制"[: 9 + entry.number]
        poll = votes.make(db.session.get(Contest, hall.contest), event_id=hall.event, part_id=None, name="人气奖", most=1, changeable=True, ticketed=False,
                          live=True, actor=SYSTEM, now=clock.now())  # fmt: skip
        votes.open_poll(poll, actor=SYSTEM, now=clock.now())
    page = new_page(viewport=HALL, touch=False)
    page.goto(f"/screen/{hall.key}")
    for address in ("http://10.0.0.2/vote/x", ""):
        hall.direct("vote", {"poll": 1, "qr": address})
        expect(page.locator(".vote .qr")).to_have_count(1 if address else 0)
        over = "(all) => all.filter((it) => it.getBoundingClientRect().height > it.parentElement.getBoundingClientRect().height).map((it) => it.textContent)"
        assert page.locator(".vote-row .title").evaluate_all(over) == []
        assert fits(page)
    expect(page.locator(".foot")).to_contain_text("票数最多的 10 项，共 12 项")


def test_a_scene_that_holds_too_much_is_drawn_smaller_and_whole(hall, new_page):
    with hall.writing():
        for judge in db.session.scalars(sa.select(Judge)):
            judge.name = f"阿卜杜热西提·吾布力卡斯木{judge.position}"
        first = db.session.get(Showing, hall.shown[0])
        showings.withdraw(first, reason="改为显示评委姓名", actor=SYSTEM, now=clock.now())
        named = showings.show_score(first.part_id, first.entry_id, names=True, actor=SYSTEM, now=clock.now()).id
    page = new_page(viewport=HALL, touch=False)
    page.goto(f"/screen/{hall.key}")
    hall.direct("score", {"showing": named})
    expect(page.locator(".judge-name").first).to_contain_text("吾布力卡斯木1")
    seal = page.locator(".seal").bounding_box()
    assert fits(page) and seal["y"] + seal["height"] < HALL["height"]
    assert page.locator(".judge").evaluate_all("(all) => all.filter((it) => it.scrollWidth > it.clientWidth + 1).length") == 0
    size = "getComputedStyle(document.documentElement).getPropertyValue('--size')"
    assert 0.8 < float(page.evaluate(size)) < 1
    hall.direct("score", {"showing": hall.shown[1]})
    expect(page.locator(".judge-name").first).to_have_text("1号评委")
    assert page.evaluate(size) == "", "what fits stands in its own size"


def test_the_code_in_the_corner_hides_nothing(hall, new_page):
    page = new_page(viewport=HALL, touch=False, reduced_motion="reduce")
    page.goto(f"/screen/{hall.key}")
    with hall.writing():
        unit = db.session.scalar(sa.select(Entry).where(Entry.number == 1)).organization
        unit.name = "合肥市轨道交通集团有限公司运营分公司第三维保中心智能检修创新工作室"
        db.session.add(Podium(session_id=hall.session, slot_id=hall.slots[0], phase="speech", allotted_ms=480_000, ran_ms=0))
    for scene, data in (("current", {}), ("order", {}), ("score", {"showing": hall.shown[0]}), ("standings", {"showing": hall.board}),
                        ("ceremony", {"event": hall.event, "step": 6}), ("message", {"text": LONG * 4})):  # fmt: skip
        hall.direct(scene, {**data, "address": "http://10.0.0.2/screen/x"})
        page.locator(f":root[data-scene={scene}] #invite svg").wait_for()
        assert page.evaluate(UNDER) == [], scene


def test_a_display_keeps_its_content_when_cut_off_and_comes_back_by_itself(hall, new_page):
    hall.direct("score", {"showing": hall.shown[1]}, ago=60)
    page, late = (new_page(viewport=HALL, touch=False) for _ in range(2))
    page.goto(f"/screen/{hall.key}")
    expect(page.locator(".total-figure")).to_be_visible()
    page.context.set_offline(True)
    expect(page.locator("#dot")).to_be_visible()
    expect(page.locator(".total-figure")).to_be_visible()
    hall.direct("message", {"text": "网络已恢复"})
    page.context.set_offline(False)
    expect(page.locator(".message-text")).to_have_text("网络已恢复")
    expect(page.locator("#dot")).to_be_hidden()
    # A display that is opened later stands where the first stands, without the show from its beginning.
    hall.direct("score", {"showing": hall.shown[1]}, ago=60)
    late.goto(f"/screen/{hall.key}")
    expect(late.locator(".total-figure")).to_have_text(page.locator(".total-figure").inner_text())
    assert late.locator(".rise, .striking").count() == 0
    with hall.writing():
        assert screens.is_on(db.session.get(Screen, hall.screen), clock.now())
        screens.remove(db.session.get(Screen, hall.screen), actor=SYSTEM, now=clock.now())
    expect(page.locator(".wait-text")).to_have_text("这块屏幕已移除")


def test_phones_see_the_same_in_a_page_of_their_width(hall, new_page):
    page = new_page(viewport=PHONE)
    hall.direct("score", {"showing": hall.shown[0]}, screen=hall.phone, ago=60)
    page.goto(f"/screen/{hall.phone_key}")
    expect(page.locator(".total-figure")).to_have_text("96.57")
    found = objections(page)
    hall.direct("standings", {"showing": hall.board}, screen=hall.phone)
    expect(page.locator(".rows .row")).to_have_count(12)
    found += objections(page)
    assert found == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")
