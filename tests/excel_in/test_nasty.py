"""Workbooks with the mistakes that organisers make, none of them among the shared ones."""

import openpyxl

from compete.excel.reader import read_workbook
from compete.excel.roster import Mapping, match_columns, read_roster
from compete.excel.tables import find_table

from tests.excel_in.sheets import resident_id, roster, saved, told, workbook_bytes

HEAD = ["序号", "成果名称", "申报单位", "第一完成人", "联系电话"]


def titles(found):
    return [row.title for row in found.rows]


def test_three_header_rows_with_merges():
    rows = [
        ["报名汇总表"], ["序号", "项目基本信息", None, "申报人", None, None],
        [None, "项目名称", "完成单位", "负责人信息", None, "其他完成人"], [None, None, None, "姓名", "手机号码", None],
        [1, "智能巡检", "合肥电力公司", "张三", 13800000001, "李四、王五"]]
    found = roster("projects", rows, ["A1:F1", "A2:A4", "B2:C2", "D2:F2", "B3:B4", "C3:C4", "D3:E3", "F3:F4"])
    assert found.sheets[0].table.header_rows == (2, 4)
    assert [c.label for c in found.sheets[0].table.columns] == [
        "序号", "项目基本信息/项目名称", "项目基本信息/完成单位", "申报人/负责人信息/姓名", "申报人/负责人信息/手机号码", "申报人/其他完成人"]
    row, = found.rows
    assert (row.title, row.organization, [m.name for m in row.members], row.leader.phone) == (
        "智能巡检", "合肥电力公司", ["张三", "李四", "王五"], "13800000001")
    assert told(found) == []


def test_headings_written_without_merging():
    rows = [["序号", "成果名称", "申报单位", "完成人", None, "联系方式", None],
            [None, None, None, "第一完成人", "其他完成人", "联系电话", "身份证号"],
            [1, "甲", "一厂", "张三", "李四", "13800000001", None]]
    found = roster("projects", rows)
    assert [c.label for c in found.sheets[0].table.columns][3:] == [
        "完成人/第一完成人", "完成人/其他完成人", "联系方式/联系电话", "联系方式/身份证号"]
    assert titles(found) == ["甲"]


def test_header_in_row_nine_below_instructions():
    rows = [["附件2"], ["全市职工技术创新竞赛报名表"], ["填报单位（盖章）：合肥市总工会", None, None, "联系人：李四"], [],
            ["填表说明"], ["1.请勿修改表头"], ["2.电话请填手机号"], [], HEAD, [1, "甲", "一厂", "张三", "13800000001"]]
    found = roster("projects", rows)
    assert found.sheets[0].table.header_rows == (9, 9)
    assert (found.rows[0].row, found.rows[0].title) == (10, "甲")


def test_totals_in_the_middle_and_headings_between_groups():
    rows = [HEAD, ["一、合肥市"], [1, "甲", "一厂", "张三", "13800000001"], [2, "乙", "二厂", "李四", "13800000002"],
            ["小计", None, "2项"], ["二、芜湖市"], [1, "丙", "三厂", "王五", "13800000003"], ["小 计", None, "1项"],
            ["合　计：3项"], [], ["填表人：赵六", None, "审核人：钱七", None, "2026年11月22日"], ["注：以上信息均属实。"]]
    found = roster("projects", rows)
    assert [(row.title, row.delegation) for row in found.rows] == [("甲", "合肥市"), ("乙", "合肥市"), ("丙", "芜湖市")]
    skipped = {line.row: line.code for line in found.sheets[0].table.skipped}
    assert skipped == {2: "section", 5: "total", 6: "section", 8: "total", 9: "total", 11: "signature", 12: "note"}
    assert found.sheets[0].table.skipped[0].reason == "分组标题"
    assert told(found) == []


