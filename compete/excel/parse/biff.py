"""Excel 97–2003 workbooks ([MS-XLS], BIFF8): a flat run of records, read cell by cell.

Unlike a general reader it never builds the rectangle between the first and the last cell, so a sheet
with something in IV65536 costs nothing; and it knows hidden rows and columns, formats and formulas.
"""

import struct

from compete.excel.parse.bifftext import Text
from compete.excel.parse.formats import kind_of_format, shown
from compete.excel.parse.rows import MAX_MERGES, MAX_SHEETS, Budget, ParsedSheet, Refused

_BOF, _EOF, _CONTINUE, _FILEPASS = 0x809, 0x0A, 0x3C, 0x2F
_SHEET, _SST, _FORMAT, _XF, _DATEMODE = 0x85, 0xFC, 0x41E, 0xE0, 0x22
_LABELSST, _LABEL, _NUMBER, _RK, _MULRK, _FORMULA, _STRING, _BOOLERR = 0xFD, 0x204, 0x203, 0x27E, 0xBD, 0x06, 0x207, 0x205
_RSTRING = 0xD6
_ROW, _COLINFO, _MERGES = 0x208, 0x7D, 0xE5
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


class OtherVersion(Exception):
    """An older format than BIFF8."""


def read(book: bytes) -> list[ParsedSheet]:
    try:
        return _Book(book).sheets()
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Refused("corrupt") from None


def _records(data: bytes, position: int):
    """(code, body, where the next record starts) until the end of one substream."""
    depth = 0
    while position + 4 <= len(data):
        code, length = struct.unpack_from("<HH", data, position)
        position += 4
        if code == _BOF:
            depth += 1
        if code == _EOF:
            depth -= 1
            if depth <= 0:
                return
        # Charts inside a sheet are substreams of their own; their numbers are no cells.
        if depth == 1:
            yield code, data[position:position + length], position + length
        position += length


