"""The workbook form carries what the JSON form does; one sheet of marks is enough for a simple contest."""

import json
from datetime import time, timedelta
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from compete.excel import quick, tally_cells
from compete.excel.reader import read_workbook as read_careful
from compete.excel.tally_layout import columns_of, sections, single_columns
from compete.excel.tally_out import write_result
from compete.excel.tally_read import Rule, read_workbook, to_data
from compete.excel.tally_write import template, workbook
from scoring import form
from scoring.form.records import known
from scoring.scheme import Scheme

CASES = sorted((Path(__file__).resolve().parents[1] / "cases").glob("*.json"))
RICH = {
    "format": "compete-tally", "version": 1, "title": "焊工", "source": "成绩册",
    "scheme": {
        "parts": [
            {"code": "theory", "name": "理论考试", "weight": 30, "kind": "figure", "criteria": [{"code": "paper", "step": 1}]},
            {"code": "skill", "name": "实操", "weight": 70, "panel": {"minimum_judges": 3, "rounding": {"places": 3, "mode": "floor"}, "standard": {}},
             "criteria": [
                 {"code": "a", "name": "工艺", "weight": 60, "anchors": [[8, "优；秀=好"], [6, "良"]], "children": [
                     {"code": "a1", "maximum": 60, "step": 1}, {"code": "a2", "maximum": 40, "step": "0.5"}]},
                 {"code": "b", "name": "安全", "weight": 40, "maximum": 10}]}],
        "steps": [{"code": "best", "name": "总", "rule": "sum", "of": ["theory", "skill"], "weights": [30, 70]}],
        "total": "best", "ties": [{"code": "part", "argument": "skill"}, {"code": "shared"}], "floor": None,
        "tiers": [{"code": "first", "name": "一等奖", "count": 1, "prize": 2000},
                  {"code": "second", "name": "二等奖", "fraction": "1/4", "requires": ["!first"]}],
        "teams": [{"code": "team", "name": "团体", "rule": "best", "keep": 2, "ties": [{"code": "better_places"}],
                   "tiers": [{"code": "g", "name": "组织奖", "count": 1}]}],
        "promotion": {"name": "决赛", "count": 1}},
    "judges": {"J1": "张三", "J2": "李四"}, "chief": ["J1"],
    "entries": [
        {"number": "007", "name": "甲", "organization": "一建", "figures": {"theory": 80, "用时": "1:02.5"}, "penalties": [{"points": 2, "reason": "超时", "part": "skill"}],
         "marks": {"skill": {"J1": {"a1": 50, "a2": "30.5", "b": 9}, "J2": {"a1": 51, "a2": 30, "b": 9}, "J3": "recused"}}},
        {"number": "8", "name": "=乙", "status": "absent", "persons": ["a、b", "c"], "figures": {"编号": 3}},
        {"number": "9", "organization": "一建", "figures": {"theory": 70}, "replacements": {"skill": {"J1": 60}},
         "marks": {"skill": {"J1": {"a1": 50}, "J2": None, "J4": {"a1": 1, "a2": 2, "b": 3}}}}],
    "decisions": [{"numbers": ["007", "9"], "reason": "抽签"}], "vacancies": {"first": 1}}


def tally_of(data):
    found = form.read(data)
    assert isinstance(found, form.Tally), [str(problem) for problem in found]
    return found


def through_a_workbook(tally, path):
    path.write_bytes(workbook(form.write(tally)))
    return read_workbook(path, Rule()).tally


def sheet(path, rows, name="Sheet1", **more):
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    for title, others in more.items():
        for row in others:
            (book[title] if title in book.sheetnames else book.create_sheet(title)).append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_case_is_the_same_in_both_forms(case, tmp_path):
    data = form.loads(case.read_bytes())
    tally = tally_of(data.get("file", data))
    assert through_a_workbook(tally, tmp_path / "case.xlsx") == tally
    assert form.read(form.loads(form.dumps(form.write(tally)))) == tally


def test_a_nested_scheme_with_everything_is_the_same_in_both_forms(tmp_path):
    tally = tally_of(form.loads(json.dumps(RICH)))
    assert through_a_workbook(tally, tmp_path / "rich.xlsx") == tally


