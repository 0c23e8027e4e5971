"""Whatever stands in a file, reading it gives a tally or problems, never an exception; what is read can be worked out."""

import copy
import random
from decimal import Decimal
from pathlib import Path

import pytest

from scoring import Problem, form

CASES = sorted((Path(__file__).resolve().parents[2] / "cases").glob("*.json"))
VALUES = (None, True, 0, -1, 10**15, Decimal("1.5"), Decimal("1e400"), "", "x", "1/0", "1:2:3", [], {}, [[]], [[1, 2]], {"a": 1}, "mean", ["a"], "１２")


def places(data, way=()):
    """The way to every value, of long lists to the first ones."""
    inner = data.items() if isinstance(data, dict) else enumerate(data[:4]) if isinstance(data, list) else ()
    return [way, *(found for name, value in inner for found in places(value, (*way, name)))]


def damaged(data, dice):
    """The data with one or two values replaced or left out."""
    data = copy.deepcopy(data)
    for _ in range(dice.choice((1, 2))):
        *way, last = dice.choice(places(data)[1:])
        holder = data
        for name in way:
            holder = holder[name]
        if isinstance(holder, dict) and dice.random() < 0.2:
            del holder[last]
        else:
            holder[last] = copy.deepcopy(dice.choice(VALUES))
    return data


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_damaged_files_are_told_or_worked_out(case):
    dice, data = random.Random(case.stem), form.loads(case.read_bytes())
    for _ in range(20):
        change = damaged(data, dice)
        found = form.read(change)
        if isinstance(found, form.Tally):
            assert form.read(form.write(found)) == found
            form.result(found)
        else:
            assert found and all(isinstance(problem, Problem) and problem.message for problem in found), change
