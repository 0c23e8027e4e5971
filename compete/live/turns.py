"""Whose turn comes when: who waits, who has been, how far the sheets of each are."""

from typing import NamedTuple

import sqlalchemy as sa

from compete.judging import sheets
from compete.judging.cells import AWAITED, CELLS, DONE, keys
from compete.models import Session, Slot, db

PRESENT = ("competing", "out_of_competition")  # entries with this status come on stage


class Progress(NamedTuple):
    """Of one entry: sheets handed in, sheets still awaited, and those of them that were returned."""

    done: int
    awaited: int
    returned: int


def waiting(rows: list[sheets.SlotRow], had: dict[str, str], current: int | None, complete: set[int]) -> list[sheets.SlotRow]:
    """Those who still come, in the order in which they do: after the one on stage, then earlier ones, skipped ones last."""
    here = next((place for place, row in enumerate(rows) if row.slot_id == current), -1)
    still = [
        (place, row) for place, row in enumerate(rows)
        if row.slot_id != current and row.status in PRESENT and had.get(str(row.slot_id)) != "done" and row.slot_id not in complete
    ]  # fmt: skip
    still.sort(key=lambda found: (had.get(str(found[1].slot_id)) == "skipped", found[0] < here, found[0]))
    return [row for _, row in still]


def previous(rows: list[sheets.SlotRow], had: dict[str, str], current: int | None) -> sheets.SlotRow | None:
    """The one that left the stage last and may come back."""
    present = {row.slot_id: row for row in rows if row.status in PRESENT and row.slot_id != current}
    return next((present[int(slot)] for slot in reversed(had) if int(slot) in present), None)


def _count(*states: str):
    return sa.func.sum(sa.case((CELLS.c.state.in_(states), 1), else_=0))


_COUNTS = (
    sa.select(Slot.id, _count(*DONE), _count(*AWAITED), _count("returned"))
    .join(CELLS, CELLS.c.entry_id == Slot.entry_id).where(Slot.session_id == sa.bindparam("session")).group_by(Slot.id)
)  # fmt: skip


def progress(session: Session, seats: list[sheets.SeatRow]) -> dict[int, Progress]:
    """{slot: Progress} of the whole session, in one query."""
    if not seats:
        return {}
    rows = db.session.execute(_COUNTS, keys(session, [seat.judge_id for seat in seats]))
    return {slot: Progress(int(done), int(awaited), int(returned)) for slot, done, awaited, returned in rows}
