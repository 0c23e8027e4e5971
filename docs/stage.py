"""What the pictures need besides the demo: the product running, people at it, a workbook with mistakes, the end of the judging."""

import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from compete import clock, create_app
from compete.office import demo, network
from compete.audit.service import Actor
from compete.database import write
from compete.judging.sheets import desk
from compete.marking import service as marking
from compete.models import Judge, Session, Sheet, db

ROOT = Path(__file__).resolve().parent.parent
DESK = {"width": 1280, "height": 760}
TABLET = {"width": 1024, "height": 768}
PASSWORD = "a picture is worth 1000"
TIED = 30  # the demo's number for the worth of two entries that end equal in everything


@contextmanager
def product():
    """The demo, served on a free port: (address, data folder, path of the one-time administrator link)."""
    folder = Path(tempfile.mkdtemp(prefix="compete-pictures-"))
    port = network.free_port(8123)
    command = [sys.executable, "-m", "compete", "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(folder), "--demo"]
    running = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    try:
        link = next(found[1] for line in running.stdout if (found := re.search(r"(/claim/\S+)", line)))
        yield f"http://127.0.0.1:{port}", folder, link
    finally:
        running.terminate()
        running.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def cards(folder: Path) -> dict[str, tuple[str, str]]:
    """{judge: (token of the card, PIN)} as they are printed."""
    with create_app({"DATA": str(folder)}).app_context():
        return {row.name: (row.card_secret, row.pin) for row in db.session.query(Judge)}


def finish(folder: Path) -> None:
    """Hands in what the first session still lacks, as the demo began it; the last two entries end in a tie."""
    with create_app({"DATA": str(folder)}).app_context(), write():
        session = db.session.get(Session, 1)
        parents = {row.parent_id for row in session.part.criteria}
        criteria = [row for row in session.part.criteria if row.id not in parents]
        for place, judge in enumerate(seat.judge for seat in session.panel.seats):
            rows = desk(session, judge.id)
            tied = {slot.entry_id for slot, _ in rows[-2:]}
            for slot, cell in rows:
                if cell.state in ("none", "draft"):
                    _hand_in(session, judge, slot.entry_id, demo.opinion(criteria, TIED if slot.entry_id in tied else slot.number, place))


def _hand_in(session, judge, entry_id, marks) -> None:
    revision = db.session.query(Sheet.revision).filter_by(judge_id=judge.id, entry_id=entry_id, part_id=session.part_id).scalar() or 0
    actor = Actor(f"judge:{judge.id}", judge.name, "演示平板")
    demo._sound(marking.submit(entry_id, session.part_id, judge_id=judge.id, revision=revision, marks=marks, actor=actor, now=clock.now()))


def entrants() -> bytes:
    """A workbook as organisers send it: a title above, a changed entry, two new ones, a wrong number and a missing leader."""
    book = Workbook()
    sheet = book.active
    sheet.title = "金项目"
    sheet.append(["安徽省职工技术创新竞赛金项目推荐表"])
    sheet.append(["序号", "项目名称", "第一完成人", "身份证号", "联系电话", "所在单位", "其他完成人", "节约成本（万元）"])
    sheet.append([3, "轴承装配防错工装", "李丽娟", "", "", "阜阳水务集团", "王勇、赵敏、孙静", "92"])
    sheet.append([11, "起重机吊具快速检测装置", "方明远", "340102197103000001", "13900003011", "合肥钢铁集团", "陶然", "210.5"])
    sheet.append([12, "皮带机托辊智能诊断", "程立夫", demo._id_number(412), "13900003012", "淮北矿业集团", "程 立、郑 义", "75"])
    sheet.append([13, "高压开关柜带电清扫工具", "", "", "", "芜湖电力公司", "史航", "38"])
    sheet.append(["合计", "4 项"])
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def press(page, words):
    page.locator("main").locator("button:visible, a.btn:visible").filter(has_text=words).first.click()
    page.wait_for_load_state("networkidle")


def people(browser, address: str, link: str, cards: dict, *, at_the_door: Path) -> dict:
    """Everybody at a machine of their own: {role: page}."""
    organiser = _page(browser, DESK)
    _claim(organiser, address + link, name="王主任", login="wang")
    judge = _door(browser, address, *cards["沈其昌"], picture=at_the_door)
    chief = _door(browser, address, *cards["孟庆华"])
    supervisor = _door(browser, address, *cards["范秋实"])
    return {"organiser": organiser, "judge": judge, "chief": chief, "supervisor": supervisor, "finance": _finance(browser, address, organiser)}


def _page(browser, size: dict, touch: bool = False):
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport=size, has_touch=touch).new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def _claim(page, link: str, **known) -> None:
    page.goto(link)
    for name, value in {**known, "password": PASSWORD, "again": PASSWORD}.items():
        page.fill(f"[name={name}]", value)
    press(page, "完成")


def _door(browser, address: str, token: str, pin: str, picture: Path | None = None):
    page = _page(browser, TABLET, touch=True)
    page.goto(f"{address}/card/{token}")
    page.wait_for_selector(".pin-pad [data-key='0']")
    if picture:
        page.screenshot(path=picture)
    for digit in pin:
        page.tap(f".pin-pad [data-key='{digit}']")
    page.wait_for_url(lambda url: "/card/" not in url)
    return page


def _finance(browser, address: str, organiser):
    """An account by a one-time link, with its role in the contest."""
    organiser.goto(address + "/people")
    organiser.fill("[name=name]", "钱会计")
    organiser.fill("[name=login]", "qian")
    press(organiser, "添加并生成链接")
    link = organiser.inner_text("#link")
    organiser.goto(address + "/contests/1/people")
    organiser.select_option("[name=user_id]", label=next(t for t in organiser.locator("[name=user_id] option").all_inner_texts() if "钱会计" in t))
    organiser.select_option("[name=role]", "finance")
    organiser.locator("form:has([name=role]) button").first.click()
    organiser.wait_for_load_state("networkidle")
    page = _page(browser, DESK)
    _claim(page, link)
    return page
