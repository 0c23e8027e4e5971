"""Finding the header rows of a sheet: one row, or several with merged headings."""

import re
from collections import Counter
from dataclasses import dataclass

from compete.excel import fields
from compete.excel.merges import Merges
from compete.excel.reader import Sheet, column_letter
from compete.texts import clean
from scoring.problems import Problem

# Rows from the top among which a header is looked for, and the most rows it may have.
SEARCHED = 60
DEEPEST = 5

_NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+%?\Z")
_MOMENT = re.compile(r"\d{4}[-./年]\d{1,2}([-./月]\d{1,2}日?)?( \d{1,2}:\d{2}(:\d{2})?)?\Z|\d{1,2}:\d{2}(:\d{2})?\Z")
_FORM_LINE = re.compile(r"[:：]|盖章|填报|制表|名单|名册|附件|(?:报名|汇总|登记)表|\d{4}年")


@dataclass(frozen=True)
class Block:
    """Header rows first..last over columns left..right."""

    first: int
    last: int
    left: int
    right: int
    notices: tuple[Problem, ...] = ()


def is_number(text: str) -> bool:
    text = clean.half_width(text).strip()
    return bool(_NUMBER.match(text) or _MOMENT.match(text))


def find_header(sheet: Sheet, merges: Merges) -> Block | None:
    rows = sorted(sheet.cells)[:SEARCHED]
    anchor = _by_words(sheet, merges, rows) or _by_shape(sheet, merges, rows)
    if anchor is None:
        return None
    first = last = anchor
    while last - first < DEEPEST - 1 and _continues(sheet, merges, first, last):
        last += 1
    while last - first < DEEPEST - 1 and first > 1 and _heads(sheet, merges, first, last):
        first -= 1
    return _bounded(sheet, merges, first, last)


def _read_row(sheet: Sheet, merges: Merges, row: int) -> dict[int, str]:
    """Column → text, with merged values wherever they are seen."""
    texts = {column: clean.tidy(merges.text(sheet, row, column)) for column in range(1, min(sheet.width, 512) + 1)}
    return {column: text for column, text in texts.items() if text}


def _by_words(sheet: Sheet, merges: Merges, rows: list[int]) -> int | None:
    """The row with the most words known from headers; the first one of equals."""
    best, most = None, 0
    for row in rows:
        texts = _read_row(sheet, merges, row)
        words = {text for text in texts.values() if fields.is_header_word(text)}
        if len(words) < 2 and not (len(words) == 1 and len(set(texts.values())) == 1 and sheet.width <= 2):
            continue
        # Half of a header's cells are words we know; in a row of data a few may be by accident.
        if len(words) > most and len(words) * 3 >= len(set(texts.values())):
            best, most = row, len(words)
    return best


