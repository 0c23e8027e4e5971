"""The demo: the innovation final of the preset `anhui-innovation` in the middle of its judging.

Everything goes through the services that people use, so that the demo is as true as a real contest: its audit
chain verifies, its marks are signed for by cards. Names and numbers are invented (identity numbers carry the
sequence 000, which is never issued); nothing is random, so that pictures of it can be made again.
"""

from datetime import datetime, timedelta

from compete.audit.service import Actor
from compete.clock import local
from compete.contests import presets, schemes
from compete.contests import service as contests
from compete.database import write
from compete.entries import draft as entry_draft
from compete.entries import service as entries
from compete.entries import states
from compete.judging import cards, draws, panels, recusals, roster, sessions
from compete.judging.sheets import desk
from compete.marking import service as marking
from compete.models import Contest, Criterion, Event, Judge, Part, Session, db
from compete.texts import identity
from scoring.problems import Problem

ORGANISER = Actor("system", "演示数据")
PRESET = "anhui-innovation"

CITIES = ("合肥市", "淮北市", "亳州市", "宿州市", "蚌埠市", "阜阳市", "淮南市", "滁州市", "六安市", "马鞍山市", "芜湖市", "宣城市", "铜陵市", "池州市", "安庆市", "黄山市")
UNITS = ("矿业集团", "钢铁集团", "轨道交通集团", "电力公司", "水务集团", "机电股份有限公司", "建设集团有限公司", "化工有限公司", "汽车零部件公司")
WORKS = (
    "地铁道岔在线监测装置", "高速线材自动换卷装置", "配网带电作业工具", "焊缝缺陷视觉检测系统", "污水厂曝气节能控制", "变电站巡检机器人", "叉车防撞预警系统",
    "建筑物智能实测实量方法", "锅炉低氮燃烧改造", "隧道渗漏快速修补工艺", "线缆绝缘在线测厚仪", "轴承装配防错工装", "盾构接收微冻施工技术",
    "冷轧板形闭环控制", "选煤厂介质回收系统", "高炉煤气余压利用", "注塑模具快换夹具", "矿用皮带纵撕保护",
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = ("建国", "晓燕", "志强", "丽娟", "文博", "海霞", "永刚", "思远", "春梅", "宇轩", "立新", "国庆", "敏", "涛", "静", "勇")
JUDGES = (
    ("孟庆华", "省产业技术研究院", "研究员", "chief"), ("沈其昌", "工业大学", "教授", "judge"), ("苏文澜", "省科学院", "研究员", "judge"),
    ("丁一凡", "理工大学", "教授", "judge"), ("贺守诚", "安庆钢铁集团", "正高级工程师", "judge"), ("白玉洁", "省机械设计院", "高级工程师", "judge"),
    ("邱立恒", "职业技术学院", "高级技师", "judge"), ("范秋实", "省总工会", "一级调研员", "supervisor"),
)  # fmt: skip
SEVERITY = (0, 2, -2, 1, -1, 3, -3)  # points of 100 by which the judges differ in strictness
DISPUTED = 24  # the entry on which one judge is far from the others
DONE, BEGUN = 14, 3  # entries with every sheet in; entries some judges are at


def fill(*, now: datetime) -> Contest:
    """Makes the demo contest in an empty database; one transaction."""
    with write():
        contest, made = _ready(now, "演示")
        _judge(made[0], now)
    return contest


def ready(*, now: datetime, word: str, judges: int | None = None, entries: int | None = None) -> Contest:
    """The same contest before its first mark: cards issued, order drawn, no session open yet.

    `judges` on the panel (the chief among them) and `entries` in each event, where given. One transaction.
    """
    with write():
        return _ready(now, word, judges, entries)[0]


def _ready(now: datetime, word: str, judges: int | None = None, entries: int | None = None) -> tuple[Contest, list[Session]]:
    contest = _contest(now, word)
    for event in contest.events:
        _entries(contest, event, now, entries)
    panel = _panel(contest, now, judges)
    made = [_session(contest, event, panel, now) for event in contest.events]
    recusals.refresh(contest.id, actor=ORGANISER, now=now)
    return contest, made


def _sound(result):
    """A service's answer; a Problem here is a mistake in the demo."""
    problems = [result] if isinstance(result, Problem) else [item for item in result if isinstance(item, Problem)] if isinstance(result, list) else []
    if problems:
        raise ValueError(f"demo: {problems[0]}")
    return result


def _contest(now: datetime, word: str) -> Contest:
    preset = presets.all_presets()[PRESET]
    today = local(now).date()
    return contests.create(
        name=f"{preset.name}（{word}）", plan=preset.plan, preset=PRESET, user=None, actor=ORGANISER, now=now,
        starts_on=today, ends_on=today, venue="省总工会职工活动中心二楼报告厅",
    )  # fmt: skip


def _person(n: int) -> str:
    return SURNAMES[n * 7 % len(SURNAMES)] + GIVEN[n * 5 % len(GIVEN)]


def _id_number(n: int) -> str:
    """A number whose check digit is right and whose sequence 000 is never issued."""
    body = f"340102{1966 + n % 34}{1 + n % 12:02d}{1 + n % 28:02d}000"
    return next(body + last for last in "0123456789X" if identity.resident_id(body + last).error is None)


def _entries(contest: Contest, event: Event, now: datetime, wanted: int | None) -> None:
    count = wanted or presets.all_presets()[PRESET].fields[event.name]
    base = 100 * event.position
    made = []
    for n in range(1, count + 1):
        seed = base + n
        unit = CITIES[seed * 3 % len(CITIES)].removesuffix("市") + UNITS[seed % len(UNITS)]
        people = [entry_draft.Person(_person(seed), "leader", f"1390000{seed:04d}", _id_number(seed))]
        people += [entry_draft.Person(_person(seed * 11 + k)) for k in range(1, 1 + seed % 4)]
        saved = ("446", "56.7", "1303.25", "88", "120.5")[seed % 5]
        extras = {"节约成本（万元）": saved, "应用情况": "已应用"} | ({"工期": "90→20 天"} if seed % 3 == 0 else {})
        found = entry_draft.Draft(
            title=WORKS[(seed * 5) % len(WORKS)] + ("" if n <= len(WORKS) else "（二期）"), number=n, organization=unit,
            delegation=CITIES[seed * 3 % len(CITIES)], summary=f"一线职工在生产中提出并实施，年节约成本 {saved} 万元。", extras=extras,
            members=tuple(people),
        )  # fmt: skip
        made.append(_sound(entries.add(event, found, actor=ORGANISER, now=now)).id)
    states.change(contest.id, made, "approve", actor=ORGANISER, now=now)


def _roster(judges: int | None) -> list[tuple[str, str, str, str]]:
    """The judges of the demo; where another number is wanted, the first of them and as many more as it takes."""
    if judges is None:
        return list(JUDGES)
    known = [row for row in JUDGES if row[3] != "supervisor"][:judges]
    return known + [(f"评委{n}号", "", "", "judge") for n in range(len(known) + 1, judges + 1)]


def _panel(contest: Contest, now: datetime, judges: int | None):
    people = [
        _sound(roster.add(contest, name=name, organization=unit, title=title, role=role, phone=f"1380000{n:04d}", actor=ORGANISER, now=now))
        for n, (name, unit, title, role) in enumerate(_roster(judges), start=1)
    ]
    for person in people:
        cards.issue_card(person, actor=ORGANISER, now=now)
    seated = [person.id for person in people if person.role != "supervisor"]
    return _sound(panels.create(contest, name="决赛评委组", judge_ids=seated, chief_id=people[0].id, actor=ORGANISER, now=now))


def _session(contest: Contest, event: Event, panel, now: datetime) -> Session:
    part = schemes.ranked_stage(event).parts[0]
    session = sessions.create(contest, part_id=part.id, panel_id=panel.id, name=f"{event.name}决赛路演", starts_at=now, deadline=None,
                              actor=ORGANISER, now=now)  # fmt: skip
    _sound(sessions.assign(session, None, actor=ORGANISER, now=now))
    _sound(draws.make(session, seed=f"20261122-{event.position + 1}", method="hall", apart=True, reason="", actor=ORGANISER, now=now))
    return session


def _judge(session: Session, now: datetime) -> None:
    """Opens the first session and hands in marks: most entries complete, a few begun."""
    _sound(sessions.open_session(session, actor=ORGANISER, now=now))
    judges = [seat.judge for seat in db.session.get(type(session.panel), session.panel_id).seats]
    criteria = leaves(session.part)
    for place, judge in enumerate(judges):
        for turn, (slot, cell) in enumerate(desk(session, judge.id)):
            if cell.state == "recused" or turn >= DONE + BEGUN:
                continue
            marks = opinion(criteria, slot.number, place)
            moment = now + timedelta(seconds=turn * 40 + place)
            if turn < DONE:
                _hand_in(session, judge, slot.entry_id, marks, moment, whole=True)
            elif (turn + place) % 3:
                _hand_in(session, judge, slot.entry_id, dict(list(marks.items())[: 2 + place % 3]), moment, whole=False)


def leaves(part: Part) -> list[Criterion]:
    """What judges mark: the criteria without others below them."""
    return [row for row in part.criteria if not any(other.parent_id == row.id for other in part.criteria)]


def opinion(criteria, number: int, place: int) -> dict[str, int]:
    """What this judge thinks of this entry: the entry's worth, the judge's own severity, and for one entry a quarrel."""
    worth, severity = number * 37 % 23, SEVERITY[place % len(SEVERITY)]
    if number == DISPUTED and place == 3:
        severity -= 18
    found = {}
    for n, row in enumerate(criteria):
        percent = 92 - worth + severity + (n * number + place * 3) % 6 - (number * (place + 2)) % 5
        units = row.maximum * min(max(percent, 40), 99) // 100
        found[row.code] = units - units % row.step
    return found


def _hand_in(session: Session, judge: Judge, entry_id: int, marks: dict[str, int], now: datetime, *, whole: bool) -> None:
    verb = marking.submit if whole else marking.save_marks
    actor = Actor(f"judge:{judge.id}", judge.name, "演示平板")
    _sound(verb(entry_id, session.part_id, judge_id=judge.id, revision=0, marks=marks, actor=actor, now=now))
