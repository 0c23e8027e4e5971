"""Derived figures in words: what counted and what did not, weights, gaps, shares, places; the same structure for page and file."""

import pytest

from scoring import EntryFact, Part, PenaltyFact, Rounding, Scheme, Step, TieRule, compute, explain
from tests.scoring.build import field, pts

NAMES = {"a": "第 1 轮", "b": "第 2 轮", "c": "第 3 轮"}
PARTS = tuple(Part(code, name, kind="figure", required=False) for code, name in NAMES.items())


def told(*rows, number=1, steps=None, **step):
    """The step's sentence for one entry; rows are the figures a, b, c in points (None: not taken)."""
    steps = steps or (Step("t", "合成", step.pop("rule"), step.pop("of", ("a", "b", "c")), **step),)
    scheme = Scheme(PARTS, steps=steps, total=steps[-1].code, ties=(TieRule("shared"),))
    facts = field(*[EntryFact(at, str(at), figures={code: pts(value) for code, value in zip(NAMES, row) if value is not None})
                    for at, row in enumerate(rows, 1)])
    found = explain(scheme, facts, compute(scheme, facts), number)
    return next(shown for shown in found.steps if shown.code == f"step:{steps[-1].code}")


@pytest.mark.parametrize("rows, more, sentence", [
    ([(91, 95)], {"rule": "best", "of": ("a", "b")}, "第 2 轮 95.00 计入，第 1 轮 91.00 未计入"),
    ([(91, 95, 90)], {"rule": "best", "keep": 2}, "第 1 轮 91.00、第 2 轮 95.00 计入，第 3 轮 90.00 未计入，合计 186.00"),
    ([(91, None, 90)], {"rule": "best"}, "第 1 轮 91.00 计入，第 2 轮 缺，第 3 轮 90.00 未计入"),
    ([(1, 9, 3)], {"rule": "worst_discarded", "better": "low"}, "第 1 轮 1.00、第 3 轮 3.00 计入，第 2 轮 9.00 未计入，合计 4.00"),
    ([(1, None, 3)], {"rule": "worst_discarded", "better": "low", "missing": "last", "drop": 0},
     "第 1 轮 1.00、第 2 轮 缺，计 2、第 3 轮 3.00 计入，合计 6.00"),
    ([(1, None, 3)], {"rule": "worst_discarded", "better": "high", "missing": "zero"},
     "第 1 轮 1.00、第 3 轮 3.00 计入，第 2 轮 缺，计 0，未计入，合计 4.00"),
    ([(80, 90)], {"rule": "sum", "of": ("a", "b"), "weights": (300_000, 700_000)}, "第 1 轮 80.00 × 30% + 第 2 轮 90.00 × 70% = 87.00"),
    ([(80, 90, 85)], {"rule": "mean", "rounding": Rounding(1)}, "第 1 轮 80.00、第 2 轮 90.00、第 3 轮 85.00，平均 85.0（保留 1 位小数，四舍五入）"),
    ([(80, None, 85)], {"rule": "sum", "missing": "skip"}, "第 1 轮 80.00 + 第 3 轮 85.00 = 165.00"),
    ([(80, None, 85)], {"rule": "sum"}, "缺 第 2 轮，没有结果"),
    ([(80, None, None)], {"rule": "best", "fewest": 2}, "只有 1 项，少于规定的 2 项，没有结果"),
    ([(80, 0)], {"rule": "quotient", "of": ("a", "b")}, "除数为 0，没有结果"),
    ([(8, "2.5")], {"rule": "product", "of": ("a", "b")}, "第 1 轮 8.00 × 第 2 轮 2.50 = 20.00"),
    ([(8, "2.5")], {"rule": "difference", "of": ("a", "b")}, "第 1 轮 8.00 − 第 2 轮 2.50 = 5.50"),
    ([(7,)], {"rule": "linear", "of": ("a",), "factor": "-2", "offset": "20"}, "第 1 轮 7.00 × -2 + 20 = 6.00"),
    ([(75,)], {"rule": "map", "of": ("a",), "low": 0, "high": pts(100), "to_low": pts(60), "to_high": pts(100)},
     "第 1 轮 75.00，由 0～100 换算为 60～100，得 90.00"),
    ([(120,)], {"rule": "cap", "of": ("a",), "high": pts(100)}, "第 1 轮 120.00，不高于 100，计 100.00"),
    ([("9.58",)], {"rule": "power", "of": ("a",), "factor": "25.4347", "offset": "18", "exponent": "1.81", "better": "low"},
     "第 1 轮 9.58，25.4347 × (18 − 9.58) 的 1.81 次方，得 1202.00"),
    ([(7, None, 3)], {"rule": "count", "low": pts(5)}, "3 项中有 1 项"),
    ([(7, None, 3)], {"rule": "taken"}, "未参加第 2 轮"),
    ([(80,), (90,), (90,)], {"rule": "rank", "of": ("a",)}, "第 1 轮 80.00，在 3 个参赛对象中列第 3 名"),
    ([(90,), (80,), (90,)], {"rule": "rank", "of": ("a",), "method": "mean"}, "第 1 轮 90.00，在 3 个参赛对象中列第 1.5 名（2 个并列）"),
    ([(None,), (80,)], {"rule": "rank", "of": ("a",), "missing": "last"}, "缺 第 1 轮，按末位后一名计 3"),
    ([(90,), (80,)], {"rule": "points_by_place", "of": ("a",), "table": ((pts(1), pts(12)),)}, "第 1 轮 90.00，在 2 个参赛对象中列第 1 名，得 12.00"),
    ([(120,), (300,)], {"rule": "of_best", "of": ("a",)}, "第 1 轮 120.00，最高 300.00，折算 40.00"),
    ([(80,), (90,), (70,)], {"rule": "of_rank", "of": ("a",)}, "第 1 轮 80.00，在 3 个参赛对象中列第 2 名，得 66.6667"),
    ([(60,), (70,), (80,)], {"rule": "scale_700", "of": ("a",)}, "第 1 轮 60.00，中位数 70.00，换算 680.00"),
    ([(1,), (2,), (3,)], {"rule": "standard", "of": ("a",)}, "第 1 轮 1.00，全体平均 2.00，换算 40.00"),
    ([(1, 2), (2, 1), (3, 3)], {"rule": "skating", "of": ("a", "b")}, "第 1 轮 1.00、第 2 轮 2.00，合起来第 1.5 名"),
])
def test_sentences(rows, more, sentence):
    assert told(*rows, **more).detail == f"合成：{sentence}"


