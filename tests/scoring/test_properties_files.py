"""What must hold for every file, whatever its rules, on the way from the public form to the result."""

import hashlib
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from scoring import split
from scoring.form import result

from .oracle import Incomplete, exact_total
from .random_files import files, tally_of

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "tests" / "cases").glob("*.json"))
searched = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large])


def by_number(found):
    return {standing["number"]: standing for standing in found["standings"]}


# --- order --------------------------------------------------------------------------------------------------------------

def shuffled(chance, data):
    """The same file with entries, judges, parts of an entry and figures in another order."""
    if isinstance(data, dict):
        return {name: shuffled(chance, data[name]) for name in chance.sample(list(data), len(data))}
    return data


@searched
@given(files(), st.randoms(use_true_random=False))
def test_the_order_of_entries_and_marks_is_irrelevant(data, chance):
    own = result(tally_of(data))
    del own["notices"]  # they are about rows of the file
    rows = [shuffled(chance, entry) for entry in chance.sample(data["entries"], len(data["entries"]))]
    for row in rows:
        row["penalties"] = list(reversed(row.get("penalties", [])))
    found = result(tally_of(data | {"entries": rows}))
    assert {name: found[name] for name in own} == own


# --- exactness ------------------------------------------------------------------------------------------------------------

@searched
@given(files(field=False))
def test_exact_totals_agree_with_plain_fractions(data):
    found = by_number(result(tally_of(data)))
    for entry in data["entries"]:
        if entry["status"] not in ("competing", "out_of_competition"):
            continue
        standing = found[entry["number"]]
        try:
            total = exact_total(data["scheme"], entry)
        except Incomplete:
            assert standing["status"] == "incomplete"
            continue
        assert standing["exact"] == (None if total is None else str(total))
        assert total is not None or standing["status"] == "no_score"


# --- gaps ---------------------------------------------------------------------------------------------------------------

@searched
@given(files(field=False), st.randoms(use_true_random=False))
def test_a_missing_mark_makes_its_entry_incomplete_and_changes_no_other_score(data, chance):
    own = by_number(result(tally_of(data)))
    required = {part["code"] for part in data["scheme"]["parts"] if part["required"]}
    marked = [(entry, code, judge) for entry in data["entries"] if entry["status"] in ("competing", "out_of_competition")
              for code, sheets in entry["marks"].items() if code in required for judge, mark in sheets.items() if mark not in (None, "recused", "absent")]
    assume(marked)
    entry, code, judge = chance.choice(marked)
    entry["marks"][code][judge] = None
    now = by_number(result(tally_of(data)))
    blank = now.pop(entry["number"])
    assert (blank["status"], blank["place"], blank["exact"], blank["awards"]) == ("incomplete", None, None, [])
    assert {number: standing["exact"] for number, standing in now.items()} == {
        number: own[number]["exact"] for number in now}


# --- out of competition ---------------------------------------------------------------------------------------------------

def placed_teams(found):
    """A unit of whom nobody counts is listed without a place; it may be there or not."""
    return [(table["code"], standing) for table in found["teams"] for standing in table["standings"] if standing["place"] is not None]


LEFT = ("place", "shared", "score", "exact", "parts", "awards", "status")


@searched
@given(files())
def test_an_entry_out_of_competition_changes_nobody_else(data):
    outside = [entry for entry in data["entries"] if entry["status"] == "out_of_competition"]
    # A judge's own scale rests on all that the judge marked.
    assume(outside and not any("standard" in part.get("panel", {}) for part in data["scheme"]["parts"]))
    number = outside[0]["number"]
    without = data | {"entries": [entry for entry in data["entries"] if entry["number"] != number]}
    own, fewer = result(tally_of(data)), result(tally_of(without))
    found = by_number(own)
    assert found.pop(number)["awards"] == []
    assert {other: [standing[name] for name in LEFT] for other, standing in found.items()} == {
        other: [standing[name] for name in LEFT] for other, standing in by_number(fewer).items()}
    assert own["undecided"] == fewer["undecided"]
    assert [placed_teams(one) for one in (own, fewer)] == [placed_teams(fewer)] * 2


# --- awards -------------------------------------------------------------------------------------------------------------

