"""主持词: what the host reads out. Awards come from a release in force and cannot be changed here; the running order from
the draw. A script is plain data that page and document show alike.
"""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.clock import show_time
from compete.judging import sheets
from compete.live import ceremony
from compete.models import Contest, Event, Part, Podium, Release, Session, Stage, db
from compete.results.facts import UNCODED
from compete.texts import amounts, readings
from scoring.problems import Problem

LONGEST_NOTE = 60
QUOTED = ("project", "work")  # kinds of entries whose title stands in 《》
COUNTED = {"individual": "名", "team": "支队伍"}  # how many of a kind are counted; 项 of the others


@dataclass
class Winner:
    """`people`: (name, how it is read or ""), in order."""

    number: str
    title: str
    organization: str
    people: list[tuple[str, str]]
    place: str


@dataclass
class Section:
    """One award: what is said before, the winners in the order in which they are read (equals together), what is said after."""

    name: str
    opening: str
    blocks: list[list[Winner]] = field(default_factory=list)
    closing: str = ""
    unit: str = "项"


@dataclass
class Awarding:
    """An event's awards; `release` None and `missing` said where nothing is in force."""

    event: str
    release: int | None
    digest: str
    made_at: datetime | None
    sections: list[Section]
    missing: str = ""


@dataclass
class Turn:
    """What is read out: number and title with unit, or a blind entry's code; `reading` of a person's name, `here`: on stage."""

    turn: int
    called: str
    title: str
    organization: str
    out: str
    reading: str = ""
    here: bool = False


@dataclass
class Order:
    session: str
    event: str
    part: str
    minutes: str
    drawn: bool
    turns: list[Turn]


def awardings(contest: Contest) -> list[Awarding]:
    """Of every event in its order: two queries."""
    events = db.session.execute(sa.select(Event.id, Event.name, Event.entry_kind).where(Event.contest_id == contest.id).order_by(Event.position, Event.id)).all()
    query = sa.select(Release).where(Release.contest_id == contest.id, Release.state != "withdrawn")
    releases = {row.event_id: row for row in db.session.scalars(query)}
    notes = notes_of(contest)
    return [_awarding(name, releases.get(number), notes, kind) for number, name, kind in events]


def _awarding(event: str, release: Release | None, notes: dict[str, str], kind: str) -> Awarding:
    if release is None:
        return Awarding(event, None, "", None, [], "还没有有效的发布。评分交齐、总评委锁定后，组织者在“颁奖”里冻结并发布，这里就有颁奖主持词")
    sections = [_section(group, notes, kind) for group in ceremony.groups(release.document)]
    return Awarding(event, release.number, release.digest, release.made_at, sections)


def _section(group: ceremony.Group, notes: dict[str, str], kind: str) -> Section:
    if not group.winners:
        return Section(group.name, f"{group.name}空缺。")
    count = len(group.winners)
    unit = COUNTED.get(kind, "项") if group.winners[0]["number"] else "个单位"  # a list of teams has no entries
    prize = f"，{f'每{unit}' if count > 1 else ''}奖金{amounts.spoken(group.prize_fen)}" if group.prize_fen else ""
    section = Section(group.name, f"下面颁发{group.name}。获得{group.name}的共{amounts.whole_of(count, unit=unit)}{prize}。", unit=unit)
    section.blocks = [[_winner(one, notes, quoted=kind in QUOTED) for one in block] for block in ceremony.together(group.winners)]
    if group.vacant:
        section.closing = f"{group.name}另有{amounts.whole_of(group.vacant)}个名额空缺。"
    return section


def _winner(one: dict, notes: dict[str, str], *, quoted: bool) -> Winner:
    people = [(name, notes.get(name) or readings.reading(name)) for name in one["names"]]
    number = f"{one['number']:02d} 号" if isinstance(one["number"], int) else ""
    title = f"《{one['title']}》" if quoted and people else one["title"]  # persons and teams bear a name, not a title
    return Winner(number, title, one["organization"], people, one["place"])


def said(block: list[Winner], unit: str = "项") -> str:
    """What the host says of one winner, or of several who share a place; `unit`: of their section."""
    place = block[0].place
    if len(block) > 1:
        return f"{place}，共{amounts.whole_of(len(block), unit=unit)}：" + "；".join(_said(one) for one in block) + "。"
    return f"{f'{place}：' if place else ''}{_said(block[0])}。"


