"""`overlap`: a second transaction begins while the first has done its work and has not yet committed."""

import threading

import pytest
import sqlalchemy as sa

from compete.database import write
from compete.models import db

PATIENCE = 60  # seconds after which a transaction that never ends fails the test
WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture
def overlap(app):
    """overlap(first, second) -> what each said. `second` has read, and written what it may, before `first` commits.

    Both are called inside `write()`, the second in a thread of its own; they load their rows themselves. On SQLite the second
    cannot begin before; on PostgreSQL it runs until it ends or waits for a lock. `then` is what the first does after that.
    """
    db.session.rollback()
    postgres = db.engine.dialect.name == "postgresql"

    def run(first, second, together=(False, False), then=None):
        said = []

        def other():
            try:
                with app.app_context():
                    with write(together=together[1]):
                        said.append(second())
                    db.session.remove()
            except BaseException as error:
                said.append(error)

        thread = threading.Thread(target=other, daemon=True)
        with write(together=together[0]):
            one = first()
            thread.start()
            if postgres:
                _until_it_waits_or_ends(thread)
            if then:
                then()
        thread.join(PATIENCE)
        assert not thread.is_alive(), "the second never ended"
        db.session.expire_all()
        if isinstance(said[0], BaseException):
            raise said[0]
        return one, said[0]

    return run


def _until_it_waits_or_ends(thread) -> None:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        for _ in range(PATIENCE * 50):
            thread.join(0.02)
            if not thread.is_alive() or watcher.scalar(WAITING):
                return
    raise AssertionError("the second neither ended nor waits")
