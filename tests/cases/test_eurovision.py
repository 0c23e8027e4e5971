"""Eurovision Song Contest 2014: 37 voters, each with five jurors' rankings of 26 songs and a televote, as one file.

A jury's ranking follows the sum of its jurors' ranks. Where sums are equal the published order is the jury's own decision: it is
given as a figure, for equal sums only (153 songs in 74 groups; no rule over the jurors' ranks gives the
published order). Jury rank + televote rank give the combined rank, equal sums go to the better televote; ranks 1 to 10 give 12, 10, 8 …
1 points. Total, then the number of voters who gave points. Nobody ranks the own country; Georgia's jury was annulled; Albania
and San Marino have no televote.
"""

from collections import defaultdict

import pytest

from .build import form, outcome_of, rows

JURORS = "ABCDE"
TABLE = [[1, 12], [2, 10], [3, 8], [4, 7], [5, 6], [6, 5], [7, 4], [8, 3], [9, 2], [10, 1], [11, 0]]
FINAL = ("Austria 290, The Netherlands 238, Sweden 218, Armenia 174, Hungary 143, Ukraine 113, Russia 89, Norway 88, Denmark 74, Spain 74, "
         "Finland 72, Romania 72, Switzerland 64, Poland 62, Iceland 58, Belarus 43, United Kingdom 40, Germany 39, Montenegro 37, Greece 35, "
         "Italy 33, Azerbaijan 33, Malta 32, San Marino 14, Slovenia 9, France 2")


def voter_parts(voter, at):
    return [{"code": f"jury{at}", "name": f"{voter}评审团", "scale": "raw", "required": False,
             "criteria": [{"code": "rank", "name": "名次", "kind": "rank", "maximum": 26, "step": 1}],
             "panel": {"rule": "sum", "minimum_judges": 5, "below_minimum": "refuse", "better": "low"}},
            {"code": f"tele{at}", "name": f"{voter}电视投票", "kind": "figure", "required": False}]


def voter_steps(voter, at, decided):
    return [{"code": f"jury_rank{at}", "name": f"{voter}评审团名次", "rule": "rank", "of": [f"jury{at}"], "better": "low",
             "ties": [{"code": "figure_low", "argument": f"decided{at}"}] if decided else []},
            {"code": f"sum{at}", "name": f"{voter}名次和", "rule": "sum", "of": [f"jury_rank{at}", f"tele{at}"], "missing": "skip"},
            {"code": f"combined{at}", "name": f"{voter}名次", "rule": "rank", "of": [f"sum{at}"], "better": "low",
             "ties": [{"code": "figure_low", "argument": f"tele{at}"}]},
            {"code": f"points{at}", "name": f"{voter}给分", "rule": "points_by_place", "of": [f"sum{at}"], "better": "low", "table": TABLE,
             "ties": [{"code": "figure_low", "argument": f"tele{at}"}]}]


def contest(table):
    voters = sorted({row["from"] for row in table})
    decided, songs = set(), defaultdict(lambda: {"figures": {}, "marks": {}})
    for at, voter in enumerate(voters, 1):
        own = [row for row in table if row["from"] == voter]
        sums = defaultdict(list)
        for row in own:
            song = songs[row["to"]]
            if row["jurorA"] != "-":
                ranks = {f"{voter} {juror}": int(row[f"juror{juror}"]) for juror in JURORS}
                song["marks"][f"jury{at}"] = ranks
                sums[sum(ranks.values())].append(row)
            if row["televote_rank"]:
                song["figures"][f"tele{at}"] = int(row["televote_rank"])
        for tied in sums.values():
            if len(tied) > 1:
                decided.add(at)
                for row in tied:
                    songs[row["to"]]["figures"][f"decided{at}"] = int(row["jury_rank"])
    points = [f"points{at}" for at in range(1, len(voters) + 1)]
    scheme = {
        "parts": [part for at, voter in enumerate(voters, 1) for part in voter_parts(voter, at)],
        "steps": [step for at, voter in enumerate(voters, 1) for step in voter_steps(voter, at, at in decided)]
        + [{"code": "total", "name": "总分", "rule": "sum", "of": points, "missing": "skip"},
           {"code": "givers", "name": "给分的国家", "rule": "count", "of": points, "low": 1}],
        "total": "total", "rounding": {"places": 0}, "ties": [{"code": "figure_high", "argument": "givers"}, {"code": "decision"}]}
    entries = [{"number": str(at), "name": song, **facts} for at, (song, facts) in enumerate(songs.items(), 1)]
    return voters, form("Eurovision Song Contest 2014, final", "Rankings published by the organiser", scheme, entries)


@pytest.fixture(scope="module")
def final():
    table = rows("eurovision_2014", "juror_ranks.csv")
    voters, data = contest(table)
    return table, voters, data, outcome_of(data)


def test_shape(final):
    table, voters, data, _ = final
    assert (len(voters), len(table)) == (37, 936)
    tied = [entry["figures"] for entry in data["entries"]]
    assert sum(name.startswith("decided") for figures in tied for name in figures) == 153


def test_every_rank_and_point_of_every_voter(final):
    table, voters, _, result = final
    found = {standing["name"]: standing["steps"] for standing in result["standings"]}
    for row in table:
        at, steps = voters.index(row["from"]) + 1, found[row["to"]]
        if row["jury_rank"]:
            assert steps[f"jury_rank{at}"]["exact"] == row["jury_rank"]
        assert steps[f"combined{at}"]["exact"] == row["combined_rank"]
        assert steps[f"points{at}"]["exact"] == (row["points"] or "0")


def test_final_ranking(final):
    result = final[3]
    assert ", ".join(f'{standing["name"]} {standing["score"]}' for standing in result["standings"]) == FINAL
    assert [standing["place"] for standing in result["standings"]] == list(range(1, 27))
    assert result["problems"] == [] and result["undecided"] == []
