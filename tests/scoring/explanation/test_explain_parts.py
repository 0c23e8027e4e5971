"""Every panel rule has its sentence, and every step of a sheet its figure."""

from dataclasses import replace

import pytest

from scoring import UNIT, Criterion, EntryFact, Facts, Panel, Part, Rounding, Scheme, Standard, compute, explain
from tests.scoring.build import entry, field, leaf, marked, plain, pts, roadshow


def detail(part, *entries, **more):
    facts = field(*entries)
    scheme = plain(part, **more)
    return explain(scheme, facts, compute(scheme, facts), entries[0].entry).steps[0]


def told(panel, *totals, **more):
    part = roadshow(panel)
    return detail(part, entry(1, part, *totals), **more).detail


@pytest.mark.parametrize("panel, totals, sentence", [
    (Panel(), ("96.5", 88, 92, 92, 93), "5 位评委，去掉最高 96.50（评委1）、最低 88.00（评委2），其余 3 位平均 92.33"),
    (Panel("trimmed_sum", minimum_judges=3), (8, 9, 7), "3 位评委，去掉最高 9.00（评委2）、最低 7.00（评委3），其余 1 位相加 8.00"),
    (Panel("sum", minimum_judges=3), (8, 9, 7), "3 位评委，相加 24.00"),
    (Panel("sum", minimum_judges=3), (8, 9, "recused"), "3 位评委中 1 位回避，按比例折算为 3 位计 25.50"),
    (Panel("sum"), (8, 9, 7), "3 位评委，相加 24.00"),
    (Panel("trimmed_sum"), (8, 9, 7, "recused", "absent"),
     "5 位评委中 1 位回避、1 位缺席，去掉最高 9.00（评委2）、最低 7.00（评委3），其余 1 位相加，按比例折算为 3 位计 24.00"),
    (Panel("trimmed_sum"), (8, 9, "recused", "recused"), "4 位评委中 2 位回避，不够去掉最高最低，按平均分乘以 2 计 17.00"),
    (Panel("trimmed_sum"), (8, 9), "2 位评委，不够去掉最高最低，按平均分计 8.50"),
    (Panel("trimmed_sum", 0, 0, 2), (8, 9), "2 位评委，相加 17.00"),
    (Panel("highest"), (8, 9, 7), "3 位评委，取最高 9.00（评委2）"),
    (Panel("lowest"), (8, 9, 7), "3 位评委，取最低 7.00（评委3）"),
    (Panel("clamped_mean", minimum_judges=3, clamp=5 * UNIT), (80, 90, 79), "3 位评委，评委2 的 90.00 偏离平均分超过 5，按 88.00 计，平均 82.33"),
    (Panel("clamped_mean", minimum_judges=3, clamp=5 * UNIT), (80, 70, 81), "3 位评委，评委2 的 70.00 偏离平均分超过 5，按 72.00 计，平均 77.67"),
    (Panel("outlier_mean", minimum_judges=3, clamp=5 * UNIT), (80, 90, 79), "3 位评委，剔除偏离平均分超过 5 的 90.00（评委2），其余 2 位平均 79.50"),
    (Panel("clamped_mean", minimum_judges=5, clamp=5 * UNIT), (80, 90), "2 位评委，少于规定的 5 位，改用平均 85.00"),
    (Panel("median", minimum_judges=1), (80, 90, 79), "3 位评委，中位数 80.00")])
def test_rules(panel, totals, sentence):
    assert told(panel, *totals) == f"现场路演：{sentence}"


def field_of(panel, *rows):
    part = roadshow(panel)
    return detail(part, *[entry(number, part, *row) for number, row in enumerate(rows, 1)], better="low").detail


ROWS = (90, 90, 60), (80, 80, 95), (70, 90, 70)


@pytest.mark.parametrize("panel, sentence", [
    (Panel("rank_sum", minimum_judges=3), "3 位评委，名次分别为 1、1.5、3，名次和 5.50"),
    (Panel("rank_mean"), "3 位评委，名次分别为 1、1.5、3，平均名次 1.83"),
    (Panel("rank_sum"), "3 位评委，名次分别为 1、1.5、3，名次和 5.50"),
    (Panel("majority"), "3 位评委，名次分别为 1、1.5、3，2 位评委列第 2 名及以前，过半数，列第 1 名"),
    (Panel("pairwise"), "3 位评委，名次分别为 1、1.5、3，与其余对象两两比较，计 1.5 场")])
