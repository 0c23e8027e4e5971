"""The public vote on the hall's screens: its QR while it runs, counts where they are released for the hall."""

import sqlalchemy as sa

from compete.models import Poll, Showing, db
from compete.votes import service

MOST_LINES = 10


def body(poll_id: int | None, contest_id: int) -> dict | None:
    """{"name", "state", "most", "ballots", "lines", "of", "shown"}; `lines`, the first ones, and `of` how many, only of a frozen
    showing, or of a live vote. None: no such poll."""
    poll = db.session.get(Poll, poll_id, populate_existing=True) if poll_id else None
    if poll is None or poll.contest_id != contest_id:
        return None
    told = {"name": poll.name, "state": poll.state, "most": poll.most}
    shown = in_force(poll)
    if shown is not None:
        seal = {"number": shown.number, "digest": shown.digest[:16]}
        return told | {"ballots": shown.document["ballots"], **_public(shown.document["lines"]), "shown": seal}
    found = service.tally(poll)
    return told | {"ballots": found.ballots, **(_public(lines_of(found)) if poll.live else {"lines": None}), "shown": None}


def lines_of(tally: service.Tally) -> list[dict]:
    """The lines as a showing freezes them."""
    return [{**line.choice._asdict(), "votes": line.votes, "place": line.place} for line in tally.lines]


def _public(lines: list[dict]) -> dict:
    return {"lines": [{name: value for name, value in line.items() if name != "entry_id"} for line in lines[:MOST_LINES]], "of": len(lines)}


def in_force(poll: Poll) -> Showing | None:
    """The result of the poll that stands shown."""
    query = sa.select(Showing).where(Showing.contest_id == poll.contest_id, Showing.kind == "vote", Showing.withdrawn_at.is_(None))
    rows = db.session.scalars(query.where(Showing.event_id == poll.event_id).order_by(Showing.number.desc()))
    return next((row for row in rows if row.document["poll"] == poll.id), None)
