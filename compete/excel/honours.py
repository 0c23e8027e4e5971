"""获奖名单: by event and tier, ordered by place or by 姓氏笔画, from what a release froze."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from compete.excel.book import A4_HEIGHT, Book
from compete.excel.style import HEAD, HEAD_FACE, LEFT, SIGN, SUBTITLE, TITLE, Look, Paper
from compete.texts.strokes import doubtful, stroke_key

COLUMNS = (("序号", 34), ("编号", 40), ("名称", 164), ("单位", 132), ("完成人", 134))
TIER = Look(HEAD_FACE, 14, across="left", edges="none", wrap=False)
PAGE = A4_HEIGHT - 1.4 * 72 - 10  # points of a page's rows, with a little to spare
LINE = 15.0  # points of a row whose height was left to the program
ORDERS = {"place": "按名次排列", "strokes": "按第一完成人姓氏笔画排列"}


@dataclass(frozen=True)
class Honour:
    """An entry that received an award; `names`: its people, the leader first."""

    event: str
    tier: str
    place: int | Fraction | None
    number: str
    title: str
    organization: str = ""
    names: tuple[str, ...] = ()
    note: str = ""


def honours_list(
    paper: Paper, honours: Sequence[Honour], order: str = "place", *, tiers: Sequence[tuple[str, str]] = (),
    vacant: Mapping[tuple[str, str], int] | None = None,
) -> bytes:  # fmt: skip
    """The workbook. `tiers`: (event, tier) in the order of printing; one without entries is printed as 空缺."""
    groups = list(dict.fromkeys([*tiers, *((honour.event, honour.tier) for honour in honours)]))
    book = Book(paper, "获奖名单")
    sheet = book.sheet("获奖名单", [width for _, width in COLUMNS], fit=False)
    last = len(COLUMNS)
    sheet.band(1, 1, last, f"{paper.contest}获奖名单", TITLE)
    sheet.height(1, 44)
    sheet.band(2, 1, last, "　".join(text for text in (paper.standing, ORDERS[order]) if text), SUBTITLE)
    sheet.height(2, 26)
    row, headings = 3, []
    for event, tier in groups:
        headings.append(row)
        row = _tier(sheet, row, event, tier, [h for h in honours if (h.event, h.tier) == (event, tier)], order, (vacant or {}).get((event, tier), 0))
    row = _unknown(sheet, row, honours, order)
    sheet.put(row + 1, 1, "主办单位（盖章）：____________________　　　　　　______年____月____日", SIGN)
    sheet.height(row + 1, 48)
    _keep_together(sheet, headings, row + 1)
    return book.to_bytes()


def _keep_together(sheet, headings: list[int], last: int) -> None:
    """A heading does not stand alone at the foot of a page: it moves to the next one with its table."""
    used, heights = 0.0, sheet.heights
    for row in range(1, last + 1):
        height = heights.get(row, LINE)
        needed = sum(heights.get(row + down, LINE) for down in range(3)) if row in headings else height
        if used + needed > PAGE:
            if row in headings:
                sheet.break_after(row - 1)
            used = 0.0
        used += height


def _tier(sheet, row: int, event: str, tier: str, found: list[Honour], order: str, vacant: int) -> int:
    last = len(COLUMNS)
    sheet.band(row, 1, last, f"{event}　{tier}（{len(found)} 项{f'，空缺 {vacant} 项' if vacant else ''}）", TIER)
    sheet.height(row, 34)
    if not found:
        sheet.band(row + 1, 1, last, "空缺", Look())
        return row + 2
    sheet.line(row + 1, [title for title, _ in COLUMNS], [HEAD] * last, least=24)
    row += 2
    looks = [Look(), Look(), LEFT, LEFT, LEFT]
    for position, honour in enumerate(sorted(found, key=lambda honour: _key(honour, order)), start=1):
        sheet.line(row, [position, honour.number, honour.title, honour.organization, "、".join(honour.names)], looks, least=26)
        row += 1
    return row


def _key(honour: Honour, order: str):
    if order == "strokes":
        return stroke_key(honour.names[0] if honour.names else honour.title), honour.number.zfill(6)
    return (honour.place is None, honour.place or 0, honour.number.zfill(6))


def _unknown(sheet, row: int, honours: Sequence[Honour], order: str) -> int:
    """Names whose place hangs on strokes that the table does not know: the reader is told to check them."""
    if order != "strokes":
        return row
    unknown = doubtful(honour.names[0] if honour.names else honour.title for honour in honours)
    if unknown:
        sheet.band(row, 1, len(COLUMNS), f"以下姓名含笔画表未收的字，排在同笔画数的最后，请人工核对次序：{'、'.join(unknown)}", LEFT.but(edges="none", size=10))
        row += 1
    return row
