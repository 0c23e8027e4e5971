"""The outcome of a large event straight from the tables into columns: the same figures as `facts.board`, entry by entry."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

import scoring
from compete.contests import schemes
from compete.judging.cells import status_of
from compete.models import Entry, Event, Part, db
from compete.results import columns, reading
from compete.results.columns import Entries, Progress, nothing
from scoring import bulk

NOBODY = -1


class Field(NamedTuple):
    """Rows of `tally` and `awards` are those of `entries`. `awards` is None where they must be given one by one."""

    event: Event
    scheme: scoring.Scheme
    entries: Entries
    tally: bulk.Tally
    awards: bulk.Awards | None


def why_not(scheme: scoring.Scheme) -> tuple[str, ...]:
    """Why the event needs the small path, in Chinese; empty when it can be streamed."""
    figures = {part.code for part in scheme.parts}
    asked = [tie.argument for tie in scheme.ties if tie.code.startswith("figure") and tie.argument not in figures]
    return bulk.why_not(scheme) + tuple(f"同分规则所用的数据“{code}”须逐个对象读取" for code in asked)


def size(event: Event) -> int:
    """How many entries have a place in the outcome."""
    return db.session.scalar(sa.select(sa.func.count(Entry.id)).where(Entry.event_id == event.id, Entry.state.in_(reading.COUNTED)))


def field(event: Event, progress: Progress = nothing) -> Field:
    """The whole outcome as the facts stand at this moment (load the event by `schemes.load`; ask `why_not` first).

    progress(done, total) is called as entries and sheets are read.
    """
    scheme, stage = schemes.scheme_of(event), schemes.ranked_stage(event)
    parts = list(stage.parts) if stage else []
    judged = [part for part in parts if part.kind not in schemes.FIGURE_KINDS]
    rounds = _Rounds(progress, 1 + len(judged))
    entries = columns.entries(event, rounds.next())
    rulings = reading.rulings(event.id, [], [part.id for part in parts])
    found = {part.code: _sheets(part, scheme.part(part.code), entries, rulings, rounds.next()) for part in judged}
    names = {part.name: part.code for part in parts if part.kind in schemes.FIGURE_KINDS}
    found |= {code: bulk.Given(*pair) for code, pair in columns.figures(entries, names).items()}
    facts = bulk.Columns(
        len(entries.ids), found, _status(entries, rulings), _penalties(entries, rulings), {}, entries.ids, tuple(rulings.decisions)
    )
    tally = bulk.Tally(scheme, facts)
    vacancies = (event.rules or {}).get("vacancies")
    return Field(event, scheme, entries, tally, None if bulk.why_no_awards(scheme) else bulk.award(tally, vacancies=vacancies))


class _Rounds:
    """One progress over several passes through the entries."""

    def __init__(self, progress, rounds):
        self.progress, self.rounds, self.begun = progress, rounds, -1

    def next(self):
        self.begun += 1
        begun = self.begun
        return lambda done, total: self.progress(begun * total + done, self.rounds * total)


def _status(entries: Entries, rulings: reading.Rulings) -> np.ndarray:
    """Per entry the engine's status (a number in bulk.STATUS)."""
    table = np.array([[bulk.STATUS.index(status_of(state, counts, None)[0]) for counts in (False, True)] for state in reading.COUNTED], np.int8)
    found = table[entries.states, entries.counts.astype(np.int8)]
    ruled = np.array(list(rulings.status), np.int64)
    for entry, row in zip(ruled.tolist(), entries.at(ruled).tolist(), strict=True):
        if row != NOBODY:
            state = reading.COUNTED[entries.states[row]]
            found[row] = bulk.STATUS.index(status_of(state, bool(entries.counts[row]), rulings.status[entry])[0])
    return found


def _penalties(entries: Entries, rulings: reading.Rulings) -> np.ndarray | None:
    if not rulings.penalties:
        return None
    found = np.zeros(len(entries.ids), np.int64)
    rows = entries.at(np.array(list(rulings.penalties), np.int64))
    for row, taken in zip(rows.tolist(), rulings.penalties.values(), strict=True):
        if row != NOBODY:
            found[row] = sum(one.units for one in taken)
    return found


def _sheets(part: Part, rules: scoring.Part, entries: Entries, rulings: reading.Rulings, progress: Progress) -> bulk.Sheets:
    panels = columns.panels(part.id)
    left_out = panels.chiefs if rules.panel.chief == "apart" else frozenset()
    awaited = _Awaited(panels, entries, rulings, left_out)
    recused = np.array([_pair(entry, judge) for entry, judge in rulings.recused], np.int64)
    seats = _Seats(len(entries.ids))
    for given in columns.totals(part.id, entries, progress):
        here = ~np.isin(given.judge, list(left_out)) if left_out else np.ones(len(given.row), bool)
        if len(recused):
            here &= ~np.isin(_pair(entries.ids[given.row], given.judge), recused)
        row, judge = given.row[here], given.judge[here]
        awaited.take(row, judge)
        seats.take(row, judge, given.values[0][here])
    marks = _Marks(part, rules, entries, seats)
    return bulk.Sheets(tuple(seats.totals), seats.counted(), awaited.missing(), marks.values, marks.lacking)


def _pair(entry, judge):
    """One number for an entry and a judge."""
    return entry * 2**31 + judge


