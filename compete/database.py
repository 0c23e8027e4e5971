"""Engine set-up and the one way to write.

SQLite runs in WAL mode with synchronous=FULL: a commit that returned survives a power cut. The same holds for
`write()`, which flushes the log for several transactions at once (see Flusher). Every write transaction begins
with BEGIN IMMEDIATE under an in-process lock: otherwise a reader that turns writer fails at once, and waiting
writers starve each other.

PostgreSQL would let every process decide on what it read while another one changes it: a part locked over a sheet that is
being given back, two releases under one number. So a write transaction there waits for the others as on SQLite, by a lock
of the database that ends with the transaction, also of a process that was killed. Only what comes in crowds, marks and
ballots, goes on side by side and waits for whoever decides. A host that vanished (power, cable) is missed after half a minute
on either side, and a decision that stands still for five minutes is ended: nobody waits for it for hours.
"""

import os
import threading
from contextlib import contextmanager, nullcontext

import sqlalchemy as sa
from flask import current_app

from compete.models import db

_lock = threading.RLock()
_commits = 0
_thread = threading.local()

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000", "cache_size=-64000", "wal_autocheckpoint=8000")


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def set_up(app) -> None:
    with app.app_context():
        engine = db.engine
    engine.hide_parameters = True  # errors are logged: no name and no number of identity with them
    if engine.dialect.name != "sqlite":
        _notice_the_vanished(engine)
        return
    app.extensions["flusher"] = Flusher(f"{engine.url.database}-wal")

    @sa.event.listens_for(engine, "connect")
    def _connect(connection, _record):
        # SQLAlchemy's own BEGIN (below) replaces the driver's implicit one.
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    def _begin(connection):
        driver = connection.driver_connection  # straight to it: this happens several times on every page
        writing = bool(getattr(_thread, "writing", 0))
        if connection.info.get("writing", False) != writing:
            driver.execute(f"PRAGMA synchronous={'NORMAL' if writing else 'FULL'}")
            connection.info["writing"] = writing
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")

    # Not a listener for "begin": with any listener on the engine, every statement looks for listeners of its own.
    engine.dialect.do_begin = _begin


# Seconds of silence, then every so many seconds a question, so many without an answer: half a minute.
SILENCE, EVERY, TIMES = 10, 5, 4
MISSED = f"{(SILENCE + EVERY * TIMES) * 1000}"  # milliseconds that what was sent may stay without an answer


def _notice_the_vanished(engine) -> None:
    """PostgreSQL here and the server there notice that the other's host is gone, not only that its process has ended; what the
    address of the database says itself holds."""

    @sa.event.listens_for(engine, "do_connect")
    def _ask(_dialect, _record, _arguments, given):
        for name, value in (("idle", SILENCE), ("interval", EVERY), ("count", TIMES)):
            given.setdefault(f"keepalives_{name}", value)
        given.setdefault("tcp_user_timeout", MISSED)
        given.setdefault("connect_timeout", EVERY * TIMES)

    @sa.event.listens_for(engine, "connect")
    def _let_be_asked(connection, _record):
        for name, value in (("keepalives_idle", SILENCE), ("keepalives_interval", EVERY), ("keepalives_count", TIMES), ("user_timeout", MISSED)):
            connection.execute(f"SET tcp_{name} = {value}")
        connection.commit()


# Of PostgreSQL, held until the transaction ends; any number that nothing else uses. Whoever holds it and says nothing for so long is ended.
STILL = "5min"
ALONE, TOGETHER = (
    f"SELECT set_config('idle_in_transaction_session_timeout', '{STILL}', true), pg_advisory_xact_lock{kind}({0x_C0_3B_E7F})" for kind in ("", "_shared")
)


@contextmanager
def write(*, together: bool = False):
    """One durable transaction: `with write(): service(...)`. Commits at the end, rolls back on any error.

    What was read before is read again inside, so a decision never rests on a stale row. Nested use joins the outer one.
    `together`: beside others that say so (PostgreSQL), for services that lock the rows they change; no nested use decides.
    """
    if getattr(_thread, "writing", 0):
        yield db.session
        return
    flusher = current_app.extensions.get("flusher")  # of SQLite only
    session = db.session()
    with _lock if flusher else nullcontext():
        session.rollback()
        _thread.writing = 1
        try:
            if not flusher:
                session.connection().exec_driver_sql(TOGETHER if together else ALONE)
            yield db.session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _thread.writing = 0
            _count()
        number = flusher.commit() if flusher else 0
    if flusher:
        flusher.wait(number)


def commits() -> int:
    """A number that differs once this process wrote anything: what was read before may be old. Asks nobody."""
    return _commits


def _count() -> None:
    # Two at once may count as one: both have ended by then, and the number differs from any that was read before.
    global _commits
    _commits += 1


class Flusher:
    """Commits made durable in groups: one flush of the disk for all judges who saved at the same moment.

    A flush takes milliseconds; one per mark would let a hall of judges wait in line for the disk. So a write transaction
    commits into the write-ahead log without a flush, gives the next writer its turn, and then waits here until a flush
    that began after its commit has ended: nobody is told "saved" before. The checksums of the log keep the order: after
    a power cut all commits up to some point are there, and every acknowledged one is among them.
    """

    def __init__(self, path: str):
        self._path = path
        self._turn = threading.Condition()
        self._committed = self._durable = self._failed = 0
        self._flushing = False

    def commit(self) -> int:
        """The number of a commit just made."""
        with self._turn:
            self._committed += 1
            return self._committed

    def wait(self, number: int) -> None:
        """Returns when that commit is on the disk; raises when the disk failed."""
        with self._turn:
            while self._durable < number:
                if self._failed >= number:
                    # A second flush after a failed one may claim success although the data is gone.
                    raise OSError(f"the disk failed to keep {self._path}")
                if self._flushing:
                    self._turn.wait()
                else:
                    self._flush()

    def _flush(self) -> None:
        """One flush for all commits made so far; others wait for it, or gather for the next."""
        upto, self._flushing = self._committed, True
        self._turn.release()
        try:
            flush(self._path)
        except OSError:
            kept = False
        else:
            kept = True
        finally:
            self._turn.acquire()
            self._flushing = False
            self._turn.notify_all()
        if kept:
            self._durable = max(self._durable, upto)
        else:
            self._failed = max(self._failed, upto)


def flush(path: str) -> None:
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
