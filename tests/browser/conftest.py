"""A real server and a real browser: `live_server` serves its own data on a free port, `chromium` is started once."""

import os
import shutil
import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest
from werkzeug.serving import make_server

from compete.audit.service import SYSTEM
from compete.database import write
from compete.judging import cards
from compete.models import Judge, db
from scoring import UNIT
from tests import support
from tests.browser.house import house  # noqa: F401 (a fixture)
from tests.conftest import empty_app, lacks

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
TABLET = {"width": 768, "height": 1024}
PATIENCE = 20_000  # ms until a page must show what is awaited, also on a machine that has much else to do


def program() -> str:
    """The installed Chromium."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or lacks("chromium")


def light() -> str:
    """The same engine as a program without windows, where it is installed: it starts sooner and takes less."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or program()


@pytest.fixture(scope="session")
def chromium():
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        lacks("playwright")
    expect.set_options(timeout=PATIENCE)
    path = light()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


def start(app, port=0):
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    return server, thread


def stop(live):
    """Nothing listens at the address any more; `live.server, live.thread = start(app, port)` comes back."""
    live.server.shutdown()
    live.thread.join(5)
    live.server.server_close()


@pytest.fixture
def live_server(backend, request, tmp_path):
    """`.url`, `.app`; everything as in real use: CSRF tokens, rate limits, compression. Work with the data inside
    `with live_server.app.app_context():`."""
    app = empty_app(request, tmp_path / "live")
    server, thread = start(app)
    live = SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}", app=app, server=server, thread=thread)
    yield live
    stop(live)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def new_page(chromium, live_server):
    """new_page(touch=True, **context options) -> a page in a browser of its own (cookies apart), tablet-sized by default.
    The test fails when a page threw an error."""
    contexts, errors = [], []

    def create(*, viewport=TABLET, touch=True, **options):
        context = chromium.new_context(viewport=viewport, has_touch=touch, base_url=live_server.url, locale="zh-CN", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield create
    for context in contexts:
        with suppress(Exception):
            context.close()
    assert errors == []


@pytest.fixture
def hall(live_server):
    """A final with three criteria, 2 entries, and the second judge's card."""
    with live_server.app.app_context():
        final = support.make_final(entries=2, judges=3, criteria=3)
        final.criteria[0].anchors = [[30 * UNIT, "优秀：国内首创"], [24 * UNIT, "良好：行业内有改进"], [18 * UNIT, "合格：本单位有改进"]]
        db.session.commit()
        with write():
            card = cards.issue_card(db.session.get(Judge, final.judges[1].id), actor=SYSTEM, now=support.NOW)
        hall = SimpleNamespace(
            app=live_server.app, card=card, judge=final.judges[1].id, part=final.part.id, session=final.session.id,
            entries=[entry.id for entry in final.entries],
        )  # fmt: skip
        db.session.remove()
    return hall
