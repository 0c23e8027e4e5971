"""双人录入: two people, neither seeing the other's marks; agreement submits, differences are settled with the paper in hand."""

import threading

import pytest
import sqlalchemy as sa

from compete.access import Actor
from compete.database import write
from compete.judging import recusals, rulings, service
from compete.marking import paper, rubrics
from compete.models import AuditRecord, JudgeAbsence, Keying, Seat, db
from scoring.problems import Problem
from tests.marking.conftest import FULL, Desk
from tests.support import NOW, UNIT, counted_queries

A, B, C = (Actor(f"user:{n}", name, "TEST01") for n, name in ((1, "甲"), (2, "乙"), (3, "丙")))
OTHER = {"c1": 40 * UNIT, "c2": 44 * UNIT}


@pytest.fixture
def held(final):
    return Desk(final)


@pytest.fixture
def key(final, held):
    """key(person, marks, entry=0, judge=None, **more) -> what came of it, in words or as a problem."""

    def do(person, marks=FULL, *, entry=0, judge=None, **more):
        with write():
            return paper.key(
                final.entries[entry].id, final.part.id, judge_id=(judge or held.judge).id, marks=marks, actor=person, now=held.now, **more
            )

    return do


def kept(state=None):
    query = sa.select(Keying).order_by(Keying.id).execution_options(populate_existing=True)
    return [(row.keyed_name, row.marks, row.state) for row in db.session.scalars(query) if state in (None, row.state)]


def states(final, held, *, asking=A):
    rows = paper.rows_of(final.session, held.judge.id, paper.held(final.session), asking=asking.key)
    return [row.state for row in rows]


def test_two_people_who_agree_submit_the_sheet_for_the_judge(final, held, key):
    assert key(A, comment="数据扎实") == ("once", "")
    assert held.sheet() is None and states(final, held) == ["once", "none", "none"]
    assert key(B) == ("agreed", "甲")

    assert (held.sheet().state, held.marks(), held.sheet().comment) == ("submitted", FULL, "数据扎实")
    assert states(final, held) == ["agreed", "none", "none"]
    (record,) = held.records("sheet.submit")
    assert (record.actor_name, record.reason) == ("乙", "纸质评分表双人录入（甲、乙）")
    assert kept() == [("甲", FULL, "matched"), ("乙", FULL, "matched")]


@pytest.mark.sqlite
def test_the_trail_does_not_show_the_first_reading_to_the_second_reader(final, held, key):
    key(A)
    (record,) = held.records("keying.make")
    assert "marks" not in record.after and str(40 * UNIT) not in str(record.after)
    assert (record.actor_name, record.after["entry"], record.after["state"], len(record.after["digest"])) == ("甲", final.entries[0].id, "open", 64)


def test_one_person_twice_is_one_reading(final, held, key):
    assert key(A).state == key(A).state == "once"
    assert held.sheet() is None
    assert kept() == [("甲", FULL, "superseded"), ("甲", FULL, "open")]


def test_different_readings_stand_side_by_side_until_one_is_keyed_again(final, held, key):
    key(A)
    assert key(B, OTHER) == ("differs", "甲")
    assert held.sheet() is None and states(final, held)[0] == "differs"
    part = rubrics.of_part(final.part.id, 0).part
    both = paper.sides(final.part.id, final.entries[0].id, held.judge.id, part, asking=B.key)
    assert [(side.name, side.marks, side.mine) for side in both] == [("甲", FULL, False), ("乙", OTHER, True)]

    assert key(A, OTHER) == ("agreed", "乙")
    assert held.marks() == OTHER
    assert kept() == [("甲", FULL, "superseded"), ("乙", OTHER, "matched"), ("甲", OTHER, "matched")]


def test_a_third_person_settles_it_and_what_did_not_agree_is_kept(final, held, key):
    key(A)
    key(B, OTHER)
    assert key(C, FULL) == ("agreed", "甲")
    assert kept() == [("甲", FULL, "matched"), ("乙", OTHER, "superseded"), ("丙", FULL, "matched")]
    assert held.records("sheet.submit")[0].reason == "纸质评分表双人录入（甲、丙）"


@pytest.mark.sqlite
def test_who_keyed_in_the_wrong_sheet_takes_it_back(final, held, key):
    key(A)

    def back(person):
        with write():
            return paper.withdraw(final.entries[0].id, final.part.id, judge_id=held.judge.id, actor=person, now=NOW)

    assert not back(B)
    assert back(A) and not back(A)
    assert states(final, held)[0] == "none" and kept() == [("甲", FULL, "superseded")]
    assert [record.actor_name for record in held.records("keying.withdraw")] == ["甲"]
    assert key(B).state == "once"


