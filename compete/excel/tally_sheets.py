"""Sheets beside 方案 ↔ plain data of the file form: 参赛对象, 评委, 打分 …, 扣分, 决议, 复议分.

In a 打分 sheet a blank cell is a missing mark, — means that the judge is not on the entry's panel, a word is the state of the
judge's sheet. A row without any mark is an entry that did not take the part.
"""

from compete.excel.tally_cells import Grid, plain, text
from compete.excel.tally_values import from_cell, to_cell
from scoring import SHEET_STATES, Problem
from scoring.form.entries import STATES
from scoring.form.records import known
from scoring.form.tally import Decided, Entry, Penalty

ENTRIES, JUDGES, MARKS, PENALTIES, DECISIONS, REPLACEMENTS = "参赛对象", "评委", "打分", "扣分", "决议", "复议分"
FIGURE = "数据·"
ABSENT = ("—", "-", "－", "/")  # the judge is not on the panel
BETWEEN = "·"
WORDS = {SHEET_STATES[state].label_zh: state for state in STATES} | {"缺席": "absent"} | {state: state for state in STATES}
FIELDS = {field.metadata["label"]: field for name, field in known(Entry).items() if name not in ("figures", "penalties", "marks", "replacements")}
OTHER_NAMES = {"姓名": "名称", "队名": "名称", "作品名称": "名称"}


def rows_of(grid: Grid, skip: int = 0):
    """({heading: cell} of the first row that holds anything after `skip`, [(row number, cells)])."""
    rows = [(number, cells) for number, cells in enumerate(grid.rows, 1) if number > skip and any(text(cell) for cell in cells)]
    if not rows:
        return {}, []
    return {text(cell): at for at, cell in enumerate(rows[0][1]) if text(cell)}, rows[1:]


def _at(cells, heads, label):
    at = heads.get(label)
    return cells[at] if at is not None and at < len(cells) else None


# --- reading ----------------------------------------------------------------------------------------------------------


def read_judges(grid: Grid, data: dict) -> None:
    heads, rows = rows_of(grid)
    for _, cells in rows:
        code = text(_at(cells, heads, "代码"))
        if code:
            data.setdefault("judges", {})[code] = text(_at(cells, heads, "姓名")) or code
            if text(_at(cells, heads, "总评委")) == "是":
                data.setdefault("chief", []).append(code)


def read_entries(grid: Grid, data: dict, parts: dict[str, str]) -> None:
    """`parts`: names of the parts → codes; an imported part may be headed by its name."""
    heads, rows = rows_of(grid)
    columns = [(at, FIELDS.get(OTHER_NAMES.get(label, label)), label) for label, at in heads.items()]
    for _, cells in rows:
        entry: dict = {}
        for at, field, label in columns:
            if at >= len(cells) or not text(cells[at]):
                continue
            if field:
                entry[field.name] = from_cell(cells[at], field)
            else:
                code = label.removeprefix(FIGURE)
                entry.setdefault("figures", {})[parts.get(code, code)] = plain(cells[at])
        if entry:
            data.setdefault("entries", []).append(entry)


def read_marks(grid: Grid, part: dict, judges: dict[str, str], entries: dict[str, dict], problems: list[Problem]) -> None:
    """`part`: as the file form writes it; `judges`: names → codes; `entries` by number."""
    skip = 1 if grid.rows and text(grid.rows[0][0]) == "环节" else 0
    heads, rows = rows_of(grid, skip)
    leaves = {leaf.get("name") or leaf["code"]: leaf["code"] for leaf in _leaves(part.get("criteria", ())) if "code" in leaf}
    columns = [(at, *_judge(label, judges, leaves)) for label, at in heads.items() if label not in ("编号", "名称", "姓名", "单位")]
    for row, cells in rows:
        number = text(_at(cells, heads, "编号"))
        given = [(judge, leaf, plain(cells[at]) if at < len(cells) else None) for at, judge, leaf in columns]
        if all(mark is None for _, _, mark in given):
            continue
        if number not in entries:
            problems.append(Problem("unknown_number", f"{grid.name} 第 {row} 行", f"“{ENTRIES}”中没有编号 {number or '（空）'}", "请补上这个参赛对象，或删去这一行"))
            continue
        sheets = _sheets(given)
        if sheets:
            entries[number].setdefault("marks", {})[part["code"]] = sheets


def _leaves(criteria):
    for criterion in criteria:
        yield from _leaves(criterion["children"]) if criterion.get("children") else [criterion]


def _judge(label, judges, leaves):
    """(judge, leaf or None) of a heading such as J1 or J1·操作技能."""
    head, between, tail = label.rpartition(BETWEEN)
    if between and (tail in leaves or tail in leaves.values()):
        return judges.get(head, head), leaves.get(tail, tail)
    return judges.get(label, label), None


def _sheets(given):
    """{judge: mark, marks by criterion, state or None}; judges who are not on the panel are left out."""
    found, off = {}, set()
    for judge, leaf, mark in given:
        if mark in ABSENT:
            off.add(judge)
            continue
        if isinstance(mark, str) and mark in WORDS:
            found[judge] = None if WORDS[mark] == "missing" else WORDS[mark]
        elif leaf is None:
            found[judge] = mark
        elif isinstance(found.setdefault(judge, {}), dict) and mark is not None:
            found[judge][leaf] = mark
    return {judge: None if mark == {} else mark for judge, mark in found.items() if judge not in off}


