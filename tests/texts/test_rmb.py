"""Amounts in words: the examples of the rule, and a reading back of any amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compete.texts.rmb import LIMIT_FEN, rmb_figures, rmb_words

DIGITS = {word: value for value, word in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}
GROUPS = {"万": 10**4, "亿": 10**8}


def read_back(words: str) -> int:
    """Fen from the words, by a reader that shares nothing with the writer."""
    total = section = digit = fen = 0
    for word in words.removeprefix("人民币").removesuffix("整"):
        if word in DIGITS:
            digit = DIGITS[word]
        elif word in PLACES:
            section, digit = section + digit * PLACES[word], 0
        elif word in GROUPS:
            section, digit = section + digit, 0
            total = (total + section) * GROUPS[word] if word == "亿" else total + section * GROUPS[word]
            section = 0
        elif word == "元":
            total, section, digit = total + section + digit, 0, 0
        else:
            fen, digit = fen + digit * {"角": 10, "分": 1}[word], 0
    return total * 100 + fen


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (140950, "人民币壹仟肆佰零玖元伍角"),
        (600714, "人民币陆仟零柒元壹角肆分"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (32504, "人民币叁佰贰拾伍元零肆分"),
        (20000000, "人民币贰拾万元整"),
        (16000000, "人民币壹拾陆万元整"),
        (100000, "人民币壹仟元整"),
        (0, "人民币零元整"),
        (50, "人民币伍角"),
        (5, "人民币伍分"),
        (10**12, "人民币壹佰亿元整"),
    ],
)
def test_examples(fen, words):
    assert rmb_words(fen) == words


@given(st.integers(0, LIMIT_FEN - 1))
def test_words_read_back_to_the_same_amount(fen):
    assert read_back(rmb_words(fen)) == fen


@given(st.integers(0, LIMIT_FEN - 1))
def test_整_follows_whole_yuan_only(fen):
    assert rmb_words(fen).endswith("整") == (fen % 100 == 0)


@pytest.mark.parametrize("wrong", [-1, LIMIT_FEN, 1.5, "100", True])
def test_impossible_amounts_are_refused(wrong):
    with pytest.raises(ValueError):
        rmb_words(wrong)


def test_figures():
    assert [rmb_figures(fen) for fen in (140950, 5, -20000000)] == ["1,409.50", "0.05", "-200,000.00"]
