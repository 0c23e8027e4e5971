"""A short judging day on real tablets with every kind of fault: nothing is lost or doubled, and the checks see what is wrong."""

import asyncio
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest

from compete.models import db
from compete.office import simulate_check, simulate_world
from tests.browser import conftest
from tests.conftest import lacks

pytestmark = pytest.mark.sqlite


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """(folder, report) of two tablets and two entries."""
    try:
        from tests.browser.faults.device import Habits
        from tests.browser.faults.hall import Hall
        from tests.browser.faults.line import Shares
    except ImportError:
        lacks("playwright")
    work, program = tmp_path_factory.mktemp("faults"), conftest.program()

    async def play():
        hall = Hall(work, program, judges=2, entries=2, turns=1, kills=1, copies=1, seed="2",
                    habits=Habits((0, 0.02), cut=20, reload=10, closed=10, flat=2, sure=("cut", "flat", "closed", "reload")), shares=Shares(25, 25, 25))  # fmt: skip
        return await hall.play()

    # In a thread of its own: the other tests' browser keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        return work, thread.submit(asyncio.run, play()).result()


def test_a_day_with_faults_loses_nothing_and_doubles_nothing(played):
    _, report = played
    assert report.ok, report.findings
    counts = report.ledger.counts
    assert (counts["killed"], counts["copied"]) == (1, 1)
    assert min(counts[name] for name in ("cut", "reload", "closed", "flat")) > 0
    assert counts["twice"] + counts["late"] + counts["lost"] > 0
    assert report.waiting > 0
    assert len(report.ledger.history()) == report.world.marks < counts["touches"]
    assert report.ledger.submitted == report.world.opinions.keys()


@pytest.fixture
def spoiled(played, tmp_path):
    """spoiled(statement) -> what the checks say of the same data after that statement."""
    from tests.browser.faults import check

    work, report = played

    def spoil(statement: str) -> set[str]:
        data = tmp_path / "data"
        shutil.copytree(work / "data", data)
        connection = sqlite3.connect(data / simulate_check.DATABASE)
        connection.execute(statement)
        connection.commit()
        connection.close()
        found = {"lost": check.lost(data, report.ledger, {}), "copy": simulate_check.opened_copy(data, *report.ledger.promised(), report.ledger.history())}
        with simulate_world.application(data).app_context():
            found["doubled"] = check.doubled(report.ledger.history())
            db.session.remove()
            db.engine.dispose()
        return {name for name, rows in found.items() if rows}

    return spoil


LAST = "(SELECT max(id) FROM mark)"
TWICE = """
    INSERT INTO audit_record (chain, number, at, actor, actor_name, device, action, subject, subject_id, before, after, reason, previous, hash)
    SELECT chain, number + 100000, at, actor, actor_name, device, action, subject, subject_id, before, after, reason, previous, hash || 'x'
    FROM audit_record WHERE action = 'sheet.save' ORDER BY number LIMIT 1
"""


@pytest.mark.parametrize(("statement", "expected"), [
    ("SELECT 1", set()),
    (f"UPDATE mark SET value = 0 WHERE id = {LAST}", {"lost", "copy"}),
    (f"DELETE FROM mark WHERE id = {LAST}", {"lost", "copy"}),
    (TWICE, {"doubled", "copy"}),
    ("UPDATE sheet SET state = 'draft' WHERE id = 1", {"lost", "copy"}),
])  # fmt: skip
def test_what_is_wrong_is_seen(spoiled, statement, expected):
    assert spoiled(statement) == expected


def test_what_waits_on_a_tablet_is_not_lost_and_an_older_value_is(played):
    from tests.browser.faults import check

    work, report = played
    key, touches = next((key, found) for key, found in report.ledger.history().items() if len(found) > 1)
    assert check.lost(work / "data", report.ledger, {key: touches[-1]}) == []
    assert len(check.lost(work / "data", report.ledger, {key: touches[0]})) == 1
    report.ledger.see((*key[:3], "nowhere"), 10_000)
    assert [text for text in check.lost(work / "data", report.ledger, {}) if "nowhere" in text]
    del report.ledger.seen[*key[:3], "nowhere"]
