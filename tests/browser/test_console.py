"""Small helps of every console page in a real browser: nothing is sent twice, back does no harm, tables sort."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask.sessions import SecureCookieSessionInterface

from compete.models import Judge, db
from tests import support

pytestmark = pytest.mark.sqlite


@pytest.fixture
def console(live_server, new_page):
    with live_server.app.app_context():
        final = support.make_final(marked=True)
        final.part.locked_at = support.NOW
        db.session.commit()
        alice = support.make_people(final.contest).alice.get_id()
        home, event = f"/contests/{final.contest.id}", final.event.id
    signer = SecureCookieSessionInterface().get_signing_serializer(live_server.app)
    page = new_page(viewport={"width": 1440, "height": 900}, touch=False)
    page.context.add_cookies([{"name": "compete", "value": signer.dumps({"_user_id": alice, "_fresh": True, "device": "TEST01"}), "url": live_server.url}])
    return SimpleNamespace(page=page, home=home, event=event, app=live_server.app)


def judges(console) -> int:
    with console.app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Judge).where(Judge.name == "新来的评委"))


def test_a_double_click_sends_once_and_back_and_forward_add_nothing(console):
    page, posts = console.page, []
    page.on("request", lambda request: posts.append(request.url) if request.method == "POST" else None)
    page.goto(f"{console.home}/judges/new")
    page.get_by_label("姓名").fill("新来的评委")
    page.get_by_label("单位").fill("某单位")
    page.locator("main form button.btn-primary").dblclick()
    page.wait_for_selector(".notice-done")
    assert len(posts) == 1 and judges(console) == 1
    page.go_back()
    page.go_forward()
    page.reload()
    assert len(posts) == 1 and judges(console) == 1
    assert page.locator(".notice-done").count() == 0  # the message was shown once


def test_a_refused_question_sends_nothing_and_can_be_asked_again(console):
    page, asked, answers = console.page, [], ["dismiss", "accept"]
    page.goto(f"{console.home}/awards")
    page.on("dialog", lambda dialog: (asked.append(dialog.message), getattr(dialog, answers[len(asked) - 1])()))
    button = page.get_by_role("button", name="冻结并发布")
    button.click()
    assert page.url.endswith("/awards")
    button.click()
    page.wait_for_url("**/awards/releases/1")
    assert asked == ["将冻结并发布 金成果 的结果：3 个奖，奖金 350,000.00 元。继续吗？"] * 2


def test_a_click_on_a_heading_sorts_the_table(console):
    page = console.page
    page.goto(f"{console.home}/awards")
    column = lambda: page.locator("#awards tbody td:nth-child(7)").all_inner_texts()  # noqa: E731
    assert column() == ["200,000.00", "100,000.00", "50,000.00"]
    page.get_by_role("button", name="奖金（元）").click()
    assert column() == ["50,000.00", "100,000.00", "200,000.00"]
    page.get_by_role("button", name="奖金（元）").press("Enter")
    assert column() == ["200,000.00", "100,000.00", "50,000.00"]
