"""集体记分: a mark of the whole panel may be left to another judge's sheet, on the tablet as on paper."""

import pytest

from compete.audit.service import SYSTEM
from compete.database import write
from compete.judging import cards
from compete.marking import service
from compete.models import Criterion, Sheet, db
from scoring import UNIT
from tests import support
from tests.browser.tablet import card_of, come_in, delivered, hand_in, stored

pytestmark = pytest.mark.sqlite


def test_a_sheet_is_handed_in_without_the_panels_mark_and_the_chief_sees_it(hall, new_page, live_server):
    with live_server.app.app_context():
        db.session.scalar(db.select(Criterion).where(Criterion.part_id == hall.part, Criterion.code == "c3")).rules = {"team": True}
        db.session.commit()
    page = new_page()
    come_in(page, hall.card)
    page.tap(".overview .main-button")
    page.wait_for_selector("[data-submit]")
    assert "集体记分：全组只记一次" in card_of(page, 2).inner_text()
    card_of(page, 0).locator(".jf-quick button").first.tap()
    page.tap("[data-submit]")
    assert page.locator("dialog .missing button").all_inner_texts() == ["评分项2"]
    assert card_of(page, 2).locator("[aria-invalid]").count() == 0
    page.keyboard.press("Escape")
    card_of(page, 1).locator(".jf-quick button").first.tap()
    delivered(page)
    assert page.locator(".sum").inner_text().split()[0] == "总分"
    hand_in(page)
    state, marks = stored(hall)
    assert (state, sorted(marks), marks["c1"]) == ("submitted", ["c1", "c2"], 30 * UNIT)
    with live_server.app.app_context():
        assert db.session.scalar(db.select(Sheet.total)) is None


def test_sheets_without_the_panels_mark_do_not_keep_the_next_one_from_opening(live_server, new_page):
    with live_server.app.app_context():
        final = support.make_final(entries=3, judges=2)
        final.criteria[1].rules = {"team": True}
        db.session.commit()
        judge = final.judges[1]
        for entry in final.entries[:2]:
            with write():
                service.submit(entry.id, final.part.id, judge_id=judge.id, revision=0, marks={"c1": 40 * UNIT}, actor=SYSTEM, now=support.NOW)
        with write():
            card = cards.issue_card(judge, actor=SYSTEM, now=support.NOW)
        db.session.remove()
    page = new_page()
    come_in(page, card)
    page.tap(".overview .main-button")
    page.wait_for_selector("h1:has-text('项目3')")
    assert card_of(page, 0).locator(".jf-own").inner_text() == "您的其他 2 项：40 到 40，平均 40.0"
    assert not card_of(page, 1).locator(".jf-own").is_visible()
