"""What each screen shows at this moment, in words: for those who direct it, and nothing that its audience does not see."""

from typing import NamedTuple

import sqlalchemy as sa

from compete.live import ceremony
from compete.models import SCENES, Poll, Release, Screen, Session, Showing, db

FOLLOWING = ("order", "current", "draw")  # scenes that follow a session
GONE = "内容已撤回，显示等候画面"


class Told(NamedTuple):
    """`entry`: whose score it shows, None for any other scene."""

    words: str
    entry: int | None = None


def told(rows: list[Screen]) -> dict[int, Told]:
    """{screen: what it shows}: at most four queries for any number of screens."""
    numbers = {row.id: row.data.get("showing") for row in rows if row.scene in ("score", "standings")}
    found = _all(Showing, set(numbers.values()) - {None})
    sessions = _all(Session, {row.session_id for row in rows if row.scene in FOLLOWING} - {None})
    polls = _all(Poll, {row.data.get("poll") for row in rows if row.scene == "vote"} - {None})
    _all(Release, {row.data["release"] for row in rows if row.scene == "ceremony"})  # read at once, found again one by one
    return {row.id: _told(row, found.get(numbers.get(row.id)), sessions, polls) for row in rows}


def _all(model, numbers: set[int]) -> dict:
    return {row.id: row for row in db.session.scalars(sa.select(model).where(model.id.in_(numbers)))} if numbers else {}


def _told(row: Screen, showing: Showing | None, sessions: dict, polls: dict) -> Told:
    scene = SCENES[row.scene]
    if row.scene in ("score", "standings"):
        if showing is None or showing.withdrawn_at is not None:
            return Told(f"{scene} · {GONE}")
        what = f"{called(showing)}（第 {showing.number} 次亮出）" if row.scene == "score" else f"第 {showing.number} 次亮出"
        return Told(f"{scene} · {what}", showing.entry_id)
    if row.scene == "ceremony":
        steps = ceremony.of_screen(row)
        return Told(f"{scene} · {ceremony.spoken(steps[row.data['step']])}" if isinstance(steps, list) else f"{scene} · {GONE}")
    more = {
        "message": (row.data.get("text") or "")[:30],
        "vote": polls[row.data["poll"]].name if row.scene == "vote" and row.data.get("poll") in polls else "",
    }.get(row.scene, sessions[row.session_id].name if row.session_id in sessions else "")
    return Told(f"{scene} · {more}" if more else scene)


def called(showing: Showing) -> str:
    """The entry as the hall reads it: 07, a blind one by its code."""
    entry = showing.document["entry"]
    return entry.get("code") or f"{entry['number']:02d}"
