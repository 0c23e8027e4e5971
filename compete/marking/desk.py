"""What one judge's tablet holds: sessions, rubrics, entries in running order, the judge's own marks. Nothing of other judges."""

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compete import clock
from compete.judging import masks, sheets
from compete.live import stage
from compete.marking import late, rubrics, signing
from compete.models import Attachment, Contest, Entry, Event, Judge, Mark, Part, Seat, Session, Sheet, Stage, db
from compete.rehearsal import twins

OUT = ("absent", "withdrawn", "vetoed", "disqualified")
KINDS = (("image/", "图片"), ("application/pdf", "PDF"), ("video/", "视频"))


def sessions_of(judge_id: int) -> list[Session]:
    """The judge's sessions with part, stage and event, in one query."""
    way = joinedload(Session.part).joinedload(Part.stage).joinedload(Stage.event)
    query = sa.select(Session).join(Seat, Seat.panel_id == Session.panel_id).where(Seat.judge_id == judge_id)
    return list(db.session.scalars(query.options(way).order_by(Session.position, Session.id)))


def document(judge: Judge, *, now: datetime, link) -> dict:
    """`link(contest_id=, entry_id=, attachment_id=)` makes the address of a file.

    A session's `stage`: `entry` on stage (or null), `only`: the others must wait, except those `called` before.
    `notice`: the host's latest message to these sessions, or null.
    """
    found = sessions_of(judge.id)
    podiums = stage.podiums_of([row.id for row in found])
    contest = db.session.get(Contest, judge.contest_id)
    came_late = late.of_judge(judge.id)
    return {
        "judge": {"id": judge.id, "name": judge.name, "chief": judge.role == "chief"},
        "contest": {"id": contest.id, "name": contest.name},
        "notice": _notice(podiums.values()),
        # The rehearsal that this desk belongs to, and whether one waits for a judge at the real desk.
        "rehearsal": {"key": twins.key_of(contest), "waits": twins.judge_of(judge) is not None},
        "sessions": [_session(row, judge, now, link, podiums.get(row.id), came_late) for row in found],
    }


def _notice(podiums) -> dict | None:
    told = max((row for row in podiums if row.notice), key=lambda row: row.notice_at, default=None)
    return {"text": told.notice, "at": f"{clock.local(told.notice_at):%H:%M}", "id": int(told.notice_at.timestamp() * 1000)} if told else None


def _session(session: Session, judge: Judge, now: datetime, link, podium, came_late: dict) -> dict:
    event = session.part.stage.event
    rubric = rubrics.of_part(session.part_id, event.scheme_version)
    rows = sheets.desk(session, judge.id)
    signed = signing.signature_of(session.id, judge.id)
    absent = sheets.absences(session.id).get(judge.id)
    return {
        "id": session.id, "name": session.name, "event": event.name, "part": session.part.name, "partId": session.part_id,
        "state": session.state, "deadline": clock.show_time(session.deadline), "locked": session.part.locked_at is not None,
        "over": session.deadline is not None and now > session.deadline, "absent": absent, "blind": event.is_blind,
        "rubric": rubric.digest,
        # Exact integers, as texts: a denominator may pass what a JavaScript number holds exactly.
        "denominator": str(rubric.part.denominator),
        "factors": {code: str(factor) for code, factor in rubric.part.factors.items()},
        "shared": sorted(rubric.part.team),
        "stage": _stage(podium, rows, event.is_blind),
        "signed": {"at": clock.show_time(signed.signed_at), "digest": signed.digest} if signed else None,
        "entries": _entries(session, event, judge, rubric, rows, link, came_late),
    }  # fmt: skip


def number_of(entry_id: int, blind: bool) -> int:
    """What the tablet knows an entry by. The row's number grows along the list of entrants, so beside a code it would tell whose it is."""
    return masks.numbered(entry_id) if blind else entry_id


def _stage(podium, rows, blind: bool) -> dict:
    if podium is None:
        return {"entry": None, "only": False, "called": []}
    entries = {slot.slot_id: number_of(slot.entry_id, blind) for slot, _ in rows}
    called = [entries[int(number)] for number, state in podium.turns.items() if state == "done" and int(number) in entries]
    return {"entry": entries.get(podium.slot_id), "only": podium.only_current, "called": called}


