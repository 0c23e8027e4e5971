"""Makes the pictures of README and manual from the running product: `python docs/pictures.py [names…]`.

Starts the demo in a folder of its own on a free port, signs in as the administrator and as a judge, and takes a
screenshot of each page in PICTURES. Needs the test tools (requirements-test.lock) and an installed Chromium.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from compete import create_app, network  # noqa: E402
from compete.judging import cards  # noqa: E402
from compete.models import Judge, db  # noqa: E402

FOLDER = ROOT / "docs" / "pictures"
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1920, "height": 1080}


class Picture(NamedTuple):
    """`who` is admin, judge or nobody; `steps` are (selector, action) pairs done before the picture."""

    name: str
    path: str
    who: str = "admin"
    size: dict = DESK
    full: bool = False


PICTURES = (
    Picture("contest", "/contests/1"),
    Picture("choose", "/contests/new"),
    Picture("scheme", "/contests/1/events/1"),
    Picture("entries", "/contests/1/entries"),
    Picture("import", "/contests/1/imports/new"),
    Picture("judges", "/contests/1/judges"),
    Picture("cards", "/contests/1/judges/cards"),
    Picture("draw", "/contests/1/sessions/1/draw"),
    Picture("board", "/contests/1/board"),
    Picture("results", "/contests/1/results"),
    Picture("why", "/contests/1/results/entries/3"),
    Picture("charts", "/contests/1/results/1/charts"),
    Picture("awards", "/contests/1/awards"),
    Picture("prizes", "/contests/1/prizes"),
    Picture("audit", "/contests/1/audit"),
    Picture("tablet", "/judge/", "judge", TABLET),
    Picture("phone", "/contests/1", "admin", PHONE),
)


@contextmanager
def product():
    """The demo, served on a free port: (address, one-time administrator link, a judge's card token and PIN)."""
    folder = Path(tempfile.mkdtemp(prefix="compete-pictures-"))
    port = network.free_port(8123)
    command = [sys.executable, "-m", "compete", "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(folder), "--demo"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        for line in running.stdout:
            found = re.search(r"(/claim/\S+)", line)
            if found:
                break
        yield f"http://127.0.0.1:{port}", found[1], *_card(folder)
    finally:
        running.terminate()
        running.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _card(folder: Path) -> tuple[str, str]:
    app = create_app({"DATA": str(folder)})
    with app.app_context():
        judge = db.session.query(Judge).filter_by(role="judge").order_by(Judge.id).first()
        assert cards.state_of(judge) != "none"
        return judge.card_secret, judge.pin


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with product() as (address, link, token, pin), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"])
        people = {"admin": _admin(browser, address, link), "judge": _judge(browser, address, token, pin)}
        for picture in PICTURES:
            if wanted and picture.name not in wanted:
                continue
            page = people[picture.who]
            page.set_viewport_size(picture.size)
            page.goto(address + picture.path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{picture.name}.png", full_page=picture.full)
            print(picture.name, flush=True)
        browser.close()


def _admin(browser, address: str, link: str):
    page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai")
    page.goto(address + link)
    for name, value in (("name", "王主任"), ("login", "wang"), ("password", "a picture is worth 1000"), ("again", "a picture is worth 1000")):
        page.fill(f"[name={name}]", value)
    page.click("button:has-text('完成')")
    return page


def _judge(browser, address: str, token: str, pin: str):
    page = browser.new_page(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=TABLET, has_touch=True)
    page.goto(f"{address}/card/{token}")
    for digit in pin:
        page.click(f"button:text-is('{digit}')")
    page.wait_for_load_state("networkidle")
    return page


if __name__ == "__main__":
    main(sys.argv[1:])
