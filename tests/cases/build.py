"""Real competitions through the public file form: text → data → tally → result, as anybody would run it."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from scoring.form import dumps, loads, read, result

HERE = Path(__file__).parent
SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"


def rows(folder, name="marks.csv"):
    """A published set that is not part of this project, as dicts of texts; without it the test says that it did not run."""
    path = SHARED / folder / name
    if not path.exists():
        pytest.skip(f"the published set {folder} is not on this machine: this test did not run")
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tally(text):
    """The text of a file as a tally; every problem of the file is shown when there is one."""
    found = read(loads(text))
    assert hasattr(found, "scheme"), "\n".join(map(str, found))
    return found


def outcome_of(data):
    """Plain data in the file form → the plain result, on the way through text."""
    return result(tally(dumps(data)))


def file_of(name):
    return (HERE / f"{name}.json").read_text(encoding="utf-8")


@cache
def result_of(name):
    """The result of tests/cases/<name>.json."""
    return result(tally(file_of(name)))


def form(title, source, scheme, entries, **more):
    return {"format": "compete-tally", "version": 1, "title": title, "source": source, "scheme": scheme, "entries": entries, **more}


def number(text):
    """A published number as the file form writes it: never a float."""
    found = Decimal(text)
    return int(found) if found == found.to_integral_value() else found


def places(found):
    """[(number, place, score)] in the order of the standings."""
    return [(standing["number"], standing["place"], standing["score"]) for standing in found["standings"]]


def by_number(found):
    return {standing["number"]: standing for standing in found["standings"]}
