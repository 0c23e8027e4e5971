"""The tables read as columns of numbers: no row becomes an object, whatever the size of the field.

A range of entry ids is asked for at a time, and each of its columns comes as one text of numbers (one row for thousands of
values: rows cost more than anything else here). The ranges bound the memory and move the progress bar.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

import scoring
from compete.judging.cells import DONE
from compete.models import Entry, Event, Judge, JudgeAbsence, Mark, Seat, Session, Sheet, Slot, db
from compete.results.reading import COUNTED

STEP = 5000  # entry ids asked for at a time: texts of some 100 kB
_entry, _sheet, _mark, _session, _slot, _seat, _judge, _absence = (
    model.__table__.c for model in (Entry, Sheet, Mark, Session, Slot, Seat, Judge, JudgeAbsence)
)
Progress = Callable[[int, int], None]


def nothing(done: int, total: int) -> None:
    """No progress is shown."""


def _texts(*columns) -> list:
    """Every column of a group as one text; all in the order of the same rows."""
    return [sa.func.aggregate_strings(sa.cast(column, sa.Text), ",") for column in columns]


def _numbers(text: str | None) -> np.ndarray:
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)


FIRST, LAST = sa.bindparam("first"), sa.bindparam("last")


def ranges(low: int, high: int) -> Iterator[dict[str, int]]:
    for first in range(low, high + 1, STEP):
        yield {"first": first, "last": min(first + STEP - 1, high)}


class Entries(NamedTuple):
    """ids rise; states: numbers in COUNTED; counts: whether the entry stands in the competition."""

    ids: np.ndarray
    numbers: np.ndarray
    states: np.ndarray
    counts: np.ndarray

    def at(self, wanted: np.ndarray) -> np.ndarray:
        """The row of each id, -1 where there is no such entry."""
        if not len(self.ids):
            return np.full(len(wanted), -1)
        if self.ids[-1] - self.ids[0] == len(self.ids) - 1:  # no gaps between them
            rows = wanted - self.ids[0]
            return np.where((rows >= 0) & (rows < len(self.ids)), rows, -1)
        rows = np.searchsorted(self.ids, wanted).clip(max=len(self.ids) - 1)
        return np.where(self.ids[rows] == wanted, rows, -1)


def entries(event: Event, progress: Progress = nothing) -> Entries:
    """Every entry that has a place in the outcome."""
    low, high = db.session.execute(sa.select(sa.func.min(_entry.id), sa.func.max(_entry.id)).where(_entry.event_id == event.id)).one()
    state = sa.case({name: number for number, name in enumerate(COUNTED)}, value=_entry.state)
    query = sa.select(*_texts(_entry.id, _entry.number, state, sa.case((_entry.in_competition, 1), else_=0))).where(
        _entry.event_id == event.id, _entry.state.in_(COUNTED), _entry.id.between(FIRST, LAST)
    )
    found = [np.empty((4, 0), np.int64)]
    for span in ranges(low or 1, high or 0):
        found.append(np.stack([_numbers(text) for text in db.session.execute(query, span).one()]))
        progress(span["last"] - low + 1, high - low + 1)
    ids, numbers, states, counts = np.concatenate(found, axis=1)
    order = np.argsort(ids, kind="stable")
    return Entries(ids[order], numbers[order], states[order].astype(np.int8), counts[order].astype(bool))


class Panels(NamedTuple):
    """Of one part: sessions {id: the judges of its panel}, chiefs, absent (session, judge) pairs."""

    sessions: dict[int, tuple[int, ...]]
    chiefs: frozenset[int]
    absent: tuple[tuple[int, int], ...]


def panels(part: int) -> Panels:
    sessions = {number: () for number in db.session.scalars(sa.select(_session.id).where(_session.part_id == part).order_by(_session.id))}
    rows = db.session.execute(
        sa.select(_session.id, _judge.id, _judge.role)
        .select_from(Session.__table__).join(Seat.__table__, _seat.panel_id == _session.panel_id).join(Judge.__table__, _judge.id == _seat.judge_id)
        .where(_session.part_id == part, _judge.withdrawn_at.is_(None))
    ).all()  # fmt: skip
    for session, judge, _ in rows:
        sessions[session] += (judge,)
    absent = db.session.execute(
        sa.select(_absence.session_id, _absence.judge_id).where(_absence.session_id.in_(sessions), _absence.lifted_at.is_(None))
    )
    return Panels(sessions, frozenset(judge for _, judge, role in rows if role == "chief"), tuple(map(tuple, absent)))


def sessions_of(known: Entries, sessions: Iterable[int]) -> np.ndarray:
    """Per entry the session that judges it, 0 for none; of several the one made last."""
    found = np.zeros(len(known.ids), np.int64)
    if not len(known.ids):
        return found
    query = (
        sa.select(_slot.session_id, *_texts(_slot.entry_id))
        .where(_slot.session_id.in_(sessions), _slot.entry_id.between(FIRST, LAST))
        .group_by(_slot.session_id).order_by(_slot.session_id)
    )  # fmt: skip
    for span in ranges(int(known.ids[0]), int(known.ids[-1])):
        for session, members in db.session.execute(query, span):
            rows = known.at(_numbers(members))
            found[rows[rows >= 0]] = session
    return found


class Given(NamedTuple):
    """Sheets that count, one row each, by entry: the row of the entry, the judge, the total (or leaf and mark)."""

    row: np.ndarray
    judge: np.ndarray
    values: tuple[np.ndarray, ...]


def _streamed(query, known: Entries, progress: Progress) -> Iterator[Given]:
    """`query` answers texts of entry ids, judges, and further columns for a range of entries."""
    if not len(known.ids):
        return
    low, high = int(known.ids[0]), int(known.ids[-1])
    for span in ranges(low, high):
        entry, judge, *values = [_numbers(text) for text in db.session.execute(query, span).one()]
        if len(entry) and (entry[1:] < entry[:-1]).any():
            order = np.argsort(entry, kind="stable")
            entry, judge, values = entry[order], judge[order], [column[order] for column in values]
        row = known.at(entry)
        here = row >= 0
        yield Given(row, judge, tuple(values)) if here.all() else Given(row[here], judge[here], tuple(column[here] for column in values))
        progress(span["last"] - low + 1, high - low + 1)


def totals(part: int, known: Entries, progress: Progress = nothing) -> Iterator[Given]:
    """Judges' totals, a range of entries at a time: the index ix_sheet_counted alone answers it."""
    query = sa.select(*_texts(_sheet.entry_id, _sheet.judge_id, _sheet.total)).where(
        _sheet.part_id == part, _sheet.entry_id.between(FIRST, LAST), _sheet.state.in_(DONE), _sheet.total.is_not(None)
    )
    return _streamed(query, known, progress)


