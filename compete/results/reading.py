"""The tables behind an outcome, read as plain rows: nothing is loaded as objects, few rows carry much.

Queries name tables, not models: a row of a model's columns goes through the object mapper and costs three times as much.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from itertools import repeat
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.contests import schemes
from compete.judging.sheets import DONE, GRAVITY, SCATTER, SCATTERED
from compete.models import (
    Decision,
    Entry,
    EntryCode,
    Event,
    Judge,
    JudgeAbsence,
    Mark,
    Organization,
    Part,
    Penalty,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Slot,
    db,
)

# Entries that were never let in have no place in an outcome.
COUNTED = ("approved", "withdrawn", "disqualified")

_entry, _organization, _code = Entry.__table__.c, Organization.__table__.c, EntryCode.__table__.c
_sheet, _mark, _session, _slot, _seat, _judge = (model.__table__.c for model in (Sheet, Mark, Session, Slot, Seat, Judge))


def entries(event: Event) -> list:
    """(id, number, title, organization, delegation, code, state, in competition), by number; veiled ones in an order of their codes."""
    code, order = sa.literal(""), (_entry.number,)
    if event.is_veiled:
        code = sa.select(_code.code).where(_code.entry_id == _entry.id).order_by(_code.layer.desc()).limit(1).scalar_subquery()
        order = (sa.func.coalesce(code, ""), _entry.id * SCATTER % SCATTERED)
    query = (
        sa.select(_entry.id, _entry.number, _entry.title, _organization.name, _entry.delegation_id, code, _entry.state, _entry.in_competition)
        .select_from(sa.outerjoin(Entry.__table__, Organization.__table__, _organization.id == _entry.organization_id))
        .where(_entry.event_id == event.id, _entry.state.in_(COUNTED))
        .order_by(*order)
    )
    return db.session.execute(query).all()


class Rulings(NamedTuple):
    """What stands beside the sheets that count: entries' status, penalties, recused pairs, judges absent from a session,
    sheets begun {(part, entry, judge): state}, decisions on ties."""

    status: dict[int, str]
    penalties: dict[int, tuple[scoring.PenaltyFact, ...]]
    recused: set[tuple[int, int]]
    absent: set[tuple[int, int]]
    begun: dict[tuple[int, int, int], str]
    decisions: list[scoring.Decision]


def _rulings_query():
    """All of them in one query: they are few, and each alone would cost as much as all together."""
    of_event, of_parts = Entry.event_id == sa.bindparam("event"), sa.bindparam("parts", expanding=True)

    def some(kind: str, first, second, text, table, *conditions):
        return sa.select(sa.literal_column(f"'{kind}'"), first, second, text).select_from(table).where(*conditions)

    none, empty, whole = sa.literal_column("0"), sa.literal_column("''"), sa.bindparam("whole", type_=sa.Boolean)
    return sa.union_all(
        some("ruling", Ruling.entry_id, none, Ruling.kind, sa.join(Ruling, Entry), of_event, Ruling.revoked_at.is_(None)),
        some("penalty", Penalty.entry_id, Penalty.points, sa.func.coalesce(Part.code, "") + "\n" + Penalty.reason,
             sa.join(Penalty, Entry).outerjoin(Part, Part.id == Penalty.part_id), of_event, Penalty.revoked_at.is_(None),
             sa.or_(sa.and_(Penalty.part_id.is_(None), whole), Penalty.part_id.in_(sa.bindparam("ranked", expanding=True)))),
        some("recusal", Recusal.entry_id, Recusal.judge_id, empty, sa.join(Recusal, Entry), of_event, Recusal.lifted_at.is_(None)),
        some("absence", JudgeAbsence.session_id, JudgeAbsence.judge_id, empty, sa.join(JudgeAbsence, Session),
             Session.part_id.in_(of_parts), JudgeAbsence.lifted_at.is_(None)),
        some("sheet", Sheet.entry_id, Sheet.judge_id, sa.cast(Sheet.part_id, sa.Text) + " " + Sheet.state, Sheet,
             Sheet.part_id.in_(of_parts), Sheet.state.not_in(DONE)),
        some("decision", Decision.id, none, sa.cast(Decision.entry_ids, sa.Text) + "\n" + Decision.reason, Decision,
             Decision.event_id == sa.bindparam("event"), Decision.revoked_at.is_(None), whole),
    )  # fmt: skip


_RULINGS = _rulings_query()


def rulings(event_id: int, parts: list[int], ranked: list[int], *, whole: bool = True) -> Rulings:
    """Beside the sheets of `parts`. A penalty in a part outside the `ranked` ones stays with its stage; with `whole`, what
    was ruled of no part, and decisions on ties, count too: they are the event's."""
    rows = db.session.execute(_RULINGS, {"event": event_id, "parts": parts, "ranked": ranked, "whole": whole}).all()
    found = Rulings({}, defaultdict(tuple), set(), set(), {}, [])
    for kind, first, second, text in sorted(rows, key=lambda row: (row[0], row[1])):
        if kind == "ruling":
            known = found.status.get(first, text)
            found.status[first] = min(known, text, key=GRAVITY.index)
        elif kind == "penalty":
            part, reason = text.split("\n", 1)
            found.penalties[first] += (scoring.PenaltyFact(second, reason, part),)
        elif kind == "recusal":
            found.recused.add((first, second))
        elif kind == "absence":
            found.absent.add((first, second))
        elif kind == "sheet":
            part, state = text.split()
            found.begun[int(part), first, second] = state
        else:
            order, reason = text.split("\n", 1)
            found.decisions.append(scoring.Decision(tuple(json.loads(order)), reason))
    return found


