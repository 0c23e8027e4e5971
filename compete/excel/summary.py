"""成绩汇总表: entries by judges, with every figure from mark to place as a live formula that comes to the engine's figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import scoring
from compete.excel import formulas, scope
from compete.excel.book import LETTERS, Book, Formula, Sheet
from compete.excel.judges_sheet import OUT, PartCells, counting_last, excuse, judge_results, write_part, waits
from compete.excel.numbers import decimal_number, points_number
from compete.excel.rules_text import legend, rules
from compete.excel.style import HEAD, LEFT, SIGN, SMALL, SUBTITLE, TITLE, Look, Paper, row_height
from compete.excel.summary_tail import tie_offsets, write_tail

FIRST = 6  # the first row of entries
MOST_NAMED = 15  # more judges than this share columns by position (several panels side by side)
SCORE = Look(number="0.00", wrap=False)
SCORE_OUT = SCORE.but(number='0.00"去"', size=10, **OUT)
PART = SCORE.but(bold=True, fill="F7F7F7")
WORD = Look(size=10, color="7F7F7F")
CENTER, SHORT = Look(), LEFT.but(size=10)


@dataclass(frozen=True)
class Title:
    """What the workbook calls an entry; while judging is blind, `number` is its code and the rest is empty."""

    title: str
    organization: str = ""
    number: str = ""


@dataclass(frozen=True)
class PartColumns:
    """The columns of one part: judges from `first` to `last`, those apart up to `apart`, the part's score at `score`."""

    part: scoring.Part
    judges: tuple[int | None, ...]  # None: by position
    first: int
    last: int
    apart: int
    score: int


def summary_workbook(
    paper: Paper, scheme: scoring.Scheme, facts: scoring.Facts, outcome: scoring.Outcome, titles: Mapping[int, Title],
    awards: Mapping[int, str] | None = None,
) -> bytes:  # fmt: skip
    """The workbook: the summary, then one sheet of marks per judged part.

    `facts` should carry every mark (`compete.results.facts.facts_of`); a total without marks stands as a plain figure.
    """
    columns, widths = _layout(scheme, facts)
    book = Book(paper, "成绩汇总表")
    sheet = book.sheet("成绩汇总表", widths, landscape=True)
    cells = {part.code: write_part(book, scheme, part, facts, outcome, titles) for part in scheme.parts if part.kind == "judged"}
    _head(sheet, scheme, facts, columns)
    tail = columns[-1].score + 1 + len(scheme.steps)
    ranked = sum(standing.place is not None for standing in outcome.standings)
    area = f"{LETTERS[tail + 1]}${FIRST}:{LETTERS[tail + 1]}${FIRST + max(ranked, 1) - 1}"
    ties = tie_offsets(outcome.standings)
    row = FIRST
    for standing in outcome.standings:
        _entry(sheet, row, scheme, facts, standing, columns, cells, titles[standing.entry])
        scores = [f"{LETTERS[group.score]}{row}" for group in columns]
        write_tail(sheet, row, tail, scheme, standing, scores, area, ties.get(standing.entry), (awards or {}).get(standing.entry, ""))
        row += 1
    _foot(sheet, row, scheme, facts)
    return book.to_bytes()


def _layout(scheme: scoring.Scheme, facts: scoring.Facts) -> tuple[list[PartColumns], list[float]]:
    widths, found, column = [32.0, 40.0, 150.0, 116.0], [], 5
    for part in scheme.parts:
        counting, apart = _judges(part, facts)
        last = column + len(counting) - 1
        end = last + len(apart)
        found.append(PartColumns(part, counting + apart, column, last, end, end + 1))
        widths += [47.0] * (len(counting) + len(apart)) + [56.0]
        column = end + 2
    return found, widths + [56.0] * len(scheme.steps) + [40.0, 58.0, 38.0, 56.0, 84.0]


