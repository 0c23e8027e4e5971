"""The rows of a table → entries or judges, each with what is wrong in it.

A row with an error must not go in, a row with a warning may. Nothing is dropped here: the preview shows
every row, and says for each problem the sheet, the row and how to mend it.
"""

from dataclasses import dataclass, replace

from compete.excel import duplicates
from compete.excel.fields import KINDS
from compete.excel.mapping import Mapping, match_columns, missing_fields
from compete.excel.people import Member
from compete.excel.reader import Sheet, Workbook
from compete.excel.roster_rows import RosterRow, RowReader
from compete.excel.tables import Table, find_table
from scoring.problems import Problem

__all__ = ["KINDS", "Mapping", "Member", "Roster", "RosterRow", "SheetRoster", "interpret", "match_columns",
           "missing_fields", "read_roster"]


@dataclass(frozen=True)
class SheetRoster:
    """One visible sheet: `table` is None when it holds none, then `problems` says why."""

    name: str
    table: Table | None
    mapping: Mapping
    rows: tuple[RosterRow, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Roster:
    kind: str
    sheets: tuple[SheetRoster, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def rows(self) -> tuple[RosterRow, ...]:
        return tuple(row for sheet in self.sheets for row in sheet.rows)


def read_roster(workbook: Workbook, kind: str, remembered: dict | None = None,
                mappings: dict[str, Mapping] | None = None) -> Roster:
    """All visible sheets; `mappings` by sheet name are those set by hand."""
    sheets = [_read_sheet(sheet, kind, remembered, (mappings or {}).get(sheet.name)) for sheet in workbook.visible]
    rows = duplicates.across_sheets([list(sheet.rows) for sheet in sheets], kind)
    sheets = [replace(sheet, rows=tuple(found)) for sheet, found in zip(sheets, rows)]
    problems = [Problem("hidden_sheet", sheet.name, "是隐藏的工作表，没有读入", "如果需要导入，请取消隐藏后重新上传")
                for sheet in workbook.sheets if sheet.hidden]
    return Roster(kind, tuple(sheets), tuple(problems))


def _read_sheet(sheet: Sheet, kind: str, remembered: dict | None, mapping: Mapping | None) -> SheetRoster:
    table = find_table(sheet)
    if isinstance(table, Problem):
        return SheetRoster(sheet.name, None, Mapping({}), (), (table,))
    mapping = mapping or match_columns(table, remembered, kind)
    missing = tuple(Problem(code, sheet.name, message, mend) for code, _, message, mend in missing_fields(mapping, kind))
    rows = () if missing else tuple(interpret(table, mapping, kind))
    return SheetRoster(sheet.name, table, mapping, rows, missing + table.notices + _left_out(table, rows, bool(missing)))


def _left_out(table: Table, rows: tuple[RosterRow, ...], unread: bool) -> tuple[Problem, ...]:
    """Rows without any name or number of an entry: form lines filled in beforehand."""
    read = {number for row in rows for number in row.rows}
    empty = [str(row.row) for row in table.rows if row.row not in read]
    if unread or not empty:
        return ()
    shown = "、".join(empty[:10]) + ("等" if len(empty) > 10 else "")
    return (Problem("empty_rows", table.sheet, f"第{shown}行共{len(empty)}行没有名称、单位和姓名，没有读入",
                    "多为预先填好序号的空行；如果确有内容请补全后重新上传"),)


def interpret(table: Table, mapping: Mapping, kind: str) -> list[RosterRow]:
    """One RosterRow per entry (a team's or project's rows become one) or per person."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of roster: {kind}")
    reader = RowReader(table, mapping, kind)
    return duplicates.within_sheet([reader.entry(rows) for rows in reader.groups], kind, reader.noun, reader.own_number)