@searched
@given(files())
def test_awards_keep_to_their_quota(data):
    found = result(tally_of(data))
    tie = {tier["code"]: tier["tie"] for tier in (*data["scheme"]["tiers"], *data["scheme"]["titles"])}
    standings = by_number(found)
    for field in ("awards", "titles"):
        tiers = found[field]["tiers"]
        room = 0
        for tier in tiers:
            room += tier["planned"]
            if tie[tier["code"]] not in ("all_in", "extend", "nearest"):
                # seats that a tier above gave up are added to its own
                assert tier["given"] + tier["pending"] <= room
            room -= tier["given"] + tier["pending"] + tier["vacant"]
            room = max(room, 0)
        winners = [number for tier in tiers for number in tier["numbers"]]
        assert len(winners) == len(set(winners)) if field == "awards" else True
        assert all(standings[number]["status"] == "competing" and standings[number]["place"] is not None for number in winners)


@searched
@given(files())
def test_who_is_better_by_more_than_the_tolerance_stands_before(data):
    scheme = data["scheme"]
    assume(not scheme.get("class_by") and scheme["rank_by"] == "rounded")
    within, sign = scheme.get("tolerance") or 0, 1 if scheme["better"] == "high" else -1
    ranked = [(Fraction(standing["place"]), sign * Fraction(standing["score"]))
              for standing in result(tally_of(data))["standings"] if standing["place"] is not None]
    for place, score in ranked:
        assert all(place < other for other, theirs in ranked if score - theirs > within)


# Leaving outliers out is no such rule: a raised mark may leave the panel. Neither are differences, quotients, negative factors.
RISING_STEPS = {"sum", "mean", "best", "best_mean", "worst_discarded", "highest", "lowest", "median", "first", "product", "cap", "table",
                "count", "taken"}


def rises(scheme):
    """Whether a higher mark can only make the total better, by every rule on the way."""
    return (scheme["better"] == "high" and all(step["rule"] in RISING_STEPS for step in scheme["steps"])
            and all(part.get("panel", {}).get("rule") != "outlier_mean" for part in scheme["parts"]))


@searched
@given(files(field=False), st.randoms(use_true_random=False))
def test_raising_a_mark_never_lowers_a_place(data, chance):
    assume(rises(data["scheme"]))
    marked = [(entry, code, judge) for entry in data["entries"] if entry["status"] == "competing" for code, sheets in entry["marks"].items()
              for judge, mark in sheets.items() if mark not in (None, "recused", "absent")]
    assume(marked)
    entry, code, judge = chance.choice(marked)
    before = by_number(result(tally_of(data)))[entry["number"]]["place"]
    assume(before is not None)
    mark = entry["marks"][code][judge]
    entry["marks"][code][judge] = mark | {"x": mark["x"] + 2} if isinstance(mark, dict) else mark + 2
    assert Fraction(by_number(result(tally_of(data)))[entry["number"]]["place"]) <= Fraction(before)


@given(st.integers(0, 10 ** 9), st.lists(st.integers(0, 100), min_size=1, max_size=50).filter(any))
def test_a_divided_prize_adds_up_and_nobody_misses_a_whole_cent(pool, shares):
    given_out, whole = split(pool, shares), sum(shares)
    assert sum(given_out) == pool
    assert all(abs(Fraction(pool * share, whole) - own) < 1 for share, own in zip(shares, given_out))


# --- a pure function ------------------------------------------------------------------------------------------------------

DIGESTS = """
import hashlib, json, sys
from pathlib import Path
from scoring.form import loads, read, result
for path in sys.argv[1:]:
    found = result(read(loads(Path(path).read_bytes())))
    print(hashlib.sha256(json.dumps(found, ensure_ascii=False).encode()).hexdigest())
"""


def digests(seed):
    done = subprocess.run([sys.executable, "-c", DIGESTS, *map(str, CASES)], cwd=ROOT, capture_output=True, text=True, check=True,
                          env=os.environ | {"PYTHONHASHSEED": seed})
    return done.stdout.split()


def test_two_processes_give_the_same_bytes():
    first = digests("1")
    assert len(first) == len(CASES) > 30 and all(len(digest) == hashlib.sha256().digest_size * 2 for digest in first)
    assert digests("4242") == first
