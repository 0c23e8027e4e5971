"""The detail sheets of the 成绩汇总表: one per part, one row per judge and entry, with every mark and its total as a formula."""

from dataclasses import dataclass, field
from fractions import Fraction

import scoring
import scoring.parts.panels
from compete.excel import formulas, scope
from compete.excel.book import LETTERS, Book, Formula, Sheet
from compete.excel.numbers import decimal_number, points_number
from compete.excel.style import HEAD, HEAD_FACE, LEFT, SUBTITLE, TITLE, Look, row_height
from scoring.numbers import UNIT

STATES = {
    "draft": "草稿未提交", "missing": "未评", "returned": "退回重评", "recused": "回避", "absent": "缺席", "submitted": "已提交",
}  # fmt: skip
FIRST, FIRST_MARK = 5, 4  # row of the first entry, column of the first criterion
MARK = Look(wrap=False)
TOTAL = Look(number="0.00##", wrap=False, bold=True)
OUT = dict(strike=True, color="7F7F7F", fill="EFEFEF")
TOTAL_OUT = TOTAL.but(number='0.00##"去"', **OUT)
MARK_OUT = MARK.but(number='General"去"', **OUT)
VALUE = TOTAL.but(fill="F7F7F7")
WORD = Look(color="7F7F7F")
CENTER = Look()
BAND = LEFT.but(face=HEAD_FACE, fill="FAFAFA")
LABEL = HEAD.but(size=10)
SMALL_HEAD = HEAD.but(size=9)


@dataclass
class PartCells:
    """Where the detail sheet put things: {(entry, judge): cell of the total}, {entry: cell of the value per criterion}."""

    sheet: str
    totals: dict[tuple[int, int], str] = field(default_factory=dict)
    values: dict[int, str] = field(default_factory=dict)

    def ref(self, cell: str) -> str:
        name = self.sheet.replace("'", "''")
        return f"'{name}'!{cell}"


def write_part(book: Book, scheme: scoring.Scheme, part: scoring.Part, facts: scoring.Facts, outcome, titles) -> PartCells:
    """One detail sheet; entries in standing order."""
    leaves = part.leaves
    widths = [42.0, 78.0, 70.0] + [54.0 if len(leaves) > 6 else 66.0] * len(leaves) + [66.0]
    sheet = book.sheet(f"明细-{part.name}", widths, landscape=sum(widths) > 760)
    last = len(widths)
    sheet.band(1, 1, last, f"{book.paper.contest}评委打分明细", TITLE.but(size=16))
    sheet.height(1, 32)
    about = "　".join(text for text in (book.paper.event, share_of(scheme, part)) if text)
    sheet.band(2, 1, last, about, SUBTITLE)
    sheet.height(2, 22)
    sheet.line(3, ["", "", "", *(leaf.name for leaf in leaves), "合计"], [HEAD] * last, least=26)
    sheet.line(
        4, ["", "", "", *(f"满分{scoring.format_points(leaf.maximum)}" for leaf in leaves), "原始分" if part.scale == "raw" else "满分100"], [SMALL_HEAD] * last, least=16
    )
    for column, text in enumerate(("编号", "评委", "状态"), start=1):
        sheet.block(3, column, 4, column, text, HEAD)
    sheet.repeat(1, 4, "D5")
    cells = PartCells(sheet.work.title)
    row = FIRST
    for standing in outcome.standings:
        row = _entry(sheet, row, part, standing, facts, titles, cells)
    return cells


def share_of(scheme: scoring.Scheme, part: scoring.Part) -> str:
    """The part with its weight in the total, where the total is the weighted sum."""
    return part.name if scheme.total else f"{part.name}（占总分 {scoring.format_percent(part.weight)}%）"


def _entry(sheet: Sheet, row: int, part, standing, facts, titles, cells: PartCells) -> int:
    """The rows of one entry."""
    sheets = counting_last(part, standing.fact.sheets.get(part.code, ()))
    if not sheets:
        return row
    title = titles[standing.entry]
    number = title.number or standing.number
    text = "　".join(piece for piece in (number, title.title, title.organization) if piece)
    sheet.band(row, 1, len(sheet.widths), text, BAND)
    sheet.height(row, row_height([(text, sheet.width_of(1, len(sheet.widths)), BAND.size)], least=20))
    row += 1
    results = {result.judge: result for result in judge_results(standing, part)}
    shares, top = formulas.part_shares(part), row
    counting = [fact for fact in sheets if not (fact.chief and part.panel.chief == "apart")]
    for fact in sheets:
        name = facts.judges.get(fact.judge, f"评委{fact.judge}") + ("（总）" if fact.chief else "")
        sheet.line(row, (number, name, STATES[fact.state]), (CENTER, CENTER, CENTER), least=18)
        _marks(sheet, row, part, fact, results.get(fact.judge), shares)
        cells.totals[standing.entry, fact.judge] = f"{LETTERS[FIRST_MARK + len(part.leaves)]}{row}"
        row += 1
    if part.panel.level == "criterion" and standing.parts and counting and scope.of_part(part):
        row = _values(sheet, row, part, standing, top, top + len(counting) - 1, shares, number, cells)
    return row