def _by_shape(sheet: Sheet, merges: Merges, rows: list[int]) -> int | None:
    """The first row of words as wide as the rows usually are."""
    texts = {row: _read_row(sheet, merges, row) for row in rows}
    if not texts:
        return None
    # A wide merged cell is one cell: remarks above a table are often merged over its columns.
    for row, found in texts.items():
        places = {merges.origin.get((row, column), (row, column)): column for column in found}
        texts[row] = {column: found[column] for column in places.values()}
    widths = sorted(len(found) for found in texts.values())
    usual = widths[len(widths) // 2]
    for share in (0.9, 0.6):
        for row, found in texts.items():
            distinct = set(found.values())
            if len(found) < usual * share or (len(distinct) < 2 and usual > 1):
                continue
            if not any(is_number(text) for text in distinct) and any(later > row for later in rows):
                return row
    return None


def _continues(sheet: Sheet, merges: Merges, first: int, last: int) -> bool:
    """Does the row below the block still belong to the header?"""
    below = last + 1
    width = min(sheet.width, 512)
    covered = [c for c in range(1, width + 1) if first <= merges.origin.get((below, c), (0, 0))[0] <= last]
    own = {c: clean.tidy(t) for c, t in sheet.cells.get(below, {}).items() if clean.tidy(t)}
    if any(is_number(text) for text in own.values()):
        return False
    if covered:
        return True
    if not own or not any(fields.is_header_word(text) for text in own.values()):
        return False
    above = _read_row(sheet, merges, last)
    # Sub-headings stand under a heading that spans several columns, or under nothing at all.
    return all(column not in above or _spans(merges, above, own, last, column) for column in own)


def _spans(merges: Merges, above: dict[int, str], own: dict[int, str], row: int, column: int) -> bool:
    origin = merges.origin.get((row, column), (row, column))
    if merges.width(*origin) > 1:
        return True
    return column + 1 in own and column + 1 not in above


def _heads(sheet: Sheet, merges: Merges, first: int, last: int) -> bool:
    """Does the row above the block hold headings of its columns?"""
    above = first - 1
    width = min(sheet.width, 512)
    own = {c: clean.tidy(t) for c, t in sheet.cells.get(above, {}).items() if clean.tidy(t)}
    shown = _read_row(sheet, merges, above)
    block = _read_row(sheet, merges, last)
    if not shown or not block or any(is_number(text) for text in own.values()):
        return False
    if any(merges.origin.get((first, c), (first, c))[0] <= above for c in range(1, width + 1)):
        return len(set(shown.values())) > 1
    if any((_FORM_LINE.search(text) or len(text) > 20) and not fields.is_header_word(text) for text in own.values()):
        return False
    groups = [c for c in own if 1 < merges.width(above, c) < len(block)]
    if groups:
        # A heading over one column only, with another name below it, is no heading but a remark; and a
        # single merged cell from the first column on is a title that was merged too narrowly.
        return (len(own) > 1 or min(own) > min(block)) and all(
            c in groups or c not in sheet.cells.get(first, {}) or fields.is_header_word(own[c]) for c in own)
    words = [c for c in own if fields.is_header_word(own[c]) and c + 1 in block and c + 1 not in own]
    return bool(words) and len(own) < len(block) and min(own) > min(block)


def _bounded(sheet: Sheet, merges: Merges, first: int, last: int) -> Block:
    """Columns of the table; a second table to the right, behind an empty column, is left out."""
    named = {c for row in range(first, last + 1) for c in _read_row(sheet, merges, row)}
    width = min(sheet.width, 512)
    filled = Counter()
    for row, cells in sheet.cells.items():
        if row > last:
            filled.update(column for column in cells if column <= width)
    left, right = min(named), max(named)
    lower = _read_row(sheet, merges, last)
    for gap in range(left + 1, right):
        if gap in named or filled[gap]:
            continue
        before = {lower[c] for c in range(left, gap) if c in lower}
        after = [lower[c] for c in range(gap + 1, right + 1) if c in lower]
        if len(after) >= 2 and sum(text in before for text in after) * 2 >= len(after):
            return Block(first, last, left, gap - 1, (Problem(
                "second_table", sheet.name, f"{column_letter(gap + 1)}列起还有一张表，没有读入",
                "一张工作表只读第一张表；请把另一张表移到新的工作表后重新上传"),))
    # A column without a heading counts when most rows fill it.
    rows = sum(1 for row in sheet.cells if row > last)
    loose = [column for column, count in filled.items() if (column < left or column > right) and count * 3 >= rows]
    return Block(first, last, min([left, *loose]), max([right, *loose]))


def labels(sheet: Sheet, merges: Merges, block: Block) -> dict[int, tuple[str, str]]:
    """Column → (flattened label 完成人/第一完成人, its last part)."""
    rows = [_header_row(sheet, merges, row, block) for row in range(block.first, block.last + 1)]
    found = {}
    for column in range(block.left, block.right + 1):
        parts = []
        for depth, texts in enumerate(rows):
            text = texts.get(column) or _heading_from_left(rows, depth, column)
            if text and (not parts or parts[-1] != text):
                parts.append(text)
        if parts:
            found[column] = ("/".join(part.replace("/", "／") for part in parts), parts[-1])
    return found


def _header_row(sheet: Sheet, merges: Merges, row: int, block: Block) -> dict[int, str]:
    texts = _read_row(sheet, merges, row)
    # A line over the whole width is the table's name, not a heading of each column.
    if block.last > block.first and len(set(texts.values())) == 1 and len(texts) > 2:
        return {}
    return texts


def _heading_from_left(rows: list[dict[int, str]], depth: int, column: int) -> str:
    """A heading written over its first column only, without merging, also heads the next ones."""
    below = [texts for texts in rows[depth + 1:]]
    if not any(column in texts for texts in below):
        return ""
    left = column - 1
    while left > 0 and left not in rows[depth]:
        if not any(left in texts for texts in below):
            return ""
        left -= 1
    # It is a heading only if something stands under it too.
    return rows[depth].get(left, "") if any(left in texts for texts in below) else ""
