import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import format_yuan, parse_yuan, split, tax


def test_split_to_the_fen():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(20_000_000, [50, 30, 20]) == [10_000_000, 6_000_000, 4_000_000]
    assert split(5, [1, 0, 2]) == [2, 0, 3]


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_splits_add_up_and_stay_within_a_fen(total, shares):
    parts, whole = split(total, shares), sum(shares)
    assert sum(parts) == total
    assert all(abs(part * whole - total * share) < whole for part, share in zip(parts, shares))


@given(st.integers(0, 10**9), st.lists(st.integers(0, 100), min_size=1, max_size=8).filter(any))
def test_inside_a_team_a_larger_share_never_brings_less(total, shares):
    """And equal shares differ by a fen at most, the earlier member having the odd one; no share, no money."""
    parts = split(total, shares)
    for one, own in zip(parts, shares):
        assert one >= 0 and (own or not one)
        for other, theirs in zip(parts, shares):
            assert own <= theirs or one >= other
    for earlier, later, own, theirs in zip(parts, parts[1:], shares, shares[1:]):
        if own == theirs:
            assert 0 <= earlier - later <= 1


@given(st.integers(0, 10**7), st.integers(1, 12))
def test_equal_members_share_a_prize_as_evenly_as_fen_allow(total, members):
    parts = split(total, [1] * members)
    assert sum(parts) == total and parts == sorted(parts, reverse=True) and parts[0] - parts[-1] <= 1


@pytest.mark.parametrize("shares", [[], [0, 0], [2, -1]])
def test_impossible_shares_are_a_bug(shares):
    with pytest.raises(ValueError):
        split(100, shares)


def test_nothing_to_split():
    assert split(0, [1, 2]) == [0, 0]
    with pytest.raises(ValueError):
        split(-1, [1])


def test_prize_tax():
    assert tax(20_000_000) == (20_000_000, 4_000_000, 16_000_000)
    assert tax(20_000_000, exempt=True) == (0, 0, 20_000_000)
    assert tax(3) == (3, 1, 2)        # 0.6 fen
    assert tax(2) == (2, 0, 2)        # 0.4 fen
    assert tax(12_345, 1000) == (12_345, 1_235, 11_110)


@pytest.mark.parametrize("text, fen", [("200000", 20_000_000), ("1,409.50", 140_950), ("¥325.04", 32_504), ("５元", 500), (3, 300), ("0", 0)])
def test_yuan_as_typed(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text, code", [("", "blank"), ("十万", "not_a_number"), ("1.005", "too_many_decimals"), ("-1", "negative")])
def test_what_is_not_an_amount(text, code):
    assert parse_yuan(text, where="奖金").code == code


def test_yuan_as_written():
    assert [format_yuan(fen) for fen in (140_950, 5, 0, -5)] == ["1409.50", "0.05", "0.00", "-0.05"]
    assert format_yuan(123_456_789, grouped=True) == "1,234,567.89"
