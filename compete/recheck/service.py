"""复核: each sheet of the sample is compared with its paper, and how many are wrong decides whether all are looked at."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

import scoring
from compete.audit import service as audit
from compete.contests import schemes
from compete.marking import locking, rubrics
from compete.models import Contest, Event, Judge, Mark, Part, Recheck, RecheckItem, RecheckSignature, Release, Sheet, Signature, Stage, db
from compete.recheck import rules
from scoring.problems import Problem

SOURCES = {"hall": "现场报出的种子", "system": "系统随机种子"}
CHECKED = ("right", "wrong", "corrected", "dismissed")


class Line(NamedTuple):
    """One sheet of the list. `stale`: its marks changed after it was checked, so it waits again."""

    item: RecheckItem
    sheet: Sheet
    judge: str
    label: str
    stale: bool

    @property
    def is_open(self) -> bool:
        return self.item.state == "open" or self.stale


class Progress(NamedTuple):
    """`demanded`: too many are wrong and not all are being looked at yet. `rate`: of all that are looked through, as the limit
    counts; before the last of them has been, it can only grow."""

    total: int
    checked: int
    wrong: int
    unsigned: int
    demanded: bool
    rate: str

    @property
    def left(self) -> int:
        return self.total - self.checked

    @property
    def finished(self) -> bool:
        return not self.left and not self.unsigned and not self.demanded


def current(part_id: int) -> Recheck | None:
    return db.session.scalar(sa.select(Recheck).where(Recheck.part_id == part_id, Recheck.superseded_at.is_(None)))


def parts_of(contest_id: int) -> list[tuple[Part, Event]]:
    """The parts that are marked on sheets."""
    rows = db.session.execute(
        sa.select(Part, Event).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .where(Event.contest_id == contest_id, Part.kind.not_in(schemes.FIGURE_KINDS))
        .order_by(Event.position, Event.id, Stage.position, Part.position)
    )  # fmt: skip
    return [tuple(row) for row in rows]


def lines(row: Recheck) -> list[Line]:
    """The whole list with judges and labels, in a handful of queries."""
    found = db.session.execute(
        sa.select(RecheckItem, Sheet, Judge.name).join(Sheet, Sheet.id == RecheckItem.sheet_id).join(Judge, Judge.id == Sheet.judge_id)
        .where(RecheckItem.recheck_id == row.id).order_by(RecheckItem.position, RecheckItem.id)
    ).all()  # fmt: skip
    names = labels_of(row.part_id)
    return [Line(item, sheet, judge, names.get(sheet.entry_id, ""), is_stale(item, sheet)) for item, sheet, judge in found]


def labels_of(part_id: int) -> dict[int, str]:
    """{entry: its number and title} of all that are judged in the part; judged blind its code, which stands on the paper, and once
    the codes are open the name beside it."""
    return {slot.entry_id: _label(slot, turn) for board in locking.boards(part_id) for turn, slot in enumerate(board.slots, 1)}


def _label(slot, turn: int) -> str:
    named = "" if slot.veiled else f"{slot.number:02d} {slot.title}"
    code = f"{slot.code} 号" if slot.code else f"第{turn}项" if slot.veiled else ""
    return f"{code}（{named}）" if code and named else code or named


def is_stale(item: RecheckItem, sheet: Sheet) -> bool:
    return item.state != "open" and item.revision != sheet.revision


def progress(row: Recheck) -> Progress:
    return progresses([row])[row.id]


def progresses(rows: list[Recheck]) -> dict[int, Progress]:
    """How far these are, in one query."""
    found = {row.id: [] for row in rows}
    query = (
        sa.select(RecheckItem.recheck_id, RecheckItem.state, RecheckItem.why, RecheckItem.revision == Sheet.revision)
        .join(Sheet, Sheet.id == RecheckItem.sheet_id).where(RecheckItem.recheck_id.in_(found))
    )  # fmt: skip
    for number, state, why, fresh in db.session.execute(query):
        found[number].append((state, why, bool(fresh)))
    return {row.id: _progress(row, found[row.id]) for row in rows}


def _progress(row: Recheck, items: list[tuple[str, str, bool]]) -> Progress:
    checked = sum(state in CHECKED and fresh for state, _, fresh in items)
    wrong = sum(state in ("wrong", "corrected") for state, _, _ in items)
    pending = sum(state == "wrong" for state, _, _ in items)
    of_sample = [state for state, why, _ in items if why != "full"]
    demanded = row.full_at is None and rules.exceeds(sum(state in ("wrong", "corrected") for state in of_sample), len(of_sample), row.threshold)
    rate = rules.rate_text(wrong, len(items) if checked else 0)
    return Progress(len(items), checked, wrong, pending, demanded, f"至少 {rate}" if 0 < checked < len(items) else rate)


def unsigned(recheck_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(RecheckItem).where(RecheckItem.recheck_id == recheck_id, RecheckItem.state == "wrong")
    return db.session.scalar(query) or 0


def check(item: RecheckItem, *, found: dict[str, int], note: str = "", seen: int, actor: audit.Actor, now: datetime) -> Problem | None:
    """One sheet was compared: `found` {criterion: units} is what the paper says; `seen`: the revision that was looked at.

    What equals the system's marks is no error. Nothing of the sheet changes: the chief judge signs for that.
    """
    db.session.refresh(item, with_for_update=True)
    sheet = db.session.get(Sheet, item.sheet_id, populate_existing=True)
    recheck = db.session.get(Recheck, item.recheck_id)
    if recheck.superseded_at is not None:
        return Problem("recheck.superseded", "复核", "样本已经重新抽取", "请回到复核页，按新的样本核对")
    if item.state == "corrected" and not is_stale(item, sheet):
        return Problem("recheck.settled", "复核", "这一张已由总评委签字更正", "不再改动")
    if seen != sheet.revision:
        return Problem("recheck.changed", "复核", "打开之后分数有变动", "请按现在的分数重新核对")
    part, contest_id, marks, rubric = around(sheet)
    before = {code: marks.get(code) for code, units in found.items() if marks.get(code) != units}
    wrong = {code: found[code] for code in before}
    if wrong:
        problems = scoring.check_marks(rubric.part, {**marks, **wrong}, complete=True)
        if problems:
            return problems[0]
    item.state, item.revision, item.note = "wrong" if wrong else "right", sheet.revision, note.strip()
    item.found, item.before = (wrong, before) if wrong else (None, None)
    item.checked_by, item.checked_name, item.checked_at = actor.key, actor.name, now
    item.settled_name, item.settled_at, item.settled_reason = "", None, ""
    db.session.flush()
    audit.record(
        contest_id=contest_id, actor=actor, now=now, action="recheck.check", subject="sheet", subject_id=sheet.id,
        before={"marks": before} if wrong else None, after={"marks": wrong} if wrong else {"result": "一致"}, reason=item.note,
    )  # fmt: skip
    return None


def around(sheet: Sheet) -> tuple[Part, int, dict[str, int], rubrics.Rubric]:
    """(part, contest, marks by criterion, rubric) of a sheet."""
    part, event = db.session.execute(
        sa.select(Part, Event).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id).where(Part.id == sheet.part_id)
    ).one()
    rubric = rubrics.of_part(part.id, event.scheme_version)
    rows = db.session.execute(sa.select(Mark.criterion_id, Mark.value).where(Mark.sheet_id == sheet.id))
    return part, event.contest_id, {rubric.codes[number]: units for number, units in rows if number in rubric.codes}, rubric


def is_required(event: Event) -> bool:
    return rules.of(db.session.get(Contest, event.contest_id)).required


def unfinished(event: Event) -> list[Problem]:
    """What of the event's rechecks is still open: parts never rechecked (where the contest requires it), and those begun."""
    contest = db.session.get(Contest, event.contest_id)
    chosen = rules.of(contest)
    stage = schemes.ranked_stage(event)
    judged = [part for part in (stage.parts if stage else ()) if part.kind not in schemes.FIGURE_KINDS]
    rows = currents([part.id for part in judged])
    states = progresses(list(rows.values())) if rows else {}
    found = []
    for part in judged:
        row = rows.get(part.id)
        if row is None:
            if chosen.required:
                found.append(Problem("release.no_recheck", part.name, "还没有复核", "请在“复核”页抽取样本，逐张核对"))
            continue
        state = states[row.id]
        if state.demanded:
            found.append(Problem("release.recheck_full", part.name, f"复核错误率 {state.rate}，超过上限，须全部复核", "请在“复核”页扩大到全部"))
        elif state.left:
            found.append(Problem("release.recheck_open", part.name, f"复核还有 {state.left} 张没有核对", "请在“复核”页核对完"))
        if state.unsigned:
            found.append(Problem("release.recheck_unsigned", part.name, f"有 {state.unsigned} 张更正没有签字", "请总评委在“复核”页签字"))
    return found


