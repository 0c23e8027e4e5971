"""From the tables to the engine's facts, in few plain queries: nothing is loaded as objects, nothing is cached."""

import json
from collections import Counter, defaultdict
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.contests import schemes
from compete.judging.sheets import DONE, GRAVITY, status_of
from compete.models import (
    Criterion,
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


class Label(NamedTuple):
    """What pages and workbooks call an entry. `code` stands for all of it while the event is judged blind."""

    number: int
    title: str
    organization: str
    delegation_id: int | None
    code: str


class Board(NamedTuple):
    event: Event
    scheme: scoring.Scheme
    facts: scoring.Facts
    outcome: "scoring.outcome.Outcome"
    labels: dict[int, Label]


def board(event: Event) -> Board:
    """The event's outcome as its facts stand at this moment (load the event by `schemes.load`)."""
    scheme = schemes.scheme_of(event)
    labels, facts = _read(event, scheme)
    outcome = scoring.compute(scheme, facts)
    if not _trims_criteria(scheme) and any(rule.code.startswith("criterion") for rule in scheme.ties):
        # Marks below the totals are looked at only where a tie asks for them: they are most of the data.
        tied = _tied(outcome)
        if tied:
            facts = _with_marks(event, facts, tied)
            outcome = scoring.compute(scheme, facts)
    return Board(event, scheme, facts, outcome, labels)


def facts_of(event: Event) -> scoring.Facts:
    """All facts of the event's ranked stage, with every mark."""
    scheme = schemes.scheme_of(event)
    facts = _read(event, scheme)[1]
    return facts if _trims_criteria(scheme) else _with_marks(event, facts, None)


def _trims_criteria(scheme: scoring.Scheme) -> bool:
    return any(part.panel.level == "criterion" for part in scheme.parts)


def _tied(outcome) -> list[int]:
    scores = Counter(standing.score for standing in outcome.standings)
    return [standing.entry for standing in outcome.standings if standing.score is not None and scores[standing.score] > 1]


def _with_marks(event: Event, facts: scoring.Facts, entries: list[int] | None) -> scoring.Facts:
    """The facts with the marks of these entries' sheets (None: of all)."""
    marks = _marks(event, entries)

    def filled(code, sheets):
        return tuple(sheet._replace(marks=marks.get((fact.entry, code, sheet.judge))) for sheet in sheets)

    found = []
    for fact in facts.entries:
        if entries is None or fact.entry in entries:
            fact = fact._replace(sheets={code: filled(code, sheets) for code, sheets in fact.sheets.items()})
        found.append(fact)
    return facts._replace(entries=tuple(found))


def _read(event: Event, scheme: scoring.Scheme) -> tuple[dict[int, Label], scoring.Facts]:
    stage = schemes.ranked_stage(event)
    parts = {part.id: part for part in (stage.parts if stage else ())}
    entries = _entries(event)
    labels = {row[0]: Label(row[1], row[2], row[3] or "", row[4], row[5] or "") for row in entries}
    rulings = _rulings(event.id, list(parts))
    sheets, judges = _sheets(parts, labels, rulings)
    figures = _figures(event.id, parts)
    fact, none = scoring.EntryFact, {}
    facts = tuple(
        fact(
            entry, str(number), status_of(state, counts, rulings.status.get(entry))[0], name or "",
            sheets.get(entry, none), rulings.penalties.get(entry, ()), figures.get(entry, none),
        )
        for entry, number, _, name, _, _, state, counts in entries
    )  # fmt: skip
    facts = scoring.Facts(facts, judges, tuple(rulings.decisions))
    return labels, _with_marks(event, facts, None) if _trims_criteria(scheme) else facts


def _entries(event: Event):
    code = sa.literal("")
    if event.is_blind:
        highest = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1)
        code = highest.scalar_subquery()
    query = (
        sa.select(Entry.id, Entry.number, Entry.title, Organization.name, Entry.delegation_id, code, Entry.state, Entry.in_competition)
        .outerjoin(Organization, Organization.id == Entry.organization_id)
        .where(Entry.event_id == event.id, Entry.state.in_(COUNTED))
        .order_by(Entry.number)
    )
    return db.session.execute(query).all()


