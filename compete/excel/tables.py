"""Where the table of a sheet begins and ends, what its columns are called, what is in its rows.

Above the header stand titles and 填报单位 lines, below the rows 合计, notes and signatures, between them
headings such as “一、合肥市”. None of these is an entry; none of them disappears without being told.
"""

from dataclasses import dataclass, field

from compete.excel.header import Block, find_header, labels
from compete.excel.merges import Merges
from compete.excel.reader import Sheet, column_letter
from compete.excel.rowkinds import RowReader
from scoring.problems import Problem


@dataclass(frozen=True)
class Column:
    index: int
    letter: str
    label: str
    leaf: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """`cells` hold what a person reads: a vertically merged value counts for each of its rows.

    `merged` gives the row in which such a value is written; `flags` are those of the reader.
    """

    row: int
    cells: dict[int, str]
    section: str = ""
    hidden: bool = False
    merged: dict[int, int] = field(default_factory=dict)
    flags: dict[int, str] = field(default_factory=dict)


REASONS = {
    "total": "合计", "note": "说明", "signature": "落款", "section": "分组标题", "header": "重复的表头", "blank": "空行",
    "example": "示例", "hint": "填写提示", "fragment": "只有一格有内容",
}


@dataclass(frozen=True)
class Skipped:
    """A row below the header that is no data, and what it is instead."""

    row: int
    code: str
    text: str

    @property
    def reason(self) -> str:
        return REASONS[self.code]


@dataclass(frozen=True)
class Table:
    sheet: str
    header_rows: tuple[int, int]
    columns: tuple[Column, ...]
    rows: tuple[TableRow, ...]
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[Problem, ...] = ()
    titles: tuple[str, ...] = ()

    def column(self, index: int) -> Column | None:
        return next((column for column in self.columns if column.index == index), None)


def find_table(sheet: Sheet) -> Table | Problem:
    if not sheet.cells:
        return Problem("sheet_empty", sheet.name, "工作表是空的", "如不需要请忽略；否则请确认填写在这一张表中")
    merges = Merges.of(sheet)
    if merges is None:
        return Problem("merges", sheet.name, "合并单元格过多，无法读取", "请取消合并后重新上传")
    block = find_header(sheet, merges)
    if block is None:
        return Problem("no_header", sheet.name, "没有找到表头行", "请确认表中有一行写着各列的名称（如序号、姓名、单位）")
    reader = RowReader(sheet, merges, block)
    reader.walk()
    notices = list(block.notices)
    columns = _columns(sheet, merges, block, reader.used, notices)
    notices += reader.notices
    notices += _hidden_rows(sheet, reader.rows)
    rows = tuple(TableRow(*row) for row in reader.rows)
    skipped = tuple(Skipped(*line) for line in reader.skipped)
    return Table(sheet.name, (block.first, block.last), columns, rows, skipped, tuple(notices), _titles(sheet, block))


def _columns(sheet: Sheet, merges: Merges, block: Block, used: set[int], notices: list) -> tuple[Column, ...]:
    named = labels(sheet, merges, block)
    seen, columns, blank, repeated = {}, [], [], []
    for index in range(block.left, block.right + 1):
        label, leaf = named.get(index, ("", ""))
        if not label and index not in used:
            continue
        if not label:
            blank.append(column_letter(index))
        seen[label] = seen.get(label, 0) + 1
        if label and seen[label] > 1:
            repeated.append(f"{column_letter(index)}列“{label}”")
            label = f"{label}（{seen[label]}）"
        columns.append(Column(index, column_letter(index), label, leaf, index in sheet.hidden_columns))
    if blank:
        notices.append(Problem("blank_header", sheet.name, f"{'、'.join(blank)} 列有内容但没有表头", "请手工指定这些列，或选择不导入"))
    if repeated:
        notices.append(Problem("repeated_header", sheet.name, f"表头重复：{'、'.join(repeated)}", "同名的列按先后编号，请核对列的对应"))
    hidden = [f"{column.letter}列“{column.label}”" for column in columns if column.hidden]
    if hidden:
        notices.append(Problem("hidden_columns", sheet.name, f"{'、'.join(hidden)} 在表格中是隐藏的，也已读入", "请核对其内容；不需要的列可选择不导入"))
    return tuple(columns)


def _hidden_rows(sheet: Sheet, rows: list) -> list[Problem]:
    hidden = [str(row[0]) for row in rows if row[0] in sheet.hidden_rows]
    if not hidden:
        return []
    shown = "、".join(hidden[:20]) + ("等" if len(hidden) > 20 else "")
    return [Problem("hidden_rows", sheet.name, f"第{shown}行共{len(hidden)}行在表格中是隐藏的，也已读入",
                    "请核对这些行是否应当导入；不需要的行请在预览中去掉")]


def _titles(sheet: Sheet, block: Block) -> tuple[str, ...]:
    return tuple(" ".join(sheet.cells[row].values()).strip() for row in sorted(sheet.cells) if row < block.first)
