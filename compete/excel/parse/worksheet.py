"""One xlsx sheet, streamed: cells as shown, flags, merges, hidden columns and rows."""

import re

from compete.excel.parse import formats
from compete.excel.parse.package import Package, unescape
from compete.excel.parse.rows import MAX_MERGES, Budget, ParsedSheet, Refused

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})\Z")


def read_sheet(package: Package, path: str, sheet: ParsedSheet, strings: list[str], kinds: list[str],
               from_1904: bool, budget: Budget) -> None:
    walker = _Walker(sheet, strings, kinds, from_1904, budget)
    package.parse(path, start=walker.start, end=walker.end, text=walker.text)
    sheet.hidden_columns = sorted(walker.hidden_columns)


class _Walker:
    """Handlers of one sheet. Written flat: they run for every element of the largest part."""

    def __init__(self, sheet, strings, kinds, from_1904, budget):
        self.sheet, self.strings, self.kinds = sheet, strings, kinds
        self.from_1904, self.budget = from_1904, budget
        self.row = 0
        self.column = 0
        self.cells = []
        self.type = self.style = None
        self.pieces = []
        self.listening = self.ruby = self.formula = self.valued = False
        self.hidden_columns = set()
        self.columns = {}

    def start(self, tag, attributes):
        if tag == "c":
            reference = attributes.get("r")
            self.column = self._column(reference) if reference else self.column + 1
            self.type = attributes.get("t", "n")
            self.style = attributes.get("s")
            self.formula = self.valued = False
            self.pieces = []
        elif tag == "v" or tag == "t":
            self.listening = not self.ruby
            self.valued = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self._row(attributes)
        elif tag == "rPh":
            self.ruby = True
        elif tag == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif tag == "col":
            self._hidden_column(attributes)

    def end(self, tag):
        if tag == "c":
            self._cell()
        elif tag == "v" or tag == "t":
            self.listening = False
        elif tag == "rPh":
            self.ruby = False
        elif tag == "row" and self.cells:
            self.cells.insert(0, self.row)
            self.budget.spend(self.cells)
            self.sheet.rows.append(self.cells)
            self.cells = []

    def text(self, data):
        if self.listening:
            self.pieces.append(data)

    def _column(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        known = self.columns.get(letters)
        if known is None:
            found = _CELL.match(reference)
            if not found:
                raise Refused("corrupt")
            known = self.columns[letters] = column_number(found[1])
        return known

    def _row(self, attributes):
        number = attributes.get("r")
        self.row = int(number) if number else self.row + 1
        if not 1 <= self.row <= MAX_ROW:
            raise Refused("corrupt")
        self.column = 0
        self.cells = []
        if attributes.get("hidden") in ("1", "true") or attributes.get("ht") == "0":
            self.sheet.hidden_rows.append(self.row)
            if len(self.sheet.hidden_rows) > MAX_ROW:
                raise Refused("corrupt")

    def _cell(self):
        text, flag = self._value("".join(self.pieces))
        if flag:
            self.sheet.flags.append([self.row, self.column, flag])
            self.budget.count(1)
        if text:
            self.cells.append(self.column)
            self.cells.append(text)

    def _value(self, raw: str) -> tuple[str, str]:
        kind = self.type
        if kind == "s":
            index = int(raw) if raw.strip().isdigit() else -1
            if not raw.strip():
                return "", ""
            if not 0 <= index < len(self.strings):
                raise Refused("corrupt")
            return self.strings[index], ""
        if kind in ("inlineStr", "str"):
            return unescape(raw), ""
        if not raw.strip():
            return "", "formula" if self.formula else ""
        if kind == "e":
            return raw, "error"
        if kind == "b":
            return ("TRUE" if raw.strip() in ("1", "true") else "FALSE"), ""
        if kind == "d":
            return raw.replace("T00:00:00", "").replace("T", " ").rstrip("Z"), "date"
        style = int(self.style) if self.style and self.style.isdigit() else 0
        number_format = self.kinds[style] if style < len(self.kinds) else ""
        return formats.shown(raw.strip(), number_format, self.from_1904)

    def _merge(self, reference: str):
        first, _, last = reference.partition(":")
        one, two = _CELL.match(first), _CELL.match(last or first)
        if not one or not two:
            return
        area = [int(one[2]), column_number(one[1]), int(two[2]), column_number(two[1])]
        if area[0] <= area[2] and area[1] <= area[3] and area[:2] != area[2:]:
            self.sheet.merges.append(area)
        if len(self.sheet.merges) > MAX_MERGES:
            raise Refused("too_large")

    def _hidden_column(self, attributes):
        if attributes.get("hidden") in ("1", "true") or attributes.get("width") == "0":
            first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
            # "Hide everything to the right" reaches column XFD; nobody needs all those letters.
            self.hidden_columns.update(range(first, min(last, MAX_COLUMN) + 1))


def column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    if number > MAX_COLUMN:
        raise Refused("corrupt")
    return number
