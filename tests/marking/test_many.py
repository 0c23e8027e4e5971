"""Many judges at once on the default database: no error, nothing lost, an unbroken chain of records."""

import threading

import pytest

from compete.audit import service as audit
from compete.audit.service import Actor
from compete.database import write
from compete.marking import form, rubrics, service
from compete.models import AuditRecord, Event, Mark, SchemeVersion, Sheet, db
from scoring import UNIT, check_mark
from tests import support

JUDGES, ROUNDS = 50, 4


@pytest.mark.sqlite
def test_fifty_judges_at_once_lose_nothing(app):
    final = support.make_final(entries=2, judges=JUDGES, criteria=2)
    entry, part = final.entries[0].id, final.part.id
    judges = [(judge.id, judge.name) for judge in final.judges]
    contest = final.contest.id
    db.session.remove()
    failures, start = [], threading.Barrier(JUDGES)

    def judge(number, name):
        try:
            with app.app_context():
                start.wait()
                for turn in range(ROUNDS):
                    with write():
                        said = service.save_marks(
                            entry, part, judge_id=number, revision=turn, marks={"c1": (number + turn) % 50 * UNIT, "c2": turn * UNIT},
                            actor=Actor(f"judge:{number}", name), now=support.NOW,
                        )  # fmt: skip
                    assert isinstance(said, service.Saved), said
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=judge, args=row) for row in judges]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    marks = db.session.execute(db.select(Sheet.judge_id, Sheet.revision, Mark.value).join(Mark, Mark.sheet_id == Sheet.id)
                               .join(support.Criterion, support.Criterion.id == Mark.criterion_id).where(support.Criterion.code == "c1"))  # fmt: skip
    assert {row[0]: (row[1], row[2]) for row in marks} == {
        number: (ROUNDS, (number + ROUNDS - 1) % 50 * UNIT) for number, _ in judges
    }  # fmt: skip
    assert db.session.scalar(db.select(db.func.count(AuditRecord.id)).where(AuditRecord.action == "sheet.save")) == JUDGES * ROUNDS
    assert db.session.scalar(db.select(db.func.count(SchemeVersion.id))) == 1
    assert db.session.scalar(db.select(Event.scheme_version)) == 1
    assert list(audit.verify(contest)) == []


def test_saving_takes_the_same_few_queries_whatever_the_size(desk):
    """The contest's chain, the sheet, the marks: nothing grows with the number of criteria touched."""
    desk.give({"c1": 0})
    desk.give({"c2": 0}, revision=1)
    with support.counted_queries() as one:
        desk.give({"c1": UNIT}, revision=2)
    with support.counted_queries() as two:
        desk.give({"c1": 2 * UNIT, "c2": UNIT}, revision=3)

    assert len(one) == len(two)
    assert len(one) <= 9


def test_quick_values_can_always_be_given(final):
    criterion = final.criteria[0]
    criterion.minimum, criterion.maximum, criterion.step = 5 * UNIT, 33 * UNIT, 3 * UNIT // 2
    criterion.anchors = [[32 * UNIT, "优：很好"], [20 * UNIT, "中等水平，还可以"], [5 * UNIT, "差"], [14 * UNIT, "合格"]]
    db.session.commit()

    rubric = rubrics.of_part(final.part.id, 0)

    for card, leaf in zip(form.cards(rubric.part), rubric.leaves.values(), strict=True):
        assert card.quick
        assert [check_mark(leaf, value.units) for value in card.quick] == [None] * len(card.quick)


def test_the_rubric_is_kept_per_version(final):
    assert rubrics.of_part(final.part.id, 0) is not rubrics.of_part(final.part.id, 0)
    assert rubrics.of_part(final.part.id, 1) is rubrics.of_part(final.part.id, 1)
