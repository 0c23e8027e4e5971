"""Tie rules that compare several figures in turn, and the side that is better where no rule says so."""

import pytest

from scoring import EntryFact, Panel, Part, Scheme, Step, TieRule, compute
from scoring.ranking.directions import better_of, known_output
from tests.scoring.build import entry, field, places, pts, roadshow

RACES = ("r1", "r2", "r3")


def race(*values, status="competing", number=None):
    return dict(zip(RACES, values))


def outcome(rule, *rows, step=None, argument="", parts=None, **more):
    """Rows of figures by race (None: not taken), tied by their totals."""
    entries = [EntryFact(number, str(number), figures={code: pts(value) for code, value in zip(RACES, row) if value is not None})
               for number, row in enumerate(rows, 1)]
    steps = (step,) if step else ()
    parts = parts or tuple(Part(code, f"第 {code[1]} 轮", kind="figure", required=False) for code in RACES)
    return compute(Scheme(parts, steps=steps, total="t" if step else "", ties=(TieRule(rule, argument), TieRule("shared")), **more), field(*entries))


BEST = Step("t", "最好一轮", "best", RACES)
POINTS = Step("t", "总分", "worst_discarded", RACES, better="low")
SUM = Step("t", "总分", "sum", RACES)


def test_the_next_best_run():
    """FIS: equal best runs are parted by the next best one."""
    found = outcome("best_values", (95, 60, 70), (80, 95, 10), (95, 70, 60), step=BEST)
    assert places(found) == {"2": 1, "1": 2, "3": 2}
    assert found.standing(2).reason == "总分 95.00，第 1 名；与 1 号同分，按“各项成绩由好到差依次比较”（次好）高者列前（80.00 > 70.00）"
    assert found.standing(1).tie_steps == (("各项成绩由好到差依次比较", "95.00、70.00、60.00", True),)


def test_a_run_that_was_not_taken_is_worse_than_any():
    found = outcome("best_values", (95, None, None), (95, 0, None), step=BEST)
    assert places(found) == {"2": 1, "1": 2}
    assert found.standing(2).reason.endswith("（次好）高者列前（0.00，无）")


def test_appendix_a8_1_uses_no_excluded_score():
    """Best to worst without what was discarded: 1 + 5 is before 3 + 3, whatever the third race was."""
    found = outcome("counting_values", (3, 3, 4), (5, 1, 9), step=POINTS, better="low")
    assert places(found) == {"2": 1, "1": 2}
    assert found.standing(2).reason.endswith("（最好）低者列前（1.00 < 3.00）")
    assert places(outcome("counting_values", (1, 5, 6), (5, 1, 9), step=POINTS, better="low")) == {"1": 1, "2": 1}
    assert places(outcome("best_values", (1, 5, 6), (5, 1, 9), step=POINTS, better="low")) == {"1": 1, "2": 2}


def test_appendix_a8_2_looks_at_the_last_race_even_if_excluded():
    found = outcome("last_first", (1, 5, 9), (5, 1, 6), step=POINTS, better="low")
    assert places(found) == {"2": 1, "1": 2}
    assert found.standing(2).reason.endswith("按“由后往前依次比较”（第 3 轮）低者列前（6.00 < 9.00）")
    assert places(outcome("last_first", (2, 3, 5), (3, 2, 5), step=POINTS, better="low")) == {"2": 1, "1": 2}


def test_better_places():
    """One first and one third place before two second ones."""
    found = outcome("better_places", (1, 3, 2), (2, 2, 2), (3, 1, 3), step=Step("t", "名次和", "best", RACES, keep=2, better="low"), better="low")
    # Sums of the better two: 3, 4, 4.
    assert places(found) == {"1": 1, "3": 2, "2": 3}
    assert found.standing(3).reason.endswith("按“较好名次的个数”（第 1 名）多者列前（1 次 > 0 次）")
    assert found.standing(2).reason.endswith("按“较好名次的个数”（第 1 名）少者列后（0 次 < 1 次）")


def test_better_places_are_counted_in_the_field_where_inputs_are_scores():
    found = outcome("better_places", (90, 60, 50), (80, 70, 50), (70, 65, 65), step=SUM)
    # Places: 1 3 2, 2 1 2, 3 2 1. Each has a first, a second and a third or two seconds.
    assert places(found) == {"2": 1, "1": 2, "3": 2}