@pytest.mark.parametrize("panel", [{"rule": "median"}, {"rule": "sum", "minimum_judges": 5}, {"drop_low": 0}, {}])
def test_the_judges_a_panel_needs_are_the_same_in_both_forms(panel, tmp_path):
    part = {"code": "run", "name": "单轮", "criteria": [{"code": "score"}], "panel": panel}
    tally = tally_of({"format": "compete-tally", "version": 1, "scheme": {"parts": [part]}, "entries": [{"number": "1", "marks": {"run": {"J1": 5}}}]})
    assert through_a_workbook(tally, tmp_path / "f.xlsx") == tally


def test_a_large_workbook_is_read_the_quick_way_with_the_same_result(tmp_path, monkeypatch):
    tally, path = tally_of(form.loads(json.dumps(RICH))), tmp_path / "rich.xlsx"
    carefully = through_a_workbook(tally, path)
    monkeypatch.setattr(tally_cells, "DIRECT", 0)
    assert read_workbook(path, Rule()).tally == carefully


def test_every_field_of_a_scheme_has_one_column():
    single = {column.path[1:] for column in single_columns() if column.path[0] == "scheme" and not column.record}
    listed = {section.name for section in sections() if section.owner is None}
    assert {path[0] for path in single} | listed == set(known(Scheme))
    for section in sections():
        labels = [*section.heads, *(column.label for column in section.columns)]
        assert len(set(labels)) == len(labels), section.label
        assert section.columns == columns_of(section.kind)


def test_the_template_can_be_computed_as_it_is(tmp_path):
    path = tmp_path / "样表.xlsx"
    path.write_bytes(template())
    tally = read_workbook(path, Rule()).tally
    assert isinstance(tally, form.Tally), [str(problem) for problem in tally]
    worked = form.work_out(tally)
    assert worked.problems == () and worked.outcome.standings[0].place == 1 and worked.given


@pytest.mark.parametrize("change, message", [
    (("■ 奖向",), "方案 第 7 行：没有“奖向”这一部分。是否为“奖项”？"),
    (("■ 奖项",), None),
])
def test_slips_in_the_sheet_of_the_scheme_are_told_with_their_row(change, message, tmp_path):
    rows = [["■ 评分环节"], ["代码", "名称"], ["a", "路演"], ["■ 评分项"], ["评分环节", "代码"], ["路演", "x"], list(change)]
    found = read_workbook(sheet(tmp_path / "x.xlsx", rows, "方案"), Rule()).tally
    assert [str(problem) for problem in found] == [message] if message else isinstance(found, form.Tally)


@pytest.mark.parametrize("rows, message", [
    ([["■ 方案"], ["排名一据", "x"]], "方案 第 2 行：没有“排名一据”这一项。是否为“排名依据”？"),
    ([["■ 评分环节"], ["代码", "权从"], ["a", 1]], "方案 第 2 行：“评分环节”没有“权从”这一列。是否为“权重”？"),
    ([["■ 评分环节"], ["代码"], ["a"], ["b"], ["■ 评分项"], ["评分环节", "代码"], ["c", "x"]], "方案 第 7 行：没有“c”这个评分环节。可用的有 a、b"),
    ([["■ 评分环节"], ["代码"], ["a"], ["■ 评分项"], ["代码", "上级"], ["x", "y"]], "方案 第 6 行：没有“y”这个上级"),
])
def test_what_cannot_be_placed_is_told(rows, message, tmp_path):
    found = read_workbook(sheet(tmp_path / "x.xlsx", rows, "方案"), Rule()).tally
    assert str(found[0]) == message


def test_rows_of_marks_need_their_entry(tmp_path):
    rows = [["■ 评分环节"], ["代码"], ["a"], ["■ 评分项"], ["代码"], ["x"]]
    path = sheet(tmp_path / "x.xlsx", rows, "方案", 参赛对象=[["编号", "姓名"], [1, "甲"]], 打分=[["编号", "J1", "J2"], [1, 80, "缺席"], [2, 90, None]])
    found = read_workbook(path, Rule()).tally
    assert [str(problem) for problem in found] == ["打分 第 3 行：“参赛对象”中没有编号 2。请补上这个参赛对象，或删去这一行"]


