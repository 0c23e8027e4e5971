"""The main job through the pages alone: an organiser on a desktop, three judges on tablets side by side, then finance and supervisor.

The contest is the preset of the innovation final, with the workbooks as organisers send them. Only what a person
would carry by hand is taken from outside the pages: the link printed in the terminal, and the cards that are scanned.
"""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete import clock
from compete.accounts import service as accounts
from compete.audit.service import SYSTEM
from compete.database import write
from compete.models import Judge, db
from tests.excel_in.places import shared

# On the databases' differences: every page and form of this way is tested on both by the tests of its slice.
pytestmark = [pytest.mark.browser, pytest.mark.sqlite]

DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
APPROVED = 3  # of 金项目: few enough to be marked by hand
JUDGES = ("王超建", "罗思", "高浩")  # the chief judge and two more


def press(page, text, inside="main"):
    """Clicks the button or link with these words."""
    found = page.locator(inside).locator("button:visible, a.btn:visible").filter(has_text=text).first
    with page.expect_navigation(wait_until="load"):
        found.click()


def follow(page, selector):
    with page.expect_navigation(wait_until="load"):
        page.locator(selector).first.click()


def step(page, name):
    follow(page, f".steps .step-name:text-is('{name}')")


def test_from_the_first_form_to_the_prize_sheet(live_server, new_page):
    organiser = new_page(viewport=DESK, touch=False)
    organiser.on("dialog", lambda dialog: dialog.accept())
    become_administrator(live_server, organiser)
    set_up_contest(organiser)
    import_entries(organiser)
    approve_entries(organiser)
    import_judges(organiser)
    prepare_session(organiser)
    tablets = [come_in(live_server, new_page, name) for name in JUDGES]
    for place, tablet in enumerate(tablets):
        mark_all(tablet, place)
    return_and_mark_again(organiser, tablets[1])
    for tablet in tablets:
        sign(tablet)
    lock(tablets[0])
    release(organiser)
    check_papers(organiser)
    pay(organiser, new_page)
    supervise(live_server, new_page)


def become_administrator(live_server, page):
    with live_server.app.app_context():
        with write():
            token = accounts.first_admin_link(actor=SYSTEM, now=clock.now())
        db.session.remove()
    page.goto(f"/claim/{token}")
    for name, value in {"name": "王主任", "login": "wang", "password": "correct horse 1", "again": "correct horse 1"}.items():
        page.fill(f"[name={name}]", value)
    page.click("button:has-text('完成')")
    page.wait_for_url("**/contests")


def set_up_contest(page):
    page.goto("/contests/new")
    page.locator("li:has-text('安徽省职工技术创新竞赛') a:has-text('用这个预设')").click()
    page.fill("[name=name]", "安徽省职工技术创新竞赛 2026")
    press(page, "新建竞赛")
    assert page.inner_text("h1").startswith("安徽省职工技术创新竞赛 2026")
    follow(page, "main >> text=金项目")
    assert "现场路演" in page.content()
    step(page, "筹备")


def import_entries(page):
    step(page, "报名")
    press(page, "导入名单")
    page.set_input_files("input[type=file]", shared("inputs") / "innovation-final.xlsx")
    press(page, "上传并预览")
    text = page.inner_text("main")
    for place in ("金成果 第 12 行", "金成果 第 15 行", "金成果 第 24 行", "金项目 第 11 行"):
        assert place in text
    assert "有问题的 4 行" in text
    press(page, "全部收下")
    press(page, "确认导入")
    step(page, "报名")
    assert "共 35 项" in page.inner_text("main")


def approve_entries(page):
    step(page, "审核")
    follow(page, ".chip:has-text('金项目')")
    for _ in range(APPROVED):
        follow(page, ".queue-item:not(.has-problems) button:text-is('通过')")
    assert f"已通过 {APPROVED} 项" in page.inner_text("main")


def import_judges(page):
    step(page, "评委")
    press(page, "导入")
    page.set_input_files("input[type=file]", shared("inputs") / "judges.xlsx")
    press(page, "上传并预览")
    press(page, "确认导入")
    step(page, "评委")
    assert "袁子静" in page.inner_text("main")
    press(page, "制卡")


