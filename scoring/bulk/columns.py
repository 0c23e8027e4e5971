"""The facts of a field as columns: one row per entry, one column per seat of a panel. No names, no objects per entry."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ..catalogue import STATUSES
from ..facts import Decision, Facts
from ..parts.marks import sheet_total
from ..parts.reader import EXCUSED
from ..scheme import Scheme

STATUS = tuple(STATUSES)
STATUS_NUMBER = {code: number for number, code in enumerate(STATUS)}


class Sheets(NamedTuple):
    """The sheets of a judged part, those of a chief judge kept apart left out.

    totals: per seat a column of ints over `part.denominator`; () where marks say it all.
    counted: per seat a column of bool, False where no sheet counts there (recused, absent, no such seat); the total is 0 then.
    missing: per entry whether a sheet is awaited; None: none is.
    marks: {leaf: per seat a column of units}, read where criteria are compared or trimmed; loaded when asked for.
    lacking: {leaf: per entry whether a sheet that counts has no such mark}.
    Which judge sits in which seat is of no account, and may differ from row to row.
    """

    totals: tuple = ()
    counted: tuple | None = None
    missing: np.ndarray | None = None
    marks: Mapping = {}
    lacking: Mapping = {}


class Given(NamedTuple):
    """An imported figure in units; given: per entry whether there is one (None: everywhere)."""

    values: np.ndarray
    given: np.ndarray | None = None


class Columns(NamedTuple):
    """parts: {code: Sheets or Given}; status: column of numbers in STATUS (None: all are competing); penalties: column of
    units, negative for a bonus (None: none); figures: {code: Given}; ids: entry ids, which decisions refer to.
    """

    count: int
    parts: dict[str, Sheets | Given]
    status: np.ndarray | None = None
    penalties: np.ndarray | None = None
    figures: dict[str, Given] = {}
    ids: np.ndarray | None = None
    decisions: tuple[Decision, ...] = ()


def integers(values) -> np.ndarray:
    """A column of any ints, narrow where they fit."""
    values = list(values)
    most = max(map(abs, values), default=0)
    return np.array(values, np.int32 if most < 2 ** 31 else np.int64 if most < 2 ** 63 else object)


def from_facts(scheme: Scheme, facts: Facts) -> Columns:
    """The columns of facts that are at hand as objects."""
    entries = facts.entries
    parts = {part.code: (_sheets(part, entries) if part.kind == "judged" else _given(part.code, entries)) for part in scheme.parts}
    codes = {code for entry in entries for code in entry.figures}
    return Columns(
        len(entries), parts, np.array([STATUS_NUMBER[entry.status] for entry in entries], np.int8),
        integers(sum(taken.units for taken in entry.penalties) for entry in entries),
        {code: _given(code, entries) for code in sorted(codes)}, integers(entry.entry for entry in entries), facts.decisions)


def _given(code, entries):
    return Given(integers(entry.figures.get(code, 0) for entry in entries), np.array([code in entry.figures for entry in entries], bool))


def _sheets(part, entries):
    apart = part.panel.chief == "apart"
    rows = [[sheet for sheet in entry.sheets.get(part.code, ()) if not (apart and sheet.chief)] for entry in entries]
    totals, missing = [], []
    for sheets in rows:
        found = [(sheet, _total(part, sheet)) for sheet in sheets if sheet.state == "submitted"]
        totals.append(found)
        missing.append(any(total is None for _, total in found)
                       or any(sheet.state not in ("submitted", *EXCUSED) for sheet in sheets))
    seats = max(map(len, totals), default=0) or 1
    columns = tuple(integers(row[seat][1] or 0 if seat < len(row) else 0 for row in totals) for seat in range(seats))
    counted = tuple(np.array([seat < len(row) for row in totals], bool) for seat in range(seats))
    marks, lacking = {}, {}
    for leaf in part.leaves:
        given = [[dict(sheet.marks or ()).get(leaf.code) for sheet, _ in row] for row in totals]
        marks[leaf.code] = tuple(integers(row[seat] or 0 if seat < len(row) else 0 for row in given) for seat in range(seats))
        lacking[leaf.code] = np.array([None in row for row in given], bool)
    return Sheets(columns, None if all(column.all() for column in counted) else counted, np.array(missing, bool), marks, lacking)


def _total(part, sheet):
    return sheet.total if sheet.total is not None else sheet_total(part, sheet.marks or ())
