"""The host with a phone in a hall whose Wi-Fi is bad: every press counts once, the clock is the server's, nothing is hidden."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import TimeoutError

from compete.audit.service import SYSTEM
from compete.clock import now
from compete.database import write
from compete.live import clock, podium, stage, timing
from compete.models import AuditRecord, Part, Podium, Presence, Screen, Session, db
from tests import support
from tests.browser.house import objections

pytestmark = [pytest.mark.sqlite, pytest.mark.browser]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def host(live_server, new_page):
    with live_server.app.app_context():
        final = support.make_final(entries=4)
        part = db.session.get(Part, final.part.id)
        part.speech_minutes, part.question_minutes = 8, 5
        part.timing = {"overtime": {"grace": 0, "every": 60, "points": 10_000, "maximum": None}}
        final.judges[1].name = "阿卜杜热西提·吾布力卡斯木大师"
        alice = support.make_people(final.contest).alice.get_id()
        db.session.add(Presence(judge_id=final.judges[0].id, device="A", entered_at=support.NOW, last_seen_at=support.NOW, waiting=2))
        db.session.add(Screen(contest_id=final.contest.id, name="主屏", key="k" * 22, session_id=final.session.id, changed_at=support.NOW, data={}))
        db.session.commit()
        home, session = f"/contests/{final.contest.id}/live", final.session.id
    signer = SecureCookieSessionInterface().get_signing_serializer(live_server.app)
    page = new_page(viewport=PHONE)
    page.context.add_cookies([{"name": "compete", "value": signer.dumps({"_user_id": alice, "_fresh": True, "device": "TEST01"}), "url": live_server.url}])
    page.goto(home)
    return SimpleNamespace(page=page, home=home, session=session, app=live_server.app)


def calls(host) -> int:
    with host.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord).where(AuditRecord.action == "stage.call"))


def on(page, label):
    page.locator(".on-label", has_text=label).wait_for()


def test_an_evening_with_a_phone(host):
    page = host.page
    page.locator("#hall[data-ready]").wait_for()
    page.evaluate("""async () => {
        const answered = new Promise((done) => new MutationObserver(() => document.querySelector(".on-label") && done()).observe(document.body, { childList: true, subtree: true }));
        document.getElementById("next").click();
        document.getElementById("next").click();
        await answered;
        document.getElementById("next").click();
    }""")
    on(page, "01")
    page.locator("#go").wait_for()
    assert calls(host) == 1, "a double tap calls once, also when the first was answered between the two"

    # The clock is the server's: as far along after a reload.
    page.locator("#go").tap()
    page.locator("#dial.is-running").wait_for()
    with host.app.app_context():
        db.session.execute(sa.update(Podium).values(started_at=db.session.scalar(sa.select(Podium.started_at)) - timedelta(minutes=9, seconds=10)))
        db.session.commit()
    page.reload()
    page.locator("#hall[data-ready]").wait_for()
    page.locator("#dial-word", has_text="现在结束应扣").wait_for()
    shown = page.locator("#dial-time").text_content()
    with host.app.app_context():
        latest = clock.face(podium.clock_of(db.session.scalar(sa.select(Podium))), clock.epoch_ms(now()) + 2000)
    assert "+1:10" <= shown <= latest

    # The answer to a press is lost on its way: pressed again by itself, done once.
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/press?*", lose)
    page.locator("#finish").tap()
    page.locator("#line", has_text="已完成").wait_for()
    assert lost == [200]
    page.unroute("**/press?*")
    page.locator(".due", has_text="陈述超时 1 分").wait_for()
    page.locator(".due .btn-outline-danger").tap()
    page.locator("#line", has_text="已扣 2 分").wait_for()
    page.locator(".dial-phase", has_text="提问").wait_for()

    # Another console goes on: this one is told within two seconds, and what it sees is what it acts on.
    with host.app.app_context(), write():
        session = db.session.get(Session, host.session)
        stage.call_next(session, seen=podium.podium_of(session.id).revision, actor=SYSTEM, now=support.NOW)
    on(page, "02")
    page.keyboard.press("n")
    on(page, "03")
    assert calls(host) == 3

    # What is being typed is never lost to a refresh; absence asks first.
    page.locator("#text").fill("休息十分钟")
    page.locator("[id^=absent-ask] summary").tap()
    page.locator("#absent").tap()
    page.locator(".on .state-bad", has_text="缺考").wait_for()
    assert page.locator("#text").input_value() == "休息十分钟"
    page.locator("[value='announce:both']").tap()
    page.locator("[data-region=session] .notice", has_text="休息十分钟").wait_for()

    # No Wi-Fi: said at once, and repeated by itself when it is back.
    page.context.set_offline(True)
    page.locator("#next").tap()
    page.locator("#line.line-bad", has_text="正在重试").wait_for()
    page.context.set_offline(False)
    on(page, "04")
    assert calls(host) == 4

    page.locator("#order summary").tap()
    page.locator("#order-table tbody tr").nth(3).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    small = page.evaluate("""[...document.querySelectorAll('#hall .btn, #hall summary')].filter(b => b.offsetParent && b.getBoundingClientRect().height < 44).map(b => b.textContent)""")
    assert small == []
    assert axe(page) == []
    page.goto(f"{host.home}/tablets")
    assert axe(page) == []


def test_a_phone_held_sideways_shows_the_clock(host):
    page = host.page
    page.locator("#next").tap()
    on(page, "01")
    page.set_viewport_size({"width": 844, "height": 390})
    page.wait_for_function("() => document.getElementById('dial-time').getBoundingClientRect().bottom <= document.querySelector('.bar').getBoundingClientRect().top")
    assert page.locator("#dial-time").bounding_box()["y"] >= 0


def test_a_bell_that_would_not_ring_says_so(host):
    page = host.page
    page.locator("#next").tap()
    page.locator("#go").tap()
    page.locator("#dial.is-running").wait_for()
    page.reload()
    page.locator("#mute", has_text="点一下页面任何地方").wait_for()
    page.locator(".on-turn").tap()
    page.locator("#mute").wait_for(state="hidden")


def test_the_remote_control_waits_for_the_network_and_loses_no_page(host):
    page = host.page
    page.goto(f"{host.home}/screens")
    page.locator(".screen-words a", has_text="遥控").tap()
    page.locator(".remote[data-state]").wait_for()
    page.wait_for_load_state()  # before its script is there, a press leaves the page
    page.context.set_offline(True)
    page.get_by_role("button", name="出场顺序").tap()
    page.locator("#line", has_text="正在重试").wait_for()
    with host.app.app_context():
        assert db.session.scalar(sa.select(Screen.scene)) == "black"
    page.context.set_offline(False)
    page.locator("[aria-pressed=true]", has_text="出场顺序").wait_for()
    with host.app.app_context():
        assert db.session.scalar(sa.select(Screen.scene)) == "order"


def test_a_question_stays_while_the_page_is_renewed(host):
    """Judges hand in all the time: what was pressed once still asks, and the second press does it."""
    page = host.page
    page.locator("#hall[data-ready]").wait_for()
    page.locator("#next").tap()
    on(page, "01")
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)  # the question stands for four seconds, however slow the machine
    page.locator("#skip").tap()
    assert "再按一次：跳过 01" in page.locator("#skip.is-sure").inner_text()
    with host.app.app_context(), write():
        session = db.session.get(Session, host.session)
        timing.adjust(session, 30_000, seen=podium.podium_of(session.id).revision, actor=SYSTEM, now=support.NOW)
    page.clock.run_for(1300)
    try:
        page.locator("#dial-time", has_text="8:30").wait_for()
    except TimeoutError:  # that answer was under way before; the next one tells
        page.clock.run_for(1300)
        page.locator("#dial-time", has_text="8:30").wait_for()
    page.locator("#skip.is-sure").tap()
    on(page, "02")
    page.clock.run_for(700)  # a tap at once would count as the end of a double tap
    page.locator("#skip").tap()
    page.locator("#skip.is-sure").wait_for()
    page.clock.run_for(4500)
    page.locator("#skip:not(.is-sure)").wait_for()


def test_what_asks_twice_waits_for_the_script_that_asks(host):
    """A tap while the page is still loading must not skip, recall or show a score without the question."""
    page = host.page
    page.route("**/live/console.js*", lambda route: route.abort())
    page.reload()
    page.locator("#next").tap()
    on(page, "01")
    page.wait_for_load_state()  # the words are there before the stylesheet is, though nobody sees them yet
    reached = "(it) => getComputedStyle(it).pointerEvents"
    assert (page.locator("#skip").evaluate(reached), page.locator("#go").evaluate(reached)) == ("none", "auto")


def test_the_page_counts_as_the_server_does(host):
    """Both dials, on clocks and moments of every kind: standing, running, over, set back, without limit."""
    cases = [
        (clock.Clock("speech", allotted, ran, started), now)
        for allotted in (0, 30_000, 480_000) for ran in (0, 1, 29_999, 30_000, 95_001) for started in (None, 1_000_000)
        for now in (999_000, 1_000_000, 1_000_999, 1_029_999, 1_450_000, 1_999_999)
    ]  # fmt: skip
    rule = {"grace": 10, "every": 30, "points": 5_000, "maximum": 50_000}
    told = host.page.evaluate(
        """async ([cases, rule]) => {
            const dial = await import(document.getElementById("hall").dataset.dial);
            return cases.map(([clock, now]) => [dial.face(clock, now), dial.owed(clock, rule, now)]);
        }""",
        [[[one.document(), now] for one, now in cases], rule],
    )
    due = [clock.charge(one.over(now), {"overtime": rule}) for one, now in cases]
    assert told == [[clock.face(one, now), owed.points if owed else 0] for (one, now), owed in zip(cases, due, strict=True)]


def axe(page):
    return [(row["id"], node["html"][:160]) for row in objections(page) for node in row["nodes"][:3]]
