"""What people do with a contest: create, change, archive; and whether an event is ready to be judged."""

from datetime import date, datetime

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.contests import building, schemes
from compete.marking import form
from compete.models import Contest, Event, Membership, User, db
from scoring.problems import Problem

HOST_KINDS = ("主办", "承办", "协办")


def visible(user: User):
    """The contests this person may see: an administrator all, others those in which they hold a role. Rehearsals stand under their contests."""
    query = sa.select(Contest).where(Contest.rehearsal_of_id.is_(None))
    if not user.is_admin:
        query = query.where(Contest.id.in_(sa.select(Membership.contest_id).where(Membership.user_id == user.id)))
    return query


def may_create(user: User) -> bool:
    """Administrators, and those who organise a contest already."""
    if user.is_admin:
        return True
    return db.session.scalar(sa.select(sa.exists().where(Membership.user_id == user.id, Membership.role == "organiser")))


def copyable(user: User) -> list[Contest]:
    """Contests whose structure this person may take over, newest first."""
    query = sa.select(Contest).where(Contest.rehearsal_of_id.is_(None)).order_by(Contest.id.desc())
    if not user.is_admin:
        mine = sa.select(Membership.contest_id).where(Membership.user_id == user.id, Membership.role == "organiser")
        query = query.where(Contest.id.in_(mine))
    return list(db.session.scalars(query))


def create(
    *,
    name: str,
    plan: dict | None = None,
    preset: str = "",
    copied_from: Contest | None = None,
    user: User | None,
    actor: audit.Actor,
    now: datetime,
    **details,
) -> Contest:
    """A new contest from a preset's plan, from an earlier contest's structure, or empty. Its maker becomes organiser."""
    if copied_from is not None:
        plan = building.plan_of(copied_from)
    plan = plan or {}
    columns = {**plan.get("contest", {}), **{key: value for key, value in details.items() if key != "series" and value}}
    contest = Contest(
        name=name, preset=preset or (copied_from.preset if copied_from else ""), copied_from_id=copied_from.id if copied_from else None,
        settings={}, created_at=now, **columns,
    )  # fmt: skip
    contest.hosts = contest.hosts or {}
    contest.series = building.series_of(details.get("series") or plan.get("series", ""))
    db.session.add(contest)
    db.session.flush()
    building.build(plan, contest)
    if user is not None:
        db.session.add(Membership(contest_id=contest.id, user_id=user.id, role="organiser"))
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="contest.create", subject="contest", subject_id=contest.id,
        after={**facts_of(contest), "preset": contest.preset, "copied_from": contest.copied_from_id},
    )  # fmt: skip
    return contest


def facts_of(contest: Contest) -> dict:
    def day(value: date | None) -> str | None:
        return value.isoformat() if value else None

    return {
        "name": contest.name, "level": contest.level, "hosts": contest.hosts, "starts_on": day(contest.starts_on),
        "ends_on": day(contest.ends_on), "venue": contest.venue, "series": contest.series.name if contest.series else "",
    }  # fmt: skip


def update(contest: Contest, *, actor: audit.Actor, now: datetime, series: str = "", **details) -> None:
    before = facts_of(contest)
    for key, value in details.items():
        setattr(contest, key, value)
    contest.series = building.series_of(series)
    db.session.flush()
    before, after = audit.differences(before, facts_of(contest))
    if after:
        audit.record(
            contest_id=contest.id, actor=actor, now=now, action="contest.change", subject="contest", subject_id=contest.id,
            before=before, after=after,
        )  # fmt: skip


def archive(contest: Contest, *, away: bool, actor: audit.Actor, now: datetime) -> None:
    """Puts the contest away (or takes it back): it stays readable, lists leave it out."""
    if bool(contest.archived_at) == away:
        return
    contest.archived_at = now if away else None
    db.session.flush()
    audit.record(
        contest_id=contest.id, actor=actor, now=now, action="contest.archive" if away else "contest.restore",
        subject="contest", subject_id=contest.id,
    )  # fmt: skip


def readiness(event: Event) -> list[Problem]:
    """What keeps the event's judging closed; empty means that the scheme is whole. Load the event by `schemes.load`."""
    stage = schemes.ranked_stage(event)
    if stage is None or not stage.parts:
        return [Problem("no_parts", event.name, "还没有评分环节", "请在评分方案里添加阶段和评分环节")]
    found = list(schemes.scheme_of(event).check())
    for other in event.stages:
        if other is not stage and other.parts:
            found += scoring.Scheme(tuple(schemes.part_value(part) for part in other.parts)).check()
    return found + [problem for each in event.stages for part in each.parts for problem in _not_on_tablets(schemes.part_value(part))]


def _not_on_tablets(part: scoring.Part) -> list[Problem]:
    """Criteria that the judges' tablets cannot take marks of: the engine knows more kinds than the tablets do."""
    if part.kind != "judged":
        return []
    found = [Problem("tablet_kind", f"{part.name} · {leaf.name}", f"{why}，评委平板还不能这样打分",
                     "请在评分方案里改为打分、评判、是否或表决；或用 compete tally 按评分文件计算")
             for leaf in part.leaves if (why := form.refused(leaf))]  # fmt: skip
    if part.caps:
        found.append(Problem("tablet_cap", part.name, "有评分项设了下级合计的上限，评委平板上的合计还不能照此计算", "请去掉上限；或用 compete tally 按评分文件计算"))
    return found
