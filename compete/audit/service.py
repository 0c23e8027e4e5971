"""The audit trail: records are written in the transaction of the change they tell of, each hashing the one before."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import AuditRecord, Contest, SystemChain, db
from compete.prepared import Prepared
from scoring.problems import Problem

SYSTEM_CHAIN = 0


class Actor(NamedTuple):
    """Who acts: `key` is "user:3", "judge:7" or "system"; `device` tells tablets apart."""

    key: str
    name: str
    device: str = ""


SYSTEM = Actor("system", "系统")


def canonical(document) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8: the bytes that a digest is over."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(document) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(document)).hexdigest()


def _hash(previous: str, row: dict) -> str:
    fields = ("number", "actor", "actor_name", "device", "action", "subject", "subject_id", "before", "after", "reason")
    return digest([previous, row["at"].isoformat(timespec="microseconds"), *(row[field] for field in fields)])


# Plain statements on the session's connection, made once: every change of a fact passes here, most of all every mark.
_contest, _system, _records = Contest.__table__, SystemChain.__table__, AuditRecord.__table__
_ADVANCE_CONTEST = Prepared(
    sa.update(_contest).where(_contest.c.id == sa.bindparam("chain")).values(audit_count=_contest.c.audit_count + 1)
    .returning(_contest.c.audit_count, _contest.c.audit_head)
)  # fmt: skip
_ADVANCE_SYSTEM = sa.update(_system).where(_system.c.id == 1).values(count=_system.c.count + 1).returning(_system.c.count, _system.c.head)
_KEEP_CONTEST = Prepared(sa.update(_contest).where(_contest.c.id == sa.bindparam("chain")).values(audit_head=sa.bindparam("new")))
_KEEP_SYSTEM = sa.update(_system).where(_system.c.id == 1).values(head=sa.bindparam("new"))
_APPEND = Prepared(sa.insert(_records).values({name: sa.bindparam(name) for name in _records.c.keys() if name != "id"}))


def _advance(connection, chain: int) -> tuple[int, str]:
    """Takes the next number of a chain; the row stays locked until the commit, so numbers have no gaps."""
    found = _ADVANCE_CONTEST.one(connection, {"chain": chain}) if chain else connection.execute(_ADVANCE_SYSTEM).one_or_none()
    if found is None:
        connection.execute(sa.insert(_system).values(id=1, count=1, head=""))
        return 1, ""
    return found[0], found[1]


def record(
    *,
    contest_id: int | None,
    actor: Actor,
    now: datetime,
    action: str,
    subject: str,
    subject_id: int | None = None,
    before: dict | None = None,
    after: dict | None = None,
    reason: str = "",
) -> str:
    """Appends one record and returns the chain's new head. `before`/`after` carry no personal data in clear."""
    chain = contest_id or SYSTEM_CHAIN
    connection = db.session.connection()
    number, previous = _advance(connection, chain)
    row = {
        "number": number, "at": now, "actor": actor.key, "actor_name": actor.name, "device": actor.device[:120],
        "action": action, "subject": subject, "subject_id": subject_id, "before": before, "after": after, "reason": reason,
    }  # fmt: skip
    row["hash"] = _hash(previous, row)
    _APPEND.run(connection, {"chain": chain, "previous": previous, **row})
    if chain:
        _KEEP_CONTEST.run(connection, {"chain": chain, "new": row["hash"]})
    else:
        connection.execute(_KEEP_SYSTEM, {"new": row["hash"]})
    return row["hash"]


def differences(before: dict, after: dict) -> tuple[dict, dict]:
    """What differs between two states of a thing, as a record keeps it; both empty where nothing does."""
    changed = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in changed}, {name: after[name] for name in changed}


def head(contest_id: int) -> str:
    return db.session.scalar(sa.select(Contest.audit_head).where(Contest.id == contest_id)) or ""


def verify(chain: int) -> Iterator[Problem]:
    """Recomputes a chain from its first record; yields what does not fit."""
    previous, expected = "", 1
    rows = db.session.execute(
        sa.select(AuditRecord.__table__).where(AuditRecord.chain == chain).order_by(AuditRecord.number)
    ).mappings()
    for row in rows:
        where = f"留痕第 {row['number']} 条"
        if row["number"] != expected:
            yield Problem("audit.gap", where, f"应为第 {expected} 条，中间缺记录", "数据库被改动过，请从备份恢复并核对")
            expected = row["number"]
        if row["previous"] != previous or row["hash"] != _hash(row["previous"], row):
            yield Problem("audit.changed", where, "内容与指纹不符", "该条记录被改动过，请从备份恢复并核对")
        previous, expected = row["hash"], expected + 1
    kept = head(chain) if chain else (db.session.scalar(sa.select(SystemChain.head)) or "")
    if kept != previous:
        yield Problem("audit.head", "留痕末尾", "最后一条与链头不符", "末尾的记录被删除过，请从备份恢复并核对")
