"""大屏: named displays, opened by an unguessable key, and their remote control. What they show: see `feed`."""

import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from compete.audit import service as audit
from compete.live import ceremony
from compete.live.told import FOLLOWING
from compete.models import SCENES, Poll, Screen, Session, Showing, db
from compete.rehearsal import twins
from scoring.problems import Problem

KINDS = {"hall": "会场大屏", "audience": "观众手机页"}
THEMES = {"dark": "深色", "light": "浅色"}
ALIVE = timedelta(seconds=20)  # how often a display says that it is on
ON = timedelta(seconds=70)  # after so long without a word it counts as off
LIMITS = {"text": 500, "qr": 500, "address": 300}
APART = timedelta(milliseconds=500)  # between two steps of a ceremony: a quicker press is the second of a double tap


def make(contest_id: int, *, name: str, kind: str = "hall", actor: audit.Actor, now: datetime) -> Screen | Problem:
    problem = _named(contest_id, name) or _kind(kind)
    if problem:
        return problem
    row = Screen(contest_id=contest_id, name=name.strip(), key=secrets.token_urlsafe(16), kind=kind, data={}, changed_at=now,
                 session_id=_first_session(contest_id))  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record(row, action="screen.make", actor=actor, now=now, after={"name": row.name, "purpose": KINDS[kind]})
    return row


def rename(row: Screen, *, name: str, actor: audit.Actor, now: datetime) -> Problem | None:
    problem = _named(row.contest_id, name, row.id)
    if problem or name.strip() == row.name:
        return problem
    before, row.name = row.name, name.strip()
    db.session.flush()
    _record(row, action="screen.rename", actor=actor, now=now, before={"name": before}, after={"name": row.name})
    return None


def remove(row: Screen, *, actor: audit.Actor, now: datetime) -> None:
    """Its address answers no longer; the row stays, its name is free again."""
    name, row.removed_at = row.name, now
    row.name = f"{name[:24]}（移除 {row.id}）"
    db.session.flush()
    _record(row, action="screen.remove", actor=actor, now=now, before={"name": name})


def direct(
    row: Screen, *, scene: str, data: dict | None = None, session_id: int | None = None, theme: str | None = None,
    actor: audit.Actor, now: datetime,
) -> Screen | Problem:  # fmt: skip
    """Tells the screen what to show. `data` by scene: message {"text", "qr"}; score {"showing", "calm"}; standings
    {"showing", "page"}; ceremony {"event", "pace", "amounts"}, or {"resume"}: where another scene interrupted it; vote {"poll",
    "qr"}; every scene {"address"}: the page for people's phones, shown as a QR in the corner; it stays where nothing is said of it, and "" takes it away. `session_id` and `theme`:
    None leaves them."""
    session_id = session_id or row.session_id
    if scene not in SCENES or (theme or row.theme) not in THEMES:
        return Problem("screen.scene", row.name, "没有这个画面", "请刷新页面后重新选择")
    if scene in FOLLOWING or session_id != row.session_id:
        found = session_id and db.session.get(Session, session_id)
        if not found or found.contest_id != row.contest_id:
            return Problem("screen.session", row.name, "没有选场次", "请选择这块屏幕跟随哪个场次")
    kept = _data(row, scene, data or {})
    if isinstance(kept, Problem):
        return kept
    before = _told(row)
    row.scene, row.data, row.session_id, row.theme, row.changed_at = scene, kept, session_id, theme or row.theme, now
    db.session.flush()
    if _told(row) != before or scene in ("score", "draw"):
        _record(row, action="screen.direct", actor=actor, now=now, before=before, after=_told(row))
    return row


