"""Messages of one judge at the same moment: over two connections, from two tablets, for the first time and again."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.audit.service import Actor
from compete.marking import seats, service
from compete.models import AuditRecord, Judge, Mark, SchemeVersion, Sheet, db
from scoring import UNIT
from scoring.problems import Problem
from tests.support import NOW

ONE, TWO = Actor("judge:2", "评委2", "iPad A"), Actor("judge:2", "评委2", "iPad B")
CROWD = (True, True)
FULL = {"c1": 40 * UNIT, "c2": 45 * UNIT}


@pytest.fixture
def says(final):
    """says(verb, marks, revision=0) -> a message of the second judge, to be sent; it answers (what became of it, changed)."""
    entry, part, judge = final.entries[0].id, final.part.id, final.judges[1].id

    def message(verb, marks, revision: int = 0, actor=ONE):
        def send():
            found = verb(entry, part, judge_id=judge, revision=revision, marks=marks, actor=actor, now=NOW)
            return (found.code, False) if isinstance(found, Problem) else (found.state, found.changed)

        return send

    return message


def kept(final) -> tuple:
    """(units by criterion, revision, records) of the only sheet."""
    (sheet,) = db.session.execute(sa.select(Sheet.id, Sheet.revision)).all()
    codes = {row.id: row.code for row in final.criteria}
    marks = {codes[number]: units for number, units in db.session.execute(sa.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sheet.id))}
    records = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord).where(AuditRecord.subject == "sheet"))
    return marks, sheet.revision, records


def test_the_first_message_twice_at_once_is_taken_once(final, overlap, says):
    first = says(service.save_marks, {"c1": UNIT})
    assert overlap(first, first, together=CROWD) == (("draft", True), ("draft", False))
    assert kept(final) == ({"c1": UNIT}, 1, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SchemeVersion)) == 1
    assert list(audit.verify(final.contest.id)) == []


def test_a_whole_sheet_handed_in_twice_at_once_is_taken_once(final, overlap, says):
    hand_in = says(service.submit, FULL)
    assert overlap(hand_in, hand_in, together=CROWD) == (("submitted", True), ("submitted", False))
    assert kept(final) == (FULL, 1, 1)


def test_two_tablets_begin_with_different_marks(final, overlap, says):
    one, two = says(service.save_marks, {"c1": UNIT}), says(service.save_marks, {"c1": 2 * UNIT}, actor=TWO)
    assert overlap(one, two, together=CROWD) == (("draft", True), ("conflict", False))
    assert kept(final) == ({"c1": UNIT}, 1, 1)


def test_a_mark_and_the_whole_sheet_at_once(final, overlap, says):
    """The sheet was handed in on one tablet while another one said the first mark: neither is lost in silence."""
    assert overlap(says(service.submit, FULL), says(service.save_marks, {"c1": UNIT}, actor=TWO), together=CROWD)[1] == ("already_submitted", False)
    assert kept(final) == (FULL, 1, 1)


@pytest.mark.parametrize("again", [True, False])
def test_a_change_twice_at_once(final, overlap, says, again):
    overlap(says(service.save_marks, {"c1": UNIT}), lambda: None)
    change = says(service.save_marks, {"c1": 3 * UNIT}, 1)
    other = change if again else says(service.save_marks, {"c1": 5 * UNIT}, 1, actor=TWO)
    assert overlap(change, other, together=CROWD) == (("draft", True), ("draft" if again else "conflict", False))
    assert kept(final) == ({"c1": 3 * UNIT}, 2, 2)


@pytest.mark.parametrize("begun", [True, False])
def test_a_mark_and_a_tablet_that_takes_the_seat_do_not_wait_in_a_circle(final, overlap, says, begun):
    """Both lock the judge and the contest's chain: in the same order."""
    judge, contest = final.judges[1].id, final.contest.id

    def takes():
        return seats.sit(judge, "iPad B", now=NOW)

    def records():
        audit.record(contest_id=contest, actor=TWO, now=NOW, action="seat.take", subject="judge", subject_id=judge)

    if begun:
        overlap(says(service.save_marks, {"c1": UNIT}), lambda: None)
        db.session.execute(sa.update(Judge).values(last_seen_at=None))
        db.session.commit()
    assert overlap(takes, says(service.save_marks, {"c1": 2 * UNIT}, int(begun)), CROWD, then=records)[1] == ("draft", True)
    assert kept(final)[0] == {"c1": 2 * UNIT}