def _said(one: Winner) -> str:
    """《地铁道岔在线监测装置》，合肥轨道交通集团，完成人：张三、李四"""
    names = [name for name, _ in one.people]
    if names == [one.title]:
        return "，".join(filter(None, (one.title, one.organization)))
    people = f"{'完成人' if one.title.startswith('《') else '队员'}：{'、'.join(names)}" if names else ""
    return "，".join(filter(None, (one.title, one.organization, people)))


def orders(contest: Contest) -> list[Order]:
    """The running order of every session, blind ones by code: one query, and one for each session."""
    query = (
        sa.select(Session.id, Session.name, Event.name.label("event"), Event.is_veiled.label("is_blind"), Event.entry_kind, Part.name.label("part"), Part.speech_minutes, Part.question_minutes, Podium.slot_id)
        .join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .outerjoin(Podium, Podium.session_id == Session.id).where(Session.contest_id == contest.id).order_by(Session.position, Session.id)
    )  # fmt: skip
    return [_order(row, notes_of(contest)) for row in db.session.execute(query)]


def _order(row, notes: dict[str, str]) -> Order:
    slots = [slot for slot in sheets.slots(row.id) if slot.status != "withdrawn"]
    times = [f"{what}{amounts.whole_of(minutes, unit='分钟')}" for what, minutes in (("陈述", row.speech_minutes), ("提问", row.question_minutes)) if minutes]
    turns = [
        Turn(turn, slot.code or UNCODED, "", "", "") if row.is_blind else
        Turn(turn, f"{slot.number:02d} 号", f"《{slot.title}》" if row.entry_kind in QUOTED else slot.title, slot.organization, slot.status_text if slot.status == "absent" else "",
             (notes.get(slot.title) or readings.reading(slot.title)) if row.entry_kind == "individual" else "")
        for turn, slot in enumerate(slots, 1)
    ]  # fmt: skip
    for turn, slot in zip(turns, slots, strict=True):
        turn.here = slot.slot_id == row.slot_id
    return Order(row.name, row.event, row.part, "，".join(times), any(slot.position for slot in slots), turns)


def called_out(order: Order, at: int) -> str:
    """What the host says when a turn begins: who comes, how long, who gets ready: nobody who is absent."""
    turn, after = order.turns[at], next((turn for turn in order.turns[at + 1 :] if not turn.out), None)
    who = "，".join(filter(None, (f"{turn.called}{turn.title}", turn.organization)))
    said = f"第{amounts.whole(turn.turn)}个出场：{who}。"
    said += f"{order.minutes}，请开始。" if order.minutes else "请开始。"
    return said + (f"请 {after.called}{after.title}做好准备。" if after else "")


def notes_of(contest: Contest) -> dict[str, str]:
    """{name: how the person says it is read}, as somebody wrote it down for this contest."""
    return (contest.settings or {}).get("readings", {})


def note(contest: Contest, *, name: str, text: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Writes down how a name is read; an empty text takes the note away."""
    name, text = name.strip(), text.strip()
    if not name or len(name) > LONGEST_NOTE or len(text) > LONGEST_NOTE:
        return Problem("script.note", "读音", "没有写姓名" if not name else "太长了", f"请写姓名和读音，各在 {LONGEST_NOTE} 字以内")
    before = notes_of(contest)
    after = {**before, name: text} if text else {known: told for known, told in before.items() if known != name}
    if after == before:
        return None
    contest.settings = {**(contest.settings or {}), "readings": after}
    db.session.flush()
    # The trail keeps the reading, not the name: personal data does not stand in it in clear.
    audit.record(contest_id=contest.id, actor=actor, now=now, action="script.note", subject="contest", subject_id=contest.id,
                 before={"reading": before.get(name, "")}, after={"reading": text})  # fmt: skip
    return None


def foot(one: Awarding) -> str:
    """Which release this is: on the page and on every sheet."""
    return f"依据第 {one.release} 号发布（{show_time(one.made_at)}），指纹 {one.digest[:16]}" if one.release else ""
