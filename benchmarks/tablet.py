"""The judge's tablet in Chromium: bytes over the wire, and the time until it can be used.

Bytes are counted by a proxy on loopback, both directions, headers included. The time is measured in the browser with
a processor slowed down four times and a Wi-Fi of 30 Mbit/s with 5 ms delay, from an empty cache.
"""

import statistics
import time

from benchmarks.measure import Figure
from benchmarks.server import Wire, serving
from benchmarks.world import sign_in, world
from compete.models import db

MOST_FIRST, MOST_MARK, MOST_SECONDS = 150_000, 3_000, 1.0
SLOWER, BITS, DELAY_MS, OPENINGS, MARKS = 4, 30_000_000, 5, 5, 10
CHROMIUM = "/usr/bin/chromium"
BUTTON = "#app .jf-card .jf-quick button"
# Notes the moment at which the first button that gives a mark has been painted.
WATCH = f"""
new MutationObserver((_, watcher) => {{
  if (!document.querySelector("{BUTTON}")) return;
  watcher.disconnect();
  requestAnimationFrame(() => setTimeout(() => (window.usableAt = performance.now())));
}}).observe(document, {{ childList: true, subtree: true }});
"""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def run(_options) -> list[Figure]:
    from playwright.sync_api import sync_playwright

    print("\ntablet · 35 entries × 6 criteria, Chromium")
    with world(entries=35, judges=9, marked=False) as made, sync_playwright() as playwright:
        held = sign_in(made.app, made.final.judges[1])
        entry, session = made.final.entries[0].id, made.final.session.id
        db.session.remove()
        db.engine.dispose()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with serving(made.folder) as port:
            wire = Wire(port)
            opened = [_open(browser, wire, held, f"/judge/#{session}/{entry}") for _ in range(OPENINGS)]
            first = max(size for size, _ in opened)
            usable = statistics.median(seconds for _, seconds in opened)
            mark = _bytes_a_mark(browser, wire, held, f"/judge/#{session}/{entry}")
            wire.close()
        browser.close()
    print(f"first load {first / 1000:.1f} kB · a mark {mark:.0f} B · usable after " + ", ".join(f"{seconds:.2f}" for _, seconds in opened) + " s")
    return [
        Figure("judge's page, bytes of the first load", f"≤ {MOST_FIRST // 1000} kB", f"{first / 1000:.1f} kB", first <= MOST_FIRST),
        Figure("judge's page, bytes a mark", f"≤ {MOST_MARK // 1000} kB", f"{mark / 1000:.2f} kB", mark <= MOST_MARK),
        Figure(f"judge's page, usable ({SLOWER}× slower, Wi-Fi)", f"≤ {MOST_SECONDS:.0f} s", f"{usable:.2f} s", usable <= MOST_SECONDS),
    ]


def _page(browser, wire: Wire, held):
    name, value = held.cookie.split("=", 1)
    context = browser.new_context(viewport={"width": 1024, "height": 768}, has_touch=True)
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{wire.port}/"}])
    return context, context.new_page()


def _open(browser, wire: Wire, held, path: str) -> tuple[int, float]:
    """(bytes, seconds) until the first criterion of the entry takes a mark."""
    context, page = _page(browser, wire, held)
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", {"offline": False, "latency": DELAY_MS, "downloadThroughput": BITS / 8, "uploadThroughput": BITS / 8})
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    before = wire.total
    page.goto(f"http://127.0.0.1:{wire.port}{path}", wait_until="networkidle")
    page.locator(BUTTON).first.wait_for()
    seconds = page.evaluate("window.usableAt") / 1000
    size = wire.total - before
    context.close()
    return size, seconds


def _bytes_a_mark(browser, wire: Wire, held, path: str) -> float:
    context, page = _page(browser, wire, held)
    page.goto(f"http://127.0.0.1:{wire.port}{path}", wait_until="networkidle")
    before = wire.total
    for turn in range(MARKS):
        with page.expect_response(lambda answer: "/judge/api/sheets/" in answer.url) as answer:
            page.locator("#app .jf-card").nth(turn % 6).locator(".jf-quick button").nth(turn // 6).click()
        assert answer.value.ok, answer.value.text()
    time.sleep(0.2)
    size = (wire.total - before) / MARKS
    context.close()
    return size
