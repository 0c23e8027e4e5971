"""The simplest workbook: one sheet with 编号, 姓名, 单位 and a column of marks for each judge; the rule comes from outside."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from compete.excel.tally_cells import Grid, plain, text
from scoring import PANEL_RULES, UNIT, EntryFact, Facts, Problem, SheetFact, check_mark, sheet_total
from scoring import form
from scoring.form.values import Unreadable, units

PART, LEAF = "score", "score"
HEADS = {
    "number": ("编号", "参赛编号", "选手编号", "号码", "序号", "抽签号", "编码"),
    "name": ("姓名", "名称", "选手", "选手姓名", "参赛选手", "队名", "作品名称", "项目名称", "参赛项目"),
    "organization": ("单位", "所在单位", "工作单位", "选送单位", "参赛单位", "学校"),
    "delegation": ("代表队", "代表团"), "division": ("赛区", "组别"),
}
RESULTS = ("总分", "平均分", "得分", "成绩", "最后得分", "名次", "排名", "奖项", "备注", "签名")
JUDGE = re.compile(r"(?:评委|裁判|专家|评审|[Jj]udge|[Jj])\s*\w*")
STATES = {"回避": "recused", "缺席": "absent", "评委缺席": "absent", "未评": "missing", "—": None, "-": None, "/": None}
new = tuple.__new__
LATEST_HEAD = 20  # the row of headings is among the first ones


class Rule(NamedTuple):
    """What the sheet does not say. rule and drops: None for the usual: five judges or more lose one mark on either side."""

    rule: str | None = None
    drop_high: int | None = None
    drop_low: int | None = None
    places: int = 2
    maximum: int = 100
    better: str = "high"


class Columns(NamedTuple):
    row: int  # of the headings, from 0
    fixed: dict[str, int]
    judges: dict[int, str]
    unused: tuple[str, ...]


def find_columns(grid: Grid) -> Columns | None:
    """Where the headings are and what they are; None where no row has a number and a judge."""
    for row, cells in enumerate(grid.rows[:LATEST_HEAD]):
        heads = {at: text(cell) for at, cell in enumerate(cells) if text(cell)}
        fixed = {name: at for name, known in HEADS.items() for at in [_first(heads, known)] if at is not None}
        rest = {at: head for at, head in heads.items() if at not in fixed.values()}
        judges = {at: head for at, head in rest.items() if JUDGE.fullmatch(head)}
        if "number" in fixed and judges:
            return Columns(row, fixed, judges, tuple(head for at, head in rest.items() if at not in judges))
    return None


def _first(heads, known):
    return next((at for name in known for at, head in heads.items() if head == name), None)


def read_simple(grid: Grid, columns: Columns, rule: Rule, title: str) -> form.Tally | tuple[Problem, ...]:
    tally = form.read(_file(columns, rule, title))
    if isinstance(tally, tuple):
        return tally
    problems: list[Problem] = []
    entries, names = _entries(grid, columns, tally.scheme, problems)
    if problems:
        return tuple(problems)
    judges = dict(enumerate(columns.judges.values(), 1))
    notices = tuple(Problem("unused_column", f"{grid.name} · {head}", "这一列没有用到", "") for head in columns.unused if head not in RESULTS)
    return replace(tally, facts=Facts(entries, judges), names=names, judges=judges, notices=tally.notices + notices)


def _file(columns, rule, title):
    """The scheme as the file form writes it."""
    count = len(columns.judges)
    code = rule.rule or ("trimmed_mean" if count >= 5 else "mean")
    panel = {"rule": code, "minimum_judges": 1}
    if code == "trimmed_mean":
        panel |= {"drop_high": 1 if rule.drop_high is None else rule.drop_high, "drop_low": 1 if rule.drop_low is None else rule.drop_low}
        panel["minimum_judges"] = panel["drop_high"] + panel["drop_low"] + 1
    leaf = {"code": LEAF, "name": "得分", "maximum": rule.maximum, "step": Decimal("0.0001")}
    part = {"code": PART, "name": "评分", "criteria": [leaf], "panel": panel | ({"better": "low"} if rule.better == "low" else {})}
    if rule.maximum != 100:
        part["scale"] = "raw"
    scheme = {"parts": [part], "rounding": {"places": rule.places}, "better": rule.better, "ties": [{"code": "shared"}]}
    return {"format": form.FORMAT, "version": form.VERSION, "title": title, "scheme": scheme}


def told(scheme) -> str:
    """The rule in a sentence, for whoever did not choose it."""
    panel = scheme.parts[0].panel
    drops = f"（{panel.drop_high} 个最高分、{panel.drop_low} 个最低分）" if panel.rule == "trimmed_mean" else ""
    return f"{PANEL_RULES[panel.rule].label_zh}{drops}，保留 {scheme.rounding.places} 位小数，同分并列"


class _Marks(dict):
    """Cell → (state, total, marks, False) of a sheet, or what is wrong; each distinct cell is read and checked once."""

    def __init__(self, part):
        self.part, self.leaf, self.odd = part, part.leaves[0], False

    def __missing__(self, cell):
        self[cell] = found = self._quick(cell) or self._content(plain(cell))
        return found

    def _quick(self, cell):
        """A number with four decimals at most that needs no more looking at: the float nearest to it is the cell's."""
        if cell.__class__ is float and self.leaf.minimum <= cell * UNIT <= self.leaf.maximum:
            found = round(cell * UNIT)
            if found / UNIT == cell and (found - self.leaf.minimum) % self.leaf.step == 0:
                return self._submitted(found)
        return None

    def _submitted(self, found):
        marks = ((self.leaf.code, found),)
        return "submitted", sheet_total(self.part, marks), marks, False

    def _content(self, mark):
        if mark is None:
            return "missing", None, None, False
        if mark in STATES:
            return STATES[mark] and (STATES[mark], None, None, False)
        try:
            found = units(mark, "points")
        except Unreadable as fault:
            return Problem("unreadable", "", *fault.args)
        return check_mark(self.leaf, found) or self._submitted(found)


