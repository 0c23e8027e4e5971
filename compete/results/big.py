"""The standings of a large event, a page at a time: computed in columns, labels read only for the rows that are shown."""

import threading
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from compete.audit import service as audit
from compete.contests import schemes
from compete.models import Entry, EntryCode, Event, Organization, db
from compete.results import streaming
from compete.results.facts import UNCODED
from scoring import STATUSES, bulk

LIMIT = 20_000  # entries; up to here one page shows the whole field
PER_PAGE = 100
FOUND = 1000  # entries that a search looks at, at most


class Row(NamedTuple):
    entry: int
    number: str
    title: str
    organization: str
    place: int | None
    place_text: str
    score: str
    award: str


def applies(event: Event, size: int | None = None) -> bool:
    """Whether the event is too large for one page and its scheme can be computed in columns; `size` where it is known already."""
    return (streaming.size(event) if size is None else size) > LIMIT and not streaming.why_not(schemes.scheme_of(event))


class _Latest:
    """The last field computed in this process, told by the end of the contest's trail: every change of anything adds to that.

    The end is read before the facts: a change in between makes the field too new for its name, never too old.
    """

    def __init__(self):
        self.lock, self.key, self.field = threading.Lock(), None, None

    def of(self, event: Event) -> streaming.Field:
        key = (str(db.engine.url), event.id, audit.head(event.contest_id))
        with self.lock:
            if self.key != key:
                self.key = None
                self.field = streaming.field(event)
                self.key = key
            return self.field


_latest = _Latest()


def big_board(event: Event) -> streaming.Field:
    """The event's whole outcome in columns, computed again only after a change (load the event by `schemes.load`)."""
    return _latest.of(event)


def page(event: Event, field: streaming.Field, number: int, text: str = "") -> tuple[list[Row], int, int]:
    """(rows, how many in all, the page's number): standings in order, those without a place at the end.

    `text` looks for a number, a name or an organization; while judged blind for a code alone.
    """
    order = _order(field)
    if text:
        order = order[np.isin(field.entries.ids[order], _matching(event, text))]
    number = min(max(number, 1), max(-(-len(order) // PER_PAGE), 1))
    return _rows(event, field, order[(number - 1) * PER_PAGE : number * PER_PAGE]), len(order), number


def hindrances(field: streaming.Field) -> dict[str, int]:
    """How many entries keep the result from being released, by why."""
    statuses = field.tally.statuses
    return {"incomplete": int(np.count_nonzero(statuses == bulk.STATUS.index("incomplete"))), "undecided": int(np.count_nonzero(field.tally.undecided))}


def _order(field):
    """By place; then entries out of competition by the place they would hold; then the others by number."""
    tally = field.tally
    last = len(tally.ranks) + 1
    place = np.where(tally.ranks > 0, tally.ranks, last)
    return np.lexsort((field.entries.numbers, np.where(tally.outside > 0, tally.outside, last), place))


def _matching(event: Event, text: str) -> list[int]:
    wanted = sa.or_(Entry.title.contains(text, autoescape=True), Organization.name.contains(text, autoescape=True))
    if event.is_veiled:
        # By its code alone: whoever knows a number or a name would find the code beside it.
        wanted = Entry.id.in_(sa.select(EntryCode.entry_id).where(EntryCode.code == text))
    elif text.isdecimal() and len(text) < 10:
        wanted = sa.or_(wanted, Entry.number == int(text))
    query = sa.select(Entry.id).outerjoin(Organization, Entry.organization_id == Organization.id).where(Entry.event_id == event.id, wanted)
    return list(db.session.scalars(query.order_by(Entry.number).limit(FOUND)))


def _rows(event, field, rows) -> list[Row]:
    ids = [int(entry) for entry in field.entries.ids[rows]]
    labels = _labels(event, ids)
    return [Row(entry, *labels[entry], *_standing(field, at), _award(field, at)) for entry, at in zip(ids, rows, strict=True)]


def _labels(event: Event, ids) -> dict[int, tuple[str, str, str]]:
    """{entry: (number, title, organization)}; the code alone while the event is judged blind."""
    if event.is_veiled:
        rows = db.session.execute(sa.select(EntryCode.entry_id, EntryCode.code).where(EntryCode.entry_id.in_(ids)).order_by(EntryCode.layer)).all()
        codes = {entry: code for entry, code in rows}
        return {entry: (codes.get(entry, UNCODED), "", "") for entry in ids}
    rows = db.session.execute(
        sa.select(Entry.id, Entry.number, Entry.title, Organization.name).outerjoin(Organization, Entry.organization_id == Organization.id).where(Entry.id.in_(ids))
    )
    return {entry: (str(number), title, organization or "") for entry, number, title, organization in rows}


def _standing(field, at) -> tuple[int | None, str, str]:
    """(place, in words, score)."""
    tally, status = field.tally, bulk.STATUS[field.tally.statuses[at]]
    score = field.scheme.rounding.format(int(tally.scores[at])) if status in ("competing", "out_of_competition") else ""
    if tally.ranks[at]:
        place = int(tally.places[at])
        return place, f"并列第 {place} 名" if tally.shared[at] else f"第 {place} 名", score
    if tally.outside[at]:
        return None, f"不计名次（相当于第 {tally.outside[at]} 名）", score
    return None, STATUSES[status].label_zh, score


def _award(field, at) -> str:
    tier = 0 if field.awards is None else int(field.awards.tiers[at])
    if tier == bulk.awards.PENDING:
        return "待决议"
    return field.scheme.tiers[tier - 1].name if tier else ""
