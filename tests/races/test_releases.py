"""A release while its ground moves: what is frozen is what the facts say, under a number of its own."""

import pytest
import sqlalchemy as sa

from compete.audit import service as audit
from compete.audit.service import Actor
from compete.contests import schemes
from compete.database import write
from compete.models import Event, Part, Recheck, RecheckItem, Release, Sheet, db
from compete.recheck import corrections, sampling
from compete.recheck import service as rechecks
from compete.results import facts
from scoring.problems import Problem
from tests import support
from tests.races.acts import ORGANISER, code_of, digest, locks, make_final, part, releases, unlocks
from tests.support import NOW


@pytest.fixture
def final(app):
    return make_final()


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
