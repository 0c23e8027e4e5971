import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import LayerPlan, Problem, make_layers, resolve, verify_layers
from scoring.draws.codes import digits_for

NUMBERS = [f"{at:02d}" for at in range(1, 36)]
STATIONS = tuple(str(at) for at in range(1, 41))
PLANS = (LayerPlan("抽签号", "3f9c2a71d0e8b654", "C"), LayerPlan("工位号", "77aa01bb92cc83dd", labels=STATIONS),
         LayerPlan("结果号", "e1d2c3b4a5968778", "R-"))


def by_hand(seed, layer, attempt, item, digits):
    key = hashlib.sha256(f"{seed}:{layer}:{attempt}:{item}".encode()).hexdigest()
    return "".join(sign for sign in key if sign in "0123456789")[:digits]


def test_a_code_can_be_made_by_hand():
    step = make_layers(NUMBERS, PLANS).layers[0].steps[0]
    assert step.before == "01" and step.code == "C" + by_hand("3f9c2a71d0e8b654", "抽签号", step.attempt, "01", 4)


def test_stations_are_dealt_in_the_order_of_their_keys():
    first, stations, _ = make_layers(NUMBERS, PLANS).layers
    queue = sorted(first.codes.values(), key=lambda code: hashlib.sha256(f"77aa01bb92cc83dd:工位号:1:{code}".encode()).hexdigest())
    assert stations.codes == dict(zip(queue, STATIONS))


def test_layers_are_opened_in_reverse_order():
    layers = make_layers(NUMBERS, PLANS).layers
    for item in NUMBERS:
        code = item
        for layer in layers:
            code = layer.codes[code]
        way = resolve(layers, code)
        assert [name for name, _ in way] == ["结果号", "工位号", "抽签号", ""] and way[-1] == ("", item)
        one_step = resolve(layers[-1:], code)
        assert one_step == (("结果号", code), ("", way[1][1]))


def test_an_unknown_code_is_a_problem():
    found = resolve(make_layers(NUMBERS, PLANS).layers, "R-0")
    assert isinstance(found, Problem) and found.where == "结果号"


@given(st.integers(1, 120), st.text(min_size=12, max_size=16))
def test_codes_are_unlike_each_other(count, seed):
    codes = list(make_layers([str(at) for at in range(count)], [LayerPlan("结果号", seed)]).layers[0].codes.values())
    assert {len(code) for code in codes} == {digits_for(count)} and not any(code.startswith("0") for code in codes)
    near = Counter((at, code[:at], code[at + 1:]) for code in codes for at in range(len(code)))
    assert max(near.values()) == 1


def test_codes_do_not_follow_the_numbers():
    codes = [step.code for step in make_layers(NUMBERS, PLANS[:1]).layers[0].steps]
    rising = sum(one < two for one, two in zip(codes, codes[1:]))
    assert 8 < rising < 26 and codes != sorted(codes)


def test_published_layers_can_be_verified():
    layers = make_layers(NUMBERS, PLANS).layers
    published = [layer.codes for layer in layers]
    assert verify_layers(NUMBERS, PLANS, published)
    one, two = list(published[2])[:2]
    swapped = published[2] | {one: published[2][two], two: published[2][one]}
    assert not verify_layers(NUMBERS, PLANS, [*published[:2], swapped]) and not verify_layers(NUMBERS, PLANS, published[:2])


@pytest.mark.parametrize("plans, code", [
    ((LayerPlan("a", "1" * 16), LayerPlan("b", "1" * 16)), "same_seed"),
    ((LayerPlan("a", "1" * 16), LayerPlan("a", "2" * 16)), "same_layer"),
    ((LayerPlan("a", "1" * 16, labels=("1", "1")),), "same_label"),
    ((LayerPlan("a", "1" * 16, labels=("1", "2")),), "few_labels"),
    ((LayerPlan("a", "1" * 16, digits=3),), "code_digits"),
    ((LayerPlan("a", "1" * 16, digits=10),), "code_digits"),
])
def test_plans_that_cannot_be_carried_out(plans, code):
    found = make_layers(NUMBERS, plans)
    assert found.layers == () and code in [problem.code for problem in found.problems]


def test_a_seed_that_could_be_guessed_is_reported():
    found = make_layers(NUMBERS, [LayerPlan("结果号", "8246")])
    assert len(found.layers) == 1 and [problem.code for problem in found.problems] == ["weak_seed"]


def test_more_digits_on_request():
    assert all(len(step.code) == 6 for step in make_layers(NUMBERS, [LayerPlan("结果号", "x" * 20, digits=6)]).layers[0].steps)
