"""What the tests of the screens share: a hall with a main screen, and showing on it."""

from compete.database import write
from compete.live import feed, screens, showings
from compete.models import Podium, Screen, db
from scoring.problems import Problem
from tests.judging.hall import ACTOR
from tests.support import NOW


def main_screen(final, kind="hall", name="主屏") -> Screen:
    with write():
        return screens.make(final.contest.id, name=name, kind=kind, **ACTOR)


def show(final, number, **options):
    with write():
        return showings.show_score(final.part.id, final.entries[number - 1].id, **options, **ACTOR)


def direct(screen, scene, data=None, **options):
    with write():
        made = screens.direct(db.session.get(Screen, screen.id), scene=scene, data=data, **options, **ACTOR)
    assert not isinstance(made, Problem), made
    return body(screen)


def body(screen) -> dict:
    """What the screen's page gets now."""
    return feed.document(screen.id, NOW)["body"]


def on_stage(final, number, **values):
    slot = final.session.slots[number - 1]
    db.session.add(Podium(session_id=final.session.id, slot_id=slot.id, **values))
    db.session.commit()