class Rulings(NamedTuple):
    """What stands beside the sheets that count: entries' status, penalties, recused pairs, judges absent from a session,
    sheets begun {(part, entry, judge): state}, decisions on ties."""

    status: dict[int, str]
    penalties: dict[int, tuple[tuple[int, str], ...]]
    recused: set[tuple[int, int]]
    absent: set[tuple[int, int]]
    begun: dict[tuple[int, int, int], str]
    decisions: list[scoring.Decision]


def _rulings(event_id: int, parts: list[int]) -> Rulings:
    """All of them in one query: they are few, and each alone would cost as much as all together."""
    of_event = Entry.event_id == event_id

    def some(kind: str, first, second, text, table, *conditions):
        return sa.select(sa.literal(kind), first, second, text).select_from(table).where(*conditions)

    none, empty = sa.literal(0), sa.literal("")
    rows = db.session.execute(sa.union_all(
        some("ruling", Ruling.entry_id, none, Ruling.kind, sa.join(Ruling, Entry), of_event, Ruling.revoked_at.is_(None)),
        some("penalty", Penalty.entry_id, Penalty.points, Penalty.reason, sa.join(Penalty, Entry), of_event, Penalty.revoked_at.is_(None)),
        some("recusal", Recusal.entry_id, Recusal.judge_id, empty, sa.join(Recusal, Entry), of_event, Recusal.lifted_at.is_(None)),
        some("absence", JudgeAbsence.session_id, JudgeAbsence.judge_id, empty, sa.join(JudgeAbsence, Session),
             Session.part_id.in_(parts), JudgeAbsence.lifted_at.is_(None)),
        some("sheet", Sheet.entry_id, Sheet.judge_id, sa.cast(Sheet.part_id, sa.Text) + " " + Sheet.state, Sheet,
             Sheet.part_id.in_(parts), Sheet.state.not_in(DONE)),
        some("decision", Decision.id, none, sa.cast(Decision.entry_ids, sa.Text) + "\n" + Decision.reason, Decision,
             Decision.event_id == event_id, Decision.revoked_at.is_(None)),
    ))  # fmt: skip
    found = Rulings({}, defaultdict(tuple), set(), set(), {}, [])
    for kind, first, second, text in sorted(rows, key=lambda row: (row[0], row[1])):
        if kind == "ruling":
            known = found.status.get(first, text)
            found.status[first] = min(known, text, key=GRAVITY.index)
        elif kind == "penalty":
            found.penalties[first] += ((second, text),)
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


def _sheets(parts: dict[int, Part], entries, rulings: Rulings):
    """({entry: {part code: (SheetFact, …)}}, {judge: name}): every sheet that exists or is awaited, see judging.sheets."""
    if not parts:
        return {}, {}
    slots, seats, names, chiefs = _assignments(parts)
    counted = _handed_in(parts, chiefs)
    recused_entries = {entry for entry, _ in rulings.recused}
    fact, found = scoring.SheetFact, {entry: {} for entry in entries}
    for part_id, part in parts.items():
        for entry in entries:
            session, row = slots.get((part_id, entry)), counted.get((part_id, entry), ())
            panel = seats.get(session, ())
            if entry in recused_entries or [sheet.judge for sheet in row] != panel:
                here = {sheet.judge: sheet for sheet in row}
                row = []
                for judge in {**dict.fromkeys(panel), **here}:
                    if (entry, judge) in rulings.recused:
                        row.append(fact(judge, "recused", None, None, judge in chiefs))
                    elif judge in here:
                        row.append(here[judge])
                    elif (session, judge) in rulings.absent:
                        row.append(fact(judge, "absent", None, None, judge in chiefs))
                    else:
                        row.append(fact(judge, rulings.begun.get((part_id, entry, judge), "missing"), None, None, judge in chiefs))
            if row:
                found[entry][part.code] = tuple(row)
    return found, names


