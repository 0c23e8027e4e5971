"""Audit records in words: numbers of rows become names, marks become points, money becomes yuan.

Records keep what the database holds (units, fen, ids), so that they can be checked; people read them here.
"""

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit.labels import FIELDS
from compete.models import (
    ENTRY_KINDS,
    ENTRY_STATES,
    KEYING_STATES,
    LATE_STATES,
    SHEET_STATES,
    AuditRecord,
    Criterion,
    Entry,
    EntryCode,
    Event,
    Judge,
    Panel,
    Part,
    Payee,
    Payment,
    SchemeVersion,
    Session,
    Sheet,
    Stage,
    Tier,
    User,
    db,
)
from scoring.numbers import format_exact

SESSION_STATES = {"waiting": "未开始", "open": "评分中", "closed": "已结束"}
STATES = {"sheet": SHEET_STATES, "entry": ENTRY_STATES, "session": SESSION_STATES, "late_mark": LATE_STATES, "keying": KEYING_STATES}
CAUSES = {"same_organization": "同单位", "manual": "人工登记"}
COUNTS = {"added": "新增", "changed": "更新", "add": "可新增", "change": "可更新", "same": "不变", "wrong": "有问题", "rows": "共", "taken": "已选",
          "mendable": "可改正", "taken_wrong": "已选而有问题"}  # fmt: skip
KEYS = {"entry": "entry", "entry_id": "entry", "judge_id": "judge", "part": "part", "part_id": "part", "session_id": "session", "panel_id": "panel"}
LISTS = {"entries_in": "entry", "entries_out": "entry"}


_code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
# What judging records of a blind event call an entry: a number beside a code would tell whose it is.
_sign = sa.case((Event.is_veiled, sa.func.coalesce(_code, "未编码")), else_=sa.cast(Entry.number, sa.String))
# Records of the organiser's own work, which goes by numbers and names.
ENTRANTS = ("entry", "import", "attachment")

# kind -> (key, name, from, the column of the wanted numbers)
_NAMED = {
    "entry": (Entry.id, _sign, sa.join(Entry, Event, Event.id == Entry.event_id), Entry.id),
    "entrant": (Entry.id, Entry.number, Entry, Entry.id), "judge": (Judge.id, Judge.name, Judge, Judge.id),
    "session": (Session.id, Session.name, Session, Session.id), "panel": (Panel.id, Panel.name, Panel, Panel.id),
    "event": (Event.id, Event.name, Event, Event.id), "user": (User.id, User.name, User, User.id),
    "payee": (Payee.id, Payee.name, Payee, Payee.id),
    "payment": (Payment.id, Payee.name, sa.join(Payment, Payee, Payment.payee_id == Payee.id), Payment.id),
    "vacancy": (sa.cast(Tier.event_id, sa.String) + ":" + Tier.code, Tier.name, Tier, Tier.event_id),
}  # fmt: skip