def judge_results(standing, part):
    """The engine's word on each judge of this entry; none for an entry that is not judged to the end (absent, vetoed)."""
    found = standing.parts.get(part.code)
    return found.judges if found else ()


def counting_last(part, sheets):
    """Judges in the engine's order, those whose marks stand apart at the end so that the others form one range."""
    return sorted(sheets, key=lambda fact: (fact.chief and part.panel.chief == "apart", fact.judge))


def _marks(sheet: Sheet, row: int, part, fact, result, shares) -> None:
    """Marks and total of one judge; a sheet not handed in shows no figures."""
    first, marks = FIRST_MARK, dict(fact.marks or ())
    handed_in = fact.state == "submitted"
    uses = {code: use for code, _, use in (result.marks if result else ())}
    for column, leaf in enumerate(part.leaves, start=first):
        units = marks.get(leaf.code) if handed_in else None
        if units is None:
            sheet.put(row, column, excuse(fact.state) if by_words(part) else None, WORD)
        else:
            sheet.put(row, column, points_number(units), MARK_OUT if uses.get(leaf.code, "used").startswith("dropped") else MARK)
    total_column = first + len(part.leaves)
    total = scoring.sheet_total(part, marks) if handed_in else None
    if total is None:
        sheet.put(row, total_column, excuse(fact.state), WORD)
        return
    look = TOTAL_OUT if result and result.use.startswith("dropped") else TOTAL
    if not scope.of_sheet(part):
        sheet.put(row, total_column, decimal_number(Fraction(total, part.denominator)), look)
        return
    cells = [f"{LETTERS[column]}{row}" for column in range(first, total_column)]
    text = formulas.total_of(cells, [shares[leaf.code] for leaf in part.leaves], f"{cells[0]}:{cells[-1]}")
    sheet.put(row, total_column, Formula(text, decimal_number(Fraction(total, part.denominator))), look)


def by_words(part) -> bool:
    """Where the rule works per criterion its formulas look at each column for 缺分."""
    return part.panel.level == "criterion"


def excuse(state: str) -> str:
    return {"recused": "回避", "absent": "缺席"}.get(state, formulas.MISSING)


def _values(sheet: Sheet, row: int, part, standing, top: int, bottom: int, shares, number: str, cells: PartCells) -> int:
    """The row 取值: what the panel's rule makes of each criterion, and their total."""
    panel, found = part.panel, standing.parts.get(part.code)
    judges = [result for result in (found.judges if found else ()) if result.use == "used"]
    complete = found is not None and not found.missing
    sheet.line(row, (number, "取值", ""), (LABEL, LABEL, LABEL), least=18)
    combine = scoring.parts.panels.combiner(panel)
    for column, leaf in enumerate(part.leaves, start=FIRST_MARK):
        area = f"{LETTERS[column]}{top}:{LETTERS[column]}{bottom}"
        text = formulas.panel_value(panel, area)
        text = formulas.rounded(text, panel.rounding) if panel.rounding else text
        value = formulas.MISSING if not found or found.found is None else ""
        if complete:
            units, count = combine([dict((code, mark) for code, mark, _ in result.marks)[leaf.code] for result in judges])
            exact = Fraction(units, count * UNIT)
            value = decimal_number(Fraction(panel.rounding.round(units, count * UNIT), panel.rounding.scale) if panel.rounding else exact)
        elif not waits(found):
            value = formulas.TOO_FEW
        sheet.put(row, column, Formula(formulas.guarded(panel, area, text), value), VALUE)
    column = FIRST_MARK + len(part.leaves)
    names = [f"{LETTERS[at]}{row}" for at in range(FIRST_MARK, column)]
    text = "+".join(formulas.term(name, shares[leaf.code]) for name, leaf in zip(names, part.leaves, strict=True))
    raw = _raw(part, found)
    guard = f"IF(COUNT({names[0]}:{names[-1]})<{len(names)},{names[0]},{text})"
    sheet.put(row, column, Formula(guard, value if raw is None else decimal_number(raw)), VALUE)
    cells.values[standing.entry] = f"{LETTERS[column]}{row}"
    return row + 1


def waits(found) -> bool:
    """Whether sheets of those who count are missing, or none of them marked (as against: too few judges)."""
    apart = {sheet.judge for sheet in found.fact.sheets.get(found.code, ()) if sheet.chief} if found and found.reader.apart else ()
    uses = [result.use for result in found.judges if result.judge not in apart] if found else []
    return "missing" in uses or "used" not in uses


def _raw(part, found) -> Fraction | None:
    """The score of a part trimmed per criterion, before the part's own rounding."""
    if not found or found.missing:
        return None
    judges = [dict((code, units) for code, units, _ in result.marks) for result in found.judges if result.use == "used"]
    combine, rounding, whole = scoring.parts.panels.combiner(part.panel), part.panel.rounding, Fraction(0)
    for code, factor in part.factors.items():
        units, count = combine([marks[code] for marks in judges])
        value = Fraction(rounding.round(units, count * UNIT), rounding.scale) if rounding else Fraction(units, count * UNIT)
        whole += value * Fraction(factor * UNIT, part.denominator)
    return whole
