"""The judge's guards: like access.judge_only, but without a sign-in page: who has no card is told to scan it."""

from functools import wraps

import sqlalchemy as sa
from flask import g, jsonify, render_template, request, session
from flask_login import current_user

from compete.database import write
from compete.marking import refusals
from compete.models import Judge, db
from compete.prepared import Prepared
from scoring.problems import Problem

ROLES = ("judge", "chief")
_table = Judge.__table__.c
# A message comes with every touch of every tablet: the judge is read without the ORM, and without what is encrypted.
_CALLER = Prepared(sa.select(_table.id, _table.contest_id, _table.name, _table.role).where(
    _table.id == sa.bindparam("judge"), _table.epoch == sa.bindparam("epoch"), sa.or_(*(_table.role == role for role in ROLES)),
    _table.card_revoked_at.is_(None), _table.withdrawn_at.is_(None),
))  # fmt: skip


def seated():
    """The judge behind this request, or None."""
    person = current_user._get_current_object()
    return person if isinstance(person, Judge) and person.role in ROLES else None


def _card() -> tuple[int, int] | None:
    """The judge and the epoch that this session was opened with."""
    kind, _, rest = str(session.get("_user_id") or "").partition(":")
    number, _, epoch = rest.partition(":")
    return (int(number), int(epoch)) if kind == "judge" and number.isdigit() and epoch.isdigit() else None


def caller():
    """The judge behind a tablet's message (id, contest_id, name, role), or None; the same rule as `seated`."""
    card = _card()
    return card and _CALLER.one(db.session.connection(), {"judge": card[0], "epoch": card[1]})


def why_out() -> Problem:
    """Why the card of this session no longer opens the door."""
    card = _card()
    if card is None:
        return refusals.signed_out()
    row = db.session.execute(sa.select(Judge.card_revoked_at, Judge.withdrawn_at).where(Judge.id == card[0])).one_or_none()
    if row and (row.card_revoked_at or row.withdrawn_at):
        return refusals.card_revoked()
    if session.get("card_of"):
        return refusals.rehearsal_over()
    return refusals.card_replaced() if row else refusals.signed_out()


def tablet(view):
    """A page for judges."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if seated() is None:
            return render_template("marking/outside.html", problem=why_out()), 401
        return view(*args, **kwargs)

    guarded.guard = "judge"
    return guarded


def tablet_api(view):
    """A message from a judge's tablet, `g.judge`: refusals are JSON that the tablet can show."""

    @wraps(view)
    def guarded(*args, **kwargs):
        g.judge = caller()
        if g.judge is None:
            return refuse(why_out())
        return view(*args, **kwargs)

    guarded.guard = "judge"
    return guarded


def tablet_write(view):
    """Like `tablet_api`, with the whole view as one durable transaction: the card is read in the one that takes the mark."""

    @wraps(view)
    def guarded(*args, **kwargs):
        request.get_data()  # all of it first: a slow network must not hold up the other writers
        with write(together=True):
            g.judge = caller()
            return view(*args, **kwargs) if g.judge else refuse(why_out())

    guarded.guard = "judge"
    return guarded


def refuse(problem: Problem, **more):
    answer = {"code": problem.code, "where": problem.where, "message": problem.message, "mend": problem.mend, **more}
    return jsonify(answer), refusals.status_of(problem)