def _kind(row: AuditRecord) -> str:
    return "entrant" if row.subject == "entry" and row.action.partition(".")[0] in ENTRANTS else row.subject


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
        self._wanted: dict[str, set[int]] = defaultdict(set)
        for row in records:
            self._want(row)
        self._sheets = self._rows(sa.select(Sheet.id, Sheet.part_id, Sheet.entry_id, Sheet.judge_id), Sheet.id, "sheet")
        for row in self._sheets.values():
            self._wanted["part"].add(row.part_id)
            self._wanted["entry"].add(row.entry_id)
            self._wanted["judge"].add(row.judge_id)
        self._parts = self._rows(sa.select(Part.id, Part.name, Part.code, Stage.event_id).join(Stage), Part.id, "part")
        self._names = self._read_names()
        self._criteria = self._leaves()
        self._versions = self._schemes()

    def _want(self, row: AuditRecord) -> None:
        if row.subject_id:
            self._wanted[_kind(row)].add(row.subject_id)
        if row.action == "award.vacancy":
            self._wanted["vacancy"].add(row.subject_id)
        for side in (row.before or {}, row.after or {}):
            for key, kind in KEYS.items():
                if isinstance(side.get(key), int):
                    self._wanted[kind].add(side[key])
            for key, kind in LISTS.items():
                self._wanted[kind].update(side.get(key) or ())
            if row.action == "decision.revoke":
                self._wanted["entry"].update(side.get("order") or ())
            if row.action == "recusal.refresh":
                for entry, judge in side.get("made") or ():
                    self._wanted["entry"].add(entry)
                    self._wanted["judge"].add(judge)

    def _rows(self, query, column, kind: str) -> dict:
        wanted = self._wanted.get(kind)
        return {row[0]: row for row in db.session.execute(query.where(column.in_(wanted)))} if wanted else {}

    def _leaves(self) -> dict[tuple[int, str], str]:
        parts = {row.part_id for row in self._sheets.values()} | self._wanted["part"]
        query = sa.select(Criterion.part_id, Criterion.code, Criterion.name).where(Criterion.part_id.in_(parts))
        return {(part, code): name for part, code, name in db.session.execute(query)} if parts else {}

    def _schemes(self) -> dict[int, list]:
        """event -> (since, digest, document) of its kept versions, oldest first: totals were counted by the one of their time."""
        events = {self._parts[row.part_id].event_id for row in self._sheets.values() if row.part_id in self._parts}
        query = sa.select(SchemeVersion.event_id, SchemeVersion.made_at, SchemeVersion.digest, SchemeVersion.document)
        found = defaultdict(list)
        for event, *version in db.session.execute(query.where(SchemeVersion.event_id.in_(events)).order_by(SchemeVersion.version)) if events else ():
            found[event].append(version)
        return found

    def _read_names(self) -> dict[tuple[str, str], str]:
        """(kind, key) -> name, of all kinds at once."""
        some = [
            sa.select(sa.literal(kind).label("kind"), sa.cast(key, sa.String).label("key"), sa.cast(name, sa.String).label("name"))
            .select_from(source).where(column.in_(self._wanted[kind]))
            for kind, (key, name, source, column) in _NAMED.items()
            if self._wanted.get(kind)
        ]  # fmt: skip
        return {(kind, key): name for kind, key, name in db.session.execute(sa.union_all(*some))} if some else {}

    def subject(self, row: AuditRecord) -> str:
        """What the record is about, in a few words; "" where the action says it all."""
        number = row.subject_id
        if row.subject == "sheet" and number in self._sheets:
            sheet = self._sheets[number]
            return " · ".join((self._name("entry", sheet.entry_id), self._name("judge", sheet.judge_id), self._name("part", sheet.part_id)))
        return self._name(_kind(row), number) if row.subject in _NAMED or row.subject == "part" else ""

    def _name(self, kind: str, number: int | None) -> str:
        if kind == "part":
            row = self._parts.get(number)
            return row.name if row else ""
        name = self._names.get((kind, str(number)), "")
        if kind in ("entry", "entrant"):
            return f"{name} 号" if name else "（已删去）" if number else ""
        return name

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
        sheet = self._sheets.get(row.subject_id) if row.subject == "sheet" else None
        part = sheet.part_id if sheet else (row.after or {}).get("part")
        lines = []
        for name in {**old, **new}:
            if old.get(name) == new.get(name):
                continue
            if key == "marks":
                shown = self._criteria.get((part, name), name)
                lines.append(Line(shown, _mark(old.get(name)), _mark(new.get(name))))
            else:
                shown = COUNTS.get(name, name) if key == "counts" else name
                lines.append(Line(shown, _text(old.get(name)), _text(new.get(name))))
        return lines

    def _field(self, row: AuditRecord, key: str) -> str:
        if row.action == "award.vacancy":
            return self._names.get(("vacancy", f"{row.subject_id}:{key}"), key) + "空缺"
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
            names = [self._name("entry", number) for number in value]
            # In their own order, not in that of the rows: it would be the order of the numbers.
            return "、".join(sorted(names, key=scoring.number_order) if key in LISTS else names)
        if key == "order":
            return " → ".join(f"{number} 号" for number in value)
        if key == "not_first":
            return "、".join(f"{number} 号" for number in value)
        if key == "made" and row.action == "recusal.refresh":
            return "、".join(f"{self._name('judge', judge)}回避 {self._name('entry', entry)}" for entry, judge in value)
        if key == "lifted" and isinstance(value, list):
            return str(len(value)) if value else ""
        if key in KEYS and isinstance(value, int):
            return self._name(KEYS[key], value)
        return _PLAIN[key](value) if key in _PLAIN else _text(value)

    def _total(self, row: AuditRecord, value: int) -> str:
        """A sheet's total over the denominator of the scheme that was in force when it was written."""
        sheet = self._sheets.get(row.subject_id)
        part = self._parts.get(sheet.part_id) if sheet else None
        versions = self._versions.get(part.event_id, []) if part else []
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
