"""What the prize page shows beside its rows: on which releases it rests, sums, and how many payees are at which step."""

from typing import NamedTuple

import sqlalchemy as sa

from compete.models import Award, Event, Payee, Payment, Release, db
from compete.prizes.service import STATES

_LAST = sa.select(Payment.state).where(Payment.payee_id == Payee.id).order_by(Payment.id.desc()).limit(1).scalar_subquery()


class Sums(NamedTuple):
    """Figures in fen of the payees a filter leaves."""

    count: int
    amount: int
    tax: int

    @property
    def net(self) -> int:
        return self.amount - self.tax


class Source(NamedTuple):
    """A standing release the money rests on."""

    number: int
    event: str
    state: str
    made_at: object
    prizes: int  # fen
    undivided: int  # awards without a payee


def conditions(wanted: str, state: str) -> list:
    """The filter of the page: a text in the payee's or the tier's name, a step of the payment."""
    found = []
    if wanted:
        found.append(Payee.name.contains(wanted, autoescape=True) | Award.tier_name.contains(wanted, autoescape=True))
    if state in STATES:
        found.append(_LAST.is_(None) if state == "none" else _LAST == state)
    return found


def _held(contest_id: int, *more) -> sa.Subquery:
    return (
        sa.select(sa.func.coalesce(_LAST, "none").label("state"), Payee.amount_fen, Payee.tax_fen)
        .select_from(Payee).join(Payee.award).join(Award.release)
        .where(Release.contest_id == contest_id, Release.state != "withdrawn", Payee.removed_at.is_(None), *more).subquery()
    )  # fmt: skip


def steps(contest_id: int, *more) -> dict[str, Sums]:
    """State -> the figures of the payees at that step."""
    held = _held(contest_id, *more)
    rows = sa.select(held.c.state, sa.func.count(), sa.func.sum(held.c.amount_fen), sa.func.sum(held.c.tax_fen)).group_by(held.c.state)
    found = {state: Sums(*(int(value) for value in values)) for state, *values in db.session.execute(rows)}
    return {code: found.get(code, Sums(0, 0, 0)) for code in STATES}


def total(some: dict[str, Sums]) -> Sums:
    return Sums(*(sum(values) for values in zip(*some.values(), strict=True)))


def sources(contest_id: int) -> list[Source]:
    """The standing releases with prize money, by number."""
    held = sa.exists().where(Payee.award_id == Award.id, Payee.removed_at.is_(None))
    rows = (
        sa.select(Release.number, Event.name, Release.state, Release.made_at, sa.func.sum(Award.prize_fen),
                  sa.func.sum(sa.case((held, 0), else_=1)))
        .join(Event, Event.id == Release.event_id).join(Award, Award.release_id == Release.id)
        .where(Release.contest_id == contest_id, Release.state != "withdrawn", Award.prize_fen > 0)
        .group_by(Release.number, Event.name, Release.state, Release.made_at).order_by(Release.number)
    )  # fmt: skip
    return [Source(number, event, state, made_at, int(prizes), int(undivided))
            for number, event, state, made_at, prizes, undivided in db.session.execute(rows)]  # fmt: skip
