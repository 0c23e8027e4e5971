"""Axe finds nothing on one half of all pages."""

import pytest

from tests.browser.every_page import objected

pytestmark = pytest.mark.sqlite


def test_axe_finds_nothing_on_one_half_of_all_pages(house, live_server):
    found = objected(live_server.app, house, half=0)
    assert not found, "\n".join(map(str, found))
