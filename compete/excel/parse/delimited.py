"""CSV as spreadsheet programs and web systems write it: UTF-8 with or without mark, UTF-16, GBK."""

import codecs
import csv
import io
import re

from compete.excel.parse import formats
from compete.excel.parse.rows import Budget, ParsedSheet, Refused

# A long number that was saved as 3.10113E+17 has lost its last digits for good.
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+(1[5-9]|2\d)\Z", re.IGNORECASE)
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"\Z')


def read(data: bytes) -> list[ParsedSheet]:
    text = _decoded(data)
    csv.field_size_limit(1_000_000)
    sheet, budget = ParsedSheet(""), Budget()
    try:
        for row, values in enumerate(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), start=1):
            cells = [row]
            for column, value in enumerate(values, start=1):
                value = _KEPT_AS_TEXT.sub(r"\1", value.strip())
                if not value:
                    continue
                if _SCIENTIFIC.match(value):
                    sheet.flags.append([row, column, "destroyed"])
                    value = formats.shown(value, "", False)[0]
                cells += (column, value)
            if len(cells) > 1:
                budget.spend(cells)
                sheet.rows.append(cells)
    except csv.Error:
        raise Refused("corrupt") from None
    return [sheet]


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refused("unknown_text")


def _delimiter(text: str) -> str:
    head = "\n".join(text.splitlines()[:20])
    return max(",\t;", key=head.count)
