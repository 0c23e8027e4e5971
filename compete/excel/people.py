"""The persons of an entry: names, roles, identity numbers, phones, bank data."""

import re
from dataclasses import dataclass, field, replace

from compete.excel.mapping import Mapping
from compete.excel.reader import column_letter
from compete.excel.tables import Table, TableRow
from compete.texts import clean, identity
from scoring.problems import Problem


@dataclass(frozen=True, slots=True)
class Member:
    row: int
    name: str
    role: str = ""
    id_number: str = ""
    phone: str = ""
    organization: str = ""
    position: str = ""
    bank_account: str = ""
    bank: str = ""
    account_name: str = ""
    extras: dict[str, str] = field(default_factory=dict)


class Tell:
    """Collects the problems of one entry; every one says its sheet and row."""

    def __init__(self, table: Table, row: int):
        self.table, self.row = table, row
        self.errors, self.warnings = [], []

    @property
    def where(self) -> str:
        return f"{self.table.sheet} 第{self.row}行"

    def error(self, code: str, message: str, mend: str) -> None:
        self.errors.append(Problem(code, self.where, message, mend))

    def warn(self, code: str, message: str, mend: str) -> None:
        self.warnings.append(Problem(code, self.where, message, mend))

    def missing(self, code: str, label: str) -> None:
        self.error(f"missing_{code}", f"缺{label}", f"请在第{self.row}行填写{label}")

    def gap(self, code: str, column: int) -> None:
        self.warn(f"missing_{code}", f"缺{self.label(column)}", "其他行大多已填写；如能补上请补上，没有可以保留")

    def checked(self, result: identity.Checked) -> str:
        if result.error:
            self.errors.append(result.error)
        if result.warning:
            self.warnings.append(result.warning)
        return result.value

    def label(self, column: int) -> str:
        found = self.table.column(column)
        return clean.tidy(found.leaf) if found and found.leaf else f"{column_letter(column)}列"

    def flagged(self, row: TableRow, column: int, *, grave: bool) -> bool:
        """Tell of a cell without a usable value; True if its text must not be taken."""
        flag = row.flags.get(column)
        if not flag:
            return False
        label = self.label(column)
        place = f"{column_letter(column)}{row.row}"
        say = self.error if grave else self.warn
        if flag == "formula":
            say("formula", f"{label}是公式，文件中没有存下结果", f"请用 Excel 打开并保存一次，或把{place}改为数值后重新上传")
        elif flag == "error":
            say("cell_error", f"{label}是错误值 {row.cells.get(column, '')}", f"请改正{place}的公式或直接填写")
        elif flag == "destroyed":
            say("destroyed", f"{label}是数字格式，末几位已被表格软件改为0", f"需重新填写：先把该列设为“文本”格式，再在{place}填入完整号码")
        return flag in ("formula", "error")