def released(event_id: int) -> int | None:
    return db.session.scalar(sa.select(sa.func.max(Release.number)).where(Release.event_id == event_id, Release.state != "withdrawn"))


def signatures(recheck_id: int) -> list[RecheckSignature]:
    return list(db.session.scalars(sa.select(RecheckSignature).where(RecheckSignature.recheck_id == recheck_id).order_by(RecheckSignature.id)))


def history(part_id: int) -> list[Recheck]:
    query = sa.select(Recheck).where(Recheck.part_id == part_id, Recheck.superseded_at.is_not(None)).order_by(Recheck.id.desc())
    return list(db.session.scalars(query.options(joinedload(Recheck.part))))


def currents(parts: list[int]) -> dict[int, Recheck]:
    """{part: its recheck in force}."""
    return {row.part_id: row for row in db.session.scalars(sa.select(Recheck).where(Recheck.part_id.in_(parts), Recheck.superseded_at.is_(None)))}


def next_open(recheck_id: int, after: int) -> int | None:
    """The next item that waits, from the list's beginning again after its end."""
    query = (
        sa.select(RecheckItem.id).join(Sheet, Sheet.id == RecheckItem.sheet_id)
        .where(RecheckItem.recheck_id == recheck_id, sa.or_(RecheckItem.state == "open", RecheckItem.revision != Sheet.revision))
        .order_by(sa.case((RecheckItem.position > after, 0), else_=1), RecheckItem.position).limit(1)
    )  # fmt: skip
    return db.session.scalar(query)


def place(item: RecheckItem) -> tuple[int, int]:
    """(which of the list it is, how many there are)."""
    rows = sa.select(sa.func.count(), sa.func.sum(sa.case((RecheckItem.position <= item.position, 1), else_=0))).where(RecheckItem.recheck_id == item.recheck_id)
    total, at = db.session.execute(rows).one()
    return int(at or 0), int(total)


def is_signed(sheet: Sheet) -> bool:
    """Whether a signature of the judge over the session of this sheet is in force."""
    query = sa.select(Signature.id).where(
        Signature.scope == "session", Signature.session_id == sheet.session_id, Signature.judge_id == sheet.judge_id, Signature.void_at.is_(None)
    )
    return db.session.scalar(query.limit(1)) is not None
