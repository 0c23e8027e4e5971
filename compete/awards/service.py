"""Awards by the rules, and their release: frozen, numbered, with a digest. Only a release is public."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.awards import frozen
from compete.awards.lists import Preview, lists_of
from compete.blind import service as blind
from compete.clock import local, show_time
from compete.contests import schemes
from compete.models import Award, Budget, Event, Release, Title, db
from compete.recheck import service as rechecks
from compete.results import facts as results
from compete.results.facts import Board
from scoring.problems import Problem
from scoring.awards.titles import awarded

# More seats than entries is worth a word in the preview; the seats simply stay empty.
HARMLESS = {"awards_above_field"}


class Standing(NamedTuple):
    """What an event's awards are measured against. Amounts in fen; `number`, `made_at` of its release in force, if any."""

    budget: int | None
    elsewhere: int
    number: int | None
    made_at: datetime | None


def standing_of(event: Event) -> Standing:
    """The contest's money for prizes (None when no budget was entered), what the releases of its other events take of it, and
    the event's own release in force: in one query."""
    budget = sa.select(sa.func.sum(Budget.amount_fen)).where(Budget.contest_id == event.contest_id, Budget.purpose == "prize")
    in_force = sa.and_(Release.contest_id == event.contest_id, Release.state != "withdrawn")
    taken = (
        sa.select(sa.func.coalesce(sa.func.sum(Award.prize_fen), 0))
        .join(Release, Release.id == Award.release_id)
        .where(in_force, Release.event_id != event.id)
    )
    own = [sa.select(column).where(in_force, Release.event_id == event.id).scalar_subquery() for column in (Release.number, Release.made_at)]
    found, elsewhere, number, made_at = db.session.execute(sa.select(budget.scalar_subquery(), taken.scalar_subquery(), *own)).one()
    return Standing(None if found is None else int(found), int(elsewhere), number, made_at)


def preview(board: Board, standing: Standing | None = None) -> Preview:
    vacancies = board.event.rules.get("vacancies") or {}
    allotment = awarded(board.scheme, board.outcome, vacancies=vacancies)
    lists = lists_of(board, allotment)
    problems = [*allotment.problems, *lists.problems]
    if standing and standing.budget is not None:
        problem = scoring.budget_problem(allotment.total_fen + lists.prizes_fen + standing.elsewhere, standing.budget)
        problems += [problem] if problem else []
    return Preview(allotment, tuple(problems), lists)


