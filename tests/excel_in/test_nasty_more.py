"""More of what organisers do to a form: examples, hints, prefilled lines, loose names of columns, old formats."""

import shutil
import subprocess

import openpyxl
import pytest

from compete.excel import fields
from compete.excel.parse import biff, compound, xls
from compete.excel.reader import read_workbook
from compete.excel.roster import read_roster

from tests.conftest import lacks
from tests.excel_in.places import shared
from tests.excel_in.sheets import resident_id, roster, saved, told

HEAD = ["序号", "成果名称", "申报单位", "第一完成人", "联系电话"]


def best(label, kind="projects"):
    """The surest field of a label."""
    return min(fields.candidates(label, kind), default=(0, ""))[1]


@pytest.mark.parametrize("label, kind, field", [
    ("姓 名", "individuals", "leader"), ("* 身份证号\n（18位，必填）", "individuals", "id_number"), ("成果（项目）名称", "projects", "title"),
    ("作品名称／题目", "projects", "title"), ("单位／部门", "individuals", "organization"), ("报送单位名称（全称）", "projects", "organization"),
    ("项目第一负责人姓名", "projects", "leader"), ("选手手机号码", "individuals", "phone"), ("联系方式/手机", "projects", "phone"),
    ("代表队", "individuals", "delegation"), ("分赛区", "individuals", "delegation"), ("申报工种", "individuals", "event"),
    ("参赛组别", "teams", "event"), ("队伍名称", "teams", "team"), ("队员3", "teams", "members"), ("队员3/姓名", "teams", "members"),
    ("队员3/身份证号", "teams", "member_id"), ("其他完成人身份证号", "projects", "member_id"), ("开户行全称", "projects", "bank"),
    ("银行卡号", "individuals", "bank_account"), ("职称/职务", "judges", "position"), ("评委类别", "judges", "role"),
    ("联系人/姓名", "projects", ""), ("领队电话", "teams", ""), ("指导教师", "projects", ""), ("推荐单位意见", "projects", ""),
    ("办公电话", "projects", ""), ("备注", "projects", ""), ("性别", "individuals", "")])
def test_what_columns_are_called(label, kind, field):
    assert best(label, kind) == field


def test_a_title_merged_too_narrowly_is_no_heading():
    rows = [["2026年决赛名单", None, None, "附件1"], HEAD, [1, "甲", "一厂", "张三", None]]
    found = roster("projects", rows, ["A1:C1"])
    assert [c.label for c in found.sheets[0].table.columns] == HEAD


def test_examples_and_hints_below_the_header_are_no_entries():
    rows = [HEAD, ["必填", "必填", "必填", "必填", "选填"], ["示例", "智能巡检", "某厂", "张某", "13800000000"],
            [1, "甲", "一厂", "张三", None]]
    found = roster("projects", rows)
    assert [row.title for row in found.rows] == ["甲"]
    assert [(line.row, line.code) for line in found.sheets[0].table.skipped] == [(2, "hint"), (3, "example")]


def test_lines_filled_in_beforehand_are_told_not_taken():
    rows = [[*HEAD, "是否应用"], [1, "甲", "一厂", "张三", None, "是"], [2, None, None, None, None, "否"], [3, None, None, None, None, "否"]]
    found = roster("projects", rows)
    assert [row.title for row in found.rows] == ["甲"]
    assert [p.message for p in found.sheets[0].problems] == ["第3、4行共2行没有名称、单位和姓名，没有读入"]


def test_headings_of_groups_with_counts_and_colons():
    rows = [["序号", "姓名", "单位", "手机"], ["一、合肥市代表队（共2人）"], [1, "张三", "一厂", None], [2, "李四", "二厂", None],
            [None, "芜湖市代表队："], [1, "王五", "三厂", None], ["共计3人"]]
    found = roster("individuals", rows)
    assert [(r.leader.name, r.delegation) for r in found.rows] == [
        ("张三", "合肥市代表队"), ("李四", "合肥市代表队"), ("王五", "芜湖市代表队")]


def test_gaps_in_columns_that_others_fill():
    rows = [["序号", "姓名", "单位", "代表队", "参赛项目", "身份证号"]]
    rows += [[n, f"选手{'甲乙丙'[n - 1]}", "一厂", "安徽", "焊工", resident_id(f"3401021990010100{n}")] for n in (1, 2, 3)]
    rows += [[4, "选手丁", "一厂", None, None, None]]
    found = roster("individuals", rows)
    assert {p.message for p in found.rows[3].warnings} == {"缺参赛项目", "缺代表队", "缺身份证号"}
    assert found.rows[3].good


def test_captains_numbers_and_names_that_cannot_be():
    rows = [["队号", "参赛队", "单位", "姓名", "角色"], [1, "一队", "一厂", "张三", "队员"], [None, None, None, "李四", "队员"],
            [1, "二队", "二厂", "王五13800000001", "队长"], [None, None, None, "赵六", "队长"]]
    found = roster("teams", rows)
    assert told(found) == [("Sheet1 第2行", "全队没有队长"), ("Sheet1 第4行", "姓名“王五13800000001”中有数字"),
                           ("Sheet1 第4行", "全队有2名队长"), ("Sheet1 第4行", "队号与第2行相同")]
    assert all(row.good for row in found.rows)


