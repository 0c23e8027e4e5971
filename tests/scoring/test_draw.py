import hashlib
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw_key, draw_order, verify
from scoring.draw import _arranged

NUMBERS = [f"{at:02d}" for at in range(1, 26)]


def test_the_order_can_be_made_by_hand():
    by_hand = sorted(NUMBERS, key=lambda item: hashlib.sha256(f"2026-11-22 开幕:1:{item}".encode()).hexdigest())
    draw = draw_order("2026-11-22 开幕", NUMBERS)
    assert list(draw.order) == by_hand and draw.attempt == 1
    assert draw.steps[0] == (1, by_hand[0], draw_key("2026-11-22 开幕", 1, by_hand[0]))


def test_it_depends_on_the_seed_and_not_on_the_order_given():
    assert draw_order("a", NUMBERS) == draw_order("a", NUMBERS[::-1])
    assert draw_order("a", NUMBERS).order != draw_order("b", NUMBERS).order


def test_a_known_draw_stays_as_it_was_published():
    # printf '42:1:乙' | sha256sum gives 89d6…, 丙 c456…, 丁 c549…, 甲 c6c8…
    assert draw_order("42", ["甲", "乙", "丙", "丁"]).order == ("乙", "丙", "丁", "甲")
    assert draw_key("42", 1, "乙") == "89d6e0eef292707fb7e4df629daf45c28b81f9905f3256fccc6033938218ee7d"


def clashes(order, groups):
    return sum(groups[one] == groups[two] for one, two in zip(order, order[1:]))


def test_neighbours_of_one_organization_are_kept_apart():
    groups = {item: "一厂" if at < 8 else f"单位{at // 2}" for at, item in enumerate(NUMBERS)}
    draw = draw_order("seed", NUMBERS, groups)
    assert clashes(draw.order, groups) == 0 and sorted(draw.order) == NUMBERS
    assert verify("seed", NUMBERS, groups, draw.order)
    assert not verify("seed", NUMBERS, groups, draw.order[::-1])


def test_the_only_pattern_left_is_still_found():
    groups = {item: "一厂" if at < 13 else "二厂" for at, item in enumerate(NUMBERS)}
    draw = draw_order("seed", NUMBERS, groups)
    assert clashes(draw.order, groups) == 0 and "逐位取第一个可用者" in draw.note


def test_what_cannot_be_kept_apart_is_said():
    groups = {"1": "一厂", "2": "一厂", "3": "一厂", "4": "二厂"}
    draw = draw_order("seed", list(groups), groups)
    assert clashes(draw.order, groups) == 1
    assert draw.problems[0].message == "同单位对象过多，仍有 1 处相邻"


def test_entries_without_organization_clash_with_nobody():
    assert draw_order("s", ["1", "2"], {"1": "", "2": ""}).attempt == 1


@pytest.mark.parametrize("count", range(1, 6))
def test_the_last_resort_leaves_as_few_clashes_as_possible(count):
    items = [str(at) for at in range(count)]
    for owners in product("abc", repeat=count):
        groups = dict(zip(items, owners))
        best = min(clashes(order, groups) for order in permutations(items))
        assert clashes(_arranged(items, groups), groups) == best


def test_twice_the_same_item_is_a_bug():
    with pytest.raises(ValueError):
        draw_order("s", ["1", "1"])


def test_no_items():
    assert draw_order("s", []).order == ()


@given(st.text(max_size=5), st.lists(st.integers(0, 3), min_size=1, max_size=7))
def test_a_possible_order_is_always_found(seed, owners):
    items = [str(at) for at in range(len(owners))]
    groups = {item: f"g{owner}" for item, owner in zip(items, owners)}
    best = min(clashes(order, groups) for order in permutations(items)) if len(items) < 7 else None
    draw = draw_order(seed, items, groups)
    assert sorted(draw.order) == items
    if best is not None:
        assert clashes(draw.order, groups) == best
