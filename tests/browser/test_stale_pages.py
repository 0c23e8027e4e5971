"""Pages that are older than what happened since: the card scanned again, another judge, a page made before the last delivery."""

import json

import pytest

from compete.audit.service import SYSTEM
from compete.database import write
from compete.judging import cards
from compete.models import Criterion, Event, Judge, Sheet, db
from scoring import UNIT
from tests import support
from tests.browser.tablet import card_of, come_in, delivered, stored

pytestmark = pytest.mark.sqlite


def begin(page, hall):
    come_in(page, hall.card)
    page.tap(".overview .main-button")


def quick(page, card, n=0):
    card_of(page, card).locator(".jf-quick button").nth(n).tap()


def test_a_page_from_before_the_card_was_scanned_again_goes_on(hall, new_page):
    page = new_page()
    for what in ("desk", "alive"):  # or it could ask while nobody is signed in, or hear that another page came in
        page.route(f"**/judge/api/{what}", lambda route: route.abort())
    begin(page, hall)
    page.context.clear_cookies()
    other = page.context.new_page()
    come_in(other, hall.card)
    other.close()
    quick(page, 0)
    delivered(page)
    assert stored(hall)[1] == {"c1": 30 * UNIT}
    page.unroute_all()
    with page.expect_response(lambda answer: "/judge/api/alive" in answer.url) as told:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert told.value.status == 200


def test_without_a_sign_in_the_page_asks_for_the_card_and_keeps_the_marks(hall, new_page):
    page = new_page()
    begin(page, hall)
    page.context.clear_cookies()
    quick(page, 0)
    page.wait_for_selector("[data-delivery]:has-text('登录已失效')")
    come_in(page, hall.card)
    delivered(page)
    assert stored(hall)[1] == {"c1": 30 * UNIT}


@pytest.mark.parametrize("looks", [False, True])
def test_a_page_never_sends_in_another_judges_name(hall, new_page, looks):
    with hall.app.app_context():
        stranger = db.session.scalar(db.select(Judge).where(Judge.id != hall.judge, Judge.role == "judge"))
        with write():
            card = cards.issue_card(stranger, actor=SYSTEM, now=support.NOW)
    page = new_page()
    begin(page, hall)
    other = page.context.new_page()
    come_in(other, card)
    other.close()
    if looks:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        page.wait_for_selector("[data-delivery].is-bad")
    quick(page, 0)
    page.wait_for_selector("[data-delivery]:has-text('这台设备后来换了人登录')")
    with hall.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Sheet)) == 0
    come_in(page, hall.card)
    delivered(page)
    assert stored(hall)[1] == {"c1": 30 * UNIT}


def test_a_page_made_before_the_last_delivery_shows_it_all_the_same(hall, new_page):
    page = new_page()
    begin(page, hall)
    older = page.request.get("/judge/").body()
    quick(page, 0)
    delivered(page)
    page.route("**/judge/", lambda route: route.fulfill(body=older, content_type="text/html; charset=utf-8"))
    page.route("**/judge/api/desk", lambda route: route.abort())
    page.reload()
    page.wait_for_selector(".jf-card")
    assert card_of(page, 0).locator(".jf-value").input_value() == "30"
    quick(page, 1)
    delivered(page)
    assert page.locator("dialog").count() == 0
    assert stored(hall)[1].keys() == {"c1", "c2"}


def test_what_the_server_says_now_counts_more_than_what_the_device_remembers(hall, new_page):
    """As after a backup of an earlier hour was restored."""
    page = new_page()
    begin(page, hall)
    quick(page, 0)
    delivered(page)
    with hall.app.app_context():
        db.session.execute(db.text("DELETE FROM mark"))
        db.session.execute(db.delete(Sheet))
        db.session.commit()
    page.reload()
    page.wait_for_function("() => document.querySelector('.jf-card .jf-value')?.value === ''")
    quick(page, 0, 1)
    delivered(page)
    assert stored(hall)[1] == {"c1": 24 * UNIT}


def test_what_was_kept_under_the_numbers_of_rows_is_delivered_and_shown_once_blind_entries_have_others(hall, new_page):
    with hall.app.app_context():
        db.session.execute(db.update(Event).values(is_blind=True))
        db.session.commit()
    page = new_page()
    begin(page, hall)
    assert int(page.url.rpartition("/")[2]) >= 2**48
    entry = hall.entries[0]
    old = [{"key": f"{hall.part}.{entry}", "part": hall.part, "entry": entry, "revision": 0, "rubric": "", "marks": {"c2": 20 * UNIT}}]
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"compete.outbox.{hall.judge}.abcd", json.dumps(old)])
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.jf-value')[1]?.value === '20'")
    assert stored(hall)[1] == {"c2": 20 * UNIT}
    quick(page, 0)
    delivered(page)
    assert sorted(stored(hall)[1]) == ["c1", "c2"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_changed_rubric_brings_its_form_without_a_question_and_what_was_given_before_reaches_the_chief(hall, new_page, kept):
    page = new_page()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    if not kept:
        page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined}); Storage.prototype.setItem = () => { throw new Error('full'); }")
    begin(page, hall)
    page.route("**/judge/api/sheets/**", lambda route: route.abort())
    quick(page, 0)
    page.wait_for_selector("[data-delivery]:has-text('待发送 1')")
    with hall.app.app_context():
        db.session.scalar(db.select(Criterion).where(Criterion.part_id == hall.part, Criterion.code == "c1")).name = "改过的评分项"
        db.session.commit()
    with page.expect_response("**/judge/api/desk"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    if kept:
        page.wait_for_selector(".jf-name:has-text('改过的评分项')")
        assert page.locator("[data-delivery]").inner_text() == "待发送 1"
    else:
        assert page.locator(".jf-name").first.inner_text() == "评分项1"
    page.unroute_all()
    page.wait_for_selector("[data-delivery]:has-text('转交总评委 1')")
    page.wait_for_selector(".jf-name:has-text('改过的评分项')")
    assert asked == []


def test_marks_that_wait_while_an_earlier_hour_of_the_server_is_restored_are_asked_about_and_delivered(hall, new_page):
    page = new_page()
    begin(page, hall)
    quick(page, 0)
    delivered(page)
    page.context.set_offline(True)
    quick(page, 1)
    with hall.app.app_context():
        db.session.execute(db.text("DELETE FROM mark"))
        db.session.execute(db.delete(Sheet))
        db.session.commit()
    page.context.set_offline(False)
    page.wait_for_selector("dialog:has-text('两处的分数不一样')")
    page.tap("dialog .main-button")
    delivered(page)
    assert list(stored(hall)[1]) == ["c2"]


def test_a_reopened_page_repeats_an_attempt_in_the_name_of_the_page_that_made_it(hall, new_page):
    """By that name the server knows a copy of the first message that comes long after."""
    page = new_page()
    begin(page, hall)
    sent = []

    def keep(route):
        sent.append(route.request.post_data_json)
        route.continue_() if page.is_closed() else route.abort()

    page.context.route("**/judge/api/sheets/**", keep)
    with page.expect_event("requestfailed"):
        quick(page, 0)
    page.locator("[data-delivery]").first.tap()
    page.wait_for_selector("dialog:has-text('正在自动重试')")
    other = page.context.new_page()
    page.close()
    other.goto("/judge/")
    delivered(other)
    other.tap(".overview .main-button")
    quick(other, 1)
    delivered(other)
    *attempts, later = sent
    assert len(attempts) >= 2 and all(one == attempts[0] for one in attempts)
    assert later["client"] != attempts[0]["client"]
