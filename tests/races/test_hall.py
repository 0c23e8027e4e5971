"""In the hall at the same moment: ballots and the hand that closes the vote, two who open a layer of codes, a tablet and a
rehearsal that is cleared, a screen and a score that is taken back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.audit.service import Actor
from compete.blind import opening
from compete.blind import service as codes
from compete.database import write
from compete.judging import sessions
from compete.live import screens, showings
from compete.marking import service as marking
from compete.models import AuditRecord, Ballot, CodeOpening, Contest, Judge, Part, Poll, Screen, Session, Sheet, Showing, db
from compete.rehearsal import service as rehearsals
from compete.votes import ballots
from compete.votes import service as votes
from scoring.problems import Problem
from tests import support
from tests.blind import hall
from tests.support import NOW

ALICE = Actor("user:1", "Alice", "Mac TEST01")
BY = {"actor": ALICE, "now": NOW}


def code_of(said) -> str:
    return said.code if isinstance(said, Problem) else "done"


def rows(model, *conditions) -> list:
    return list(db.session.scalars(sa.select(model).where(*conditions).execution_options(populate_existing=True)))


# the public vote


@pytest.fixture
def poll(final):
    with write():
        made = votes.make(db.session.get(Contest, final.contest.id), event_id=final.event.id, part_id=None, name="人气奖", most=1, changeable=True,
                          ticketed=False, live=False, **BY)  # fmt: skip
        assert votes.open_poll(made, **BY) is None
        return made.id


def casts(final, poll, who="a", entry=0):
    chosen = [final.entries[entry].id]
    return lambda: code_of(ballots.cast(db.session.get(Poll, poll), who, chosen, device="iPhone", source="s", now=NOW))


def closes(poll):
    return lambda: code_of(votes.close(db.session.get(Poll, poll), **BY))


def told_at_the_close() -> tuple:
    (record,) = rows(AuditRecord, AuditRecord.action == "poll.close")
    return record.after["ballots"], record.after["digest"]


def test_a_ballot_while_the_vote_is_closed(final, poll, overlap):
    with write():
        casts(final, poll)()
    assert overlap(closes(poll), casts(final, poll, "b"), (False, True)) == ("done", "ballot.closed")
    assert told_at_the_close() == (1, votes.digest(poll)) and len(rows(Ballot)) == 1


def test_the_vote_is_closed_while_a_ballot_arrives(final, poll, overlap):
    assert overlap(casts(final, poll), closes(poll), (True, False)) == ("done", "done")
    assert told_at_the_close() == (1, votes.digest(poll)) and len(rows(Ballot)) == 1


@pytest.mark.parametrize("same", [True, False])
def test_one_phone_votes_twice_at_once(final, poll, overlap, same):
    assert overlap(casts(final, poll), casts(final, poll, entry=0 if same else 1), (True, True)) == ("done", "done")
    (ballot,) = rows(Ballot)
    assert ballot.revision == (1 if same else 2) and votes.counts(poll) == {final.entries[0 if same else 1].id: 1}


# codes opened by two


@pytest.fixture
def sealed(app):
    final = hall.make()
    hall.sealed(final)
    hall.lock(final)
    return final


def asks(layer: int, actor: Actor, roles=("supervisor",)):
    def act():
        row = db.session.get(opening.CodeLayer, layer)
        return code_of(opening.ask(row, roles=roles, actor=actor, now=NOW))

    return act


def confirms(actor: Actor, roles=("supervisor",)):
    def act():
        row = db.session.scalar(sa.select(CodeOpening).where(CodeOpening.state == "asked").order_by(CodeOpening.id.desc()))
        return "nobody asked" if row is None else code_of(opening.confirm(row, roles=roles, actor=actor, now=NOW))

    return act


@pytest.fixture
def outermost(sealed) -> int:
    return hall.layer(sealed, 2).id


def by_one_person(sealed) -> set:
    return {row.asked_by == row.settled_by for row in rows(CodeOpening, CodeOpening.state == "opened")}


def test_two_ask_for_one_layer(sealed, outermost, overlap):
    sue, sam = hall.by(sealed.people.sue), hall.by(sealed.people.sam)
    assert overlap(asks(outermost, sue), asks(outermost, sam)) == ("done", "codes.asked")
    assert len(rows(CodeOpening)) == 1


def test_one_person_in_two_windows_opens_nothing(sealed, outermost, overlap):
    """Asked in one window, confirmed in the other: also with another device the person is the same."""
    sue = hall.by(sealed.people.sue)
    again = sue._replace(device="iPad B")
    assert overlap(asks(outermost, sue), asks(outermost, again)) == ("done", "codes.asked")
    assert overlap(confirms(sue), confirms(again)) == ("codes.same_person", "codes.same_person")
    assert not codes.coding(sealed.event).layers[2].is_open


def test_two_confirm_one_opening(sealed, outermost, overlap):
    sue, sam, three = (hall.by(getattr(sealed.people, name)) for name in ("sue", "sam", "three"))
    with write():
        asks(outermost, three, ("coder",))()
    said = overlap(confirms(sue), confirms(sam))
    assert said[0] == "done" and said[1] in ("codes.settled", "nobody asked")
    assert by_one_person(sealed) == {False}
    assert len(rows(AuditRecord, AuditRecord.action == "codes.open")) == 1


def test_an_opening_is_dropped_while_it_is_confirmed(sealed, outermost, overlap):
    sue, three = hall.by(sealed.people.sue), hall.by(sealed.people.three)
    with write():
        asks(outermost, three, ("coder",))()
    (row,) = rows(CodeOpening)
    number = row.id

    def drops():
        return code_of(opening.drop(db.session.get(CodeOpening, number), actor=three, now=NOW))

    assert overlap(confirms(sue), drops) == ("done", "codes.settled")
    assert rows(CodeOpening)[0].state == "opened"


# a rehearsal


@pytest.fixture
def rehearsal(final):
    """(contest of the rehearsal, a message of a tablet at it)."""
    final.session.state = "waiting"
    db.session.commit()
    with write():
        made = rehearsals.start(db.session.get(Contest, final.contest.id), **BY).id
    with write():
        assert sessions.open_session(rows(Session, Session.contest_id == made)[0], **BY) == []
    session = rows(Session, Session.contest_id == made)[0]
    part, judge = session.part_id, rows(Judge, Judge.contest_id == made)[1].id
    entry = db.session.scalar(sa.text("SELECT entry_id FROM slot WHERE session_id = :s ORDER BY id"), {"s": session.id})

    def marks():
        found = marking.save_marks(entry, part, judge_id=judge, revision=0, marks={"c1": 0}, actor=Actor(f"judge:{judge}", "", "iPad"), now=NOW)
        return code_of(found)

    return made, marks


def clears(number: int):
    return lambda: code_of(rehearsals.clear(db.session.get(Contest, number), **BY))


def gone(final, number: int) -> bool:
    """Nothing of the rehearsal is left, and the real contest and its trail are whole."""
    left = [*rows(Sheet), *rows(Contest, Contest.id == number), *rows(Part, Part.id != final.part.id), *rows(AuditRecord, AuditRecord.chain == number)]
    return left == [] and list(audit.verify(final.contest.id)) == []


def test_a_tablet_delivers_while_the_rehearsal_is_cleared(final, rehearsal, overlap):
    number, marks = rehearsal
    assert overlap(clears(number), marks, (False, True)) == ("done", "foreign")
    assert gone(final, number)


def test_the_rehearsal_is_cleared_while_a_tablet_delivers(final, rehearsal, overlap):
    number, marks = rehearsal
    assert overlap(marks, clears(number), (True, False)) == ("done", "done")
    assert gone(final, number)


def test_two_clear_one_rehearsal(final, rehearsal, overlap):
    number, _ = rehearsal

    def clears_if_there():
        row = db.session.get(Contest, number)
        return "gone" if row is None else code_of(rehearsals.clear(row, **BY))

    assert overlap(clears_if_there, clears_if_there) == ("done", "gone")
    assert gone(final, number)


# a screen


@pytest.fixture
def shown(app):
    """(a showing, a screen that shows it, its key)."""
    final = support.make_final(marked=True)
    with write():
        screen = screens.make(final.contest.id, name="大屏", **BY)
        number = showings.show_score(final.part.id, final.entries[0].id, **BY).id
        assert isinstance(screens.direct(screen, scene="score", data={"showing": number}, **BY), Screen)
        return number, screen.id, screen.key


def withdraws(number: int):
    return lambda: code_of(showings.withdraw(db.session.get(Showing, number), reason="打错", **BY))


def test_a_score_taken_back_while_a_screen_loads(app, shown, overlap):
    number, _, key = shown

    def asks():
        with app.app_context():
            return app.test_client().get(f"/screen/{key}/state").json["body"]

    def loads():
        with ThreadPoolExecutor(1) as another:
            return another.submit(asks).result()

    before = loads()
    seen = []
    overlap(lambda: seen.append((withdraws(number)(), loads())), lambda: None)
    assert seen == [("done", before)] and "total" in str(before)
    assert loads() == {"waiting": True}


def test_a_score_taken_back_while_it_is_shown(shown, overlap):
    number, screen, _ = shown

    def directs():
        return code_of(screens.direct(db.session.get(Screen, screen), scene="score", data={"showing": number}, **BY))

    assert overlap(withdraws(number), directs) == ("done", "screen.showing")
