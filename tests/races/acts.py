"""The final that two decide about at once, and what they do: each function makes one act that loads its rows itself."""

import sqlalchemy as sa

from compete.audit import service as audit
from compete.audit.service import Actor
from compete.awards import service as awards
from compete.contests import schemes
from compete.judging import service as judging
from compete.marking import locking, service
from compete.models import Part, Sheet, Signature, db
from compete.results import facts
from scoring.problems import Problem
from tests import support
from tests.support import NOW

CHIEF, OTHER, ORGANISER = Actor("judge:1", "评委1", "iPad A"), Actor("judge:1", "评委1", "iPad B"), Actor("user:1", "Alice")


def make_final():
    made = support.make_final(marked=True)
    made.people = support.make_people(made.contest)
    # Plain numbers: each transaction loads its rows itself.
    made.at = {"part": made.part.id, "event": made.event.id, "session": made.session.id, "judge": made.judges[1].id, "entry": made.entries[0].id,
               "contest": made.contest.id}  # fmt: skip
    return made


def code_of(said) -> str:
    if isinstance(said, list):
        return said[0].code if said else "done"
    return said.code if isinstance(said, Problem) else "done"


def part(final) -> Part:
    return db.session.get(Part, final.at["part"])


def digest(final) -> str:
    return locking.digest_of(part(final), locking.boards(final.at["part"]))


def locks(final, shown: str, actor=CHIEF):
    def act():
        return code_of(locking.lock(part(final), digest=shown, name="评委1", judge_id=1, actor=actor, now=NOW))

    return act


def unlocks(final):
    return lambda: code_of(locking.unlock(part(final), reason="更正", actor=CHIEF, now=NOW))


def releases(final, event: int | None = None):
    def act():
        board = facts.board(schemes.load(event or final.at["event"]))
        return code_of(awards.release(board=board, notice_days=5, actor=ORGANISER, now=NOW))

    return act


def returns(final):
    def act():
        sheet = db.session.scalar(sa.select(Sheet).where(Sheet.judge_id == final.at["judge"], Sheet.entry_id == final.at["entry"]))
        return code_of(judging.return_sheet(sheet, "请核对", ORGANISER, NOW))

    return act


def submits(final, units: int, revision: int):
    at = final.at
    marks = {"c1": units, "c2": units}

    def act():
        return code_of(service.submit(at["entry"], at["part"], judge_id=at["judge"], revision=revision, marks=marks, actor=OTHER, now=NOW))

    return act


def true_to_what_is_signed(final) -> bool:
    """A locked part has every sheet locked and one signature in force, over the marks that are stored."""
    found = db.session.scalars(sa.select(Signature).where(Signature.scope == "part", Signature.void_at.is_(None))).all()
    if part(final).locked_at is None:
        return found == []
    states = set(db.session.scalars(sa.select(Sheet.state)))
    return [row.digest for row in found] == [digest(final)] and states == {"locked"} and list(audit.verify(final.at["contest"])) == []
