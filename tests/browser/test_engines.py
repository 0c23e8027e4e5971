"""The judge's whole way in the engines that tablets have besides Chromium: Firefox, and WebKit as on iPads."""

import pytest

from compete.models import Signature, db
from scoring import UNIT
from tests.browser.conftest import start, stop
from tests.browser.tablet import stored
from tests.browser.webdriver import Firefox, WebKit

pytestmark = pytest.mark.sqlite


@pytest.fixture(params=[Firefox, WebKit], ids=["firefox", "webkit"])
def engine(request, tmp_path):
    opened = request.param(tmp_path)
    yield opened
    opened.close()


def test_from_the_card_to_the_signature(engine, hall, live_server):
    engine.open(f"{live_server.url}/card/{hall.card.token}")
    for digit in hall.card.pin:
        engine.tap(f".pin-pad [data-key='{digit}']")
    engine.see(".rows")

    # Stepper, quick values, number pad.
    engine.tap(".overview .main-button")
    engine.tap(".jf-card:nth-of-type(1) .jf-quick button")
    engine.tap(".jf-card:nth-of-type(2) .jf-step[data-by='1']")
    engine.tap(".jf-card:nth-of-type(3) .jf-value")
    for key in ("2", "5", ".", "5", "next"):
        engine.tap(f".key[value='{key}']")
    assert engine.text(".total") == "82.00"
    engine.see("[data-delivery]", "已送达")
    assert stored(hall) == ("draft", {"c1": 30 * UNIT, "c2": 265000, "c3": 255000})

    # Nothing answers: the device keeps the touches, also over a closed page, and delivers them when somebody does again.
    port = live_server.server.server_port
    stop(live_server)
    engine.tap(".jf-card:nth-of-type(2) .jf-step[data-by='-1']")
    engine.tap(".jf-card:nth-of-type(1) .jf-quick button:nth-child(2)")
    engine.see("[data-delivery]", "待发送 2")
    live_server.server, live_server.thread = start(live_server.app, port)
    engine.see("[data-delivery]", "已送达")
    assert stored(hall)[1] == {"c1": 24 * UNIT, "c2": 260000, "c3": 255000}

    # Handing in, the next one, and the list signed with the finger.
    for last in (False, True):
        engine.tap("[data-submit]")
        engine.see("dialog[open]", "核对后提交")
        engine.tap("dialog .main-button:enabled")  # not in the first moment: it could be the end of a double tap
        engine.see(".notice.is-good", "已提交")
        if not last:
            engine.tap(".dock .main-button")
            engine.see(".total", "—")
            for n in (1, 2, 3):
                engine.tap(f".jf-card:nth-of-type({n}) .jf-quick button")
            engine.see(".tally", "总分")
    engine.tap(".dock .main-button")
    engine.tap("a.main-button[href$='/sign']")
    engine.see(".drawing-box")
    engine.run("document.querySelector('.drawing-box svg').scrollIntoView({block: 'center'})")
    engine.draw(".drawing-box svg")
    engine.tap(".sign-form .main-button")
    engine.see(".notice.is-good", "签名确认")
    with hall.app.app_context():
        signature = db.session.scalar(db.select(Signature))
        assert (signature.judge_id, signature.drawing[0]) == (hall.judge, "M")
