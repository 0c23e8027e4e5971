"""Two science olympiads: every part mark adds up, shared places are as published, medals never split a tie.

Physics 2012: 378 students, 34 part marks each; marks → parts → problems → theory and experiment → total.
Informatics 2020: 241 rows; "-" means that nothing was handed in, which that contest counts as 0 points.
"""

import pytest

from .build import by_number, form, number, outcome_of, rows

# Columns of the set: the problems, their parts, and the part marks in them; a text alone is a mark without further parts.
THEORY = {"12_T1": {"03_T1A": ("00_Ai", "01_Aii", "02_Aiii"), "07_T1B": ("04_Bi", "05_Bii", "06_Biii"), "11_T1C": ("08_Ci", "09_Cii", "10_Ciii")},
          "21_T2": {"16_T2A": ("13_Ai", "14_Aii", "15_Aiii"), "20_T2B": ("17_Bi", "18_Bii", "19_Biii")},
          "28_T3": ("22_T3.I", "23_Ii", "24_Iii", "25_Iv", "26_V", "27_Vi")}
EXPERIMENT = {"39_E1": ("30_A", {"37_B": ("31_Bi", "32_Bii", "33_Biii", "34_Biv", "35_Bv", "36_Bvi")}, "38_C"),
              "46_E2": ({"44_A": ("40_Ai", "41_Aii", "42_Aiii", "43_Aiv")}, "45_B")}


def code(column):
    return "c" + column.replace("_", "").replace(".", "").lower()


def tree(content):
    """Criteria from the columns above."""
    if isinstance(content, str):
        return [{"code": code(content), "name": content[3:], "maximum": 3, "step": number("0.1")}]
    if isinstance(content, dict):
        return [{"code": code(column), "name": column[3:], "children": tree(inner)} for column, inner in content.items()]
    return [criterion for inner in content for criterion in tree(inner)]


def leaves(content):
    if isinstance(content, str):
        return [content]
    inner = content.values() if isinstance(content, dict) else content
    return [leaf for one in inner for leaf in leaves(one)]


def nodes(content):
    """Columns with sums of other columns."""
    if isinstance(content, str):
        return []
    if isinstance(content, dict):
        return [*content, *(node for inner in content.values() for node in nodes(inner))]
    return [node for inner in content for node in nodes(inner)]


PAPERS = {"theory": THEORY, "experiment": EXPERIMENT}
CUT_OFFS = (("G", 31), ("S", "23.9"), ("B", "17.2"), ("HM", "12.4"))


def physics(table):
    sums = [(paper, node) for paper, content in PAPERS.items() for node in nodes(content)]
    return form(
        "Physics olympiad 2012", "Part marks as published",
        {"parts": [{"code": paper, "name": paper, "scale": "raw", "criteria": tree(content), "panel": {"rule": "mean", "minimum_judges": 1}}
                   for paper, content in PAPERS.items()],
         "steps": [{"code": code(node), "name": node, "rule": "sum", "of": [f"{paper}/{code(node)}"]} for paper, node in sums]
         + [{"code": "total", "name": "总分", "rule": "sum", "of": list(PAPERS)}],
         "total": "total", "rounding": {"places": 1}, "ties": [{"code": "shared"}],
         "tiers": [{"code": tier, "name": tier, "minimum_score": number(line)} for tier, line in CUT_OFFS]},
        [{"number": row["id"], "marks": {paper: {"marker": {code(leaf): number(row[leaf]) for leaf in leaves(content)}}
                                         for paper, content in PAPERS.items()}} for row in table])


@pytest.fixture(scope="module")
def students():
    table = rows("physics_olympiad_2012")
    return table, by_number(outcome_of(physics(table)))


def test_physics_marks_add_up_to_every_published_sum(students):
    table, found = students
    for row in table:
        standing = found[row["id"]]
        assert standing["score"] == f'{float(row["48_TOTAL"]):.1f}'
        for paper, content in PAPERS.items():
            column = {"theory": "29_Theory", "experiment": "47_Experiment"}[paper]
            assert number(standing["parts"][paper]["score"]) == number(row[column])
            for node in nodes(content):
                assert number(standing["steps"][code(node)]["score"]) == number(row[node])


def test_physics_places_and_medals_by_cut_off(students):
    table, found = students
    placed = [row for row in table if row["official_rank"]]
    assert len(placed) == 271
    assert [found[row["id"]]["place"] for row in placed] == [int(row["official_rank"]) for row in placed]
    assert ["".join(found[row["id"]]["awards"]) for row in table] == [row["award"] for row in table]


def informatics(table):
    """Cumulative quotas of a twelfth, a quarter and a half; the roundings are those that give the published counts."""
    tasks = ["a", "b", "c"]
    shares = (("Gold", "1/12", "ceil"), ("Silver", "1/4", "ceil"), ("Bronze", "1/2", "floor"))
    return form(
        "Informatics olympiad 2020", "Points per task as published",
        {"parts": [{"code": task, "name": task.upper(), "kind": "figure", "required": False} for task in tasks],
         "steps": [{"code": "total", "name": "总分", "rule": "sum", "of": tasks, "missing": "zero"}], "total": "total",
         "rounding": {"places": 0}, "ties": [{"code": "shared"}],
         "tiers": [{"code": name, "name": name, "fraction": share, "rounding_mode": mode, "cumulative": True, "tie": "extend"}
                   for name, share, mode in shares]},
        [{"number": str(at), "organization": row["country"],
          "figures": {task: number(row[task.upper()]) for task in tasks if row[task.upper()] != "-"}} for at, row in enumerate(table)])


def test_informatics_places_and_medals():
    table = rows("informatics_olympiad_2020")
    found = by_number(outcome_of(informatics(table)))
    standings = [found[str(at)] for at in range(len(table))]
    assert [standing["score"] for standing in standings] == [row["total"] for row in table]
    assert [standing["place"] for standing in standings] == [int(row["rank"]) for row in table]
    assert ["".join(standing["awards"]) for standing in standings] == [row["medal"] for row in table]
    assert sum(standing["place"] == 1 for standing in standings) == 18