def test_notes_of_the_figures():
    found = told((91, None, 95), rule="best")
    assert [tuple(figure) for figure in found.figures] == [("第 1 轮", "91.00", "未计入"), ("第 2 轮", "无", "缺"), ("第 3 轮", "95.00", "计入")]
    assert (found.label, found.result) == ("合成", "95.00")


def test_the_whole_way():
    steps = (Step("best", "最好一轮", "best", ("a", "b")), Step("votes_points", "人气分", "of_best", ("votes",), whole=pts(20)),
             Step("t", "合成", "sum", ("best", "votes_points")))
    scheme = Scheme(PARTS, steps=steps, total="t", class_by="c", key="best", ties=(TieRule("shared"),))
    facts = field(EntryFact(1, "1", figures={"a": pts(90), "b": pts("70.5"), "c": pts(1), "votes": pts(50)}, penalties=(PenaltyFact(pts(3), "超时"), PenaltyFact(pts(-1), "环保"))),
                  EntryFact(2, "2", figures={"a": pts(80), "c": pts(0), "votes": pts(200)}))
    found = explain(scheme, facts, compute(scheme, facts), 1)
    assert [(step.code, step.result) for step in found.steps] == [
        ("part:a", "90.00"), ("part:b", "70.50"), ("part:c", "1.00"), ("step:best", "90.00"), ("step:votes_points", "5.00"), ("step:t", "95.00"),
        ("penalty", "-2"), ("total", "93.00"), ("class", "1.00"), ("key", "90.00"), ("place", "第 1 名")]
    by_code = {step.code: step for step in found.steps}
    assert by_code["step:votes_points"].detail == "人气分：votes 50，最高 200，折算 5.00"
    assert (by_code["penalty"].label, by_code["penalty"].detail) == ("扣分和加分", "共扣 2 分")
    assert by_code["total"].detail == "取“合成”，保留 2 位小数，四舍五入"
    assert found.sentence.endswith("；合成：最好一轮 90.00 + 人气分 5.00 = 95.00；第 3 轮 1.00，总分 93.00，最好一轮 90.00，第 1 名。")
    assert [step.result for step in explain(scheme, facts, compute(scheme, facts), 2).steps[:3]] == ["80.00", "未参加", "0.00"]


def test_imported_figures_have_names():
    scheme = Scheme(PARTS[:1], total="votes", labels=(("votes", "网络投票"),), ties=(TieRule("figure_high", "votes"), TieRule("shared")))
    facts = field(*[EntryFact(at, str(at), figures={"a": 0, "votes": pts("7.001") + at}) for at in (1, 2)])
    outcome = compute(scheme, facts)
    assert explain(scheme, facts, outcome, 1).steps[1].detail == "取“网络投票”，保留 2 位小数，四舍五入"
    assert outcome.standing(1).reason == "总分 7.00，第 2 名；与 2 号同分，按“网络投票”低者列后（7.0011 < 7.0012）"


def test_out_of_competition_is_measured_without_joining():
    steps = (Step("t", "合成", "rank", ("a",)),)
    scheme = Scheme(PARTS, steps=steps, total="t", better="low")
    facts = field(EntryFact(1, "1", "out_of_competition", figures={"a": pts(90)}), EntryFact(2, "2", figures={"a": pts(80)}))
    detail = explain(scheme, facts, compute(scheme, facts), 1).steps[3].detail
    assert detail == "合成：第 1 轮 90.00，在 1 个参赛对象中相当于第 1 名"


def test_penalties_where_less_is_better():
    scheme = Scheme(PARTS[:1], total="a", better="low")
    facts = field(EntryFact(1, "1", figures={"a": pts(50)}, penalties=(PenaltyFact(pts(5), "碰杆"),)))
    found = explain(scheme, facts, compute(scheme, facts), 1).steps[1]
    assert (found.label, found.result, found.detail) == ("罚分", "+5", "共罚 5 分")


def test_an_unfinished_entry_shows_no_derived_figures():
    part = Part("z", "面试", kind="figure")
    scheme = Scheme((*PARTS, part), steps=(Step("t", "合成", "sum", ("a", "z")),), total="t")
    facts = field(EntryFact(1, "1", figures={"a": pts(50)}))
    assert [step.code for step in explain(scheme, facts, compute(scheme, facts), 1).steps] == ["part:a", "part:b", "part:c", "part:z", "place"]