def test_a_merged_heading_names_the_event():
    rows = [HEAD, ["焊工赛项"], [1, "甲", "一厂", "张三", None], ["钳工赛项"], [1, "乙", "二厂", "李四", None]]
    found = roster("projects", rows, ["A2:E2", "A4:E4"])
    assert [(row.title, row.event, row.delegation) for row in found.rows] == [("甲", "焊工赛项", ""), ("乙", "钳工赛项", "")]


def test_names_with_spaces_and_every_separator():
    rows = [[*HEAD, "其他完成人"],
            [1, "甲", "一厂", "张　三", None, "李 四，王五; 赵六/钱七"],
            [2, "乙", "二厂", "欧阳 明日", None, "孙 八 周九 吴 十"],
            [3, "丙", "三厂", "阿依古丽．买买提", None, "1.郑十一\n2.冯十二 等"],
            [4, "丁", "四厂", "John  Smith", None, "陈十三 褚十四"]]
    found = roster("projects", rows)
    assert [[m.name for m in row.members] for row in found.rows] == [
        ["张三", "李四", "王五", "赵六", "钱七"], ["欧阳明日", "孙八", "周九", "吴十"],
        ["阿依古丽·买买提", "郑十一", "冯十二"], ["John Smith", "陈十三", "褚十四"]]
    assert told(found) == []


def test_identity_numbers_and_phones_as_people_type_them():
    good = resident_id("34010219900101004")
    ends_in_x = next(n for n in (resident_id(f"3401021990010100{d}") for d in range(10)) if n.endswith("X"))
    rows = [["姓名", "单位", "身份证号", "手机"],
            ["甲一", "一厂", " " + good[:6] + " " + good[6:14] + " " + good[14:], "+86 138-0000-0001"],
            ["甲二", "一厂", ends_in_x.lower(), "8613800000002"],
            ["甲三", "一厂", "'" + resident_id("34010219900102001"), "１３８００００００03"],
            ["甲四", "一厂", int(resident_id("34010219900103106")[:17] + "0"), 13800000004],
            ["甲五", "一厂", resident_id("81000019900101001"), "0551-62812345"],
            ["甲六", "一厂", "3.40102E+17", "138000000"],
            ["甲七", "一厂", resident_id("34010219900230001"), None],
            ["甲八", "一厂", "340102900101001", "13800000008、13900000008"],
            ["甲九", "一厂", resident_id("99019919900101001"), None]]
    found = roster("individuals", rows)
    people = [row.leader for row in found.rows]
    assert [p.phone for p in people] == ["13800000001", "13800000002", "13800000003", "13800000004", "055162812345",
                                         "138000000", "", "13800000008", ""]
    assert [p.id_number for p in people][:3] == [good, ends_in_x, resident_id("34010219900102001")]
    assert people[3].id_number == ""
    problems = {(row.row, problem.code): row.good for row in found.rows for problem in row.problems}
    assert problems == {(5, "destroyed"): False, (6, "phone_landline"): True, (7, "id_destroyed"): False,
                        (7, "phone_form"): False, (8, "id_birth_date"): False, (9, "id_old"): False,
                        (9, "phone_several"): False, (8, "missing_phone"): False, (10, "missing_phone"): True}


def test_numbers_and_dates_come_out_as_seen():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([*HEAD, "节约成本(万元)", "完成日期", "占比", "批次", "结余"])
    sheet.append([1.0, "甲", "一厂", "张三", None, 1303.2500000000002, "2022.11.29", 0.256, 7, "=F2*2"])
    sheet["H2"].number_format = "0.0%"
    sheet["I2"].number_format = "000"
    import datetime
    sheet.append([2, "乙", "一厂", "李四", None, 12.100000000000001, datetime.date(2026, 11, 22), 1, 12, 3])
    found = read_roster(read_workbook(saved(book), "a.xlsx"), "projects")
    first, second = found.rows
    assert first.number == "1"
    assert first.extras == {"节约成本万元": "1303.25", "完成日期": "2022.11.29", "占比": "25.6%", "批次": "007"}
    assert second.extras == {"节约成本万元": "12.1", "完成日期": "2026-11-22", "占比": "1", "批次": "12", "结余": "3"}
    assert [(p.code, p.where) for p in first.warnings] == [("formula", "Sheet 第2行")] and first.good
    assert "J2" in first.warnings[0].mend


