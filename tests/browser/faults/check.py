"""What the tablets' screens showed, against what is kept: 0 lost, 0 doubled."""

import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import sqlalchemy as sa

from compete.models import AuditRecord, LateMark, Sheet, db
from compete.office.simulate_check import DATABASE, HANDED_IN, STORED
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
    query = sa.select(Sheet.id, Sheet.judge_id, Sheet.part_id, Sheet.entry_id, Sheet.revision)
    sheets = {number: ((judge, part, entry), revision) for number, judge, part, entry, revision in db.session.execute(query)}
    found = [f"评分表 {key} 有 {count} 张" for key, count in Counter(key for key, _ in sheets.values()).items() if count > 1]
    query = sa.select(AuditRecord.subject_id, AuditRecord.action, AuditRecord.after).where(
        AuditRecord.subject == "sheet", AuditRecord.action.in_(("sheet.save", "sheet.submit"))
    ).order_by(AuditRecord.number)  # fmt: skip
    told, records, submits = defaultdict(list), Counter(), Counter()
    for sheet, action, after in db.session.execute(query):
        records[sheet] += 1
        submits[sheet] += action == "sheet.submit"
        for code, units in after["marks"].items():
            told[*sheets[sheet][0], code].append(units)
    found += [f"评分表 {key} 修订 {revision} 次，留痕 {records[sheet]} 条" for sheet, (key, revision) in sheets.items() if records[sheet] != revision]
    found += [f"评分表 {sheets[sheet][0]} 提交了 {count} 次" for sheet, count in submits.items() if count != 1]
    return found + [f"{key} 屏幕上是 {history.get(key)}，留痕记的是 {values}" for key, values in told.items() if not _in_order(values, history.get(key, []))]


def late() -> list[str]:
    """Messages that the server put before the chief judge as late: on this day nobody marks too late."""
    return [f"{row.judge_id, row.part_id, row.entry_id} {row.why}：{row.message['marks']}" for row in db.session.scalars(sa.select(LateMark))]


def _in_order(values: list, seen: list) -> bool:
    """Whether `values` are among `seen`, in its order."""
    rest = iter(seen)
    return all(any(one == value for one in rest) for value in values)
