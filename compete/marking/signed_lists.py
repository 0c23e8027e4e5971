"""The judges' lists of a session for paper: every own sheet with its marks, the handwriting, and the digest that it covers."""

from collections import defaultdict
from typing import NamedTuple

import sqlalchemy as sa

from compete.judging import sheets
from compete.marking import locking, signing
from compete.models import Session, Signature, db


class Line(NamedTuple):
    """One sheet of the list: marks {criterion.id: units} and total of a sheet that was handed in."""

    slot: sheets.SlotRow
    turn: int
    cell: sheets.Cell
    marks: dict[int, int]


class SignedList(NamedTuple):
    """`signature` in force or None; `covers`: the marks are still those that were signed."""

    seat: sheets.SeatRow
    lines: list[Line]
    digest: str
    signature: Signature | None

    @property
    def covers(self) -> bool:
        return self.signature is not None and self.signature.digest == self.digest


def of_session(session: Session) -> list[SignedList]:
    """One list per seat, in five queries whatever their number."""
    slots, seats = sheets.slots(session.id), sheets.seats(session)
    cells = sheets.matrix(session, slots, seats)
    due = {
        seat.judge_id: [(turn, slot) for turn, slot in enumerate(slots, 1) if cells[slot.entry_id, seat.judge_id].state in sheets.DONE + sheets.AWAITED]
        for seat in seats
    }
    found = signing.handed_in(session.part_id, [slot.entry_id for slot in slots], list(due))
    signatures = _signatures(session.id)
    return [_list(session, seat, due[seat.judge_id], cells, found, signatures) for seat in seats]


def _list(session: Session, seat: sheets.SeatRow, due, cells, found, signatures) -> SignedList:
    own = {slot.entry_id for _, slot in due}
    counted = [row for row in found if row.judge_id == seat.judge_id and row.entry_id in own]
    marks = defaultdict(dict, {row.entry_id: dict(row.marks) for row in counted})
    lines = [Line(slot, turn, cells[slot.entry_id, seat.judge_id], marks[slot.entry_id]) for turn, slot in due]
    return SignedList(seat, lines, signing.digest_over(session.part_id, counted), signatures.get(seat.judge_id))


def _signatures(session_id: int) -> dict[int, Signature]:
    rows = db.session.scalars(
        sa.select(Signature).where(Signature.scope == "session", Signature.session_id == session_id, Signature.void_at.is_(None)).order_by(Signature.id)
    )
    return {row.judge_id: row for row in rows}


def chief(session: Session) -> Signature | None:
    """The chief judge's signature over the whole part."""
    return locking.part_signature(session.part_id)
