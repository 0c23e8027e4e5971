"""What audit records name by numbers: entries, judges, parts, criteria, schemes; read for a whole page of records at once."""

from collections import defaultdict

import sqlalchemy as sa

from compete.models import (
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

KEYS = {"entry": "entry", "entry_id": "entry", "judge_id": "judge", "part": "part", "part_id": "part", "session_id": "session", "panel_id": "panel"}
LISTS = {"entries_in": "entry", "entries_out": "entry"}


_code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
# What judging records of a blind event call an entry: a number beside a code would tell whose it is.
_sign = sa.case((Event.is_veiled, sa.func.coalesce(_code, "未编码")), else_=sa.cast(Entry.number, sa.String))
# Records of the organiser's own work, which goes by numbers and names.
ENTRANTS = ("entry", "import", "attachment")

# kind -> (key, name, from, the column of the wanted numbers)
NAMED = {
    "entry": (Entry.id, _sign, sa.join(Entry, Event, Event.id == Entry.event_id), Entry.id),
    "entrant": (Entry.id, Entry.number, Entry, Entry.id), "judge": (Judge.id, Judge.name, Judge, Judge.id),
    "session": (Session.id, Session.name, Session, Session.id), "panel": (Panel.id, Panel.name, Panel, Panel.id),
    "event": (Event.id, Event.name, Event, Event.id), "user": (User.id, User.name, User, User.id),
    "payee": (Payee.id, Payee.name, Payee, Payee.id),
    "payment": (Payment.id, Payee.name, sa.join(Payment, Payee, Payment.payee_id == Payee.id), Payment.id),
    "vacancy": (sa.cast(Tier.event_id, sa.String) + ":" + Tier.code, Tier.name, Tier, Tier.event_id),
}  # fmt: skip


def kind_of(row: AuditRecord) -> str:
    return "entrant" if row.subject == "entry" and row.action.partition(".")[0] in ENTRANTS else row.subject


class Named:
    """A few queries, whatever the number of records.

    `sheets` and `parts` {number: row}; `names` {(kind, key): name}; `criteria` {(part, code): name}; `versions`: see `_schemes`.
    """

    def __init__(self, records: list[AuditRecord]):
        self._wanted: dict[str, set[int]] = defaultdict(set)
        for row in records:
            self._want(row)
        self.sheets = self._rows(sa.select(Sheet.id, Sheet.part_id, Sheet.entry_id, Sheet.judge_id), Sheet.id, "sheet")
        for row in self.sheets.values():
            self._wanted["part"].add(row.part_id)
            self._wanted["entry"].add(row.entry_id)
            self._wanted["judge"].add(row.judge_id)
        self.parts = self._rows(sa.select(Part.id, Part.name, Part.code, Stage.event_id).join(Stage), Part.id, "part")
        self.names = self._read_names()
        self.criteria = self._leaves()
        self.versions = self._schemes()

    def _want(self, row: AuditRecord) -> None:
        if row.subject_id:
            self._wanted[kind_of(row)].add(row.subject_id)
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
        parts = {row.part_id for row in self.sheets.values()} | self._wanted["part"]
        query = sa.select(Criterion.part_id, Criterion.code, Criterion.name).where(Criterion.part_id.in_(parts))
        return {(part, code): name for part, code, name in db.session.execute(query)} if parts else {}

    def _schemes(self) -> dict[int, list]:
        """event -> (since, digest, document) of its kept versions, oldest first: totals were counted by the one of their time."""
        events = {self.parts[row.part_id].event_id for row in self.sheets.values() if row.part_id in self.parts}
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
            for kind, (key, name, source, column) in NAMED.items()
            if self._wanted.get(kind)
        ]  # fmt: skip
        return {(kind, key): name for kind, key, name in db.session.execute(sa.union_all(*some))} if some else {}

    def name(self, kind: str, number: int | None) -> str:
        if kind == "part":
            row = self.parts.get(number)
            return row.name if row else ""
        name = self.names.get((kind, str(number)), "")
        if kind in ("entry", "entrant"):
            return f"{name} 号" if name else "（已删去）" if number else ""
        return name
