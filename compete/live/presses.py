"""What the buttons of the host's console mean: "call:12" → the service that does it, and what is said afterwards."""

from collections.abc import Callable
from datetime import datetime

from compete.audit import service as audit
from compete.judging import masks, sessions
from compete.live import podium as podiums
from compete.live import screens, showings, stage, timing
from compete.live.clock import STEP_MS
from compete.live.podium import podium_of
from compete.live.state import Hall
from compete.models import Screen, Session, Slot, db
from scoring import format_points
from scoring.problems import Problem

ABSENT = "点名未到（主持台登记）"


class Hand:
    """One press: the hall it was made in, what it saw, who pressed and when."""

    def __init__(self, hall: Hall, *, seen: int, touch: str, reason: str, text: str, actor: audit.Actor, now: datetime):
        self.hall, self.session, self.reason, self.text = hall, hall.session, reason, text
        self.by = {"actor": actor, "now": now}
        self.podium = {"seen": seen, "touch": touch, **self.by}


def press(hall: Hall, do: str, **hand) -> str | Problem:
    """Does what the button says. Returns what to tell the host, or a Problem; call inside `write()`."""
    name, *given = do.split(":")
    action = ACTIONS.get(name)
    if action is None or not all(text.isascii() and text.replace("_", "").isalnum() for text in given):
        return Problem("press.unknown", "主持台", "没有这个按钮", "请刷新页面")
    if podiums.was(hall.session.id, hand["touch"]):
        return "已完成"  # the answer was lost on its way, the same press came again
    try:
        done = action(Hand(hall, **hand), *given)
    except (TypeError, ValueError):
        return Problem("press.unknown", "主持台", "按钮的内容不完整", "请刷新页面")
    if not isinstance(done, Problem):
        podiums.note(hall.session, hand["touch"])
    return done


def _on_podium(verb: Callable, said: str, *given) -> Callable:
    def do(hand: Hand) -> str | Problem:
        found = verb(hand.session, *given, **hand.podium)
        return found if isinstance(found, Problem) else said

    return do


def _call(hand: Hand, slot: str) -> str | Problem:
    found = stage.call(hand.session, masks.named(slot, "slot"), **hand.podium)
    return found if isinstance(found, Problem) else "已请上台"


def _reset(hand: Hand, phase: str = "") -> str | Problem:
    found = timing.reset(hand.session, phase, **hand.podium)
    return found if isinstance(found, Problem) else "已从头计时，请按“开始”"


def _absent(hand: Hand, slot: str) -> str | Problem:
    found = stage.mark_absent(hand.session, masks.named(slot, "slot"), reason=hand.reason or ABSENT, **hand.by)
    return found if isinstance(found, Problem) else "已登记缺考；如果到场，可在这里撤销"


def _lift(hand: Hand, slot: str) -> str | Problem:
    return stage.lift_absent(hand.session, masks.named(slot, "slot"), reason=hand.reason or "到场参赛（主持台撤销）", **hand.by) or "缺考已撤销，可以上台"


# overtime


def _charge(hand: Hand, row: str, points: str, sure: str = "") -> str | Problem:
    found = timing.charge(hand.session, int(row), points=int(points), sure=sure == "sure", **hand.by)
    return found if isinstance(found, Problem) else f"已扣 {format_points(found.points)} 分"


def _waive(hand: Hand, row: str) -> str | Problem:
    return timing.waive(hand.session, int(row), reason=hand.reason or "主持人决定不扣", **hand.by) or "这次超时不扣分"


def _reconsider(hand: Hand, row: str) -> str | Problem:
    return timing.reconsider(hand.session, int(row), reason=hand.reason or "主持人改判", **hand.by) or "已撤销，请重新决定"


# the session


def _open(hand: Hand) -> str | Problem:
    if hand.session.state == "closed":
        if not hand.reason:
            return Problem("reason", "重新开放", "没有写原因", "请写明为什么重新开放，会留在记录里")
        return sessions.reopen(hand.session, reason=hand.reason, **hand.by) or "已重新开放评分"
    return next(iter(sessions.open_session(hand.session, **hand.by)), None) or "本场开始评分，平板上已可打分"


def _close(hand: Hand) -> str | Problem:
    return sessions.close(hand.session, **hand.by) or "本场评分已结束，不再收分"


