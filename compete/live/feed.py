"""What a screen shows at this moment, as one document: pure reading, and nothing that is not released for it.

{"version", "screen": {"name", "kind", "theme"}, "contest", "scene", "at": epoch ms of the last command, "body": {…},
"invite": QR of the page for phones, where wished}. Times are epoch milliseconds, so that screens count on by themselves;
the document holds no clock of its own and changes only when something does. QR codes: {"size", "path"} of an SVG.
"""

from datetime import datetime
from functools import lru_cache

import segno
import sqlalchemy as sa

from compete.judging import draws, sheets
from compete.live import ceremony, clock, stage, turns
from compete.models import Contest, Event, Part, Podium, Release, Screen, Session, Showing, Stage, db
from compete.results.facts import UNCODED
from compete.votes import screen as votes

VERSION = 1
WAITING = {"waiting": True}
PRIVATE = ("entry_id", "part_code", "version", "contest", "event", "made_at", "kind", "number")  # of a showing, not for the hall


def document(screen_id: int, now: datetime) -> dict:
    """The document of a screen; an empty scene for one that was removed. At most six queries."""
    found = db.session.execute(
        sa.select(Screen, Contest.name, Contest.rehearsal_of_id).join(Contest, Contest.id == Screen.contest_id).where(Screen.id == screen_id, Screen.removed_at.is_(None))
    ).one_or_none()
    if found is None:
        return {"version": VERSION, "screen": None, "contest": "", "scene": "black", "at": 0, "body": {}}
    screen, contest, rehearsed = found
    told = {
        "version": VERSION, "screen": {"name": screen.name, "kind": screen.kind, "theme": screen.theme}, "contest": contest,
        "scene": screen.scene, "at": _ms(screen.changed_at), "body": SCENES[screen.scene](screen, now),
    }  # fmt: skip
    told |= {"rehearsal": True} if rehearsed is not None else {}  # the display says that nothing of this counts
    address = (screen.data or {}).get("address")
    return told | ({"invite": qr(address)} if address and screen.kind == "hall" else {})


@lru_cache(maxsize=256)
def qr(address: str) -> dict:
    """A QR code as the path of an SVG: one unit a module, two of margin."""
    made = segno.make(address, micro=False, error="m", mask=2)
    runs = []
    for y, row in enumerate(made.matrix):
        x = 0
        while x < len(row):
            if not row[x]:
                x += 1
                continue
            start = x
            while x < len(row) and row[x]:
                x += 1
            runs.append(f"M{start + 2} {y + 2}h{x - start}v1h-{x - start}z")
    return {"size": len(made.matrix) + 4, "path": "".join(runs)}


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


def _black(screen: Screen, now: datetime) -> dict:
    return {}


def _message(screen: Screen, now: datetime) -> dict:
    address = screen.data.get("qr")
    return {"text": screen.data["text"]} | ({"qr": qr(address)} if address else {})


def _session(screen: Screen):
    """The session that the screen follows with its part, event and podium, in one query; None without one."""
    query = (
        sa.select(Session, Part, Event.name.label("event"), Event.is_veiled.label("is_blind"), Podium)
        .join(Part, Part.id == Session.part_id).join(Stage, Stage.id == Part.stage_id).join(Event, Event.id == Stage.event_id)
        .outerjoin(Podium, Podium.session_id == Session.id)
        .where(Session.id == screen.session_id, Session.contest_id == screen.contest_id)
    )  # fmt: skip
    return db.session.execute(query).one_or_none()


def _called(row: sheets.SlotRow, blind: bool) -> dict:
    if blind:
        return {"code": row.code or UNCODED}
    return {"number": row.number, "title": row.title, "organization": row.organization}


def _order(screen: Screen, now: datetime) -> dict:
    """The running order with who is on stage and who comes next. Rulings are not told: they are not for the hall."""
    found = _session(screen)
    if found is None:
        return WAITING
    rows = [row for row in sheets.slots(found.Session.id) if row.status != "withdrawn"]
    on_stage, following = _places(found, rows)
    had = found.Podium.turns if found.Podium else {}
    drawn = any(row.position for row in rows)
    return {"event": found.event, "session": found.Session.name, "drawn": drawn, "now": on_stage, "next": following,
            "rows": [{"turn": turn, **_called(row, found.is_blind)} | ({"had": True} if had.get(str(row.slot_id)) == "done" else {})
                     for turn, row in enumerate(rows, 1)]}  # fmt: skip


