"""The contest of a simulated day: the demo's, before its first mark, in a folder of its own, with what its people carry in their hands."""

import secrets
from pathlib import Path
from typing import NamedTuple

from compete import clock, create_app
from compete.accounts import service as accounts
from compete.audit.service import SYSTEM
from compete.database import write
from compete.judging.sheets import desk
from compete.models import Judge, Session, db
from compete.office import demo, upgrade

LOGIN, HOST = "moni", "模拟主持"


class Card(NamedTuple):
    """A judge with the card and the PIN that were handed out."""

    judge: int
    name: str
    token: str
    pin: str
    chief: bool


class Turn(NamedTuple):
    """A session with its part; `rubric` {code: (step, maximum)} of what is marked, in units."""

    session: int
    part: int
    name: str
    rubric: dict[str, tuple[int, int]]
    entries: list[int]  # in running order


class World(NamedTuple):
    folder: Path
    contest: int
    password: str
    cards: list[Card]
    turns: list[Turn]
    opinions: dict[tuple[int, int, int], dict[str, int]]  # what (judge, part, entry) will be given; no key: recused
    url: str = ""  # of the PostgreSQL database, if not SQLite in the folder

    @property
    def marks(self) -> int:
        return sum(len(given) for given in self.opinions.values())


def application(folder: Path, url: str = ""):
    return create_app({"DATA": str(folder), "SQLALCHEMY_DATABASE_URI": url})


def make(folder: Path, *, judges: int, entries: int | None, url: str = "") -> World:
    """Makes everything in an empty folder (and an empty PostgreSQL database), by the services that people use."""
    with application(folder, url).app_context():
        upgrade.to()
        now = clock.now()
        password = secrets.token_urlsafe(12)
        with write():
            token = accounts.first_admin_link(actor=SYSTEM, now=now)
            link = accounts.find_link(token, now=now)
            accounts.claim(invitation=link, login=LOGIN, name=HOST, password=password, device="模拟", now=now)
        contest = demo.ready(now=now, word="模拟", judges=judges, entries=entries)
        people = db.session.query(Judge).filter_by(contest_id=contest.id).order_by(Judge.id).all()
        cards = [Card(row.id, row.name, row.card_secret, row.pin, row.role == "chief") for row in people]
        turns, opinions = [], {}
        for session in db.session.query(Session).filter_by(contest_id=contest.id).order_by(Session.position, Session.id):
            turns.append(_turn(session, people, opinions))
        found = World(folder, contest.id, password, cards, turns, opinions, url)
        db.session.remove()
        db.engine.dispose()
    return found


def _turn(session: Session, people: list[Judge], opinions: dict) -> Turn:
    criteria = demo.leaves(session.part)
    order = []
    for place, judge in enumerate(people):
        for slot, cell in desk(session, judge.id):
            if slot.entry_id not in order:
                order.append(slot.entry_id)
            if cell.state != "recused":
                opinions[judge.id, session.part_id, slot.entry_id] = demo.opinion(criteria, slot.number, place)
    return Turn(session.id, session.part_id, session.name, {row.code: (row.step, row.maximum) for row in criteria}, order)
