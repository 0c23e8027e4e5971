"""Who should hand in a sheet for what, and how far each one is. Core selects: a board has thousands of cells.

A cell's state, the first that applies:
    recused    回避: the judge does not judge this entry (a sheet begun before does not count)
    submitted / locked   the judge's sheet counts, whatever came after
    ruled      the entry was absent, disqualified, vetoed or withdrawn: no sheet is awaited
    absent     the judge is absent from the session: no sheet is awaited
    returned / draft / none   a sheet is still awaited
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import (
    Entry,
    EntryCode,
    Judge,
    JudgeAbsence,
    Organization,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Slot,
    db,
)
from scoring.problems import Problem

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
ENTRY_OUT = {"withdrawn": ("withdrawn", "已退赛"), "disqualified": ("disqualified", "取消资格")}
UNDRAWN = 1_000_000_000


class SeatRow(NamedTuple):
    judge_id: int
    name: str
    role: str
    organization: str
    position: int


class SlotRow(NamedTuple):
    """`status` is the engine's: competing, or why no sheet is awaited (`status_text` in words). `code` in blind events."""

    slot_id: int
    entry_id: int
    number: int
    position: int
    title: str
    organization: str
    code: str
    status: str
    status_text: str


class Cell(NamedTuple):
    state: str
    sheet_id: int | None = None
    total: int | None = None
    note: str = ""


class Tally(NamedTuple):
    """Of one judge in one session; `awaited` = still missing."""

    expected: int
    done: int
    draft: int
    returned: int
    awaited: int


def seats(session: Session) -> list[SeatRow]:
    """The judges of the session's panel, in their order."""
    if session.panel_id is None:
        return []
    rows = db.session.execute(
        sa.select(Judge.id, Judge.name, Judge.role, Judge.organization, Seat.position)
        .join(Seat, Seat.judge_id == Judge.id)
        .where(Seat.panel_id == session.panel_id, Judge.withdrawn_at.is_(None))
        .order_by(Seat.position, Seat.id)
    )
    return [SeatRow(*row) for row in rows]


def running_order():
    """Drawn slots by their turn, then the others by number."""
    return sa.case((Slot.position == 0, UNDRAWN), else_=Slot.position), Entry.number


def slots(session_id: int, *, offset: int = 0, limit: int | None = None, entry_ids: Iterable[int] | None = None) -> list[SlotRow]:
    """The entries of the session in running order (two queries)."""
    code = sa.select(EntryCode.code).where(EntryCode.entry_id == Entry.id).order_by(EntryCode.layer.desc()).limit(1).scalar_subquery()
    query = (
        sa.select(Slot.id, Entry.id, Entry.number, Slot.position, Entry.title, Organization.name, code, Entry.state, Entry.in_competition)
        .join(Entry, Slot.entry_id == Entry.id)
        .outerjoin(Organization, Entry.organization_id == Organization.id)
        .where(Slot.session_id == session_id)
        .order_by(*running_order())
    )
    if entry_ids is not None:
        query = query.where(Entry.id.in_(entry_ids))
    rows = db.session.execute(query.limit(limit).offset(offset)).all()
    ruled = active_rulings(row[1] for row in rows)
    return [
        SlotRow(*row[:5], row[5] or "", row[6] or "", *status_of(row[7], row[8], ruled.get(row[1])))
        for row in rows
    ]


def status_of(state: str, in_competition: bool, ruling: str | None) -> tuple[str, str]:
    """The engine's status of an entry, and in words what keeps it out ("" when nothing does)."""
    found = ENTRY_OUT.get(state) or RULINGS.get(ruling)
    if found:
        return found
    return ("competing", "") if in_competition else ("out_of_competition", "不计名次")


def active_rulings(entry_ids: Iterable[int]) -> dict[int, str]:
    """{entry: kind} of what is in force; the gravest where several are."""
    rows = db.session.execute(
        sa.select(Ruling.entry_id, Ruling.kind).where(Ruling.entry_id.in_(list(entry_ids)), Ruling.revoked_at.is_(None))
    )
    rank = {kind: place for place, kind in enumerate(RULINGS)}
    found = {}
    for entry, kind in rows:
        if entry not in found or rank[kind] < rank[found[entry]]:
            found[entry] = kind
    return found


def absences(session_id: int) -> dict[int, str]:
    """{judge: reason} of those absent from the session."""
    rows = db.session.execute(
        sa.select(JudgeAbsence.judge_id, JudgeAbsence.reason).where(JudgeAbsence.session_id == session_id, JudgeAbsence.lifted_at.is_(None))
    )
    return {judge: reason for judge, reason in rows}


