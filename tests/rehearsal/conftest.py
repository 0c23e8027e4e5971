"""A final that is rehearsed."""

import pytest

from compete.audit.service import Actor
from compete.database import write
from compete.judging import cards
from compete.models import Contest, Judge, db
from compete.rehearsal import service
from tests.support import NOW

ORGANISER = Actor("user:1", "Alice", "Mac TEST01")


@pytest.fixture
def waiting(final):
    """The final before its session is opened, its judges with cards: `final.cards`."""
    final.session.state = "waiting"
    db.session.commit()
    with write():
        final.cards = [cards.issue_card(db.session.get(Judge, judge.id), actor=ORGANISER, now=NOW) for judge in final.judges]
    return final


@pytest.fixture
def rehearsal(waiting):
    with write():
        return service.start(db.session.get(Contest, waiting.contest.id), actor=ORGANISER, now=NOW)
