"""Kinds of marks: points by hand, exactness, monotony, and what may be entered."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import UNIT, WHOLE, Criterion, EntryFact, Panel, Part, Scheme, SheetFact, check_mark, check_marks, compute, sheet_total
from scoring.parts.alarms import alarms, team_conflicts
from scoring.explanation.marks import mark_sentence
from scoring.form import read
from scoring.parts.measures import MARK_KINDS, convert, points
from tests.scoring.build import field, leaf, marked, pts


def kind(code, maximum=10, **more):
    more = {name: pts(value) if name in ("target", "tolerance", "per", "deduct", "minimum", "step", "cap", "alarm") else value
            for name, value in more.items()}
    if "table" in more:
        more["table"] = tuple((pts(raw), pts(worth)) for raw, worth in more["table"])
    return Criterion("m", "测量", 0, pts(maximum), kind=code, **more)


def worth(criterion, mark):
    return Fraction(*points(criterion, pts(mark)))


@pytest.mark.parametrize("mark, expected", [(0, 0), (1, Fraction(1, 3)), (2, Fraction(2, 3)), (3, 1)])
def test_judgement_is_thirds(mark, expected):
    assert worth(kind("judgement", 1), mark) == expected


def test_yes_and_no():
    assert (worth(kind("yes_no", "1.5"), 1), worth(kind("yes_no", "1.5"), 0)) == (Fraction(3, 2), 0)
    assert worth(kind("vote", 1), 1) == 1


def test_a_choice():
    criterion = kind("choice", table=((0, 0), (1, "2.5"), (2, 10)))
    assert (worth(criterion, 1), worth(criterion, 2), points(criterion, pts(3))) == (Fraction(5, 2), 10, None)


@pytest.mark.parametrize("mark, expected", [("0.9", 0), (1, 4), ("1.9", 4), (2, 7), (5, 10)])
def test_benchmarks_reached_from_below(mark, expected):
    assert worth(kind("benchmarks", table=((1, 4), (2, 7), (3, 10))), mark) == expected


@pytest.mark.parametrize("mark, expected", [("0.05", 10), ("0.1", 6), ("0.11", 2), ("0.3", 2), ("0.31", -1)])
def test_benchmarks_where_less_is_better(mark, expected):
    assert worth(kind("benchmarks", minimum=-1, side="below", table=(("0.09", 10), ("0.1", 6), ("0.3", 2))), mark) == expected


@pytest.mark.parametrize("mark, expected", [(50, 10), ("50.1", 10), ("49.9", 10), ("50.11", "9.5"), ("50.2", "9.5"), ("50.21", 9), (40, 0)])
def test_deviation_by_started_steps(mark, expected):
    assert worth(kind("deviation", target=50, tolerance="0.1", per="0.1", deduct="0.5"), mark) == Fraction(expected)


def test_sides_of_a_deviation():
    above = kind("deviation", target=50, side="above", per=1, deduct=2)
    below = kind("deviation", target=50, side="below", per=1, deduct=2)
    assert [worth(above, mark) for mark in (45, 50, "51.5")] == [10, 10, 6]
    assert [worth(below, mark) for mark in (55, 50, "48.5")] == [10, 10, 6]


def test_full_or_nothing():
    assert [worth(kind("deviation", target=50, tolerance=1), mark) for mark in (51, "51.1")] == [10, 0]
    assert [worth(kind("deviation", target=50, tolerance=1, deduct=4), mark) for mark in (51, 90)] == [10, 6]


def test_counts_may_deduct():
    faults = kind("count", 0, minimum=-5, deduct="-0.5")
    assert [worth(faults, mark) for mark in (0, 3, 10, 40)] == [0, Fraction(-3, 2), -5, -5]
    assert [worth(kind("count", 10, per=3, deduct=2), mark) for mark in (2, 3, 8, 99)] == [0, 2, 4, 10]
    assert worth(kind("count", 10), 4) == 4


def test_time_by_thresholds_or_beyond_a_target():
    assert [worth(kind("time", table=((60, 10), (90, 6))), mark) for mark in (60, 61, 91)] == [10, 6, 0]
    assert [worth(kind("time", target=300, per=30, deduct=1), mark) for mark in (300, 301, 331)] == [10, 9, 8]


def test_a_cap_of_a_leaf():
    assert worth(kind("points", cap=6), 9) == 6


@pytest.mark.parametrize("criterion, mark, code", [
    (kind("judgement"), 4, "not_a_level"), (kind("judgement"), "1.5", "not_a_level"), (kind("yes_no"), 2, "not_a_level"),
    (kind("vote"), -1, "not_a_level"), (kind("choice", table=((0, 0), (1, 5))), 2, "not_a_choice"),
    (kind("count"), "1.5", "too_many_decimals"),
    (kind("count"), -1, "out_of_range"), (kind("time"), -1, "out_of_range"), (kind("deviation", step="0.01"), "50.005", "wrong_step"),
    (kind("rank", 6), 0, "not_a_place"), (kind("rank", 6), 7, "not_a_place"), (kind("rank", 6), "1.2", "not_a_place"),
    (kind("judgement"), 3, None), (kind("yes_no"), 0, None), (kind("choice", table=((0, 0), (1, 5))), 1, None), (kind("count"), 12, None),
    (kind("time"), "65.5", None), (kind("deviation", step="0.01"), "-50.01", None), (kind("rank", 6), "2.5", None),
    (kind("benchmarks"), 99, None)])
def test_what_may_be_entered(criterion, mark, code):
    problem = check_mark(criterion, pts(mark))
    assert (problem and problem.code) == code


def test_problems_are_told_in_full():
    assert str(check_mark(kind("choice", table=((0, 0), (1, 5))), pts(2))) == "测量：2 不在选项之中。请从以下选项中选择：0、1"
    assert str(check_mark(kind("judgement"), pts(4))) == "测量：4 不可用，评判只有 0、1、2、3 四档。请改为 0、1、2、3 之一"


@pytest.mark.parametrize("criterion, mark, sentence", [
    (kind("points"), "8.5", "打 8.5 分，得 8.5 分"), (kind("points", cap=6), 9, "打 9 分，以上限计，得 6 分"),
    (kind("judgement", 1), 2, "第 2 档，满分 1 × 2 ÷ 3，得 0.6667 分"), (kind("yes_no"), 1, "是，得 10 分"), (kind("vote", 1), 0, "反对，得 0 分"),
    (kind("choice", table=((1, "2.5"),)), 1, "选 1，得 2.5 分"), (kind("choice", table=((1, "2.5"),)), 2, "2 不在选项之中"),
    (kind("choice", table=((1, 4),), anchors=((UNIT, "良好"),)), 1, "选“良好”，得 4 分"),
    (kind("benchmarks", table=((1, 4), (2, 7))), "1.9", "测得 1.9，达到基准 1，得 4 分"),
    (kind("benchmarks", table=((1, 4),)), 0, "测得 0，未达到任何一级基准，得 0 分"),
    (kind("deviation", target=50, tolerance="0.1", per="0.1", deduct="0.5"), "50.2", "测得 50.2，与目标值 50 相差 0.2，超出允差 0.1，扣 0.5，得 9.5 分"),
    (kind("deviation", target=50), 50, "测得 50，与目标值 50 相差 0，不扣分，得 10 分"),
    (kind("count", 0, minimum=-5, deduct="-0.5"), 3, "计 3，得 -1.5 分"), (kind("count", per=3, deduct=2), 8, "计 8，每 3 个计一次，得 4 分"),
    (kind("time", table=((60, 10), (90, 6))), 61, "用时 61，达到基准 90，得 6 分"),
    (kind("time", target=300, per=30, deduct=1), 301, "用时 301，与目标值 300 相差 1，扣 1，得 9 分"), (kind("rank"), "2.5", "第 2.5 名")])
def test_a_mark_in_words(criterion, mark, sentence):
    assert mark_sentence(criterion, pts(mark)) == sentence


NUMBERS = st.integers(-20 * UNIT, 20 * UNIT)
MEASURES = st.one_of(
    st.builds(lambda table, side: Criterion("m", "测量", 0, kind="benchmarks", table=tuple(table), side=side),
              st.lists(st.tuples(NUMBERS, NUMBERS), max_size=5), st.sampled_from(["both", "below"])),
    st.builds(lambda deduct, per, low: Criterion("m", "测量", 0, 10 * UNIT, low, kind="count", deduct=deduct, per=per),
              NUMBERS, st.none() | st.integers(1, 5 * UNIT), st.integers(-30 * UNIT, 0)))


@given(MEASURES, st.integers(0, 30 * UNIT), st.integers(0, 30 * UNIT))
def test_more_is_never_worse_where_more_is_better(criterion, mark, more):
    first, second = convert(criterion, mark), convert(criterion, mark + more)
    falling = criterion.side == "below" if criterion.kind == "benchmarks" else (criterion.deduct or 1) < 0
    assert first >= second if falling else first <= second


@given(st.sampled_from(["both", "above", "below"]), NUMBERS, st.integers(0, 3 * UNIT), st.integers(1, 2 * UNIT), st.integers(0, 3 * UNIT),
       NUMBERS)
def test_deviation_in_fractions(side, target, tolerance, per, deduct, mark):
    criterion = Criterion("m", "测量", 0, 10 * UNIT, kind="deviation", target=target, tolerance=tolerance, per=per, deduct=deduct, side=side)
    gap = {"both": abs(mark - target), "above": max(mark - target, 0), "below": max(target - mark, 0)}[side]
    steps, beyond = 0, max(gap - tolerance, 0)
    while steps * per < beyond and steps * deduct < 10 * UNIT:
        steps += 1
    if deduct:
        assert convert(criterion, mark) == max(10 * UNIT - steps * deduct, 0)
    else:
        assert convert(criterion, mark) == 10 * UNIT


def test_every_kind_converts():
    for code in MARK_KINDS:
        assert convert(Criterion("m", "测量", 0, UNIT, kind=code, table=((UNIT, UNIT),), target=UNIT), UNIT) == UNIT


# --- kinds, caps and the team's marks in a whole sheet ---

def skill(**more):
    """A judgement of 1 point, a measured point, and a group of deductions that takes off at most 2."""
    return (Criterion("j", "评判", 0, pts(1), kind="judgement", **more), Criterion("d", "尺寸", 0, pts(1), kind="deviation", target=pts(50)),
            Criterion("g", "扣分", -WHOLE, pts(10), cap=pts(2), children=(Criterion("x", "划痕", 0, pts(5)), Criterion("y", "毛刺", 0, pts(5)))))


def test_a_sheet_of_all_sorts():
    part = Part("p", "模块", criteria=skill(), scale="raw")
    assert not part.plain
    full = {"j": pts(2), "d": pts(50), "x": pts("0.5"), "y": pts(1)}
    assert Fraction(sheet_total(part, full), part.denominator) == Fraction(2, 3) + 1 - Fraction(3, 2)
    assert Fraction(sheet_total(part, full | {"y": pts(5)}), part.denominator) == Fraction(2, 3) + 1 - 2
    assert sheet_total(part, {"j": pts(2), "d": pts(50), "x": 0}) is None


def test_out_of_a_hundred():
    """Judgement and yes count against their own full mark; a capped group is worth its share of its own maximum."""
    group = Criterion("g", "加分", 40 * UNIT, pts(10), cap=pts(10),
                      children=(Criterion("x", "甲", 0, pts(10)), Criterion("y", "乙", 0, pts(5))))
    part = Part("p", "模块", criteria=(Criterion("j", "评判", 60 * UNIT, pts(4), kind="judgement"), group))
    given_marks = ((3, 5, 5), (1, 10, 5), (0, 2, 1))
    totals = [sheet_total(part, {"j": pts(j), "x": pts(x), "y": pts(y)}) for j, x, y in given_marks]
    assert [Fraction(total, part.denominator) for total in totals] == [100, 60, 12]
    assert Scheme((part,)).check() == ()


def worldskills(level):
    criteria = (Criterion("j", "评判", 0, pts(1), kind="judgement", alarm=pts(1)), Criterion("t", "长度", 0, pts(2), kind="yes_no", team=True))
    return Part("p", "模块", criteria=criteria, scale="raw", panel=Panel("mean", level=level))


@pytest.mark.parametrize("level", ["total", "criterion"])
def test_the_team_s_mark_may_stand_on_any_sheet(level):
    part = worldskills(level)
    sheets = marked(part, {"j": 3}, {"j": 2, "t": 1}, {"j": 2})
    assert [sheet.total is None for sheet in sheets] == [True, False, True]
    standing = compute(Scheme((part,)), field(EntryFact(1, "1", sheets={"p": sheets}))).standings[0]
    assert standing.exact_fraction == Fraction(7, 9) + 2
    assert [judge.use for judge in standing.parts["p"].judges] == ["used"] * 3
    nobody = compute(Scheme((part,)), field(EntryFact(1, "1", sheets={"p": marked(part, {"j": 3}, {"j": 2})}))).standings[0]
    assert nobody.status == "incomplete"
    assert check_marks(part, {"j": pts(3)}) == ()


def test_team_marks_that_differ():
    part = worldskills("total")
    sheets = marked(part, {"j": 3, "t": 0}, {"j": 3, "t": 1})
    facts = field(EntryFact(1, "1", sheets={"p": sheets}))
    assert compute(Scheme((part,)), facts).standings[0].exact_fraction == 1
    conflict, = team_conflicts(Scheme((part,)), facts)
    assert (conflict.criterion, conflict.marks) == ("t", ((1, 0), (2, UNIT)))
    chief = field(EntryFact(1, "1", sheets={"p": (sheets[0], sheets[1]._replace(chief=True))}))
    assert compute(Scheme((part,)), chief).standings[0].exact_fraction == 3


def test_spreads_that_need_a_re_review():
    part = worldskills("criterion")
    facts = field(EntryFact(1, "1", sheets={"p": marked(part, {"j": 3, "t": 1}, {"j": 1}, {"j": 3})}),
                  EntryFact(2, "2", sheets={"p": marked(part, {"j": 2, "t": 1}, {"j": 1})}))
    alarm, = alarms(compute(Scheme((part,)), facts))
    assert (alarm.number, alarm.criterion, alarm.low, alarm.high) == ("1", "j", (pts(1), UNIT), (pts(3), UNIT))
    assert (alarm.low_judge, alarm.high_judge) == (2, 1)
    settled = facts.entries[0]._replace(replacements={"p/j": {2: pts(2)}})
    assert alarms(compute(Scheme((part,)), field(settled))) == ()


def test_panels_that_need_a_re_review():
    part = Part("p", "复评", criteria=(leaf("a", 100),), panel=Panel("mean", review=pts(20)))
    facts = field(EntryFact(1, "1", sheets={"p": tuple(SheetFact(judge, "submitted", points * part.denominator)
                                                       for judge, points in ((1, 80), (2, 60), (3, 75)))}))
    alarm, = alarms(compute(Scheme((part,)), facts))
    assert (alarm.criterion, Fraction(*alarm.low), Fraction(*alarm.high)) == ("", 60, 80)
    assert alarms(compute(Scheme((part,)), field(facts.entries[0]._replace(replacements={"p": {2: pts(70)}})))) == ()


def test_reviews_per_criterion():
    part = Part("p", "复评", criteria=(leaf("a", 50, 50), leaf("b", 50, 50)), panel=Panel("mean", review=pts(10), level="criterion"))
    facts = field(EntryFact(1, "1", sheets={"p": marked(part, {"a": 10, "b": 20}, {"a": 20, "b": 29})}))
    alarm, = alarms(compute(Scheme((part,)), facts))
    assert (alarm.criterion, Fraction(*alarm.low), Fraction(*alarm.high)) == ("a", 10, 20)
    assert alarms(compute(Scheme((part,)), field(facts.entries[0]._replace(replacements={"p/a": {1: pts(18)}})))) == ()


def test_a_re_review_of_one_criterion_in_a_file():
    scheme = {"parts": [{"code": "m", "name": "模块", "scale": "raw", "panel": {"rule": "mean", "level": "criterion", "minimum_judges": 1},
                         "criteria": [{"code": "j", "name": "评判", "kind": "judgement", "maximum": 3, "alarm": 1}]}]}
    entry = {"number": "1", "name": "甲", "marks": {"m": {"J1": {"j": 3}, "J2": {"j": 1}}}}
    data = {"format": "compete-tally", "version": 1, "title": "样例", "scheme": scheme, "entries": [entry]}
    tally = read(data)
    assert [alarm.criterion for alarm in alarms(compute(tally.scheme, tally.facts))] == ["j"]
    entry["replacements"] = {"m/j": {"J2": 2}}
    tally = read(data)
    outcome = compute(tally.scheme, tally.facts)
    assert alarms(outcome) == () and outcome.standings[0].exact_fraction == Fraction(5, 2)
    entry["replacements"] = {"m/k": {"J2": 2}}
    assert [problem.where for problem in read(data)] == ["参赛对象 1 · 复议分"]
