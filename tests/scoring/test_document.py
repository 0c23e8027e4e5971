import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import UNIT, Criterion, Panel, Part, Problem, Rounding, Scheme, Tier, TieRule, digest
from tests.scoring.build import leaf

FULL = Scheme(
    (Part("road", "路演", criteria=(
        Criterion("a", "甲", 500_000, 50 * UNIT, anchors=((0, "无"), (UNIT, "有")), children=(leaf("a1", 0, 50),)),
        leaf("b", 50, 50)), panel=Panel(rounding=Rounding(1, "floor")), rounding=Rounding(3)),),
    ties=(TieRule("criterion", "road/a1", "说明"),), tiers=(Tier("t", "一等奖", ratio=1000, minimum_score=600_000),), floor=None)


def test_a_scheme_survives_its_file():
    assert Scheme.from_json(json.loads(json.dumps(FULL.to_json()))) == FULL


def test_left_out_fields_have_their_defaults():
    data = {"format": "scheme", "version": 1, "parts": [{"code": "p", "name": "路演", "criteria": [{"code": "a", "name": "甲"}]}]}
    assert Scheme.from_json(data) == Scheme((Part("p", "路演", criteria=(Criterion("a", "甲"),)),))


def test_the_digest_is_that_of_the_canonical_form():
    assert digest(FULL) == digest(Scheme.from_json(FULL.to_json()))
    assert digest(Scheme((Part("p", "路演"),))) == "6e27756d3d7630f97977f743489c75f5dae21ee3b4ba0d7d4e0b8f905eeb7391"


@pytest.mark.parametrize("change, code, where", [
    ({"format": "facts"}, "not_a_scheme", "评分方案文件"),
    ({"version": 3}, "unknown_version", "评分方案文件"),
    ({"floor": 0.5}, "unreadable", "评分方案文件 · 方案.floor"),
    ({"floor": True}, "unreadable", "评分方案文件 · 方案.floor"),
    ({"colour": "red"}, "unreadable", "评分方案文件 · 方案.colour"),
    ({"parts": {}}, "unreadable", "评分方案文件 · 方案.parts"),
    ({"parts": [{"code": "p"}]}, "unreadable", "评分方案文件 · 方案.parts[1]"),
    ({"parts": [3]}, "unreadable", "评分方案文件 · 方案.parts[1]"),
    ({"parts": [{"code": "p", "name": 1}]}, "unreadable", "评分方案文件 · 方案.parts[1].name"),
    ({"parts": [{"code": "p", "name": "", "criteria": [{"code": "a", "name": "", "anchors": [[1]]}]}]}, "unreadable",
     "评分方案文件 · 方案.parts[1].criteria[1].anchors[1]")])
def test_files_that_cannot_be_read(change, code, where):
    found = Scheme.from_json({**FULL.to_json(), **change})
    assert (found.code, found.where) == (code, where)


def test_something_else_altogether():
    assert isinstance(Scheme.from_json([]), Problem)


json_values = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
                           lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                               st.sampled_from(["code", "name", "weight", "children", "panel", "rounding"]), inner), max_leaves=8)


@given(st.lists(json_values, max_size=3))
def test_no_file_raises(parts):
    found = Scheme.from_json({"format": "scheme", "version": 1, "parts": parts})
    assert isinstance(found, (Scheme, Problem))


def test_a_scheme_without_new_rules_keeps_its_first_form():
    document = FULL.to_json()
    assert document["version"] == 1 and "steps" not in document and "kind" not in document["parts"][0]["criteria"][0]


def test_a_new_rule_raises_the_version():
    document = replace(FULL, better="low").to_json()
    assert (document["version"], document["better"]) == (2, "low")
    assert Scheme.from_json(document).better == "low"
