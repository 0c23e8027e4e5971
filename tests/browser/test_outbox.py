"""The tablet's log of touches: no network, a dead page, two tabs, a server that comes back, answers that get lost."""

import json

import pytest
from flask import request
from playwright.sync_api import expect

from compete.audit.service import SYSTEM
from compete.database import write
from compete.marking import carry
from compete.models import AuditRecord, Contest, db
from scoring import UNIT
from tests import support
from tests.browser.conftest import start, stop
from tests.browser.tablet import card_of, come_in, delivered, give_all, leave, stored, until

pytestmark = pytest.mark.sqlite

WAITS = "[data-delivery]:has-text('待发送 {}')"
DEVICE_KEEPS = """async () => {
  const db = await new Promise((done) => (indexedDB.open("compete.marks").onsuccess = (event) => done(event.target.result)));
  const all = db.transaction("touches").objectStore("touches").getAll();
  return new Promise((done) => (all.onsuccess = () => done(all.result.map((touch) => [touch.marks, touch.submit ?? false]))));
}"""


@pytest.fixture
def failing(live_server):
    """While its list holds a kind of failure, sheets are not delivered: "down" before they are taken, "lost" after."""
    kinds = []

    @live_server.app.before_request
    def down():
        if "down" in kinds and request.path.startswith("/judge/api/"):
            return "", 503

    @live_server.app.after_request
    def lost(answer):
        if "lost" in kinds and request.path.startswith("/judge/api/sheets"):
            kinds.remove("lost")
            kinds.append("down")
            answer.status_code = 503
        return answer

    return kinds


def quick(page, card, n=0):
    card_of(page, card).locator(".jf-quick button").nth(n).tap()


def begin(page, hall):
    come_in(page, hall.card)
    page.tap(".overview .main-button")


def saves(hall):
    """{code: units} of each record of a mark, in order."""
    with hall.app.app_context():
        found = db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == "sheet.save").order_by(AuditRecord.number))
        return [record.after["marks"] for record in found]


def test_a_touch_is_on_the_device_before_anything_is_said_of_it(hall, new_page):
    page = new_page()
    begin(page, hall)
    page.context.set_offline(True)
    quick(page, 0)
    page.wait_for_selector(WAITS.format(1))
    quick(page, 0, 1)
    quick(page, 1)
    page.wait_for_selector(WAITS.format(2))

    # Appended, not overwritten: the log has every touch in order.
    assert [list(marks.items()) for marks, _ in page.evaluate(DEVICE_KEEPS)] == [[("c1", 300000)], [("c1", 240000)], [("c2", 315000)]]
    page.context.set_offline(False)
    delivered(page)
    assert page.evaluate(DEVICE_KEEPS) == []
    assert stored(hall) == ("draft", {"c1": 24 * UNIT, "c2": 315000})


def hand_in(page, *, waits: int):
    """Hands the open sheet in without the network, which then comes back: so many things waited."""
    page.tap("[data-submit]")
    page.tap("dialog .main-button")
    page.wait_for_selector(WAITS.format(waits))
    page.context.set_offline(False)
    delivered(page)


def test_the_number_that_waits_is_what_the_judge_did(hall, new_page):
    """Three marks and the hand-in are four; a sheet whose marks have arrived is one; a comment taken back is one more."""
    page = new_page()
    begin(page, hall)
    page.context.set_offline(True)
    for n in range(3):
        quick(page, n)
    page.wait_for_selector(WAITS.format(3))
    hand_in(page, waits=4)
    assert stored(hall)[0] == "submitted"

    page.goto("/judge/")
    page.locator("a.row").nth(1).tap()
    give_all(page)
    page.fill("#comment", "数据扎实")
    delivered(page)
    page.context.set_offline(True)
    page.fill("#comment", "")
    page.wait_for_selector(WAITS.format(1))
    hand_in(page, waits=2)
    assert stored(hall, 1)[0] == "submitted"


def test_a_page_that_dies_offline_loses_nothing(hall, new_page, failing):
    page = new_page()
    begin(page, hall)
    failing.append("down")
    quick(page, 0)
    quick(page, 1)
    page.wait_for_selector(WAITS.format(2))
    page.close(run_before_unload=False)
    assert stored(hall) == (None, {})

    page = page.context.new_page()
    page.goto("/judge/")
    page.wait_for_selector("[data-delivery]:has-text('待发送 2')")
    failing.clear()
    delivered(page)

    assert stored(hall) == ("draft", {"c1": 30 * UNIT, "c2": 315000})
    assert saves(hall) == [{"c1": 30 * UNIT, "c2": 315000}]


def test_a_server_that_is_started_again_gets_everything_once(hall, live_server, new_page):
    page = new_page()
    begin(page, hall)
    quick(page, 0)
    delivered(page)
    port = live_server.server.server_port
    stop(live_server)
    quick(page, 0, 1)
    quick(page, 1)
    page.wait_for_selector(WAITS.format(2))
    page.wait_for_timeout(1500)
    live_server.server, live_server.thread = start(live_server.app, port)

    page.wait_for_selector("[data-delivery].is-good", timeout=25_000)

    assert stored(hall)[1] == {"c1": 24 * UNIT, "c2": 315000}
    assert [code for marks in saves(hall) for code in marks].count("c2") == 1


