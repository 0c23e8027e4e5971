"""A table's rows → one entry each, with what is wrong in it: which rows belong together, and what the cells of each say."""

import re
from dataclasses import dataclass, field, replace

from compete.excel.mapping import Mapping
from compete.excel.people import Member, PeopleReader, Tell
from compete.excel.tables import Table, TableRow
from compete.texts import clean, identity
from scoring.problems import Problem


@dataclass(frozen=True, slots=True)
class RosterRow:
    sheet: str
    row: int
    rows: tuple[int, ...]
    event: str = ""
    number: str = ""
    title: str = ""
    organization: str = ""
    delegation: str = ""
    section: str = ""
    uscc: str = ""
    members: tuple[Member, ...] = ()
    extras: dict[str, str] = field(default_factory=dict)
    hidden: bool = False
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.errors + self.warnings

    @property
    def good(self) -> bool:
        return not self.errors

    @property
    def leader(self) -> Member | None:
        return self.members[0] if self.members else None


_NAMING = ("title", "team", "leader", "organization", "id_number", "phone")


class RowReader:
    """The rows of one table, by its mapping."""

    def __init__(self, table: Table, mapping: Mapping, kind: str):
        self.table, self.mapping, self.kind = table, mapping, kind
        self.people = PeopleReader(table, mapping, kind)
        self.title = mapping.column("team" if kind == "teams" else "title")
        self.default_event = _event_of_sheet(table.sheet)
        self.organization = mapping.column("organization")
        self.groups = self._groups()
        # Of an entry of several rows, a column filled in later rows tells of persons (性别), any other
        # of the entry (行业).
        later = {column for group in self.groups for row in group[1:] for column in row.cells.keys() - row.merged.keys()}
        self.extras = {column: name for column, name in mapping.extras.items() if column not in later}
        self.people.extras = {column: name for column, name in mapping.extras.items() if column in later}

    @property
    def own_number(self) -> str:
        """The heading of a number that is the entry's own (队号, 参赛号), not just its place in the list."""
        leaf = self._leaf(self.mapping.column("number"))
        return leaf if re.search(r"队号|参赛|选手|项目|作品|成果|报名", leaf) else ""

    @property
    def noun(self) -> str:
        """What the organiser calls the entries, for messages."""
        leaf = self._leaf(self.title)
        return next((word for word in ("成果", "项目", "作品", "课题", "方案") if word in leaf), "项目")

    def _groups(self) -> list[list[TableRow]]:
        groups, naming = [], {self.mapping.column(code) for code in _NAMING} | set(self.mapping.several("members"))
        for row in self.table.rows:
            if naming.isdisjoint(row.cells.keys() - row.merged.keys()) and naming.isdisjoint(row.flags):
                continue
            if groups and self._same_entry(groups[-1], row):
                groups[-1].append(row)
            else:
                groups.append([row])
        return groups

    def _same_entry(self, group: list[TableRow], row: TableRow) -> bool:
        if self.kind not in ("teams", "projects") or self.title is None:
            return False
        # One merged title over several rows is one entry, for projects as for teams.
        if row.merged.get(self.title) and row.merged[self.title] in (group[0].row, group[0].merged.get(self.title)):
            return True
        if self.kind != "teams" or self.mapping.column("leader") is None:
            return False
        return self._continues_team(group[0], row)

    def _continues_team(self, first: TableRow, row: TableRow) -> bool:
        """Team columns left empty, or repeated, below the team's first row."""
        number = self.mapping.column("number")
        same_title = clean.key(row.cells.get(self.title, "")) in ("", clean.key(first.cells.get(self.title, "")))
        if self._serial_number():
            same_number = True
        else:
            same_number = row.cells.get(number, "") in ("", first.cells.get(number, ""))
        organization = clean.key(row.cells.get(self.organization, ""))
        same_unit = organization in ("", clean.key(first.cells.get(self.organization, "")))
        return same_title and same_number and same_unit and row.section == first.section

    def _serial_number(self) -> bool:
        """序号 may count persons; 队号 counts teams."""
        return "队" not in self._leaf(self.mapping.column("number"))

    def entry(self, rows: list[TableRow]) -> RosterRow:
        first, tell = rows[0], Tell(self.table, rows[0].row)
        number = self.mapping.column("number")
        if number in first.flags:
            tell.flagged(first, number, grave=False)
        organization = self._text(first, self.organization, tell)
        members = self.people.members(rows, tell)
        title = "" if self.kind in ("individuals", "judges") else self._text(first, self.title, tell)
        found = RosterRow(
            sheet=self.table.sheet, row=first.row, rows=tuple(row.row for row in rows),
            event=self._event(first, tell), number=clean.tidy(self._cell(first, "number")), title=title,
            organization=organization, delegation=self._delegation(first, tell), section=first.section,
            uscc=self._uscc(first, tell), members=members, extras=self._extras(first, tell),
            hidden=any(row.hidden for row in rows))
        self._require(found, tell)
        if found.hidden:
            tell.warn("hidden_row", "该行在表格中是隐藏的", "请核对是否应当导入")
        return replace(found, errors=tuple(tell.errors), warnings=tuple(tell.warnings))

    def _require(self, row: RosterRow, tell: Tell) -> None:
        if self.title is not None and not row.title and self.kind in ("projects", "teams"):
            tell.missing("title", self._leaf(self.title))
        if self.organization is not None and not row.organization:
            tell.missing("organization", self._leaf(self.organization))

    def _event(self, row: TableRow, tell: Tell) -> str:
        column = self.mapping.column("event")
        if column is not None and (column in row.cells or column in row.flags):
            return self._text(row, column, tell)
        if "event" in self.people.usual:
            tell.gap("event", column)
        if row.section and re.search(r"(赛道|赛项|组|类|项目|工种)$", row.section) and not _is_place(row.section):
            return row.section
        return self.default_event

    def _delegation(self, row: TableRow, tell: Tell) -> str:
        column = self.mapping.column("delegation")
        if column is not None and (column in row.cells or column in row.flags):
            return self._text(row, column, tell)
        if "delegation" in self.people.usual:
            tell.gap("delegation", column)
        return row.section if _is_place(row.section) else ""

    def _uscc(self, row: TableRow, tell: Tell) -> str:
        column = self.mapping.column("uscc")
        if column is None:
            return ""
        return tell.checked(identity.uscc(row.cells.get(column, ""), tell.where))

    def _extras(self, row: TableRow, tell: Tell) -> dict[str, str]:
        found = {}
        for column, name in self.extras.items():
            if column in row.flags:
                tell.flagged(row, column, grave=False)
            text = clean.tidy(row.cells.get(column, ""))
            if text:
                found[name] = text
        return found

    def _cell(self, row: TableRow, code: str) -> str:
        return row.cells.get(self.mapping.column(code), "")

    def _text(self, row: TableRow, column: int | None, tell: Tell) -> str:
        if column is None:
            return ""
        if column in row.flags:
            tell.flagged(row, column, grave=True)
        return clean.tidy(row.cells.get(column, ""))

    def _leaf(self, index: int | None) -> str:
        column = self.table.column(index) if index is not None else None
        return clean.tidy(column.leaf) if column else ""


_PLACE = re.compile(r".*(?:省|市|县|区|州|盟|旗|代表队|代表团|赛区|兵团)$")
_PLAIN_SHEET = re.compile(
    r"(?:sheet|工作表|表)?\s*\d*|(?:参赛)?(?:选手|评委|专家|裁判|队伍?|团队|人员|项目|成果|作品)?(?:信息)?|全部|数据|全省|全国|全市|决赛|初赛|复赛",
    re.IGNORECASE)
_LIST_WORD = re.compile(r"[（(][^）)]*[）)]|(?:推荐|汇总|报名|登记|统计|一览|花名|信息)?(?:名单|名册|表|花名册|汇总|册|明细)$")


def _is_place(text: str) -> bool:
    return bool(_PLACE.match(text))


def _event_of_sheet(name: str) -> str:
    """A sheet called 金成果名单 is about the event 金成果; one called Sheet1 or 选手 tells nothing."""
    text = re.sub(r"^\s*[\d一二三四五六七八九十]{1,2}\s*[.、．-]\s*", "", clean.tidy(name))
    text = _LIST_WORD.sub("", text).strip()
    return "" if _PLAIN_SHEET.fullmatch(text) else text
