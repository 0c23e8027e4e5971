"""Makes the pictures of README and manual from the running product: `python docs/pictures.py [names…]`.

Starts the demo in a folder of its own on a free port, walks through it as the organiser, a judge, the chief judge and
finance, and takes a picture at each stop. Needs the test tools (requirements-test.lock) and an installed Chromium.
"""

import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "docs")]

import stage  # noqa: E402
from stage import DESK, TABLET, press  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
LOW = {"width": 1280, "height": 590}
PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 960, "height": 540}
DOORS = ("tablet-card",)  # taken on the way in
FIRST = ("remote",)  # of the first half, but later ones need it: the screen on which the ceremony is shown
WHILE_JUDGING, AFTERWARDS = "while judging", "afterwards"


class Picture(NamedTuple):
    """`do` works on the page after it has opened; the picture is taken then, in the size given."""

    name: str
    path: str
    who: str = "organiser"
    size: dict = DESK
    do: object = None
    when: str = WHILE_JUDGING


def type_contest(page):
    page.fill("[name=name]", "安徽省职工技术创新竞赛 2027")


def upload(page):
    page.set_input_files("input[type=file]", {"name": "金项目推荐表.xlsx", "mimeType": "application/zip", "buffer": stage.entrants()})
    press(page, "上传并预览")
    page.evaluate("window.scrollTo(0, document.querySelector('table.preview').getBoundingClientRect().top - 260)")


def lower(selector):
    """Scrolls so that this comes near the top."""
    return lambda page: page.evaluate("place => window.scrollTo(0, document.querySelector(place).getBoundingClientRect().top - 90)", selector)


def bottom(page):
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")


def open_cell(page):
    page.locator("table.board tbody tr").nth(3).locator("td.c-submitted a").nth(1).click()
    page.wait_for_load_state("networkidle")


def begin_sheet(page):
    """Some marks on the next entry: a quick value, a quick value and a step, one by steps."""
    page.tap(".overview .main-button")
    page.wait_for_selector("[data-submit]")
    for card, value in ((0, 1), (1, 0), (2, 1)):
        page.locator(".jf-card").nth(card).locator(".jf-quick button").nth(value).tap()
    page.locator(".jf-card").nth(1).locator("button:has-text('−')").tap()
    page.wait_for_selector("[data-delivery].is-good:has-text('已送达')")
    page.evaluate("document.querySelector('.entry-body').scrollTo(0, 0)")


def lose_network(page):
    page.tap(".overview .main-button")
    page.wait_for_selector("[data-submit]")
    page.context.set_offline(True)
    page.locator(".jf-card").nth(3).locator(".jf-quick button").nth(1).tap()
    page.wait_for_selector("[data-delivery]:has-text('待发送')")


def show_codes(page):
    lose_network(page)
    page.tap("[data-delivery]")
    page.tap("dialog .side-button:has-text('用二维码送达')")
    page.wait_for_selector(".qr-code")


def find_network(page):
    page.context.set_offline(False)
    page.wait_for_selector("[data-delivery]:has-text('已送达')")


def key_in(page):
    """A paper sheet nearly done, with a total on paper that does not fit."""
    page.locator("a.btn-primary:has-text('录下一张')").click()
    page.wait_for_selector("#keying")
    for value in ("21", "12.5", "17", "16", "8", "8.5", "84"):
        page.keyboard.type(value)
        page.keyboard.press("Enter")
    page.wait_for_selector("#trust-box:visible")
    page.evaluate("window.scrollTo(0, 0)")


def try_to_submit(page):
    page.tap(".overview .main-button")
    for card in (4, 5):
        page.locator(".jf-card").nth(card).locator(".jf-quick button").nth(1).tap()
    page.wait_for_selector("[data-delivery].is-good:has-text('已送达')")
    page.tap("[data-submit]")
    page.wait_for_selector("dialog[open] .main-button")


