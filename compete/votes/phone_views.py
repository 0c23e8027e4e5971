"""The page on people's phones: choose, send, keep the receipt. Works without scripts."""

import secrets

import sqlalchemy as sa
from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from sqlalchemy.orm import joinedload

from compete import clock
from compete.access import device, public
from compete.database import write
from compete.models import Contest, Poll, db
from compete.setup import limiter
from compete.votes import ballots, service
from scoring.problems import Problem

blueprint = Blueprint("phone_vote", __name__, url_prefix="/vote")
# A hall of thousands may stand behind one address: phones are told apart by their own cookie or ticket, the address is a last resort.
PER_PHONE, PER_ADDRESS = "20 per minute", "12000 per minute"


def _phone() -> str:
    ticket = (session.get("tickets") or {}).get(request.view_args["key"])
    return f"vote:{ticket or session.get('voter') or request.remote_addr}"


def _poll(key: str) -> Poll:
    return db.session.scalar(sa.select(Poll).where(Poll.key == key).options(joinedload(Poll.event))) or abort(404)


def _secret(poll: Poll) -> str | None:
    """What this phone votes by: its own cookie, or the ticket that was scanned on it."""
    if poll.ticketed:
        code = (session.get("tickets") or {}).get(poll.key)
        return f"ticket:{code}" if code and ballots.find_ticket(poll, code) else None
    if "voter" not in session:
        session["voter"] = secrets.token_hex(16)
    return session["voter"]


@blueprint.get("/<key>/t/<code>", endpoint="ticket")
@public
@limiter.limit(PER_ADDRESS)
def take_ticket(key, code):
    """The QR on a slip: the ticket is kept in this phone's cookie, the address bar forgets it."""
    poll = _poll(key)
    if ballots.find_ticket(poll, code) is None:
        return _page(poll, problem=Problem("ticket.unknown", poll.name, "这张投票券无效", "请确认是本场发放的投票券，或联系会务人员"), status=404)
    session["tickets"] = {**(session.get("tickets") or {}), key: code}
    return redirect(url_for("phone_vote.page", key=key))


@blueprint.route("/<key>", methods=["GET", "POST"])
@public
@limiter.limit(PER_PHONE, methods=["POST"], key_func=_phone)
@limiter.limit(PER_ADDRESS, methods=["POST"])
def page(key):
    poll = _poll(key)
    secret = _secret(poll)
    if request.method == "GET":
        return _page(poll, secret)
    if secret is None:
        return _page(poll, problem=Problem("ticket.none", poll.name, "还没有扫投票券", "请用手机相机扫您的投票券，再投票"), status=403)
    chosen = request.form.getlist("entry", type=int)[:200]
    where = ballots.source(request.remote_addr or "", request.headers.get("User-Agent", ""))
    with write(together=True):
        cast = ballots.cast(_poll(key), ballots.voter(secret), chosen, device=device().partition(" ")[0], source=where, now=clock.now())
    if isinstance(cast, Problem):
        return _page(poll, secret, problem=cast, chosen=frozenset(chosen), status=422)
    return redirect(url_for("phone_vote.page", key=key))


def _page(poll: Poll, secret: str | None = None, *, problem: Problem | None = None, chosen: frozenset = frozenset(), status: int = 200):
    cast = ballots.of_voter(poll.id, ballots.voter(secret)) if secret else None
    again = "again" in request.args or problem is not None
    voting = poll.state == "open" and secret is not None and (cast is None or (poll.changeable and again))
    return render_template(
        "votes/vote.html", poll=poll, contest=db.session.get(Contest, poll.contest_id), choices=service.choices(poll), cast=cast, voting=voting,
        problem=problem, chosen=chosen or (cast.entry_ids if cast else frozenset()), lacks=poll.ticketed and secret is None,
    ), status  # fmt: skip