def _judges(part: scoring.Part, facts: scoring.Facts) -> tuple[tuple[int | None, ...], tuple[int, ...]]:
    """The judges' columns: those who count, those who stand apart. Many panels share columns by position."""
    counting, apart, most = {}, {}, 0
    for entry in facts.entries:
        sheets = counting_last(part, entry.sheets.get(part.code, ()))
        own = [fact.judge for fact in sheets if not (fact.chief and part.panel.chief == "apart")]
        counting.update(dict.fromkeys(own))
        apart.update(dict.fromkeys(fact.judge for fact in sheets if fact.chief and part.panel.chief == "apart"))
        most = max(most, len(own))
    if len(counting) > max(MOST_NAMED, most):
        return (None,) * most, tuple(sorted(apart))
    return tuple(sorted(counting)), tuple(sorted(apart))


def _head(sheet: Sheet, scheme, facts, columns: list[PartColumns]) -> None:
    paper, last = sheet.book.paper, len(sheet.widths)
    sheet.band(1, 1, last, f"{paper.contest}成绩汇总表", TITLE)
    sheet.height(1, 40)
    sheet.band(2, 1, last, "　".join(text for text in (paper.event, paper.stage, paper.standing) if text), SUBTITLE)
    sheet.height(2, 24)
    sheet.band(3, 1, last, rules(scheme), SMALL)
    sheet.height(3, row_height([(rules(scheme), sheet.width_of(1, last), SMALL.size)], least=18))
    for column, text in enumerate(("名次", "编号", "名称", "单位"), start=1):
        sheet.block(4, column, 5, column, text, HEAD)
    for group in columns:
        part = group.part
        label = part.name if scheme.total else f"{part.name}（{scoring.format_percent(part.weight)}%）"
        if group.apart >= group.first:
            sheet.band(4, group.first, group.score, label, HEAD)
            for column, judge in enumerate(group.judges, start=group.first):
                name = f"评委{column - group.first + 1}" if judge is None else facts.judges.get(judge, f"评委{judge}")
                sheet.put(5, column, name + ("（不计入）" if column > group.last else ""), HEAD.but(size=10))
            sheet.put(5, group.score, "环节得分", HEAD)
        else:
            sheet.block(4, group.score, 5, group.score, label, HEAD)
    heads = (*(step.name for step in scheme.steps), "扣分", "总分", "同分\n次序", "奖项", "备注")
    for column, text in enumerate(heads, start=columns[-1].score + 1):
        sheet.block(4, column, 5, column, text, HEAD)
    names = [(facts.judges.get(judge, ""), 47.0, 10) for group in columns for judge in group.judges if judge]
    sheet.height(4, 24)
    sheet.height(5, row_height(names, least=24))
    sheet.repeat(1, 5, "D6")


def _entry(sheet: Sheet, row: int, scheme, facts, standing, columns: list[PartColumns], cells: dict[str, PartCells], title: Title) -> None:
    """Number and name, then per part the judges' totals and the part's score."""
    sheet.line(row, [title.number or standing.number, title.title, title.organization], [CENTER, SHORT, SHORT], first=2, least=26)
    for group in columns:
        part, sheets = group.part, standing.fact.sheets.get(group.part.code, ())
        results = {result.judge: result for result in judge_results(standing, part)}
        ordered = {fact.judge: fact for fact in counting_last(part, sheets)}
        waiting = iter(fact for fact in ordered.values() if not (fact.chief and part.panel.chief == "apart"))
        for column, judge in enumerate(group.judges, start=group.first):
            fact = next(waiting, None) if judge is None else ordered.get(judge)
            _judge(sheet, row, column, part, standing.entry, fact, fact and results.get(fact.judge), cells)
        _part(sheet, row, facts, standing, group, cells)
    for column, step in enumerate(standing.steps.values(), start=columns[-1].score + 1):
        sheet.put(row, column, decimal_number(Fraction(*step.exact)) if step.exact else "—", PART)


