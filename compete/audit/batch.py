"""Many audit records at once: the same chain, a record per changed fact, written in bulk (an import of thousands of rows)."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit.service import Actor, _hash
from compete.models import AuditRecord, Contest, db


def record_many(*, contest_id: int, actor: Actor, now: datetime, rows: list[dict]) -> None:
    """Appends `rows` ({action, subject, subject_id, before, after, reason}) to the contest's chain in their order."""
    if not rows:
        return
    # Taking all numbers locks the contest's row until the commit, so nobody writes in between.
    count, previous = db.session.execute(
        sa.update(Contest).where(Contest.id == contest_id).values(audit_count=Contest.audit_count + len(rows))
        .returning(Contest.audit_count, Contest.audit_head).execution_options(synchronize_session=False)
    ).one()  # fmt: skip
    records = []
    for number, row in enumerate(rows, count - len(rows) + 1):
        full = {
            "number": number, "at": now, "actor": actor.key, "actor_name": actor.name, "device": actor.device[:120],
            "action": row["action"], "subject": row["subject"], "subject_id": row.get("subject_id"),
            "before": row.get("before"), "after": row.get("after"), "reason": row.get("reason", ""),
        }  # fmt: skip
        full["hash"] = _hash(previous, full)
        records.append({"chain": contest_id, "previous": previous, **full})
        previous = full["hash"]
    db.session.execute(sa.insert(AuditRecord.__table__), records)
    end = sa.update(Contest).where(Contest.id == contest_id).values(audit_head=previous)
    db.session.execute(end.execution_options(synchronize_session=False))
