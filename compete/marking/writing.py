"""One sheet under the hand: may it be written now, what do its marks come to, and the writing itself, each in one statement."""

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

import scoring
from compete.audit import service as audit
from compete.contests import schemes
from compete.marking import places, refusals, rubrics
from compete.models import Event, Judge, Mark, Sheet, db
from compete.prepared import Prepared
from compete.texts import clean
from scoring.problems import Problem

COMMENT_LIMIT = 2000
SEEN_EVERY = timedelta(minutes=1)


class Saved(NamedTuple):
    """What the server holds now; `changed` is false when the same content came a second time."""

    sheet_id: int | None
    state: str
    revision: int
    total: int | None
    marks: dict[str, int]
    comment: str
    changed: bool = True


class Writing:
    """What is stored of a sheet, what was asked for, what that makes; `problem`: why it cannot be looked at."""

    def __init__(self, entry_id, part_id, judge_id, marks, comment, *, late=False):
        self.entry_id, self.part_id, self.judge_id, self._sent, self._sent_comment = entry_id, part_id, judge_id, marks, comment
        self.connection = db.session.connection()
        self.sheet = places.sheet_now(self.connection, entry_id, part_id, judge_id, lock=True)
        self.place = places.find(self.connection, entry_id, part_id, judge_id)
        # Who brought a late message no longer matters, only whose it is.
        barred = places.out(self.place) if late and self.place else places.never(self.place)
        self.problem = barred or unreadable(marks, comment)
        if self.problem:
            return
        self.rubric = rubrics.of_part(part_id, self.place.scheme_version)
        codes = self.rubric.codes
        self.stored = {codes[number]: units for number, units in self.sheet.marks.items() if number in codes} if self.sheet else {}
        self.touched = {code: units for code, units in marks.items() if self.stored.get(code) != units}
        self.merged = {code: units for code, units in {**self.stored, **marks}.items() if units is not None}
        self.old_comment = self.sheet.comment if self.sheet else ""
        self.comment = self.old_comment if comment is None else clean.tidy_lines(comment)
        self.differs = bool(self.touched) or self.comment != self.old_comment

    def refuse(self, revision: int, rubric: str, now: datetime, *, complete: bool) -> Problem | None:
        shut = places.closed(self.place, self.sheet, now)
        if shut:
            return shut
        if rubric and rubric != self.rubric.digest:
            return refusals.rubric_changed()
        wrong = scoring.check_marks(self.rubric.part, self.merged, complete=complete)
        if wrong:
            return wrong[0]
        if revision != (self.sheet.revision if self.sheet else 0):
            return refusals.conflict()
        return None

    def adopted(self, submit: bool) -> str:
        """The state of the sheet once the chief judge has adopted the message: what is not handed in goes back to the judge,
        who may hand in a returned sheet whatever the session's hours."""
        return "submitted" if submit or (self.sheet and self.sheet.state in ("submitted", "locked")) else "returned"

    def unadoptable(self, submit: bool) -> Problem | None:
        if self.problem:
            return self.problem
        state = self.adopted(submit)
        if state == "returned" and self.place.absence_id:
            return refusals.nobody_to_finish()
        wrong = scoring.check_marks(self.rubric.part, self.merged, complete=state == "submitted")
        return wrong[0] if wrong else None

    def saved(self, *, changed: bool) -> Saved:
        sheet = self.sheet
        return Saved(sheet.id, sheet.state, sheet.revision, sheet.total, self.stored, sheet.comment, changed)

    def write(self, action: str, state: str, actor: audit.Actor, now: datetime, reason: str) -> Saved | Problem:
        _seen(self.place, self.judge_id, now)  # before anything is recorded: the contest's chain is what everybody locks last
        total = scoring.sheet_total(self.rubric.part, self.merged)
        values = {"state": state, "total": total, "comment": self.comment, "updated_at": now}
        if action == "sheet.submit":
            values["submitted_at"] = now
        if self.sheet:
            sheet_id, revision = self.sheet.id, self.sheet.revision + 1
            _UPDATE.run(self.connection, {"sheet": sheet_id, "revision": revision, "submitted_at": self.sheet.submitted_at, **values})
        else:
            if self.place.scheme_version == 0:
                _freeze(self.place.event_id, actor, now)
            sheet_id, revision = self._open(values), 1
            if sheet_id is None:
                return self._overtaken(state, now)
        self._write_marks(sheet_id)
        self._record(action, sheet_id, revision, state, total, actor, now, reason)
        return Saved(sheet_id, state, revision, total, self.merged, self.comment)

    def _overtaken(self, state: str, now: datetime) -> Saved | Problem:
        """Another message of the same judge made the sheet a moment ago: the same one over two workers, or one of another device."""
        now_there = Writing(self.entry_id, self.part_id, self.judge_id, self._sent, self._sent_comment)
        if now_there.problem:
            return now_there.problem
        same = not now_there.differs and now_there.sheet.state == state
        return now_there.saved(changed=False) if same else places.closed(now_there.place, now_there.sheet, now) or refusals.conflict()

    def _open(self, values: dict) -> int | None:
        row = {"part_id": self.part_id, "session_id": self.place.session_id, "entry_id": self.entry_id, "judge_id": self.judge_id,
               "revision": 1, "return_reason": "", **values}  # fmt: skip
        made = _open(self.connection.dialect.name).one(self.connection, {"returned_at": None, "submitted_at": None, **row})
        return made and made.id

    def _write_marks(self, sheet_id: int) -> None:
        rows, connection = self.rubric.rows, self.connection
        gone = [rows[code] for code, units in self.touched.items() if units is None]
        given = [{"sheet_id": sheet_id, "criterion_id": rows[code], "value": units} for code, units in self.touched.items() if units is not None]
        if gone:
            connection.execute(sa.delete(Mark.__table__).where(Mark.__table__.c.sheet_id == sheet_id, Mark.__table__.c.criterion_id.in_(gone)))
        if given:
            _upsert(connection.dialect.name).many(connection, given)

    def _record(self, action: str, sheet_id: int, revision: int, state: str, total: int | None, actor: audit.Actor, now: datetime, reason: str) -> None:
        sheet = self.sheet
        before = {"marks": {code: self.stored.get(code) for code in self.touched}, "total": sheet.total if sheet else None,
                  "state": sheet.state if sheet else None, "revision": sheet.revision if sheet else 0}  # fmt: skip
        after = {"entry": self.entry_id, "part": self.part_id, "marks": dict(self.touched), "total": total, "state": state, "revision": revision}
        if self.comment != self.old_comment:
            before["comment"], after["comment"] = self.old_comment, self.comment
        audit.record(
            contest_id=self.place.contest_id, actor=actor, now=now, action=action, subject="sheet", subject_id=sheet_id,
            before=before, after=after, reason=reason,
        )  # fmt: skip


