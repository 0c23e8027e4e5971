"""A workbook for `compete tally` → a Tally: the full form with its sheet 方案, or one sheet of marks and a rule."""

from pathlib import Path
from typing import NamedTuple

from compete.excel.tally_cells import Ahead, Grid, open_grids, text
from compete.excel.tally_simple import Rule, find_columns, read_simple, told
from scoring import Problem, form

SCHEME = "方案"

__all__ = ["Found", "Rule", "read_workbook", "to_data"]


class Found(NamedTuple):
    """`tally`: or the problem(s); `note`: the rule that was supposed, where the workbook says none."""

    tally: form.Tally | Problem | tuple[Problem, ...]
    note: str = ""


def read_workbook(path: Path, rule: Rule, ahead: Ahead | None = None) -> Found:
    grids = open_grids(path, ahead)
    if isinstance(grids, Problem):
        return Found(grids)
    if any(grid.name.strip() == SCHEME for grid in grids):
        data, problems = to_data(grids)
        read = form.read(data)
        return Found((*problems, *(read if isinstance(read, tuple) else ()))) if problems else Found(read)
    for grid in grids[:1]:
        columns = find_columns(grid)
        if columns:
            tally = read_simple(grid, columns, rule, path.stem)
            note = "" if isinstance(tally, tuple) else f"规则：{told(tally.scheme)}。可用 --rule 等选项更改"
            return Found(tally, note)
    return Found(Problem("no_scheme", path.name, f"没有“{SCHEME}”工作表，第一张表也没有“编号”和评委的列",
                         "请用 compete tally --template 得到样表，或在第一张表写上编号、姓名、单位、评委1、评委2……"))


def to_data(grids: list[Grid]) -> tuple[dict, list[Problem]]:
    """Plain data of the file form, and what could not be understood on the way."""
    from compete.excel import tally_scheme, tally_sheets as sheets

    problems: list[Problem] = []
    by_name = {grid.name.strip(): grid for grid in grids}
    data = {"format": form.FORMAT, "version": form.VERSION} | tally_scheme.read_scheme(by_name[SCHEME], problems)
    parts = {str(part.get("code")): part for part in data["scheme"].get("parts", ()) if part.get("code")}
    names = {str(part.get("name")): code for code, part in parts.items()}
    if sheets.JUDGES in by_name:
        sheets.read_judges(by_name[sheets.JUDGES], data)
    if sheets.ENTRIES in by_name:
        sheets.read_entries(by_name[sheets.ENTRIES], data, names)
    entries = {text(entry.get("number")): entry for entry in data.get("entries", ())}
    judges = {name: code for code, name in data.get("judges", {}).items()}
    for name, grid in by_name.items():
        if name.startswith(sheets.MARKS):
            _marks(sheets, grid, name, parts, names, judges, entries, problems)
    if sheets.PENALTIES in by_name:
        sheets.read_list(by_name[sheets.PENALTIES], sheets.Penalty, "penalties", entries, problems)
    if sheets.DECISIONS in by_name:
        sheets.read_decisions(by_name[sheets.DECISIONS], data)
    if sheets.REPLACEMENTS in by_name:
        sheets.read_replacements(by_name[sheets.REPLACEMENTS], entries, problems)
    return data, problems


def _marks(sheets, grid, name, parts, names, judges, entries, problems):
    """The part is named in the first row, else by the sheet's name; one judged part needs no name."""
    first = grid.rows[0] if grid.rows else []
    code = text(first[1]) if len(first) > 1 and text(first[0]) == "环节" else name.removeprefix(sheets.MARKS).strip()
    judged = [one for one, part in parts.items() if part.get("kind", "judged") == "judged"]
    code = names.get(code, code) or (judged[0] if len(judged) == 1 else "")
    if code not in parts:
        problems.append(Problem("unknown_name", name, f"没有“{code}”这个评分环节", form.hint(code, parts)))
    else:
        sheets.read_marks(grid, parts[code], judges, entries, problems)
