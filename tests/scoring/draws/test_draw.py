import hashlib
from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw_key, draw_order, verify
from scoring.draws.arrange import arranged

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
        assert clashes(arranged(items, groups), groups) == best


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


def test_whoever_was_first_before_is_not_first_again():
    first = draw_order("42", ["甲", "乙", "丙", "丁"]).order[0]
    again = draw_order("42", ["甲", "乙", "丙", "丁"], not_first=[first])
    assert first == "乙" and again.order[0] != "乙" and again.attempt > 1
    by_hand = sorted("甲乙丙丁", key=lambda item: hashlib.sha256(f"42:{again.attempt}:{item}".encode()).hexdigest())
    assert list(again.order) == by_hand
    assert all(sorted("甲乙丙丁", key=lambda item: draw_key("42", attempt, item))[0] == "乙" for attempt in range(1, again.attempt))
    assert again.note == f"按密钥从小到大排列；前 {again.attempt - 1} 次不合要求，取第 {again.attempt} 次"
    assert verify("42", "甲乙丙丁", None, again.order, not_first=["乙"]) and not verify("42", "甲乙丙丁", None, again.order)


def test_an_organization_may_be_kept_from_the_beginning():
    groups = {item: "东道主" if item < "06" else "客队" for item in NUMBERS}
    draws = [draw_order(str(seed), NUMBERS, groups, not_first=["东道主"]) for seed in range(20)]
    assert all(draw.order[0] >= "06" for draw in draws)


def test_when_nobody_may_be_first_it_is_said_and_left_aside():
    draw = draw_order("s", ["1", "2"], not_first=["1", "2"])
    assert draw.order == draw_order("s", ["1", "2"]).order
    assert [problem.message for problem in draw.problems] == ["所有可抽的对象都不得排第一"]


def test_fixed_places_are_kept_and_the_others_stay_in_key_order():
    plain = draw_order("s", NUMBERS).order
    draw = draw_order("s", NUMBERS, fixed={"07": 1, "03": 25})
    assert (draw.order[0], draw.order[24]) == ("07", "03")
    assert [item for item in draw.order if item not in ("07", "03")] == [item for item in plain if item not in ("07", "03")]
    assert draw.steps[0] == (1, "07", "") and "2 个对象位置固定" in draw.note
    assert verify("s", NUMBERS, None, draw.order, fixed={"07": 1, "03": 25})


@pytest.mark.parametrize("fixed, message", [
    ({"99": 1}, "没有参加抽签的“99”"), ({"01": 26}, "“01”的位置 26 不在 1 到 25 之间"), ({"01": 0}, "“01”的位置 0 不在 1 到 25 之间"),
    ({"01": 2, "02": 2}, "“01”与“02”都固定在第 2 位"),
])
def test_impossible_places_are_problems(fixed, message):
    draw = draw_order("s", NUMBERS, fixed=fixed)
    assert draw.order == () and [problem.message for problem in draw.problems] == [message]


def test_a_fixed_first_place_outweighs_the_rule_and_is_reported():
    draw = draw_order("s", NUMBERS, fixed={"05": 1}, not_first=["05"])
    assert draw.order[0] == "05" and "不应排第一" in draw.problems[0].message


def test_fixed_neighbours_of_one_organization_are_counted_once():
    groups = {"1": "一厂", "2": "一厂", "3": "一厂"}
    draw = draw_order("s", ["1", "2", "3", "4", "5"], groups, fixed={"1": 1, "2": 2})
    assert clashes(draw.order[1:], groups | {"4": 4, "5": 5}) == 0
    assert draw.problems[0].message == "固定位置之下，仍有 1 处同单位相邻"


@given(st.data())
def test_the_last_resort_is_the_first_allowed_order_in_key_order(data):
    items = [str(at) for at in range(data.draw(st.integers(1, 6)))]
    groups = {item: group for item in items if (group := data.draw(st.sampled_from(["", "a", "a", "b", "c"])))}
    fixed = data.draw(st.integers(0, 2).map(lambda count: min(count, len(items))))
    taken = dict(zip(data.draw(st.permutations(range(1, len(items) + 1)))[:fixed], data.draw(st.permutations(items))))
    barred = set() if 1 in taken else data.draw(st.sets(st.sampled_from(items)))

    def allowed(order):
        apart = all(one not in groups or groups[one] != groups.get(two) or (at in taken and at + 1 in taken)
                    for at, (one, two) in enumerate(zip(order, order[1:]), 1))
        return apart and order[0] not in barred and all(order[at - 1] == item for at, item in taken.items())

    first = next((list(order) for order in permutations(items) if allowed(order)), None)
    found = arranged(items, groups, barred, taken)
    assert sorted(found) == items and all(found[at - 1] == item for at, item in taken.items())
    assert first is None or found == first


def test_every_item_comes_first_about_equally_often():
    counts = {item: 0 for item in NUMBERS[:5]}
    for seed in range(1000):
        counts[draw_order(f"开幕 {seed}", counts, {"01": "a", "02": "a"}).order[0]] += 1
    assert all(130 < count < 270 for count in counts.values())


def test_an_impossible_draw_of_hundreds_ends_soon():
    items = [f"{at:04d}" for at in range(400)]
    groups = {item: "A" if int(item) < 202 else "B" for item in items}
    draw = draw_order("x", items, groups, fixed={"0003": 4, "0300": 90})
    assert sorted(draw.order) == items and draw.problems