class _Column(dict):
    """Cell → sheet of one judge; a Problem, or None for a judge who is not on the panel."""

    def __init__(self, judge, marks):
        self.judge, self.marks = (judge,), marks

    def __missing__(self, cell):
        found = self.marks[cell]
        if found.__class__ is tuple:
            # Thousands of sheets: made past the named tuple's own, slower constructor.
            self[cell] = sheet = new(SheetFact, self.judge + found)
            return sheet
        self.marks.odd = True
        return found


def _entries(grid, columns, scheme, problems):
    part = scheme.parts[0]
    marks = _Marks(part)
    readers = [(at, _Column(judge, marks)) for judge, at in enumerate(columns.judges, 1)]
    fixed, last = columns.fixed, max((*columns.fixed.values(), *columns.judges))
    at_number, *others = (fixed.get(name) for name in ("number", "name", "organization", "delegation", "division"))
    found, names, seen, code = [], {}, {}, part.code
    for row, cells in enumerate(grid.rows[columns.row + 1:], columns.row + 2):
        if len(cells) <= last:
            cells = [*cells, *[None] * (last + 1 - len(cells))]
        number = _text(cells[at_number])
        if not number:
            _without_number(grid, row, cells, readers, problems)
            continue
        if number in seen:
            problems.append(Problem("repeated_number", f"{grid.name} 第 {row} 行", f"编号 {number} 与第 {seen[number]} 行相同", "请为每个参赛对象取不同的编号"))
        seen[number] = row
        sheets = tuple([reader[cells[at]] for at, reader in readers])
        if marks.odd:
            sheets = _told_apart(grid, row, columns, number, sheets, problems)
        name, organization, delegation, division = ["" if at is None else _text(cells[at]) for at in others]
        entry = len(found) + 1
        names[entry] = name
        found.append(EntryFact(entry, number, "competing", organization, {code: sheets} if sheets else {}, (), {}, delegation, division))
    return tuple(found), names


def _text(cell):
    return cell.strip() if cell.__class__ is str else text(cell)


def _told_apart(grid, row, columns, number, sheets, problems):
    """The sheets of a row, its problems with their places; a dash means that the judge is not on the panel."""
    for (at, head), sheet in zip(columns.judges.items(), sheets):
        if isinstance(sheet, Problem):
            problems.append(Problem(sheet.code, f"{grid.name} 第 {row} 行 · {number} 号 · {head}", sheet.message, sheet.mend))
    return tuple(sheet for sheet in sheets if isinstance(sheet, SheetFact))


def _without_number(grid, row, cells, readers, problems):
    """A row without a number is no entry, unless a judge marked it."""
    if any(reader[cells[at]].__class__ is SheetFact and cells[at] not in (None, "") for at, reader in readers):
        problems.append(Problem("no_number", f"{grid.name} 第 {row} 行", "有打分，没有编号", "请填写编号，或删去这一行"))
