"""The competitions in this folder, each a file in the public form: places, scores, derived figures and awards come out as stated.

Files whose source names an event restate published figures, and the outcome here is the published one. Files whose source says
"Rule example" show a real rule on figures worked out by hand.
"""

from fractions import Fraction

import pytest

from scoring import number_order
from scoring.form import dumps, loads, read, write

from .build import HERE, by_number, file_of, places, result_of, rows, tally

NAMES = sorted(path.stem for path in HERE.glob("*.json"))


def test_every_file_is_a_case():
    assert NAMES == sorted(STANDINGS)


@pytest.mark.parametrize("name", NAMES)
def test_standings(name):
    assert places(result_of(name)) == STANDINGS[name]


@pytest.mark.parametrize("name", NAMES)
def test_file_is_kept_whole(name):
    """Reading and writing gives the same tally, and the file is laid out as the product writes files."""
    own = tally(file_of(name))
    again = read(loads(dumps(write(own))))
    assert again == own
    assert dumps(loads(file_of(name))) == file_of(name)


def ranked(*rows):
    """(number, score) in order, nobody shares a place."""
    return [(number, place, score) for place, (number, score) in enumerate(rows, 1)]


# --- standings: (number, place, score) ------------------------------------------------------------------------------------

STANDINGS = {
    # published
    "halfpipe_2026": ranked(("11", "95.00"), ("12", "93.50"), ("10", "92.00"), ("8", "91.00"), ("7", "88.00"), ("4", "87.50"), ("6", "86.50"),
                            ("1", "77.50"), ("3", "76.00"), ("9", "75.00"), ("2", "70.25"), ("5", "43.00")),
    "diving_2024": ranked(("12", "547.50"), ("10", "507.65"), ("1", "497.35"), ("9", "481.00"), ("6", "478.40"), ("4", "446.20"),
                          ("8", "445.60"), ("2", "426.90"), ("5", "420.65"), ("3", "404.90"), ("7", "401.55"), ("11", "390.20")),
    # The source lists Finland (57) before Spain (56): the last two rows are swapped there.
    "sailing_2000": ranked(*zip("1 2 3 4 5 6 7 8 9 10 11 12 13 14 16 15".split(), "16 18 19 24 28 35 36 38 39 41 42 45 48 49 56 57".split())),
    "decathlon": ranked(("1", "9126"), ("2", "9045"), ("3", "9026")),
    "heptathlon": ranked(("1", "7291")),
    "m1_grand_prix_2019": ranked(("1", "681"), ("2", "660"), ("3", "654"), ("4", "652")),
    "climbing_women_2020": ranked(("4", "5"), ("3", "45"), ("2", "64"), ("1", "64"), ("5", "84"), ("6", "84"), ("7", "90"), ("8", "112")),
    "climbing_men_2020": ranked(("1", "28"), ("2", "30"), ("3", "35"), ("4", "36"), ("5", "42"), ("6", "48"), ("7", "60")),
    "masters_2019": [("8", 1, "275"), ("5", 2, "276"), ("6", 2, "276"), ("7", 2, "276"),
                     ("1", 5, "277"), ("2", 5, "277"), ("3", 5, "277"), ("4", 5, "277")],
    "figure_skating_2002": ranked(("4", "3.0"), ("3", "3.0"), ("2", "3.5"), ("1", "5.5")),
    "medal_table_2024": ranked(*zip(map(str, range(1, 13)), "40 40 20 18 16 15 14 13 12 12 10 9".split())),
    "formula_one_1950": ranked(("4", "30"), ("3", "27"), ("2", "24"), ("1", "13")),
    "gymnastics_2020": ranked(("3", "57.433"), ("2", "57.298"), ("1", "57.199")),
    "big_air_2022": ranked(("2", "188.25"), ("1", "187.50")),
    "eventing_2020": ranked(("3", "26.0"), ("1", "29.3"), ("2", "29.6")),
    "heisman_2009": ranked(("4", "1304"), ("3", "1276"), ("2", "1145"), ("1", "815")),
    "football_group_2018": ranked(("3", "6"), ("4", "4"), ("2", "4"), ("1", "3")),
    "candidates_2013": ranked(("4", "8.5"), ("3", "8.5"), ("2", "8.0"), ("1", "8.0")),
    # rule examples
    "figure_skating": ranked(("1", "54.00"), ("2", "41.77")),
    "ski_jumping": [("1", 1, "249.2"), ("2", 1, "249.2"), ("3", 3, "214.6")],
    "gymnastics_apparatus": ranked(("1", "14.566"), ("3", "14.300"), ("2", "14.300")),
    "synchro_diving": ranked(("1", "74.88"), ("2", "72.90")),
    "moguls": ranked(("1", "83.07"), ("2", "75.00"), ("3", "17.31")),
    "high_jump": ranked(("B", "1.88"), ("A", "1.88"), ("C", "1.88"), ("D", "1.88")),
    "programming": ranked(("2", "3"), ("1", "3"), ("3", "2"), ("4", "0")),
    "mathematics_olympiad": [("1", 1, "42"), ("2", 2, "35"), ("3", 2, "35"), ("4", 4, "29"), ("5", 5, "28"), ("6", 6, "22"), ("7", 7, "20"),
                             ("8", 8, "16"), ("9", 8, "16"), ("10", 10, "9"), ("11", 11, "7"), ("12", 12, "5")],
    "heats": ranked(*zip("5 6 7 8 1 2 9 10 11 3 4 12".split(), "10.02 10.05 10.09 10.10 10.11 10.23 10.30 10.31 10.33 10.35 10.42 10.60".split())),
    "cross_country": ranked(*((str(at), score) for at, score in enumerate(
        "901.00 903.00 910.00 912.00 920.00 931.00 940.00 941.00 955.00 960.00 962.00 970.00".split(), 1))),
    "speed_skating": ranked(("1", "162.145")),
    "weightlifting": [("2", 1, "345"), ("1", 2, "345"), ("4", 3, "310"), ("3", None, "")],
    "slalom": [("1", 1, "104.09"), ("3", 1, "104.09"), ("4", 3, "104.67"), ("2", None, ""), ("5", None, "")],
    "public_vote": ranked(("2", "87.63"), ("1", "74.88"), ("3", "72.72")),
    "skills_marking": ranked(("1", "14.33"), ("2", "13.78"), ("3", "5.33")),
    "scale_700": [("3", 1, "730"), ("6", 1, "729"), ("9", 3, "718"), ("7", 4, "705"), ("5", 5, "700"), ("2", 6, "692"), ("4", 7, "680"),
                  ("1", 8, "654"), ("8", 9, "629")],
    "dance_show": ranked(("4", "6"), ("2", "5"), ("3", "5"), ("1", "4")),
    "sailing_ties": ranked(("D", "6"), ("C", "6"), ("A", "6"), ("B", "7"), ("E", "12")),
    "deliberation": ranked(("3", "75.00"), ("4", "71.43"), ("1", "66.67"), ("2", "55.56"), ("5", "42.86")),
    "speedcubing": ranked(("D", "9.19"), ("A", "9.19"), ("B", "9.20"), ("C", "7.50")),
    "parallel_panels": [("1", 1, "100.00"), ("4", 1, "100.00"), ("5", 3, "95.00"), ("2", 4, "90.00"), ("3", 5, "80.00"), ("6", 6, "75.00")],
    "gymnastics_team": [("甲1", 1, "56.500"), ("乙1", 2, "56.000"), ("甲3", 3, "55.600"), ("乙3", 4, "55.000"), ("乙2", 5, "54.900"),
                        ("甲2", 6, "54.300"), ("甲4", 7, "53.400"), ("乙4", None, "")],
    "debate": ranked(("1", "1"), ("2", "0")),
    "vocational": ranked(("7", "89.40"), ("2", "87.20"), ("3", "87.20"), ("1", "87.20"), ("4", "80.02"), ("5", "63.50"), ("6", "51.50")),
}


