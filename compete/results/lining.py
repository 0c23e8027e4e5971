"""The sheets of every entry, judges in the order of their seats: those handed in, and why each other one is missing."""

from collections import defaultdict
from collections.abc import Collection
from functools import partial
from itertools import repeat

import scoring
from compete.results import reading


def lined_up(parts: dict[int, str], entries: Collection[int], counted, who: reading.Assignments, rulings: reading.Rulings) -> dict:
    """{entry: {part code: (SheetFact, …)}}: every sheet that exists or is awaited, see judging.sheets."""
    recused_entries = {entry for entry, _ in rulings.recused}
    found = {entry: {} for entry in entries}
    for part_id, code in parts.items():
        rows = counted[part_id]
        for entry in entries:
            session, row = who.sessions.get((part_id, entry)), rows.get(entry, ())
            panel = who.seats.get(session, ())
            if entry in recused_entries or [sheet[0] for sheet in row] != panel:
                row = _gaps_named(part_id, entry, session, {sheet.judge: sheet for sheet in row}, who, rulings)
            if row:
                found[entry][code] = tuple(row)
    return found


def handed_in(parts, who: reading.Assignments) -> dict[int, dict[int, list]]:
    """{part: {entry: [SheetFact, …]}} of the sheets that count, judges in the order of their seats."""
    found = {part: defaultdict(list) for part in parts}
    columns = reading.totals(parts)
    place = {judge: position for position, judge in enumerate(who.names)}
    new = partial(tuple.__new__, scoring.SheetFact)  # thousands on every page: the short way to make them
    for part, judge in sorted(columns, key=lambda key: place.get(key[1], len(place))):
        entries, totals = columns[part, judge]
        rows, chief = found[part], judge in who.chiefs
        for entry, sheet in zip(entries, map(new, zip(repeat(judge), repeat("submitted"), totals, repeat(None), repeat(chief)))):
            rows[entry].append(sheet)
    return found


def _gaps_named(part_id: int, entry: int, session: int | None, here: dict, who: reading.Assignments, rulings: reading.Rulings) -> list:
    """The row of an entry to which not every judge of the panel handed in a sheet: why each missing one is missing."""
    fact, row = scoring.SheetFact, []
    for judge in {**dict.fromkeys(who.seats.get(session, ())), **here}:
        chief = judge in who.chiefs
        if (entry, judge) in rulings.recused:
            row.append(fact(judge, "recused", None, None, chief))
        elif judge in here:
            row.append(here[judge])
        elif (session, judge) in rulings.absent:
            row.append(fact(judge, "absent", None, None, chief))
        else:
            row.append(fact(judge, rulings.begun.get((part_id, entry, judge), "missing"), None, None, chief))
    return row
