"""From the tables to the engine's facts and their outcome; nothing is cached."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

import scoring
from compete.contests import schemes
from compete.judging import masks
from compete.judging.sheets import DONE, status_of
from compete.models import Event, Stage
from compete.results import belonging, lining, reading

Leaves = dict[str, list[tuple[str, int]]]  # {part code: [(criterion code, criterion.id), …]}
FEW = 200  # entries that are named in a query; beyond, all are read
UNCODED = "未编码"


class Label(NamedTuple):
    """What pages and workbooks call an entry. `code` stands for all of it while the event is judged blind: it is never empty
    there, so that an entry without a code yet does not show its title."""

    number: int
    title: str
    organization: str
    delegation_id: int | None
    code: str

    @property
    def sign(self) -> str:
        """How a list numbers the entry: by its code alone where it has one."""
        return self.code or str(self.number)

    def key(self, entry: int) -> int | str:
        """The entry in an address."""
        return masks.mask(entry) if self.code else entry

    @property
    def heading(self) -> str:
        return self.code or f"{self.number} 号 {self.title}"


class Board(NamedTuple):
    """`facts` carry the marks below the totals only where the outcome rests on them; `facts_of` has all. `stage`: an earlier
    one that the outcome is of, None for the ranked one."""

    event: Event
    scheme: scoring.Scheme
    facts: scoring.Facts
    outcome: "scoring.ranking.outcome.Outcome"
    labels: dict[int, Label]
    stage: Stage | None = None


def board(event: Event, stage: Stage | None = None) -> Board:
    """The event's outcome as its facts stand at this moment (load the event by `schemes.load`); of an earlier `stage` where
    one is given."""
    scheme = schemes.scheme_of(event, stage)
    labels, facts = _read(event, scheme, stage)
    complete = None
    asked = () if _trims_criteria(scheme) else scoring.tie_criteria(scheme)
    if asked:
        # Marks are most of the data: they are read only for the criteria and the entries that a tie asks for.
        def complete(tied):
            return _with_marks(event, facts, tied, asked, stage)
    outcome = scoring.compute(scheme, facts, complete)
    return Board(event, scheme, outcome.run.facts, outcome, labels, stage)


def among(found: Board, entries: Collection[int]) -> "scoring.ranking.outcome.Outcome":
    """The outcome as if only these entries had competed: the places so far, while others are still to come."""
    facts = found.facts._replace(entries=tuple(fact for fact in found.facts.entries if fact.entry in entries))
    asked = () if _trims_criteria(found.scheme) else scoring.tie_criteria(found.scheme)

    def complete(tied):
        return _with_marks(found.event, facts, tied, asked, found.stage)

    return scoring.compute(found.scheme, facts, complete if asked else None)


def full_board(event: Event) -> Board:
    """The same outcome with every mark at hand: for papers."""
    scheme = schemes.scheme_of(event)
    labels, facts = _read(event, scheme)
    if not _trims_criteria(scheme):
        facts = _with_marks(event, facts, None)
    return Board(event, scheme, facts, scoring.compute(scheme, facts), labels)


def even_board(event: Event) -> Board:
    """The same outcome with the marks that any tie may ask for: it can be computed again without some of the sheets."""
    scheme = schemes.scheme_of(event)
    labels, facts = _read(event, scheme)
    asked = () if _trims_criteria(scheme) else scoring.tie_criteria(scheme)
    if asked:
        facts = _with_marks(event, facts, None, asked)
    return Board(event, scheme, facts, scoring.compute(scheme, facts), labels)


def facts_of(event: Event, stage: Stage | None = None) -> scoring.Facts:
    """All facts of the event's ranked stage, or of an earlier `stage`, with every mark."""
    scheme = schemes.scheme_of(event, stage)
    facts = _read(event, scheme, stage)[1]
    return facts if _trims_criteria(scheme) else _with_marks(event, facts, None, stage=stage)


def marked(found: Board, entry: int) -> scoring.Facts:
    """The board's facts with every mark of one entry."""
    return found.facts if _trims_criteria(found.scheme) else _with_marks(found.event, found.facts, {entry})


def _trims_criteria(scheme: scoring.Scheme) -> bool:
    return scoring.marks_at_once(scheme)


def _with_marks(event: Event, facts: scoring.Facts, entries: Collection[int] | None, asked: Collection | None = None,
                stage: Stage | None = None) -> scoring.Facts:  # fmt: skip
    """The facts with the marks of these entries' sheets (None: of all), for the criteria that are asked for (None: all)."""
    return facts._replace(entries=_filled(facts.entries, entries, _leaves(stage or schemes.ranked_stage(event), asked)))


def _leaves(stage: Stage, asked: Collection | None) -> Leaves:
    return {part.code: [(row.code, row.id) for row in part.criteria if asked is None or (part.code, row.code) in asked] for part in stage.parts}


