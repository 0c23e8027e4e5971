"""Entrants of a file: every mark checked against its criterion, every code against the scheme."""

from decimal import Decimal

from ..facts import EntryFact, PenaltyFact, SheetFact
from ..numbers import format_points
from ..parts.marks import check_mark, sheet_total
from ..problems import Problem
from .records import hint, rules_of
from .tally import Entry
from .values import Unreadable, shown, units
from .writing import plain

PLAIN = (int, Decimal, str)
STATES = ("missing", "draft", "returned", "recused", "absent")


class EntryReader:
    """`names` and `notices` are known after `read`."""

    def __init__(self, reader, scheme, numbering):
        self.reader, self.scheme, self.numbering = reader, scheme, numbering
        self.parts = {part.code: part for part in scheme.parts}
        self.chiefs = frozenset()
        self.names, self.seen, self.kept, self.contents, self.found = {}, {}, {}, {}, []

    def read(self, rows, chiefs=()) -> tuple[EntryFact, ...]:
        self.chiefs = frozenset(chiefs)
        if not isinstance(rows, (list, tuple)):
            self.reader.wrong("unreadable", ("文件", "参赛对象"), f"应为列表，写的是{shown(rows)}", "请写成 [ … ]")
            return ()
        found = (self._entry(at, row) for at, row in enumerate(rows, 1))
        self.found = [entry for entry in found if entry is not None]
        return tuple(self.found)

    def _entry(self, at, row):
        number = row.get("number") if isinstance(row, dict) else None
        place = (f"参赛对象 {number if isinstance(number, (str, int)) and number != '' else f'第 {at} 个'}",)
        entry = self.reader.record(Entry, row, place, {"marks": None})
        if entry is None:
            return None
        if not entry.number or entry.number in self.seen:
            first = self.seen.get(entry.number)
            self.reader.wrong("repeated_number", place, f"第 {at} 个与第 {first} 个编号相同" if first else "没有编号", "请为每个参赛对象取不同的编号")
        self.seen.setdefault(entry.number, at)
        self.names[at] = entry.name
        sheets = self._sheets(row.get("marks"), place)
        self._figures(entry, place)
        penalties = tuple(PenaltyFact(penalty.points, penalty.reason, penalty.part) for penalty in entry.penalties)
        for taken in penalties:
            if taken.part and taken.part not in self.parts:
                self.reader.unknown(taken.part, self.parts, (*place, "扣分"), "评分环节")
        return EntryFact(at, entry.number, entry.status, entry.organization, sheets, penalties, entry.figures or {}, entry.delegation,
                         entry.division, entry.persons, entry.seeded, self._replacements(entry, sheets, place))

    # --- marks ------------------------------------------------------------------------------------------------------

    def _sheets(self, marks, place):
        found = {}
        for code, given in self._table(marks, (*place, "打分")):
            part = self.parts.get(code)
            if part is None:
                self.reader.unknown(code, self.parts, place, "评分环节")
            elif part.kind != "judged":
                self.reader.wrong("not_judged", (*place, code), "这个环节导入成绩，没有评委打分", f"请写在 figures 里，代码 {code}")
            else:
                sheets = [self._sheet(part, judge, mark, place) for judge, mark in self._table(given, (*place, code))]
                if given:
                    found[code] = tuple([sheet for sheet in sheets if sheet is not None])
        return found

    def _table(self, data, where):
        if isinstance(data, dict):
            return data.items()
        if data is not None:
            self.reader.wrong("unreadable", where, f"应为一组字段，写的是{shown(data)}", "请写成 {\"代码\": 值}")
        return ()

    def _sheet(self, part, judge, mark, place):
        """Equal marks of a judge are checked once, and become one value."""
        key = (part.code, judge, mark.__class__, mark) if mark.__class__ in PLAIN else None
        sheet = self.kept.get(key)
        if sheet is None:
            content = self.contents.get(key and (part.code, *key[2:]))
            if content is None:
                content = self._content(part, mark, (*place, part.code, judge))
            if content is None:
                return None
            number = self.numbering[judge]
            sheet = SheetFact(number, *content, number in self.chiefs)
            if key:
                self.kept[key], self.contents[part.code, *key[2:]] = sheet, content
        return sheet

    def _content(self, part, mark, where):
        """(state, total, marks) of a sheet."""
        if mark is None:
            return "missing", None, None
        if isinstance(mark, dict):
            return self._marks(part, mark, where)
        if isinstance(mark, str) and mark in STATES:
            return mark, None, None
        if isinstance(mark, str) and not any(map(str.isdigit, mark)):
            labels = {rule.label_zh: code for code, rule in rules_of("sheet_state").items() if code in STATES}
            mend = f"请写 {labels[mark]}" if mark in labels else hint(mark, STATES)
            return self.reader.wrong("unknown_state", where, f"{shown(mark)}既不是分数，也不是评分表的状态", mend)
        if len(part.leaves) != 1:
            names = "、".join(leaf.code for leaf in part.leaves)
            return self.reader.wrong("marks_needed", where, f"这个环节有 {len(part.leaves)} 个评分项，写的是{shown(mark)}", f"请按评分项分别填写：{names}")
        found = self._units(part.leaves[0], mark, where)
        return None if found is None else _submitted(part, ((part.leaves[0].code, found),))

    def _marks(self, part, given, where):
        found = []
        for code, mark in given.items():
            criterion = part.criterion(code)
            if criterion is None:
                self.reader.unknown(code, [leaf.code for leaf in part.leaves], where, "评分项")
            elif mark is not None:
                units = self._units(criterion, mark, (*where, code))
                found += [] if units is None else [(code, units)]
        return _submitted(part, tuple(found)) if found else ("missing", None, None)

    def _units(self, criterion, mark, where):
        """A mark in units, or None after a problem."""
        try:
            found = units(mark, "points")
        except Unreadable as fault:
            return self.reader.wrong("unreadable", where, *fault.args)
        problem = check_mark(criterion, found)
        if problem:
            return self.reader.wrong(problem.code, where, f"{problem.where}：{problem.message}", problem.mend)
        return found

    # --- figures and replacements -----------------------------------------------------------------------------------

    def _figures(self, entry, place):
        for code, value in (entry.figures or {}).items():
            part = self.parts.get(code)
            if part is None:
                continue
            if part.kind == "judged":
                self.reader.wrong("not_a_figure", (*place, "数据", code), "这个环节由评委打分", "请写在 marks 里")
            elif part.leaves and not part.leaves[0].minimum <= value <= part.leaves[0].maximum:
                low, high = (format_points(bound) for bound in (part.leaves[0].minimum, part.leaves[0].maximum))
                self.reader.wrong("out_of_range", (*place, "数据", code), f"{format_points(value)} 超出范围，应在 {low} 到 {high} 之间", "请改正这个数")

    def _replacements(self, entry, sheets, place):
        found = {}
        for code, given in (entry.replacements or {}).items():
            where = (*place, "复议分", code)
            part, slash, criterion = code.partition("/")
            judges = {sheet.judge for sheet in sheets.get(part, ())}
            if part not in self.parts or (slash and not self.parts[part].criterion(criterion)):
                self.reader.unknown(code, self.parts, (*place, "复议分"), "评分环节")
                continue
            for judge in given:
                if self.numbering.get(judge) not in judges:
                    self.reader.wrong("unknown_judge", where, f"评委“{judge}”没有给这个对象打分", "请改正评委代码")
            found[code] = {self.numbering[judge]: value for judge, value in given.items() if judge in self.numbering}
        return found

    def notices(self) -> tuple[Problem, ...]:
        """Figures that no rule speaks of: perhaps their code is misspelt."""
        spoken = set(_texts(plain(self.scheme)))
        unused = {code: entry.number for entry in reversed(self.found) for code in entry.figures if code not in spoken}
        return tuple(Problem("unused_figure", f"参赛对象 {number} · 数据 · {code}", "评分方案没有用到这项数据", "如应当用到，请核对代码")
                     for code, number in sorted(unused.items()))


def _submitted(part, marks):
    """The total is worked out once for equal sheets; without a mark there is none."""
    return "submitted", sheet_total(part, marks), marks


def _texts(data):
    """Every text in plain data, and what stands on either side of a slash."""
    if isinstance(data, str):
        yield from (data, *data.split("/"))
    elif isinstance(data, (dict, list, tuple)):
        for item in data.values() if isinstance(data, dict) else data:
            yield from _texts(item)
