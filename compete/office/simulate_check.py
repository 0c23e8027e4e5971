"""What the tablets showed against what is kept: in a copy made at a random moment, and in the database at the end."""

import shutil
import sqlite3
from collections import Counter, defaultdict
from pathlib import Path

import sqlalchemy as sa

from compete.contests import schemes
from compete.models import AuditRecord, Criterion, Event, Mark, Part, Sheet, Signature, db
from compete.office import checks
from compete.office.simulate_world import World
from compete.results import facts
from scoring.ranking.outcome import UNRANKED

DATABASE = "compete.db"
STORED = """
    SELECT sheet.judge_id, sheet.part_id, sheet.entry_id, criterion.code, mark.value
    FROM mark JOIN sheet ON sheet.id = mark.sheet_id JOIN criterion ON criterion.id = mark.criterion_id
"""
HANDED_IN = "SELECT judge_id, part_id, entry_id FROM sheet WHERE state IN ('submitted', 'locked')"
UNRECORDED = """
    SELECT sheet.id FROM sheet LEFT JOIN audit_record ON audit_record.subject = 'sheet' AND audit_record.subject_id = sheet.id
    AND audit_record.action IN ('sheet.save', 'sheet.submit') GROUP BY sheet.id, sheet.revision HAVING count(audit_record.number) != sheet.revision
"""


# --- as after a power cut ------------------------------------------------------------------------------------------


def copy(data: Path, target: Path, torn: bytes) -> None:
    """The database as the disk holds it now, while nobody writes. `torn` stands for a record that was being written."""
    target.mkdir()
    for end in ("", "-wal"):
        source = data / f"{DATABASE}{end}"
        if source.exists():
            shutil.copyfile(source, target / source.name)
    if torn:
        with open(target / f"{DATABASE}-wal", "ab") as log:
            log.write(torn)


def opened_copy(folder: Path, promised: dict, submitted: set, history: dict) -> list[str]:
    """What is wrong with a copy; `promised` {key: touches acknowledged before it was made}, `submitted` likewise."""
    connection = sqlite3.connect(folder / DATABASE)
    try:
        found = [f"副本损坏：{row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"副本引用有误：{row[0]}" for row in connection.execute("PRAGMA foreign_key_check")]
        stored = {tuple(row[:4]): row[4] for row in connection.execute(STORED)}
        handed_in = set(connection.execute(HANDED_IN))
        found += [f"副本里评分表 {row[0]} 的留痕条数与修订号不符" for row in connection.execute(UNRECORDED)]
    except sqlite3.DatabaseError as error:
        return [f"副本打不开：{error}"]
    finally:
        connection.close()
    for key, count in promised.items():
        if stored.get(key) not in history[key][count - 1 :]:
            found.append(f"副本缺少已送达的分数 {key}：应为 {history[key][count - 1]}，存的是 {stored.get(key)}")
    return found + [f"副本缺少已提交的评分表 {key}" for key in submitted - handed_in]


# --- at the end ----------------------------------------------------------------------------------------------------


def lost(promised: dict, submitted: set, history: dict) -> list[str]:
    """Marks that were shown as delivered, and are not what is stored."""
    query = sa.select(Sheet.judge_id, Sheet.part_id, Sheet.entry_id, Criterion.code, Mark.value).join(Mark, Mark.sheet_id == Sheet.id).join(Criterion)
    stored = {tuple(key): value for *key, value in db.session.execute(query)}
    found = [f"{key} 最后给的是 {touches[-1]}，存的是 {stored.get(key)}" for key, touches in history.items() if stored.get(key) != touches[-1]]
    found += [f"{key} 没有得到确认" for key, touches in history.items() if promised.get(key) != len(touches)]
    found += [f"{key} 存了分数，但没有人给过" for key in stored.keys() - history.keys()]
    query = sa.select(Sheet.judge_id, Sheet.part_id, Sheet.entry_id).where(Sheet.state == "locked")
    return found + [f"{key} 已提交，却没有锁定" for key in submitted ^ {tuple(row) for row in db.session.execute(query)}]


def trail() -> tuple[dict[tuple, list[int]], list[str]]:
    """({mark: its values as the trail tells them, in order}, where sheets and trail do not agree)."""
    query = sa.select(Sheet.id, Sheet.judge_id, Sheet.part_id, Sheet.entry_id, Sheet.revision)
    sheets = {number: ((judge, part, entry), revision) for number, judge, part, entry, revision in db.session.execute(query)}
    query = sa.select(AuditRecord.subject_id, AuditRecord.action, AuditRecord.after).where(
        AuditRecord.subject == "sheet", AuditRecord.action.in_(("sheet.save", "sheet.submit"))
    ).order_by(AuditRecord.number)  # fmt: skip
    told, records, submits = defaultdict(list), Counter(), Counter()
    for sheet, action, after in db.session.execute(query):
        records[sheet] += 1
        submits[sheet] += action == "sheet.submit"
        for code, units in after["marks"].items():
            told[*sheets[sheet][0], code].append(units)
    found = [f"评分表 {key} 有 {count} 张" for key, count in Counter(key for key, _ in sheets.values()).items() if count > 1]
    found += [f"评分表 {key} 修订 {revision} 次，留痕 {records[sheet]} 条" for sheet, (key, revision) in sheets.items() if records[sheet] != revision]
    return told, found + [f"评分表 {sheets[sheet][0]} 提交了 {count} 次" for sheet, count in submits.items() if count != 1]


def doubled(history: dict) -> list[str]:
    """Changes of a mark that the trail tells twice, in another order than they were made, or that nobody made."""
    told, found = trail()
    for key, values in told.items():
        made = history.get(key, [])
        if [units for units in made if units in values] != values:
            found.append(f"{key} 给过 {made}，留痕记的是 {values}")
    return found


def unfinished(world: World) -> list[str]:
    """What a judging day leaves behind and this one did not: signatures, locked parts, a whole outcome."""
    found = []
    signed = set(db.session.execute(sa.select(Signature.session_id, Signature.judge_id).where(Signature.scope == "session", Signature.void_at.is_(None))))
    for turn in world.turns:
        judges = {judge for judge, part, _ in world.opinions if part == turn.part}
        found += [f"{turn.name}：{card.name} 没有签名" for card in world.cards if card.judge in judges and (turn.session, card.judge) not in signed]
        if db.session.get(Part, turn.part).locked_at is None:
            found.append(f"{turn.name}：没有锁定")
    for event in db.session.scalars(sa.select(Event).where(Event.contest_id == world.contest)).all():
        outcome = facts.board(schemes.load(event.id)).outcome
        if outcome.incomplete or any(standing.status in UNRANKED for standing in outcome.standings):
            found.append(f"{event.name}：名次没有算全")
    return found


def wrong() -> list[str]:
    """What `compete check` finds."""
    return [f"{finding.name}：{problem}" for finding in checks.run() for problem in finding.problems]
