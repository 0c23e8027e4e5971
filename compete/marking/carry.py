"""Marks that a tablet could not deliver, carried over by hand as a file or as QR codes: read, looked at, taken over once."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from compete import clock
from compete.audit.service import Actor, digest
from compete.judging import masks, sheets
from compete.marking import desk, late, places, refusals, rubrics, service
from compete.models import Contest, Event, Judge, LateMark, Part, Stage, db
from scoring.problems import Problem

MOST_BYTES = 300_000
WHERE = "打分文件"
WAYS = {"file": "文件", "codes": "二维码"}  # how a parcel came
AGAIN = "请让评委在平板上点右上角的送达状态，重新导出"


@dataclass(frozen=True)
class Message:
    """One sheet of the file. `earlier` went out once without an answer: where it arrived, the rest continues it."""

    entry: int
    part: int
    revision: int
    rubric: str
    marks: dict
    comment: str | None
    submit: bool
    earlier: dict | None


@dataclass(frozen=True)
class Parcel:
    judge: Judge
    device: str
    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Row:
    """One sheet before the import: what it is called, (criterion, before, after) of what changes, what becomes of it.

    `there`: the server has it already. `late`: it cannot be taken any more, but the chief judge may adopt it.
    """

    message: Message
    label: str
    part: str
    changes: list[tuple[str, int | None, int | None]]
    revision: int
    there: bool
    problem: Problem | None
    late: bool

    @property
    def ready(self) -> bool:
        return not self.there and (self.problem is None or self.late)


def read(data: bytes, contest: Contest) -> Parcel | Problem:
    if len(data) > MOST_BYTES:
        return Problem("too_large", WHERE, "文件太大，不像是平板导出的打分文件", AGAIN)
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Problem("unreadable", WHERE, "文件读不出来，可能没有拷贝完整", AGAIN)
    if not isinstance(found, dict) or found.get("format") != "compete-marks":
        return Problem("other_file", WHERE, "这不是平板导出的打分文件", "请选择名称以“未送达的打分”开头的 .json 文件")
    if found.get("version") != 1:
        return Problem("version", WHERE, "文件来自另一个版本的赛评", AGAIN)
    try:
        messages = tuple(_message(row) for row in found["sheets"])
        device = str(found.get("device", ""))[:20]
        about, named = found["judge"], found["contest"]
        judge = db.session.scalar(sa.select(Judge).where(Judge.id == _whole(about["id"]), Judge.contest_id == contest.id))
        same_contest = (_whole(named["id"]), named["name"]) == (contest.id, contest.name)
        same_judge = judge is not None and judge.name == about["name"]
    except (KeyError, TypeError, ValueError):
        return Problem("incomplete", WHERE, "文件内容不完整，或者被改动过", AGAIN)
    if not same_contest:
        return Problem("other_contest", WHERE, "文件属于另一个竞赛", "请在那个竞赛里导入")
    if not same_judge:
        return Problem("other_judge", WHERE, "本竞赛没有文件里的这位评委", "请核对文件，或检查评委姓名是否改过")
    return Parcel(judge, device, messages)


def _whole(value) -> int:
    if type(value) is not int or not 0 <= value < 2**31:
        raise ValueError(value)
    return value


def _message(row: dict) -> Message:
    comment, earlier = row.get("comment"), row.get("earlier")
    right = isinstance(row["marks"], dict) and isinstance(row.get("rubric", ""), str) and (comment is None or isinstance(comment, str))
    if not right or not (earlier is None or isinstance(earlier, dict)):
        raise ValueError("message")
    return Message(
        _whole(masks.plain(row["entry"])), _whole(row["part"]), _whole(row["revision"]), row.get("rubric", ""), row["marks"], comment,
        row.get("submit") is True, earlier,
    )  # fmt: skip


def write_again(parcel: Parcel, contest: Contest) -> str:
    """The parcel as a file without what is only for people: the page holds it between preview and confirmation, beside codes."""
    about = {"contest": {"id": contest.id, "name": contest.name}, "judge": {"id": parcel.judge.id, "name": parcel.judge.name}}
    rows = [{**vars(message), "entry": masks.numbered(message.entry)} for message in parcel.messages]
    return json.dumps({"format": "compete-marks", "version": 1, "device": parcel.device, **about, "sheets": rows}, ensure_ascii=False)


def preview(parcel: Parcel, *, now: datetime) -> list[Row]:
    return [_row(message, parcel.judge.id, now) for message in parcel.messages]


def _row(message: Message, judge_id: int, now: datetime) -> Row:
    place = places.find(db.session.connection(), message.entry, message.part, judge_id)
    label, part, names = _names(message, place)
    revision = message.revision
    if message.earlier is not None:
        first = message.earlier
        before = _prospect(message, judge_id, now, revision, first.get("marks"), first.get("comment"), first.get("submit"))
        revision = before.revision if before.there else revision
    found = _prospect(message, judge_id, now, revision, message.marks, message.comment, message.submit)
    # Where nothing of the judge's place is known any more, the marks are shown as they came.
    after = found.after or {code: units for code, units in message.marks.items() if type(units) is int}
    codes = [code for code in message.marks if found.before.get(code) != after.get(code)]
    changes = [(names.get(code, code), found.before.get(code), after.get(code)) for code in codes]
    held_late = found.problem is not None and refusals.fate_of(found.problem) == refusals.LATE
    there = found.there or (held_late and _known_late(message, judge_id))
    return Row(message, label, part, changes, revision, there, found.problem, held_late)


def _known_late(message: Message, judge_id: int) -> bool:
    """Whether the chief judge has this very message already: from the tablet itself, or from an earlier import."""
    sent = {**_sent(message), "submit": message.submit}
    own = (LateMark.judge_id == judge_id, LateMark.entry_id == message.entry, LateMark.part_id == message.part, LateMark.digest == digest(sent))
    return db.session.scalar(sa.select(LateMark.id).where(*own)) is not None


def _sent(message: Message) -> dict:
    return {"marks": message.marks, "comment": message.comment, "revision": message.revision, "rubric": message.rubric}


def _prospect(message: Message, judge_id: int, now: datetime, revision: int, marks, comment, submit) -> service.Prospect:
    return service.prospect(
        message.entry, message.part, judge_id=judge_id, revision=revision, marks=marks, comment=comment, rubric=message.rubric,
        submit=submit is True, now=now,
    )  # fmt: skip


def _names(message: Message, place) -> tuple[str, str, dict[str, str]]:
    """How the judge knows the entry, the part, {code: criterion}; a blind entry keeps to its code here too."""
    if place is None:
        return "不在该评委场次里的一项", "", {}
    part, event = db.session.execute(
        sa.select(Part, Event).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id).where(Part.id == message.part)
    ).one()  # fmt: skip
    called = next(
        (desk.name_of(slot, event.is_blind, turn) for turn, slot in enumerate(sheets.slots(place.session_id), 1) if slot.entry_id == message.entry),
        {"label": "", "title": ""},
    )  # fmt: skip
    leaves = {leaf.code: leaf.name for leaf in rubrics.of_part(message.part, event.scheme_version).part.leaves}
    return f"{called['label']} {called['title']}".strip(), f"{event.name} · {part.name}", leaves


class Taken(NamedTuple):
    """Sheets written, sheets that the chief judge has to decide on, and why others were refused."""

    written: list[Row]
    late: list[Row]
    refused: list[Problem]


def take(parcel: Parcel, *, way: str = "file", actor: Actor, now: datetime) -> Taken:
    """Writes what the preview offers. A second time there is nothing left to write."""
    taken = Taken([], [], [])
    device = f"，设备 {parcel.device}" if parcel.device else ""
    reason = f"评委{parcel.judge.name}未送达的打分，由{WAYS.get(way, '文件')}手工送达{device}（{clock.show_time(now)}）"
    for message in parcel.messages:
        row = _row(message, parcel.judge.id, now)
        if row.there:
            continue
        found = row.problem
        if found is None:
            verb = service.submit if message.submit else service.save_marks
            found = verb(
                message.entry, message.part, judge_id=parcel.judge.id, revision=row.revision, marks=message.marks, comment=message.comment,
                rubric=message.rubric, reason=reason, actor=actor, now=now,
            )  # fmt: skip
        if not isinstance(found, Problem):
            taken.written.append(row)
            continue
        asked = {"judge": parcel.judge, "sent": _sent(message), "submit": message.submit, "actor": actor, "now": now}
        if row.late and "late" in late.fate(found, message.entry, message.part, **asked):
            taken.late.append(row)
        else:
            taken.refused.append(Problem(found.code, f"{parcel.judge.name} · {row.label}", found.message, found.mend))
    return taken
