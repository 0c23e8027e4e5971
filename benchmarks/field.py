"""A field of any size in the product's own tables, made by numpy and bulk inserts in a folder of its own."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.world import NOW
from compete import create_app
from compete.contests import schemes
from compete.models import Event, Tier, db
from compete.office import upgrade
from scoring import UNIT
from tests import support

JUDGES = 5
WEIGHTS = (250_000, 200_000, 200_000, 150_000, 100_000, 100_000)       # percent: 25 20 20 15 10 10
CHUNK = 100_000
TIERS = (("first", "一等奖", 1000), ("second", "二等奖", 2000), ("third", "三等奖", 3000))
TIES = [{"code": "untrimmed_mean"}, {"code": "shared"}]


def build(folder: Path, entries: int, *, marks: bool, progress=lambda done: None) -> int:
    """The number of the event. Every sheet is handed in; without `marks` only its stored total is there.

    Keys are inserted in rising order and the indexes made at the end: the database is what a contest leaves behind,
    made in minutes instead of hours.
    """
    app = create_app({"DATA": str(folder)})
    with app.app_context():
        upgrade.to()
        final = support.make_final(entries=1, judges=JUDGES, criteria=len(WEIGHTS))
        _settle(final)
        event, factors = final.event.id, list(schemes.part_value(final.part).factors.values())
        ids = {"event": event, "part": final.part.id, "session": final.session.id, "organization": final.entries[0].organization_id,
               "judges": [judge.id for judge in final.judges], "criteria": [row.id for row in final.criteria],
               "maxima": [row.maximum for row in final.criteria]}  # fmt: skip
        db.session.remove()
        db.engine.dispose()
    with sqlite3.connect(folder / "compete.db") as connection:
        for pragma in ("journal_mode=WAL", "synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        indexes = _without_indexes(connection)
        _fill(connection, entries, ids, factors, marks, progress)
        for statement in indexes:
            connection.execute(statement)
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return event


def _settle(final) -> None:
    """Six criteria of the usual weights, half points; places shared after the mean of all judges; prizes for 60 %."""
    for row, weight in zip(final.criteria, WEIGHTS, strict=True):
        row.weight, row.maximum, row.step = weight, weight, UNIT // 2
    final.event.rules = {**final.event.rules, "ties": TIES}
    for tier in final.tiers:
        db.session.delete(tier)
    db.session.flush()
    db.session.add_all(
        Tier(event_id=final.event.id, code=code, name=name, position=at, ratio=ratio, tie="all_in", prize_fen=100_00)
        for at, (code, name, ratio) in enumerate(TIERS)
    )
    for row in (*final.session.slots, *final.entries[0].members):
        db.session.delete(row)
    db.session.flush()
    db.session.delete(final.entries[0])
    schemes.freeze(db.session.get(Event, final.event.id), actor=schemes.audit.SYSTEM, now=NOW)
    db.session.commit()


def _without_indexes(connection) -> list[str]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('entry', 'slot', 'sheet', 'mark')")
    found = rows.fetchall()
    for name, _ in found:
        connection.execute(f'DROP INDEX "{name}"')
    return [statement for _, statement in found]


def _fill(connection, entries, ids, factors, marks, progress) -> None:
    when, number = "2026-11-22 01:30:00.000000", 0
    chance = np.random.default_rng(20261122)
    for first in range(1, entries + 1, CHUNK):
        keys = range(first, min(first + CHUNK, entries + 1))
        connection.executemany(
            "INSERT INTO entry (id, event_id, kind, number, title, title_key, organization_id, summary, extras, state, state_reason, in_competition, created_at, updated_at)"
            " VALUES (?, ?, 'project', ?, ?, ?, ?, '', '{}', 'approved', '', 1, ?, ?)",
            ((key, ids["event"], key, f"项目{key}", f"项目{key}", ids["organization"], when, when) for key in keys),
        )
        connection.executemany("INSERT INTO slot (session_id, entry_id, position) VALUES (?, ?, ?)", ((ids["session"], key, key) for key in keys))
        given = _marks(chance, len(keys), ids["maxima"])
        totals = sum(factor * units for factor, units in zip(factors, given, strict=True))
        connection.executemany(
            "INSERT INTO sheet (id, part_id, session_id, entry_id, judge_id, state, total, comment, revision, updated_at, submitted_at, return_reason)"
            " VALUES (?, ?, ?, ?, ?, 'submitted', ?, '', 1, ?, ?, '')",
            _sheets(number, keys, totals.tolist(), ids, when),
        )
        if marks:
            connection.executemany("INSERT INTO mark (sheet_id, criterion_id, value) VALUES (?, ?, ?)", _mark_rows(number, ids["criteria"], given))
        number += len(keys) * JUDGES
        progress(keys[-1])
    connection.commit()


def _marks(chance, entries: int, maxima: list[int]) -> list:
    """Per criterion a column of units, judge after judge of entry after entry: around four fifths, with leanings."""
    level = np.repeat(chance.uniform(0.6, 0.95, entries), JUDGES)
    taste = np.tile(chance.uniform(-0.04, 0.04, JUDGES), entries)
    step = UNIT // 2
    return [(np.clip(level + taste + chance.normal(0, 0.05, len(level)), 0, 1) * maximum // step * step).astype(np.int64) for maximum in maxima]


def _sheets(number: int, keys, totals: list[int], ids: dict, when: str) -> Iterator[tuple]:
    waiting = iter(totals)
    for key in keys:
        for judge in ids["judges"]:
            number += 1
            yield number, ids["part"], ids["session"], key, judge, next(waiting), when, when


def _mark_rows(number: int, criteria: list[int], given: list) -> Iterator[tuple]:
    for values in zip(*(column.tolist() for column in given), strict=True):
        number += 1
        for criterion, value in zip(criteria, values, strict=True):
            yield number, criterion, value
