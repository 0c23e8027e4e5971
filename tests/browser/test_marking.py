"""The judge's tablet in a real browser, with touch: card, PIN, marks, no network, conflict, submitting, signing."""

import random

import pytest
from flask import request

from compete.audit.service import SYSTEM, Actor
from compete.contests import schemes
from compete.database import write
from compete.judging import cards
from compete.judging import service as judging
from compete.live import podium, stage
from compete.marking import late, seats, service
from compete.models import AuditRecord, Judge, LateMark, Sheet, Signature, Slot, db
from scoring import UNIT, format_ratio, sheet_total
from scoring.problems import Problem
from tests import support
from tests.browser.tablet import card_of, come_in, delivered, give_all, hand_in, leave, stored, until

pytestmark = pytest.mark.sqlite


def test_from_the_card_to_the_signature(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")

    # Quick value, stepper, keypad.
    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    card_of(page, 1).locator(".jf-step").nth(1).tap()
    card_of(page, 2).locator(".jf-value").tap()
    for key in ("2", "5", ".", "5", "next"):
        page.tap(f".key[value='{key}']")
    assert page.inner_text(".total") == "82.00"
    assert page.inner_text(".tally") == "总分"
    delivered(page)
    assert stored(hall) == ("draft", {"c1": 30 * UNIT, "c2": 265000, "c3": 255000})

    # Without a network nothing is lost, and the page says so.
    page.context.set_offline(True)
    card_of(page, 1).locator(".jf-step").nth(0).tap()
    page.fill("#comment", "数据扎实")
    page.wait_for_selector("[data-delivery]:has-text('待发送 2')")
    assert stored(hall)[1]["c2"] == 265000
    page.context.set_offline(False)
    delivered(page)
    assert stored(hall)[1]["c2"] == 260000

    # Handing in: a summary first, then the deliberate touch.
    page.tap("[data-submit]")
    assert page.inner_text("dialog .dialog-total b") == "81.50"
    assert "数据扎实" in page.inner_text("dialog")
    assert stored(hall)[0] == "draft"
    page.tap("dialog .main-button")
    page.wait_for_selector(".notice.is-good:has-text('已提交')")
    assert stored(hall)[0] == "submitted"
    assert card_of(page, 0).locator(".jf-value").evaluate("node => node.readOnly")

    # The next entry, then the list is signed with the finger.
    page.tap(".dock .main-button:has-text('下一个')")
    assert "您的打分" in page.inner_text(".compare")
    give_all(page)
    hand_in(page)
    page.tap(".dock .main-button:has-text('回到列表')")
    page.tap(".main-button:has-text('核对并签名')")
    page.wait_for_selector(".drawing")
    page.set_viewport_size({"width": 1024, "height": 768})  # the tablet lies on its side: the list, not the bar, fills it
    assert page.locator(".signing .entry-head").bounding_box()["height"] < 120
    assert page.locator(".sign-form").bounding_box()["width"] > 900
    page.locator(".drawing").scroll_into_view_if_needed()
    box = page.locator(".drawing").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    for n in range(14):
        page.mouse.move(box["x"] + 60 + n * 20, box["y"] + 50 + (n % 3) * 30)
    page.mouse.up()
    page.tap(".sign-form .main-button")
    page.wait_for_selector(".notice.is-good:has-text('签名确认')")

    with hall.app.app_context():
        signature = db.session.scalar(db.select(Signature))
        assert (signature.judge_id, signature.drawing[0]) == (hall.judge, "M")
        actions = db.session.scalars(db.select(AuditRecord.action).order_by(AuditRecord.number)).all()
        assert actions.count("sheet.submit") == 2
        assert actions[-1] == "signature.make"


def test_missing_marks_are_named_and_one_touch_away(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    card_of(page, 0).locator(".jf-value").tap()
    page.tap(".key[value='0']")
    page.tap(".key[value='close']")
    assert card_of(page, 0).locator(".jf-value").input_value() == "0"
    assert card_of(page, 1).locator(".jf-value").get_attribute("aria-valuetext") == "未打分"

    page.tap("[data-submit]")
    assert page.locator("dialog .missing button").all_inner_texts() == ["评分项2", "评分项3"]
    assert page.locator("dialog .main-button").count() == 0
    page.tap("dialog .missing button >> nth=1")

    assert "评分项3" in page.inner_text(".pad-title")


def test_impossible_values_cannot_be_entered(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    value = card_of(page, 0).locator(".jf-value")  # 0 to 33.3334 in steps of 0.5
    value.tap()
    page.tap(".key[value='3']")
    off = page.eval_on_selector_all(".key:disabled", "keys => keys.map((key) => key.value)")
    assert off == ["7", "8", "9", "4", "5", "6"]
    page.tap(".key[value='.']")
    assert page.eval_on_selector_all(".key:enabled", "keys => keys.map((key) => key.value)") == ["back", "5", "clear", "next", "0", "close"]

    # A real keyboard meets the same bounds: letters, a second dot and a 9 do not appear.
    page.tap(".key[value='clear']")
    page.keyboard.type("a3.9.5")
    assert value.input_value() == "3.5"
    page.keyboard.press("ArrowUp")
    assert value.input_value() == "4"
    delivered(page)
    assert stored(hall)[1] == {"c1": 4 * UNIT}


def test_marks_survive_a_reload_before_delivery(hall, new_page):
    down = []

    @hall.app.before_request
    def fail():
        if down and request.path.startswith("/judge/api/sheets"):
            return "", 503

    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    down.append(True)
    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    page.wait_for_selector("[data-delivery]:has-text('待发送 1')")
    page.once("dialog", lambda dialog: dialog.accept())  # leaving with undelivered marks warns
    page.reload()
    page.wait_for_selector("[data-delivery]:has-text('待发送 1')")
    assert card_of(page, 0).locator(".jf-value").input_value() == "30"
    assert stored(hall) == (None, {})

    down.clear()

    delivered(page)
    assert stored(hall) == ("draft", {"c1": 30 * UNIT})


def test_two_tablets_of_one_judge_hand_over_the_seat_and_ask_which_marks_count(hall, new_page):
    first, second = new_page(), new_page()
    second.route("**/judge/api/desk", lambda route: route.abort())
    for page in (first, second):
        come_in(page, hall.card)
        page.tap(".overview .main-button")
    # The newest holds the seat: the older one says so, and takes no new marks until the judge goes on there.
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    first.wait_for_selector("[data-seat]:has-text('这个席位已在另一台平板上继续')")
    assert first.locator(".jf-quick button:enabled, .jf-value:not([readonly]), [data-submit]").count() == 0
    first.reload()
    first.wait_for_selector("[data-seat]")
    second.route("**/judge/api/alive", lambda route: route.abort())
    first.tap("[data-seat] button")
    first.locator(".jf-quick button").nth(0).tap()
    delivered(first)
    # The other one has not heard of it yet: what is touched there meanwhile is kept, and the judge chooses.
    second.fill("#comment", "这里的评语")
    second.locator(".jf-quick button").nth(2).tap()
    second.wait_for_selector("dialog:has-text('两处的分数不一样')")
    assert stored(hall)[1] == {"c1": 30 * UNIT}
    # Nothing is decided by leaving the question; it is one touch away, and shows all that the choice is about.
    second.keyboard.press("Escape")
    second.wait_for_selector("dialog", state="detached")
    second.tap(".notice:has-text('改过这张评分表') button")
    assert second.locator("dialog tbody tr").all_inner_texts() == ["评分项1\t18\t30", "总分\t—\t—"]
    assert second.locator("dialog .quiet").inner_text() == "其余 2 项两处相同。"
    assert second.locator("dialog dd").all_inner_texts() == ["这里的评语", "—"]
    second.tap("dialog .main-button:enabled")
    delivered(second)
    assert (stored(hall)[1], second.locator("dialog").count()) == ({"c1": 18 * UNIT}, 0)
    second.unroute_all()
    second.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    second.wait_for_selector("[data-seat]")
    with hall.app.app_context():
        row = next(row for row in seats.at(db.session.get(support.Session, hall.session)) if row.judge_id == hall.judge)
        assert (row.holds, row.waiting, [(tablet.holds, tablet.viewing) for tablet in row.others]) == (True, 0, [(False, "01")])


def test_a_tablet_without_the_seat_tells_what_still_waits_there_until_it_is_delivered(hall, new_page):
    first, second = new_page(), new_page()
    come_in(first, hall.card)
    first.tap(".overview .main-button")
    first.route("**/judge/api/sheets/**", lambda route: route.abort())
    first.locator(".jf-quick button").nth(0).tap()
    come_in(second, hall.card)
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    first.wait_for_selector("[data-seat]:has-text('还没送达的 1 处打分照常送出')")
    first.unroute_all()
    first.evaluate("dispatchEvent(new Event('online'))")
    delivered(first)
    assert "还没送达" not in first.locator("[data-seat]").inner_text()


def test_a_returned_sheet_shows_the_reason_and_opens_again(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    give_all(page)
    hand_in(page)
    with hall.app.app_context(), write():
        sheet = db.session.scalar(db.select(Sheet))
        judging.return_sheet(sheet, "第一项请再看", actor=SYSTEM, now=support.NOW)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page.wait_for_selector(".notice:has-text('第一项请再看')")
    card_of(page, 0).locator(".jf-quick button").nth(1).tap()
    hand_in(page)

    assert stored(hall)[0] == "submitted"
    assert stored(hall)[1]["c1"] == 24 * UNIT


def test_what_comes_too_late_goes_to_the_chief_judge_and_the_tablet_says_so(hall, new_page):
    page = new_page()
    page.route("**/judge/api/desk", lambda route: route.abort())  # it hears of the end only by the answer to its mark
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    with hall.app.app_context(), write():
        db.session.get(support.Session, hall.session).state = "closed"

    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    page.unroute_all()

    # Nothing waits on the tablet any more, and it does not say 已送达; the form is closed, the mark is not shown as given.
    page.wait_for_selector("[data-delivery].is-wait:has-text('转交总评委 1')")
    page.wait_for_selector(".notice:has-text('未采用：评分项1 30。送到时已不能直接收下（本场评分已经结束），已转交总评委处理')")
    page.wait_for_selector(".judge-form.is-done")
    assert card_of(page, 0).locator(".jf-value").input_value() == ""
    page.tap("[data-delivery]")
    assert "转交总评委处理，没有丢" in page.inner_text("dialog")
    page.go_back()  # closes the dialog and nothing else
    page.wait_for_selector("dialog", state="detached")
    assert page.locator(".judge-form").count() == 1
    with hall.app.app_context():
        row = db.session.scalar(db.select(LateMark))
        assert row.message["marks"] == {"c1": 30 * UNIT}
        with write():
            late.reject(row, reason="评委确认作废", actor=SYSTEM, now=support.NOW)
            db.session.get(support.Session, hall.session).state = "open"
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".notice.is-bad:has-text('理由：评委确认作废')")
    delivered(page)
    card_of(page, 0).locator(".jf-quick button").nth(1).tap()
    delivered(page)
    assert stored(hall)[1] == {"c1": 24 * UNIT}


def test_the_tablet_adds_up_like_the_engine(hall, new_page):
    """Totals of the page and of scoring.sheet_total are one figure, for any rubric."""
    page = new_page()
    come_in(page, hall.card)
    chance = random.Random(20261122)
    with hall.app.app_context():
        part = schemes.part_value(db.session.get(support.Part, hall.part))
    session = {"denominator": str(part.denominator), "factors": {code: str(factor) for code, factor in part.factors.items()}}
    cases = [{leaf.code: chance.randrange(0, leaf.maximum + 1) for leaf in part.leaves} for _ in range(200)]

    shown = page.evaluate(
        """async ({session, cases}) => {
          const path = document.querySelector("script[type=module]").src.replace("main.js", "numbers.js");
          const {total, ratio} = await import(path);
          return cases.map((marks) => ratio(total(session, marks).sum, session.denominator));
        }""",
        {"session": session, "cases": cases},
    )

    assert shown == [format_ratio(sheet_total(part, marks), part.denominator) for marks in cases]


def test_other_judges_marks_never_reach_the_tablet(hall, new_page):
    with hall.app.app_context():
        other = db.session.scalar(db.select(Judge).where(Judge.name == "评委3"))
        with write():
            service.save_marks(hall.entries[0], hall.part, judge_id=other.id, revision=0, marks={"c1": 123000 // 5000 * 5000},
                               comment="他人的评语", actor=Actor(f"judge:{other.id}", other.name), now=support.NOW)  # fmt: skip
    page = new_page()
    come_in(page, hall.card)

    assert "他人的评语" not in page.content()
    assert page.locator(".row-total").all_inner_texts() == ["—", "—"]


def test_a_tablet_that_changes_hands_keeps_the_first_judges_marks_and_says_whose_they_are(hall, new_page):
    with hall.app.app_context(), write():
        substitute = cards.issue_card(db.session.scalar(db.select(Judge).where(Judge.name == "评委3")), actor=SYSTEM, now=support.NOW)
    page = new_page()
    page.add_init_script("delete Navigator.prototype.wakeLock")  # as on plain HTTP
    page.on("dialog", lambda dialog: dialog.accept())  # leaving with undelivered marks warns
    come_in(page, hall.card)
    page.tap(".notice:has-text('自动锁定') .side-button")  # told once
    page.route("**/judge/api/sheets/**", lambda route: route.abort())
    page.tap(".overview .main-button")
    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    page.wait_for_selector("[data-delivery]:has-text('待发送 1')")
    page.tap(".back")
    leave(page)

    page.goto(f"/card/{substitute.token}")
    page.wait_for_selector(".door-note:has-text('这台平板上还存着评委2的 1 处未送达的打分')")
    come_in(page, substitute)
    page.wait_for_selector(".notice:has-text('还存着评委2的 1 处未送达的打分')")
    assert page.locator("[data-delivery]").inner_text() == "已送达"  # the substitute has nothing that waits
    assert page.locator(".notice:has-text('自动锁定')").count() == 0
    page.unroute_all()
    come_in(page, hall.card)
    delivered(page)
    assert stored(hall) == ("draft", {"c1": 30 * UNIT})
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    def told():
        with hall.app.app_context():
            return ("评委2", True, 0) in {(row.judge, row.holds, row.waiting) for row in seats.at(db.session.get(support.Session, hall.session))}

    until(page, told)


def test_what_is_on_stage_is_one_touch_away_and_the_others_wait_where_they_must(hall, new_page):
    def host(verb, *given):
        with hall.app.app_context(), write():
            session = db.session.get(support.Session, hall.session)
            seen = podium.hold(session).revision
            assert not isinstance(verb(session, *given, seen=seen, actor=SYSTEM, now=support.NOW), Problem)
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page = new_page()
    come_in(page, hall.card)
    with hall.app.app_context():
        slots = [db.session.scalar(db.select(Slot.id).where(Slot.entry_id == entry)) for entry in hall.entries]
    host(stage.call, slots[1])
    page.wait_for_selector(".overview .main-button:has-text('台上：02 号 项目2')")
    page.tap(".rows a >> nth=0")
    page.wait_for_selector(".stage-bar:has-text('台上：02 号')")
    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    delivered(page)

    host(stage.only_current, True)
    page.wait_for_selector(".notice:has-text('请等主持人叫到这一项')")
    assert page.locator(".jf-quick button:enabled").count() == 0
    host(stage.announce, "请各位评委休息十分钟")
    page.wait_for_selector(".notice:has-text('请各位评委休息十分钟')")
    page.tap(".notice:has-text('请各位评委休息十分钟') .side-button")
    assert page.locator(".notice:has-text('休息十分钟')").count() == 0
    page.tap(".stage-bar")
    page.wait_for_selector(".badge.is-stage")
    card_of(page, 0).locator(".jf-quick button").nth(0).tap()
    delivered(page)
    assert stored(hall, 1) == ("draft", {"c1": 30 * UNIT})