class _Awaited:
    """Per entry, how many judges of its panel are accounted for: a sheet, a recusal, an absence."""

    def __init__(self, panels: columns.Panels, entries: Entries, rulings: reading.Rulings, left_out):
        self.session = columns.sessions_of(entries, panels.sessions) if panels.sessions else np.zeros(len(entries.ids), np.int64)
        sessions = {session: frozenset(judges) - left_out for session, judges in panels.sessions.items()}
        self.judges = np.array(sorted({judge for judges in sessions.values() for judge in judges}), np.int64)
        self.seated = np.zeros((max(sessions, default=0) + 1, len(self.judges)), bool)
        for session, judges in sessions.items():
            self.seated[session, np.searchsorted(self.judges, sorted(judges))] = True
        self.covered = np.zeros(len(entries.ids), np.int16)
        self.absent = {pair: self.session == pair[0] for pair in panels.absent if pair[1] in sessions[pair[0]]}
        if rulings.recused:
            entry, judge = np.array(sorted(rulings.recused), np.int64).T
            row = entries.at(entry)
            self.take(row[row != NOBODY], judge[row != NOBODY])

    def take(self, row: np.ndarray, judge: np.ndarray) -> None:
        """These sheets are in (`row` rises): whoever is not of the entry's panel was not awaited."""
        if not (len(self.judges) and len(row)):
            return
        at = np.searchsorted(self.judges, judge).clip(max=len(self.judges) - 1)
        own = row[self.seated[self.session[row], at] & (self.judges[at] == judge)]
        if len(own):
            self.covered[own[0]:own[-1] + 1] += np.bincount(own - own[0]).astype(np.int16)
        for (_, absent), waiting in self.absent.items():
            waiting[row[judge == absent]] = False

    def missing(self) -> np.ndarray:
        """Whether a sheet is awaited that is not there."""
        for waiting in self.absent.values():
            self.covered += waiting
        return self.covered < self.seated.sum(axis=1)[self.session]


class _Seats:
    """Totals moved into seats: the sheets of an entry fill seat 0, 1, … in the order of its judges' ids."""

    def __init__(self, count: int):
        self.count, self.totals, self.judges, self.filled = count, [np.zeros(count, np.int64)], [np.zeros(count, np.int64)], np.zeros(count, np.int16)

    def take(self, row: np.ndarray, judge: np.ndarray, totals: np.ndarray) -> None:
        """`row` rises; all sheets of an entry come at once."""
        if not len(row):
            return
        span = int(row[-1] - row[0]) + 1
        seats = len(row) // span
        if np.array_equal(row, np.repeat(np.arange(row[0], row[-1] + 1), seats)):  # as many sheets for each: the usual case
            self._fill(slice(int(row[0]), int(row[-1]) + 1), judge, totals, seats)
            return
        at = np.arange(len(row))
        nth = at - np.maximum.accumulate(np.where(np.r_[True, row[1:] != row[:-1]], at, 0))
        for seat in range(int(nth.max()) + 1):
            self._room(seat)
            here = nth == seat
            self.totals[seat][row[here]], self.judges[seat][row[here]] = totals[here], judge[here]
            self.filled[row[here]] = seat + 1

    def _fill(self, rows: slice, judge: np.ndarray, totals: np.ndarray, seats: int) -> None:
        for seat in range(seats):
            self._room(seat)
            self.totals[seat][rows], self.judges[seat][rows] = totals[seat::seats], judge[seat::seats]
        self.filled[rows] = seats

    def _room(self, seat: int) -> None:
        if seat == len(self.totals):
            self.totals.append(np.zeros(self.count, np.int64))
            self.judges.append(np.zeros(self.count, np.int64))

    def counted(self) -> tuple | None:
        if (self.filled == len(self.totals)).all():
            return None
        return tuple(self.filled > seat for seat in range(len(self.totals)))


class _Marks:
    """Marks below the totals, read when a criterion is asked for the first time (by a tie, or trimming per criterion)."""

    def __init__(self, part: Part, rules: scoring.Part, entries: Entries, seats: _Seats):
        self.part, self.entries, self.seats = part, entries, seats
        self.ids = {row.code: row.id for row in part.criteria if rules.criterion(row.code) and rules.criterion(row.code).is_leaf}
        self.trims = rules.panel.level == "criterion"
        self.values, self.lacking = _Loaded(self, 0), _Loaded(self, 1)
        self.found = {}

    def of(self, code: str) -> tuple[tuple, np.ndarray]:
        if code not in self.found:
            self.found |= self._read(list(self.ids) if self.trims else [code])
        return self.found[code]

    def _read(self, codes):
        count = self.seats.count
        found = {code: tuple(np.zeros(count, np.int64) for _ in self.seats.totals) for code in codes}
        marked = {code: np.zeros(count, np.int16) for code in codes}
        for given in columns.marks(self.part.id, [self.ids[code] for code in codes], self.entries):
            criterion, units = given.values
            for code in codes:
                here = criterion == self.ids[code]
                row, judge, value = given.row[here], given.judge[here], units[here]
                for seat, judges in enumerate(self.seats.judges):
                    own = judges[row] == judge
                    found[code][seat][row[own]] = value[own]
                    marked[code][row[own]] += 1
        return {code: (found[code], marked[code] < self.seats.filled) for code in codes}


class _Loaded(Mapping):
    """{leaf: columns} of `_Marks`."""

    def __init__(self, marks: _Marks, which: int):
        self.marks, self.which = marks, which

    def __getitem__(self, code):
        if code not in self.marks.ids:
            raise KeyError(code)
        return self.marks.of(code)[self.which]

    def __iter__(self):
        return iter(self.marks.ids)

    def __len__(self):
        return len(self.marks.ids)