def adjust(row: Screen, *, data: dict, session_id: int | None, theme: str | None, actor: audit.Actor, now: datetime) -> Screen | Problem:
    """The screen's settings change, what it shows stays where it is: `data` as kept, with another "address" or none."""
    address = data.get("address", "")
    problem = _web(row, "观众页地址", address, "address") if address else None
    session = db.session.get(Session, session_id) if session_id else None
    if problem is None and ((theme or row.theme) not in THEMES or (session_id and (session is None or session.contest_id != row.contest_id))):
        problem = Problem("screen.settings", row.name, "没有这个选项", "请刷新页面后重新选择")
    if problem:
        return problem
    before = _told(row)
    moved = bool(session_id) and session_id != row.session_id
    row.data, row.session_id, row.theme = data, session_id or row.session_id, theme or row.theme
    row.changed_at = now if moved else row.changed_at
    db.session.flush()
    _record(row, action="screen.direct", actor=actor, now=now, before=before, after=_told(row))
    return row


def step(row: Screen, *, seen: int, by: int, actor: audit.Actor, now: datetime) -> Screen | Problem:
    """Moves a ceremony by one step forward (`by` 1) or back (−1). `seen`: the step on the page that asked, so that two
    people who press at the same moment move one step, not two; nor does a double tap reveal the step behind."""
    if row.scene != "ceremony" or by not in (1, -1):
        return Problem("screen.step", row.name, "没有在颁奖", "请先把这块屏幕切到颁奖画面")
    steps = ceremony.of_screen(row)
    if isinstance(steps, Problem):
        return steps
    at = row.data["step"]
    if seen != at:
        return Problem("screen.moved", row.name, "刚才已经翻过一步", "请看清现在的画面再按")
    if by > 0 and at and timedelta(0) <= now - row.changed_at < APART:
        return Problem("screen.soon", row.name, "按得太快，只走了一步", "请看清大屏上的画面，再按“下一步”")
    if not 0 <= at + by < len(steps):
        return Problem("screen.end", row.name, "已经到头了", "可以切到别的画面")
    row.data, row.changed_at = {**row.data, "step": at + by}, now
    db.session.flush()
    _record(row, action="screen.step", actor=actor, now=now, before={"step": at}, after={"step": at + by})
    return row


def listed(contest_id: int) -> list[Screen]:
    query = sa.select(Screen).where(Screen.contest_id == contest_id, Screen.removed_at.is_(None))
    return list(db.session.scalars(query.order_by(Screen.kind.desc(), Screen.id)))


def by_key(key: str) -> int | None:
    """The id of the screen that this address opens."""
    opened, first = twins.opened_by(key)
    return db.session.scalar(sa.select(Screen.id).where(opened).order_by(first).limit(1))


def alive(screen_id: int, now: datetime) -> bool:
    """A display is on: noted at most every 20 seconds. Whether it was noted."""
    stale = sa.or_(Screen.last_seen_at.is_(None), Screen.last_seen_at < now - ALIVE)
    noted = sa.update(Screen).where(Screen.id == screen_id, stale).values(last_seen_at=now)
    return db.session.execute(noted.execution_options(synchronize_session=False)).rowcount == 1


def is_due(row: Screen, now: datetime) -> bool:
    """Whether it is time to note again that the display is on."""
    return row.last_seen_at is None or row.last_seen_at < now - ALIVE


def is_on(row: Screen, now: datetime) -> bool:
    return row.last_seen_at is not None and now - row.last_seen_at < ON


def _named(contest_id: int, name: str, own: int | None = None) -> Problem | None:
    name = name.strip()
    if not name or len(name) > 40:
        return Problem("screen.name", "屏幕名称", "没有填写" if not name else "太长了", "请用 40 个字以内的名称，例如“主屏”")
    taken = sa.select(Screen.id).where(Screen.contest_id == contest_id, Screen.name == name, Screen.id != (own or 0))
    if db.session.scalar(taken):
        return Problem("screen.taken", "屏幕名称", f"已经有“{name}”", "请换一个名称")
    return None