def test_head_to_head():
    """Tokyo 2020, combined: 4·4·4 and 1·8·8 tie, the first was better in two of three disciplines."""
    product = Step("t", "总分", "product", RACES, better="low")
    found = outcome("head_to_head", (1, 8, 8), (4, 4, 4), step=product, better="low")
    assert places(found) == {"2": 1, "1": 2}
    assert found.standing(2).reason.endswith("按“相互比较”高者列前（2.00 > 1.00）")


def test_parts_in_order():
    parts = tuple(Part(code, f"模块{code[1]}", 500_000, "figure") for code in RACES[:2])
    found = outcome("modules_in_order", (80, 90), (90, 80), parts=parts)
    assert places(found) == {"2": 1, "1": 2}
    assert found.standing(1).reason == "总分 85.00，第 2 名；与 2 号同分，按“各环节依次比较”（模块1）低者列后（80.00 < 90.00）"


def test_without_steps_the_parts_are_the_inputs():
    parts = tuple(Part(code, f"模块{code[1]}", 500_000, "figure") for code in RACES[:2])
    assert places(outcome("best_values", (80, 90), (95, 75), parts=parts)) == {"2": 1, "1": 2}
    assert places(outcome("last_first", (80, 90), (95, 75), parts=parts)) == {"1": 1, "2": 2}


@pytest.mark.parametrize("rule, first", [("figure", "1"), ("figure_high", "2"), ("figure_low", "1")])
def test_a_figure_in_its_own_direction(rule, first):
    """The place over the field is good when small, whatever way the total is ranked."""
    step = Step("t", "总分", "cap", ("r1",), high=pts(50))
    parts = tuple(Part(code, code, kind="figure") for code in RACES)
    scheme = Scheme(parts, steps=(step, Step("p", "初赛名次", "rank", ("r2",))), total="t", ties=(TieRule(rule, "p"),))
    facts = [EntryFact(at, str(at), figures=dict(zip(RACES, (pts(60 + at), pts(9 - at), 0)))) for at in (1, 2)]
    assert compute(scheme, field(*facts)).standings[0].number == first


def test_parts_and_marks_where_less_is_better():
    part = roadshow(Panel("mean", better="low"))
    given = field(entry(1, part, 10, 20), entry(2, part, 15, 15), entry(3, part, 12, 12))
    def order(rule, argument=""):
        return places(compute(Scheme((part,), better="low", ties=(TieRule(rule, argument), TieRule("shared"))), given))
    assert order("lowest_judge") == {"3": 1, "1": 2, "2": 3}
    assert order("highest_judge") == {"3": 1, "2": 2, "1": 3}
    assert order("lowest_judge", "roadshow") == {"3": 1, "1": 2, "2": 3}


def test_directions():
    parts = tuple(Part(code, code, kind="figure") for code in (*RACES, "unused"))
    places_of = Part("jury", "评委名次", panel=Panel("rank_sum"))
    steps = (POINTS, Step("p", "P", "rank", ("r1",), better="low"), Step("back", "B", "linear", ("p",), factor="-1"),
             Step("gap", "G", "difference", ("unused", "other")))
    scheme = Scheme((*parts, places_of), steps=steps, total="gap")
    found = {code: better_of(scheme, code) for code in ("t", "r1", "p", "back", "gap", "unused", "other", "jury", "televote")}
    assert found == {"t": "low", "r1": "low", "p": "low", "back": "high", "gap": "high", "unused": "high", "other": "low",
                     "jury": "low", "televote": "high"}
    assert [known_output(scheme, code) for code in ("t", "p", "back", "gap", "jury", "unused", "other")] == [
        "low", "low", "high", None, "low", None, None]


def test_a_chain_inside_a_step_asks_for_no_decision():
    step = Step("t", "名次", "rank", ("r1",), ties=(TieRule("figure_high", "r2"),))
    found = outcome("exact_score", (80, 5), (80, 7), (80, 7), step=step, better="low")
    assert [found.run.figures.of("t")[at] for at in range(3)] == [3, 1, 1]
    assert found.undecided_ties == ()