def marks(part: int, criteria: Iterable[int], known: Entries, progress: Progress = nothing) -> Iterator[Given]:
    """Marks of these criteria: values are (criterion, units)."""
    query = (
        sa.select(*_texts(_sheet.entry_id, _sheet.judge_id, _mark.criterion_id, _mark.value))
        .select_from(sa.join(Sheet.__table__, Mark.__table__, _sheet.id == _mark.sheet_id))
        .where(_sheet.part_id == part, _sheet.entry_id.between(FIRST, LAST), _sheet.state.in_(DONE), _sheet.total.is_not(None),
               _mark.criterion_id.in_(criteria))
    )  # fmt: skip
    return _streamed(query, known, progress)


def figures(known: Entries, names: Mapping[str, str]) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """{code: (units, whether there is one)} of imported figures, which stand in the entries' further columns by name."""
    count = len(known.ids)
    found = {code: (np.zeros(count, np.int64), np.zeros(count, bool)) for code in names.values()}
    if not (count and names):
        return found
    # Not by a path within the document: SQLite (3.40) does not find a key there that is not ASCII.
    query, units = sa.select(_entry.id, _entry.extras).where(_entry.id.between(FIRST, LAST)), _Parsed()
    for span in ranges(int(known.ids[0]), int(known.ids[-1])):
        rows = db.session.execute(query, span).all()
        at = known.at(np.array([row[0] for row in rows], np.int64))
        for name, code in names.items():
            values, given = found[code]
            read = [units[extras.get(name)] for _, extras in rows]
            here = (at >= 0) & np.array([value is not None for value in read], bool)
            values[at[here]] = np.array([value or 0 for value in read], np.int64)[here]
            given[at[here]] = True
    return found


class _Parsed(dict):
    """Text -> units or None; a whole field has few different figures."""

    def __missing__(self, text):
        units = scoring.parse_points(text) if text else None
        self[text] = units if isinstance(units, int) else None
        return self[text]
