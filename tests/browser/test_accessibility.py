"""Rooms of the house read by axe-core as judges and the public see them, dark and narrow; every page at a desk in every_page."""

import pytest

from tests.browser.house import PHONE, findings, objections

pytestmark = pytest.mark.sqlite

HOUSE = {
    "alice": ("", "/entries", "/entries/{entry}", "/entries/review", "/imports/new?kind=entries", "/judges", "/panels", "/recusals", "/sessions",
              "/sessions/{session}", "/sessions/{session}/draw", "/board", "/results", "/results/entries/{entry}", "/results/{event}/charts",
              "/undelivered", "/paper?show=all", "/paper/{session}/{judge}/{entry}", "/paper/{session}/print",
              "/awards", "/awards/releases", "/awards/releases/1", "/prizes", "/documents", "/budget", "/people", "/events/{event}",
              "/live/screens", "/live/screens/{screen}", "/live/scores", "/live/showings", "/live/script", "/live/script?part=order",
              "/votes", "/votes/new", "/votes/{poll}", "/rehearsal"),
    "bob": ("/prizes", "/prizes/payees/{payee}", "/prizes/awards/{award}/split"),
    "carol": ("/audit", "/audit/check", "/signed/{session}"),
}  # fmt: skip



def test_pages_of_judges_and_the_public(house):
    found = findings(house.visit(), ["/no-such-page"], expected=404)
    found += findings(house.visit(viewport=PHONE), [f"/r/{house.contest}/1", f"/vote/{house.numbers['vote']}"])
    found += findings(house.visit("judge", viewport={"width": 768, "height": 1024}), ["/judge/"])
    found += findings(house.visit("chief", viewport={"width": 1024, "height": 768}), [f"{house.home}/review", f"{house.home}/review/late"])
    assert found == []


def test_the_scheme_with_everything_unfolded(house):
    """Every rule of the editor, wide and narrow; a file with mistakes and one that changes something."""
    page = house.visit("alice")
    page.goto(f"{house.home}/events/{house.numbers['event']}?new=1")
    page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
    page.locator("[name$=panel_standard]").first.check()
    page.wait_for_selector("[name$=panel_standard_mean]:visible")
    found = [(row["id"], node["html"][:160]) for row in objections(page) for node in row["nodes"][:3]]
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == []


def test_dark_and_narrow_console(house):
    page = house.visit("alice", color_scheme="dark")
    assert findings(page, [house.home + "/board"]) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
    page.set_viewport_size(PHONE)
    for rest in HOUSE["alice"][::2] + HOUSE["bob"][::2]:
        page.goto(house.home + rest.format(**house.numbers))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), rest