# --- what lies behind the totals ------------------------------------------------------------------------------------------

def figures(name, code, field="steps"):
    """The texts of a step's or part's figure, in the order of the file's numbers."""
    found = by_number(result_of(name))
    return [found[number][field][code]["score"] for number in sorted(found, key=number_order)]


EVENTS = "m100 longjump shot highjump m400 hurdles discus polevault javelin m1500".split()
DERIVED = {
    # published points of the single events
    ("decathlon", "1"): dict(zip(EVENTS, (963, 1010, 851, 850, 889, 1007, 882, 1051, 918, 705))),
    ("decathlon", "2"): dict(zip(EVENTS, (1040, 1030, 760, 813, 1060, 1015, 733, 972, 793, 829))),
    ("decathlon", "3"): dict(zip(EVENTS, (942, 1089, 810, 915, 919, 985, 827, 849, 892, 798))),
    ("heptathlon", "1"): {"hurdles": 1172, "highjump": 1054, "shot": 915, "m200": 1123, "longjump": 1264, "javelin": 776, "m800": 987},
}


@pytest.mark.parametrize("name, number", DERIVED)
def test_points_of_single_events(name, number):
    steps = by_number(result_of(name))[number]["steps"]
    assert {code: int(steps[f"{code}_points"]["exact"]) for code in DERIVED[name, number]} == DERIVED[name, number]


