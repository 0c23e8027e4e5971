"""The same entry or the same person twice in one workbook: told at the later row, naming the earlier one."""

from dataclasses import replace

from compete.texts import clean
from scoring.problems import Problem

_MEND = "请核对两行，删去多余的一行；确是两件请在名称上加以区别"
_MEND_PERSON = "请核对两行的姓名和身份证号，删去多余的一行或改正号码"


def within_sheet(rows: list, kind: str, noun: str, own_number: str = "") -> list:
    return _Finder(kind, noun, own_number).walk(rows, across=False)


def across_sheets(sheets: list[list], kind: str) -> list[list]:
    """The same across sheets is a warning: one work may be entered for two events."""
    finder = _Finder(kind, "项目")
    return [finder.walk(rows, across=True) for rows in sheets]


class _Finder:
    def __init__(self, kind: str, noun: str, own_number: str = ""):
        self.kind, self.noun, self.own_number = kind, noun, own_number
        self.entries, self.persons, self.numbers = {}, {}, {}

    def walk(self, rows: list, across: bool) -> list:
        found = []
        for row in rows:
            errors, warnings = [], []
            # A pair inside one sheet has been told when that sheet was read.
            for grave, problem, earlier in self._repeats(row):
                if across and earlier == row.sheet:
                    continue
                (errors if grave and not across else warnings).append(problem)
            if errors or warnings:
                row = replace(row, errors=(*row.errors, *errors), warnings=(*row.warnings, *warnings))
            found.append(row)
        return found

    def _repeats(self, row):
        entry = self._entry_key(row)
        if entry:
            earlier = self.entries.setdefault(entry, (row.sheet, row.row))
            if earlier != (row.sheet, row.row):
                yield self._grave(), self._same_entry(row, earlier), earlier[0]
        if self.own_number and row.number:
            earlier = self.numbers.setdefault((row.event, row.number), (row.sheet, row.row))
            if earlier != (row.sheet, row.row):
                yield False, Problem("same_number", f"{row.sheet} 第{row.row}行", f"{self.own_number}与{_place(row.sheet, earlier)}相同",
                                     "请核对两行，改正其中一个号"), earlier[0]
        for member in row.members:
            if member.id_number:
                yield from self._same_person(row, member)

    def _same_person(self, row, member):
        # One person may lead several projects: limits on that are the contest's own rule. But one
        # number under two names is a mistake everywhere.
        scope = "" if self.kind == "projects" else row.event
        sheet, number, name = self.persons.setdefault((scope, member.id_number), (row.sheet, member.row, clean.key(member.name)))
        if (sheet, number) == (row.sheet, member.row) or (self.kind == "projects" and name == clean.key(member.name)):
            return
        place = _place(row.sheet, (sheet, number))
        message = f"身份证号与{place}相同，姓名不同" if name != clean.key(member.name) else f"与{place}重复（身份证号相同）"
        yield True, Problem("same_person", f"{row.sheet} 第{member.row}行", message, _MEND_PERSON), sheet

    def _grave(self) -> bool:
        return self.kind != "individuals"

    def _entry_key(self, row):
        unit = clean.key(row.organization)
        if self.kind in ("projects", "teams"):
            return (row.event, unit, clean.key(row.title)) if row.title else None
        person = row.leader
        if person is None or not person.name:
            return None
        # Two people of one name in one unit exist; different identity numbers tell them apart.
        if person.id_number and self.kind == "individuals":
            return None
        return row.event, unit, clean.key(person.name)

    def _same_entry(self, row, earlier) -> Problem:
        what = {"projects": f"同单位同名{self.noun}", "teams": "同单位同名队伍"}.get(self.kind, "同单位同名")
        return Problem("same_entry", f"{row.sheet} 第{row.row}行", f"与{_place(row.sheet, earlier)}重复（{what}）", _MEND)


def _place(sheet: str, earlier: tuple[str, int]) -> str:
    return f"第{earlier[1]}行" if earlier[0] == sheet else f"工作表“{earlier[0]}”第{earlier[1]}行"
