"""What the tablets' screens showed, against what is kept: 0 lost, 0 doubled."""

import sqlite3
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from compete.models import LateMark, db
from compete.office.simulate_check import DATABASE, HANDED_IN, STORED, trail
from compete.office.simulate_world import World
from tests.browser.faults.ledger import Ledger


def lost(folder: Path, ledger: Ledger, waiting: dict[tuple, int]) -> list[str]:
    """Marks that a screen showed last and that are neither stored nor, with that value, among `waiting` of a tablet; and what nobody gave."""
    connection = sqlite3.connect(f"file:{folder / DATABASE}?mode=ro", uri=True)
    try:
        rows = [(tuple(row[:4]), row[4]) for row in connection.execute(STORED)]
        handed_in = set(connection.execute(HANDED_IN))
    finally:
        connection.close()
    stored, found = dict(rows), [f"{key} 存了 {count} 次" for key, count in Counter(key for key, _ in rows).items() if count > 1]
    for key, touches in ledger.history().items():
        kept = waiting.get(key, stored.get(key))
        if kept != touches[-1]:
            found.append(f"{key} 屏幕上最后是 {touches[-1]}，留下的是 {kept}")
    found += [f"{key} 存了分数，但屏幕上没有出现过" for key in stored.keys() - ledger.history().keys()]
    return found + [f"{key} 屏幕上已提交且已送达，却没有提交" for key in ledger.submitted - handed_in]


def unfinished(ledger: Ledger, world: World) -> list[str]:
    """Marks that the day should have brought and did not; the judges' opinions are what they wanted to give."""
    wanted = {(*sheet, code): units for sheet, given in world.opinions.items() for code, units in given.items()}
    history, (promised, submitted) = ledger.history(), ledger.promised()
    found = [f"{key} 要给 {units}，屏幕上最后是 {history.get(key, [None])[-1]}" for key, units in wanted.items() if history.get(key, [None])[-1] != units]
    found += [f"{key} 没有看到“已送达”" for key in wanted if key in history and promised.get(key) != len(history[key])]
    return found + [f"{sheet} 没有看到“已提交”" for sheet in world.opinions.keys() - submitted]


def doubled(history: dict[tuple, list[int]]) -> list[str]:
    """Changes that the trail tells twice, in another order than the screens showed them, or that no screen showed."""
    told, found = trail()
    return found + [f"{key} 屏幕上是 {history.get(key)}，留痕记的是 {values}" for key, values in told.items() if not _in_order(values, history.get(key, []))]


def late() -> list[str]:
    """Messages that the server put before the chief judge as late: on this day nobody marks too late."""
    return [f"{row.judge_id, row.part_id, row.entry_id} {row.why}：{row.message['marks']}" for row in db.session.scalars(sa.select(LateMark))]


def _in_order(values: list, seen: list) -> bool:
    """Whether `values` are among `seen`, in its order."""
    rest = iter(seen)
    return all(any(one == value for one in rest) for value in values)
