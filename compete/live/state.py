"""What the host's console shows of one session: gathered once, for the page and for its refreshing. Never a mark."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete.audit import service as audit
from compete.judging import masks, sheets
from compete.live import clock, screens, showings, tablets, timing, turns
from compete.live.podium import clock_of, podium_of
from compete.marking import desk, seats
from compete.models import PHASES, Event, Part, Penalty, Podium, Screen, Session, Showing, Slot, Stage, Timing, db
from scoring import format_points

NEXT = 2  # how many of those who wait are shown
LATEST = 6  # decided overtimes that can be taken back from the console


class Hall(NamedTuple):
    """A session with what it belongs to."""

    session: Session
    part: Part
    event: Event


class Turn(NamedTuple):
    """An entry as the console calls it: its code alone where judged blind. `turn` in the running order, from 1."""

    slot_id: int
    entry_id: int
    label: str
    title: str
    organization: str
    turn: int
    status: str
    status_text: str
    had: str
    progress: turns.Progress
    veiled: bool

    @property
    def key(self) -> int | str:
        """The turn in a button: a blind one does not go by its number, which tells the entrant's."""
        return masks.mask(self.slot_id, "slot") if self.veiled else self.slot_id

    @property
    def present(self) -> bool:
        return self.status in turns.PRESENT


class SeatTile(NamedTuple):
    """A judge's place before the entry on stage: the state of the sheet, never a mark, and how the tablet is."""

    judge_id: int
    name: str
    chief: bool
    state: str
    words: str
    tablet: tablets.Told
    viewing: str


class Overtime(NamedTuple):
    timing_id: int
    slot_id: int
    label: str
    words: str
    points: int
    forgotten: str = ""  # how long, where it looks as if nobody had stopped the clock


class Alert(NamedTuple):
    """Something that needs a person; `place`: the endpoint's blueprint where it is dealt with, "" for nowhere."""

    kind: str
    words: str
    mend: str
    place: str = ""


class State(NamedTuple):
    """Everything on the console. `clock` as in `clock.Clock.document`; `tag` changes with whatever is shown."""

    hall: Hall
    podium: Podium | None
    clock: clock.Clock
    phases: tuple[str, ...]
    phase_text: str
    on: Turn | None
    previous: Turn | None
    next: list[Turn]
    waiting: int
    turns: list[Turn]
    seats: list[SeatTile]
    progress: turns.Progress
    due: list[Overtime]
    decided: list[Overtime]
    alerts: list[Alert]
    screens: list[tuple[Screen, bool]]
    shown: Showing | None

    @property
    def revision(self) -> int:
        return self.podium.revision if self.podium else 0

    @property
    def asked(self) -> list[Overtime]:
        """Overtimes to decide of the entry on stage: they stand beside its clock."""
        return [owed for owed in self.due if self.on and owed.slot_id == self.on.slot_id]

    @property
    def left(self) -> list[Overtime]:
        """Those that were left open: they stand with what needs a person."""
        return [owed for owed in self.due if owed not in self.asked]

    @property
    def warnings(self) -> tuple[int, ...]:
        return clock.warnings(self.hall.part.timing, self.clock.allotted_ms)

    @property
    def overtime(self) -> dict | None:
        """The rule, while it would charge the phase that runs."""
        return (self.hall.part.timing or {}).get("overtime") if self.clock.phase == "speech" else None


def halls(contest_id: int) -> list[Hall]:
    """The contest's sessions with their parts and events, in one query."""
    query = (
        sa.select(Session, Part, Event).join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id)
        .join(Event, Event.id == Stage.event_id).where(Session.contest_id == contest_id).order_by(Session.position, Session.id)
    )  # fmt: skip
    return [Hall(*row) for row in db.session.execute(query)]


def signs(hall: Hall, trail: int, now: datetime) -> tuple[str, list[seats.SeatNow], list[tuple[Screen, bool]]]:
    """(tag, seats, screens): what changes without the contest's trail (`trail`: its length), told as coarsely as it is shown."""
    found = seats.at(hall.session)
    shown = [(row, screens.is_on(row, now)) for row in screens.listed(hall.session.contest_id)]
    told = [[seat.judge_id, seat.viewing, seat.late, *(list(one) for one in tablets.tell(seat, now))] for seat in found]
    return audit.digest([trail, hall.session.id, told, [[row.id, on] for row, on in shown]])[:20], found, shown