def _judge(sheet: Sheet, row: int, column: int, part, entry: int, fact, result, cells) -> None:
    if fact is None:
        sheet.put(row, column, formulas.NO_MARK, WORD)
        return
    total = fact.total if fact.total is not None else scoring.sheet_total(part, fact.marks or ())
    if fact.state != "submitted" or total is None:
        sheet.put(row, column, excuse(fact.state), WORD)
        return
    value = decimal_number(Fraction(total, part.denominator))
    look = SCORE_OUT if result and result.use.startswith("dropped") else SCORE
    if fact.marks is None:
        sheet.put(row, column, value, look)
    else:
        sheet.put(row, column, Formula(cells[part.code].ref(cells[part.code].totals[entry, fact.judge]), value), look)


def _part(sheet: Sheet, row: int, facts, standing, group: PartColumns, cells) -> None:
    part, found = group.part, standing.parts.get(group.part.code)
    if found is None or not found.taken:
        sheet.put(row, group.score, "—" if found is None else "未参加", WORD)
        return
    if not scope.of_part(part, facts):
        exact = None if found.missing else Fraction(found.score_num, found.score_den)
        sheet.put(row, group.score, decimal_number(exact) if exact is not None else formulas.MISSING, PART)
        return
    if part.kind != "judged":
        _figure(sheet, row, part, standing, group)
        return
    by_criterion = part.panel.level == "criterion"
    area = f"{LETTERS[group.first]}{row}:{LETTERS[max(group.last, group.first)]}{row}"
    exact = None if found.missing else Fraction(found.score_num, found.score_den)
    value = decimal_number(exact) if exact is not None else _open(found)
    if by_criterion:
        source = cells[part.code].values.get(standing.entry)
        if source is None:
            sheet.put(row, group.score, formulas.MISSING, PART)
            return
        there = cells[part.code].ref(source)
        text = f"IF(ISNUMBER({there}),{formulas.rounded(there, part.rounding)},{there})" if part.rounding else there
    elif group.last < group.first:
        sheet.put(row, group.score, formulas.MISSING, PART)
        return
    else:
        text = formulas.panel_value(part.panel, area)
        for rounding in (part.panel.rounding, part.rounding):
            text = formulas.rounded(text, rounding) if rounding else text
        text = formulas.guarded(part.panel, area, text)
    sheet.put(row, group.score, Formula(text, value), PART)


def _open(found) -> str:
    """Why a part has no score: sheets not handed in or nobody marked, or fewer judges than the panel needs."""
    return formulas.MISSING if waits(found) else formulas.TOO_FEW


def _figure(sheet: Sheet, row: int, part, standing, group: PartColumns) -> None:
    """An imported figure (theory paper, votes), as points of the part."""
    found = standing.parts[part.code]
    if found.missing:
        sheet.put(row, group.score, formulas.MISSING, PART)
        return
    units = standing.fact.figures[part.code]
    share = formulas.part_shares(part)[part.leaves[0].code] if part.criteria else Fraction(1)
    text, exact = formulas.term(scoring.format_points(units), share), Fraction(found.score_num, found.score_den)
    if part.rounding:
        text = formulas.rounded(text, part.rounding)
    if share == 1 and not part.rounding:
        sheet.put(row, group.score, points_number(units), PART)
    else:
        sheet.put(row, group.score, Formula(text, decimal_number(exact)), PART)


def _foot(sheet: Sheet, row: int, scheme, facts) -> None:
    last, text = len(sheet.widths), legend(scheme, facts)
    sheet.band(row, 1, last, text, SMALL)
    sheet.height(row, row_height([(text, sheet.width_of(1, last), SMALL.size)], least=30))
    line = "总评委（签名）：______________　　　计分：______________　　　复核：______________　　　监督：______________　　　______年____月____日"
    sheet.put(row + 1, 1, line, SIGN)
    sheet.height(row + 1, 44)
