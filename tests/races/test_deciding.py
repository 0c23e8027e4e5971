"""The chief judge, the organiser and the judges at the same moment: what is signed, locked and released is what is stored."""

import pytest
import sqlalchemy as sa

from compete.accounts import service as accounts
from compete.audit import service as audit
from compete.audit.service import SYSTEM, Actor
from compete.awards import service as awards
from compete.contests import schemes
from compete.database import write
from compete.judging import draws, sessions
from compete.judging import service as judging
from compete.marking import late, locking, service, signing
from compete.models import Draw, Event, Judge, LateMark, Mark, Part, Recheck, RecheckItem, Release, Session, Sheet, Signature, User, db
from compete.recheck import corrections, sampling
from compete.recheck import service as rechecks
from compete.results import facts
from scoring import UNIT
from scoring.problems import Problem
from tests import support
from tests.support import NOW

CHIEF, OTHER, ORGANISER = Actor("judge:1", "评委1", "iPad A"), Actor("judge:1", "评委1", "iPad B"), Actor("user:1", "Alice")


@pytest.fixture
def final(app):
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


def true_to_what_is_signed(final) -> bool:
    """A locked part has every sheet locked and one signature in force, over the marks that are stored."""
    found = db.session.scalars(sa.select(Signature).where(Signature.scope == "part", Signature.void_at.is_(None))).all()
    if part(final).locked_at is None:
        return found == []
    states = set(db.session.scalars(sa.select(Sheet.state)))
    return [row.digest for row in found] == [digest(final)] and states == {"locked"} and list(audit.verify(final.at["contest"])) == []


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


def test_an_unlock_and_a_release(final, overlap):
    with write():
        locks(final, digest(final))()
    assert overlap(unlocks(final), releases(final)) == ("done", "release.unlocked")
    with write():
        locks(final, digest(final))()
    assert overlap(releases(final), unlocks(final)) == ("done", "part.released")


def test_two_releases(final, overlap):
    with write():
        locks(final, digest(final))()
    assert overlap(releases(final), releases(final)) == ("done", "release.standing")
    assert db.session.scalars(sa.select(Release.number)).all() == [1]


def corrected(final):
    """A recheck that found another figure; signing writes it."""
    with write():
        row = sampling.begin(part(final), spoken="1", actor=ORGANISER, now=NOW)
        assert not isinstance(row, Problem), row
        item = db.session.scalar(sa.select(RecheckItem).where(RecheckItem.recheck_id == row.id).order_by(RecheckItem.id).limit(1))
        sheet = db.session.get(Sheet, item.sheet_id)
        assert rechecks.check(item, found={"c1": 0}, seen=sheet.revision, actor=ORGANISER, now=NOW) is None
        number = row.id
    shown = corrections.digest_of(corrections.pending(number))

    def act():
        recheck = db.session.get(Recheck, number)
        return code_of(corrections.sign(recheck, digest=shown, name="Carl", judge_id=None, actor=Actor("user:8", "Carl"), now=NOW))

    return act


def same_as_now(final) -> bool:
    """Whether the release in force says what the facts say."""
    row = db.session.scalar(sa.select(Release).where(Release.state != "withdrawn"))
    outcome = facts.board(schemes.load(final.at["event"])).outcome.to_json()
    return row is None or row.document["outcome"] == audit.json.loads(audit.canonical(outcome))


def test_a_release_while_a_correction_is_signed(final, overlap):
    with write():
        locks(final, digest(final))()
    signs = corrected(final)
    assert overlap(signs, releases(final))[0] == "done"
    assert same_as_now(final)


def test_a_correction_signed_while_it_is_released(final, overlap):
    with write():
        locks(final, digest(final))()
    signs = corrected(final)
    said = overlap(releases(final), signs)
    assert said[0] != "done" or said[1] != "done"
    assert same_as_now(final)


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


def test_two_events_of_one_contest_are_released_under_two_numbers(final, overlap):
    second = second_event(final)
    with write():
        locks(final, digest(final))()
    assert overlap(releases(final), releases(final, second)) == ("done", "done")
    assert sorted(db.session.scalars(sa.select(Release.number))) == [1, 2]


def second_event(final) -> int:
    """Another event of the same contest with nothing left to do."""
    other = support.make_final(marked=True)
    with write():
        db.session.get(Part, other.part.id).locked_at = NOW
        event = db.session.get(Event, other.event.id)
        event.contest_id, event.name = final.at["contest"], "金项目"
    return other.event.id
