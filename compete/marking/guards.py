"""The judge's guards: like access.judge_only, but without a sign-in page: who has no card is told to scan it."""

from functools import wraps

import sqlalchemy as sa
from flask import jsonify, render_template, session
from flask_login import current_user

from compete.marking import refusals
from compete.models import Judge, db
from scoring.problems import Problem

ROLES = ("judge", "chief")


def seated():
    """The judge behind this request, or None."""
    person = current_user._get_current_object()
    return person if isinstance(person, Judge) and person.role in ROLES else None


def why_out() -> Problem:
    """Why the card of this session no longer opens the door."""
    kind, _, rest = str(session.get("_user_id") or "").partition(":")
    number = rest.partition(":")[0]
    if kind != "judge" or not number.isdigit():
        return refusals.signed_out()
    row = db.session.execute(sa.select(Judge.card_revoked_at, Judge.withdrawn_at).where(Judge.id == int(number))).one_or_none()
    if row and (row.card_revoked_at or row.withdrawn_at):
        return refusals.card_revoked()
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
    """A message from a judge's tablet: refusals are JSON that the tablet can show."""

    @wraps(view)
    def guarded(*args, **kwargs):
        if seated() is None:
            return refuse(why_out())
        return view(*args, **kwargs)

    guarded.guard = "judge"
    return guarded


def refuse(problem: Problem, **more):
    answer = {"code": problem.code, "where": problem.where, "message": problem.message, "mend": problem.mend, **more}
    return jsonify(answer), refusals.status_of(problem)
