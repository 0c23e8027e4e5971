"""The states of a board's cells, decided in one place, in SQL: a board has thousands of cells.

A cell's state, the first that applies:
    recused    回避: the judge does not judge this entry (a sheet begun before does not count)
    submitted / locked   the judge's sheet counts, whatever came after
    ruled      the entry was absent, disqualified, vetoed or withdrawn: no sheet is awaited
    absent     the judge is absent from the session: no sheet is awaited
    returned / draft / none   a sheet is still awaited
"""

from collections.abc import Iterable

import sqlalchemy as sa

from compete.models import Entry, Judge, JudgeAbsence, Recusal, Ruling, Session, Sheet, Slot

CELL_STATES = {
    "none": "未开始",
    "draft": "草稿",
    "submitted": "已提交",
    "returned": "已退回",
    "recused": "回避",
    "absent": "缺席",
    "ruled": "不评",
    "locked": "已锁定",
}
DONE = ("submitted", "locked")
AWAITED = ("none", "draft", "returned")

# What keeps an entry out of judging -> the engine's status of the entry and the word for it.
RULINGS = {"disqualification": ("disqualified", "取消资格"), "veto": ("vetoed", "一票否决"), "absence": ("absent", "缺考/弃权")}
GRAVITY = tuple(RULINGS)
ENTRY_OUT = {"withdrawn": ("withdrawn", "已退赛"), "disqualified": ("disqualified", "取消资格")}


def status_of(state: str, in_competition: bool, ruling: str | None) -> tuple[str, str]:
    """The engine's status of an entry, and in words what keeps it out ("" when nothing does)."""
    found = ENTRY_OUT.get(state) or RULINGS.get(ruling)
    if found:
        return found
    return ("competing", "") if in_competition else ("out_of_competition", "不计名次")


def _cells(*more):
    """(entry, judge, state, sheet, total, …) of every cell of a session: the one place where states are decided.

    Built once: putting such a statement together takes longer than running it. Parameters as in `keys`.
    """
    session, judges = sa.bindparam("session"), sa.bindparam("judges", expanding=True)
    # Sets that do not depend on the row: the database makes them once, not for each of thousands of cells.
    here = sa.select(Slot.entry_id).where(Slot.session_id == session)
    ruled = sa.union_all(
        sa.select(Ruling.entry_id).where(Ruling.revoked_at.is_(None), Ruling.entry_id.in_(here)),
        sa.select(Entry.id).where(Entry.id.in_(here), Entry.state.in_(ENTRY_OUT)),
    )
    absent = sa.select(JudgeAbsence.judge_id).where(JudgeAbsence.session_id == session, JudgeAbsence.lifted_at.is_(None))
    state = sa.case(
        (sa.tuple_(Slot.entry_id, Judge.id).in_(RECUSED), "recused"),
        (Sheet.state.in_(DONE), Sheet.state),
        (Slot.entry_id.in_(ruled), "ruled"),
        (Judge.id.in_(absent), "absent"),
        else_=sa.func.coalesce(Sheet.state, "none"),
    )
    own = sa.and_(Sheet.part_id == sa.bindparam("part"), Sheet.entry_id == Slot.entry_id, Sheet.judge_id == Judge.id)
    return (
        sa.select(Slot.entry_id, Judge.id.label("judge_id"), state.label("state"), Sheet.id.label("sheet_id"), Sheet.total, *more)
        .select_from(Slot).join(Judge, Judge.id.in_(judges)).outerjoin(Sheet, own)
        .where(Slot.session_id == session)
    )  # fmt: skip


# The (entry, judge) pairs of these judges whose recusal is in force.
RECUSED = sa.select(Recusal.entry_id, Recusal.judge_id).where(
    Recusal.lifted_at.is_(None), Recusal.judge_id.in_(sa.bindparam("judges", expanding=True))
)
CELLS = _cells().subquery()
TALLY = sa.select(CELLS.c.judge_id, CELLS.c.state, sa.func.count()).group_by(CELLS.c.judge_id, CELLS.c.state)


def _matrix_query():
    """The cells of some entries, with why a judge is recused or absent."""
    reason = sa.select(Recusal.reason).where(
        Recusal.entry_id == Slot.entry_id, Recusal.judge_id == Judge.id, Recusal.lifted_at.is_(None)
    ).limit(1).scalar_subquery()  # fmt: skip
    away = sa.select(JudgeAbsence.reason).where(
        JudgeAbsence.session_id == sa.bindparam("session"), JudgeAbsence.judge_id == Judge.id, JudgeAbsence.lifted_at.is_(None)
    ).limit(1).scalar_subquery()  # fmt: skip
    return _cells(reason, away).where(Slot.entry_id.in_(sa.bindparam("entries", expanding=True)))


MATRIX = _matrix_query()


def keys(session: Session, judge_ids: Iterable[int]) -> dict:
    """The parameters of `CELLS` and `RECUSED`."""
    return {"session": session.id, "part": session.part_id, "judges": list(judge_ids)}
