"""xls: Excel 97–2003 with our own reader; Excel 5/95 through calamine, which gives values only."""

import datetime
import io
from decimal import Context, Decimal

import python_calamine as calamine

from compete.excel.parse import biff, compound, formats
from compete.excel.parse.rows import MAX_MERGES, MAX_SHEETS, Budget, ParsedSheet, Refused

_CONTEXT = Context(prec=15)
# A dense block of this many cells is the most the reader may build for one sheet.
MAX_AREA = 4_000_000


def read(data: bytes) -> list[ParsedSheet]:
    book = compound.stream(data, "Workbook", "Book")
    if book is None:
        raise Refused("not_workbook")
    try:
        return biff.read(book)
    except biff.OtherVersion:
        return _older(data)


def _older(data: bytes) -> list[ParsedSheet]:
    try:
        book = calamine.load_workbook(io.BytesIO(data))
    except calamine.PasswordError:
        raise Refused("encrypted") from None
    except calamine.CalamineError:
        raise Refused("corrupt") from None
    listed = book.sheets_metadata
    if len(listed) > MAX_SHEETS:
        raise Refused("too_large")
    budget = Budget()
    sheets = []
    for index, meta in enumerate(listed):
        if meta.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = ParsedSheet(meta.name, hidden=meta.visible != calamine.SheetVisibleEnum.Visible)
        _fill(sheet, book.get_sheet_by_index(index), budget)
        sheets.append(sheet)
    if not sheets:
        raise Refused("no_sheet")
    return sheets


def _fill(sheet: ParsedSheet, source, budget: Budget) -> None:
    if source.width * source.height > MAX_AREA:
        raise Refused("too_large")
    top, left = source.start or (0, 0)
    for row, values in enumerate(source.to_python(skip_empty_area=True), start=top + 1):
        cells = [row]
        for column, value in enumerate(values, start=left + 1):
            if value == "" or value is None:
                continue
            text, flag = _shown(value)
            if flag:
                sheet.flags.append([row, column, flag])
            cells += (column, text)
        if len(cells) > 1:
            budget.spend(cells)
            sheet.rows.append(cells)
    for (r1, c1), (r2, c2) in (source.merged_cell_ranges or [])[:MAX_MERGES]:
        sheet.merges.append([r1 + 1, c1 + 1, r2 + 1, c2 + 1])


def _shown(value) -> tuple[str, str]:
    if isinstance(value, str):
        return value, "error" if value.startswith("#") and value in _ERRORS else ""
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), ""
    if isinstance(value, (int, float)):
        return formats.shown(repr(value), "", False)
    if isinstance(value, datetime.datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        day = value.date().isoformat()
        return (f"{day} {formats.clock(seconds)}" if seconds else day), "date"
    if isinstance(value, datetime.time):
        return formats.clock(value.hour * 3600 + value.minute * 60 + value.second), "date"
    if isinstance(value, datetime.timedelta):
        days = Decimal(int(value.total_seconds())) / 86400
        return formats.shown(str(_CONTEXT.create_decimal(days)), "time", False)
    return str(value), "date" if isinstance(value, datetime.date) else ""


_ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}
