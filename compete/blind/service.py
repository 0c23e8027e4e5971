"""How far the coding of a blind event is: its layers, their tables, requests and openings."""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from compete.contests.schemes import FIGURE_KINDS
from compete.models import CodeLayer, CodeOpening, CodePlan, CodeTable, Entry, EntryCode, Event, Part, Sheet, Stage, db


class LayerState(NamedTuple):
    """A layer with its table in force (None: not drawn), the request that waits, and how the last one ended."""

    layer: CodeLayer
    table: CodeTable | None
    asked: CodeOpening | None
    opened: CodeOpening | None

    @property
    def is_open(self) -> bool:
        return self.table is not None and self.table.opened_at is not None


class Coding(NamedTuple):
    """`unlocked`: names of the judged parts that the chief judge has not locked; `uncoded`: approved entries without a code."""

    event: Event
    plan: CodePlan | None
    layers: list[LayerState]
    unlocked: list[str]
    entries: int
    uncoded: int
    begun: bool

    @property
    def is_simple(self) -> bool:
        """One layer that the organiser keeps: it is not opened by two, the release tells the names."""
        return self.plan is not None and self.plan.minutes == 0

    @property
    def hinders(self) -> bool:
        """Whether names must not be told yet: different people keep the layers, and not all are open."""
        return self.plan is not None and not self.is_simple and not self.all_open

    @property
    def next_to_draw(self) -> LayerState | None:
        return next((state for state in self.layers if state.table is None), None)

    @property
    def sealed(self) -> bool:
        return bool(self.layers) and self.next_to_draw is None

    @property
    def next_to_open(self) -> LayerState | None:
        """The outermost layer that is still closed, once all are drawn."""
        return next((state for state in reversed(self.layers) if not state.is_open), None) if self.sealed else None

    @property
    def all_open(self) -> bool:
        return self.sealed and self.next_to_open is None


def blind_events(contest_id: int) -> list[Event]:
    return list(db.session.scalars(sa.select(Event).where(Event.contest_id == contest_id, Event.is_blind).order_by(Event.position, Event.id)))


def coding(event: Event) -> Coding:
    return codings([event])[0]


def codings(events: list[Event]) -> list[Coding]:
    """How far these events are, in a handful of queries whatever their number."""
    numbers = [event.id for event in events]
    plans = {plan.event_id: plan for plan in _plans(numbers)}
    layers = [layer.id for plan in plans.values() for layer in plan.layers]
    tables = {row.layer_id: row for row in db.session.scalars(sa.select(CodeTable).where(CodeTable.layer_id.in_(layers), CodeTable.superseded_at.is_(None)))}
    asked, opened = {}, {}
    for row in db.session.scalars(sa.select(CodeOpening).where(CodeOpening.table_id.in_([table.id for table in tables.values()])).order_by(CodeOpening.id)):
        (asked if row.state == "asked" else opened if row.state == "opened" else {})[row.table_id] = row
    unlocked = _unlocked(numbers)
    counts = {event: (entries, uncoded, begun) for event, entries, uncoded, begun in db.session.execute(_counts(numbers))}
    found = []
    for event in events:
        plan = plans.get(event.id)
        states = []
        for layer in plan.layers if plan else ():
            table = tables.get(layer.id)
            states.append(LayerState(layer, table, asked.get(table.id) if table else None, opened.get(table.id) if table else None))
        entries, uncoded, begun = counts.get(event.id, (0, 0, 0))
        found.append(Coding(event, plan, states, unlocked.get(event.id, []), entries or 0, uncoded or 0, bool(begun)))
    return found


def _plans(events: list[int]):
    query = sa.select(CodePlan).where(CodePlan.event_id.in_(events))
    return db.session.scalars(query.options(selectinload(CodePlan.layers).options(joinedload(CodeLayer.keeper))))


def _unlocked(events: list[int]) -> dict[int, list[str]]:
    """{event: names of parts marked on sheets that are not locked yet}; an event without such a part is not locked either."""
    rows = db.session.execute(
        sa.select(Stage.event_id, Part.name, Part.locked_at).join(Part, Part.stage_id == Stage.id)
        .where(Stage.event_id.in_(events), Part.kind.not_in(FIGURE_KINDS)).order_by(Stage.position, Part.position)
    )  # fmt: skip
    found: dict[int, list[str]] = {}
    for event, name, locked_at in rows:
        found.setdefault(event, []).extend([] if locked_at else [name])
    return {event: found.get(event, ["还没有评分环节"]) for event in events}


def _counts(events: list[int]):
    coded = sa.select(EntryCode.id).where(EntryCode.entry_id == Entry.id).exists()
    sheet = sa.select(Sheet.id).where(Sheet.entry_id == Entry.id).exists()
    return (
        sa.select(Entry.event_id, sa.func.sum(sa.case((Entry.state == "approved", 1), else_=0)),
                  sa.func.sum(sa.case((sa.and_(Entry.state == "approved", ~coded), 1), else_=0)), sa.func.max(sa.case((sheet, 1), else_=0)))
        .where(Entry.event_id.in_(events)).group_by(Entry.event_id)
    )  # fmt: skip


def begun(event_id: int) -> bool:
    """Whether a sheet of the event exists: from then on its codes stand."""
    return db.session.scalar(sa.select(Sheet.id).join(Entry, Entry.id == Sheet.entry_id).where(Entry.event_id == event_id).limit(1)) is not None


def openings(found: Coding) -> list[tuple[str, CodeOpening]]:
    """Every request of the event, also those that came to nothing, with the name of its layer."""
    if found.plan is None:
        return []
    rows = db.session.execute(
        sa.select(CodeLayer.name, CodeOpening).join(CodeTable, CodeTable.id == CodeOpening.table_id).join(CodeLayer, CodeLayer.id == CodeTable.layer_id)
        .where(CodeLayer.plan_id == found.plan.id).order_by(CodeOpening.id)
    )  # fmt: skip
    return [tuple(row) for row in rows]