def test_an_answer_that_got_lost_doubles_nothing_and_is_no_conflict(hall, new_page, failing):
    page = new_page()
    begin(page, hall)
    failing.append("lost")
    quick(page, 0)
    page.wait_for_selector(WAITS.format(1))
    until(page, lambda: "down" in failing)
    assert stored(hall)[1] == {"c1": 30 * UNIT}  # taken, but the tablet does not know
    quick(page, 0, 2)
    page.wait_for_selector(WAITS.format(1))
    page.close()
    page = page.context.new_page()
    page.goto("/judge/")
    failing.clear()
    delivered(page)

    assert stored(hall) == ("draft", {"c1": 18 * UNIT})
    assert saves(hall) == [{"c1": 30 * UNIT}, {"c1": 18 * UNIT}]


def test_two_tabs_of_one_tablet_share_one_log(hall, new_page, failing):
    first = new_page()
    begin(first, hall)
    second = first.context.new_page()
    second.goto("/judge/")
    second.wait_for_selector("[data-tabs]:has-text('另一个标签页')")
    assert first.locator("[data-tabs]").inner_text() == ""
    second.tap(".overview .main-button")
    failing.append("down")
    quick(first, 0)
    quick(second, 1)
    quick(first, 0, 1)
    quick(second, 0, 2)
    for page in (first, second):
        page.wait_for_selector(WAITS.format(2))
    failing.clear()
    for page in (first, second):
        delivered(page)
        expect(card_of(page, 0).locator(".jf-value")).to_have_value("18")
    assert stored(hall)[1] == {"c1": 18 * UNIT, "c2": 315000}
    assert first.locator("dialog").count() == second.locator("dialog").count() == 0

    # By turns without waiting for each other: still no conflict, and the last touch counts.
    for n in range(3):
        quick(first, 2, n)
        quick(second, 1, n)
    for page in (first, second):
        delivered(page)
    first.close()
    second.wait_for_function("() => !document.querySelector('[data-tabs]').textContent")
    with hall.app.app_context():
        assert stored(hall)[1].keys() == {"c1", "c2", "c3"}
    assert second.locator("dialog").count() == 0


GIVE_TURN = """async (holder) => {
  const db = await new Promise((done) => (indexedDB.open("compete.marks").onsuccess = (event) => done(event.target.result)));
  const change = db.transaction("turns", "readwrite");
  change.objectStore("turns").put({ holder, beat: 7 }, JSON.parse(document.querySelector("#desk").textContent).judge.id);
  await new Promise((done) => (change.oncomplete = done));
  db.close();
}"""
# A tab that is slow to deliver, and says that it lives.
SLOW = """() => {
  window.asked = 0;
  const channel = new BroadcastChannel(`compete.marks.${JSON.parse(document.querySelector("#desk").textContent).judge.id}`);
  channel.onmessage = ({ data }) => {
    if (data.kind !== "there?") return;
    window.asked += 1;
    channel.postMessage({ kind: "still", from: "slow", to: data.from });
  };
}"""


def test_a_tab_that_died_while_delivering_gives_up_its_turn(hall, new_page):
    page = new_page()
    begin(page, hall)
    page.evaluate(SLOW)
    page.evaluate(GIVE_TURN, "dead")
    quick(page, 0)
    page.wait_for_selector(WAITS.format(1))
    delivered(page)
    assert page.evaluate("() => window.asked") >= 1  # the other is asked first; only somebody else answers
    assert stored(hall)[1] == {"c1": 30 * UNIT}


def test_a_slow_tab_that_lives_keeps_its_turn(hall, new_page):
    page = new_page()
    begin(page, hall)
    slow = page.context.new_page()
    slow.goto("/judge/")
    slow.evaluate(SLOW)
    page.evaluate(GIVE_TURN, "slow")
    quick(page, 0)
    slow.wait_for_function("() => window.asked >= 2")
    assert stored(hall) == (None, {})
    page.evaluate(GIVE_TURN, "")
    delivered(page)
    assert stored(hall)[1] == {"c1": 30 * UNIT}


def test_the_clock_of_the_tablet_decides_nothing(hall, new_page):
    page = new_page()
    page.clock.install(time="2020-01-01")
    page.clock.resume()
    begin(page, hall)
    quick(page, 0)
    delivered(page)
    page.clock.set_system_time("2031-01-01")
    quick(page, 0, 1)
    delivered(page)
    assert stored(hall)[1] == {"c1": 24 * UNIT}


