"""The standings of an event, kept in this process and brought up to date by the contest's trail.

Every change of a fact writes one record in the same transaction, and a contest's records are numbered without gaps. So the
number up to which the trail was followed tells what is known. Records of sheets name the entries whose sheets are read
again; records that no standing rests on are passed over; after any other the whole field is read and computed again. What
comes out is what `scoring.compute` says of all facts at that moment (tests compare them).
"""

import threading
from collections import OrderedDict
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app
from markupsafe import Markup

import scoring
from compete.contests import schemes
from compete.live.encoded import Encoded
from compete.models import AuditRecord, Contest, Event, Sheet, db
from compete.prepared import Prepared
from compete.results import big, facts, table, written
from scoring.ranking.live import Group, Live
from scoring.ranking.reasons import unknown_figures
from scoring.ranking.standing import Standing

MOST = 32  # events kept in memory; the one asked for longest ago goes first
MANY = 400  # records after which reading everything is quicker
# Kinds of records that no standing rests on. Whatever is not listed here makes everything be read again.
APART = ("card.", "seat.", "signature.", "payee.", "payment.", "prizes.", "release.", "document.", "membership.", "budget.", "screen.",
         "showing.", "stage.call", "stage.clear", "stage.only", "stage.notice", "clock.start", "clock.pause", "clock.reset", "clock.adjust",
         "clock.finish", "recheck.", "attachment.", "session.open", "session.close", "session.reopen", "import.preview", "import.drop")  # fmt: skip

_record, _sheet, _contest, _event = (model.__table__.c for model in (AuditRecord, Sheet, Contest, Event))
_END = Prepared(
    sa.select(_contest.audit_count, _contest.created_at)
    .where(_contest.id == sa.bindparam("contest"), sa.exists().where(_event.id == sa.bindparam("event"), _event.contest_id == _contest.id))
)  # fmt: skip
_SINCE = Prepared(
    sa.select(_record.action, _sheet.part_id, _sheet.entry_id)
    .select_from(AuditRecord.__table__.outerjoin(Sheet.__table__, sa.and_(_record.subject == "sheet", _sheet.id == _record.subject_id)))
    .where(_record.chain == sa.bindparam("contest"), _record.number > sa.bindparam("seen"), _record.number <= sa.bindparam("end"))
)


def standing_of(contest_id: int, event_id: int) -> "Current":
    """The standings of this event of this contest, up to date when they are asked for something."""
    return current_app.extensions.setdefault("results.standings", _Store()).of(contest_id, event_id)


class _Store:
    def __init__(self):
        self._lock, self._kept = threading.Lock(), OrderedDict()

    def of(self, contest_id: int, event_id: int) -> "Current":
        with self._lock:
            found = self._kept.setdefault((contest_id, event_id), Current(contest_id, event_id))
            self._kept.move_to_end((contest_id, event_id))
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            return found


class Page(NamedTuple):
    """The table of the standings. `ties` are groups of entries that wait for a decision, `incomplete` numbers of entries."""

    scheme: scoring.Scheme
    labels: dict[int, facts.Label]
    heads: list
    rows: Markup
    ties: list[list[int]]
    incomplete: list[str]
    unknown: bool

    @property
    def releasable(self) -> bool:
        return not (self.ties or self.incomplete or self.unknown)


