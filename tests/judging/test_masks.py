"""Masked addresses lead back to their entry, and no other text leads anywhere."""

import pytest

from compete.judging import masks

pytestmark = pytest.mark.sqlite


def test_every_number_has_one_mask_and_comes_back(app):
    numbers = [*range(1, 200), 2**31, 2**40 + 7, 2**62]
    texts = [masks.mask(number) for number in numbers]
    assert len(set(texts)) == len(numbers) and all(len(text) == 17 for text in texts)
    assert [masks.unmask(text) for text in texts] == numbers


def test_other_texts_are_no_masks(app):
    for text in ("", "e", "17", "e" + "g" * 16, "x" + masks.mask(1)[1:], masks.mask(1) + "0"):
        assert masks.unmask(text) is None


def test_another_installation_masks_otherwise(app):
    here = masks.mask(17)
    app.config["SECRET_KEY"] = "another"
    assert masks.mask(17) != here


def test_a_tablets_numbers_are_exact_in_javascript_and_told_from_those_of_rows(app):
    rows = [*range(1, 200), 2**31, 2**40 + 7]
    numbers = [masks.numbered(row) for row in rows]
    assert len(set(numbers)) == len(rows) and all(2**48 <= number < 2**49 for number in numbers)
    assert [masks.plain(number) for number in numbers] == rows
    assert sorted(numbers[:199]) != numbers[:199]
    assert [masks.plain(row) for row in rows] == rows
    assert masks.numbered(7, "file") != masks.numbered(7)