def test_what_the_earlier_outbox_left_is_adopted_once(hall, new_page, failing):
    page = new_page()
    come_in(page, hall.card)
    failing.append("down")
    key = f"{hall.part}.{hall.entries[0]}"
    old = [{"key": key, "part": hall.part, "entry": hall.entries[0], "revision": 0, "rubric": "", "marks": {"c2": 20 * UNIT}}]
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [f"compete.outbox.{hall.judge}.abcd", json.dumps(old)])
    page.reload()
    page.wait_for_selector(WAITS.format(1))
    assert page.evaluate("() => Object.keys(localStorage).filter((key) => key.includes('outbox'))") == []
    assert len(page.evaluate(DEVICE_KEEPS)) == 1
    failing.clear()
    delivered(page)
    assert stored(hall)[1] == {"c2": 20 * UNIT}


@pytest.mark.parametrize("gone", ["indexedDB", "both"])
def test_browsers_that_cannot_keep(hall, new_page, failing, gone):
    page = new_page()
    page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    if gone == "both":
        page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    come_in(page, hall.card)
    warned = page.locator(".notice:has-text('这台设备不能保存打分')").count()
    assert warned == (1 if gone == "both" else 0)
    page.tap(".overview .main-button")
    failing.append("down")
    quick(page, 0)
    page.wait_for_selector(WAITS.format(1))
    if gone == "both":
        page.wait_for_selector("[data-delivery].is-bad:has-text('请不要关闭页面')")
        page.tap("[data-delivery]")
        assert "只在这一页里" in page.inner_text("dialog")
        page.tap("dialog .main-button")
    else:
        page.close()
        page = page.context.new_page()
        page.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
        page.goto("/judge/")
        page.wait_for_selector(WAITS.format(1))
    failing.clear()
    delivered(page)
    assert stored(hall)[1] == {"c1": 30 * UNIT}


def test_undelivered_marks_are_carried_over_as_a_file(hall, new_page, failing, tmp_path):
    page = new_page(accept_downloads=True)
    begin(page, hall)
    failing.append("down")
    quick(page, 0)
    page.fill("#comment", "数据扎实")
    page.wait_for_selector(WAITS.format(2))
    page.tap("[data-delivery]")
    assert "1 项打分、评语" in page.inner_text(".parcels")
    with page.expect_download() as download:
        page.tap("dialog .side-button:has-text('导出未送达的打分')")
    assert download.value.suggested_filename.startswith("未送达的打分-评委2-")
    path = tmp_path / "marks.json"
    download.value.save_as(path)
    assert "评分项1" in path.read_text("utf-8")  # readable without the product

    with hall.app.app_context():
        contest = db.session.scalar(db.select(Contest))
        parcel = carry.read(path.read_bytes(), contest)
        with write():
            taken = carry.take(parcel, actor=SYSTEM, now=support.NOW)
        assert ([row.label for row in taken.written], taken.late, taken.refused) == (["01 项目1"], [], [])
    assert stored(hall) == ("draft", {"c1": 30 * UNIT})

    # The network is back: the tablet delivers the same once more, and nothing is doubled.
    failing.clear()
    page.evaluate("[...document.querySelectorAll('dialog button')].find((node) => node.textContent === '立即再发送')?.click()")  # if it did not go out by itself
    delivered(page)
    page.wait_for_function("() => document.querySelector('dialog h2').textContent.includes('已送达')")
    assert page.inner_text("dialog .dialog-buttons").strip() == "关闭"
    page.tap("dialog .main-button")
    assert saves(hall) == [{"c1": 30 * UNIT}]


def test_on_a_secure_origin_the_page_itself_opens_offline(hall, new_page):
    page = new_page()
    begin(page, hall)
    quick(page, 0)
    delivered(page)
    page.wait_for_function(
        "async () => { const store = await caches.open('compete.tablet'); const held = (await store.keys()).map((one) => one.url);"
        " return navigator.serviceWorker.controller && held.length > 10 && held.some((url) => url.endsWith('/judge/')); }"
    )
    page.wait_for_function(f"async () => (await ({DEVICE_KEEPS})()).length === 0")
    page.context.set_offline(True)
    quick(page, 1)
    page.wait_for_selector(WAITS.format(1))
    page.close(run_before_unload=False)

    page = page.context.new_page()
    page.goto("/judge/")
    page.wait_for_selector(WAITS.format(1))
    assert page.get_attribute("#app", "data-page") == "kept"
    page.tap(".overview .main-button")
    # Delivered marks come from the desk that the device kept, the others from its log.
    assert [card_of(page, n).locator(".jf-value").input_value() for n in (0, 1, 2)] == ["30", "31.5", ""]
    quick(page, 2)
    page.wait_for_selector(WAITS.format(2))
    assert stored(hall)[1] == {"c1": 30 * UNIT}
    page.context.set_offline(False)
    delivered(page)
    assert stored(hall)[1].keys() == {"c1", "c2", "c3"}

    # Handed to somebody else: the page is no longer kept.
    page.goto("/judge/")
    page.wait_for_selector(".rows")
    leave(page)
    assert page.evaluate("async () => Boolean(await (await caches.open('compete.tablet')).match('/judge/'))") is False
