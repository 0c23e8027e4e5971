"""What all printed workbooks share: fonts, looks, safe text, the width of a text, the size of a page."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

MIMETYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# The faces of GB/T 9704. charset=134 (GB 2312) lets a machine without them choose another Chinese face instead of a Latin one.
TITLE_FACE, HEAD_FACE, BODY_FACE = "方正小标宋简体", "黑体", "仿宋"
# Column widths count digits of the file's first font. Verdana's are as wide as those of DejaVu Sans, which stands in for it
# on Linux: the same columns everywhere.
UNIT_FACE, UNIT_SIZE, UNIT_WIDTH = "Verdana", 10, 6.36
NARROWEST = 0.94               # Excel rounds a digit to whole pixels: 6 points instead of 6.36
LONGEST_CELL = 32_767          # Excel's limit, counted in UTF-16 units
TALLEST_ROW = 409              # points
SHORT_DIGEST = 16

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Paper:
    """What every printed page says of itself. `release` is empty for a working copy."""
    contest: str
    event: str = ""
    stage: str = ""
    release: str = ""
    digest: str = ""
    audit_head: str = ""
    printed_at: str = ""
    made_by: str = ""
    note: str = ""
    issuer: str = ""
    date: str = ""

    @property
    def standing(self) -> str:
        return self.release or "未发布，仅供核对"


@dataclass(frozen=True)
class Look:
    """How a cell looks. Equal looks share one style in the file."""
    face: str = BODY_FACE
    size: float = 11
    bold: bool = False
    color: str = "000000"
    strike: bool = False
    across: str = "center"          # left, center, right, centerContinuous
    upright: str = "center"         # top, center, bottom
    wrap: bool = True
    edges: str = "thin"             # thin, none, under, group (hair above and below)
    fill: str = ""
    number: str = "General"
    text: bool = False              # digits that must stay text
    indent: int = 0

    def but(self, **changes) -> Look:
        return replace(self, **changes)


TITLE = Look(TITLE_FACE, 20, across="centerContinuous", wrap=False, edges="none")
SUBTITLE = Look(BODY_FACE, 12, across="centerContinuous", wrap=False, edges="none")
HEAD = Look(HEAD_FACE, 11, fill="F2F2F2")
LEFT = Look(across="left")
NUMBER = Look(across="right", number="0.00", wrap=False)
MONEY = Look(across="right", number="#,##0.00", wrap=False)
DIGITS = Look(text=True, number="@")
PLAIN = Look(edges="none", across="left", wrap=False)
SMALL = Look(size=9, edges="none", across="left", wrap=True, color="595959")
SIGN = Look(BODY_FACE, 12, across="left", edges="none", wrap=False)


def safe_text(value: object) -> str:
    """`held_text` as it is written into a file's XML: Excel reads _x000D_ as an escaped character, so a text that contains it is escaped."""
    return _ESCAPE_LOOKALIKE.sub("_x005F_", held_text(value))


def held_text(value: object) -> str:
    """Text that a workbook can hold: no control characters, no more than Excel's limit; everything else as typed."""
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    text = _FORBIDDEN.sub("", text)
    if len(text) * 2 > LONGEST_CELL and _units(text) > LONGEST_CELL:
        text = _cut(text, LONGEST_CELL - 1) + "…"
    return text


def _units(text: str) -> int:
    return len(text) + sum(ch > "\uffff" for ch in text)


def _cut(text: str, limit: int) -> str:
    count = 0
    for place, ch in enumerate(text):
        count += 2 if ch > "\uffff" else 1
        if count > limit:
            return text[:place]
    return text


def file_name(*parts: str) -> str:
    """A name for the download, e.g. 成绩汇总表-某某竞赛.xlsx, free of what Windows refuses."""
    name = "-".join(p.strip() for p in parts if p and p.strip())
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "_", name).strip(" .")
    while len(name.encode()) > 200:
        name = name[:-1]
    return (name or "表格") + ".xlsx"


def sheet_name(name: str, taken: set[str]) -> str:
    """At most 31 units, without []:*?/\\ and not in use yet (Excel compares without case)."""
    base = re.sub(r"[\[\]:*?/\\]", "_", _FORBIDDEN.sub("", name)).strip().strip("'") or "表"
    if base.lower() == "history":                      # reserved by Excel
        base = "_" + base
    candidate, turn = _cut(base, 31), 2
    while candidate.lower() in taken:
        tail = f"({turn})"
        candidate, turn = _cut(base, 31 - len(tail)) + tail, turn + 1
    taken.add(candidate.lower())
    return candidate


def half_widths(text: str) -> int:
    """Width in half-width columns: a Chinese character counts two, a combining mark none."""
    if text.isascii():
        return len(text)
    return sum(_char_width(ch) for ch in text)


def _char_width(ch: str) -> int:
    if unicodedata.combining(ch) or unicodedata.category(ch) in ("Mn", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WFA" else 1


@lru_cache(maxsize=4096)
def line_count(text: str, width: float, size: float) -> int:
    """Lines that `text` takes in a cell `width` points wide at `size` points."""
    room = max(2, int((width * NARROWEST - 6) / (size / 2)))      # 3 points of padding on each side
    return sum(max(1, -(-_filled(line, room) // room)) for line in text.split("\n"))


def _filled(line: str, room: int) -> int:
    """Half-widths used when a wide character that does not fit moves to the next line."""
    if room % 2 == 0 or line.isascii():
        return half_widths(line)
    used = 0
    for ch in line:
        width = _char_width(ch)
        if width == 2 and used % room == room - 1:
            used += 1
        used += width
    return used


def row_height(cells, *, least: float = 20) -> float:
    """Height in points so that no text of `cells` ((text, width, size), …) is cut."""
    need = least
    for text, width, size in cells:
        if text:
            need = max(need, line_count(text, width, size) * size * 1.35 + 6)
    return min(need, TALLEST_ROW)


def column_units(points: float) -> float:
    """Excel's column width, counted in digits of the file's first font, for a width in points."""
    return round(points / UNIT_WIDTH, 2)


def short(digest: str) -> str:
    return digest[:SHORT_DIGEST]


def escape_codes(text: str) -> str:
    """For page headers and footers, where & starts a code."""
    return safe_text(text).replace("&", "&&").replace("\n", " ")
