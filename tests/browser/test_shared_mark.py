"""集体记分: a mark of the whole panel may be left to another judge's sheet, on the tablet as on paper."""

import pytest

from compete.models import Criterion, Sheet, db
from scoring import UNIT
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
