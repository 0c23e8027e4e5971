"""The organisers' own sheet of the review: three header rows with merged cells, numbers as text, formulas, 2,015 works.

Imported as any workbook is, it gives exactly the published figures, every cell. (56 ranges are written 12.00 in the workbook and
12 in the published table.)
"""

from decimal import Decimal

import pytest

from compete.excel.reader import read_workbook
from compete.excel.tables import find_table

from .build import SHARED, rows

PATH = SHARED / "review_by_standard_scores" / "works.xlsx"
EXPERTS = "一二三四五"
COLUMNS = {"最终成绩": "final", "名次": "rank", "奖项": "award", "第二次评审标准分极差": "gap2", "复议后极差": "gap2_after"}
for stage, title, count in (("a", "第一次评审成绩", 5), ("b", "第二次评审成绩", 3)):
    for at, expert in enumerate(EXPERTS[:count], 1):
        for leaf, name in (("专家编码", "exp"), ("原始分", "raw"), ("标准分", "std"), ("复议分", "adj")):
            COLUMNS[f"{title}/专家{expert}/{leaf}"] = f"{stage}_{name}{at}"


@pytest.fixture(scope="module")
def table():
    published = rows("review_by_standard_scores", "works.csv")
    found = find_table(read_workbook(PATH.read_bytes(), PATH.name).sheets[0])
    return published, found


def test_headings(table):
    published, found = table
    assert found.header_rows == (1, 3)
    named = {COLUMNS[column.label] for column in found.columns if column.label in COLUMNS}
    assert named == set(published[0]) - {"row", "school"}
    assert [column.leaf for column in found.columns if column.label not in COLUMNS] == ["最高分", "最低分", "极差"]


def test_every_cell(table):
    published, found = table
    names = {column.index: COLUMNS[column.label] for column in found.columns if column.label in COLUMNS}
    other = set()
    for row, stated in zip(found.rows, published, strict=True):
        assert str(row.row) == stated["row"]
        other |= {(row.cells.get(index, ""), stated[name]) for index, name in names.items() if row.cells.get(index, "") != stated[name]}
    assert all(text.endswith("0") and Decimal(text) == Decimal(same) for text, same in other)


def test_formulas_show_what_they_were_worked_out_to(table):
    _, found = table
    for row in found.rows:
        scores = [row.cells[column] for column in (8, 11, 14, 17, 20)]
        highest, lowest, gap = (float(row.cells[column]) for column in (21, 22, 23))
        assert (highest, lowest) == (max(map(float, scores)), min(map(float, scores)))
        assert abs(gap - (highest - lowest)) < 1e-6