def _filled(facts: Iterable[scoring.EntryFact], entries: Collection[int] | None, wanted: Leaves) -> tuple[scoring.EntryFact, ...]:
    columns = reading.marks(
        [number for codes in wanted.values() for _, number in codes], entries if entries is None or len(entries) <= FEW else None
    )
    new, none = scoring.SheetFact, {}
    # {part: {judge: [(criterion, {entry: units}), …]}}
    given = {
        part: {judge: [(code, columns.get((number, judge), none)) for code, number in codes] for judge in {judge for _, judge in columns}}
        for part, codes in wanted.items()
    }

    def filled(entry: int, part: str, sheets):
        for judge, state, total, _, chief in sheets:
            found = tuple([(code, column[entry]) for code, column in given[part].get(judge, ()) if entry in column])
            yield new(judge, state, total, found or None, chief)

    found = []
    for fact in facts:
        if entries is None or fact.entry in entries:
            fact = fact._replace(sheets={part: tuple(filled(fact.entry, part, sheets)) for part, sheets in fact.sheets.items()})
        found.append(fact)
    return tuple(found)


class Source(NamedTuple):
    """All facts of an event's ranked stage, and what lets one entry be read again without the rest.

    `parts` {part.id: code}; `leaves`: the criteria whose marks the facts carry, empty where totals are enough.
    """

    scheme: scoring.Scheme
    labels: dict[int, Label]
    facts: scoring.Facts
    parts: dict[int, str]
    who: reading.Assignments
    rulings: reading.Rulings
    leaves: Leaves


def source(event: Event) -> Source:
    """The facts with every mark that the outcome may rest on (load the event by `schemes.load`)."""
    scheme = schemes.scheme_of(event)
    found = _gathered(event, scheme)
    asked = None if _trims_criteria(scheme) else scoring.tie_criteria(scheme)
    if asked is not None and not asked:
        return found
    leaves = _leaves(schemes.ranked_stage(event), asked)
    return found._replace(leaves=leaves, facts=found.facts._replace(entries=_filled(found.facts.entries, None, leaves)))


def again(known: Source, facts: list[scoring.EntryFact]) -> tuple[scoring.EntryFact, ...]:
    """The facts of these entries with their sheets as they are now; all else about them stands. Two queries at most."""
    entries = {fact.entry for fact in facts}
    place = {judge: position for position, judge in enumerate(known.who.names)}
    counted = {part: {entry: [] for entry in entries} for part in known.parts}
    begun = {}
    for part, entry, judge, state, total in reading.sheets(known.parts, entries):
        if state not in DONE:
            begun[part, entry, judge] = state
        elif total is not None:
            counted[part][entry].append(scoring.SheetFact(judge, "submitted", total, None, judge in known.who.chiefs))
    for rows in counted.values():
        for row in rows.values():
            row.sort(key=lambda sheet: place.get(sheet.judge, len(place)))
    sheets = lining.lined_up(known.parts, entries, counted, known.who, known.rulings._replace(begun=begun))
    found = tuple(fact._replace(sheets=sheets[fact.entry]) for fact in facts)
    return _filled(found, entries, known.leaves) if known.leaves else found


def _read(event: Event, scheme: scoring.Scheme, earlier: Stage | None = None) -> tuple[dict[int, Label], scoring.Facts]:
    found = _gathered(event, scheme, earlier)
    return found.labels, _with_marks(event, found.facts, None, stage=earlier) if _trims_criteria(scheme) else found.facts


def _gathered(event: Event, scheme: scoring.Scheme, earlier: Stage | None = None) -> Source:
    """Everything but the marks below the totals."""
    stage = earlier or schemes.ranked_stage(event)
    parts = {part.id: part for part in (stage.parts if stage else ())}
    codes = {number: part.code for number, part in parts.items()}
    entries = reading.entries(event)
    labels = {row[0]: Label(row[1], row[2], row[3] or "", row[4], (row[5] or UNCODED) if event.is_veiled else "") for row in entries}
    rulings = reading.rulings(event.id, list(parts), list(parts), whole=earlier is None)
    who = reading.assignments(parts) if parts else reading.Assignments({}, {}, {}, set())
    sheets = lining.lined_up(codes, labels, lining.handed_in(parts, who), who, rulings) if parts else {}
    figures = reading.figures(event.id, parts.values())
    fact, none = scoring.EntryFact, {}
    facts = tuple([
        fact(
            entry, labels[entry].sign, status_of(state, counts, rulings.status.get(entry))[0], name or "",
            sheets.get(entry, none), rulings.penalties.get(entry, ()), figures.get(entry, none),
        )
        for entry, _, _, name, _, _, state, counts in entries
    ])  # fmt: skip
    facts = belonging.with_all(event, scheme, scoring.Facts(facts, who.names, tuple(rulings.decisions)))
    return Source(scheme, labels, facts, codes, who, rulings, {})
