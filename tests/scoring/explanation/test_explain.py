from scoring import EntryFact, Panel, Part, PenaltyFact, Scheme, TieRule, compute, explain
from tests.scoring.build import entry, field, leaf, marked, plain, pts, roadshow, sheets

SEVEN = ("90", "92", "96.5", "91", "93", "88", "92.5")


def told(scheme, facts, number=1):
    return explain(scheme, facts, compute(scheme, facts), number)


def test_one_part():
    part = roadshow(Panel())
    found = told(plain(part), field(entry(1, part, *SEVEN)))
    assert found.sentence == ("现场路演：7 位评委，去掉最高 96.50（评委3）、最低 88.00（评委6），其余 5 位平均 91.70；"
                              "总分 91.70，第 1 名。")
    judged, total, place = found.steps
    assert [tuple(figure) for figure in judged.figures[2:4]] == [("评委3", "96.50", "最高分，去掉"), ("评委4", "91.00", "")]
    assert (total.result, place.result) == ("91.70", "第 1 名")


def test_parts_penalties_and_ties():
    theory = Part("theory", "理论", 400_000, "figure")
    practice = Part("practice", "实操", 600_000, criteria=(leaf("all", 100),), panel=Panel("mean"))
    facts = field(*[EntryFact(number, str(number), figures={"theory": pts(one)}, penalties=(PenaltyFact(pts(1), "超时", "practice"),),
                              sheets={"practice": sheets(practice, two)}) for number, one, two in ((1, 80, 80), (2, 86, 76))])
    found = told(Scheme((theory, practice), ties=(TieRule("part", "practice"),)), facts)
    assert [(step.code, step.result) for step in found.steps] == [
        ("part:theory", "80.00"), ("part:practice", "80.00"), ("sum", "80.0000"), ("penalty", "-1"), ("total", "79.00"),
        ("ties", "第 1 名"), ("place", "第 1 名")]
    assert found.steps[3].figures[0].note == "实操：超时"
    assert found.steps[2].detail == "80.00 × 40% + 80.00 × 60% = 80.0000"
    assert found.sentence.endswith("与 2 号同分，按“实操”高者列前（80.00 > 76.00）。")


def test_an_unfinished_entry():
    part = roadshow(Panel("mean"))
    found = told(plain(part), field(entry(1, part, "80", "draft")))
    assert [(figure.text, figure.note) for figure in found.steps[0].figures] == [("80.00", ""), ("—", "未提交")]
    assert [step.result for step in found.steps] == ["未完成", "未完成"]


def test_per_criterion_the_dropped_marks_are_named():
    part = roadshow(Panel(level="criterion", minimum_judges=3), criteria=(leaf("a", 50, 50, name="甲"), leaf("b", 50, 50, name="乙")))
    facts = field(EntryFact(1, "1", sheets={"roadshow": marked(part, *[{"a": a, "b": 30} for a in (40, 30, 50)])}))
    found = told(plain(part), facts)
    assert [tuple(figure) for figure in found.steps[0].figures[3:5]] == [
        ("甲 · 评委2", "30", "最低分，去掉"), ("甲 · 评委3", "50", "最高分，去掉")]
    assert found.steps[0].detail == "现场路演：3 位评委，每个评分项按“去掉最高最低分后平均”合成，得 70.00"


def test_without_result():
    part = roadshow()
    found = told(plain(part), field(entry(1, part, status="absent")))
    assert found.sentence == "缺考，不排名次。"


def test_median_and_recusal():
    part = roadshow(Panel("median", minimum_judges=3))
    found = told(plain(part), field(entry(1, part, "80", "90", "recused", "70")))
    assert found.steps[0].detail == "现场路演：3 位评委（另有 1 位回避），中位数 80.00"
    assert found.steps[0].figures[2].note == "回避"


def test_a_small_panel_says_that_it_fell_back():
    part = roadshow(Panel())
    found = told(plain(part), field(entry(1, part, "80", "90", "85", "absent", "recused")))
    assert found.steps[0].detail == "现场路演：3 位评委（另有 1 位回避、1 位缺席），少于规定的 5 位，改用平均 85.00"


def test_the_floor_is_named():
    part = roadshow(Panel("mean"))
    found = told(plain(part), field(entry(1, part, "1", penalties=(PenaltyFact(pts(5), "违规"),))))
    assert (found.steps[2].result, found.steps[2].detail) == ("0.00", "保留 2 位小数，四舍五入；最低计 0 分")