class PeopleReader:
    """Reads the members of one entry from its rows, by the kind of roster."""

    def __init__(self, table: Table, mapping: Mapping, kind: str):
        self.table, self.mapping, self.kind = table, mapping, kind
        self.leader = mapping.column("leader")
        # 完成人 or 作者 may hold a list; 第一完成人, 姓名 or 负责人 is one person.
        column = table.column(self.leader) if self.leader else None
        self.lists_people = bool(column and re.search(r"完成人|作者|人员|主创|选手", column.leaf)
                                 and not re.search(r"第一|姓名", column.leaf))
        self.usual = {code for code in ("id_number", "phone", "event", "delegation") if self._usually_filled(code)}
        # Further columns that differ from person to person; the roster reader knows which.
        self.extras: dict[int, str] = {}
        self.member_columns = sorted(index for index, target in mapping.columns.items()
                                     if target in ("members", "member_id", "member_phone"))

    def _usually_filled(self, code: str) -> bool:
        """A gap is worth a word only in a column that most rows fill."""
        column = self.mapping.column(code)
        filled = sum(1 for row in self.table.rows if column in row.cells or column in row.flags)
        return column is not None and filled * 2 >= len(self.table.rows)

    def members(self, rows: list[TableRow], tell: Tell) -> tuple[Member, ...]:
        found = []
        for row in rows:
            tell.row = row.row
            found += self._person(row, tell, first=row is rows[0])
            found += self._others(row, tell)
        tell.row = rows[0].row
        if not found and self.kind == "teams":
            tell.missing("members", "队员")
        captains = sum(member.role == "队长" for member in found)
        if self.kind == "teams" and self.mapping.column("role") is not None and found and captains != 1:
            tell.warn("captains", f"全队有{captains}名队长" if captains else "全队没有队长", "请核对角色一列，每队应有一名队长")
        return tuple(found)

    def _person(self, row: TableRow, tell: Tell, first: bool) -> list[Member]:
        """The person written out in a row of its own columns."""
        if self.leader is None:
            return []
        text = row.cells.get(self.leader, "")
        if tell.flagged(row, self.leader, grave=True):
            return []
        names = self._names(text) if first or self.leader not in row.merged else ()
        name = names[0] if names else ""
        person = Member(
            row.row, name, role=self._role(row, first), id_number=self._id(row, tell, first),
            phone=self._phone(row, tell, first), organization=self._organization(row, tell),
            position=self._tidy(row, "position"), bank_account=self._account(row, tell),
            bank=self._tidy(row, "bank"), account_name=self._tidy(row, "account_name"),
            extras={label: clean.tidy(row.cells[column]) for column, label in self.extras.items() if column in row.cells})
        if not name:
            return self._nameless(row, tell, first, person)
        if re.search(r"\d", name):
            tell.warn("odd_name", f"姓名“{name}”中有数字", "请核对是否填错了列，或与电话写在了一起")
        others = [Member(row.row, other, role=self._other_role()) for other in names[1:]]
        return [person, *others]

    def _nameless(self, row: TableRow, tell: Tell, first: bool, person: Member) -> list[Member]:
        if self.kind == "projects" and not first:
            return []
        if self.kind == "teams" and self.mapping.several("members") and not first:
            return []
        tell.missing("name", tell.label(self.leader))
        # What else is known of the person is kept: the number may already be right.
        return [person]

    def _names(self, text: str) -> tuple[str, ...]:
        """One name; a list such as 完成人：张三、李四 has its leader first."""
        if self.kind in ("projects", "teams"):
            return clean.split_names(text, spaces=self.lists_people)
        name = clean.name(text)
        return (name,) if name else ()

    def _role(self, row: TableRow, first: bool) -> str:
        written = self._tidy(row, "role")
        if self.kind == "judges":
            return _judge_role(written)
        if written:
            return written
        if self.kind == "projects":
            return "第一完成人" if first else "成员"
        if self.kind == "teams":
            return "队长" if first else "队员"
        return ""

    def _other_role(self) -> str:
        return "队员" if self.kind == "teams" else "成员"

    def _others(self, row: TableRow, tell: Tell) -> list[Member]:
        """Columns such as 其他完成人 (a list) or 队员1, 队员1身份证号, 队员2 …"""
        found, latest = [], 0
        for column in self.member_columns:
            target = self.mapping.columns[column]
            if column in row.merged and row.merged[column] != row.row:
                continue
            if target == "members":
                if tell.flagged(row, column, grave=True):
                    continue
                latest = len(found)
                names = clean.split_names(row.cells.get(column, ""))
                found += [Member(row.row, name, role=self._other_role()) for name in names]
                continue
            values = [piece for piece in re.split(r"[、，,;；\s]+", row.cells.get(column, "")) if piece]
            for offset, value in enumerate(values):
                if latest + offset < len(found):
                    found[latest + offset] = self._with(found[latest + offset], target, value, row, column, tell)
        return found

    def _with(self, member: Member, target: str, value: str, row: TableRow, column: int, tell: Tell) -> Member:
        if target == "member_phone":
            return replace(member, phone=tell.checked(identity.phone(value, tell.where)))
        if row.flags.get(column) == "destroyed":
            tell.flagged(row, column, grave=True)
            return member
        return replace(member, id_number=tell.checked(identity.resident_id(value, tell.where)))

    def _id(self, row: TableRow, tell: Tell, first: bool) -> str:
        column = self._own_column(row, "id_number", first)
        if column is None or row.flags.get(column) in ("destroyed", "formula", "error"):
            if column is not None:
                tell.flagged(row, column, grave=True)
            # A number whose last digits are gone is no number: it stays empty until it is typed again.
            return ""
        if column not in row.cells and "id_number" in self.usual:
            tell.gap("id_number", column)
        return tell.checked(identity.resident_id(row.cells.get(column, ""), tell.where))

    def _phone(self, row: TableRow, tell: Tell, first: bool) -> str:
        column = self._own_column(row, "phone", first)
        if column is None or tell.flagged(row, column, grave=True):
            return ""
        if column not in row.cells and "phone" in self.usual:
            tell.gap("phone", column)
        return tell.checked(identity.phone(row.cells.get(column, ""), tell.where))

    def _account(self, row: TableRow, tell: Tell) -> str:
        column = self.mapping.column("bank_account")
        if column is None or row.flags.get(column) in ("destroyed", "formula", "error"):
            if column is not None:
                tell.flagged(row, column, grave=True)
            return ""
        return tell.checked(identity.bank_account(row.cells.get(column, ""), tell.where))

    def _own_column(self, row: TableRow, code: str, first: bool) -> int | None:
        """A number merged over a team's rows belongs to the first person only."""
        column = self.mapping.column(code)
        return None if column is None or (not first and column in row.merged) else column

    def _organization(self, row: TableRow, tell: Tell) -> str:
        return self._tidy(row, "organization")

    def _tidy(self, row: TableRow, code: str) -> str:
        return clean.tidy(row.cells.get(self.mapping.column(code), ""))


def _judge_role(written: str) -> str:
    """总评委, 评委 or 监督, whatever the list calls them."""
    if re.search(r"总评委|总裁判|裁判长|主任委员|组长|主评|首席|chief|评委会主任", written, re.IGNORECASE) and "副" not in written:
        return "总评委"
    if re.search(r"监督|监审|纪检|公证|仲裁|supervis", written, re.IGNORECASE):
        return "监督"
    return "评委" if not written or re.search(r"评委|裁判|专家|委员|judge|副|成员|评审", written, re.IGNORECASE) else written
