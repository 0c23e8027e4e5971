"""The workbooks of the shared folder: every row as a person reads it, every problem and no other."""

import csv
import io
import re
import unicodedata
from decimal import Decimal

import pytest

from compete.excel.reader import Workbook, read_workbook
from compete.excel.roster import read_roster

from tests.excel_in.places import shared

CASES = [("innovation-final", "projects"), ("hazmat-contestants", "individuals"),
         ("cybersecurity-teams", "teams"), ("judges", "judges")]


def roster(name, kind):
    path = shared("inputs") / f"{name}.xlsx"
    workbook = read_workbook(path.read_bytes(), path.name)
    assert isinstance(workbook, Workbook)
    return read_roster(workbook, kind)


def lines(row, kind):
    """A roster row as lines of its expected.csv, under all the names such a file uses."""
    for member in row.members if kind == "teams" else row.members[:1]:
        yield {
            **row.extras, **member.extras,
            "序号": row.number, "队号": row.number, "赛道": row.event, "参赛项目": row.event,
            "成果名称": row.title, "参赛队": row.title,
            "申报单位": row.organization, "工作单位": row.organization, "单位": row.organization,
            "所在市": row.delegation, "代表队": row.delegation,
            "第一完成人": member.name, "姓名": member.name, "其他完成人": "、".join(m.name for m in row.members[1:]),
            "联系电话": member.phone, "身份证号": member.id_number, "角色": member.role, "职称": member.position,
        }


@pytest.mark.parametrize("name, kind", CASES)
def test_the_rows_are_those_a_person_reads(name, kind):
    found = roster(name, kind)
    text = (shared("inputs") / f"{name}.expected.csv").read_text("utf-8-sig")
    expected = list(csv.DictReader(io.StringIO(text)))
    got = [{key: line.get(key, "") for key in expected[0]} for row in found.rows for line in lines(row, kind)]
    # A number whose last digits the workbook no longer holds cannot be read from it, only typed again.
    lost = {index for index, row in enumerate(found.rows) if any(p.code == "destroyed" for p in row.problems)}
    if kind == "individuals":
        for index in lost:
            assert got[index]["身份证号"] == ""
            got[index]["身份证号"] = expected[index]["身份证号"]
    assert got == expected


def plain(text):
    return re.sub(r"[\s，,。（）()：:、]", "", unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize("name, kind", CASES)
def test_the_problems_are_those_a_person_finds(name, kind):
    found = roster(name, kind)
    text = (shared("inputs") / f"{name}.problems.txt").read_text("utf-8-sig")
    expected = [line for line in text.splitlines() if line.strip() and line.strip() != "无"]
    problems = [problem for row in found.rows for problem in row.problems]
    assert len(problems) == len(expected)
    for problem, line in zip(problems, expected):
        place, message = line.split(":", 1)
        # The list of hazmat calls the sheet 选手 by the name 参赛选手.
        assert place.endswith(problem.where)
        assert plain(message).startswith(plain(problem.message))
        assert problem.mend


def test_hidden_sheets_and_columns_are_told_and_the_hidden_sheet_is_not_read():
    found = roster("innovation-final", "projects")
    assert [sheet.name for sheet in found.sheets] == ["金成果", "金项目"]
    assert [problem.where for problem in found.problems] == ["旧名单（作废）"]
    assert [p.message for p in found.sheets[1].problems] == ["H列“联系方式/身份证号” 在表格中是隐藏的，也已读入"]


def figures(text):
    """12.00 typed as text and 12 are one figure."""
    return Decimal(text) if re.fullmatch(r"[\d.]+", text) else text


def test_three_header_rows_of_the_standard_score_review():
    """The organisers' own sheet of 2,015 works gives exactly the table of figures beside it."""
    from compete.excel.tables import find_table

    folder = shared("cases/review_by_standard_scores")
    workbook = read_workbook((folder / "works.xlsx").read_bytes(), "works.xlsx")
    table = find_table(workbook.visible[0])
    wanted = list(csv.DictReader(io.StringIO((folder / "works.csv").read_text("utf-8-sig"))))
    part = {"a": "第一次评审成绩", "b": "第二次评审成绩"}
    figure = {"exp": "专家编码", "raw": "原始分", "std": "标准分", "adj": "复议分"}
    names = {"final": "最终成绩", "rank": "名次", "award": "奖项", "gap2": "第二次评审标准分极差", "gap2_after": "复议后极差"}
    for key in wanted[0]:
        found = re.fullmatch(r"([ab])_(exp|raw|std|adj)(\d)", key)
        if found:
            names[key] = f"{part[found[1]]}/专家{'一二三四五'[int(found[3]) - 1]}/{figure[found[2]]}"
    column = {column.label: column.index for column in table.columns}
    got = [(str(row.row), *(figures(row.cells.get(column[label], "")) for label in names.values())) for row in table.rows]
    assert got == [(line["row"], *(figures(line[key]) for key in names)) for line in wanted]
