"""评分表: one sheet per judge, one A4 page per entry, with the marks filled in or blank for paper."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from compete.excel.book import A4_HEIGHT, Book, Sheet
from compete.excel.numbers import percent_text, points, points_number
from compete.excel.style import HEAD, HEAD_FACE, LEFT, SIGN, SMALL, SUBTITLE, TITLE, Look, Paper, row_height, short

STATES = {"missing": "未评", "draft": "未提交", "returned": "已退回", "recused": "回避", "absent": "评委缺席"}

_WIDTHS = [30.0, 128.0, 204.0, 42.0, 42.0, 58.0]           # 序号 评分项 评分标准 权重 满分 得分: together one portrait page
_COLUMNS = ("序号", "评分项", "评分标准", "权重", "满分", "得分")
_DEEPEST = 8
_TOP = TITLE.but(size=22)
_MARK = Look(face="Times New Roman", size=13, bold=True, wrap=False, number="0.0###")
_TOTAL = _MARK.but(size=14, number="0.00##")
_WORD = Look(size=10)
_BIG = Look(size=13, across="left")
_PLAIN = Look()
_NAMES = [LEFT.but(indent=depth) for depth in range(_DEEPEST)]
_ANCHOR = LEFT.but(size=9)
_GROUP = Look(HEAD_FACE, fill="FAFAFA")
_GROUP_NAMES = [_GROUP.but(across="left", indent=depth) for depth in range(_DEEPEST)]
_GROUP_ANCHOR = _ANCHOR.but(fill="FAFAFA")
_SUM = HEAD.but(size=13)
_COMMENT = LEFT.but(upright="top")
_USABLE = A4_HEIGHT - 1.4 * 72 - 6


@dataclass(frozen=True)
class CriterionLine:
    """One line of the criterion tree, in the order of the tree."""
    code: str
    name: str
    depth: int
    weight: int | None
    maximum: int
    leaf: bool
    anchors: str = ""


@dataclass(frozen=True)
class ScorePage:
    """One judge's page about one entry; where judging is blind, `number` is its code, `title` and `organization` are empty."""
    number: str
    title: str
    organization: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)
    total: str = ""
    comment: str = ""
    state: str = "submitted"
    submitted_at: str = ""
    signed: str = ""  # what was signed on the tablet, in place of the line to sign on


@dataclass(frozen=True)
class JudgeBook:
    judge_name: str
    judge_code: str = ""
    pages: tuple[ScorePage, ...] = ()


def criterion_lines(criteria: Sequence, depth: int = 0) -> tuple[CriterionLine, ...]:
    """The lines of a tree of `scoring.scheme.Criterion`."""
    lines: list[CriterionLine] = []
    for criterion in criteria:
        anchors = [f"{points(level)} 分：{text}" for level, text in criterion.anchors]
        about = "\n".join(text for text in (criterion.description, *anchors) if text)
        lines.append(CriterionLine(criterion.code, criterion.name, depth, criterion.weight if depth == 0 else None,
                                   criterion.maximum, not criterion.children, about))
        lines.extend(criterion_lines(criterion.children, depth + 1))
    return tuple(lines)


def score_sheets(paper: Paper, part_name: str, lines: Sequence[CriterionLine], books: Sequence[JudgeBook]) -> bytes:
    """All pages of all judges as they stand."""
    return _write(paper, part_name, tuple(lines), books, blank=False)


def blank_sheets(paper: Paper, part_name: str, lines: Sequence[CriterionLine], books: Sequence[JudgeBook]) -> bytes:
    """Pages to be filled in by hand. A page of a recused judge is left in its place and says so."""
    return _write(paper, part_name, tuple(lines), books, blank=True)


def _write(paper: Paper, part_name: str, lines, books: Sequence[JudgeBook], blank: bool) -> bytes:
    book = Book(paper, "评分表")
    for judge in books or [JudgeBook("")]:
        sheet = book.sheet(judge.judge_name or "空白评分表", _WIDTHS, fit=False)
        row, tallest = 1, 0.0
        for page in judge.pages:
            if row > 1:
                sheet.break_after(row - 1)
            row, height = _page(sheet, row, part_name, lines, judge, page, blank)
            tallest = max(tallest, height)
        if not judge.pages:
            sheet.band(1, 1, 6, "没有分配参赛对象", SUBTITLE)
        # A fitted sheet would ignore the breaks between entries: a long tree is scaled instead.
        sheet.work.page_setup.scale = max(10, min(100, int(100 * _USABLE / tallest))) if tallest else 100
    return book.to_bytes()


