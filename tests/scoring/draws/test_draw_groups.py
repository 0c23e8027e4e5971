import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import draw_groups, draw_key, draw_seats, verify_groups, verify_seats

NUMBERS = [f"{at:02d}" for at in range(1, 26)]


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_groups_can_be_dealt_by_hand():
    owner = {"01": "一厂", "02": "一厂", "03": "二厂", "04": "", "05": "一厂"}
    queue = sorted(owner, key=lambda item: (sha(f"7:分组:{owner[item] or item}"), sha(f"7:分组:{item}")))
    piles = {1: queue[0::2], 2: queue[1::2]}
    by_hand = tuple(tuple(sorted(piles[pile])) for pile in sorted(piles, key=lambda pile: sha(f"7:组次:{pile}")))
    draw = draw_groups("7", owner, 2, owner)
    assert draw.groups == by_hand
    assert [(step.turn, step.item, step.pile) for step in draw.steps] == [(n, item, (n - 1) % 2 + 1) for n, item in enumerate(queue, 1)]
    assert verify_groups("7", owner, owner, by_hand) and not verify_groups("7", owner, owner, by_hand[::-1])


@given(st.text(max_size=4), st.lists(st.sampled_from(["", "a", "b", "c", "d"]), min_size=1, max_size=30), st.integers(1, 30))
def test_groups_are_even_and_organizations_spread(seed, owners, count):
    items = [f"{at:02d}" for at in range(len(owners))]
    owner, count = dict(zip(items, owners)), min(count, len(items))
    groups = draw_groups(seed, items, count, owner).groups
    assert sorted(item for group in groups for item in group) == items
    sizes = [len(group) for group in groups]
    assert max(sizes) - min(sizes) <= 1
    for organization in set(owners) - {""}:
        held = [sum(owner[item] == organization for item in group) for group in groups]
        assert max(held) - min(held) <= 1


def test_more_of_one_organization_than_groups_is_said():
    draw = draw_groups("s", NUMBERS[:6], 2, dict.fromkeys(NUMBERS[:3], "一厂"))
    assert [(problem.where, problem.message) for problem in draw.problems] == [("一厂", "3 个对象分到 2 组，每组 1 到 2 个")]


@pytest.mark.parametrize("count", [0, 26])
def test_impossible_numbers_of_groups(count):
    draw = draw_groups("s", NUMBERS, count)
    assert draw.groups == () and draw.problems[0].mend == "组数应在 1 到 25 之间"


def test_every_group_is_as_likely():
    found = Counter(next(at for at, group in enumerate(draw_groups(f"{seed}", NUMBERS[:7], 3).groups) if "01" in group) for seed in range(900))
    assert all(240 < found[at] < 360 for at in range(3))


def test_groups_and_running_order_of_one_seed_have_nothing_in_common():
    steps = draw_groups("7", NUMBERS, 5).steps
    assert [step.key for step in steps] == [draw_key("7", "分组", step.item) for step in steps]
    assert [step.item for step in steps] != sorted(NUMBERS, key=lambda item: draw_key("7", 1, item))


def test_seats_follow_the_keys():
    seats = [f"A{at}" for at in range(1, 6)]
    draw = draw_seats("9", ["1", "2", "3"], seats)
    by_hand = sorted("123", key=lambda item: sha(f"9:工位:1:{item}"))
    assert draw.seats == tuple(zip(seats, by_hand))
    assert verify_seats("9", "123", seats, None, draw.seats) and not verify_seats("9", "123", seats[1:], None, draw.seats)


def test_seats_may_be_fixed_and_neighbours_kept_apart():
    owner = {item: "一厂" if item < "06" else "二厂" for item in NUMBERS[:10]}
    draw = draw_seats("9", NUMBERS[:10], [f"{at} 号" for at in range(1, 11)], owner, fixed={"03": "1 号"})
    order = [item for _, item in draw.seats]
    assert order[0] == "03" and all(owner[one] != owner[two] for one, two in zip(order, order[1:]))
    assert verify_seats("9", NUMBERS[:10], [f"{at} 号" for at in range(1, 11)], owner, draw.seats, fixed={"03": "1 号"})


def test_too_few_seats_and_unknown_seats_are_problems():
    assert draw_seats("9", "123", ["a", "b"]).problems[0].message == "3 个对象，只有 2 个工位"
    assert draw_seats("9", "12", ["a", "b"], fixed={"1": "c"}).problems[0].message == "“1”的工位“c”不在所列工位中"


def test_twice_the_same_seat_is_a_bug():
    with pytest.raises(ValueError):
        draw_seats("9", "12", ["a", "a"])
