"""One judge sees only their own sheets until the reveal: a chief who also marks waits for the own sheets to be in."""

import sqlalchemy as sa

from compete.judging.cells import DONE
from compete.models import Entry, JudgeAbsence, Recusal, Ruling, Seat, Session, Sheet, Slot, db


def covers(judge_id: int) -> bool:
    """Whether this judge still has a sheet to hand in, in any session. One query."""
    return _awaited(Seat.judge_id == judge_id)


def awaits(contest_id: int) -> bool:
    """Whether any sheet of the contest's open sessions is still to be handed in. One query."""
    return _awaited(Session.contest_id == contest_id, Session.state == "open")


def _awaited(*conditions) -> bool:
    def some(table, *conditions):
        return sa.exists().where(*conditions).select_from(table)

    query = (
        sa.select(Slot.id)
        .join(Session, Session.id == Slot.session_id)
        .join(Seat, Seat.panel_id == Session.panel_id)
        .join(Entry, Entry.id == Slot.entry_id)
        .where(
            *conditions,
            Entry.state == "approved",
            ~some(Sheet, Sheet.part_id == Session.part_id, Sheet.entry_id == Entry.id, Sheet.judge_id == Seat.judge_id, Sheet.state.in_(DONE)),
            ~some(Ruling, Ruling.entry_id == Entry.id, Ruling.revoked_at.is_(None)),
            ~some(Recusal, Recusal.entry_id == Entry.id, Recusal.judge_id == Seat.judge_id, Recusal.lifted_at.is_(None)),
            ~some(JudgeAbsence, JudgeAbsence.session_id == Session.id, JudgeAbsence.judge_id == Seat.judge_id, JudgeAbsence.lifted_at.is_(None)),
        )
        .limit(1)
    )
    return db.session.scalar(query) is not None
