"""The chief judge, the organiser and the judges at the same moment: what is signed and locked is what is stored."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from compete.accounts import service as accounts
from compete.audit.service import SYSTEM, Actor
from compete.database import write
from compete.judging import draws, sessions
from compete.marking import late, service, signing
from compete.models import Draw, Judge, LateMark, Mark, Session, Sheet, Signature, User, db
from scoring import UNIT
from tests.races.acts import ORGANISER, OTHER, code_of, digest, locks, make_final, part, returns, submits, true_to_what_is_signed, unlocks
from tests.support import NOW


@pytest.fixture
def final(app):
    return make_final()


@pytest.fixture
def late_mark(final):
    """A message of the second judge that waits for the chief judge; calling it adopts it."""
    with write():
        row = LateMark(contest_id=final.at["contest"], part_id=final.at["part"], entry_id=final.at["entry"], judge_id=final.at["judge"],
                       device="", message={"marks": {"c1": 0}, "comment": None, "submit": True, "revision": 0, "rubric": ""}, digest="d",
                       code="session_closed", why="晚了", received_at=NOW, state="waiting")  # fmt: skip
        db.session.add(row)
        db.session.flush()
        number = row.id
    return lambda: code_of(late.accept(db.session.get(LateMark, number), reason="核对过", actor=OTHER, now=NOW))


def test_two_chief_judges_lock(final, overlap):
    shown = digest(final)
    assert overlap(locks(final, shown), locks(final, shown, OTHER)) == ("done", "part.locked")
    assert true_to_what_is_signed(final)


def test_a_lock_and_a_sheet_given_back(final, overlap):
    shown = digest(final)
    assert overlap(locks(final, shown), returns(final)) == ("done", "part.locked")
    assert true_to_what_is_signed(final)
    with write():
        unlocks(final)()
    assert overlap(returns(final), locks(final, shown)) == ("done", "part.incomplete")
    assert true_to_what_is_signed(final)


def test_a_lock_and_a_late_mark_adopted(final, overlap, late_mark):
    assert overlap(late_mark, locks(final, digest(final))) == ("done", "list_changed")
    assert true_to_what_is_signed(final)


def test_a_late_mark_adopted_while_the_part_is_locked(final, overlap, late_mark):
    assert overlap(locks(final, digest(final)), late_mark) == ("done", "done")
    assert part(final).locked_at is None  # adopting unlocks, and its signature must be given again
    assert true_to_what_is_signed(final)


def test_a_sheet_handed_in_while_the_part_is_locked(final, overlap):
    """Also by a judge who marks along with others: tablets' messages do not wait for each other, but for who decides."""
    with write():
        returns(final)()
    at = final.at
    revision = db.session.scalar(sa.select(Sheet.revision).where(Sheet.judge_id == at["judge"], Sheet.entry_id == at["entry"]))
    before = digest(final)
    assert overlap(locks(final, before), submits(final, UNIT, revision), together=(False, True)) == ("part.incomplete", "done")
    assert overlap(locks(final, digest(final)), submits(final, 0, revision + 1), together=(False, True))[0] == "done"
    assert true_to_what_is_signed(final)


def test_one_judge_signs_on_two_tablets(final, overlap):
    at = final.at

    def signs():
        session, judge = db.session.get(Session, at["session"]), db.session.get(Judge, at["judge"])
        shown = signing.own_list(session, judge.id).digest
        return code_of(signing.sign(session, judge=judge, digest=shown, name=judge.name, labels={}, actor=OTHER, now=NOW))

    assert overlap(signs, signs) == ("done", "done")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 1


@pytest.fixture
def unmarked(final):
    """Nobody has marked yet."""
    with write():
        db.session.execute(sa.delete(Mark))
        db.session.execute(sa.delete(Sheet))


def draws_lots(final, seed="7"):
    def act():
        session = db.session.get(Session, final.at["session"])
        return code_of(draws.make(session, seed=seed, method="system", apart=False, reason="", actor=ORGANISER, now=NOW))

    return act


def begins(final):
    at = final.at
    return lambda: code_of(service.save_marks(at["entry"], at["part"], judge_id=at["judge"], revision=0, marks={"c1": 0}, actor=OTHER, now=NOW))


def test_lots_drawn_while_a_judge_begins(final, unmarked, overlap):
    assert overlap(begins(final), draws_lots(final)) == ("done", "draw.begun")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Draw)) == 0


def test_a_judge_begins_while_lots_are_drawn(final, unmarked, overlap):
    assert overlap(draws_lots(final), begins(final), together=(False, True)) == ("done", "done")


def test_two_draw_lots(final, unmarked, overlap):
    assert overlap(draws_lots(final), draws_lots(final, "8")) == ("done", "draw.reason")


def test_a_session_is_closed_and_opened_again(final, overlap):
    def moves(verb, **more):
        return lambda: code_of(verb(db.session.get(Session, final.at["session"]), actor=ORGANISER, now=NOW, **more))

    closes, reopens = moves(sessions.close), moves(sessions.reopen, reason="补交")
    assert overlap(closes, closes) == ("done", "session.state")
    assert overlap(reopens, closes) == ("done", "done")
    shown = digest(final)
    assert overlap(locks(final, shown), reopens) == ("done", "part.locked")


def test_two_administrators_disable_each_other(final, overlap):
    eve, dan = final.people.eve.id, final.people.dan.id
    with write():
        for user in db.session.scalars(sa.select(User).where(User.id.in_((eve, dan)))):
            user.is_admin, user.password_hash = True, "x"

    def disables(who, actor):
        return lambda: code_of(accounts.set_disabled(user=db.session.get(User, who), disabled=True, actor=Actor(f"user:{actor}", ""), now=NOW))

    overlap(disables(dan, eve), disables(eve, dan))
    assert accounts.has_admin()


def test_the_first_administrators_link_is_made_twice(app, overlap):
    def links():
        return bool(accounts.first_admin_link(actor=SYSTEM, now=NOW))

    assert overlap(links, links) == (True, True)


def test_only_marks_signs_of_life_and_ballots_go_side_by_side():
    """Whoever decides waits for the others: a service that is called beside others must lock the rows it changes."""
    compete = Path(__file__).resolve().parents[2] / "compete"
    found = {path.relative_to(compete).as_posix() for path in compete.rglob("*.py") if "write(together=True)" in path.read_text("utf-8")}
    assert found == {"marking/guards.py", "marking/api.py", "votes/phone_views.py"}