def _only(hand: Hand, on: str) -> str | Problem:
    found = stage.only_current(hand.session, on == "1", **hand.podium)
    return found if isinstance(found, Problem) else "没有上过台的，平板上现在不能打分" if on == "1" else "评委可以给本场任何一项打分"


# messages and screens


def _announce(hand: Hand, where: str) -> str | Problem:
    if not hand.text:
        return Problem("notice.empty", "通知", "没有内容", "请写一两句话")
    told = []
    if where in ("tablets", "both", "all"):
        found = _tell_tablets(hand, hand.text, everywhere=where == "all")
        if isinstance(found, Problem):
            return found
        told.append("平板")
    if where in ("screens", "both"):
        for row in screens.listed(hand.session.contest_id):
            if row.kind == "hall" and row.session_id in (None, hand.session.id):
                found = screens.direct(row, scene="message", data={"text": hand.text}, **hand.by)
                if isinstance(found, Problem):
                    return found
                told.append(row.name)
    if not told:
        return Problem("screen.none", "大屏", "没有跟随本场的大屏", "请先在“大屏”页添加，或只发到平板")
    return f"已发到：{'、'.join(told)}"


def _hush(hand: Hand) -> str | Problem:
    found = _tell_tablets(hand, "", everywhere=False)
    return found if isinstance(found, Problem) else "平板上的通知已收回"


def _tell_tablets(hand: Hand, text: str, *, everywhere: bool):
    found = stage.announce(hand.session, text, **hand.podium)
    if isinstance(found, Problem) or not everywhere:
        return found
    others = db.select(Session).where(Session.contest_id == hand.session.contest_id, Session.id != hand.session.id, Session.state != "closed")
    for other in db.session.scalars(others).all():
        podium = podium_of(other.id)
        stage.announce(other, text, seen=podium.revision if podium else 0, **hand.by)
    return found


def _screen(hand: Hand, number: str, scene: str) -> str | Problem:
    row = db.session.get(Screen, int(number))
    if row is None or row.contest_id != hand.session.contest_id or row.removed_at is not None:
        return Problem("screen.gone", "大屏", "这块屏幕已经移除", "请在“大屏”页查看")
    data = _scene_data(hand, scene)
    if isinstance(data, Problem):
        return data
    found = screens.direct(row, scene=scene, data=data, session_id=hand.session.id, **hand.by)
    return found if isinstance(found, Problem) else f"“{row.name}”已切换"


def _scene_data(hand: Hand, scene: str) -> dict | Problem:
    if scene == "score":
        podium = podium_of(hand.session.id)
        if podium is None or podium.slot_id is None:
            return Problem("stage.empty", "亮分", "台上没有参赛对象", "请先叫号")
        entry = db.session.scalar(db.select(Slot.entry_id).where(Slot.id == podium.slot_id))
        found = showings.show_score(hand.session.part_id, entry, **showings.as_before(hand.session.contest_id), **hand.by)
    elif scene == "standings":
        found = showings.show_standings(hand.hall.event.id, stage_id=hand.hall.part.stage_id, **hand.by)
    elif scene == "message":
        return {"text": hand.text}
    elif scene == "ceremony":
        return {"resume": True}
    else:
        return {}
    return found if isinstance(found, Problem) else {"showing": found.id}


ACTIONS: dict[str, Callable] = {
    "next": _on_podium(stage.call_next, "已叫下一个"), "previous": _on_podium(stage.call_previous, "已请回台上"), "call": _call, "skip": _on_podium(stage.skip, "已跳过，排到最后"),
    "clear": _on_podium(stage.clear, "台上已清空"), "undo": _on_podium(stage.undo, "已撤销，计时接着走"),
    "start": _on_podium(timing.start, "开始计时"), "pause": _on_podium(timing.pause, "已暂停"), "finish": _on_podium(timing.finish, "这一段已结束"),
    "longer": _on_podium(timing.adjust, "加了 30 秒", STEP_MS), "shorter": _on_podium(timing.adjust, "减了 30 秒", -STEP_MS), "reset": _reset,
    "absent": _absent, "lift": _lift, "charge": _charge, "waive": _waive, "reconsider": _reconsider,
    "open": _open, "close": _close, "only": _only, "announce": _announce, "hush": _hush, "screen": _screen,
}  # fmt: skip
