"""复核记录表: every sheet of the sample, what was found, how often it was wrong, and room for signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from compete.excel.book import Book
from compete.excel.style import HEAD, LEFT, SIGN, SUBTITLE, TITLE, Look, Paper

COLUMNS = (("序号", 34), ("参赛对象", 120), ("评委", 60), ("抽取", 72), ("系统合计", 56), ("结果", 76), ("原记录 → 应为", 190), ("说明", 100), ("复核人", 60))


@dataclass(frozen=True)
class Checked:
    label: str
    judge: str
    why: str
    total: str
    result: str
    change: str
    note: str
    by: str


def recheck_sheet(paper: Paper, part: str, facts: Sequence[tuple[str, str]], rows: Sequence[Checked]) -> bytes:
    """`facts`: what stands above the list, as (name, words)."""
    book = Book(paper, "复核记录表")
    sheet = book.sheet("复核记录表", [width for _, width in COLUMNS], landscape=True)
    last = len(COLUMNS)
    sheet.band(1, 1, last, f"{paper.contest}复核记录表", TITLE)
    sheet.height(1, 40)
    sheet.band(2, 1, last, f"{paper.event} · {part}", SUBTITLE)
    row = 3
    for name, words in facts:
        sheet.band(row, 1, 2, name, HEAD)
        sheet.band(row, 3, last, words, LEFT)
        sheet.height(row, 22)
        row += 1
    sheet.line(row, [title for title, _ in COLUMNS], [HEAD] * last, least=24)
    sheet.repeat(row, row, freeze=f"A{row + 1}")
    looks = [Look(), LEFT, Look(), Look(), Look(), Look(), LEFT, LEFT, Look()]
    for position, one in enumerate(rows, 1):
        sheet.line(row + position, [position, one.label, one.judge, one.why, one.total, one.result, one.change, one.note, one.by], looks, least=22)
    sheet.put(row + len(rows) + 2, 1, "复核人：______________　　　监督：______________　　　总评委：______________　　　______年____月____日", SIGN)
    sheet.height(row + len(rows) + 2, 40)
    return book.to_bytes()
