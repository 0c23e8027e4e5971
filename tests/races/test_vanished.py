"""PostgreSQL: nobody waits for ever for a process that fell silent in the middle of a decision, or for a host that is gone."""

import threading

import pytest
import sqlalchemy as sa

from compete import database
from compete.database import write
from compete.models import Contest, db


pytestmark = pytest.mark.postgresql


def test_a_decision_that_stands_still_is_ended_and_the_next_one_is_made(app, final, monkeypatch):
    monkeypatch.setattr(database, "ALONE", database.ALONE.replace(database.STILL, "200ms"))
    number, holds, made, said = final.contest.id, threading.Event(), threading.Event(), []

    def silent():
        try:
            with app.app_context(), write():
                db.session.get(Contest, number).name = "沉默的"
                db.session.flush()
                holds.set()
                made.wait(60)
        except sa.exc.DBAPIError as error:
            said.append(error)

    db.session.rollback()
    thread = threading.Thread(target=silent, daemon=True)
    thread.start()
    assert holds.wait(60)
    monkeypatch.undo()  # whoever decides next may take the usual time, however busy the machine
    with write():
        db.session.get(Contest, number).venue = "礼堂"
    made.set()
    thread.join(60)
    db.session.expire_all()
    assert (db.session.get(Contest, number).name, db.session.get(Contest, number).venue) == ("测试竞赛", "礼堂")
    assert "idle-in-transaction" in str(said[0])


def test_only_decisions_are_ended_and_both_sides_ask_whether_the_other_is_there(final):
    limit = sa.text("SELECT current_setting('idle_in_transaction_session_timeout')")
    with write():
        assert db.session.scalar(limit) == database.STILL
    assert db.session.scalar(limit) == "0"  # a long look at a large field is nobody's hindrance
    asked = sa.text("SELECT name, source FROM pg_settings WHERE name LIKE 'tcp\\_%'")
    assert {name for name, source in db.session.execute(asked) if source == "session"} >= {
        "tcp_keepalives_idle", "tcp_keepalives_interval", "tcp_keepalives_count", "tcp_user_timeout"}  # fmt: skip
    held = db.session.connection().connection.driver_connection.info.get_parameters()
    assert (held["keepalives_idle"], held["tcp_user_timeout"]) == ("10", "30000")