def _entries(session: Session, event: Event, judge: Judge, rubric: rubrics.Rubric, rows, link, came_late: dict) -> list[dict]:
    own = own_sheets(session.part_id, judge.id)
    files = _attachments([slot.entry_id for slot, _ in rows], event.is_blind, link)
    shown = []
    for turn, (slot, cell) in enumerate(rows, 1):
        sheet, marks = own.get(slot.entry_id, (None, {}))
        shown.append({
            "id": number_of(slot.entry_id, event.is_blind), **name_of(slot, event.is_blind, turn),
            "state": cell.state, "note": cell.note if cell.state in ("recused", "ruled", "absent") else "",
            "files": [] if cell.state == "recused" else files.get(slot.entry_id, []),
            "revision": sheet.revision if sheet else 0, "comment": sheet.comment if sheet else "",
            "reason": sheet.return_reason if sheet and sheet.state == "returned" else "",
            "marks": {rubric.codes[number]: units for number, units in marks.items() if number in rubric.codes},
            "late": came_late.get((session.part_id, slot.entry_id), []),
        })  # fmt: skip
    return shown


def name_of(slot: sheets.SlotRow, blind: bool, turn: int) -> dict:
    """How an entry is called before judges: number, title, organization; only its code where judged blind.

    Without a code yet, the turn in the running order stands in: the entry number would lead to the name. Opening the codes
    changes nothing here: the judge's paper and signature go by the code, and a sheet may still be returned to be marked anew.
    """
    if blind:
        return {"label": slot.code or f"第{turn}项", "title": "", "organization": ""}
    return {"label": f"{slot.number:02d}", "title": slot.title, "organization": slot.organization}


def chief_name_of(slot: sheets.SlotRow, blind: bool, turn: int) -> dict:
    """How the chief judge's pages call an entry: as its judges do, and beside the code its number and title once the codes are open."""
    called = name_of(slot, blind, turn)
    return {**called, "title": f"{slot.number:02d} {slot.title}", "organization": slot.organization} if blind and not slot.veiled else called


def own_sheets(part_id: int, judge_id: int) -> dict[int, tuple]:
    """{entry: (sheet row, {criterion.id: units})} of this judge, in two queries."""
    table = Sheet.__table__.c
    found = db.session.execute(
        sa.select(table.id, table.entry_id, table.state, table.revision, table.comment, table.return_reason, table.total)
        .where(table.part_id == part_id, table.judge_id == judge_id)
    ).all()  # fmt: skip
    marks = defaultdict(dict)
    query = sa.select(Mark.sheet_id, Mark.criterion_id, Mark.value).join(Sheet, Sheet.id == Mark.sheet_id)
    for sheet_id, criterion, value in db.session.execute(query.where(Sheet.part_id == part_id, Sheet.judge_id == judge_id)):
        marks[sheet_id][criterion] = value
    return {row.entry_id: (row, marks[row.id]) for row in found}


def _attachments(entry_ids: list[int], blind: bool, link) -> dict[int, list[dict]]:
    """Files meant for judges. A file's name can tell who made it, so blind entries show 材料 1, 材料 2."""
    rows = db.session.execute(
        sa.select(Attachment.id, Attachment.entry_id, Attachment.name, Attachment.media_type, Event.contest_id)
        .join(Entry, Entry.id == Attachment.entry_id).join(Event, Event.id == Entry.event_id)
        .where(Attachment.entry_id.in_(entry_ids), Attachment.for_judges, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )  # fmt: skip
    found = defaultdict(list)
    for row in rows:
        kind = next((word for start, word in KINDS if row.media_type.startswith(start)), "文件")
        number = len(found[row.entry_id]) + 1
        file = masks.numbered(row.id, "file") if blind else row.id
        url = link(contest_id=row.contest_id, entry_id=number_of(row.entry_id, blind), attachment_id=file)
        found[row.entry_id].append({"name": f"材料 {number}" if blind else row.name, "kind": kind, "url": url})
    return found
