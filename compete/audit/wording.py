"""Audit records in words: numbers of rows become names, marks become points, money becomes yuan.

Records keep what the database holds (units, fen, ids), so that they can be checked; people read them here.
"""

from typing import NamedTuple

import scoring
from compete.audit.labels import FIELDS
from compete.audit.named import KEYS, LISTS, NAMED, Named, kind_of
from compete.models import ENTRY_KINDS, ENTRY_STATES, KEYING_STATES, LATE_STATES, SESSION_STATES, SHEET_STATES, AuditRecord
from scoring.numbers import format_exact

STATES = {"sheet": SHEET_STATES, "entry": ENTRY_STATES, "session": SESSION_STATES, "late_mark": LATE_STATES, "keying": KEYING_STATES}
CAUSES = {"same_organization": "同单位", "manual": "人工登记"}
COUNTS = {"added": "新增", "changed": "更新", "add": "可新增", "change": "可更新", "same": "不变", "wrong": "有问题", "rows": "共", "taken": "已选",
          "mendable": "可改正", "taken_wrong": "已选而有问题"}  # fmt: skip


class Line(NamedTuple):
    """One thing that changed; `old` and `new` are "" where there was or is nothing."""

    name: str
    old: str
    new: str


def of(records: list[AuditRecord]) -> "Words":
    """The words of one page of records: a few queries, whatever the number of records."""
    return Words(records)


class Words:
    def __init__(self, records: list[AuditRecord]):
        self._named = Named(records)

    def subject(self, row: AuditRecord) -> str:
        """What the record is about, in a few words; "" where the action says it all."""
        number = row.subject_id
        if row.subject == "sheet" and number in self._named.sheets:
            sheet = self._named.sheets[number]
            return " · ".join((self._named.name("entry", sheet.entry_id), self._named.name("judge", sheet.judge_id), self._named.name("part", sheet.part_id)))
        return self._named.name(kind_of(row), number) if row.subject in NAMED or row.subject == "part" else ""

    def changes(self, row: AuditRecord) -> list[Line]:
        before, after = dict(row.before or {}), dict(row.after or {})
        lines = []
        for key in {**before, **after}:
            old, new = before.get(key), after.get(key)
            if old == new or (row.subject == "sheet" and key in ("entry", "part", "revision")):
                continue
            if isinstance(old or {}, dict) and isinstance(new or {}, dict) and key in ("marks", "extras", "hosts", "counts"):
                lines += self._inner(row, key, old or {}, new or {})
            else:
                lines.append(Line(self._field(row, key), self._value(row, key, old), self._value(row, key, new)))
        return [line for line in lines if line.old or line.new]

    def _inner(self, row: AuditRecord, key: str, old: dict, new: dict) -> list[Line]:
        """Dictionaries inside a record: a line for each thing that differs."""
        sheet = self._named.sheets.get(row.subject_id) if row.subject == "sheet" else None
        part = sheet.part_id if sheet else (row.after or {}).get("part")
        lines = []
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            if key == "marks":
                shown = self._named.criteria.get((part, name), name)
                lines.append(Line(shown, _mark(old.get(name)), _mark(new.get(name))))
            else:
                shown = COUNTS.get(name, name) if key == "counts" else name
                lines.append(Line(shown, _text(old.get(name)), _text(new.get(name))))
        return lines

    def _field(self, row: AuditRecord, key: str) -> str:
        if row.action == "award.vacancy":
            return self._named.names.get(("vacancy", f"{row.subject_id}:{key}"), key) + "空缺"
        return FIELDS.get(key, key)

    def _value(self, row: AuditRecord, key: str, value) -> str:
        if value is None:
            return ""
        if key == "total" and row.subject == "sheet":
            return self._total(row, value)
        if key.endswith("_fen") or row.action == "payee.split":
            return f"{scoring.format_yuan(value, grouped=True)} 元" if isinstance(value, int) else _text(value)
        if key == "state":
            return STATES.get(row.subject, {}).get(value, value)
        if key == "payments" and isinstance(value, list):
            return str(len(value))
        if key in LISTS or (key == "order" and row.action == "decision.revoke"):
            names = [self._named.name("entry", number) for number in value]
            # In their own order, not in that of the rows: it would be the order of the numbers.
            return "、".join(sorted(names, key=scoring.number_order) if key in LISTS else names)
        if key == "order":
            return " → ".join(f"{number} 号" for number in value)
        if key == "not_first":
            return "、".join(f"{number} 号" for number in value)
        if key == "made" and row.action == "recusal.refresh":
            return "、".join(f"{self._named.name('judge', judge)}回避 {self._named.name('entry', entry)}" for entry, judge in value)
        if key == "lifted" and isinstance(value, list):
            return str(len(value)) if value else ""
        if key in KEYS and isinstance(value, int):
            return self._named.name(KEYS[key], value)
        return _PLAIN[key](value) if key in _PLAIN else _text(value)

    def _total(self, row: AuditRecord, value: int) -> str:
        """A sheet's total over the denominator of the scheme that was in force when it was written."""
        sheet = self._named.sheets.get(row.subject_id)
        part = self._named.parts.get(sheet.part_id) if sheet else None
        versions = self._named.versions.get(part.event_id, []) if part else []
        in_force = [version for version in versions if version[0] <= row.at] or versions[:1]
        if not in_force:
            return ""
        _, digest, document = in_force[-1]
        below = _denominators(digest, document).get(part.code)
        return f"{format_exact(value, below)} 分" if below else ""


_known: dict[str, dict[str, int]] = {}  # digest of a kept scheme -> part code -> denominator


def _denominators(digest: str, document: dict) -> dict[str, int]:
    if digest not in _known:
        scheme = scoring.Scheme.from_json(document)
        parts = getattr(scheme, "parts", ())  # a Problem when a kept version can no longer be read
        _known[digest] = {part.code: scoring.part_denominator(part) for part in parts if part.criteria}
    return _known[digest]


def _mark(units: int | None) -> str:
    return "" if units is None else f"{scoring.format_points(units)} 分"


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


_PLAIN = {
    "cause": lambda value: CAUSES.get(value, value), "tax_rate": lambda value: f"{value // 100}%", "size": _size,
    "entry_kind": lambda value: ENTRY_KINDS.get(value, value), "sha256": lambda value: value[:16], "digest": lambda value: value[:16],
}  # fmt: skip


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return "；".join(f"{FIELDS.get(key, key)} {_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        return "、".join(_text(item) for item in value)
    return str(value)
