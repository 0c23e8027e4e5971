"""The scheme editor in a real browser: sums while one types, rows moved by keyboard, the judge's form beside it."""

from types import SimpleNamespace

import pytest
from flask.sessions import SecureCookieSessionInterface

from compete.contests import presets, service
from compete.models import Criterion, db
from tests import support
from tests.browser.house import objections

pytestmark = pytest.mark.sqlite
DESKTOP = {"width": 1440, "height": 900}


@pytest.fixture
def console(live_server, new_page):
    """The organiser signed in at a desktop: a small final, and a contest of the main preset."""
    with live_server.app.app_context():
        made = support.make_final()
        alice = support.make_people(made.contest).alice
        preset = presets.all_presets()["anhui-innovation"]
        other = service.create(name=preset.name, plan=preset.plan, user=alice, actor=service.audit.SYSTEM, now=support.NOW)
        db.session.commit()
        numbers = SimpleNamespace(contest=made.contest.id, event=made.event.id, part=made.part.id, other=other.id, other_event=other.events[0].id)
        person = alice.get_id()
    signer = SecureCookieSessionInterface().get_signing_serializer(live_server.app)
    page = new_page(viewport=DESKTOP, touch=False)
    cookie = signer.dumps({"_user_id": person, "_fresh": True, "device": "TEST01"})
    page.context.add_cookies([{"name": "compete", "value": cookie, "url": live_server.url}])
    return SimpleNamespace(page=page, **vars(numbers))


@pytest.fixture
def editor(console):
    console.page.goto(f"/contests/{console.contest}/events/{console.event}")
    return console.page


def sums(page) -> list[str]:
    return [node.inner_text() for node in page.query_selector_all(".sum") if node.inner_text()]


def test_sums_follow_what_is_typed(editor):
    weight = editor.locator(".criteria").get_by_label("权重 %").first
    assert sums(editor)[0] == "权重合计 100"
    weight.fill("49.9")
    assert sums(editor)[0] == "权重合计 99.9，还差 0.1"
    weight.fill("５０．３")
    assert sums(editor)[0] == "权重合计 100.3，多出 0.3"
    weight.fill("0.1")
    editor.locator(".criteria").get_by_label("权重 %").nth(1).fill("99.9")
    assert sums(editor)[0] == "权重合计 100"  # 0.1 + 99.9 is not 100 in floats
    editor.locator(".tiers").get_by_label("每个奖金").first.fill("0.07")
    assert sums(editor)[1] == "获奖 3 个，奖金 150,000.07 元"


def test_rows_are_added_nested_and_moved_by_keyboard_and_saved(console, editor, live_server):
    editor.get_by_label("给评分项2添加下级").click()
    editor.wait_for_selector(".children input:focus")
    editor.keyboard.type("下级甲")
    assert "下级满分合计 50" in sums(editor)
    editor.locator(".part > .criteria > .criterion").first.get_by_label("评分项", exact=True).focus()
    editor.keyboard.press("Alt+ArrowDown")
    editor.wait_for_function("() => document.querySelector('.part > .criteria > .criterion input[name$=\"-name\"]').value === '评分项2'")
    editor.wait_for_function("() => [...document.querySelectorAll('#preview .jf-name')].map((n) => n.textContent).join() === '下级甲,评分项1'")
    editor.get_by_role("button", name="保存", exact=True).last.click()
    editor.wait_for_selector(".notice-done")
    with live_server.app.app_context():
        rows = db.session.query(Criterion).filter_by(part_id=console.part).order_by(Criterion.parent_id.is_not(None), Criterion.position).all()
        assert [row.name for row in rows] == ["评分项2", "评分项1", "下级甲"]


def test_axe_finds_nothing(console):
    home = f"/contests/{console.other}"
    for address in ("/contests/new?from=empty", home, f"{home}/budget", f"{home}/events/{console.other_event}"):  # of a preset; the rest in every_page
        console.page.goto(address)
        found = objections(console.page)
        assert [(address, row["id"], [node["html"][:120] for node in row["nodes"]][:3]) for row in found] == []


@pytest.mark.parametrize("size", [(1440, 900), (1024, 768), (390, 844)])
def test_nothing_is_wider_than_the_window(console, size):
    console.page.set_viewport_size({"width": size[0], "height": size[1]})
    home = f"/contests/{console.other}"
    for address in ("/contests", "/contests/new", home, f"{home}/budget", f"{home}/people", f"{home}/events/{console.other_event}"):
        console.page.goto(address)
        assert console.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
