"""Rosters to download: they open, guide, and come back in."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from compete.excel import intake, roster_templates

ROWS = {
    "projects": {"序号": 1, "赛项": "金成果", "项目名称*": "某项目", "单位*": "某单位", "第一完成人*": "张三", "其他完成人": "李四、王五", "联系电话": "13800000000"},
    "teams": {"序号": 1, "赛项": "金成果", "队名*": "一队", "单位*": "某单位", "姓名*": "张三", "角色": "队长"},
    "individuals": {"序号": 1, "赛项": "金成果", "姓名*": "张三", "单位*": "某单位", "代表队": "合肥队"},
    "judges": {"序号": 1, "姓名*": "张三", "单位*": "某大学", "职称": "教授", "角色": "总评委"},
}  # fmt: skip


@pytest.mark.parametrize("roster", roster_templates.TEMPLATES)
def test_a_template_holds_nothing_to_import_and_reads_back_what_is_filled_in(roster):
    data = roster_templates.build(roster, ["金成果", "金项目"])
    book = load_workbook(BytesIO(data))
    sheet = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[3]}
    for label, value in ROWS[roster].items():
        sheet.cell(5, columns[label], value)
    out = BytesIO()
    book.save(out)

    empty = intake.read(data, "模板.xlsx", roster)
    filled = intake.read(out.getvalue(), "模板.xlsx", roster)

    assert (empty["rows"], empty["problems"]) == ([], [])
    [row] = filled["rows"]
    assert (row["errors"], row["warnings"]) == ([], [])
    assert (row["members"][0]["name"], row["organization"]) == ("张三", ROWS[roster]["单位*"])


def test_numbers_of_persons_are_text_and_choices_are_lists():
    sheet = load_workbook(BytesIO(roster_templates.build("projects", ["金成果", "金项目"]))).worksheets[0]
    columns = {cell.value: cell.column_letter for cell in sheet[3]}

    assert {sheet[f"{columns[label]}5"].number_format for label in ("联系电话", "身份证号")} == {"@"}
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "whole", "textLength"}


def test_organisers_download_templates(innovation, alice, sign_in):
    answer = alice.get(f"{innovation.url}/imports/template/projects")

    assert load_workbook(BytesIO(answer.get_data())).sheetnames[0] == "参赛项目名单"
    alice.get(f"{innovation.url}/imports/template/nothing", status=404)
    sign_in(innovation.people.carol).get(f"{innovation.url}/imports/template/projects", status=403)
