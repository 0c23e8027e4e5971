"""Axe finds nothing on the other half of all pages."""

import pytest

from tests.browser.every_page import objected

pytestmark = pytest.mark.sqlite


def test_axe_finds_nothing_on_the_other_half_of_all_pages(house, live_server):
    found = objected(live_server.app, house, half=1)
    assert not found, "\n".join(map(str, found))
