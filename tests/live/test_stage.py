"""The stage as a service: calling, skipping, the clock, overtime, and what two consoles do to each other."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.database import write
from compete.judging import sessions
from compete.live import podium as podiums
from compete.live import stage, timing, turns
from compete.marking import desk as desks
from compete.marking import refusals
from compete.marking import service as marking
from compete.models import AuditRecord, Judge, Penalty, Session, Slot, Timing, db
from scoring import UNIT
from scoring.problems import Problem
from tests import support

OVERTIME = {"overtime": {"grace": 10, "every": 30, "points": UNIT, "maximum": None}}


class Stage:
    """The console of a test: acts with the revision it last saw, at a time of its own."""

    def __init__(self, final):
        self.final, self.now, self.seen = final, support.NOW, 0
        self.slots = list(db.session.scalars(sa.select(Slot.id).where(Slot.session_id == final.session.id).order_by(Slot.position)))

    def session(self):
        return db.session.get(Session, self.final.session.id)

    def do(self, verb, *args, **more):
        with write():
            found = verb(self.session(), *args, **({"seen": self.seen} | more), actor=audit.SYSTEM, now=self.now)
        if not isinstance(found, Problem):
            self.seen = found.revision
        return found

    def decide(self, verb, *args, **more):
        with write():
            return verb(self.session(), *args, **more, actor=audit.SYSTEM, now=self.now)

    def later(self, **time):
        self.now += timedelta(**time)

    def due(self):
        return timing.due(self.session(), self.final.part)

    def on(self):
        row = podiums.podium_of(self.final.session.id)
        return self.slots.index(row.slot_id) + 1 if row.slot_id else None


@pytest.fixture
def hall(final):
    final.part.speech_minutes, final.part.question_minutes, final.part.timing = 8, 5, OVERTIME
    db.session.commit()
    return Stage(final)


def records(prefix):
    return list(db.session.scalars(sa.select(AuditRecord.action).where(AuditRecord.action.startswith(prefix)).order_by(AuditRecord.number)))


def test_a_turn_from_call_to_the_next(hall):
    hall.do(stage.call_next)
    assert hall.on() == 1
    hall.do(timing.start)
    hall.later(minutes=7)
    hall.do(timing.pause)
    hall.later(minutes=3)  # nobody talks
    row = hall.do(timing.start)
    hall.later(seconds=30)
    assert podiums.clock_of(row).ran(podiums.clock.epoch_ms(hall.now)) == 450_000
    row = hall.do(timing.finish)
    assert (row.phase, row.ran_ms, row.allotted_ms, row.started_at) == ("questions", 0, 300_000, None)
    kept = db.session.scalars(sa.select(Timing)).one()
    assert (kept.phase, kept.ran_ms, kept.allotted_ms) == ("speech", 450_000, 480_000)
    hall.do(timing.start)
    hall.later(minutes=2)
    hall.do(stage.call_next)  # the questions are kept although nobody ended them
    assert hall.on() == 2 and hall.seen == 7
    assert [row.phase for row in db.session.scalars(sa.select(Timing).order_by(Timing.id))] == ["speech", "questions"]
    assert records("clock") == ["clock.start", "clock.pause", "clock.start", "clock.finish", "clock.start"]
    assert records("stage") == ["stage.call", "stage.call"]
    assert list(audit.verify(hall.final.contest.id)) == []


def test_two_consoles_advance_once(hall):
    hall.do(stage.call_next)
    first = hall.do(stage.call_next, touch="a1")
    assert hall.on() == 2
    again = hall.do(stage.call_next, seen=1, touch="a1")  # the answer was lost, the same press comes again
    assert again.revision == first.revision and hall.on() == 2
    other = hall.do(stage.call_next, seen=1, touch="b7")  # the other console still shows the first entry
    assert other.code == "stage.stale" and hall.on() == 2
    assert records("stage") == ["stage.call", "stage.call"]


def test_of_many_presses_at_the_same_moment_one_counts(hall, app):
    """Two hosts press at once: whoever is first; the other is told, on both databases."""
    start, codes = threading.Barrier(4), []

    def press():
        with app.app_context():
            start.wait()
            with write():
                session = db.session.get(Session, hall.final.session.id)
                found = stage.call_next(session, seen=0, actor=audit.SYSTEM, now=hall.now)
            codes.append(getattr(found, "code", "done"))
            db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    db.session.rollback()
    assert sorted(codes) == ["done", "stage.stale", "stage.stale", "stage.stale"]
    assert records("stage") == ["stage.call"] and podiums.podium_of(hall.final.session.id).revision == 1


def test_a_call_by_mistake_is_taken_back_while_the_clock_goes_on(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(minutes=3)
    hall.do(stage.call_next)
    hall.later(seconds=4)
    row = hall.do(stage.undo)
    assert hall.on() == 1 and row.turns == {}
    assert podiums.clock_of(row).ran(podiums.clock.epoch_ms(hall.now)) == 184_000
    assert db.session.scalars(sa.select(Timing.void_at)).one() is not None
    assert hall.do(stage.undo).code == "stage.no_undo"


def test_skipped_ones_come_last_and_absent_ones_not_at_all(hall):
    one, two, three = hall.slots
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.do(stage.skip)
    assert hall.on() == 2
    assert db.session.scalars(sa.select(Timing)).all() == []  # a turn that was given up is not timed
    hall.decide(stage.mark_absent, three, reason="三次叫号未到")
    hall.do(timing.start)
    hall.do(stage.call_next)
    assert hall.on() == 1  # the skipped one; the third is absent
    assert hall.do(stage.call, three).code == "stage.out"
    assert hall.do(stage.call_next).code == "stage.nobody"
    assert hall.decide(stage.lift_absent, three, reason="已到场") is None
    hall.do(stage.call_next)
    assert hall.on() == 3
    assert hall.decide(stage.lift_absent, three, reason="再撤").code == "stage.not_absent"


def test_who_comes_back_is_not_timed_twice(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(minutes=9)
    hall.do(stage.call_next)  # only the speech was timed
    row = hall.do(stage.call_previous)
    assert hall.on() == 1 and (row.phase, row.allotted_ms, row.started_at) == ("questions", 300_000, None)
    hall.do(timing.start)
    hall.later(minutes=1)
    hall.do(stage.call_next)
    assert hall.on() == 2
    assert hall.do(stage.call_previous).phase == "over" and hall.on() == 1
    assert hall.do(timing.start).code == "clock.over"
    assert len(hall.due()) == 1
    hall.do(timing.reset, "speech")
    assert hall.due() == [] and hall.do(timing.start).allotted_ms == 480_000


def test_nobody_came_before_the_first(hall):
    assert hall.do(stage.call_previous).code == "stage.first"
    hall.do(stage.call_next)
    assert hall.do(stage.call_previous).code == "stage.first"


@pytest.mark.sqlite
def test_the_order_of_those_who_wait(hall):
    rows = stage.sheets.slots(hall.final.session.id)
    numbers = lambda *args: [row.number for row in turns.waiting(rows, *args)]
    one, two, three = hall.slots
    assert numbers({}, None, set()) == [1, 2, 3]
    assert numbers({}, two, set()) == [3, 1]
    assert numbers({str(three): "skipped"}, None, set()) == [1, 2, 3]
    assert numbers({str(one): "skipped"}, None, set()) == [2, 3, 1]
    assert numbers({str(one): "done"}, two, {three}) == []


def test_overtime_waits_for_a_decision_and_is_charged_exactly(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(minutes=8, seconds=75)
    hall.do(timing.finish)
    hall.do(stage.call_next)  # the decision may wait: the show goes on
    (owed,) = hall.due()
    assert (owed.charge.points, owed.charge.seconds, owed.slot_id) == (3 * UNIT, 75, hall.slots[0])
    assert hall.decide(timing.charge, owed.timing.id, points=2 * UNIT).code == "clock.charge_changed"
    made = hall.decide(timing.charge, owed.timing.id, points=3 * UNIT)
    assert (made.points, made.part_id) == (3 * UNIT, hall.final.part.id) and "1 分 15 秒" in made.reason
    assert hall.decide(timing.charge, owed.timing.id, points=3 * UNIT).code == "clock.decided"
    assert hall.due() == [] and len(db.session.scalars(sa.select(Penalty)).all()) == 1
    assert hall.decide(timing.reconsider, owed.timing.id, reason="麦克风故障") is None
    assert db.session.get(Penalty, made.id).revoked_at is not None and len(hall.due()) == 1
    assert hall.decide(timing.waive, owed.timing.id, reason="麦克风故障") is None
    assert hall.due() == []


def test_timing_a_speech_again_voids_what_it_cost(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(minutes=9)
    hall.do(timing.finish)
    made = hall.decide(timing.charge, hall.due()[0].timing.id, points=2 * UNIT)
    row = hall.do(timing.reset, "speech")
    assert (row.phase, row.ran_ms, row.started_at) == ("speech", 0, None)
    penalty = db.session.get(Penalty, made.id)
    assert penalty.revoked_at is not None and "重新计时" in penalty.revoked_reason
    hall.do(timing.start)
    hall.later(minutes=8)
    hall.do(timing.finish)
    assert hall.due() == []
    counted = db.session.scalars(sa.select(Timing.ran_ms).where(Timing.void_at.is_(None))).all()
    assert counted == [480_000]


@pytest.mark.sqlite
def test_questions_are_never_charged(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.do(timing.finish)
    hall.do(timing.start)
    hall.later(minutes=30)
    hall.do(timing.finish)
    assert hall.due() == [] and podiums.podium_of(hall.final.session.id).phase == "over"


@pytest.mark.sqlite
def test_minutes_changed_before_the_start_stay(hall):
    hall.do(stage.call_next)
    hall.do(timing.adjust, 30_000)
    assert hall.do(timing.start).allotted_ms == 510_000
    for _ in range(16):
        hall.do(timing.adjust, -30_000)
    assert hall.do(timing.adjust, -30_000).code == "clock.shortest"


@pytest.mark.sqlite
def test_refusals_say_what_to_do(hall):
    empty = [hall.do(verb) for verb in (timing.start, timing.pause, timing.finish, timing.reset, stage.skip, stage.clear)]
    assert {problem.code for problem in empty} == {"stage.empty", "clock.standing", "clock.none"}
    assert all(problem.mend for problem in empty) and podiums.podium_of(hall.final.session.id).revision == 0
    assert hall.do(stage.call, 999_999).code == "stage.foreign"


def save(hall, entry, marks, judge=1, revision=0):
    final = hall.final
    with write():
        return marking.save_marks(
            final.entries[entry].id, final.part.id, judge_id=final.judges[judge].id, revision=revision, marks=marks, actor=audit.SYSTEM, now=hall.now
        )


def test_judges_mark_what_is_or_was_on_stage(hall):
    hall.do(stage.only_current, True)
    assert save(hall, 0, {"c1": UNIT}).code == "not_on_stage" and refusals.STATUS["not_on_stage"] == 423
    hall.do(stage.call_next)
    assert save(hall, 0, {"c1": UNIT}).revision == 1
    assert save(hall, 1, {"c1": UNIT}).code == "not_on_stage"
    hall.do(stage.call_next)
    assert save(hall, 0, {"c2": UNIT}, revision=1).revision == 2  # finished while the next one is on
    assert save(hall, 1, {"c1": UNIT}).revision == 1
    hall.do(stage.only_current, False)
    assert save(hall, 2, {"c1": UNIT}).revision == 1


def test_the_tablet_is_told_of_stage_and_notice(hall):
    judge = db.session.get(Judge, hall.final.judges[1].id)
    told = lambda: desks.document(judge, now=hall.now, link=lambda **_: "")
    assert told()["sessions"][0]["stage"] == {"entry": None, "only": False, "called": []} and told()["notice"] is None
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.do(stage.call_next)
    hall.do(stage.only_current, True)
    hall.do(stage.announce, "休息十分钟")
    first, second, _ = (entry.id for entry in hall.final.entries)
    assert told()["sessions"][0]["stage"] == {"entry": second, "only": True, "called": [first]}
    assert told()["notice"]["text"] == "休息十分钟" and told()["notice"]["at"] == "09:30"
    hall.do(stage.announce, "")
    assert told()["notice"] is None
    assert hall.do(stage.announce, "长" * 201).code == "notice.long"


def test_what_was_on_stage_stays_in_the_session(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(seconds=5)
    hall.do(timing.finish)
    with write():
        found = sessions.assign(hall.session(), [], actor=audit.SYSTEM, now=hall.now)
    assert found.code == "slot.staged"
    with write():
        assert sessions.remove(hall.session(), actor=audit.SYSTEM, now=hall.now).code == "session.kept"


def test_an_unused_podium_goes_with_its_session(hall):
    hall.do(stage.only_current, True)
    with write():
        assert sessions.remove(hall.session(), actor=audit.SYSTEM, now=hall.now) is None
    assert hall.session() is None


@pytest.mark.sqlite
def test_locked_results_take_no_penalty(hall):
    hall.do(stage.call_next)
    hall.do(timing.start)
    hall.later(minutes=9)
    hall.do(timing.finish)
    hall.final.part.locked_at = hall.now
    db.session.commit()
    assert hall.decide(timing.charge, hall.due()[0].timing.id, points=2 * UNIT).code == "part.locked"
    assert len(hall.due()) == 1