def test_merged_organization_cells_fill_down_and_stay_separate_entries():
    rows = [HEAD, [1, "甲", "一厂", "张三", None], [2, "乙", None, "李四", None], [3, "丙", "二厂", "王五", None]]
    found = roster("projects", rows, ["C2:C3"])
    assert [(r.title, r.organization) for r in found.rows] == [("甲", "一厂"), ("乙", "一厂"), ("丙", "二厂")]
    assert told(found) == []


def test_one_project_over_several_rows_is_one_entry():
    rows = [["序号", "项目名称", "单位", "完成人姓名", "手机"], [1, "甲", "一厂", "张三", "13800000001"],
            [None, None, None, "李四", "13800000002"], [2, "乙", "二厂", "王五", "13800000003"]]
    rows[0][3] = "姓名"
    found = roster("projects", rows, ["A2:A3", "B2:B3", "C2:C3"])
    assert [(r.title, [(m.name, m.role, m.phone) for m in r.members], r.rows) for r in found.rows] == [
        ("甲", [("张三", "第一完成人", "13800000001"), ("李四", "成员", "13800000002")], (2, 3)),
        ("乙", [("王五", "第一完成人", "13800000003")], (4,))]


def test_two_tables_on_a_sheet_the_first_is_taken_and_it_says_so():
    rows = [HEAD, [1, "甲", "一厂", "张三", None], [], ["备选名单"], ["序号", "姓名", "单位", "职称", "联系电话"], [1, "李四", "二厂", None, None]]
    found = roster("projects", rows)
    assert titles(found) == ["甲"]
    assert [(p.code, p.message) for p in found.sheets[0].problems] == [("second_table", "第5行起还有一张表，没有读入")]


def test_two_tables_side_by_side():
    rows = [["序号", "姓名", "单位", None, "序号", "姓名", "单位"], [1, "张三", "一厂", None, 2, "李四", "二厂"]]
    found = roster("individuals", rows)
    assert [row.leader.name for row in found.rows] == ["张三"]
    assert [p.code for p in found.sheets[0].problems] == ["second_table"]
    assert "E列" in found.sheets[0].problems[0].message


def test_a_header_repeated_on_every_page_is_no_entry():
    rows = [["名单"], HEAD, [1, "甲", "一厂", "张三", None], HEAD, [2, "乙", "二厂", "李四", None]]
    found = roster("projects", rows)
    assert titles(found) == ["甲", "乙"]
    assert [(s.row, s.code) for s in found.sheets[0].table.skipped] == [(4, "header")]


def test_numbered_but_empty_form_lines_are_no_entries():
    rows = [HEAD, [1, "甲", "一厂", "张三", None], [2], [3], [4]]
    found = roster("projects", rows)
    assert titles(found) == ["甲"]
    assert [s.code for s in found.sheets[0].table.skipped] == ["blank"] * 3


def test_missing_parts_are_named_as_the_sheet_names_them():
    rows = [HEAD, [1, None, "一厂", "张三", None], [2, "乙", None, "李四", None], [3, "丙", "三厂", None, "13800000001"]]
    found = roster("projects", rows, name="金成果")
    assert told(found) == [("金成果 第2行", "缺成果名称"), ("金成果 第3行", "缺申报单位"), ("金成果 第4行", "缺第一完成人")]
    assert all(p.mend for row in found.rows for p in row.problems)


def test_duplicates_see_through_width_spaces_and_case():
    rows = [HEAD, [1, "AGV 小车（2号）", "安徽一厂", "张三", None], [2, "ａｇｖ小车(２号)", "安徽　一厂", "李四", None],
            [3, "AGV小车（2号）", "二厂", "王五", None]]
    found = roster("projects", rows)
    assert told(found) == [("Sheet1 第3行", "与第2行重复（同单位同名成果）")]


