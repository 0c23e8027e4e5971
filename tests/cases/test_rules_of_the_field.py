"""Rules as regulations and notices of skills contests state them, each with the figures they state."""

import pytest

from .build import by_number, form, number, outcome_of


def scored(scores, **scheme):
    """Entries 1, 2, … with one imported score each; `scheme` says what is done with them."""
    entries = [{"number": str(at), "figures": {"score": number(str(score))}} for at, score in enumerate(scores, 1)]
    base = {"parts": [{"code": "score", "name": "成绩", "kind": "figure"}], "ties": [{"code": "shared"}]}
    return form("", "", base | scheme, entries)


@pytest.mark.parametrize("mode, counts", [("floor", [0, 1, 2]), ("half_up", [1, 1, 2]), ("ceil", [1, 2, 3])])
def test_ten_twenty_thirty_percent_of_seven(mode, counts):
    tiers = [{"code": f"t{ratio}", "name": f"{ratio}%", "ratio": ratio, "rounding_mode": mode} for ratio in (10, 20, 30)]
    found = outcome_of(scored(range(90, 83, -1), tiers=tiers))
    assert [tier["given"] for tier in found["awards"]["tiers"]] == counts


def test_places_roll_down_past_an_entry_that_competes_without_counting():
    data = scored([95, 94, 93, 92], tiers=[{"code": "first", "name": "一等奖", "count": 1}, {"code": "second", "name": "二等奖", "count": 2}])
    data["entries"][0]["status"] = "out_of_competition"
    found = outcome_of(data)
    assert [tier["numbers"] for tier in found["awards"]["tiers"]] == [["2"], ["3", "4"]]
    assert {number: standing["place"] for number, standing in by_number(found).items()} == {"1": None, "2": 1, "3": 2, "4": 3}


def test_a_tier_stays_vacant_below_the_minimum_or_by_decision():
    tiers = [{"code": "first", "name": "一等奖", "count": 2, "minimum_score": 90}, {"code": "second", "name": "二等奖", "count": 2}]
    found = outcome_of(scored([91, 85, 80, 79], tiers=tiers) | {"vacancies": {"second": 1}})
    assert [(tier["numbers"], tier["vacant"]) for tier in found["awards"]["tiers"]] == [(["1"], 1), (["2"], 1)]


def test_delegations_by_points_for_places():
    """Places 1 to 6 give 10 to 5 points, 7 to 10 give 4, all others 1; ties by the number of better places."""
    table = [[1, 10], [2, 9], [3, 8], [4, 7], [5, 6], [6, 5], [7, 4], [11, 1]]
    data = scored(range(99, 87, -1), teams=[{"code": "delegations", "name": "团体", "by": "delegation", "rule": "places", "table": table,
                                            "ties": [{"code": "better_places"}]}])
    for entry, delegation in zip(data["entries"], "合芜合芜蚌蚌芜蚌合合蚌芜"):
        entry["delegation"] = delegation
    found = outcome_of(data)["teams"][0]["standings"]
    # 合: 1, 3, 9, 10 → 10 + 8 + 4 + 4; 芜: 2, 4, 7, 12 → 9 + 7 + 4 + 1; 蚌: 5, 6, 8, 11 → 6 + 5 + 4 + 1
    assert [(team["name"], team["score"]) for team in found] == [("合", "26.00"), ("芜", "21.00"), ("蚌", "16.00")]


def test_public_vote_by_rank():
    """Weight × (n − rank + 1) / n: of four, the second gets three quarters."""
    steps = [{"code": "public", "name": "公众投票", "rule": "of_rank", "of": ["score"], "whole": 30}]
    found = by_number(outcome_of(scored([500, 700, 100, 600], steps=steps, total="public")))
    assert [found[at]["score"] for at in "1234"] == ["15.00", "30.00", "7.50", "22.50"]


def test_titles_for_the_first_five_or_three_pairs_or_two_trios():
    titles = [{"code": "expert", "name": "技术能手", "by_size": [[1, 5], [2, 3], [3, 2]]}]
    for size, winners in ((1, 5), (2, 3), (3, 2)):
        data = scored(range(90, 82, -1), titles=titles)
        for entry in data["entries"]:
            entry["persons"] = [f"{entry['number']}-{at}" for at in range(size)]
        assert [title["given"] for title in outcome_of(data)["titles"]["tiers"]] == [winners]


def test_half_even_and_half_up_part_ways_at_an_exact_half():
    data = scored(["84.125", "84.135"], rounding={"places": 2, "mode": "half_even"})
    assert [standing["score"] for standing in outcome_of(data)["standings"]] == ["84.14", "84.12"]
    data["scheme"]["rounding"] = {"places": 2}
    assert [standing["score"] for standing in outcome_of(data)["standings"]] == ["84.14", "84.13"]


# --- ballots ------------------------------------------------------------------------------------------------------------
# A textbook election: four cities and 100 voters, who all want the capital to be near.

CITIES = ("Memphis", "Nashville", "Chattanooga", "Knoxville")
BALLOTS = ((42, (1, 2, 3, 4)), (26, (4, 1, 2, 3)), (15, (4, 3, 1, 2)), (17, (4, 3, 2, 1)))


def election(rule, better):
    """100 judges give places; the panel's rule makes the result."""
    given = [places for count, places in BALLOTS for _ in range(count)]
    scheme = {"parts": [{"code": "ballot", "name": "选票", "scale": "raw", "panel": {"rule": rule, "minimum_judges": 3},
                         "criteria": [{"code": "place", "name": "名次", "kind": "rank", "maximum": 4, "step": 1}]}],
              "total": "ballot", "better": better, "rounding": {"places": 0}, "ties": [{"code": "decision"}]}
    entries = [{"number": str(at), "name": city, "marks": {"ballot": {f"V{voter}": places[at - 1] for voter, places in enumerate(given, 1)}}}
               for at, city in enumerate(CITIES, 1)]
    return [(standing["name"], standing["score"]) for standing in outcome_of(form("", "", scheme, entries))["standings"]]


def test_pairwise_majority():
    """Nashville beats each of the others."""
    assert election("pairwise", "high") == [("Nashville", "3"), ("Chattanooga", "2"), ("Knoxville", "1"), ("Memphis", "0")]


def test_sum_of_places():
    """Borda's 194, 173, 126 and 107 points are 400 less the sums of places."""
    assert election("rank_sum", "low") == [("Nashville", "206"), ("Chattanooga", "227"), ("Memphis", "274"), ("Knoxville", "293")]


def test_majority_of_places():
    """Second places and higher: Nashville 68, Knoxville 32 … only Nashville and Chattanooga (58) have a majority."""
    assert [city for city, place in election("majority", "low")][:2] == ["Nashville", "Chattanooga"]
