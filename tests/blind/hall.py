"""A blind final with three layers: three keepers, an organiser, two supervisors, a chief judge."""

from types import SimpleNamespace

import sqlalchemy as sa

from compete.audit.service import Actor
from compete.blind import opening, planning, sealing, service
from compete.database import write
from compete.models import CodeTable, Membership, Part, Sheet, User, db
from tests import support
from tests.support import NOW

NAMES = {"olga": "organiser", "one": "coder", "two": "coder", "three": "coder", "sue": "supervisor", "sam": "supervisor", "hank": "host", "carl": "chief", "rita": "recorder"}


def make(*, entries: int = 4, judges: int = 3, marked: bool = False, **more) -> SimpleNamespace:
    final = support.make_final(entries=entries, judges=judges, **more)
    final.event.is_blind = True
    people = {name: User(login=name, name=name.title(), created_at=NOW) for name in NAMES}
    db.session.add_all(people.values())
    db.session.flush()
    db.session.add_all(Membership(contest_id=final.contest.id, user_id=people[name].id, role=role) for name, role in NAMES.items())
    db.session.commit()
    final.people = SimpleNamespace(**people)
    return final


def by(person) -> Actor:
    return Actor(f"user:{person.id}", person.name)


def planned(final, *, confirmers: str = "supervisor"):
    """The usual three layers; the middle one deals the hall's stations."""
    one, two, three = final.people.one, final.people.two, final.people.three
    layers = [
        planning.LayerPlan("抽签号", "C", None, (), one.id),
        planning.LayerPlan("工位号", "", None, tuple(f"{n:02d}工位" for n in range(1, len(final.entries) + 3)), two.id),
        planning.LayerPlan("成绩号", "Z", 5, (), three.id),
    ]
    with write():
        return planning.plan(final.event, layers, confirmers=confirmers, minutes=15, actor=by(final.people.olga), now=NOW)


def layer(final, place: int):
    return service.coding(final.event).layers[place].layer


def seal(final, place: int, **more):
    with write():
        row = layer(final, place)
        keeper = db.session.get(User, row.keeper_id)
        return sealing.seal(row, **{"actor": by(keeper), "now": NOW, **more})


def sealed(final, **more):
    plan = planned(final, **more)
    for place in range(3):
        assert isinstance(seal(final, place), CodeTable)
    return plan


def lock(final):
    db.session.execute(sa.update(Part).values(locked_at=NOW, locked_by="总评委"))
    db.session.execute(sa.update(Sheet).values(state="locked"))
    db.session.commit()
    db.session.expire_all()


def ask(final, place: int, person, roles=("coder",), **more):
    with write():
        return opening.ask(layer(final, place), roles=roles, actor=by(person), **{"now": NOW, **more})


def confirm(final, row, person, roles=("supervisor",), **more):
    with write():
        return opening.confirm(row, roles=roles, actor=by(person), **{"now": NOW, **more})


def open_all(final):
    """Every layer by its keeper and a supervisor, from the outermost in."""
    for place in (2, 1, 0):
        keeper = db.session.get(User, layer(final, place).keeper_id)
        confirm(final, ask(final, place, keeper), final.people.sue)
