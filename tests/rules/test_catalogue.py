"""The catalogue page: all rules of the engine, in Chinese groups, to search without scripts."""

import pytest

import scoring
from compete.rules.views import AREAS


def test_every_catalogue_has_its_place():
    named = [code for names in AREAS.values() for code in names]
    assert sorted(scoring.CATALOGUES) == sorted(named)


@pytest.mark.sqlite
def test_the_page_shows_every_rule_to_everybody(sign_in):
    page = sign_in().get("/rules").text
    rules = [rule for rules in scoring.CATALOGUES.values() for rule in rules.values()]
    assert f"{len(rules)} 条规则" in page
    assert [rule.code for rule in rules if f"<code>{rule.code}</code>" not in page] == []


@pytest.mark.sqlite
def test_a_search_leaves_what_was_asked_for(sign_in):
    client = sign_in()
    page = client.get("/rules?q=Ｍedian").text
    assert "<code>median</code>" in page and "<code>trimmed_mean</code>" not in page
    assert "没有找到" in client.get("/rules?q=没有这样的规则").text