def set_vacancies(*, event: Event, tier: str, count: int, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Leaves `count` seats of a tier empty by decision (空缺)."""
    row = next((row for row in event.tiers if row.code == tier), None)
    if row is None or count < 0:
        return Problem("vacancy.tier", "奖等", "没有这个奖等或名额为负", "请刷新页面后重新填写")
    if count and not row.vacant_allowed:
        return Problem("vacancy.forbidden", row.name, "本竞赛规则不允许空缺", "如规则已改，请先在“筹备”里修改该奖等")
    if count and not reason.strip():
        return Problem("vacancy.reason", row.name, "没有写空缺的原因", "请写明依据，例如“评委组认为均未达到一等奖水平”")
    before = dict(event.rules.get("vacancies") or {})
    after = {code: number for code, number in {**before, tier: count}.items() if number}
    event.rules = {**event.rules, "vacancies": after}
    db.session.flush()
    audit.record(contest_id=event.contest_id, actor=actor, now=now, action="award.vacancy", subject="event", subject_id=event.id,
                 before=before, after=after, reason=reason.strip())  # fmt: skip
    return None


def obstacles(board: Board, found: Preview, standing: Standing) -> list[Problem]:
    """What stands between this outcome and its release."""
    event, problems = board.event, []
    if not board.labels:
        problems.append(Problem("release.empty", event.name, "没有参赛对象", "请先导入并审核"))
    if board.outcome.incomplete:
        count = sum(standing.status == "incomplete" for standing in board.outcome.standings)
        problems.append(Problem("release.incomplete", event.name, f"还有 {count} 项成绩不完整", "请在“评分”页查看缺哪些评分表"))
    if board.outcome.undecided_ties:
        problems.append(Problem("release.tie", event.name, "有同分没有决定先后", "请在“核分”页记录决定"))
    stage = schemes.ranked_stage(event)
    for part in stage.parts if stage else ():
        if part.locked_at is None and part.kind not in schemes.FIGURE_KINDS:
            problems.append(Problem("release.unlocked", part.name, "总评委尚未锁定并签字", "请总评委在平板上核对后锁定"))
    if event.is_veiled and blind.coding(event).hinders:
        problems.append(Problem("release.sealed", event.name, "代号还没有全部启封", "成绩锁定之后，请在“加密与启封”页由两人逐层启封"))
    if rechecks.is_required(event):
        problems += rechecks.unfinished(event)
    problems += [problem for problem in found.problems if problem.code not in HARMLESS]
    if standing.number:
        problems.append(Problem("release.standing", event.name, f"第 {standing.number} 号发布仍然有效", "如需更正，请先撤回它并写明原因"))
    return problems


def release(*, board: Board, notice_days: int, actor: audit.Actor, now: datetime) -> Release | list[Problem]:
    """Freezes the outcome with its awards under the contest's next number."""
    event = board.event
    standing = standing_of(event)
    found = preview(board, standing)
    problems = obstacles(board, found, standing)
    if problems:
        return problems
    if event.is_veiled:  # from here on the names are public: everything the release says goes by them
        event.unveiled_at = now
        db.session.flush()
        audit.record(contest_id=event.contest_id, actor=actor, now=now, action="codes.reveal", subject="event", subject_id=event.id, reason="发布结果")
        board = results.board(event)
        found = preview(board, standing)
    number = 1 + (db.session.scalar(sa.select(sa.func.max(Release.number)).where(Release.contest_id == event.contest_id)) or 0)
    document = frozen.document(board, found, number=number, now=now)
    row = Release(
        contest_id=event.contest_id, event_id=event.id, number=number, document=document, digest=audit.digest(document),
        scheme_digest=document["scheme"]["digest"], audit_head=audit.head(event.contest_id),
        notice_until=now + timedelta(days=notice_days) if notice_days else None,
        state="provisional" if notice_days else "final", made_by=actor.name, made_at=now,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    db.session.add_all(_awards(board, found, row.id))
    db.session.add_all(_titles(board, found, row.id))
    audit.record(contest_id=event.contest_id, actor=actor, now=now, action="release.make", subject="release", subject_id=row.id,
                 after={"number": number, "digest": row.digest, "awards": len(found.allotment.awards)})  # fmt: skip
    return row


def _awards(board: Board, found: Preview, release_id: int) -> list[Award]:
    """One row per entry: its award, with the titles that carry a prize of their own."""
    names = {tier.code: tier.name for tier in (*board.scheme.tiers, *board.scheme.titles)}
    rows: dict[int, Award] = {}
    for award in (*found.allotment.awards, *(found.lists.titles.awards if found.lists.titles else ())):
        row = rows.get(award.entry)
        if row is None and (award.prize_fen or award in found.allotment.awards):
            rows[award.entry] = Award(
                release_id=release_id, entry_id=award.entry, position=len(rows), place=board.outcome.standing(award.entry).rank,
                tier_code=award.tier, tier_name=names[award.tier], prize_fen=award.prize_fen,
            )  # fmt: skip
        elif row is not None and award.prize_fen and award not in found.allotment.awards:
            row.prize_fen += award.prize_fen
            row.tier_name = f"{row.tier_name}、{names[award.tier]}"[:120]
    return list(rows.values())


def _titles(board: Board, found: Preview, release_id: int) -> list[Title]:
    names = {tier.code: tier.name for tier in board.scheme.titles}
    given = found.lists.titles.awards if found.lists.titles else ()
    return [Title(release_id=release_id, entry_id=award.entry, name=names[award.tier]) for award in given]


def finish(*, row: Release, actor: audit.Actor, now: datetime) -> Problem | None:
    """After the public notice the release becomes final."""
    if row.state != "provisional":
        return Problem("release.state", f"第 {row.number} 号发布", "不在公示中", "请刷新页面")
    if row.notice_until and now < row.notice_until:
        return Problem("release.early", f"第 {row.number} 号发布", f"公示到 {show_time(row.notice_until)} 才结束", "请在公示结束后确认")
    _move(row, "final")
    audit.record(contest_id=row.contest_id, actor=actor, now=now, action="release.finish", subject="release", subject_id=row.id)
    return None


def withdraw(*, row: Release, reason: str, actor: audit.Actor, now: datetime) -> Problem | None:
    """Takes a release back; it stays readable for those who judge, and says why."""
    if not reason.strip():
        return Problem("release.reason", "撤回", "没有写原因", "请写明原因，会显示在公示页上")
    if row.state == "withdrawn":
        return Problem("release.state", f"第 {row.number} 号发布", "已经撤回", "请刷新页面")
    _move(row, "withdrawn")
    row.withdrawn_at, row.withdrawn_reason = now, reason.strip()
    audit.record(contest_id=row.contest_id, actor=actor, now=now, action="release.withdraw", subject="release", subject_id=row.id,
                 reason=row.withdrawn_reason)  # fmt: skip
    return None


def _move(row: Release, state: str) -> None:
    """Compare-and-swap: two people cannot both take the same step."""
    moved = sa.update(Release).where(Release.id == row.id, Release.state == row.state).values(state=state)
    if db.session.execute(moved.execution_options(synchronize_session=False)).rowcount != 1:
        raise RuntimeError("the release changed under this transaction")
    row.state = state


def days_left(row: Release, now: datetime) -> int:
    """Whole days until the public notice ends, by the calendar."""
    if row.notice_until is None or now >= row.notice_until:
        return 0
    return max((local(row.notice_until).date() - local(now).date()).days, 1)