def published_dives():
    return {(row["diver_id"], row["round"]): Fraction(row["round_score"]) for row in rows("diving_paris_2024")}


def test_all_72_dives():
    published, found = published_dives(), by_number(result_of("diving_2024"))
    assert len(published) == 72
    assert {(diver, at): Fraction(found[diver]["parts"][f"dive{at}"]["exact"]) for diver, at in published} == published


def test_all_24_runs_and_the_official_ranking():
    """A run that was not scored is no zero: it is not there."""
    found = by_number(result_of("halfpipe_2026"))
    table = rows("halfpipe_2026")
    assert sum(bool(row["J1"]) for row in table) == 24
    for row in table:
        standing = found[row["start_pos"]]
        run = standing["parts"].get(f'run{row["run"]}') or {"exact": None}
        assert run["exact"] is None if not row["J1"] else Fraction(run["exact"]) == Fraction(row["official_run_score"])
        assert (standing["place"], standing["score"]) == (int(row["official_rank"]), row["official_best"])


def test_sailing_follows_the_published_list_but_for_its_last_two_rows():
    listed = [row["listed_order"] for row in rows("sailing_2000", "places.csv")]
    own = [standing["number"] for standing in result_of("sailing_2000")["standings"]]
    assert own[:14] == listed[:14] and own[14:] == listed[:13:-1]


@pytest.mark.parametrize("name, code, stated", [
    ("figure_skating", "elements", ["20.70", "13.60"]), ("figure_skating", "components", ["33.30", "29.17"]),
    ("ski_jumping", "round1", ["130.50", "132.80", "102.00"]), ("ski_jumping", "round2", ["118.70", "116.40", "112.60"]),
    ("gymnastics_apparatus", "execution", ["8.666", "8.200", "8.700"]), ("moguls", "air", ["16.02", "9.90", "2.51"]),
    ("moguls", "speed_limited", ["17.15", "20.00", "0.00"]), ("public_vote", "public", ["40.00", "100.00", "25.00"]),
    ("programming", "penalty", ["247.00", "247.00", "35.00", ""]), ("weightlifting", "snatch", ["155.00", "152.00", "165.00", "140.00"]),
    ("dance_show", "by_judges", ["2.00", "1.00", "4.00", "3.00"])])
def test_derived_figures(name, code, stated):
    assert figures(name, code) == stated


# --- awards, titles, teams, promotion -------------------------------------------------------------------------------------

def won(name, field="awards"):
    return {tier["code"]: tier["numbers"] for tier in result_of(name)[field]["tiers"]}


@pytest.mark.parametrize("name, field, stated", [
    ("climbing_women_2020", "awards", {"gold": ["4"], "silver": ["3"], "bronze": ["2"]}),
    ("climbing_men_2020", "awards", {"gold": ["1"], "silver": ["2"], "bronze": ["3"]}),
    ("mathematics_olympiad", "awards", {"gold": ["1"], "silver": ["2", "3"], "bronze": ["4", "5", "6"], "mention": ["7", "8", "10"]}),
    ("public_vote", "titles", {"popular": ["2"], "stage": ["3"]}),
    ("scale_700", "awards", {"gold": ["3", "6"], "silver": [], "bronze": ["9"], "excellence": ["7", "5"]}),
    ("deliberation", "awards", {"award": ["3", "4", "1"]}),
    ("vocational", "awards", {"first": ["7"], "second": ["2"], "third": ["3", "1"]}),
    ("vocational", "titles", {"expert": ["7", "3", "1"]})])
def test_awards(name, field, stated):
    assert won(name, field) == stated


def test_prizes_add_up():
    assert result_of("vocational")["awards"]["total"] == "7000.00"


@pytest.mark.parametrize("name, stated", [
    ("vocational", [(1, "甲厂", "15.00"), (2, "乙厂", "14.00"), (3, "丁厂", "10.00"), (4, "丙厂", "10.00")]),
    ("gymnastics_team", [(1, "甲队", "167.900"), (2, "乙队", "167.000")]),
    ("cross_country", [(1, "甲校", "12.00"), (2, "乙校", "12.00"), (3, "丙校", "21.00"), (None, "丁校", "21.00")])])
def test_teams(name, stated):
    table, = result_of(name)["teams"]
    assert [(standing["place"], standing["name"], standing["score"]) for standing in table["standings"]] == stated


@pytest.mark.parametrize("name, stated", [
    ("m1_grand_prix_2019", {"1", "2", "3"}), ("football_group_2018", {"3", "4"}), ("heats", {"1", "2", "5", "6", "9", "10", "7", "8"})])
def test_promotion(name, stated):
    assert {one["number"] for one in result_of(name)["promotion"]["entries"]} == stated