def _handed_in(parts, chiefs) -> dict[tuple[int, int], list]:
    """{(part, entry): [SheetFact, …]} of the sheets that count.

    One row per entry with its judges and totals as lists: a row per sheet costs three times as much.
    """

    def listed(column):
        return sa.func.aggregate_strings(sa.cast(column, sa.Text), ",")

    rows = (
        sa.select(Sheet.part_id, Sheet.entry_id, listed(Sheet.judge_id), listed(Sheet.total))
        .where(Sheet.part_id.in_(parts), Sheet.state.in_(DONE), Sheet.total.is_not(None))
        .group_by(Sheet.part_id, Sheet.entry_id)
    )
    fact, found, known = scoring.SheetFact, {}, {}
    for part, entry, judges, totals in db.session.execute(rows):
        seats = known.get(judges)
        if seats is None:
            seats = known[judges] = [(judge, judge in chiefs) for judge in map(int, judges.split(","))]
        found[part, entry] = [
            fact(judge, "submitted", int(total), None, chief) for (judge, chief), total in zip(seats, totals.split(","), strict=True)
        ]
    return found


def _assignments(parts):
    """Who judges what: {(part, entry): session}, {session: [judge, …]}, {judge: name}, the chiefs."""
    rows = sa.select(Session.part_id, Slot.entry_id, Session.id).join(Slot, Slot.session_id == Session.id)
    slots = {(part, entry): session for part, entry, session in db.session.execute(rows.where(Session.part_id.in_(parts)))}
    seats, names, chiefs = defaultdict(list), {}, set()
    rows = (
        sa.select(Session.id, Judge.id, Judge.name, Judge.role)
        .join(Seat, Seat.panel_id == Session.panel_id)
        .join(Judge, Judge.id == Seat.judge_id)
        .where(Session.part_id.in_(parts), Judge.withdrawn_at.is_(None))
        .order_by(Seat.position, Seat.id)
    )
    for session, judge, name, role in db.session.execute(rows):
        seats[session].append(judge)
        names[judge] = name
        if role == "chief":
            chiefs.add(judge)
    return slots, seats, names, chiefs


def _marks(event: Event, entries: list[int] | None) -> dict[tuple[int, str, int], tuple[tuple[str, int], ...]]:
    """{(entry, part code, judge): ((criterion code, units), …)} of the sheets that count."""
    parts = {part.id: part.code for part in schemes.ranked_stage(event).parts}
    rows = (
        sa.select(Sheet.entry_id, Sheet.part_id, Sheet.judge_id, Criterion.code, Mark.value)
        .join(Sheet, Sheet.id == Mark.sheet_id)
        .join(Criterion, Criterion.id == Mark.criterion_id)
        .where(Sheet.part_id.in_(parts), Sheet.state.in_(DONE))
    )
    found = defaultdict(list)
    for entry, part, judge, code, value in db.session.execute(rows if entries is None else rows.where(Sheet.entry_id.in_(entries))):
        found[entry, parts[part], judge].append((code, value))
    return {key: tuple(pairs) for key, pairs in found.items()}


def _figures(event_id: int, parts) -> dict[int, dict[str, int]]:
    """Imported figures (theory paper, votes): a column of the entry named as the part."""
    wanted = {part.name: part.code for part in parts.values() if part.kind in schemes.FIGURE_KINDS}
    if not wanted:
        return {}
    found = {}
    for entry, extras in db.session.execute(sa.select(Entry.id, Entry.extras).where(Entry.event_id == event_id)):
        read = {code: scoring.parse_points(extras[name]) for name, code in wanted.items() if extras.get(name)}
        found[entry] = {code: units for code, units in read.items() if isinstance(units, int)}
    return found
