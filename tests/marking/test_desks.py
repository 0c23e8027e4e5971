"""A desk that nobody moved costs two questions; whatever can be seen on it makes it anew."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.database import write
from compete.judging import rulings
from compete.judging import service as judging
from compete.marking import desk, desks, service
from compete.models import Session, Sheet, db
from tests.support import NOW, counted_queries

BY = {"actor": audit.SYSTEM, "now": NOW}


class Tablet:
    def __init__(self, final, place: int):
        self.final, self.judge, self.made, self.held = final, final.judges[place], 0, ""

    def desk(self, now=NOW):
        db.session.rollback()
        found = desks.current(self.judge, held=self.held, now=now, make=self._make)
        self.held = found.form("br")[2]
        return found

    def _make(self):
        self.made += 1
        return desk.document(self.judge, now=NOW, link=lambda **_: "")

    def mark(self, verb=service.save_marks, points=5):
        entry, marks = self.final.entries[0].id, {row.code: points * row.step for row in self.final.criteria}
        sheet = db.session.scalar(sa.select(Sheet).where(Sheet.entry_id == entry, Sheet.judge_id == self.judge.id))
        by = audit.Actor(f"judge:{self.judge.id}", self.judge.name)
        with write():
            verb(entry, self.final.part.id, judge_id=self.judge.id, revision=sheet.revision if sheet else 0, marks=marks, actor=by, now=NOW)


def test_marks_of_others_leave_a_desk_as_it_is_and_own_ones_do_not(final):
    own, other = Tablet(final, 0), Tablet(final, 1)
    other.mark()
    first = own.desk()
    other.mark(service.submit)
    assert own.desk() is first and own.made == 1
    own.mark()
    second = own.desk()
    assert own.made == 2 and second.tag != first.tag
    assert own.desk() is second
    own.held = ""
    own.desk()
    assert own.made == 3  # whoever holds nothing is given a fresh one


def test_what_others_do_to_the_judges_work_is_seen(final):
    own = Tablet(final, 0)
    own.mark(service.submit)
    own.desk()
    with write():
        judging.return_sheet(db.session.scalar(sa.select(Sheet)), "请再看一遍", **BY)
    assert "请再看一遍" in own.desk().raw.decode()
    with write():
        rulings.mark_absent(db.session.get(Session, final.session.id), final.judges[0], reason="病了", **BY)
    assert "病了" in own.desk().raw.decode()
    by_hand = audit.Actor("user:1", "组织者")
    own.desk()
    made = own.made
    with write():
        audit.record(contest_id=final.contest.id, actor=by_hand, now=NOW, action="sheet.save", subject="sheet")
    own.desk()
    assert own.made == made + 1  # an organiser brought a sheet in


def test_a_deadline_that_passes_and_time_make_it_anew(final):
    own = Tablet(final, 0)
    db.session.get(Session, final.session.id).deadline = NOW + timedelta(seconds=20)
    db.session.commit()
    own.desk()
    own.desk(NOW + timedelta(seconds=15))
    assert own.made == 1
    own.desk(NOW + timedelta(seconds=30))
    own.desk(NOW + timedelta(seconds=45))
    assert own.made == 2
    own.desk(NOW + timedelta(seconds=30) + desks.RENEW)
    assert own.made == 3


@pytest.mark.sqlite
def test_a_tablet_that_holds_its_desk_is_told_so_after_two_questions(final, sign_in):
    tablet = sign_in(final.judges[0])
    answer = tablet.get("/judge/api/desk")
    assert answer.headers["Cache-Control"] == "private, no-cache" and answer.json["judge"]["id"] == final.judges[0].id
    with counted_queries() as statements:
        again = tablet.get("/judge/api/desk", headers={"If-None-Match": answer.headers["ETag"]}, status=304)
    assert len(statements) == 2 and again.data == b""


@pytest.mark.sqlite
def test_memory_is_bounded(final, monkeypatch):
    monkeypatch.setattr(desks, "MOST", 2)
    hall = [Tablet(final, place) for place in range(3)]
    for tablet in (*hall, hall[0], hall[0]):
        tablet.desk()
    assert [tablet.made for tablet in hall] == [2, 1, 1]
