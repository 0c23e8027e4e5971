"""What a release says for good: the document that its digest is over."""

from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.awards import lists
from compete.awards.lists import Preview, plain_place
from compete.blind import service as blind
from compete.models import Contest, Delegation, Entry, Event, Member, db
from compete.results.facts import Board

DOCUMENT_VERSION = 1


def document(board: Board, found: Preview, *, number: int, now: datetime) -> dict:
    """All that pages and workbooks show of a release. Names of members, no identity or bank data."""
    event = board.event
    contest = db.session.get(Contest, event.contest_id)
    names, delegations = _people(event.id), _delegations(event.contest_id)
    tiers = {tier.code: tier.name for tier in board.scheme.tiers}
    won = {award.entry: award for award in found.allotment.awards}
    lines = []
    for standing in board.outcome.standings:
        label = board.labels[standing.entry]
        award = won.get(standing.entry)
        lines.append({
            "entry": standing.entry, "number": label.number, "title": label.title, "organization": label.organization,
            "delegation": delegations.get(label.delegation_id, ""), "names": names.get(standing.entry, []),
            "status": standing.status, "place": plain_place(standing.place), "place_text": standing.place_text, "score": standing.score_text,
            "reason": standing.reason, "tier": tiers[award.tier] if award else "", "prize_fen": award.prize_fen if award else 0,
        })  # fmt: skip
    scheme = board.scheme.to_json()
    return {
        "version": DOCUMENT_VERSION, "number": number, "contest": contest.name, "level": contest.level, "hosts": contest.hosts,
        "event": event.name, "made_at": now.isoformat(), "scheme": {"version": event.scheme_version, "digest": audit.digest(scheme)},
        "tiers": [{"name": tier.name, "planned": tier.planned, "allotted": tier.allotted, "vacant": tier.vacant,
                   "prize_fen": tier.prize_fen} for tier in found.allotment.tiers],
        "total_fen": found.total_fen, "standings": lines, "outcome": board.outcome.to_json(),
        **lists.document(board, found.lists), **_coding(event),
    }  # fmt: skip


def _coding(event: Event) -> dict:
    """How a blind event was coded and opened: the layers with the digests of their tables; an emergency with its reason."""
    if not event.is_blind:
        return {}
    found = blind.coding(event)
    layers = [
        {"name": state.layer.name, "digest": state.table.digest, "sealed_at": state.table.sealed_at.isoformat(),
         "opened_at": state.table.opened_at.isoformat() if state.table.opened_at else "",
         "opened_by": [state.opened.asked_name, state.opened.settled_name] if state.opened else [],
         "emergency": state.opened.reason if state.opened and state.opened.kind == "emergency" else ""}
        for state in found.layers if state.table
    ]  # fmt: skip
    return {"coding": layers} if layers else {}


def _people(event_id: int) -> dict[int, list[str]]:
    rows = sa.select(Member.entry_id, Member.name).join(Entry, Entry.id == Member.entry_id).where(Entry.event_id == event_id)
    found = {}
    for entry, name in db.session.execute(rows.where(Member.role != "adviser").order_by(Member.position)):
        found.setdefault(entry, []).append(name)
    return found


def _delegations(contest_id: int) -> dict[int, str]:
    return dict(db.session.execute(sa.select(Delegation.id, Delegation.name).where(Delegation.contest_id == contest_id)).all())