def to_signature(page):
    page.wait_for_selector(".main-button:has-text('核对并签名')")
    page.tap(".main-button:has-text('核对并签名')")
    page.wait_for_selector(".sign-form")
    page.locator(".sign-form").scroll_into_view_if_needed()


def call(page):
    """The next entry is on stage, and its clock runs."""
    page.click("#next")
    page.wait_for_selector(".on-label")
    page.click("#go")
    page.wait_for_selector("#dial.is-running")
    page.wait_for_selector("#line:empty", state="attached")


def show_score(page):
    """A main screen, the first score on it; the remote control is the picture."""
    page.emulate_media(reduced_motion="reduce")  # the show of a score ends at once
    page.fill("#name", "主屏")
    press(page, "新建")
    remote = page.url
    page.goto("/".join(remote.split("/")[:-2]) + "/scores", wait_until="networkidle")
    page.locator("td button.btn-primary").first.click()
    page.wait_for_selector(".notice-done")
    page.goto(remote)
    page.frame_locator(".preview iframe").locator(".total-figure").wait_for()


def open_screen(page):
    page.emulate_media(reduced_motion="reduce")
    page.goto(page.locator(".address a").get_attribute("href"))
    page.wait_for_selector("#stage .head, #stage .laurel")


def award(page):
    """Three steps into the ceremony: the first winner of the lowest prize."""
    page.check("#amounts")
    press(page, "开始颁奖")
    for _ in range(2):
        press(page, "下一步")
    open_screen(page)


def decide(page):
    """The tie that the rules cannot break: the last picture before it is decided by lot."""
    groups = page.locator("section:has(h2:text('等待决定')) ul").first.locator("li").all_inner_texts()
    page.fill("[name=order]", "、".join(text.split(" ")[0] for text in groups))
    page.check("[name=method][value=lot]")
    page.fill("[name=reason]", "评委组组长主持，两个项目负责人当众抽签")


def send(words):
    """Presses the button of the page before, then shows where it leads."""
    return lambda page: press(page, words)


def chief_locks(page):
    page.locator("section:has-text('金成果') a.btn-primary").first.click()
    page.wait_for_load_state("networkidle")
    bottom(page)


def chief_signs(page):
    chief_locks(page)
    page.fill("[name=name]", "孟庆华")
    page.check("[name=checked]")
    press(page, "锁定并签名")