def _places(found, rows: list[sheets.SlotRow]) -> tuple[int | None, int | None]:
    """(turn on stage, turn that the console calls next), from 1."""
    podium, turn = found.Podium, {row.slot_id: place for place, row in enumerate(rows, 1)}
    on_stage = turn.get(podium.slot_id) if podium else None
    after = turns.waiting(rows, podium.turns if podium else {}, podium.slot_id if podium else None, stage.complete(found.Session))
    return on_stage, turn[after[0].slot_id] if after else None


def _current(screen: Screen, now: datetime) -> dict:
    found = _session(screen)
    if found is None:
        return WAITING
    rows = [row for row in sheets.slots(found.Session.id) if row.status != "withdrawn"]
    podium = found.Podium
    on_stage, following = _places(found, rows)
    told = {"event": found.event, "session": found.Session.name, "part": found.Part.name, "of": len(rows)}
    if following:
        told["next"] = {"turn": following, **_called(rows[following - 1], found.is_blind)}
    if on_stage is None:
        return told | {"entry": None}
    ticking = {"phase": podium.phase, "allotted_ms": podium.allotted_ms, "ran_ms": podium.ran_ms, "started_at": _ms(podium.started_at),
             "warnings": clock.warnings(found.Part.timing, podium.allotted_ms)}  # fmt: skip
    return told | {"turn": on_stage, "entry": _called(rows[on_stage - 1], found.is_blind), "clock": ticking}


def _showing(screen: Screen, kind: str) -> Showing | None:
    number = screen.data.get("showing")
    row = db.session.get(Showing, number) if number else None
    return row if row and row.kind == kind and row.withdrawn_at is None and row.contest_id == screen.contest_id else None


def _seal(row: Showing) -> dict:
    """The small print: which showing this is."""
    return {"showing": row.number, "digest": row.digest[:16], "event": row.document["event"]}


def _score(screen: Screen, now: datetime) -> dict:
    row = _showing(screen, "score")
    if row is None:
        return WAITING
    told = {name: value for name, value in row.document.items() if name not in PRIVATE}
    return _seal(row) | told | {"calm": bool(screen.data.get("calm"))}


def _standings(screen: Screen, now: datetime) -> dict:
    row = _showing(screen, "standings")
    if row is None:
        return WAITING
    told = {name: value for name, value in row.document.items() if name not in (*PRIVATE, "lines", "release")}
    release = row.document["release"]
    if release and not _in_force(release["id"]):
        return WAITING
    told["lines"] = [{name: value for name, value in line.items() if name not in ("entry_id", "showing")} for line in row.document["lines"]]
    told["release"] = release and {"number": release["number"], "digest": release["digest"][:16]}
    return _seal(row) | told | {"page": screen.data.get("page", 0)}


def _in_force(release_id: int) -> bool:
    return db.session.scalar(sa.select(Release.id).where(Release.id == release_id, Release.state != "withdrawn")) is not None


def _ceremony(screen: Screen, now: datetime) -> dict:
    steps = ceremony.of_screen(screen)
    if not isinstance(steps, list):
        return WAITING
    release = db.session.get(Release, screen.data["release"])  # read just before: no query
    step = steps[min(screen.data["step"], len(steps) - 1)]
    return {"event": release.document["event"], "release": release.number, "digest": release.digest[:16], **step}


def _draw(screen: Screen, now: datetime) -> dict:
    """The draw in force, told turn by turn by the screen; the moment it was made tells how far the show is."""
    found = _session(screen)
    if found is None:
        return WAITING
    told = {"event": found.event, "session": found.Session.name}
    row = draws.current(found.Session.id)
    items = draws.items_of(found.Session)
    if row is None:
        return told | {"count": len(items), "draw": None}
    steps = [{"turn": turn, "item": item, **_drawn(items.get(item), found.is_blind)} for turn, item in enumerate(row.result, 1)]
    return told | {"count": len(items), "draw": row.id, "seed": row.seed, "drawn_at": _ms(row.drawn_at), "steps": steps}


def _drawn(row: sheets.SlotRow | None, blind: bool) -> dict:
    return {"title": "", "organization": ""} if blind or row is None else {"title": row.title, "organization": row.organization}


def _vote(screen: Screen, now: datetime) -> dict:
    told = votes.body(screen.data.get("poll"), screen.contest_id)
    if told is None:
        return WAITING
    address = screen.data.get("qr")
    return told | ({"qr": {**qr(address), "address": address}} if address and told["state"] == "open" else {})


SCENES = {
    "black": _black, "message": _message, "order": _order, "current": _current, "score": _score, "standings": _standings,
    "ceremony": _ceremony, "draw": _draw, "vote": _vote,
}  # fmt: skip
