"""Which column fills which field: guessed, remembered from the last import, or set by hand."""

from dataclasses import dataclass, replace
from functools import cached_property

from compete.excel import fields
from compete.excel.tables import Column, Table
from scoring.problems import Problem

IGNORED = ""
EXTRA = "extra:"

_REQUIRED = {
    "projects": (("title", "名称（如成果名称、项目名称）"), ("leader", "第一完成人（或负责人）")),
    "individuals": (("leader", "姓名"),),
    "teams": (("team", "队伍名称"),),
    "judges": (("leader", "姓名"),),
}


@dataclass(frozen=True)
class Mapping:
    """Column index → field code, 'extra:<name>', or '' for a column that is not imported."""

    columns: dict[int, str]

    @cached_property
    def _holders(self) -> dict[str, int]:
        return {target: index for index, target in reversed(self.columns.items())}

    def column(self, code: str) -> int | None:
        return self._holders.get(code)

    def several(self, code: str) -> list[int]:
        return sorted(index for index, target in self.columns.items() if target == code)

    @property
    def extras(self) -> dict[int, str]:
        return {index: target[len(EXTRA):] for index, target in sorted(self.columns.items())
                if target.startswith(EXTRA)}

    def changed(self, index: int, target: str) -> "Mapping":
        """By hand. A field that takes one column only leaves the column that had it before."""
        columns = dict(self.columns)
        if target in fields.FIELDS and target not in fields.SEVERAL:
            for other, held in columns.items():
                if held == target and other != index:
                    columns[other] = IGNORED
        columns[index] = target
        return replace(self, columns=columns)

    def remember(self, table: Table) -> dict[str, str]:
        """Header label → target, for the next workbook of the same make."""
        return {_key(column): self.columns[column.index]
                for column in table.columns if column.label and column.index in self.columns}

    def to_json(self) -> dict[str, str]:
        return {str(index): target for index, target in self.columns.items()}

    @classmethod
    def from_json(cls, data: dict) -> "Mapping":
        """From a stored dict or a form; anything that is no known target counts as ignored."""
        columns = {}
        for index, target in data.items():
            if str(index).isdigit():
                known = target in fields.FIELDS or str(target).startswith(EXTRA)
                columns[int(index)] = target if known else IGNORED
        return cls(columns)


def match_columns(table: Table, remembered: dict | None = None, kind: str = "projects") -> Mapping:
    """Remembered labels first, then the surest pattern of each field; other columns are kept by name."""
    columns, taken = {}, set()
    allowed = fields.fields_for(kind)
    for column in table.columns:
        target = (remembered or {}).get(_key(column)) if column.label else None
        if target is None or (target in fields.FIELDS and (target not in allowed or target in taken)):
            continue
        columns[column.index] = target
        if target not in fields.SEVERAL:
            taken.add(target)
    for _, index, code in sorted(_guesses(table, kind)):
        if index in columns or code in taken:
            continue
        columns[index] = code
        if code not in fields.SEVERAL:
            taken.add(code)
    columns = _second_thoughts(columns, kind)
    # For teams 'title' was only a stand-in; beside a team's name it is a fact about the team.
    columns = {index: target for index, target in columns.items() if (kind, target) != ("teams", "title")}
    for column in table.columns:
        if column.index not in columns:
            columns[column.index] = _extra(column, table) if column.label else IGNORED
    return Mapping(dict(sorted(columns.items())))


def missing_fields(mapping: Mapping, kind: str) -> tuple[Problem, ...]:
    """Fields without which no row can be read."""
    missing = []
    for code, label in _REQUIRED[kind]:
        if mapping.column(code) is None and not (code == "leader" and mapping.several("members")):
            missing.append(Problem(f"no_column_{code}", "", f"没有一列对应“{label}”",
                                   "请在列的对应中为它选一列；如果表里没有这一列，请补上后重新上传"))
    if kind == "teams" and mapping.column("leader") is None and not mapping.several("members"):
        missing.append(Problem("no_column_members", "", "没有一列对应队员姓名", "请在列的对应中选出姓名或成员所在的列"))
    return tuple(missing)


def _guesses(table: Table, kind: str):
    for column in table.columns:
        for doubt, code in fields.candidates(column.label, kind):
            yield doubt, column.index, code


def _second_thoughts(columns: dict[int, str], kind: str) -> dict[int, str]:
    """Words that mean one thing or another depending on the columns beside them."""
    held = {target: index for index, target in columns.items()}
    # A list of projects that calls its works 参赛项目, or of teams that calls them 代表队.
    if kind == "projects" and "title" not in held and "event" in held:
        columns[held["event"]] = "title"
    if kind == "teams" and "team" not in held:
        for stand_in in ("delegation", "title", "organization"):
            if stand_in in held:
                columns[held[stand_in]] = "team"
                break
    return columns


def _key(column: Column) -> str:
    return "/".join(fields.bare(part) for part in column.label.split("/"))


def _extra(column: Column, table: Table) -> str:
    same = [other for other in table.columns if fields.bare(other.leaf) == fields.bare(column.leaf)]
    name = column.label if len(same) > 1 else column.leaf
    return EXTRA + fields.extra_name(name)
