"""Budget lines of a contest, and what its award tiers would cost."""

from datetime import datetime

import sqlalchemy as sa

import scoring
from compete.audit import service as audit
from compete.contests.schemes import more, tier_value
from compete.models import Budget, Contest, Entry, Event, Tier, db
from scoring import format_yuan, planned_counts
from scoring.problems import Problem

PURPOSES = {"prize": "奖金", "subsidy": "补助", "other": "其他"}


def lines(contest_id: int) -> list[Budget]:
    return list(db.session.scalars(sa.select(Budget).where(Budget.contest_id == contest_id).order_by(Budget.id)))


def prize_budget(contest_id: int) -> int | None:
    """What may be spent on prizes; None when no budget line for prizes exists (then nothing is checked)."""
    query = sa.select(sa.func.sum(Budget.amount_fen)).where(Budget.contest_id == contest_id, Budget.purpose == "prize")
    total = db.session.scalar(query)
    return None if total is None else int(total)


def fields(contest_id: int) -> dict[int, int]:
    """How many entries of each event are in the running (approved ones; before the review, all that may still be)."""
    states = Entry.state.in_(("approved", "pending", "returned"))
    query = sa.select(Event.id, sa.func.count(Entry.id)).outerjoin(Entry, sa.and_(Entry.event_id == Event.id, states))
    return dict(db.session.execute(query.where(Event.contest_id == contest_id).group_by(Event.id)).all())


def planned(contest_id: int, *, without: int | None = None, number: dict[int, int] | None = None) -> int:
    """What all awards and titles of the contest cost when every prize is given; `without` leaves one event out."""
    number = fields(contest_id) if number is None else number
    query = sa.select(Tier).join(Event).where(Event.contest_id == contest_id).order_by(Tier.event_id, Tier.position)
    tiers: dict[int, list] = {}
    for row in db.session.scalars(query):
        tiers.setdefault(row.event_id, []).append(tier_value(row))
    rules = dict(db.session.execute(sa.select(Event.id, Event.rules).where(Event.contest_id == contest_id)).all())
    return sum(cost(tiers.get(event_id, ()), number[event_id], rules[event_id]) for event_id in rules if event_id != without)


def cost(tiers, field: int, rules: dict | None = None) -> int:
    """Awards at their planned numbers, and the titles among an event's rules, which may carry prizes too."""
    titles = more(scoring.Scheme, {"titles": rules["titles"]})["titles"] if rules and rules.get("titles") else ()
    # Each title stands for itself: a cumulative quota of the awards does not touch it.
    return sum(_cost(group, field) for group in (tiers, *([title] for title in titles)))


def _cost(tiers, field: int) -> int:
    counts = planned_counts(tiers, field)
    return sum(counts[tier.code] * tier.prize_fen for tier in tiers)


def exceeded(total_fen: int, budget_fen: int | None) -> Problem | None:
    if budget_fen is None or total_fen <= budget_fen:
        return None
    over = format_yuan(total_fen - budget_fen, grouped=True)
    return Problem("budget", "奖金预算", f"各奖项合计 {format_yuan(total_fen, grouped=True)} 元，超出预算 {over} 元",
                   "请减少名额或奖金，或先在“预算”页增加奖金预算")  # fmt: skip


def save(contest: Contest, row: Budget | None, *, name: str, purpose: str, amount_fen: int, basis: str, actor: audit.Actor,
         now: datetime) -> Budget | Problem:  # fmt: skip
    """Adds a line or changes one; a budget below what the tiers need is refused."""
    twin = sa.select(Budget.id).where(Budget.contest_id == contest.id, Budget.name == name, Budget.id != (row.id if row else 0))
    if db.session.scalar(twin):
        return Problem("budget.twin", "预算", f"已有名为“{name}”的一项", "请换一个名称，或修改那一项")
    before = _facts(row) if row else None
    if problem := _too_low(contest.id, row, amount_fen if purpose == "prize" else 0):
        return problem
    if row is None:
        row = Budget(contest_id=contest.id)
        db.session.add(row)
    row.name, row.purpose, row.amount_fen, row.basis = name, purpose, amount_fen, basis
    db.session.flush()
    if _facts(row) != before:
        audit.record(
            contest_id=contest.id, actor=actor, now=now, action="budget.change" if before else "budget.add", subject="budget",
            subject_id=row.id, before=before, after=_facts(row),
        )  # fmt: skip
    return row


def remove(row: Budget, *, actor: audit.Actor, now: datetime) -> Problem | None:
    if row.purpose == "prize" and (problem := _too_low(row.contest_id, row, 0)):
        return problem
    db.session.delete(row)
    db.session.flush()
    audit.record(
        contest_id=row.contest_id, actor=actor, now=now, action="budget.remove", subject="budget", subject_id=row.id, before=_facts(row),
    )  # fmt: skip
    return None


def _too_low(contest_id: int, row: Budget | None, amount_fen: int) -> Problem | None:
    """Whether the prizes no longer fit once this line has that amount. The last prize line may go: then nothing is checked."""
    others = sum(line.amount_fen for line in lines(contest_id) if line.purpose == "prize" and (row is None or line.id != row.id))
    had = row.amount_fen if row is not None and row.purpose == "prize" else 0
    total = others + amount_fen
    if not total or amount_fen >= had:
        return None
    return exceeded(planned(contest_id), total)


def _facts(row: Budget) -> dict:
    return {"name": row.name, "purpose": PURPOSES[row.purpose], "amount_fen": row.amount_fen, "basis": row.basis}