def test_people_may_write_names_and_times(tmp_path):
    rows = [["■ 评分环节"], ["代码", "名称", "来源"], ["a", "路演", "评委打分"], ["t", "理论", "导入成绩"], ["■ 评分项"], ["评分环节", "代码", "名称"], ["路演", "x", "创新"],
            ["路演", "y", "表达"], ["■ 方案"], ["总分", "路演"]]
    rows[1:4] = [["代码", "名称", "来源", "权重"], ["a", "路演", "评委打分", 60], ["t", "理论", "导入成绩", 40]]
    rows[5:8] = [["评分环节", "代码", "名称", "权重"], ["路演", "x", "创新", 50], ["路演", "y", "表达", 50]]
    path = sheet(tmp_path / "x.xlsx", rows[:8], "方案", 评委=[["代码", "姓名"], ["J1", "张三"]],
                 参赛对象=[["编号", "姓名", "理论", "用时"], [1, "甲", 88, time(0, 1, 2, 500_000)]],
                 **{"打分 路演": [["编号", "张三·创新", "张三·表达"], [1, 80, 85.5]]})
    data, problems = to_data(tally_cells.open_grids(path))
    entry = data["entries"][0]
    assert problems == [] and entry["marks"] == {"a": {"J1": {"x": "80", "y": "85.5"}}}
    assert entry["figures"]["t"] == "88"


@pytest.mark.parametrize("cell, shown", [
    (12.100000000000001, "12.1"), (7.0, "7"), (" 甲 ", "甲"), (True, "是"), (timedelta(minutes=61, seconds=2.5), "1:01:02.5"), (time(0, 1, 2), "0:01:02"), (None, "")])
def test_cells_are_what_a_spreadsheet_shows(cell, shown):
    assert tally_cells.text(cell) == shown


# --- one sheet of marks -------------------------------------------------------------------------------------------------

HEAD = ["编号", "姓名", "单位", "评委1", "评委2", "评委3", "评委4", "评委5", "备注", "性别"]
ROWS = [["001", "甲", "一建", 90, 91.5, "92", 70, 99, None, "男"], [2, "乙", "二建", 80, "回避", 81, 82, 83, None, "女"]]


def test_one_sheet_is_enough(tmp_path):
    found = read_workbook(sheet(tmp_path / "marks.xlsx", [["某某大赛打分表"], HEAD, *ROWS]), Rule())
    worked = form.work_out(found.tally)
    assert [(one.number, one.score_text) for one in worked.outcome.standings] == [("001", "91.17"), ("2", "81.50")]
    assert found.note == "规则：去掉最高最低分后平均（1 个最高分、1 个最低分），保留 2 位小数，同分并列。可用 --rule 等选项更改"
    assert [str(notice) for notice in found.tally.notices] == ["Sheet1 · 性别：这一列没有用到"]
    assert form.read(form.loads(form.dumps(form.write(found.tally)))).facts == found.tally.facts


@pytest.mark.parametrize("rule, scores", [
    (Rule("mean"), ["88.50", "81.50"]), (Rule("median", places=1), ["91.5", "81.5"]), (Rule("trimmed_mean", 2, 1, 3), ["90.750", "81.000"])])
def test_the_rule_may_be_chosen(rule, scores, tmp_path):
    tally = read_workbook(sheet(tmp_path / "marks.xlsx", [HEAD, *ROWS]), rule).tally
    assert [one.score_text for one in form.work_out(tally).outcome.standings] == scores


def test_all_problems_of_the_sheet_come_at_once_with_row_and_judge(tmp_path):
    rows = [HEAD, ["1", "甲", "", 101, "abc", 1, 1, 1], ["1", "乙", "", 1, 1, 1, 1, 1], [None, "丙", "", 5, 1, 1, 1, 1], [None, "说明"]]
    found = read_workbook(sheet(tmp_path / "marks.xlsx", rows), Rule()).tally
    assert [problem.where for problem in found] == ["Sheet1 第 2 行 · 1 号 · 评委1", "Sheet1 第 2 行 · 1 号 · 评委2", "Sheet1 第 3 行", "Sheet1 第 4 行"]


def test_a_dash_is_no_member_of_the_panel_and_a_blank_a_missing_mark(tmp_path):
    rows = [HEAD, ["1", "甲", "", 80, 80, 80, "—", "—"], ["2", "乙", "", 90, 90, 90, 90, None]]
    outcome = form.work_out(read_workbook(sheet(tmp_path / "marks.xlsx", rows), Rule("mean")).tally).outcome
    assert [(one.number, one.status) for one in outcome.standings] == [("1", "competing"), ("2", "incomplete")]


@pytest.mark.parametrize("rows", [[["a", "b"], [1, 2]], [["编号", "姓名"], [1, "甲"]]])
def test_a_sheet_without_numbers_and_judges_is_refused(rows, tmp_path):
    assert read_workbook(sheet(tmp_path / "x.xlsx", rows), Rule()).tally.code == "no_scheme"


