"""Engine set-up and the one way to write.

SQLite runs in WAL mode with synchronous=FULL: a commit that returned survives a power cut. Every write
transaction begins with BEGIN IMMEDIATE under an in-process lock: otherwise a reader that turns writer fails
at once, and waiting writers starve each other.
"""

import threading
from contextlib import contextmanager

import sqlalchemy as sa

from compete.models import db

_lock = threading.RLock()
_thread = threading.local()

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-64000")


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def set_up(app) -> None:
    with app.app_context():
        engine = db.engine
    if engine.dialect.name != "sqlite":
        return

    @sa.event.listens_for(engine, "connect")
    def _connect(connection, _record):
        # SQLAlchemy's own BEGIN (below) replaces the driver's implicit one.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if getattr(_thread, "writing", 0) else "BEGIN")


@contextmanager
def write():
    """One durable transaction: `with write(): service(...)`. Commits at the end, rolls back on any error.

    What was read before is read again inside, so a decision never rests on a stale row. Nested use joins the outer one.
    """
    if getattr(_thread, "writing", 0):
        yield db.session
        return
    lock = _lock if is_sqlite() else threading.Lock()
    with lock:
        db.session.rollback()
        _thread.writing = 1
        try:
            yield db.session
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            _thread.writing = 0
