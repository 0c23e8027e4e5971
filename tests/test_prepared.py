"""Statements on the short way: the same rows, the same types and the same failures as on SQLAlchemy's own."""

import pytest
import sqlalchemy as sa

from compete.models import AuditRecord, Contest, Judge, db
from compete.prepared import Prepared
from tests.support import NOW, counted_queries

_record, _contest = AuditRecord.__table__, Contest.__table__
ADD = Prepared(sa.insert(_record).values({name: sa.bindparam(name) for name in _record.columns.keys() if name != "id"}))
FIND = Prepared(
    sa.select(_record.c.number, _record.c.at, _record.c.before, _record.c.after, sa.func.count().over().label("all"))
    .where(_record.c.chain == sa.bindparam("chain")).order_by(_record.c.number).limit(2)
)  # fmt: skip
RENAME = Prepared(sa.update(_contest).where(_contest.c.id == sa.bindparam("contest")).values(name=sa.bindparam("to")).returning(_contest.c.name))


def row(number, **more):
    return {"chain": 9, "number": number, "at": NOW, "actor": "system", "actor_name": "系统", "device": "", "action": "x.y", "subject": "thing",
            "subject_id": None, "before": None, "after": {"名": [1, None]}, "reason": "", "previous": "", "hash": "", **more}  # fmt: skip


def test_values_come_back_as_they_went_in_on_both_ways(app, final):
    connection = db.session.connection()
    ADD.many(connection, [row(1), row(2)])
    ADD.run(connection, row(3))
    short = FIND.all(connection, {"chain": 9})
    with counted_queries() as statements:
        long = FIND.all(connection, {"chain": 9})
        assert FIND.one(connection, {"chain": 0}) is None
    assert [tuple(one) for one in short] == [tuple(one) for one in long] == [(1, NOW, None, {"名": [1, None]}, 3), (2, NOW, None, {"名": [1, None]}, 3)]
    assert short[0].at.tzinfo is not None and short[0].all == 3 and len(statements) == 2
    assert RENAME.one(connection, {"contest": final.contest.id, "to": "改名"}).name == "改名"
    db.session.rollback()
    assert FIND.all(db.session.connection(), {"chain": 9}) == []  # all of it in the session's own transaction


def test_failures_are_those_of_sqlalchemy(app):
    connection = db.session.connection()
    ADD.run(connection, row(1))
    with pytest.raises(sa.exc.IntegrityError):
        ADD.run(connection, row(1))
    db.session.rollback()
    with pytest.raises(sa.exc.DBAPIError):
        Prepared(sa.select(sa.literal_column("nothing")).select_from(Judge.__table__)).all(db.session.connection(), {})
    db.session.rollback()