def _kind(kind: str) -> Problem | None:
    return None if kind in KINDS else Problem("screen.kind", "用途", "没有这种屏幕", "请选择会场大屏或观众手机页")


def _first_session(contest_id: int) -> int | None:
    """The session that is being judged, else the first."""
    first = sa.case((Session.state == "open", 0), (Session.state == "waiting", 1), else_=2)
    query = sa.select(Session.id).where(Session.contest_id == contest_id).order_by(first, Session.position, Session.id)
    return db.session.scalar(query.limit(1))


def _data(row: Screen, scene: str, given: dict) -> dict | Problem:
    """What is kept of `given`, checked."""
    found = _CHECKS.get(scene, lambda row, given: {})(row, given)
    address = str(given.get("address", (row.data or {}).get("address")) or "")
    if isinstance(found, Problem):
        return found
    held = ceremony.held(row) if scene != "ceremony" else None
    found |= {"held": held} if held else {}
    return (address and _web(row, "观众页地址", address, "address")) or (found | {"address": address} if address else found)


def _web(row: Screen, where: str, address: str, limit: str) -> Problem | None:
    if address.startswith(("http://", "https://")) and len(address) <= LIMITS[limit] and not any(sign.isspace() for sign in address):
        return None
    return Problem("screen.address", where, "不是网址", "请填以 http:// 或 https:// 开头的完整地址")


def _message(row: Screen, given: dict) -> dict | Problem:
    text, address = str(given.get("text") or "").strip().replace("\r\n", "\n"), str(given.get("qr") or "").strip()
    if not text or len(text) > LIMITS["text"]:
        return Problem("screen.text", "公告", "没有内容" if not text else f"超过 {LIMITS['text']} 字", "请写一两句话，大屏上一眼能看完")
    return (address and _web(row, "二维码网址", address, "qr")) or {"text": text, "qr": address}


def _showing(kind: str):
    def check(row: Screen, given: dict) -> dict | Problem:
        found = db.session.get(Showing, given["showing"]) if isinstance(given.get("showing"), int) else None
        if found is None or found.contest_id != row.contest_id or found.kind != kind or found.withdrawn_at is not None:
            return Problem("screen.showing", row.name, "没有可显示的内容", "请先亮分；已撤回的不再显示" if kind == "score" else "请先冻结一份成绩榜")
        more = {"calm": True} if given.get("calm") else {}
        page = given.get("page")
        return {"showing": found.id, **more} | ({"page": page} if isinstance(page, int) and page > 0 else {})

    return check


def _ceremony(row: Screen, given: dict) -> dict | Problem:
    return ceremony.resume(row) if given.get("resume") else ceremony.begin(row.contest_id, given)


def _vote(row: Screen, given: dict) -> dict | Problem:
    poll, address = given.get("poll"), str(given.get("qr") or "")
    if poll is None:
        return {}
    found = db.session.get(Poll, poll) if isinstance(poll, int) else None
    if found is None or found.contest_id != row.contest_id:
        return Problem("screen.poll", row.name, "没有选投票", "请在“投票”页选择让哪块屏幕显示")
    return (address and _web(row, "投票二维码", address, "qr")) or {"poll": poll, "qr": address}


_CHECKS = {"message": _message, "score": _showing("score"), "standings": _showing("standings"), "ceremony": _ceremony, "vote": _vote}


def _told(row: Screen) -> dict:
    """For the trail: the scene and what it points at, without addresses."""
    told = {"scene": SCENES[row.scene], "theme": THEMES[row.theme], "session_id": row.session_id}
    return told | {name: value for name, value in (row.data or {}).items() if name in ("text", "showing", "event", "step", "poll")}


def _record(row: Screen, *, action: str, actor: audit.Actor, now: datetime, before=None, after=None) -> None:
    audit.record(contest_id=row.contest_id, actor=actor, now=now, action=action, subject="screen", subject_id=row.id,
                 before=before, after=after)  # fmt: skip