def test_one_identity_number_under_two_names():
    number = resident_id("34010219900101004")
    rows = [["成果名称", "申报单位", "第一完成人", "身份证号"], ["甲", "一厂", "张三", number], ["乙", "一厂", "张三", number],
            ["丙", "一厂", "李四", number]]
    found = roster("projects", rows)
    assert told(found) == [("Sheet1 第4行", "身份证号与第2行相同，姓名不同")]


def test_a_list_of_people_in_one_column_has_its_leader_first():
    rows = [["序号", "项目名称", "单位", "主要完成人"], [1, "甲", "一厂", "张三、李四、王五"]]
    found = roster("projects", rows)
    assert [(m.name, m.role) for m in found.rows[0].members] == [("张三", "第一完成人"), ("李四", "成员"), ("王五", "成员")]


def test_the_sheets_name_is_the_event_unless_it_says_nothing():
    rows = [HEAD, [1, "甲", "一厂", "张三", None]]
    events = {name: roster("projects", rows, name=name).rows[0].event for name in (
        "Sheet1", "金成果", "金成果名单", "1.金项目汇总表", "选手", "决赛名单", "项目信息", "最具创新绿色技术")}
    assert events == {"Sheet1": "", "金成果": "金成果", "金成果名单": "金成果", "1.金项目汇总表": "金项目", "选手": "",
                      "决赛名单": "", "项目信息": "", "最具创新绿色技术": "最具创新绿色技术"}


def test_bank_data_and_credit_codes():
    rows = [["成果名称", "申报单位", "统一社会信用代码", "第一完成人", "户名", "银行账号", "开户行"],
            ["甲", "一厂", "91110000600037341L", "张三", "张三", "6222 0210 0112 2334 458", "工行合肥分行"],
            ["乙", "二厂", "91110000600037341A", "李四", "李四", 6222021001122334458, "工行"]]
    first, second = roster("projects", rows).rows
    assert (first.uscc, first.leader.account_name, first.leader.bank_account, first.leader.bank) == (
        "91110000600037341L", "张三", "6222021001122334458", "工行合肥分行")
    assert second.leader.bank_account == "" and sorted(p.code for p in second.errors) == ["destroyed", "uscc"]


def test_our_reader_of_old_workbooks_agrees_with_calamine():
    """Cell for cell, except where calamine leaves out errors and percent signs."""
    compared = 0
    for path in sorted(shared("cases/spreadsheets").glob("*.xls")):
        data = path.read_bytes()
        if not data.startswith(b"\xd0\xcf") or "51535" in path.name or read_workbook(data, path.name).__class__.__name__ == "Problem":
            continue
        try:
            ours = biff.read(compound.stream(data, "Workbook", "Book"))
        except biff.OtherVersion:
            continue
        for mine, other in zip(ours, xls._older(data), strict=True):
            lost = {(row, column) for row, column, flag in mine.flags if flag == "error"}
            cells = {(row[0], c): t for row in mine.rows for c, t in zip(row[1::2], row[2::2])}
            others = {(row[0], c): t for row in other.rows for c, t in zip(row[1::2], row[2::2])}
            assert {p: t for p, t in cells.items() if p not in lost and not t.endswith("%")} == {
                p: t for p, t in others.items() if not cells[p].endswith("%")}
            assert (mine.name, mine.hidden, sorted(mine.merges)) == (other.name, other.hidden, sorted(other.merges))
            compared += len(cells)
    assert compared > 5000


def test_an_old_workbook_says_the_same_as_the_new_one(tmp_path):
    """Hidden columns and rows, merges, formulas, long texts, percentages: written by LibreOffice as .xls."""
    if not shutil.which("soffice"):
        lacks("soffice")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "金成果"
    sheet.append([*HEAD, "占比", "合计", "身份证号"])
    for number in range(1, 400):
        sheet.append([number, "长" * (number % 300) + f"成果{number}", "一厂", "高　国艳", f"1380000{number:04d}", number / 1000, "=A2*2", 310113197302070007])
        sheet.cell(number + 1, 6).number_format = "0.0%"
    sheet.merge_cells("C2:C5")
    sheet.row_dimensions[7].hidden = True
    sheet.column_dimensions["E"].hidden = True
    book.create_sheet("作废").append(["序号"])
    book["作废"].sheet_state = "hidden"
    (tmp_path / "a.xlsx").write_bytes(saved(book))
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "xls", "a.xlsx"],
                   cwd=tmp_path, check=True, capture_output=True, timeout=120)
    old = read_workbook((tmp_path / "a.xls").read_bytes(), "a.xls")
    assert [(s.name, s.hidden) for s in old.sheets] == [("金成果", False), ("作废", True)]
    first = old.sheets[0]
    assert first.cells[11] == {1: "10", 2: "长" * 10 + "成果10", 3: "一厂", 4: "高　国艳", 5: "13800000010", 6: "1%", 7: "2", 8: "310113197302070000"}
    assert len(first.cells) == 400 and first.cells[300][2] == "长" * 299 + "成果299"
    assert (first.hidden_columns, first.hidden_rows, first.merges) == ((5,), {7}, ((2, 3, 5, 3),))
    assert {flag for flag in first.flags.values()} == {"destroyed"}
    found = read_roster(old, "projects")
    assert len(found.rows) == 399 and {p.code for row in found.rows for p in row.errors} == {"destroyed"}