def prepare_session(page):
    contest = page.url.split("/contests/")[1].split("/")[0]
    page.goto(f"/contests/{contest}/panels/new")
    page.fill("[name=name]", "决赛评委组")
    page.select_option("[name=chief]", label=next(text for text in page.locator("[name=chief] option").all_inner_texts() if JUDGES[0] in text))
    for row in page.locator(".seats-table tbody tr").all():
        name = row.locator("td").nth(1).inner_text()
        row.locator("input.place").fill(str(JUDGES.index(name) + 1) if name in JUDGES else "")
    press(page, "保存")
    page.goto(f"/contests/{contest}/sessions/new")
    page.fill("[name=name]", "金项目决赛")
    part = next(text for text in page.locator("[name=part_id] option").all_inner_texts() if "金项目" in text)
    page.select_option("[name=part_id]", label=part)
    page.select_option("[name=panel_id]", index=1)
    press(page, "保存")
    press(page, "抽签")
    page.locator("[name=method][value=hall]").check()
    page.fill("[name=seed]", "8246")
    press(page, "抽签", inside="form[data-draw]")
    assert page.locator("#order tbody tr").count() == APPROVED
    follow(page, "main .crumbs a >> nth=-1")
    press(page, "开始评分")


def come_to_door(live_server, new_page, name):
    """Scans the own card and confirms with the PIN."""
    with live_server.app.app_context():
        judge = db.session.scalar(db.select(Judge).where(Judge.name == name))
        token, pin = judge.card_secret, judge.pin
        db.session.remove()
    page = new_page(viewport=TABLET)
    page.goto(f"/card/{token}")
    for digit in pin:
        page.tap(f".pin-pad [data-key='{digit}']")
    return page


def come_in(live_server, new_page, name):
    page = come_to_door(live_server, new_page, name)
    page.wait_for_url("**/judge/")
    page.wait_for_selector(".rows")
    return page


def mark_all(page, place):
    page.tap(".overview .main-button")
    for turn in range(APPROVED):
        mark(page, quick=(turn + place) % 2)
        if turn < APPROVED - 1:
            page.tap(".dock .main-button:has-text('下一个')")


def mark(page, quick):
    """Marks one entry by quick values and hands the sheet in."""
    page.wait_for_selector("[data-submit]")
    for n in range(page.locator(".jf-card").count()):
        page.locator(".jf-card").nth(n).locator(".jf-quick button").nth(quick).tap()
    page.wait_for_selector("[data-delivery].is-good:has-text('已送达')")
    page.tap("[data-submit]")
    page.tap("dialog .main-button")
    page.wait_for_selector(".notice.is-good:has-text('已提交')")


def return_and_mark_again(organiser, tablet):
    """The organiser can return a sheet with a reason, and nothing else: the judge marks it again."""
    step(organiser, "评分")
    assert "评分表已交齐" in organiser.inner_text("main")
    follow(organiser, "table.board tbody tr:first-child td.c-submitted a >> nth=1")
    organiser.fill("form[action$='/return'] [name=reason]", "漏看了应用证明")
    press(organiser, "退回给 罗思")
    tablet.goto("/judge/?again")
    tablet.wait_for_selector(".notice:has-text('被退回')")
    tablet.tap(".overview .main-button")
    tablet.wait_for_selector("main >> text=漏看了应用证明")
    mark(tablet, quick=1)


def sign(page):
    """The judge checks the own list and signs it by typing the name."""
    page.tap(".dock .main-button:has-text('回到列表')")
    page.tap(".main-button:has-text('核对并签名')")
    page.fill("#sign-name", page.inner_text(".sign-form h2").split(" ")[1])
    page.press("#sign-name", "Enter")
    page.wait_for_selector(".notice.is-good:has-text('签名确认')")


def lock(page):
    """The chief judge reviews, locks and signs the part."""
    page.goto("/judge/chief")
    follow(page, "section:has-text('金项目') a.btn-primary")
    page.fill("[name=name]", JUDGES[0])
    page.check("[name=checked]")
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "锁定并签名")
    assert "已锁定并签名" in page.inner_text("main")