class _Book:
    def __init__(self, data: bytes):
        self.data = data
        self.listed, self.strings, self.codes, self.kinds = [], [], {}, []
        self.from_1904 = False
        formats = []
        for code, body, following in _records(data, 0):
            if code == _BOF and struct.unpack_from("<H", body)[0] != 0x600:
                raise OtherVersion
            if code == _FILEPASS:
                raise Refused("encrypted")
            if code == _SHEET:
                offset, state, kind = struct.unpack_from("<IBB", body)
                if kind == 0:
                    self.listed.append((Text([body[6:]]).string(short=True), state & 3, offset))
            elif code == _SST:
                self._shared(body, following)
            elif code == _FORMAT:
                self.codes[struct.unpack_from("<H", body)[0]] = Text([body[2:]]).string()
            elif code == _XF:
                formats.append(struct.unpack_from("<H", body, 2)[0])
            elif code == _DATEMODE:
                self.from_1904 = body[:1] == b"\1"
        self.kinds = [kind_of_format(number, self.codes.get(number)) for number in formats]

    def _shared(self, body: bytes, following: int) -> None:
        """The shared strings run on through CONTINUE records; a string may be cut anywhere."""
        pieces = [body]
        while following + 4 <= len(self.data):
            code, length = struct.unpack_from("<HH", self.data, following)
            if code != _CONTINUE:
                break
            pieces.append(self.data[following + 4:following + 4 + length])
            following += 4 + length
        count, = struct.unpack_from("<I", body, 4)
        text = Text(pieces, 8)
        # Each string takes three bytes at least: a larger count lies.
        for _ in range(min(count, sum(map(len, pieces)) // 3)):
            self.strings.append(text.string())

    def sheets(self) -> list[ParsedSheet]:
        if not self.listed:
            raise Refused("no_sheet")
        if len(self.listed) > MAX_SHEETS:
            raise Refused("too_large")
        budget, found = Budget(), []
        for name, state, offset in self.listed:
            sheet = ParsedSheet(name, hidden=state != 0)
            _Cells(self, sheet).walk(offset, budget)
            found.append(sheet)
        return found


class _Cells:
    """The cells of one sheet, gathered by row."""

    def __init__(self, book: _Book, sheet: ParsedSheet):
        self.book, self.sheet = book, sheet
        self.rows: dict[int, dict[int, str]] = {}
        self.awaiting = None
        self.count = 0

    def walk(self, offset: int, budget: Budget) -> None:
        for code, body, _ in _records(self.book.data, offset):
            reader = _READERS.get(code)
            if reader:
                reader(self, body)
        for row in sorted(self.rows):
            cells = [row]
            for column in sorted(self.rows[row]):
                cells += (column, self.rows[row][column])
            budget.spend(cells)
            self.sheet.rows.append(cells)

    def _put(self, row: int, column: int, text: str, flag: str = "") -> None:
        if flag:
            self.sheet.flags.append([row + 1, column + 1, flag])
        if text:
            self.rows.setdefault(row + 1, {})[column + 1] = text

    def _put_number(self, row: int, column: int, style: int, value: float) -> None:
        kind = self.book.kinds[style] if style < len(self.book.kinds) else ""
        self._put(row, column, *shown(repr(value), kind, self.book.from_1904))

    def shared(self, body):
        row, column, _, index = struct.unpack_from("<HHHI", body)
        self._put(row, column, self.book.strings[index])

    def label(self, body):
        row, column = struct.unpack_from("<HH", body)
        self._put(row, column, Text([body[6:]]).string())

    def number(self, body):
        self._put_number(*struct.unpack_from("<HHHd", body))

    def packed(self, body):
        row, column, style, packed = struct.unpack_from("<HHHI", body)
        self._put_number(row, column, style, _unpacked(packed))

    def packed_run(self, body):
        row, first = struct.unpack_from("<HH", body)
        for step in range((len(body) - 6) // 6):
            style, packed = struct.unpack_from("<HI", body, 4 + step * 6)
            self._put_number(row, first + step, style, _unpacked(packed))

    def formula(self, body):
        row, column, style = struct.unpack_from("<HHH", body)
        self.awaiting = None
        if body[12:14] != b"\xff\xff":
            self._put_number(row, column, style, struct.unpack_from("<d", body, 6)[0])
        elif body[6] == 0:
            # The text itself follows in a record of its own.
            self.awaiting = (row, column)
        elif body[6] == 1:
            self._put(row, column, "TRUE" if body[8] else "FALSE")
        elif body[6] == 2:
            self._put(row, column, _ERRORS.get(body[8], "#N/A"), "error")

    def formula_text(self, body):
        if self.awaiting:
            self._put(*self.awaiting, Text([body]).string())
            self.awaiting = None

    def logical(self, body):
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            self._put(row, column, _ERRORS.get(value, "#N/A"), "error")
        else:
            self._put(row, column, "TRUE" if value else "FALSE")

    def row(self, body):
        number, height, options = struct.unpack_from("<H4xH4xH", body)
        if options & 0x20 or height & 0x7FFF == 0:
            self.sheet.hidden_rows.append(number + 1)

    def column(self, body):
        first, last, width, _, options = struct.unpack_from("<HHHHH", body)
        if options & 1 or width == 0:
            self.sheet.hidden_columns += range(first + 1, min(last, 255) + 2)

    def merges(self, body):
        count, = struct.unpack_from("<H", body)
        for step in range(count):
            top, bottom, left, right = struct.unpack_from("<HHHH", body, 2 + step * 8)
            if top <= bottom and left <= right and (top, left) != (bottom, right):
                self.sheet.merges.append([top + 1, left + 1, bottom + 1, right + 1])
        if len(self.sheet.merges) > MAX_MERGES:
            raise Refused("too_large")


_READERS = {
    _LABELSST: _Cells.shared, _LABEL: _Cells.label, _RSTRING: _Cells.label, _NUMBER: _Cells.number, _RK: _Cells.packed,
    _MULRK: _Cells.packed_run, _FORMULA: _Cells.formula, _STRING: _Cells.formula_text, _BOOLERR: _Cells.logical,
    _ROW: _Cells.row, _COLINFO: _Cells.column, _MERGES: _Cells.merges,
}


def _unpacked(packed: int) -> float:
    """RK: 30 bits of an integer or of the upper part of a double, perhaps times 100."""
    if packed & 2:
        value = float(struct.unpack("<i", struct.pack("<I", packed & ~3))[0] >> 2)
    else:
        value, = struct.unpack("<d", b"\0\0\0\0" + struct.pack("<I", packed & ~3))
    return value / 100 if packed & 1 else value