def test_the_same_work_on_two_sheets_is_a_warning_that_names_the_sheet():
    rows = [["成果名称", "赛道", "申报单位", "第一完成人"], ["甲", "创新", "一厂", "张三"]]
    book = read_workbook(workbook_bytes({"一": rows, "二": rows}), "a.xlsx")
    found = read_roster(book, "projects")
    assert told(found) == [("二 第2行", "与工作表“一”第2行重复（同单位同名项目）")]
    assert found.rows[1].good


def test_one_person_twice_in_one_event():
    number = resident_id("34010219900101004")
    rows = [["姓名", "单位", "身份证号", "参赛项目"], ["张三", "一厂", number, "焊工"], ["张三", "一厂", number, "钳工"],
            ["张三", "二厂", number, "焊工"], ["李四", "一厂", None, "焊工"], ["李 四", "一厂", None, "焊工"]]
    found = roster("individuals", rows)
    assert told(found) == [("Sheet1 第4行", "与第2行重复（身份证号相同）"), ("Sheet1 第5行", "缺身份证号"),
                           ("Sheet1 第6行", "缺身份证号"), ("Sheet1 第6行", "与第5行重复（同单位同名）")]
    assert [row.good for row in found.rows] == [True, True, False, True, True]


def test_teams_without_merging_empty_below_or_repeated():
    rows = [["队号", "参赛队", "单位", "姓名", "角色", "性别"],
            [1, "一队", "一厂", "张三", "队长", "男"], [None, None, None, "李四", "队员", "女"],
            [2, "二队", "二厂", "王五", "队员", "男"], [2, "二队", "二厂", "赵六", "队长", "女"]]
    found = roster("teams", rows)
    assert [(r.number, r.title, [(m.name, m.role, m.extras["性别"]) for m in r.members]) for r in found.rows] == [
        ("1", "一队", [("张三", "队长", "男"), ("李四", "队员", "女")]),
        ("2", "二队", [("王五", "队员", "男"), ("赵六", "队长", "女")])]
    assert told(found) == []


def test_teams_one_row_each_with_numbered_members():
    number = resident_id("34010219900101004")
    rows = [["序号", "团队名称", "单位", "队长", None, "队员1", None, "队员2", None],
            [None, None, None, "姓名", "手机", "姓名", "身份证号", "姓名", "身份证号"],
            [1, "一队", "一厂", "张三", "13800000001", "李四", number, "王五", "12345"]]
    found = roster("teams", rows, ["A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:G1", "H1:I1"])
    row, = found.rows
    assert [(m.name, m.role, m.id_number) for m in row.members] == [
        ("张三", "队长", ""), ("李四", "队员", number), ("王五", "队员", "12345")]
    assert [p.code for p in row.errors] == ["id_form"]


def test_a_member_without_a_name_is_told_at_its_own_row():
    rows = [["队号", "参赛队", "单位", "姓名", "手机"], [1, "一队", "一厂", "张三", "13800000001"], [None, None, None, None, "13800000002"]]
    found = roster("teams", rows, ["A2:A3", "B2:B3", "C2:C3"])
    assert told(found) == [("Sheet1 第3行", "缺姓名")]


def test_judges_by_whatever_name():
    rows = [["评委姓名", "工作单位", "职务/职称", "评委类别", "联系方式"], ["张三", "大学", "教授", "评委组长", "13800000001"],
            ["李四", "研究院", "高工", "副组长", None], ["王五", "总工会", None, "监督员", None], ["赵六", "工厂", None, None, None]]
    found = roster("judges", rows)
    assert [(r.leader.name, r.leader.role, r.leader.position) for r in found.rows] == [
        ("张三", "总评委", "教授"), ("李四", "评委", "高工"), ("王五", "监督", ""), ("赵六", "评委", "")]