def test_a_sheet_that_the_tablet_handed_in_is_only_compared(final, held, key):
    key(A, OTHER)
    held.submit(FULL)
    assert states(final, held)[0] == "tablet_differs"
    assert key(B).code == "already_there"
    found = key(B, OTHER)
    assert found.code == "tablet_differs" and "评分项2平板 45、纸面 44" in found.message
    assert held.marks() == FULL and len(held.records("sheet.submit")) == 1

    with write():
        assert service.return_sheet(held.sheet(), "与纸质表不同", actor=A, now=NOW) is None
    assert states(final, held)[0] == "once"
    assert key(B, OTHER) == ("agreed", "甲")
    assert held.marks() == OTHER


def test_paper_replaces_what_a_draft_on_the_tablet_says(final, held, key):
    held.give({"c1": 10 * UNIT})
    rows = paper.rows_of(final.session, held.judge.id, [], asking=A.key)
    assert (rows[0].state, rows[0].note) == ("none", "平板上有草稿，录入一致后以纸质表为准")
    key(A)
    key(B)
    assert (held.marks(), held.sheet().revision) == (FULL, 2)


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda final, judge: recusals.recuse(judge, final.entries[0], reason="师生", actor=A, now=NOW), "recused", "这位评委"),
        (lambda final, judge: rulings.rule(final.entries[0], kind="absence", reason="没来", actor=A, now=NOW), "entry_absent", "缺考"),
        (lambda final, judge: db.session.add(JudgeAbsence(session_id=final.session.id, judge_id=judge.id, reason="病", made_by="x", made_at=NOW)), "judge_absent", "这位评委"),
        (lambda final, judge: setattr(final.part, "locked_at", NOW), "locked", "锁定"),
        (lambda final, judge: setattr(final.session, "state", "waiting"), "session_waiting", "还没有开始"),
        (lambda final, judge: setattr(final.session, "state", "closed"), "session_closed", "已经结束"),
    ],
    ids=["recused", "absent entry", "absent judge", "locked", "waiting", "closed"],
)  # fmt: skip
def test_what_a_tablet_may_not_write_paper_may_not_either(final, held, key, change, code, said):
    with write():
        change(final, held.judge)
    found = key(A)
    assert isinstance(found, Problem) and found.code == code and said in found.message and "您" not in found.message
    assert paper.obstacle(final.entries[0].id, final.part.id, held.judge.id, now=NOW).code == code
    assert kept() == [] and held.sheet() is None


@pytest.mark.sqlite
@pytest.mark.parametrize("marks", [{"c1": 40 * UNIT}, {"c1": 99 * UNIT, "c2": 0}, {"c1": 1, "c2": 0}, {"zz": 1, **FULL}])
def test_marks_that_may_not_be_given_are_refused_at_the_first_reading(final, key, marks):
    assert isinstance(key(A, marks), Problem)
    assert kept() == []


@pytest.mark.sqlite
def test_a_judge_of_another_panel_and_a_changed_rubric(final, held, key):
    with write():
        db.session.execute(sa.delete(Seat).where(Seat.judge_id == held.judge.id))
    assert key(A).code == "foreign"
    assert key(A, judge=final.judges[2], rubric="another").code == "rubric_changed"


@pytest.mark.sqlite
def test_the_next_sheet_of_the_pile(final, held, key):
    def following(person, after):
        rows = paper.rows_of(final.session, held.judge.id, paper.held(final.session), asking=person.key)
        found = paper.next_for(rows, final.entries[after].id)
        return found and found.slot.number

    key(A)
    assert (following(A, 0), following(B, 2), following(A, 2)) == (2, 1, 2)
    for entry in (1, 2):
        key(A, entry=entry)
    assert (following(A, 2), following(B, 0)) == (None, 2)


def test_the_list_asks_no_more_of_the_database_for_more_sheets(final, held, key):
    def asked():
        with counted_queries() as found:
            states(final, held)
        return len(found)

    key(A, OTHER)
    held.submit(FULL)
    few = asked()
    for entry in (1, 2):
        key(A, OTHER, entry=entry)
        held.submit(FULL, entry=entry)
    assert states(final, held) == ["tablet_differs"] * 3
    assert asked() <= few <= 10


@pytest.mark.sqlite
def test_every_change_has_one_record(final, key):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord))
    key(A)
    key(B, OTHER)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditRecord)) == before + 2


def test_two_people_who_finish_at_the_same_moment_still_agree(app, final, held):
    entry, part, judge = final.entries[0].id, final.part.id, held.judge.id
    db.session.remove()
    came, start = [], threading.Barrier(2)

    def work(person):
        with app.app_context():
            start.wait()
            try:
                with write():
                    came.append(paper.key(entry, part, judge_id=judge, marks=FULL, actor=person, now=NOW).state)
            except Exception as error:
                came.append(error)
            db.session.remove()

    threads = [threading.Thread(target=work, args=(person,)) for person in (A, B)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["agreed", "once"]
    assert [state for _, _, state in kept()] == ["matched", "matched"]
