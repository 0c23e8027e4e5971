"""Cells of a workbook for `compete tally`: texts and numbers row by row, exact to the 15 digits a spreadsheet shows.

Small files are read by the careful reader in its limited child process. It is five times slower, so a large .xlsx, which
its own organiser computes on an own machine, is read directly.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from scoring.problems import Problem

DIRECT = 256 * 1024  # bytes from which a workbook is read directly
Cell = str | float | None


class Grid(NamedTuple):
    """One sheet: rows from the first one on, each a list of cells (None: empty; a number may be a text or a float)."""

    name: str
    rows: list


def open_grids(path: Path) -> list[Grid] | Problem:
    """The visible sheets that hold anything."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            packed = file.read(4) == b"PK\x03\x04"
    except OSError as fault:
        return Problem("no_file", str(path), f"不能打开文件（{fault.strerror}）", "请核对文件名和权限")
    grids = _direct(path) if packed and size >= DIRECT else None
    return _carefully(path) if grids is None else grids


def _direct(path):
    """None where the file is not as it should be: the careful reader then says why."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
            found = [Grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except (CalamineError, OSError):
        return None
    return [grid for grid in found if grid.rows]


def _carefully(path):
    from compete.excel.reader import read_workbook

    book = read_workbook(path.read_bytes(), path.name)
    if isinstance(book, Problem):
        return book
    found = []
    for sheet in book.visible:
        rows = [[None] * sheet.width for _ in range(sheet.height)]
        for number, cells in sheet.cells.items():
            for column, text in cells.items():
                rows[number - 1][column - 1] = text
        found.append(Grid(sheet.name, rows))
    return [grid for grid in found if grid.rows]


def plain(cell) -> str | Decimal | int | None:
    """A cell as the file form writes it: numbers exact, texts without blanks around them, None where empty."""
    if cell.__class__ is str:
        return cell.strip() or None
    if cell.__class__ is float:
        number = Decimal(format(cell, ".15g"))
        return int(number) if number == number.to_integral_value() and number.adjusted() < 15 else number
    if cell is None or isinstance(cell, (bool, int)):
        return ("是" if cell else "否") if isinstance(cell, bool) else cell
    if isinstance(cell, (time, timedelta)):
        return _clock(cell)
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat() if isinstance(cell, date) else str(cell)


def text(cell) -> str:
    """A cell as text; an empty one is an empty text."""
    found = plain(cell)
    if found is None:
        return ""
    return format(found, "f") if isinstance(found, Decimal) else str(found)


def _clock(cell):
    """A time of day or a duration as 1:02:03.5, which the file form reads as seconds."""
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    micro = cell // timedelta(microseconds=100)
    seconds, rest = divmod(micro, 10_000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}" + (f".{rest:04d}".rstrip("0") if rest else "")