def read(hall: Hall, found: list[seats.SeatNow], shown: list[tuple[Screen, bool]], now: datetime) -> State:
    """The state; the number of queries does not depend on how many entries, judges or screens there are."""
    session, part, event = hall
    podium = podium_of(session.id)
    rows = sheets.slots(session.id)
    seat_rows = sheets.seats(session)
    counts = turns.progress(session, seat_rows)
    had = podium.turns if podium else {}
    none = turns.Progress(0, 0, 0)
    listed = [
        Turn(row.slot_id, row.entry_id, *desk.name_of(row, event.is_veiled, turn).values(), turn, row.status, row.status_text,
             had.get(str(row.slot_id), ""), counts.get(row.slot_id, none), row.veiled)
        for turn, row in enumerate(rows, 1)
    ]  # fmt: skip
    by_slot = {turn.slot_id: turn for turn in listed}
    here = podium.slot_id if podium else None
    complete = {slot for slot, one in counts.items() if one.done and not one.awaited}
    still = [by_slot[row.slot_id] for row in turns.waiting(rows, had, here, complete)]
    on = by_slot.get(here)
    last = turns.previous(rows, had, here)
    due = [_owed(row, by_slot[row.slot_id].label) for row in timing.due(session, part)]
    return State(
        hall, podium, clock_of(podium) if podium else clock.Clock("idle", 0, 0, None), clock.phases(part.speech_minutes, part.question_minutes),
        PHASES[podium.phase if podium else "idle"], on, by_slot[last.slot_id] if last else None, still[:NEXT], len(still), listed, _tiles(session, rows, on, seat_rows, found, now),
        turns.Progress(*(sum(column) for column in zip(*counts.values(), strict=True))) if counts else none,
        due, _decided(session, by_slot), _alerts(hall, listed, on, found, now), shown, _shown(part, on),
    )  # fmt: skip


def _owed(row: timing.Due, label: str) -> Overtime:
    charge = row.charge
    return Overtime(row.timing.id, row.slot_id, label, charge.reason, charge.points, clock.duration(charge.seconds) if charge.forgotten else "")


def _tiles(session: Session, rows, on: Turn | None, seat_rows, found: list[seats.SeatNow], now: datetime) -> list[SeatTile]:
    row = [row for row in rows if on and row.slot_id == on.slot_id]
    cells = sheets.matrix(session, row, seat_rows) if row else {}
    told = {seat.judge_id: seat for seat in found}
    tiles = []
    for seat in seat_rows:
        cell = cells.get((on.entry_id, seat.judge_id)) if on else None
        state = cell.state if cell else ""
        now_there = told.get(seat.judge_id)
        tablet = tablets.tell(now_there, now)[0] if now_there else tablets.Told("quiet", "还没有进入")
        tiles.append(SeatTile(seat.judge_id, seat.name, seat.role == "chief", state, sheets.CELL_STATES.get(state, ""), tablet,
                              now_there.viewing if now_there else ""))  # fmt: skip
    return tiles


def _decided(session: Session, by_slot: dict[int, Turn]) -> list[Overtime]:
    """Overtimes that were charged or waived, the latest first: they can be taken back."""
    query = (
        sa.select(Timing, Penalty.points).join(Slot, Slot.id == Timing.slot_id).outerjoin(Penalty, Penalty.id == Timing.penalty_id)
        .where(Slot.session_id == session.id, Timing.void_at.is_(None), Penalty.revoked_at.is_(None))
        .where(sa.or_(Penalty.id.is_not(None), Timing.waived_at.is_not(None))).order_by(Timing.id.desc()).limit(LATEST)
    )  # fmt: skip
    return [
        Overtime(row.id, row.slot_id, by_slot[row.slot_id].label, f"已扣 {format_points(points)} 分" if points else "超时不扣", points or 0)
        for row, points in db.session.execute(query) if row.slot_id in by_slot
    ]  # fmt: skip


def _alerts(hall: Hall, listed: list[Turn], on: Turn | None, found: list[seats.SeatNow], now: datetime) -> list[Alert]:
    """What needs a person: scores shown that no longer hold, lost tablets, late marks, returned sheets, entries that were on stage and still lack sheets."""
    alerts = []
    stale = showings.stale(hall.part.id) if showings.doubtful(hall.part.id) else []
    if stale:
        numbers = "、".join(str(number) for number in stale)
        alerts.append(Alert("bad", f"第 {numbers} 次亮出之后成绩有变动，亮过的分不再作数", "请撤回那一次，改好后重新亮分", "showings"))
    for seat in found:
        told = tablets.tell(seat, now)[0]
        if told.kind == "bad":
            alerts.append(Alert("bad", f"{seat.judge}：{told.words}", told.mend))
    if on and hall.session.state == "waiting":
        alerts.append(Alert("wait", "本场还没有开始评分", "评委现在不能打分，请按下面的“开始评分”"))
    late = sum(seat.late for seat in found)
    if late:
        alerts.append(Alert("wait", f"{late} 条迟到打分待总评委处理", "请总评委看清后采纳或不采纳", "late"))
    returned = sum(turn.progress.returned for turn in listed)
    if returned:
        alerts.append(Alert("wait", f"{returned} 张评分表已退回", "等评委改好重交"))
    lacking = [turn for turn in listed if turn.had == "done" and turn.progress.awaited and turn != on]
    if lacking and hall.session.state == "open":
        names = "、".join(f"{turn.label}（差 {turn.progress.awaited} 张）" for turn in lacking[:5])
        more = f" 等 {len(lacking)} 项" if len(lacking) > 5 else ""
        alerts.append(Alert("wait", f"已下台、还没交齐：{names}{more}", "请提醒评委提交"))
    return alerts


def _shown(part: Part, on: Turn | None) -> Showing | None:
    """The score of the entry on stage, where it is shown already."""
    if on is None:
        return None
    query = sa.select(Showing).where(
        Showing.part_id == part.id, Showing.entry_id == on.entry_id, Showing.kind == "score", Showing.withdrawn_at.is_(None)
    )
    return db.session.scalar(query.order_by(Showing.number.desc()).limit(1).options(sa.orm.defer(Showing.document)))
