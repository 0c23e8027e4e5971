"""Long plain lists: openpyxl up to some thousand rows, a compiled writer above (100,000 rows in seconds)."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from rustpy_xlsxwriter import write_worksheet

from compete.excel.style import held_text, safe_text

MANY = 5_000


def plain_list(headers: Sequence[str], rows: Iterable[Sequence], *, sheet: str = "名单") -> bytes:
    """One sheet with a heading row. Values: str (always text, whatever it begins with), int, Decimal, date or None."""
    rows = iter(rows)
    first = list(islice(rows, MANY))
    if len(first) < MANY:
        return _few(headers, first, sheet)
    return _many(headers, chain(first, rows), sheet)


def _few(headers, rows, sheet: str) -> bytes:
    book = Workbook(write_only=True)
    work = book.create_sheet(sheet[:31])
    work.freeze_panes = "A2"
    work.append([_cell(work, heading, bold=True) for heading in headers])
    for row in rows:
        work.append([_cell(work, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(work, value, *, bold: bool = False):
    cell = WriteOnlyCell(work, _plain(value))
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@" and value != ""
    if bold:
        cell.font = Font(bold=True)
    return cell


def _plain(value):
    return safe_text(value) if isinstance(value, str) else value


def _many(headers, rows, sheet: str) -> bytes:
    """The compiled writer takes dicts by heading and escapes texts itself; numbers exact to what a spreadsheet can hold."""
    names = [held_text(heading) for heading in headers]
    if len(set(names)) < len(names):
        raise ValueError("two columns of a long list have one heading")
    records = [dict(zip(names, map(_compiled, row), strict=True)) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.xlsx"
        write_worksheet(records, str(path), sheet_name=sheet[:31])
        return path.read_bytes()


def _compiled(value):
    if isinstance(value, str):
        return held_text(value)
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
