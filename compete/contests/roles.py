"""Who holds which role in a contest."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from compete.audit import service as audit
from compete.models import ROLES, Contest, Membership, User, db
from scoring.problems import Problem

MEANINGS = {
    "organiser": "建竞赛、改方案、管报名和场次、发布结果",
    "chief": "查看进度和成绩，退回、锁定并签名",
    "finance": "只看奖金发放，不看评分",
    "supervisor": "什么都能看，什么都不能改，可查留痕",
    "host": "只看赛程与获奖名单，操作大屏幕",
    "coder": "保管一层代号，参与启封；看不到姓名对应的成绩",
    "recorder": "录入纸质评分表，复核评分表",
}
NO_CODES = {"organiser", "chief", "host", "recorder"}


def holders(contest: Contest) -> list[Membership]:
    query = sa.select(Membership).where(Membership.contest_id == contest.id).options(joinedload(Membership.user))
    order = {role: number for number, role in enumerate(ROLES)}
    return sorted(db.session.scalars(query), key=lambda row: (order[row.role], row.id))


def candidates() -> list[User]:
    return list(db.session.scalars(sa.select(User).where(User.disabled_at.is_(None)).order_by(User.name, User.id)))


def give(contest: Contest, *, user_id: int, role: str, actor: audit.Actor, now: datetime) -> Membership | Problem:
    user = db.session.get(User, user_id)
    if user is None or user.disabled_at or role not in ROLES:
        return Problem("role.nobody", "人员", "没有这个人，或账户已停用", "请从名单中选择")
    held = set(db.session.scalars(sa.select(Membership.role).where(Membership.contest_id == contest.id, Membership.user_id == user.id)))
    if role in held:
        return Problem("role.held", user.name, f"已经是{ROLES[role]}", "不必重复添加")
    # The one who watches must not be the one who acts, and who pays not the one who supervises.
    if held and ("supervisor" in held or role == "supervisor"):
        return Problem("role.conflict", user.name, "监督不能同时担任其他角色", "请先收回原来的角色，或另选一人担任监督")
    # Who keeps codes knows neither names nor marks.
    if (role == "coder" and held & NO_CODES) or ("coder" in held and role in NO_CODES):
        return Problem("role.conflict", user.name, "加密裁判不能同时担任看得到姓名或成绩的角色", "请先收回原来的角色，或另选一人")
    row = Membership(contest_id=contest.id, user_id=user.id, role=role)
    db.session.add(row)
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="membership.give", subject="user", subject_id=user.id,
        after={"name": user.name, "role": ROLES[role]},
    )  # fmt: skip
    return row


def take(row: Membership, *, actor: audit.Actor, now: datetime) -> Problem | None:
    if row.role == "organiser":
        organisers = sa.select(sa.func.count()).select_from(Membership).where(
            Membership.contest_id == row.contest_id, Membership.role == "organiser")  # fmt: skip
        if db.session.scalar(organisers) == 1:
            return Problem("role.last", row.user.name, "是唯一的组织者", "请先添加另一位组织者，再收回")
    db.session.delete(row)
    db.session.flush()
    audit.record(
        contest_id=row.contest_id, actor=actor, now=now, action="membership.take", subject="user", subject_id=row.user_id,
        before={"name": row.user.name, "role": ROLES[row.role]},
    )  # fmt: skip
    return None