def test_places(panel, sentence):
    assert field_of(panel, *ROWS) == f"现场路演：{sentence}"


def test_a_sum_of_places_in_proportion():
    row = (90, 90, "recused")
    assert field_of(Panel("rank_sum"), row, (80, 80, 95), (70, 90, 70)) == (
        "现场路演：3 位评委中 1 位回避，名次分别为 1、1.5，按比例折算为 3 位计 3.75")


def test_standard_scores_and_a_re_review():
    part = roadshow(Panel("mean", standard=Standard(rounding=Rounding(2))))
    entries = [entry(number, part, *row) for number, row in enumerate(((60, 80), (70, 70), (80, 60)), 1)]
    entries[0] = entries[0]._replace(replacements={"roadshow": {2: pts("64.81")}})
    step = detail(part, *entries)
    assert step.detail == ("现场路演：2 位评委，评委1 原始分 60.00 换算 40.00、评委2 原始分 80.00 换算 60.00，"
                           "评委2 复议后 64.81 替代 60.00，平均 52.41")
    assert [(figure.text, figure.note) for figure in step.figures] == [("60.00", "换算 40.00"), ("80.00", "换算 60.00，复议后 64.81；已复议")]


def test_a_replaced_total_that_is_dropped():
    part = roadshow(Panel(minimum_judges=3))
    fact = entry(1, part, 60, 80, 100)._replace(replacements={"roadshow": {3: pts(90)}})
    assert detail(part, fact).detail == ("现场路演：3 位评委，评委3 复议后 90.00 替代 100.00，"
                                         "去掉最高 90.00（评委3）、最低 60.00（评委1），其余 1 位平均 80.00")


def test_multiple_and_factor():
    part = replace(roadshow(Panel("trimmed_mean", 2, 2)), multiple="3", factor="难度系数")
    dive = entry(1, part, 8, "8.5", "8.5", 9, "8.5", 8, "7.5", figures={"难度系数": pts("3.2")})
    assert detail(part, dive).detail == ("现场路演：7 位评委，去掉最高 8.50（评委2）、9.00（评委4）、最低 8.00（评委6）、7.50（评委7），"
                                         "其余 3 位平均 8.33，× 3，× 难度系数 3.2，得 80.00")
    plain_code = detail(replace(part, factor="difficulty"), dive._replace(figures={"difficulty": pts(2)})).detail
    assert plain_code.endswith("平均 8.33，× 3，× 系数（difficulty） 2，得 50.00")
    named = detail(replace(part, factor="difficulty"), dive._replace(figures={"difficulty": pts(2)}), labels=(("difficulty", "难度系数"),)).detail
    assert named.endswith("平均 8.33，× 3，× 难度系数 2，得 50.00")
    without = dive._replace(figures={})
    assert detail(part, without).detail == "现场路演缺少系数“难度系数”"
    assert compute(plain(part), field(without)).standings[0].reason == "现场路演缺少系数“难度系数”"


def test_an_imported_figure_with_a_multiple():
    part = Part("theory", "理论", kind="figure", multiple="2")
    fact = EntryFact(1, "1", figures={"theory": pts(44)})
    assert detail(part, fact).detail == "理论 44.00，× 2，得 88.00"


def test_each_judge_rounded():
    part = roadshow(Panel("mean", judge_rounding=Rounding(0)), criteria=(leaf("a", 100, 3),))
    fact = EntryFact(1, "1", sheets={"roadshow": marked(part, {"a": 1}, {"a": 2})})
    assert detail(part, fact).detail == "现场路演：2 位评委，评委1 原始分 33.33 舍入为 33、评委2 原始分 66.67 舍入为 67，平均 50.00"


def test_marks_of_the_team_and_per_criterion():
    criteria = (Criterion("j", "评判", 0, pts(1), kind="judgement"), Criterion("t", "长度", 0, pts(2), kind="yes_no", team=True))
    part = Part("p", "模块", criteria=criteria, scale="raw", panel=Panel("mean", level="criterion"))
    fact = EntryFact(1, "1", sheets={"p": marked(part, {"j": 3}, {"j": 2, "t": 1})})
    scheme = Scheme((part,))
    found = explain(scheme, Facts((fact,)), compute(scheme, Facts((fact,))), 1).steps[0]
    assert found.detail == "模块：2 位评委，“长度”集体记分，每个评分项按“平均分”合成，得 2.83"