def test_hidden_rows_are_read_and_told():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEAD, [1, "甲", "一厂", "张三", None], [2, "乙", "二厂", "李四", None]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["E"].hidden = True
    found = read_roster(read_workbook(saved(book), "a.xlsx"), "projects")
    assert [(row.hidden, row.good) for row in found.rows] == [(False, True), (True, True)]
    assert [p.code for p in found.sheets[0].problems] == ["hidden_columns", "hidden_rows"]
    assert told(found) == [("Sheet 第3行", "该行在表格中是隐藏的")]


def test_error_cells_are_no_names():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    sheet.append([1, "甲", "#N/A", "张三", None])
    found = read_roster(read_workbook(saved(book), "a.xlsx"), "projects")
    assert [p.code for p in found.rows[0].errors] == ["cell_error"]


def test_blank_and_repeated_headers_are_told_and_can_be_matched_by_hand():
    rows = [["序号", "成果名称", "申报单位", "姓名", "姓名", None], [1, "甲", "一厂", "张三", "李四", "13800000001"],
            [2, "乙", "一厂", "王五", "赵六", "13800000002"]]
    found = roster("projects", rows)
    assert [p.code for p in found.sheets[0].problems] == ["blank_header", "repeated_header"]
    mapping = found.sheets[0].mapping.changed(5, "members").changed(6, "phone")
    again = roster("projects", rows, mappings={"Sheet1": Mapping.from_json(mapping.to_json())})
    assert [([m.name for m in r.members], r.leader.phone) for r in again.rows] == [
        (["张三", "李四"], "13800000001"), (["王五", "赵六"], "13800000002")]


def test_what_was_set_by_hand_is_remembered_for_the_next_workbook():
    rows = [["序号", "名头", "东家", "掌门", "电话"], [1, "甲", "一厂", "张三", "13800000001"]]
    found = roster("projects", rows)
    assert [p.code for p in found.sheets[0].problems] == ["no_column_title", "no_column_leader"]
    mapping = found.sheets[0].mapping.changed(2, "title").changed(3, "organization").changed(4, "leader")
    remembered = mapping.remember(found.sheets[0].table)
    later = [["掌门", "名头（必填）", "东家", "电话", "备注"], ["李四", "乙", "二厂", "13800000002", "无"]]
    again = roster("projects", later, remembered=remembered)
    row, = again.rows
    assert (row.title, row.organization, row.leader.name, row.leader.phone, row.extras) == (
        "乙", "二厂", "李四", "13800000002", {"备注": "无"})


def test_a_field_has_one_column_when_changed_by_hand():
    table = find_table(read_workbook(workbook_bytes({"a": [HEAD, [1, "甲", "一厂", "张三", None]]}), "a.xlsx").sheets[0])
    mapping = match_columns(table).changed(4, "title")
    assert mapping.to_json() == {"1": "number", "2": "", "3": "organization", "4": "title", "5": "phone"}


def test_long_formula_like_and_rare_text_survives():
    long = "长" * 32_767
    rows = [[*HEAD, "备注"], [1, "=1+1", "一厂", "㛃𬱖", None, long], [2, "@SUM(A1)", "一厂", "䶮㙟", None, "😀 ok"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.active["B2"].data_type = "s"
    found = read_roster(read_workbook(saved(book), "a.xlsx"), "projects")
    assert [(r.title, r.leader.name) for r in found.rows] == [("=1+1", "㛃𬱖"), ("@SUM(A1)", "䶮㙟")]
    assert found.rows[0].extras["备注"] == long and found.rows[1].extras["备注"] == "😀 ok"


def test_csv_in_both_encodings_and_with_a_lost_number():
    text = "序号,姓名,单位,身份证号,手机\n1,张三,一厂,\t%s,13800000001\n2,李四,\"二厂,分部\",3.40102E+17,13800000002\n" % (
        number := resident_id("34010219900101004"))
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("gbk"), text.encode("utf-16")):
        found = read_roster(read_workbook(data, "名单.csv"), "individuals")
        assert [(r.leader.name, r.organization, r.leader.id_number) for r in found.rows] == [
            ("张三", "一厂", number), ("李四", "二厂,分部", "")]
        assert [p.code for p in found.rows[1].errors] == ["destroyed"]
