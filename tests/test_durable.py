"""An acknowledged write is on the disk: every `write()` returns only after a flush of the log that began after its commit."""

import threading
import time

import pytest
import sqlalchemy as sa

from compete import database
from compete.database import write
from compete.models import Organization, db

WRITERS = 8


def add(app, contest_id: int, number: int) -> None:
    with app.app_context(), write():
        db.session.add(Organization(contest_id=contest_id, name=f"单位 {number}", key=f"单位 {number}"))


@pytest.mark.sqlite
def test_the_flush_begins_after_the_commit(app, final, monkeypatch):
    seen = []

    def watched(path):
        with db.engine.connect() as other:
            seen.append((path, other.scalar(sa.select(sa.func.count()).where(Organization.key == "单位 77"))))

    monkeypatch.setattr(database, "flush", watched)
    add(app, final.contest.id, 77)
    assert [(path.endswith("compete.db-wal"), count) for path, count in seen] == [(True, 1)]


@pytest.mark.sqlite
def test_many_writers_share_a_flush_and_none_returns_before_it(app, final, monkeypatch):
    flushes, ended = [], []
    stored = sa.select(sa.func.count()).select_from(Organization).where(Organization.key.like("单位 1%"))

    def slow(path):
        """The first flush lasts until everybody has committed."""
        begun = time.perf_counter()
        with db.engine.connect() as other:
            while other.scalar(stored) < WRITERS and time.perf_counter() < begun + 60:
                other.rollback()
                time.sleep(0.005)
        flushes.append((begun, time.perf_counter()))

    monkeypatch.setattr(database, "flush", slow)
    db.session.rollback()

    def work(number):
        add(app, final.contest.id, number)
        ended.append(time.perf_counter())

    threads = [threading.Thread(target=work, args=(100 + number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == WRITERS and len(flushes) <= 3  # the first, that of the others, and of one who was just about to join them
    assert all(any(flushed <= moment for _, flushed in flushes) for moment in ended)
    assert db.session.scalar(stored) == WRITERS


@pytest.mark.sqlite
def test_a_disk_that_fails_acknowledges_nothing(app, final, monkeypatch):
    def broken(path):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(database, "flush", broken)
    with pytest.raises(OSError):
        add(app, final.contest.id, 1)
    monkeypatch.undo()
    add(app, final.contest.id, 2)  # the next one reaches the disk again


@pytest.mark.sqlite
def test_other_transactions_are_flushed_by_sqlite_itself(app, final):
    add(app, final.contest.id, 1)
    db.session.rollback()
    assert db.session.scalar(sa.text("PRAGMA synchronous")) == 2  # FULL


@pytest.mark.sqlite
def test_the_log_is_there_to_be_flushed(app, final):
    path = f"{db.engine.url.database}-wal"
    add(app, final.contest.id, 1)
    database.flush(path)