# --- the result ---------------------------------------------------------------------------------------------------------


def cells(path, name):
    return [[cell for cell in row] for row in openpyxl.load_workbook(path, data_only=True)[name].values]


def test_a_plain_scheme_gives_the_products_workbook_with_formulas(tmp_path):
    tally = read_workbook(sheet(tmp_path / "marks.xlsx", [HEAD, *ROWS]), Rule()).tally
    write_result(form.work_out(tally), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert book.sheetnames[0] == "成绩汇总表"
    assert any(str(cell).startswith("=") for row in book["成绩汇总表"].values for cell in row)


def test_other_rules_and_large_fields_give_figures(tmp_path):
    worked = form.work_out(tally_of(form.loads(json.dumps(RICH))))
    write_result(worked, tmp_path / "out.xlsx")
    rows = cells(tmp_path / "out.xlsx", "成绩汇总表")
    assert rows[0][:4] == ["名次", "编号", "名称", "单位"] and rows[0][-3:] == ["扣分", "总分", "备注"]
    assert len(rows) == 4
    assert cells(tmp_path / "out.xlsx", "晋级")[0] == ["编号", "名称", "单位", "方式", "赛区", "得分"]


def test_a_large_field_is_written_with_every_figure(tmp_path):
    rows = [HEAD[:8], *([f"{at:04d}", f"选手{at}", "@单位", *(60 + at * k % 40 for k in range(1, 6))] for at in range(1, 1201))]
    worked = form.work_out(read_workbook(sheet(tmp_path / "marks.xlsx", rows), Rule()).tally)
    write_result(worked, tmp_path / "out.xlsx")
    written = cells(tmp_path / "out.xlsx", "成绩汇总表")
    by_number = {row[1]: row for row in written[1:]}
    assert written[0] == ["名次", "编号", "名称", "单位", *HEAD[3:8], "总分", "备注"]
    for standing in worked.outcome.standings:
        row = by_number[standing.number]
        assert (row[0], row[3], f"{row[9]:.2f}") == (standing.place, "@单位", standing.score_text)
        assert row[4:9] == [60 + int(standing.number) * k % 40 for k in range(1, 6)]


def test_words_stand_where_a_judge_gave_no_mark(tmp_path):
    rows = [HEAD[:8], ["1", "a<b&c", "@x", 80, 80, 80, "—", "回避"], ["2", "乙", "", 90, 90, 90, 90, None]]
    rows += [[str(at), "丙", "", 1, 2, 3, 4, 5] for at in range(3, 1003)]
    clean = [[cell.replace("\x01", "") if isinstance(cell, str) else cell for cell in row] for row in rows]
    worked = form.work_out(read_workbook(sheet(tmp_path / "marks.xlsx", clean), Rule("mean")).tally)
    write_result(worked, tmp_path / "out.xlsx")
    written = cells(tmp_path / "out.xlsx", "成绩汇总表")
    assert [cell or "" for cell in written[1]] == [1, "1", "a<b&c", "@x", 80, 80, 80, "", "回避", 80, ""]
    assert written[-1][4:10] == [90, 90, 90, 90, "未评", None] and written[-1][10].startswith("评分缺 评委5 的打分")


def test_the_quick_workbook_is_read_by_other_programs_alike(tmp_path):
    """openpyxl, calamine and our own careful reader see the same; two writings are the same bytes."""
    columns = [quick.Column("名次", quick.WHOLE), quick.Column("名称"), quick.Column("分", quick.POINTS)]
    texts = quick.Texts()
    rows = [(1, texts["=甲"], "91.50"), [None, texts[" 乙\n"], quick.Word("缺考")]]
    for name in "ab":
        quick.write(tmp_path / f"{name}.xlsx", [("表[1]", columns, rows), ("空", columns, [])])
    path = tmp_path / "a.xlsx"
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert cells(path, "表1") == [["名次", "名称", "分"], [1, "=甲", 91.5], [None, " 乙\n", "缺考"]]
    assert CalamineWorkbook.from_path(str(path)).get_sheet_by_name("表1").to_python()[1] == [1.0, "=甲", 91.5]
    assert read_careful(path.read_bytes(), "a.xlsx").sheets[0].cells[2] == {1: "1", 2: "=甲", 3: "91.5"}