def matrix(session: Session, slot_rows: list[SlotRow], seat_rows: list[SeatRow]) -> dict[tuple[int, int], Cell]:
    """{(entry, judge): Cell} for these rows and columns (three queries)."""
    entry_ids = [row.entry_id for row in slot_rows]
    judge_ids = [row.judge_id for row in seat_rows]
    found = {
        (entry, judge): (number, state, total)
        for number, entry, judge, state, total in db.session.execute(
            sa.select(Sheet.id, Sheet.entry_id, Sheet.judge_id, Sheet.state, Sheet.total).where(
                Sheet.part_id == session.part_id, Sheet.entry_id.in_(entry_ids), Sheet.judge_id.in_(judge_ids)
            )
        )
    }
    recused = recused_pairs(entry_ids, judge_ids)
    absent = absences(session.id)
    cells = {}
    for slot in slot_rows:
        out = slot.status not in ("competing", "out_of_competition")
        for judge in judge_ids:
            pair = (slot.entry_id, judge)
            number, state, total = found.get(pair, (None, "none", None))
            if pair in recused:
                cell = Cell("recused", number, None, recused[pair])
            elif state in DONE:
                cell = Cell(state, number, total)
            elif out:
                cell = Cell("ruled", number, None, slot.status_text)
            elif judge in absent:
                cell = Cell("absent", number, None, absent[judge])
            else:
                cell = Cell(state, number, total)
            cells[pair] = cell
    return cells


def recused_pairs(entry_ids: Iterable[int], judge_ids: Iterable[int]) -> dict[tuple[int, int], str]:
    """{(entry, judge): reason} of the recusals in force."""
    rows = db.session.execute(
        sa.select(Recusal.entry_id, Recusal.judge_id, Recusal.reason).where(
            Recusal.entry_id.in_(list(entry_ids)), Recusal.judge_id.in_(list(judge_ids)), Recusal.lifted_at.is_(None)
        )
    )
    return {(entry, judge): reason for entry, judge, reason in rows}


def desk(session: Session, judge_id: int) -> list[tuple[SlotRow, Cell]]:
    """One judge's entries of the session in running order, with the state of the judge's own sheets only."""
    rows = slots(session.id)
    judge = [SeatRow(judge_id, "", "", "", 0)]
    cells = matrix(session, rows, judge)
    return [(row, cells[row.entry_id, judge_id]) for row in rows]


def sessions_of(judge_id: int) -> list[Session]:
    """The sessions in whose panel the judge sits, in order."""
    query = sa.select(Session).join(Seat, Seat.panel_id == Session.panel_id).where(Seat.judge_id == judge_id)
    return list(db.session.scalars(query.order_by(Session.position, Session.id)))


def obstacle(session: Session, judge: Judge, entry_id: int, *, now: datetime) -> Problem | None:
    """Why this judge may not write the sheet of this entry now, or None. One query.

    A returned sheet may be re-entered after the deadline and after the session was closed: returning it asks for that.
    """
    sheet = sa.and_(Sheet.part_id == session.part_id, Sheet.entry_id == Entry.id, Sheet.judge_id == judge.id)
    row = db.session.execute(
        sa.select(
            Entry.number, Entry.state, Sheet.state.label("sheet"),
            _exists(Seat, Seat.panel_id == session.panel_id, Seat.judge_id == judge.id).label("seated"),
            _exists(Recusal, Recusal.entry_id == Entry.id, Recusal.judge_id == judge.id, Recusal.lifted_at.is_(None)).label("recused"),
            _exists(Ruling, Ruling.entry_id == Entry.id, Ruling.revoked_at.is_(None)).label("ruled"),
            _exists(JudgeAbsence, JudgeAbsence.session_id == session.id, JudgeAbsence.judge_id == judge.id,
                    JudgeAbsence.lifted_at.is_(None)).label("absent"),
        )
        .select_from(Slot).join(Entry, Slot.entry_id == Entry.id).outerjoin(Sheet, sheet)
        .where(Slot.session_id == session.id, Slot.entry_id == entry_id)
    ).one_or_none()  # fmt: skip
    if row is None or not row.seated:
        return Problem("sheet.foreign", "评分表", "这份评分表不属于您", "请回到自己的评分列表")
    where = f"{row.number} 号"
    if row.sheet == "locked":
        return Problem("sheet.locked", where, "成绩已锁定，不能再改", "如有疑问，请告诉总评委")
    if row.recused:
        return Problem("sheet.recused", where, "您回避这一项，不评分", "请评下一项")
    if row.ruled or row.state in ENTRY_OUT:
        return Problem("sheet.ruled", where, "这一项不再评分（缺考、弃权或取消）", "请评下一项")
    if row.sheet == "submitted":
        return Problem("sheet.submitted", where, "这份评分表已经提交", "如需修改，请总评委或会务人员退回")
    if row.absent:
        return Problem("sheet.absent", where, "您在本场登记为缺席", "如已到场，请会务人员撤销缺席登记")
    if row.sheet == "returned":
        return None
    return _closed(session, now)


def _closed(session: Session, now: datetime) -> Problem | None:
    if session.state == "waiting":
        return Problem("session.waiting", session.name, "还没有开始评分", "请等会务人员开始本场")
    if session.state == "closed":
        return Problem("session.closed", session.name, "评分已经结束", "如需补交，请会务人员重新开放本场")
    if session.deadline is not None and now > session.deadline:
        return Problem("session.deadline", session.name, "已过截止时间", "如需补交，请会务人员延长截止时间")
    return None


def _exists(table, *conditions):
    return sa.exists().where(*conditions).select_from(table)