PICTURES = (
    Picture("contest", "/contests/1"),
    Picture("choose", "/contests/new", size=LOW),
    Picture("new", "/contests/new?from=preset:anhui-innovation", size=LOW, do=type_contest),
    Picture("scheme", "/contests/1/events/2", size=LOW, do=lower(".criterion")),
    Picture("import", "/contests/1/imports/new?kind=entries", size=LOW),
    Picture("preview", "/contests/1/imports/new?kind=entries", do=upload),
    Picture("entries", "/contests/1/entries", size=LOW),
    Picture("judges", "/contests/1/judges", size=LOW),
    Picture("cards", "/contests/1/judges/cards", size=LOW),
    Picture("session", "/contests/1/sessions/1", size=LOW),
    Picture("draw", "/contests/1/sessions/1/draw", size=LOW),
    Picture("screen", "/contests/1/sessions/1/draw/screen", size=SCREEN),
    Picture("board", "/contests/1/board"),
    Picture("sheet", "/contests/1/board", size=LOW, do=open_cell),
    Picture("keying", "/contests/1/paper", do=key_in),
    Picture("people", "/contests/1/people", size=LOW),
    Picture("tablet", "/judge/", "judge", TABLET),
    Picture("tablet-sheet", "/judge/", "judge", TABLET, begin_sheet),
    Picture("tablet-waiting", "/judge/", "judge", TABLET, lose_network),
    Picture("tablet-codes", "/judge/", "judge", TABLET, show_codes),
    Picture("tablet-submit", "/judge/", "judge", TABLET, try_to_submit),
    Picture("results", "/contests/1/results"),
    Picture("why", "/contests/1/results/entries/3", size=LOW),
    Picture("charts", "/contests/1/results/1/charts", do=lower("section.panel-box:nth-of-type(2)")),
    Picture("agreement", "/contests/1/results/1/judges", "supervisor", LOW, lower("section:has(> #severity)")),
    Picture("phone", "/contests/1", size=PHONE),
    Picture("host", "/contests/1/live", size=PHONE, do=call),
    Picture("console", "/contests/1/live"),
    Picture("remote", "/contests/1/live/screens", do=show_score),
    Picture("hall-score", "/contests/1/live/screens/1", size=SCREEN, do=open_screen),
    Picture("tablet-sign", "/judge/", "judge", TABLET, to_signature, AFTERWARDS),
    Picture("decide", "/contests/1/results/1/decide", size=LOW, do=decide, when=AFTERWARDS),
    Picture("", "/contests/1/results/1/decide", do=lambda page: (decide(page), press(page, "记录决定")), when=AFTERWARDS),
    Picture("chief", "/judge/chief", "chief", DESK, chief_locks, AFTERWARDS),
    Picture("", "/judge/chief", "chief", DESK, chief_signs, AFTERWARDS),
    Picture("awards", "/contests/1/awards/1", size=LOW, when=AFTERWARDS),
    Picture("release", "/contests/1/awards/1", size=LOW, do=send("冻结并发布"), when=AFTERWARDS),
    Picture("public", "/r/1/1", size=DESK, when=AFTERWARDS),
    Picture("hall-ceremony", "/contests/1/live/screens/1", size=SCREEN, do=award, when=AFTERWARDS),
    Picture("script", "/contests/1/live/script", size=LOW, when=AFTERWARDS),
    Picture("files", "/contests/1/documents", size=LOW, when=AFTERWARDS),
    Picture("prizes", "/contests/1/prizes", "finance", LOW, send("列出收款人"), AFTERWARDS),
    Picture("split", "/contests/1/prizes/awards/2/split", "finance", LOW, lambda page: press(page, "成员平均"), AFTERWARDS),
    Picture("payee", "/contests/1/prizes/payees/1", "finance", LOW, when=AFTERWARDS),
    Picture("audit", "/contests/1/audit", "supervisor", LOW, when=AFTERWARDS),
    Picture("audit-check", "/contests/1/audit/check", "supervisor", LOW, when=AFTERWARDS),
)


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with stage.product() as (address, folder, link), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--lang=zh-CN"])
        people = stage.people(browser, address, link, stage.cards(folder), at_the_door=FOLDER / f"{DOORS[0]}.png")
        _shrink(FOLDER / f"{DOORS[0]}.png")
        for when in (WHILE_JUDGING, AFTERWARDS):
            if when == AFTERWARDS:
                stage.finish(folder)
            for picture in PICTURES:
                # A picture of later pages needs the steps before it; those of the first half stand alone.
                if picture.when == when and (not wanted or picture.name in wanted or picture.name in FIRST or when == AFTERWARDS):
                    _take(people[picture.who], address, picture, keep=not wanted or picture.name in wanted)
        browser.close()


def _take(page, address: str, picture: Picture, *, keep: bool) -> None:
    page.set_viewport_size(picture.size)
    page.goto(address + picture.path, wait_until="networkidle")
    if page.url.endswith("/judge/"):
        page.reload(wait_until="networkidle")  # the tablet keeps the sheet it was at
    if picture.do:
        picture.do(page)
    if keep and picture.name:
        page.wait_for_timeout(400)
        page.screenshot(path=FOLDER / f"{picture.name}.png", animations="disabled")
        _shrink(FOLDER / f"{picture.name}.png")
        print(picture.name, flush=True)
    if picture.do in (lose_network, show_codes):
        find_network(page)


def _shrink(path: Path) -> None:
    """256 colours are enough for a page and take less than half the room. Without Pillow the picture stays as it is."""
    with suppress(ImportError):
        from PIL import Image

        picture = Image.open(path).convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        picture.save(path, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
