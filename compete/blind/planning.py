"""加密方案: which layers a blind event has and who keeps each, set before the first is drawn; handing a layer over."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from compete.audit import service as audit
from compete.blind.service import begun
from compete.contests.roles import NO_CODES
from compete.models import CodeLayer, CodeOpening, CodePlan, CodeTable, Event, Membership, User, db
from scoring.problems import Problem

DEFAULT = ("抽签号", "工位号", "成绩号")
MOST_LAYERS = 5
# Whoever knows entries by name, or marks them, keeps no layer: the table would tell them which is which.
APART = (*NO_CODES, "supervisor")


def candidates(contest_id: int) -> list[User]:
    """Who may keep a layer: 加密裁判 who hold no role that knows names or marks."""
    held: dict[int, set[str]] = {}
    people = {}
    for user, role in db.session.execute(
        sa.select(User, Membership.role).join(Membership, Membership.user_id == User.id)
        .where(Membership.contest_id == contest_id, User.disabled_at.is_(None)).order_by(User.name, User.id)
    ):  # fmt: skip
        held.setdefault(user.id, set()).add(role)
        people[user.id] = user
    return [user for number, user in people.items() if "coder" in held[number] and not held[number] & set(APART) and not user.is_admin]


class LayerPlan(NamedTuple):
    """What the organiser says of a layer; without `labels` codes are invented."""

    name: str
    prefix: str = ""
    digits: int | None = None
    labels: tuple[str, ...] = ()
    keeper_id: int | None = None


def plan(
    event: Event, layers: list[LayerPlan], *, confirmers: str, minutes: int, actor: audit.Actor, now: datetime, simple: bool = False
) -> CodePlan | Problem:
    """Sets or changes the layers of an event before the first is drawn. `simple`: one layer that the organiser draws."""
    problem = unplannable(event) or _unfit(layers, set() if simple else {user.id for user in candidates(event.contest_id)}, simple)
    if problem:
        return problem
    row = db.session.scalar(sa.select(CodePlan).where(CodePlan.event_id == event.id).options(selectinload(CodePlan.layers)))
    before = told(row) if row else None
    if row is None:
        row = CodePlan(event_id=event.id, made_by=actor.name, made_at=now)
        db.session.add(row)
    else:
        for layer in list(row.layers):
            db.session.delete(layer)
        row.layers.clear()
    row.confirmers, row.minutes = confirmers, minutes
    db.session.flush()
    row.layers.extend(
        CodeLayer(position=place, name=layer.name, prefix=layer.prefix, digits=layer.digits, labels=list(layer.labels), keeper_id=layer.keeper_id)
        for place, layer in enumerate(layers, 1)
    )
    db.session.flush()
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="codes.plan", subject="event", subject_id=event.id, before=before, after=told(row),
    )  # fmt: skip
    return row


def told(row: CodePlan) -> dict:
    """A plan in the words of the trail."""
    return {"layers": [f"{layer.name}（{_name_of(layer.keeper_id) or '未定'}）" for layer in row.layers], "confirmers": row.confirmers, "minutes": row.minutes}


def _name_of(user_id: int | None) -> str:
    return db.session.scalar(sa.select(User.name).where(User.id == user_id)) or "" if user_id else ""


def unplannable(event: Event) -> Problem | None:
    """Why the layers of an event can no longer be set."""
    if not event.is_blind:
        return Problem("codes.not_blind", event.name, "不是匿名评审的赛项", "请先在评分方案里勾选“匿名评审”")
    if begun(event.id):
        return Problem("codes.begun", event.name, "已有评分表，代号不能再变", "代号要在第一张评分表之前编好")
    drawn = sa.select(CodeTable.id).join(CodeLayer).join(CodePlan).where(CodePlan.event_id == event.id, CodeTable.superseded_at.is_(None))
    if db.session.scalar(drawn.limit(1)):
        return Problem("codes.sealed", event.name, "已有一层编好并封存", "层数和形式不能再改；保管人可以交接")
    return None


def _unfit(layers: list[LayerPlan], keepers: Collection[int], simple: bool) -> Problem | None:
    if not 1 <= len(layers) <= MOST_LAYERS:
        return Problem("codes.count", "层数", f"有 {len(layers)} 层", f"请设 1 到 {MOST_LAYERS} 层")
    names = [layer.name for layer in layers]
    if len(set(names)) != len(names):
        return Problem("codes.same_name", "名称", "两层的名称相同", "请给每一层不同的名称")
    chosen = [layer.keeper_id for layer in layers if layer.keeper_id]
    if len(set(chosen)) != len(chosen):
        return Problem("codes.same_keeper", "保管人", "同一个人保管两层，就能把代号和参赛对象对上", "请为每一层另选一位加密裁判")
    if not simple and not set(chosen) <= set(keepers):
        return Problem("codes.keeper", "保管人", "不是加密裁判，或同时担任能看到姓名、成绩的角色", "请在“人员与权限”里另请一位只担任加密裁判的人")
    for layer in layers:
        long = [label for label in layer.labels if len(label) > 16]
        if long:
            return Problem("codes.label", layer.name, f"号牌“{long[0]}”太长", "号牌最多 16 个字")
    return None


def hand_over(layer: CodeLayer, user_id: int, *, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Gives a layer to another keeper: the table goes with it, so a reason is asked for and the protocol tells of it."""
    event = layer.plan.event
    if user_id == layer.keeper_id:
        return Problem("codes.same", layer.name, "已由这位保管", "请另选一位")
    if user_id not in {user.id for user in candidates(event.contest_id)}:
        return Problem("codes.keeper", layer.name, "不是加密裁判，或同时担任能看到姓名、成绩的角色", "请另选一位只担任加密裁判的人")
    if user_id in {other.keeper_id for other in layer.plan.layers if other.id != layer.id} | _kept_elsewhere(layer, user_id):
        return Problem("codes.same_keeper", layer.name, "这位保管着（或曾保管）另一层", "同一个人不能知道两层，请另选一位")
    sealed = db.session.scalar(sa.select(CodeTable.id).where(CodeTable.layer_id == layer.id, CodeTable.superseded_at.is_(None)))
    if sealed and not reason.strip():
        return Problem("codes.reason", layer.name, "封存之后换保管人要写明理由", "理由会写入留痕，印在加密记录表上")
    before, layer.keeper_id = layer.keeper_id, user_id
    tables = sa.select(CodeTable.id).where(CodeTable.layer_id == layer.id).scalar_subquery()
    db.session.execute(
        sa.update(CodeOpening).where(CodeOpening.table_id.in_(tables), CodeOpening.state == "asked")
        .values(state="dropped", settled_by=actor.key, settled_name=actor.name, settled_at=now).execution_options(synchronize_session=False)
    )  # fmt: skip
    db.session.flush()
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="codes.keeper", subject="code_layer", subject_id=layer.id,
        before={"keeper": _name_of(before)}, after={"layer": layer.name, "keeper": _name_of(user_id)}, reason=reason.strip(),
    )  # fmt: skip
    return None


def _kept_elsewhere(layer: CodeLayer, user_id: int) -> set[int]:
    """The person, where they sealed another layer of this plan before."""
    key = f"user:{user_id}"
    found = db.session.scalar(
        sa.select(CodeTable.id).join(CodeLayer).where(CodeLayer.plan_id == layer.plan_id, CodeLayer.id != layer.id, CodeTable.sealed_by == key).limit(1)
    )
    return {user_id} if found else set()


def simple(event: Event, *, keeper_id: int, actor: audit.Actor, now: datetime) -> CodePlan | Problem:
    """The plain way: one layer of invented codes that the organiser keeps."""
    return plan(event, [LayerPlan("编号", keeper_id=keeper_id)], confirmers="supervisor", minutes=0, actor=actor, now=now, simple=True)
