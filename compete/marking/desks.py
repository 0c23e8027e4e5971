"""Desks in memory: a tablet asks for its desk every quarter of a minute, and seldom has anything moved there.

One query tells: has the contest's trail grown by anything else than what other judges did at their own tablets, has a
deadline of the judge's sessions passed? If not, the desk that was made last still stands. Each process looks for itself.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

from compete.live.encoded import Encoded
from compete.models import AuditRecord, Contest, Seat, Session, db
from compete.prepared import Prepared

MOST = 1024  # desks in memory
RENEW = timedelta(minutes=5)  # a desk is made anew now and then although nothing seems to have moved
# What judges do at their own tablets: nothing of it is on another judge's desk.
OWN = ("sheet.save", "sheet.submit", "signature.make", "card.enter", "card.wrong_pin", "seat.take")

_record, _contest, _seat, _session = (model.__table__.c for model in (AuditRecord, Contest, Seat, Session))
_ELSEWHERE = sa.and_(
    sa.or_(*(_record.action == action for action in OWN)), _record.actor.like("judge:%"), _record.actor != sa.bindparam("actor")
)  # fmt: skip
_LOOK = Prepared(
    sa.select(
        _contest.audit_count, _contest.created_at,
        sa.exists().where(_record.chain == _contest.id, _record.number > sa.bindparam("count"), sa.not_(_ELSEWHERE)).label("moved"),
        sa.exists().where(_session.panel_id == _seat.panel_id, _seat.judge_id == sa.bindparam("judge"),
                          _session.deadline >= sa.bindparam("since", type_=_session.deadline.type),
                          _session.deadline < sa.bindparam("now", type_=_session.deadline.type)).label("over"),
    )
    .where(_contest.id == sa.bindparam("contest"))
)  # fmt: skip


class Desk(NamedTuple):
    """As it stood at number `count` of the trail of the contest made at `life`; made, and last looked at."""

    count: int
    life: datetime
    made: datetime
    looked: datetime
    body: Encoded


class _Store:
    def __init__(self):
        self.lock, self.desks = threading.Lock(), OrderedDict()

    def keep(self, judge_id: int, desk: Desk) -> Encoded:
        with self.lock:
            self.desks[judge_id] = desk
            self.desks.move_to_end(judge_id)
            while len(self.desks) > MOST:
                self.desks.popitem(last=False)
        return desk.body


def current(judge, *, held: str, now: datetime, make: Callable[[], dict]) -> Encoded:
    """The judge's desk as it stands now. `held` is the asker's If-None-Match: whoever holds the last desk made here is
    answered from memory where nothing may have moved; for all others `make` is called."""
    store = current_app.extensions.setdefault("marking.desks", _Store())
    last = store.desks.get(judge.id)
    asked = {"contest": judge.contest_id, "judge": judge.id, "actor": f"judge:{judge.id}", "count": last.count if last else 0,
             "since": last.looked if last else now, "now": now}  # fmt: skip
    # Read before the desk: a change in between makes it newer than its number, never older.
    count, life, moved, over = _LOOK.one(db.session.connection(), asked)
    if last and last.body.known_to(held) and last.life == life and last.count <= count and not moved and not over and now - last.made < RENEW:
        return store.keep(judge.id, last._replace(count=count, looked=now))
    return store.keep(judge.id, Desk(count, life, now, now, Encoded.of(make())))
