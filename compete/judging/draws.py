"""抽签: the running order comes from a public seed by `scoring.draw`; every draw is kept, also those that were superseded."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.judging import sessions, sheets
from compete.models import Draw, Event, Part, Session, Slot, Stage, db
from scoring.problems import Problem

METHODS = {"hall": "现场报出的种子", "system": "系统随机种子"}


class Shown(NamedTuple):
    """A kept draw as pages show it: `steps` in order of turns, `groups` {item: name} where neighbours had to differ,
    `barred` the items that were not to begin."""

    draw: Draw
    steps: tuple
    groups: dict[str, str]
    barred: list[str]
    attempt: int
    note: str
    is_true: bool


def system_seed() -> str:
    return secrets.token_hex(6)


def items_of(session: Session, *, named: bool = False) -> dict[str, sheets.SlotRow]:
    """{what is drawn: entry}. Numbers are padded so that they sort as printed; a blind entry is drawn by its code.

    A number drawn in public beside a code shown at that turn would tell whose code it is. `named`: as in `sheets.slots`.
    """
    rows = [row for row in sheets.slots(session.id, named=True) if row.status not in ("withdrawn", "disqualified")]
    width = max(2, *(len(str(row.number)) for row in rows), 0)
    items = {row.code if row.veiled and row.code else f"{row.number:0{width}d}": row for row in rows}
    if named:
        return items
    return {item: row._replace(number=0, title="", organization="") if row.veiled else row for item, row in items.items()}


def _same(item: str) -> str:
    """A number as people type it, without the zeros before it; a code as it is."""
    return item.lstrip("0") if item.isdecimal() else item


def obstacle(session: Session) -> Problem | None:
    """Why the order can no longer be drawn."""
    if sessions.begun(session):
        return Problem("draw.begun", session.name, "已经有评委打分，出场顺序不能再变", "如需调整，请由监督在现场说明并记录")
    if session.state == "closed":
        return Problem("draw.closed", session.name, "本场已结束", "已结束的场次不再抽签")
    return None


def current(session_id: int) -> Draw | None:
    return db.session.scalar(sa.select(Draw).where(Draw.session_id == session_id, Draw.superseded_at.is_(None)))


def first_before(session: Session) -> dict[str, str]:
    """{number or code of an entry that begins another session of the same event: name of that session}, by the draws in force."""
    event = sa.select(Stage.event_id).join(Part).where(Part.id == session.part_id).scalar_subquery()
    rows = (
        sa.select(Draw.result, Session.name)
        .join(Session, Session.id == Draw.session_id).join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id)
        .where(Stage.event_id == event, Session.id != session.id, Draw.superseded_at.is_(None)).order_by(Session.id)
    )  # fmt: skip
    return {_same(order[0]): name for order, name in db.session.execute(rows) if order}


def make(session: Session, *, seed: str, method: str, apart: bool, reason: str, actor: audit.Actor, now: datetime,
         not_first: Collection[int | str] = (), not_again: bool = False) -> Draw | Problem:  # fmt: skip
    """Draws and records. A second draw needs a reason and supersedes the first.

    not_first: numbers (or codes) of entries that do not begin; not_again: neither do those that begin another session of the event.
    """
    # Two draws at once wait for each other: only one can be in force.
    db.session.execute(sa.select(Session.id).where(Session.id == session.id).with_for_update())
    items = items_of(session)
    earlier = current(session.id)
    problem = obstacle(session)
    if problem is None and len(items) < 2:
        problem = Problem("draw.few", session.name, f"只有 {len(items)} 个参赛对象", "请先分配至少两个参赛对象")
    if problem is None and earlier is not None and not reason:
        problem = Problem("draw.reason", session.name, "已经抽过签", "重新抽签请写明理由，原结果会保留备查")
    barred = _barred(session, items, not_first, not_again)
    problem = problem or (barred if isinstance(barred, Problem) else None)
    if problem:
        return problem
    groups = _groups(session, items_of(session, named=True)) if apart else {}
    drawn = scoring.draw_order(seed, list(items), groups, not_first=barred)
    if earlier is not None:
        earlier.superseded_at = now
        db.session.flush()
    row = Draw(session_id=session.id, seed=seed, items=[_kept(item, groups, barred) for item in sorted(items)],
               result=list(drawn.order), method=method, drawn_by=actor.name, drawn_at=now, reason=reason)  # fmt: skip
    db.session.add(row)
    # Entries that were out when the draw was made keep no turn.
    db.session.execute(sa.update(Slot).where(Slot.session_id == session.id).values(position=0))
    db.session.execute(sa.update(Slot), [{"id": items[item].slot_id, "position": turn} for turn, item in enumerate(drawn.order, 1)])
    db.session.flush()
    audit.record(
        contest_id=session.contest_id, actor=actor, now=now, action="draw.make" if earlier is None else "draw.again",
        subject="session", subject_id=session.id, before={"order": earlier.result} if earlier else None,
        after={"seed": seed, "method": METHODS[method], "order": row.result, "attempt": drawn.attempt} | ({"not_first": barred} if barred else {}),
        reason=reason,
    )  # fmt: skip
    return row


def _barred(session: Session, items: dict[str, sheets.SlotRow], not_first: Collection[int | str], not_again: bool) -> list[str] | Problem:
    """The items that do not begin."""
    numbers = {_same(item) for item in items}
    asked = [_same(str(number)) for number in not_first]
    unknown = [number for number in asked if number not in numbers]
    if unknown:
        return Problem("draw.unknown", session.name, f"本场没有 {unknown[0]} 号", "请核对不排第一的编号")
    found = {*asked, *(first_before(session) if not_again else ())} & numbers
    if found == numbers and numbers:
        return Problem("draw.none_first", session.name, "所有对象都不得排第一", "请减少不排第一的编号")
    return sorted(item for item in items if _same(item) in found)


def _kept(item: str, groups: dict[str, str], barred: list[str]) -> list:
    """How an item is kept with the draw: [item, organization] and, where it was not to begin, a third true."""
    return [item, groups.get(item, ""), *([True] if item in barred else [])]


def _groups(session: Session, items: dict[str, sheets.SlotRow]) -> dict[str, str]:
    """Organizations of which more than one entry is drawn. In a blind event they are named A, B, C."""
    found: dict[str, list[str]] = {}
    for item, row in items.items():
        if row.organization:
            found.setdefault(row.organization, []).append(item)
    several = {name: members for name, members in found.items() if len(members) > 1}
    blind = db.session.scalar(sa.select(Event.is_veiled).join(Stage).join(Part).where(Part.id == session.part_id))
    names = {name: f"单位{place}" if blind else name for place, name in enumerate(sorted(several, key=lambda n: min(several[n])), 1)}
    return {item: names[name] for name, members in several.items() for item in members}


def show(draw: Draw) -> Shown:
    """Recomputes the draw from its seed, so that a page never shows an order that the seed does not give."""
    groups = {item: group for item, group, *_ in draw.items if group}
    barred = [item for item, _, *not_first in draw.items if not_first]
    again = scoring.draw_order(draw.seed, [item for item, *_ in draw.items], groups, not_first=barred)
    is_true = list(again.order) == draw.result
    return Shown(draw, again.steps, groups, barred, again.attempt, again.note, is_true)
