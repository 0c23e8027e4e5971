"""Cells of a workbook for `compete tally`: texts and numbers row by row, exact to the 15 digits a spreadsheet shows.

Small files are read by the careful reader in its limited child process. It is five times slower, so a large .xlsx, which
its own organiser computes on an own machine, is read directly.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scoring.problems import Problem

DIRECT = 256 * 1024  # bytes from which a workbook is read directly
Cell = str | float | None


class Grid(NamedTuple):
    """One sheet: rows from the first one on, each a list of cells (None: empty; a number may be a text or a float)."""

    name: str
    rows: list


def open_grids(path: Path, ahead: Ahead | None = None) -> list[Grid] | Problem:
    """The visible sheets that hold anything."""
    grids = ahead.grids() if ahead else _direct(path) if is_large(path) else None
    return _carefully(path) if grids is None else grids


def is_large(path: Path) -> bool:
    """Whether it is a workbook to be read directly."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04" and path.stat().st_size >= DIRECT
    except OSError:
        return False


class Ahead:
    """Reads a large workbook while the engine is being loaded: the parser works beside the interpreter."""

    def __init__(self, path: Path):
        self.found: list[Grid] | None = None
        self.thread = threading.Thread(target=self._read, args=(path,), daemon=True)
        self.thread.start()

    def _read(self, path):
        self.found = _direct(path)

    def grids(self) -> list[Grid] | None:
        self.thread.join()
        return self.found


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
    from scoring.problems import Problem

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
