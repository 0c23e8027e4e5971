"""How a contest rechecks: how many of the best, how much of the rest, from which error rate on everything."""

from datetime import datetime
from typing import NamedTuple

import scoring
from compete.audit import service as audit
from compete.models import Contest, db
from scoring.problems import Problem

WHENS = {"any": "锁定前后都可以", "before": "总评委锁定之前", "after": "总评委锁定之后"}
WHOLE = 1_000_000  # 100 % in 1/10000 percent


class Rules(NamedTuple):
    """`percent`, `threshold` in 1/10000 percent. The defaults are the usual rule: top 10, 15 % of the rest, above 5 % everything."""

    top: int = 10
    percent: int = 150_000
    threshold: int = 50_000
    when: str = "any"
    required: bool = False


def of(contest: Contest) -> Rules:
    kept = (contest.settings or {}).get("recheck") or {}
    return Rules(**{name: kept[name] for name in Rules._fields if name in kept})


def change(contest: Contest, rules: Rules, *, actor: audit.Actor, now: datetime) -> Problem | None:
    """Holds for samples drawn from now on; those drawn keep what they were drawn by."""
    if rules.top < 0 or not 0 <= rules.percent <= WHOLE or not 0 <= rules.threshold <= WHOLE or rules.when not in WHENS:
        return Problem("recheck.rules", "复核规则", "数值超出范围", "名次填 0 以上的整数，比例填 0 到 100")
    before = of(contest)
    if rules == before:
        return None
    contest.settings = {**(contest.settings or {}), "recheck": rules._asdict()}
    db.session.flush()
    audit.record(contest_id=contest.id, actor=actor, now=now, action="recheck.rules", subject="contest", subject_id=contest.id,
                 before=told(before), after=told(rules))  # fmt: skip
    return None


def told(rules: Rules) -> dict:
    return {"top": rules.top, "percent": f"{scoring.format_percent(rules.percent)}%", "threshold": f"{scoring.format_percent(rules.threshold)}%",
            "when": WHENS[rules.when], "required": rules.required}  # fmt: skip


def drawn_count(rest: int, percent: int) -> int:
    """How many of the rest at least: a share that is no whole number is rounded up."""
    return -(-rest * percent // WHOLE)


def exceeds(wrong: int, sheets: int, threshold: int) -> bool:
    """Whether more than `threshold` of the sheets are wrong: whole numbers, so 5 % of 20 is not above 5 %."""
    return wrong * WHOLE > threshold * sheets


def rate_text(wrong: int, sheets: int) -> str:
    return f"{scoring.format_ratio(wrong * 100, sheets, 2)}%" if sheets else "—"