class Assignments(NamedTuple):
    """Who judges what: sessions {(part, entry): session}, seats {session: [judge, …]}, names {judge: name}, the chiefs."""

    sessions: dict[tuple[int, int], int]
    seats: dict[int, list[int]]
    names: dict[int, str]
    chiefs: set[int]


def assignments(parts: Iterable[int]) -> Assignments:
    found = Assignments({}, defaultdict(list), {}, set())
    rows = (
        sa.select(_session.part_id, _session.id, _listed(_slot.entry_id))
        .select_from(sa.join(Session.__table__, Slot.__table__, _slot.session_id == _session.id))
        .where(_session.part_id.in_(parts)).group_by(_session.part_id, _session.id).order_by(_session.id)
    )  # fmt: skip
    for part, session, members in db.session.execute(rows):
        found.sessions.update(zip(zip(repeat(part), _ints(members)), repeat(session)))
    rows = (
        sa.select(_session.id, _judge.id, _judge.name, _judge.role)
        .select_from(Session.__table__).join(Seat.__table__, _seat.panel_id == _session.panel_id).join(Judge.__table__, _judge.id == _seat.judge_id)
        .where(_session.part_id.in_(parts), _judge.withdrawn_at.is_(None))
        .order_by(_seat.position, _seat.id)
    )  # fmt: skip
    for session, judge, name, role in db.session.execute(rows):
        found.seats[session].append(judge)
        found.names[judge] = name
        if role == "chief":
            found.chiefs.add(judge)
    return found


def running_orders(part: int) -> list[list[int]]:
    """The drawn running order of each session of the part, as entry ids."""
    rows = (
        sa.select(_slot.session_id, _slot.entry_id)
        .join_from(Slot.__table__, Session.__table__, _slot.session_id == _session.id)
        .where(_session.part_id == part, _slot.position > 0)
        .order_by(_slot.session_id, _slot.position)
    )
    found = defaultdict(list)
    for session, entry in db.session.execute(rows):
        found[session].append(entry)
    return list(found.values())


def _listed(column):
    """The values of a group as one text: a row per value would cost several times as much."""
    return sa.func.aggregate_strings(sa.cast(column, sa.Text), ",")


def _ints(text: str) -> list[int]:
    return list(map(int, text.split(",")))


def totals(parts: Iterable[int]) -> dict[tuple[int, int], tuple[list[int], list[int]]]:
    """{(part, judge): ([entry, …], [total, …])} of the sheets that count."""
    rows = (
        sa.select(_sheet.part_id, _sheet.judge_id, _listed(_sheet.entry_id), _listed(_sheet.total))
        .where(_sheet.part_id.in_(parts), _sheet.state.in_(DONE), _sheet.total.is_not(None))
        .group_by(_sheet.part_id, _sheet.judge_id)
    )
    return {(part, judge): (_ints(entries), _ints(totals)) for part, judge, entries, totals in db.session.execute(rows)}


_SHEETS = sa.select(_sheet.part_id, _sheet.entry_id, _sheet.judge_id, _sheet.state, _sheet.total).where(
    _sheet.part_id.in_(sa.bindparam("parts", expanding=True)), _sheet.entry_id.in_(sa.bindparam("entries", expanding=True))
)


def sheets(parts: Iterable[int], entries: Iterable[int]) -> list:
    """(part, entry, judge, state, total) of all sheets of some entries."""
    return db.session.connection().execute(_SHEETS, {"parts": list(parts), "entries": list(entries)}).all()


def marks(criteria: Iterable[int], entries: Iterable[int] | None) -> dict[tuple[int, int], dict[int, int]]:
    """{(criterion.id, judge): {entry: units}} of the sheets that count; `entries` None means all."""
    # Of few entries the sheets lead to the marks: an index over all marks of a criterion would be the long way round.
    criterion = _mark.criterion_id if entries is None else _mark.criterion_id + 0
    rows = (
        sa.select(_mark.criterion_id, _sheet.judge_id, _listed(_sheet.entry_id), _listed(_mark.value))
        .select_from(sa.join(Mark.__table__, Sheet.__table__, _sheet.id == _mark.sheet_id))
        .where(criterion.in_(criteria), _sheet.state.in_(DONE))
        .group_by(_mark.criterion_id, _sheet.judge_id)
    )
    if entries is not None:
        rows = rows.where(_sheet.entry_id.in_(entries))
    found = db.session.connection().execute(rows)
    return {(criterion, judge): dict(zip(_ints(members), _ints(values), strict=True)) for criterion, judge, members, values in found}


def figures(event_id: int, parts: Iterable[Part]) -> dict[int, dict[str, int]]:
    """Imported figures (theory paper, votes): a column of the entry named as the part."""
    wanted = {part.name: part.code for part in parts if part.kind in schemes.FIGURE_KINDS}
    if not wanted:
        return {}
    found = {}
    for entry, extras in db.session.execute(sa.select(_entry.id, _entry.extras).where(_entry.event_id == event_id)):
        read = {code: scoring.parse_points(extras[name]) for name, code in wanted.items() if extras.get(name)}
        found[entry] = {code: units for code, units in read.items() if isinstance(units, int)}
    return found