class Current:
    """One event's standings. `rebuilt` counts how often all of it was read."""

    def __init__(self, contest_id: int, event_id: int):
        self.contest_id, self.event_id, self.rebuilt = contest_id, event_id, 0
        self._lock = threading.Lock()
        self._seen, self._life, self._live, self._source, self._body = -1, None, None, None, None

    def document(self) -> Encoded | None:
        """{"event", "name", "columns", "parts", "steps", "incomplete", "ties", "rows"}: rows in order, a list per entry by `written.COLUMNS`.

        None where the contest has no such event. `entry` is as in addresses, masked while judged blind; `place` a number, "2.5"
        or null; `beside` the place that an entry out of competition would hold; `state` "", "shared", "undecided" or why there
        is no place. With "big" the field is too large to be sent whole, and has no rows.
        """
        with self._lock:
            if not self._follow():
                return None
            if self._body is None:
                self._body = Encoded(self._written())
            return self._body

    def page(self, link: str, contest: Contest, size: int) -> "Page | None":
        """The whole table; `link` + entry id leads to an entry's explanation. Only rows that changed or moved are written anew.

        Of the contest as this transaction read it, which has the event, with so many entries. None where the whole field has to
        be computed at once: too large, or each score rests on all others.
        """
        with self._lock:
            self._follow_to(contest.audit_count, contest.created_at, size)
            if self._live is None or self._live.whole or not self._live.rounded:
                return None
            if self._page is None or self._page[0] != link:
                self._page = link, self._table(link)
            return self._page[1]

    def _table(self, link: str) -> "Page":
        source, standings = self._source, self._live.standings()
        facts_now = source.facts._replace(entries=tuple(self._live.entries.values()))
        heads = table.columns(source.scheme, facts_now)
        if (heads, link) != self._heads:
            self._lines, self._heads = {}, (heads, link)
        rows = table.Rows(source.labels, heads, link)
        for standing in standings:
            known = self._lines.get(standing.entry)
            if known is None or known[0] is not standing or known[1] != standing.place_text:
                self._lines[standing.entry] = standing, standing.place_text, rows.of(standing)
        incomplete = [standing.number for standing in standings if standing.status == "incomplete"]
        return Page(source.scheme, source.labels, heads, Markup("\n".join([self._lines[standing.entry][2] for standing in standings])), _ties(standings),
                    incomplete, bool(unknown_figures(source.scheme, facts_now.entries)))  # fmt: skip

    def _follow(self) -> bool:
        found = _END.one(db.session.connection(), {"contest": self.contest_id, "event": self.event_id})
        if found is None:
            return False
        self._follow_to(*found)
        return True

    def _follow_to(self, end: int, life, size: int | None = None) -> None:
        if life == self._life and end <= self._seen:
            return  # what this transaction sees may even be older than what is known here
        try:
            touched = self._touched(end) if life == self._life else None
            if touched is None:
                self._read_all(size)
            elif touched:
                self._read_again(touched)
        except BaseException:
            self._life = self._live = None
            raise
        self._seen, self._life = end, life

    def _touched(self, end: int) -> set[int] | None:
        """The entries whose sheets changed; None when something else did."""
        if self._live is None or end - self._seen > MANY:
            return None
        found = set()
        for action, part, entry in _SINCE.all(db.session.connection(), {"contest": self.contest_id, "seen": self._seen, "end": end}):
            if entry is not None and action.startswith("sheet."):
                if part in self._source.parts and entry in self._live.entries:
                    found.add(entry)
            elif not action.startswith(APART):
                return None
        return found

    def _read_again(self, touched: set[int]) -> None:
        for fact in facts.again(self._source, [self._live.entries[entry] for entry in touched]):
            if fact != self._live.entries[fact.entry]:
                self._live.update(fact)
                self._body = self._page = None

    def _read_all(self, size: int | None) -> None:
        self.rebuilt += 1
        event = schemes.load(self.event_id)
        self._body = self._page = self._heads = None
        self._rows, self._lines, self._start = {}, {}, {"event": event.id, "name": event.name, "columns": written.COLUMNS}
        if big.applies(event, size):
            self._live, self._start["big"] = None, True
            return
        self._source = source = facts.source(event)
        self._live = Live(source.scheme, source.facts)
        self._start |= {"parts": [[part.code, part.name] for part in source.scheme.parts], "steps": [[step.code, step.name] for step in source.scheme.steps]}
        self._names = {entry: written.text([label.key(entry), *written.name(label)])[1:-1] for entry, label in source.labels.items()}

    def _written(self) -> bytes:
        live = self._live
        if live is None or live.whole:
            standings = live.standings() if live else []
            rows = ",".join([self._row(standing) for standing in standings])
            ties = _ties(standings)
            rest = standings
        else:
            shown = [group.shown or self._show(group) for group in live.groups()]
            rest = live.rest()
            rows = ",".join([text for text, _ in shown] + ([self._rest(rest)] if rest else []))
            ties = [tie for _, found in shown for tie in found]
        incomplete = sum(standing.status == "incomplete" for standing in rest)
        ties = [[self._source.labels[entry].key(entry) for entry in tie] for tie in ties]
        head = written.text(self._start | {"incomplete": incomplete, "ties": ties})
        return f'{head[:-1]},"rows":[{rows}]}}'.encode()

    def _show(self, group: Group) -> tuple[str, list]:
        """The group's rows and open ties. What follows the place in a row is written once."""
        if group.kept is None:
            group.kept = [f",null,{self._names[standing.entry]},{written.figures(standing)}]" for standing in group.standings], _ties(group.standings)
        tails, ties = group.kept
        group.shown = ",".join([f"[{written.place(standing.place)}{tail}" for standing, tail in zip(group.standings, tails, strict=True)]), ties
        return group.shown

    def _rest(self, standings: list[Standing]) -> str:
        """Entries without a place; only those beside the competition move with the marks of others."""
        rows = []
        for standing in standings:
            known = self._rows.get(standing.entry)
            if known is None or known[0] is not standing or known[1] != standing.outside_place:
                known = self._rows[standing.entry] = standing, standing.outside_place, self._row(standing)
            rows.append(known[2])
        return ",".join(rows)

    def _row(self, standing: Standing) -> str:
        beside = "null" if standing.outside_place is None else standing.outside_place
        return f"[{written.place(standing.place)},{beside},{self._names[standing.entry]},{written.figures(standing)}]"


def _ties(standings: list[Standing]) -> list[list[int]]:
    """Entries among whom a decision is still to be made."""
    still_open = [standing for standing in standings if standing.undecided]
    return [[standing.entry for standing in tie] for _, tie in groupby(still_open, lambda standing: standing.rank)]
