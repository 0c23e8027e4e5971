"""颁奖: a release read out from the lowest prize to the first, step by step. A step tells nothing of those behind it."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from compete.models import Event, Release, Screen, db
from scoring import format_yuan
from scoring.problems import Problem

PACES = {"entry": "逐项揭晓", "first": "一等奖逐项，其余整组", "group": "整组揭晓"}
TOGETHER = 4  # so many at most share one step on one place


class Group(NamedTuple):
    """An award with its winners in reading order, the last place first, and as they are `ranked`; `vacant` seats are empty."""

    name: str
    prize_fen: int
    vacant: int
    winners: tuple[dict, ...]
    ranked: tuple[dict, ...]


def groups(document: dict) -> list[Group]:
    """From the lowest award to the highest; lists of teams before, titles behind. Awards that nobody could get are left out."""
    found = [_team_group(team, tier) for team in document.get("teams", ()) for tier in _tiers_of(team)]
    for tier in reversed(document["tiers"]):
        lines = [line for line in document["standings"] if line["tier"] == tier["name"]]
        found.append(_group(tier, tier["vacant"], [_winner(line) for line in lines]))
    lines = {line["entry"]: line for line in document["standings"]}
    for title in document.get("titles", ()):
        found.append(_group(title, 0, [_winner({**lines.get(one["entry"], {}), **one}, place=False) for one in title["entries"]]))
    return [group for group in found if group.winners or group.vacant]


def _group(tier: dict, vacant: int, ranked: list[dict]) -> Group:
    return Group(tier["name"], tier["prize_fen"], vacant, tuple(_read_out(ranked)), tuple(ranked))


def _read_out(ranked: list[dict]) -> list[dict]:
    """The last place first; those of one place by number."""
    return [winner for block in reversed(together(ranked, len(ranked))) for winner in block]


def together(winners: Sequence[dict], most: int = TOGETHER) -> list[list[dict]]:
    """Those who share a place stand together, `most` at a time."""
    found: list[list[dict]] = []
    for winner in winners:
        last = found[-1] if found else []
        if last and winner["place"].startswith("并列") and last[0]["place"] == winner["place"] and len(last) < most:
            last.append(winner)
        else:
            found.append([winner])
    return found


def _winner(line: dict, *, place: bool = True) -> dict:
    return {"number": line.get("number", ""), "title": line["title"], "organization": line["organization"], "names": line.get("names", []),
            "place": line.get("place_text", "") if place else ""}  # fmt: skip


def _tiers_of(team: dict) -> list[str]:
    """The lowest first: the standings are in order, the best first."""
    return list(dict.fromkeys(row["tier"] for row in reversed(team["standings"]) if row["tier"]))


def _team_group(team: dict, tier: str) -> Group:
    rows = [row for row in team["standings"] if row["tier"] == tier]
    ranked = [{"number": "", "title": row["name"], "organization": "", "names": [], "place": row["place_text"]} for row in rows]
    return _group({"name": tier, "prize_fen": 0}, 0, ranked)


def steps(document: dict, *, pace: str, amounts: bool) -> list[dict]:
    """What the hall sees, one dict a step: {"phase": "title" | "group" | "empty" | "entry" | "list" | "end", …}. Nothing of
    a later step stands in an earlier one, not even how many there will be."""
    found = groups(document)
    first = document["tiers"][0]["name"] if document["tiers"] else ""
    made = [{"phase": "title", "event": document["event"]}]
    for group in found:
        head = {"group": group.name} | ({"prize": prize(group.prize_fen)} if amounts and group.prize_fen else {})
        if not group.winners:
            made.append({"phase": "empty", **head})
            continue
        made.append({"phase": "group", **head})
        singly = pace == "entry" or (pace == "first" and group.name == first)
        if singly or len(group.winners) == 1:
            made += [{"phase": "entry", **head, "winners": shown} for shown in together(group.winners)]
        if len(group.winners) > 1 or group.vacant:
            made.append({"phase": "list", **head, "winners": list(group.ranked), "vacant": group.vacant})
    return [*made, {"phase": "end", "event": document["event"]}]


def prize(fen: int) -> str:
    """200,000 元; with fen only where there are any."""
    return f"{format_yuan(fen, grouped=True).removesuffix('.00')} 元"


def spoken(step: dict) -> str:
    """A step in one line, for the host's page."""
    who = "、".join(winner["title"] for winner in step.get("winners", ()))
    return {
        "title": "颁奖开始", "end": "颁奖结束，祝贺画面", "group": f"{step.get('group')}（只显示奖项名称）", "empty": f"{step.get('group')}：空缺",
        "entry": f"{step.get('group')}：{who}", "list": f"{step.get('group')}：全体 {len(step.get('winners', ()))} 项",
    }[step["phase"]]  # fmt: skip


def begin(contest_id: int, given: dict) -> dict | Problem:
    """The data of a screen at the beginning of a ceremony. `given`: {"event", "pace", "amounts"}, and "step", from 0, where one
    is taken up again after another scene."""
    event = given.get("event")
    release = in_force(event, contest_id) if isinstance(event, int) else None
    if release is None:
        return Problem("ceremony.release", "颁奖", "还没有有效的发布", "请先在“颁奖”里冻结并发布，再上大屏")
    pace = given.get("pace", "entry")
    if pace not in PACES:
        return Problem("ceremony.pace", "颁奖", "没有这种揭晓方式", "请重新选择")
    step = given.get("step", 0)
    if not isinstance(step, int) or not 0 <= step < len(steps(release.document, pace=pace, amounts=False)):
        return Problem("ceremony.step", "颁奖", "没有这一步", "请在“全部步骤”里看清从第几步接着")
    return {"event": event, "release": release.id, "pace": pace, "amounts": bool(given.get("amounts")), "step": step}


def held(screen: Screen) -> dict | None:
    """The ceremony that another scene interrupts, to be taken up at its step; None when there is none, or it has ended."""
    data = screen.data or {}
    if screen.scene != "ceremony":
        return data.get("held")
    found = of_screen(screen)
    over = isinstance(found, Problem) or data["step"] + 1 == len(found)
    return None if over else {name: data[name] for name in ("event", "release", "pace", "amounts", "step")}


def resume(screen: Screen) -> dict | Problem:
    """The data of a screen that goes on with the ceremony it left."""
    data = held(screen)
    if data is None:
        return Problem("ceremony.held", screen.name, "没有中断的颁奖", "请从“颁奖”里开始")
    release = in_force(data["event"], screen.contest_id)
    if release is None or release.id != data["release"]:
        return Problem("ceremony.gone", screen.name, "所依据的发布已撤回", "请重新发布，再从头开始颁奖")
    return data


def in_force(event_id: int, contest_id: int) -> Release | None:
    query = sa.select(Release).join(Event, Event.id == Release.event_id)
    return db.session.scalar(query.where(Event.id == event_id, Event.contest_id == contest_id, Release.state != "withdrawn"))


def of_screen(screen: Screen) -> list[dict] | Problem:
    """All steps of the ceremony that the screen is in, or was in when another scene came between: for the host's page,
    never for the screen itself."""
    data = screen.data if screen.scene == "ceremony" else screen.data["held"]
    release = db.session.get(Release, data["release"])
    if release is None or release.state == "withdrawn":
        return Problem("ceremony.gone", screen.name, "所依据的发布已撤回", "请重新发布，再从头开始颁奖")
    return steps(release.document, pace=data["pace"], amounts=data["amounts"])
