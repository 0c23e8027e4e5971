"""Nothing by accident, nothing stale: signing out, a zero, and what moved while the judge's hands were on the page."""

import pytest

from compete.audit import service as audit
from compete.database import write
from compete.models import Criterion, Part, Session, Sheet, db
from tests.browser.tablet import card_of, come_in, give_all, hand_in
from tests.support import NOW

pytestmark = pytest.mark.sqlite
REFRESH = "document.dispatchEvent(new Event('visibilitychange'))"  # what the tablet does when it is woken


@pytest.fixture
def page(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    return page


def close_session(hall):
    with hall.app.app_context():
        with write():
            db.session.get(Session, hall.session).state = "closed"
        db.session.remove()


def test_who_waits_for_the_opening_sees_it_within_five_seconds(hall, new_page):
    def move(state):
        with hall.app.app_context():
            with write():
                row = db.session.get(Session, hall.session)
                row.state = state
                audit.record(contest_id=row.contest_id, actor=audit.SYSTEM, now=NOW, action="session.open", subject="session", subject_id=row.id)
            db.session.remove()

    move("waiting")
    page = new_page()
    page.clock.install()
    come_in(page, hall.card)
    page.wait_for_selector("text=本场还没有开始")
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    move("open")
    page.clock.run_for(5500)
    page.wait_for_selector("text=本场还没有开始", state="detached")


def test_one_touch_does_not_sign_out_and_without_the_network_nobody_is_shut_out(page):
    page.tap("text=我不是")
    assert "再进来要扫评委卡、输密码" in page.locator("dialog").inner_text()
    page.tap("dialog >> text=不退出")
    page.context.set_offline(True)
    page.tap("text=我不是")
    page.locator("dialog .main-button:enabled").tap()
    page.wait_for_selector("dialog [role=alert]:has-text('现在连不上服务器')")
    page.context.set_offline(False)
    page.tap("dialog .main-button")
    page.wait_for_selector("text=已退出")


def test_what_was_not_delivered_is_told_before_signing_out(page):
    page.tap(".overview .main-button")
    page.context.set_offline(True)
    card_of(page, 0).locator(".jf-quick button").first.tap()
    page.tap(".back")
    page.tap("text=我不是")
    page.wait_for_selector("dialog .notice:has-text('还有 1 处没有送达')")


def test_zeros_are_named_before_handing_in(page):
    page.tap(".overview .main-button")
    give_all(page)
    card_of(page, 1).locator(".jf-value").tap()
    page.tap(".key[value='0']")
    page.tap("[data-submit]")
    assert page.locator("dialog .notice").all_inner_texts() == ["有 1 项是零分：评分项2。"]


def test_levels_are_told_in_their_words_and_a_no_is_no_zero(hall, new_page):
    with hall.app.app_context():
        for code, kind in (("c2", "judgement"), ("c3", "yes_no")):
            db.session.scalar(db.select(Criterion).where(Criterion.part_id == hall.part, Criterion.code == code)).rules = {"kind": kind}
        db.session.commit()
    page = new_page(viewport={"width": 390, "height": 844})
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    for word in card_of(page, 1).locator(".jf-quick span").all():
        assert word.evaluate("node => node.scrollWidth <= node.clientWidth"), word.inner_text()
    card_of(page, 0).locator(".jf-quick button").first.tap()
    card_of(page, 1).locator(".jf-value").tap()
    assert page.locator(".pad-title").text_content() == "评分项2 0（低于标准）到 3（优秀）"
    page.tap(".key[value='1']")
    assert card_of(page, 1).locator(".jf-value").get_attribute("aria-valuetext") == "达到标准"
    card_of(page, 2).locator(".jf-quick button >> text=否").tap()
    page.tap("[data-submit]")
    assert page.locator("dialog td").all_inner_texts() == ["30", "达到标准", "否"]
    assert page.locator("dialog .notice").count() == 0


@pytest.mark.parametrize("hands", ["dialog", "keypad"])
def test_what_moved_under_the_judges_hands_is_drawn_when_they_let_go(hall, page, hands):
    page.tap(".overview .main-button")
    give_all(page)
    if hands == "dialog":
        page.tap("[data-submit]")
        page.wait_for_selector("dialog[open]")
    else:
        card_of(page, 0).locator(".jf-value").tap()
    close_session(hall)
    with page.expect_response("**/judge/api/desk"):
        page.evaluate(REFRESH)
    if hands == "dialog":
        page.tap("text=返回修改")
    else:
        page.tap(".key[value='close']")
    page.wait_for_selector(".notice:has-text('本场评分已经结束')")
    assert page.locator("[data-submit]").count() == 0


def test_marks_that_came_too_late_bring_the_reason_into_sight(hall, page):
    page.set_viewport_size({"width": 390, "height": 600})
    page.tap(".overview .main-button")
    give_all(page)
    page.context.set_offline(True)
    card_of(page, 2).locator(".jf-quick button").nth(1).tap()
    assert page.evaluate("scrollY") > 100
    with hall.app.app_context():
        with write():
            db.session.get(Part, hall.part).locked_at = NOW
        db.session.remove()
    page.context.set_offline(False)
    page.wait_for_selector(".notice:has-text('已转交总评委处理')")
    assert page.evaluate("scrollY") == 0


def test_a_long_sheet_is_checked_from_its_head_with_total_and_buttons_in_sight(hall, page):
    page.set_viewport_size({"width": 1024, "height": 420})
    page.tap(".overview .main-button")
    give_all(page)
    page.tap("[data-submit]")
    page.locator("dialog .main-button:enabled").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "核对后提交"
    # `scrollTop` apart, whatever the size of the window: nothing of the head was scrolled away.
    assert page.evaluate("document.querySelector('dialog').scrollTop") == 0
    page.set_viewport_size({"width": 768, "height": 800})
    page.evaluate("document.querySelector('dialog').style.maxHeight = '380px'")
    box, foot = (page.locator(name).bounding_box() for name in ("dialog", "dialog .main-button"))
    assert foot["y"] + foot["height"] <= box["y"] + box["height"]


def test_a_returned_sheet_is_one_touch_away_in_a_long_list(hall, page):
    page.tap(".overview .main-button")
    give_all(page)
    hand_in(page)
    with hall.app.app_context():
        with write():
            sheet = db.session.scalar(db.select(Sheet).where(Sheet.judge_id == hall.judge))
            sheet.state, sheet.return_reason, sheet.revision = "returned", "请再核对", sheet.revision + 1
        db.session.remove()
    page.tap(".back")
    page.evaluate(REFRESH)
    page.tap("text=打开 01 号")
    page.wait_for_selector(".notice:has-text('请再核对')")


@pytest.mark.parametrize(("size", "left"), [((1024, 768), 380), ((390, 844), 470)])
def test_the_comment_stays_in_sight_when_the_tablets_keyboard_comes_up(page, size, left):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.tap(".overview .main-button")
    page.locator("#comment").tap()
    page.set_viewport_size({"width": size[0], "height": left})
    page.wait_for_function("() => { const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; }")
    assert page.evaluate("document.activeElement.id") == "comment"
    dock = page.locator(".dock .bar").bounding_box()
    box = page.locator("#comment").bounding_box()
    assert box["y"] + box["height"] <= dock["y"] or box["x"] + box["width"] <= dock["x"]


def test_a_hand_that_rests_on_the_box_does_not_break_the_signature(page):
    page.tap(".overview .main-button")
    give_all(page)
    hand_in(page)
    page.tap(".dock .main-button")
    give_all(page)
    hand_in(page)
    page.tap(".dock .main-button")
    page.tap("text=核对并签名")
    page.locator(".drawing").scroll_into_view_if_needed()
    box = page.locator(".drawing").bounding_box()
    fingers = page.context.new_cdp_session(page)

    def touch(kind, *points):
        at = [{"x": box["x"] + x, "y": box["y"] + y, "id": number} for number, x, y in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    touch("touchStart", (1, 40, 40))
    touch("touchMove", (1, 80, 60))
    touch("touchStart", (1, 80, 60), (2, 300, 120))
    touch("touchMove", (1, 120, 90), (2, 304, 124))
    touch("touchEnd")
    path = page.locator(".drawing path").get_attribute("d")
    assert path.count("M") == 1 and path.count("L") == 2
