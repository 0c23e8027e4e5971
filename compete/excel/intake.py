"""A workbook → plain rows as an import keeps them: JSON values, one row per entry or judge, problems beside them."""

import re
from dataclasses import replace

from compete.excel.fields import fields_for
from compete.excel.mapping import Mapping, match_columns
from compete.excel.reader import read_workbook
from compete.excel.roster import Roster, RosterRow, SheetRoster, read_roster
from scoring.problems import Problem

KIND_OF_ENTRY = {"project": "projects", "work": "projects", "team": "teams", "individual": "individuals"}
_SUMMARY = re.compile(r".*简介$")
_LEADER = ("第一完成人", "队长", "负责人", "项目负责人", "第一作者", "组长")
# Numbers of persons for whom there is no encrypted field (领队电话): not taken in at all.
_PRIVATE = re.compile(r"电话|手机|身份证|证件号|账号|帐号|卡号|邮箱|住址|家庭")
_ADVISER = re.compile(r"指导|教练|领队")
_EXPLANATION = re.compile(r"(填写|填表|导入|模板)?(说明|须知|要求)")
SAMPLE_ROW = "示例"  # as in our own templates
LISTS = "可选值"  # the hidden sheet of our own templates
SAMPLES = 3


def read(data: bytes, filename: str, kind: str, *, remembered: dict | None = None, columns: dict | None = None) -> dict | Problem:
    """{"sheets", "rows", "problems"}; `columns` {sheet: {index: target}} are the columns matched by hand."""
    workbook = read_workbook(data, filename)
    if isinstance(workbook, Problem):
        return workbook
    by_hand = {sheet: Mapping.from_json(targets) for sheet, targets in (columns or {}).items()}
    roster = read_roster(workbook, kind, remembered, by_hand)
    roster = replace(roster, sheets=tuple(sheet for sheet in roster.sheets if not _EXPLANATION.fullmatch(sheet.name)))
    return {
        "kind": kind,
        "sheets": [_sheet(sheet, kind, remembered) for sheet in roster.sheets],
        "rows": _rows(roster),
        "problems": [list(problem) for problem in roster.problems if problem.where != LISTS],
    }


def _sheet(sheet: SheetRoster, kind: str, remembered: dict | None) -> dict:
    table = sheet.table
    found = {"name": sheet.name, "rows": len(sheet.rows), "problems": [list(problem) for problem in sheet.problems],
             "columns": [], "skipped": [], "first": None, "learned": {}}  # fmt: skip
    if table is None:
        return found
    found["first"] = table.header_rows[0]
    found["skipped"] = [[each.row, each.reason, each.text[:80]] for each in table.skipped[:50]]
    found["columns"] = [
        {"index": column.index, "letter": column.letter, "label": column.label, "target": sheet.mapping.columns.get(column.index, ""),
         "samples": [text for row in table.rows[:20] if (text := row.cells.get(column.index, ""))][:SAMPLES]}
        for column in table.columns
    ]  # fmt: skip
    dropped = [name for name in sheet.mapping.extras.values() if _PRIVATE.search(name)]
    if dropped:
        text = f"“{'、'.join(dropped)}”含个人信息，没有加密存放的位置，不导入"
        found["problems"].append(["private_column", sheet.name, text, "如是选手本人的电话或证件号，请在列的对应中选对应的项目"])
    guessed = match_columns(table, remembered, kind).remember(table)
    found["learned"] = {heading: target for heading, target in sheet.mapping.remember(table).items() if guessed.get(heading) != target}
    return found


def targets(kind: str) -> dict[str, str]:
    """What a column may be matched to, for a <select>."""
    return fields_for(kind)


def _rows(roster: Roster) -> list[dict]:
    return [_row(row, f"{place}:{row.row}", roster.kind) for place, sheet in enumerate(roster.sheets) for row in sheet.rows
            if row.number != SAMPLE_ROW]


def _row(row: RosterRow, key: str, kind: str) -> dict:
    extras = {name: text for name, text in {**row.extras, **_of_members(row, kind)}.items() if not _PRIVATE.search(name)}
    summary = "".join(extras.pop(name) for name in [name for name in extras if _SUMMARY.fullmatch(name)])
    title = row.title or (row.leader.name if kind in ("individuals", "judges") and row.leader else "")
    return {
        "key": key, "sheet": row.sheet, "row": row.row, "event": row.event or row.sheet, "number": row.number, "title": title,
        "organization": row.organization, "delegation": row.delegation, "uscc": row.uscc, "summary": summary, "extras": extras,
        "members": [_member(member, place, kind) for place, member in enumerate(row.members)],
        "errors": [list(problem) for problem in row.errors], "warnings": [list(problem) for problem in row.warnings],
    }  # fmt: skip


def _member(member, place: int, kind: str) -> dict:
    role = "member"
    if _ADVISER.search(member.role):
        role = "adviser"
    elif kind == "individuals" or (place == 0 and (member.role in _LEADER or not member.role)):
        role = "leader"
    elif member.role in _LEADER:
        role = "leader" if place == 0 else "member"
    return {"name": member.name, "role": role, "phone": member.phone, "id_number": member.id_number,
            "account": member.bank_account, "bank": member.bank, "written_role": member.role, "position": member.position}  # fmt: skip


def _of_members(row: RosterRow, kind: str) -> dict[str, str]:
    """Facts about persons for which an entry has no field of its own, as further columns: 性别 → "张三 男；李四 女"."""
    if kind == "judges":
        return {}
    facts: dict[str, list] = {}
    for member in row.members:
        told = dict(member.extras)
        told["职称"] = member.position
        told["成员单位"] = member.organization if member.organization != row.organization else ""
        told["账户名"] = member.account_name if member.account_name != member.name else ""
        for name, text in told.items():
            if text and name not in row.extras:
                facts.setdefault(name, []).append((member.name, text))
    return {
        name: values[0][1] if len(values) == 1 else "；".join(f"{who} {text}" for who, text in values)
        for name, values in facts.items()
    }  # fmt: skip