def release(page):
    step(page, "核分")
    follow(page, ".tabs a:has-text('金项目')")
    if "记录同分决定" in page.inner_text("main"):
        decide(page)
    press(page, "评奖预览")
    assert "离发布还差" not in page.inner_text("main"), page.inner_text("main")
    page.fill("[name=notice_days]", "0")
    press(page, "冻结并发布")
    assert page.inner_text("h1") == "第 1 号发布：金项目"


def decide(page):
    """Ties that the chain cannot break are decided by lot in the hall."""
    press(page, "记录同分决定")
    while page.locator("[name=order]").count():
        numbers = page.locator("section:has(h2:text('等待决定')) ul").first.locator("li").all_inner_texts()
        page.fill("[name=order]", "、".join(text.split(" ")[0] for text in numbers))
        page.check("[name=method][value=lot]")
        page.fill("[name=reason]", "当众抽签")
        press(page, "记录决定")
        page.goto(page.url if "/decide" in page.url else page.url.rstrip("/") + "/decide")
    page.goto(page.url.removesuffix("/decide"))


def fetch(page, name):
    """The workbook behind a link or button."""
    with page.expect_download() as waiting:
        page.locator("main a, main button").filter(has_text=name).first.click()
    return load_workbook(BytesIO(waiting.value.path().read_bytes()))


def texts(book):
    return {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}


def check_papers(page):
    honours = texts(fetch(page, "下载获奖名单"))
    assert any("一等奖" in text for text in honours)
    step(page, "核分")
    follow(page, ".tabs a:has-text('金项目')")
    summary = texts(fetch(page, "下载成绩汇总表"))
    assert set(JUDGES) <= summary | {name for text in summary for name in JUDGES if name in text}
    notice = page.context.new_page()
    notice.goto("/r/" + page.url.split("/contests/")[1].split("/")[0] + "/1")
    assert "一等奖" in notice.inner_text("main")


def pay(organiser, new_page):
    """Finance gets an account by a one-time link, splits nothing, and downloads the sheet; numbers stay out of the pages."""
    organiser.goto("/people")
    organiser.fill("[name=name]", "钱会计")
    organiser.fill("[name=login]", "qian")
    press(organiser, "添加并生成链接")
    link = organiser.inner_text("#link")
    contest = 1
    organiser.goto(f"/contests/{contest}/people")
    organiser.select_option("[name=user_id]", label=next(t for t in organiser.locator("[name=user_id] option").all_inner_texts() if "钱会计" in t))
    organiser.select_option("[name=role]", "finance")
    follow(organiser, "form:has([name=role]) button")
    finance = new_page(viewport=DESK, touch=False)
    finance.on("dialog", lambda dialog: dialog.accept())
    finance.goto(link)
    finance.fill("[name=password]", "another horse 2")
    finance.fill("[name=again]", "another horse 2")
    press(finance, "完成")
    finance.goto(f"/contests/{contest}/prizes")
    press(finance, "列出收款人")
    page = finance.inner_text("main")
    assert "200,000.00" in page and "40,000.00" in page
    book = fetch(finance, "下载奖金发放表")
    sheet = book["奖金发放表"]
    number = sheet["J5"].value
    assert len(number) == 18 and number not in finance.content()
    assert (sheet["F5"].value, sheet["G5"].value, sheet["H5"].value) == (200000, 200000, 40000)
    assert finance.request.get(f"/contests/{contest}/results").status == 403


def supervise(live_server, new_page):
    """The supervisor comes in by card, reads the trail, checks it, and can change nothing."""
    page = come_to_door(live_server, new_page, "袁子静")
    page.wait_for_url("**/contests/1")
    page.goto("/contests/1/audit")
    trail = page.inner_text("main")
    assert "钱会计" in trail and "王主任" in trail
    press(page, "核验全部记录")
    assert "没有缺失和改动" in page.inner_text("main")
    page.goto("/contests/1/entries")
    assert page.locator("main button:has-text('通过')").count() == 0
