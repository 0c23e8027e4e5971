"""The whole standings of 1,000 entries × 5 judges as one HTML page: unchanged, and each time after another sheet was returned.

The bound reads the same rows with the sqlite3 module and writes them as an HTML table: no scoring, no names of
judges, no reasons, no application.
"""

import sqlite3
import statistics
import time
from html import escape

import sqlalchemy as sa

from benchmarks.measure import Figure, table, times
from benchmarks.world import NOW, Browser, World, world
from compete.audit.service import SYSTEM
from compete.contests import schemes
from compete.database import PRAGMAS, write
from compete.judging import service as judging
from compete.models import Sheet, db
from compete.results import facts
from compete.results import table as rows_of
from scoring import compute
from tests.support import counted_queries

ENTRIES, JUDGES, MOST_MS = 1000, 5, 30


def run(_options) -> list[Figure]:
    print(f"\nstandings · {ENTRIES:,} entries × {JUDGES} judges as one page")
    with world(entries=ENTRIES, judges=JUDGES) as made:
        browser = Browser(made.app, made.organiser)
        path = f"/contests/{made.final.contest.id}/results"
        html = browser.get(path).must(200).body.decode()
        assert html.count("<tr class=") == ENTRIES, "the page does not show every entry"
        with counted_queries() as statements:
            browser.get(path)
        bound = _Bound(made)
        page, bare = times(lambda: browser.get(path), bound, runs=60, seconds=10)
        moved = _after_a_sheet(made, browser, path)
        print(f"page   {page.ms}, {len(statements)} queries, {len(html.encode()) / 1000:.0f} kB")
        print(f"after a sheet  {moved * 1000:.1f} ms")
        print(f"bound  {bare.ms}")
        with made.app.test_request_context():
            print(_breakdown(made))
        return [Figure(f"standings, {ENTRIES:,} × {JUDGES}, one page", f"≤ {MOST_MS} ms", page.ms, page.median * 1000 <= MOST_MS, page.median / bare.median),
                Figure("the same after a sheet", f"≤ {MOST_MS} ms", f"{moved * 1000:.1f} ms", moved * 1000 <= MOST_MS, moved / bare.median)]  # fmt: skip


def _after_a_sheet(made: World, browser: Browser, path: str, rounds: int = 25) -> float:
    """Seconds of the processor, at the median, for the page right after a sheet was returned: its entry loses its place."""
    taken = []
    for entry in made.final.entries[:: len(made.final.entries) // rounds]:
        with write():
            sheet = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == entry.id).limit(1))
            judging.return_sheet(sheet, "请再看一遍", SYSTEM, NOW)
        start = time.process_time()
        browser.get(path).must(200)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


class _Bound:
    def __init__(self, made: World):
        self._connection = sqlite3.connect(made.folder / "compete.db")
        for pragma in PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._event, self._part = made.final.event.id, made.final.part.id

    def __call__(self) -> str:
        given = {}
        rows = "SELECT entry_id, total FROM sheet WHERE part_id = ? AND state IN ('submitted', 'locked') ORDER BY entry_id, judge_id"
        for entry, total in self._connection.execute(rows, (self._part,)):
            given.setdefault(entry, []).append(f"<td>{total}</td>")
        rows = "SELECT e.id, e.number, e.title, o.name FROM entry e JOIN organization o ON o.id = e.organization_id WHERE e.event_id = ? ORDER BY e.number"
        return "<table>" + "".join(
            f"<tr><td>{number}</td><td>{escape(title)}</td><td>{escape(name)}</td>{''.join(given.get(entry, ()))}</tr>"
            for entry, number, title, name in self._connection.execute(rows, (self._event,))
        ) + "</table>"  # fmt: skip


def _breakdown(made: World) -> str:
    """The steps of the page one by one."""
    event_id = made.final.event.id

    def loaded():
        db.session.remove()
        return schemes.load(event_id)

    event = loaded()
    scheme = schemes.scheme_of(event)
    labels, found = facts._read(event, scheme)
    board = facts.board(event)
    heads = rows_of.columns(scheme, board.facts)
    steps = (
        ("load the event's rules", loaded),
        ("read the facts", lambda: facts._read(event, scheme)),
        ("compute scores and places", lambda: compute(scheme, found)),
        ("facts, outcome, ties (board)", lambda: facts.board(event)),
        ("write the rows", lambda: rows_of.rows(board._replace(outcome=compute(scheme, board.facts)), heads, "/x/")),
    )
    took = times(*(job for _, job in steps), runs=40, seconds=8)
    shown = [(name, f"{one.median * 1000:.1f}", f"{one.fastest * 1000:.1f}") for (name, _), one in zip(steps, took, strict=True)]
    return table(shown, ("step", "median ms", "fastest ms")) + f"\n({len(labels):,} entries; the rows' figure computes again)"
