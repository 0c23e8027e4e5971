"""The chief judge closes a part: every sheet in, then locked and signed; opened again only with a reason, before a release."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import sheets
from compete.marking import signing
from compete.models import Event, Part, Release, Session, Sheet, Signature, Stage, db
from scoring.problems import Problem


class Board(NamedTuple):
    """A session with its rows, columns and cells."""

    session: Session
    slots: list
    seats: list
    cells: dict

    def awaited(self) -> list[tuple]:
        """(slot, seat, cell) of every sheet that is still missing."""
        pairs = ((slot, seat, self.cells[slot.entry_id, seat.judge_id]) for slot in self.slots for seat in self.seats)
        return [(slot, seat, cell) for slot, seat, cell in pairs if cell.state in sheets.AWAITED]

    @property
    def missing(self) -> int:
        return len(self.awaited())

    def late(self) -> list[tuple[str, int]]:
        """(judge, missing sheets) of those who still owe some."""
        counts = {}
        for _, seat, _ in self.awaited():
            counts[seat.name] = counts.get(seat.name, 0) + 1
        return list(counts.items())

    def veils(self, entry_id: int, judge_id: int | None) -> bool:
        """A chief who also marks sees the others' marks of an entry only after handing in the own ones."""
        own = self.cells.get((entry_id, judge_id))
        return own is not None and own.state in sheets.AWAITED

    def count(self, *states: str) -> int:
        return sum(cell.state in states for cell in self.cells.values())


def boards(part_id: int) -> list[Board]:
    """Every session of the part with its matrix."""
    found = []
    for session in db.session.scalars(sa.select(Session).where(Session.part_id == part_id).order_by(Session.position, Session.id)):
        slots, seats = sheets.slots(session.id), sheets.seats(session)
        found.append(Board(session, slots, seats, sheets.matrix(session, slots, seats)))
    return found


def event_of(part: Part) -> Event:
    return db.session.scalar(sa.select(Event).join(Stage, Stage.event_id == Event.id).where(Stage.id == part.stage_id))


def part_signature(part_id: int) -> Signature | None:
    return db.session.scalar(
        sa.select(Signature).where(Signature.scope == "part", Signature.part_id == part_id, Signature.void_at.is_(None))
        .order_by(Signature.id.desc()).limit(1)
    )  # fmt: skip


def ready(part: Part, found: list[Board]) -> Problem | None:
    """What keeps the part from being locked."""
    if part.locked_at:
        return Problem("part.locked", part.name, "本环节已经锁定", "不需要再锁定一次")
    if not any(board.count(*sheets.DONE) for board in found):
        return Problem("part.empty", part.name, "还没有任何已提交的评分表", "请等评委提交后再锁定")
    missing = [f"{seat.name} {_called(board, slot)}" for board in found for slot, seat, _ in board.awaited()]
    if missing:
        named = "、".join(missing[:5]) + ("等" if len(missing) > 5 else "")
        return Problem("part.incomplete", part.name, f"还缺 {len(missing)} 张评分表：{named}", "请催交，或由组织者记缺席、回避后再锁定")
    return None


def _called(board: Board, slot) -> str:
    """As the judges' tablets name it: without a code yet, a blind entry by its turn."""
    if slot.veiled:
        return f"{slot.code} 号" if slot.code else f"第{board.slots.index(slot) + 1}项"
    return f"{slot.number} 号"


def digest_of(part: Part, found: list[Board]) -> str:
    entries = sorted({slot.entry_id for board in found for slot in board.slots})
    judges = sorted({seat.judge_id for board in found for seat in board.seats})
    return signing.marks_digest(part.id, entries, judges)


def lock(part: Part, *, digest: str, name: str = "", drawing: str | None = None, judge_id: int | None, actor: audit.Actor, now: datetime) -> Signature | Problem:
    """Locks every sheet of the part and signs them; `digest` is the one shown to the chief judge."""
    found = boards(part.id)
    problem = ready(part, found)
    if problem:
        return problem
    covered = digest_of(part, found)
    if covered != digest:
        return Problem("list_changed", "签名", "签名前有评分表发生了变化", "请重新核对后再锁定签名")
    wrong = signing.unfit(name, drawing, actor.name)
    if wrong:
        return wrong
    swapped = db.session.execute(
        sa.update(Part).where(Part.id == part.id, Part.locked_at.is_(None)).values(locked_at=now, locked_by=actor.name)
        .execution_options(synchronize_session=False)
    ).rowcount  # fmt: skip
    if not swapped:
        return Problem("part.locked", part.name, "本环节刚刚已被锁定", "请刷新页面")
    count = _move_sheets(part.id, "submitted", "locked")
    made = Signature(scope="part", part_id=part.id, judge_id=judge_id, name=actor.name, digest=covered, drawing=drawing or None, signed_at=now)
    db.session.add(made)
    db.session.flush()
    db.session.refresh(part)
    audit.record(
        contest_id=event_of(part).contest_id, actor=actor, now=now, action="part.lock", subject="part", subject_id=part.id,
        before={"locked": False}, after={"locked": True, "sheets": count, "digest": covered},
    )  # fmt: skip
    return made


def unlock(part: Part, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Opens a locked part again; what was signed is void, the record stays."""
    if not reason.strip():
        return Problem("unlock.reason", "解锁理由", "还没有填写", "请写明为什么要解锁")
    if not part.locked_at:
        return Problem("part.open", part.name, "本环节没有锁定", "不需要解锁")
    event = event_of(part)
    number = db.session.scalar(sa.select(sa.func.max(Release.number)).where(Release.event_id == event.id, Release.state != "withdrawn"))
    if number:
        return Problem("part.released", part.name, f"“{event.name}”已有第 {number} 号发布，不能解锁", "请先由组织者撤回该发布")
    db.session.execute(
        sa.update(Part).where(Part.id == part.id).values(locked_at=None, locked_by=None).execution_options(synchronize_session=False)
    )
    count = _move_sheets(part.id, "locked", "submitted")
    db.session.execute(
        sa.update(Signature).where(Signature.scope == "part", Signature.part_id == part.id, Signature.void_at.is_(None))
        .values(void_at=now).execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.refresh(part)
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="part.unlock", subject="part", subject_id=part.id,
        before={"locked": True}, after={"locked": False, "sheets": count}, reason=reason.strip(),
    )  # fmt: skip
    return None


def _move_sheets(part_id: int, before: str, after: str) -> int:
    return db.session.execute(
        sa.update(Sheet).where(Sheet.part_id == part_id, Sheet.state == before).values(state=after)
        .execution_options(synchronize_session=False)
    ).rowcount  # fmt: skip
