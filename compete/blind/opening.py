"""启封: the layers are opened in reverse order, each by two people within a time limit, after the chief judge has locked the marks."""

from collections.abc import Collection
from datetime import datetime, timedelta

import sqlalchemy as sa

from compete import clock
from compete.audit import service as audit
from compete.blind import sealing
from compete.blind.service import Coding, LayerState, coding
from compete.models import CodeLayer, CodeOpening, CodeTable, db
from scoring.problems import Problem


def ask(
    layer: CodeLayer, *, emergency: bool = False, reason: str = "", roles: Collection[str], actor: audit.Actor, now: datetime
) -> CodeOpening | Problem:
    """The first of two: the layer's keeper or a supervisor asks; somebody else must confirm before the time is over."""
    db.session.execute(sa.select(CodeLayer.id).where(CodeLayer.plan_id == layer.plan_id).with_for_update())
    found = coding(layer.plan.event)
    here = next(state for state in found.layers if state.layer.id == layer.id)
    problem = _shut(found, here, emergency) or _no_part(here, found, roles, actor)
    if problem is None and emergency and not reason.strip():
        problem = Problem("codes.reason", layer.name, "紧急启封要写明理由", "理由会写入留痕，并随发布公开")
    if problem:
        return problem
    if here.asked:
        if here.asked.expires_at > now:
            return Problem("codes.asked", layer.name, f"{here.asked.asked_name} 已经申请", "请另一位确认，或等申请过期")
        _settle(here.asked, "dropped", audit.SYSTEM, now)
    row = CodeOpening(
        table_id=here.table.id, kind="emergency" if emergency else "ordinary", reason=reason.strip(), asked_by=actor.key, asked_name=actor.name,
        asked_at=now, expires_at=now + timedelta(minutes=found.plan.minutes),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    _record(found, here, {"layer": layer.name, "method": KINDS[row.kind], "until": clock.show_time(row.expires_at)}, row.reason, actor, now, action="codes.ask")
    return row


KINDS = {"ordinary": "正常启封", "emergency": "紧急启封（锁定之前）"}


def confirm(opening: CodeOpening, *, roles: Collection[str], actor: audit.Actor, now: datetime) -> CodeOpening | Problem:
    """The second of two. The table is compared with what the trail holds since it was sealed; only a true one is opened."""
    table = db.session.get(CodeTable, opening.table_id)
    layer = db.session.get(CodeLayer, table.layer_id)
    db.session.execute(sa.select(CodeLayer.id).where(CodeLayer.plan_id == layer.plan_id).with_for_update())
    db.session.refresh(opening)
    found = coding(layer.plan.event)
    here = next(state for state in found.layers if state.layer.id == layer.id)
    if opening.state != "asked":
        return Problem("codes.settled", layer.name, "这次申请已经了结", "请刷新页面")
    if opening.expires_at <= now:
        _settle(opening, "dropped", audit.SYSTEM, now)
        return Problem("codes.late", layer.name, f"申请已于 {clock.show_time(opening.expires_at)} 过期", "请重新申请，另一位在时限内确认")
    if actor.key == opening.asked_by:
        return Problem("codes.same_person", layer.name, "申请和确认必须是两个人", "请另一位用自己的账户确认")
    problem = _shut(found, here, opening.kind == "emergency") or _no_part(here, found, roles, actor, asked_by=opening.asked_by)
    if problem:
        return problem
    problem = sealing.untrue(layer, table)
    if problem is None and here is found.layers[0]:
        problem = sealing.swapped(found.event.id, [state.table for state in found.layers])
    if problem:
        _settle(opening, "broken", actor, now)
        _record(found, here, {"layer": layer.name, "digest": table.digest}, f"{problem.where}：{problem.message}", actor, now, action="codes.broken")
        return problem
    _settle(opening, "opened", actor, now)
    table.opened_at = now
    db.session.flush()
    _record(
        found, here, {"layer": layer.name, "asked": opening.asked_name, "confirmed": actor.name, "digest": table.digest}, opening.reason, actor, now,
        action="codes.open" if opening.kind == "ordinary" else "codes.emergency",
    )  # fmt: skip
    return opening


def drop(opening: CodeOpening, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes a request back, or refuses it."""
    table = db.session.get(CodeTable, opening.table_id)
    layer = db.session.get(CodeLayer, table.layer_id)
    if opening.state != "asked":
        return Problem("codes.settled", layer.name, "这次申请已经了结", "请刷新页面")
    _settle(opening, "dropped", actor, now)
    found = coding(layer.plan.event)
    here = next(state for state in found.layers if state.layer.id == layer.id)
    _record(found, here, {"layer": layer.name, "asked": opening.asked_name}, "", actor, now, action="codes.drop")
    return None


def reveal(found: Coding, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """Names stand on the pages of results from now on: all layers are open and the marks are locked."""
    event = found.event
    if event.unveiled_at is not None:
        return Problem("codes.revealed", event.name, "已经显示名称", "请刷新页面")
    if not found.all_open:
        return Problem("codes.closed", event.name, "还有没有启封的层", "请先从外到内逐层启封")
    if found.unlocked:
        return _unlocked(event.name, found)
    event.unveiled_at = now
    db.session.flush()
    audit.record(contest_id=event.contest_id, actor=actor, now=now, action="codes.reveal", subject="event", subject_id=event.id,
                 after={"layers": [state.layer.name for state in found.layers]})  # fmt: skip
    return None


def _shut(found: Coding, here: LayerState, emergency: bool) -> Problem | None:
    """Why this layer cannot be opened now, whoever asks."""
    if here.is_open:
        return Problem("codes.opened", here.layer.name, "已经启封", "请刷新页面")
    if found.is_simple:
        return Problem("codes.simple", here.layer.name, "这一层由组织者自己保管，不用启封", "发布结果时直接写名称")
    if not found.sealed:
        return Problem("codes.unsealed", here.layer.name, f"“{found.next_to_draw.layer.name}”还没有编好", "各层都编好、评分结束之后才启封")
    if here is not found.next_to_open:
        return Problem("codes.order", here.layer.name, f"要先启封外层的“{found.next_to_open.layer.name}”", "请从最后编的一层起，逐层往回启封")
    if found.unlocked and not emergency:
        return _unlocked(here.layer.name, found)
    if not found.unlocked and emergency:
        return Problem("codes.no_emergency", here.layer.name, "总评委已锁定全部环节，不需要紧急启封", "请按正常启封申请")
    return None


def _unlocked(where: str, found: Coding) -> Problem:
    return Problem("codes.unlocked", where, f"总评委还没有锁定“{'、'.join(found.unlocked)}”", "成绩核对、锁定签名之后才能启封；确有紧急情况，由两人说明理由紧急启封")


def _no_part(here: LayerState, found: Coding, roles: Collection[str], actor: audit.Actor, asked_by: str = "") -> Problem | None:
    """Whether this person is none of the two who may open the layer."""
    keepers = {f"user:{state.layer.keeper_id}" for state in found.layers if state.layer.keeper_id}
    own = f"user:{here.layer.keeper_id}"
    watches = "supervisor" in roles
    if found.plan.confirmers == "any":
        if watches or actor.key in keepers:
            return None
        return Problem("codes.no_part", here.layer.name, "您不是监督，也不是本赛项的保管人", "请由保管人或监督操作")
    # Of the two one is a supervisor: a keeper does not confirm what a keeper (also the one before the hand-over) asked for.
    if watches or (actor.key == own and asked_by not in keepers | {here.table.sealed_by}):
        return None
    return Problem("codes.no_part", here.layer.name, "必须由监督确认" if asked_by else "这一层由保管人和监督两人启封", "请由监督或本层保管人操作")


def _settle(opening: CodeOpening, state: str, actor: audit.Actor, now: datetime) -> None:
    opening.state, opening.settled_by, opening.settled_name, opening.settled_at = state, actor.key, actor.name, now
    db.session.flush()


def _record(found: Coding, here: LayerState, after: dict, reason: str, actor: audit.Actor, now: datetime, *, action: str) -> None:
    audit.record(contest_id=found.event.contest_id, actor=actor, now=now, action=action, subject="code_table", subject_id=here.table.id,
                 after=after, reason=reason)  # fmt: skip