def read_list(grid: Grid, kind: type, label: str, entries: dict[str, dict], problems: list[Problem]) -> None:
    """扣分: one row each, by number."""
    heads, rows = rows_of(grid)
    for row, cells in rows:
        number = text(_at(cells, heads, "编号"))
        if number not in entries:
            problems.append(Problem("unknown_number", f"{grid.name} 第 {row} 行", f"“{ENTRIES}”中没有编号 {number or '（空）'}", "请改正编号"))
            continue
        entries[number].setdefault(label, []).append(_record(kind, cells, heads))


def _record(kind, cells, heads):
    fields = [(field, _at(cells, heads, field.metadata["label"])) for field in known(kind).values()]
    return {field.name: from_cell(cell, field) for field, cell in fields if text(cell)}


def read_decisions(grid: Grid, data: dict) -> None:
    heads, rows = rows_of(grid)
    data["decisions"] = [_record(Decided, cells, heads) for _, cells in rows]


def read_replacements(grid: Grid, entries: dict[str, dict], problems: list[Problem]) -> None:
    heads, rows = rows_of(grid)
    for row, cells in rows:
        number, part, judge = (text(_at(cells, heads, label)) for label in ("编号", "环节", "评委"))
        if number not in entries:
            problems.append(Problem("unknown_number", f"{grid.name} 第 {row} 行", f"“{ENTRIES}”中没有编号 {number or '（空）'}", "请改正编号"))
        else:
            entries[number].setdefault("replacements", {}).setdefault(part, {})[judge] = plain(_at(cells, heads, "分值"))


# --- writing ----------------------------------------------------------------------------------------------------------


def judge_rows(data: dict) -> list[list]:
    judges, chief = data.get("judges", {}), data.get("chief", [])
    codes = list(dict.fromkeys([*judges, *chief]))
    rows = [[code, judges.get(code, code), "是" if code in chief else None] for code in codes]
    return [["代码", "姓名", "总评委"], *rows] if rows else []


def entry_rows(data: dict) -> list[list]:
    entries = data.get("entries", [])
    fields = [field for field in FIELDS.values() if field.name in ("number", "name") or any(field.name in entry for entry in entries)]
    figures = list(dict.fromkeys(code for entry in entries for code in entry.get("figures", {})))
    heads = [field.metadata["label"] for field in fields]
    rows = [[to_cell(entry[field.name], field) if field.name in entry else None for field in fields]
            + [entry.get("figures", {}).get(code) for code in figures] for entry in entries]
    return [heads + [FIGURE + code if code in FIELDS or code in OTHER_NAMES or code.startswith(FIGURE) else code for code in figures], *rows]


def mark_rows(data: dict, part: dict) -> list[list]:
    """Empty where nobody has marks in the part."""
    code, entries = part["code"], [entry for entry in data.get("entries", []) if entry.get("marks", {}).get(part["code"])]
    judges = list(dict.fromkeys(judge for entry in entries for judge in entry["marks"][code]))
    leaves = [leaf["code"] for leaf in _leaves(part.get("criteria", ()))]
    several = len(leaves) > 1
    heads = [f"{judge}{BETWEEN}{leaf}" for judge in judges for leaf in leaves] if several else judges
    rows = []
    for entry in entries:
        sheets = entry["marks"][code]
        cells = [_cells(sheets[judge] if judge in sheets else ABSENT[0], leaves if several else None) for judge in judges]
        rows.append([entry["number"], *(cell for pieces in cells for cell in pieces)])
    return [["环节", code], ["编号", *heads], *rows] if rows else []


def _cells(sheet, leaves):
    """The cells of one judge; `leaves` None: one cell."""
    if leaves is None:
        return [_word(sheet)]
    if isinstance(sheet, dict):
        return [sheet.get(leaf) for leaf in leaves]
    return [_word(sheet)] + [None] * (len(leaves) - 1)


def _word(sheet):
    if sheet is None:
        return SHEET_STATES["missing"].label_zh
    return SHEET_STATES[sheet].label_zh if isinstance(sheet, str) and sheet in STATES else sheet


def list_rows(data: dict) -> dict[str, list[list]]:
    """扣分, 决议, 复议分, each empty where there is nothing."""
    penalties, decided = list(known(Penalty).values()), list(known(Decided).values())
    entries = data.get("entries", [])
    taken = [[entry["number"], *_values(penalty, penalties)] for entry in entries for penalty in entry.get("penalties", ())]
    decisions = [_values(decision, decided) for decision in data.get("decisions", ())]
    replaced = [[entry["number"], part, judge, value] for entry in entries for part, given in entry.get("replacements", {}).items()
                for judge, value in given.items()]
    found = {PENALTIES: (["编号", *_labels(penalties)], taken), DECISIONS: (_labels(decided), decisions),
             REPLACEMENTS: (["编号", "环节", "评委", "分值"], replaced)}
    return {label: [heads, *rows] if rows else [] for label, (heads, rows) in found.items()}


def _labels(fields):
    return [field.metadata["label"] for field in fields]


def _values(record, fields):
    return [to_cell(record[field.name], field) if field.name in record else None for field in fields]
