"""The judge's tablet fits every screen and font size, can be touched, is accessible, and light to load."""

import pytest

from tests.browser.conftest import FLAGS, program
from tests.browser.tablet import card_of, come_in, give_all

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("size", [(768, 1024), (1024, 768), (390, 844)], ids=["upright", "lying", "phone"])
def test_nothing_is_cut_off_and_everything_can_be_touched(hall, new_page, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    come_in(page, hall.card)
    assert_fits(page)
    page.tap(".overview .main-button")
    card_of(page, 1).locator(".jf-value").tap()
    assert_fits(page)
    assert page.is_visible(".total")


@pytest.mark.parametrize("size", [{"width": 768, "height": 1024}, {"width": 1024, "height": 768}], ids=["upright", "lying"])
def test_fonts_of_twice_the_size_still_fit(hall, chromium, live_server, size):
    browser = chromium.browser_type.launch(executable_path=program(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"])
    page = browser.new_page(viewport=size, has_touch=True, base_url=live_server.url)
    come_in(page, hall.card)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "36px"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.tap(".overview .main-button")
    card_of(page, 1).locator(".jf-value").tap()
    page.tap(".key[value='5']")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.inner_text(".total") == "5.00"
    value, pad, total = (page.locator(what).bounding_box() for what in (".is-active .jf-value", ".pad", ".total"))
    assert 0 <= value["y"] < value["y"] + value["height"] <= pad["y"] < total["y"] < size["height"]
    browser.close()


def assert_fits(page):
    """No sideways scrolling, text of 18 px, touch targets of 44 px."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input, textarea")].filter((node) => node.checkVisibility())
          .map((node) => [node, node.getBoundingClientRect()]).filter(([node, box]) => box.top > 0 && (box.width < 44 || box.height < 44))
          .map(([node, box]) => `${node.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)"""
    )
    assert small == []
    tiny = page.evaluate(
        """() => [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility() && [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim()))
          .filter((node) => parseFloat(getComputedStyle(node).fontSize) < 18).map((node) => node.outerHTML.slice(0, 80))"""
    )
    assert tiny == []


def test_axe_finds_nothing(hall, new_page):
    from axe_playwright_python.sync_playwright import Axe

    page = new_page()
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "best-practice"]}

    def inspect():
        found = Axe().run(page, options=rules).response["violations"]
        assert [(row["id"], [node["html"][:120] for node in row["nodes"]]) for row in found] == []

    page.goto(f"/card/{hall.card.token}")
    inspect()
    come_in(page, hall.card)
    inspect()
    page.tap(".overview .main-button")
    inspect()
    card_of(page, 0).locator(".jf-more").tap()
    card_of(page, 0).locator(".jf-value").tap()
    inspect()
    page.tap(".key[value='close']")
    give_all(page)
    page.tap("[data-submit]")
    inspect()


def test_the_first_load_is_light(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.send("Network.setBypassServiceWorker", {"bypass": True})
    sizes = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/judge/")
    page.wait_for_selector(".rows")
    page.wait_for_load_state("networkidle")

    assert 5_000 < sum(sizes) <= 150_000
