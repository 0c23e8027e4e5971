"""The judge's tablet fits every screen and font size, can be touched, is accessible, and light to load."""

import pytest

from scoring import UNIT
from tests.browser.conftest import FLAGS, light
from tests.browser.tablet import card_of, come_in, give_all, stored

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("size", [(768, 1024), (1024, 768), (390, 844)], ids=["upright", "lying", "phone"])
def test_nothing_is_cut_off_and_everything_can_be_touched(hall, new_page, size):
    page = new_page(viewport={"width": size[0], "height": size[1]})
    come_in(page, hall.card)
    assert_fits(page)
    page.tap(".overview .main-button")
    assert card_of(page, 0).locator(".jf-quick button").first.bounding_box()["width"] >= 100  # five characters of an anchor
    card_of(page, 1).locator(".jf-value").tap()
    assert_fits(page)
    assert page.is_visible(".total")


@pytest.mark.parametrize("size", [{"width": 768, "height": 1024}, {"width": 1024, "height": 768}], ids=["upright", "lying"])
def test_fonts_of_twice_the_size_still_fit(hall, chromium, live_server, size):
    browser = chromium.browser_type.launch(executable_path=light(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"])
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(hall, new_page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = new_page(color_scheme=scheme)
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21aa", "wcag22aa", "best-practice"],
             "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}}}  # fmt: skip

    def inspect():
        found = Axe().run(page, options=rules).response
        assert [(row["id"], [node["html"][:120] for node in row["nodes"]]) for row in found["violations"]] == []
        return {row["id"] for row in found["passes"]}

    page.goto(f"/card/{hall.card.token}")
    assert "color-contrast-enhanced" in inspect()
    come_in(page, hall.card)
    inspect()
    page.tap(".overview .main-button")
    card_of(page, 0).locator(".jf-more").tap()
    card_of(page, 0).locator(".jf-value").tap()
    page.keyboard.type("99")
    field = card_of(page, 0).locator(".jf-value")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert [page.locator(f"#{name}").inner_text() for name in described] == ["满分 33.3334", "不能输入“9”，应在 0 到 33.3334 分之间，每 0.5 分一档；现在是 9 分"]
    inspect()
    page.tap(".key[value='close']")
    give_all(page)
    assert field.get_attribute("aria-invalid") is None
    page.tap("[data-submit]")
    page.wait_for_selector("dialog .main-button:enabled")
    inspect()


def test_letters_grow_to_twice_the_size_and_stay_so(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    page.tap(".comfort")
    for _ in range(4):
        page.tap("dialog .letters button[value='1']")
    assert page.locator("dialog .letters button[value='1']").is_disabled()
    page.tap("dialog .main-button")
    page.reload()
    page.wait_for_selector(".judge-form")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "36px"
    for size in ({"width": 768, "height": 1024}, {"width": 1024, "height": 768}):
        page.set_viewport_size(size)
        card_of(page, 1).locator(".jf-value").tap()
        value, pad, total = (page.locator(what).bounding_box() for what in (".is-active .jf-value", ".pad", ".total"))
        assert 0 <= value["y"] < value["y"] + value["height"] <= pad["y"] < total["y"] < size["height"]
        assert_fits(page)
        page.tap(".key[value='close']")


def test_nothing_is_handed_in_by_accident_and_everything_with_the_keyboard(hall, new_page):
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    give_all(page)
    # A double tap: the second touch falls on whatever lies there now, and decides nothing.
    box = page.locator("[data-submit]").bounding_box()
    for _ in range(3):
        page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate("document.querySelector('dialog .main-button')?.click()")
    assert stored(hall)[0] == "draft"
    page.wait_for_selector("dialog .main-button:enabled")
    page.go_back()
    page.wait_for_selector("dialog", state="detached")
    assert (page.locator("[data-submit]").count(), stored(hall)[0]) == (1, "draft")
    assert page.evaluate("getComputedStyle(document.documentElement).overscrollBehaviorY") == "none"

    # The link to the main part leads there, and not out of the entry.
    page.evaluate("document.querySelector('.skip-link').focus()")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN" and page.locator("[data-submit]").count() == 1

    # From the first field to the handing in without a pointer.
    page.evaluate("scrollTo(0, 0)")
    card_of(page, 0).locator(".jf-value").focus()
    for mark in ("12.5", "20", "7"):
        page.keyboard.type(mark)
        page.keyboard.press("Enter")
    assert page.inner_text(".sum").split() == ["总分", "39.50"]
    page.locator("[data-submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog .main-button:enabled")
    for _ in range(2):  # from the head of what is asked over 返回修改
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".notice.is-good:has-text('已提交')")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert stored(hall) == ("submitted", {"c1": 125000, "c2": 20 * UNIT, "c3": 7 * UNIT})


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