_UPDATE = Prepared(
    sa.update(Sheet.__table__)
    .where(Sheet.__table__.c.id == sa.bindparam("sheet"))
    .values({name: sa.bindparam(name) for name in ("state", "total", "comment", "updated_at", "submitted_at", "revision")})
)


def _insert():
    """INSERT that knows ON CONFLICT, in the words of this database."""
    return {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.engine.dialect.name]


@cache
def _open(_dialect: str) -> Prepared:
    table = Sheet.__table__
    insert = _insert()(table).values({name: sa.bindparam(name) for name in table.c.keys() if name != "id"})
    return Prepared(insert.on_conflict_do_nothing().returning(table.c.id))


@cache
def _upsert(_dialect: str) -> Prepared:
    insert = _insert()(Mark.__table__).values({name: sa.bindparam(name) for name in ("sheet_id", "criterion_id", "value")})
    return Prepared(insert.on_conflict_do_update(index_elements=["sheet_id", "criterion_id"], set_={"value": insert.excluded.value}))


def _freeze(event_id: int, actor: audit.Actor, now: datetime) -> None:
    """The first mark of an event freezes its scheme; of two first marks at once only one does."""
    version = db.session.scalar(sa.select(Event.scheme_version).where(Event.id == event_id).with_for_update())
    if version == 0:
        schemes.freeze(schemes.load(event_id), actor=actor, now=now)


def _seen(place, judge_id: int, now: datetime) -> None:
    """Keeps the judge's last sign of life, at most once a minute."""
    if place.last_seen_at is None or now - place.last_seen_at > SEEN_EVERY:
        table = Judge.__table__
        db.session.connection().execute(sa.update(table).where(table.c.id == judge_id).values(last_seen_at=now))


def unreadable(marks, comment) -> Problem | None:
    if not isinstance(marks, dict) or len(marks) > 200:
        return refusals.malformed("marks")
    for code, units in marks.items():
        # bool is an int to Python; a float never is a mark.
        if not isinstance(code, str) or not (units is None or type(units) is int) or (units is not None and abs(units) > 10**12):
            return refusals.malformed("marks")
    if comment is not None and (not isinstance(comment, str) or len(comment) > COMMENT_LIMIT):
        return Problem("comment_too_long", "评语", f"评语超过 {COMMENT_LIMIT} 字", "请缩短后再保存")
    return None
