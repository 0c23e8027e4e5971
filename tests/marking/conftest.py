"""Judging as a judge does it: marks through the service or through the API."""

from datetime import timedelta

import pytest

from compete.audit.service import Actor
from compete.contests import schemes
from compete.database import write
from compete.marking import rubrics, service
from compete.models import AuditRecord, Mark, Sheet, db
from tests.support import NOW, UNIT


class Desk:
    """The second judge (评委2) before the first entry of `final`."""

    def __init__(self, final):
        self.final = final
        self.judge = final.judges[1]
        self.actor = Actor(f"judge:{self.judge.id}", self.judge.name, "iPad TEST01")
        self.now = NOW

    def give(self, marks, *, revision=0, entry=0, judge=None, verb=service.save_marks, **more):
        """Saves or submits marks; returns what the service said."""
        with write():
            return verb(
                self.final.entries[entry].id, self.final.part.id, judge_id=(judge or self.judge).id, revision=revision, marks=marks,
                actor=self.actor, now=self.now, **more,
            )  # fmt: skip

    def submit(self, marks, *, revision=0, **more):
        return self.give(marks, revision=revision, verb=service.submit, **more)

    def submit_all(self, judge=None):
        for number in range(len(self.final.entries)):
            assert self.submit(FULL, entry=number, judge=judge).state == "submitted"

    def sheet(self, entry=0):
        return db.session.scalar(
            db.select(Sheet).where(Sheet.entry_id == self.final.entries[entry].id, Sheet.judge_id == self.judge.id)
            .execution_options(populate_existing=True)
        )  # fmt: skip

    def marks(self, entry=0):
        sheet = self.sheet(entry)
        codes = {row.id: row.code for row in self.final.criteria}
        rows = db.session.execute(db.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sheet.id)) if sheet else ()
        return {codes[number]: value for number, value in rows}

    def records(self, action="sheet.save"):
        return list(db.session.scalars(db.select(AuditRecord).where(AuditRecord.action == action).order_by(AuditRecord.number)))

    def rubric(self):
        return rubrics.of_part(self.final.part.id, 0).digest

    @property
    def denominator(self):
        return schemes.part_value(self.final.part).denominator

    def later(self, **time):
        self.now += timedelta(**time)


FULL = {"c1": 40 * UNIT, "c2": 45 * UNIT}


@pytest.fixture
def desk(final):
    return Desk(final)