def _page(sheet: Sheet, row: int, part_name: str, lines, judge: JudgeBook, page: ScorePage, blank: bool) -> tuple[int, float]:
    """One page; returns the next free row and the page's height."""
    top, paper = row, sheet.book.paper
    sheet.band(row, 1, 6, paper.contest, SUBTITLE)
    sheet.height(row, 22)
    sheet.band(row + 1, 1, 6, "评  分  表", _TOP)
    sheet.height(row + 1, 36)
    sheet.band(row + 2, 1, 6, "　".join(t for t in (paper.event, paper.stage, part_name) if t), SUBTITLE)
    sheet.height(row + 2, 24)
    row = _about(sheet, row + 3, judge, page)
    sheet.line(row, _COLUMNS, [HEAD] * 6, least=24)
    row = _criteria(sheet, row + 1, lines, page)
    row = _foot(sheet, row, page, blank)
    return row, sum(sheet.heights[r] for r in range(top, row))


def _about(sheet: Sheet, row: int, judge: JudgeBook, page: ScorePage) -> int:
    wide = sheet.width_of(3, 6)
    rows = [("参赛编号", page.number)]
    if page.title:
        rows.append(("名　　称", page.title))
    if page.organization:
        rows.append(("单　　位", page.organization))
    name = judge.judge_name + (f"（{judge.judge_code}）" if judge.judge_code else "")
    rows.append(("评　　委", name))
    for label, value in rows:
        sheet.band(row, 1, 2, label, HEAD)
        sheet.band(row, 3, 6, value, _BIG)
        sheet.height(row, _tall(value, wide, 13, 26))
        row += 1
    return row


def _tall(value: str, width: float, size: float, least: float) -> float:
    return row_height([(value, width, size)], least=least)


def _criteria(sheet: Sheet, row: int, lines, page: ScorePage) -> int:
    word = STATES[page.state] if page.state in ("missing", "recused", "absent") else ""
    serial = 0
    for line in lines:
        weight = percent_text(line.weight) if line.weight is not None else ""
        if line.leaf:
            serial += 1
            mark = page.marks.get(line.code)
            shown = word or (None if mark is None else points_number(mark))
            values = (str(serial), line.name, line.anchors, weight, points(line.maximum), shown)
            looks, least = (_PLAIN, _NAMES[line.depth], _ANCHOR, _PLAIN, _PLAIN, _PLAIN if word else _MARK), 32
        else:
            values = ("", line.name, line.anchors, weight, points(line.maximum), "")
            looks, least = (_GROUP, _GROUP_NAMES[line.depth], _GROUP_ANCHOR, _GROUP, _GROUP, _GROUP), 24
        sheet.height(row, sheet.line(row, values, looks, least=least) + 3)
        row += 1
    return row


def _foot(sheet: Sheet, row: int, page: ScorePage, blank: bool) -> int:
    paper = sheet.book.paper
    sheet.band(row, 1, 5, "合　　计", _SUM)
    total = STATES.get(page.state) or (Decimal(page.total) if page.total else None)
    sheet.put(row, 6, total, _TOTAL if page.state == "submitted" else _WORD)
    sheet.height(row, 32)
    sheet.band(row + 1, 1, 2, "评　　语", HEAD)
    sheet.band(row + 1, 3, 6, page.comment, _COMMENT)
    sheet.height(row + 1, _tall(page.comment, sheet.width_of(3, 6), 11, 80))
    rule = "填写说明：得分用阿拉伯数字填写，不得超过满分；修改处须由评委签名。0 分请写“0”，空白视为未评。"
    note = rule if blank else (f"提交时间：{page.submitted_at}" if page.submitted_at else "")
    sheet.band(row + 2, 1, 6, note, SMALL)
    sheet.height(row + 2, 30 if blank else 18)
    sheet.put(row + 3, 1, page.signed or "评委签名：________________　　　　　　　　　　日期：______年____月____日", SIGN)
    sheet.height(row + 3, 40)
    head = f"留痕链头 {short(paper.audit_head)}" if paper.audit_head else ""
    sheet.band(row + 4, 1, 6, "　".join(t for t in (f"编号 {page.number}", head, paper.standing) if t), SMALL)
    sheet.height(row + 4, 18)
    return row + 5
