"""Spreads that ask for a re-review, and marks of the team that differ, as notices of a tally."""

from fractions import Fraction

from ..numbers import UNIT, format_exact, format_points
from ..parts.alarms import Alarm, TeamConflict, alarms, team_conflicts
from ..problems import Problem
from ..ranking.outcome import Outcome
from .tally import Tally


def alarm_notices(tally: Tally, outcome: Outcome) -> tuple[Problem, ...]:
    """In the order of the entries; nothing is gone through where no rule asks for it."""
    parts = tally.scheme.parts
    found = []
    if any(part.panel.review is not None or any(leaf.alarm is not None for leaf in part.leaves) for part in parts if part.kind == "judged"):
        found += [_spread(tally, alarm) for alarm in alarms(outcome)]
    if any(part.team for part in parts):
        found += [_conflict(tally, conflict) for conflict in team_conflicts(tally.scheme, tally.facts)]
    return tuple(found)


def place_of(tally: Tally, part_code: str, criterion: str) -> str:
    """复评 · 工艺, or only the part where its sheets as wholes are meant."""
    part = tally.scheme.part(part_code)
    return f"{part.name} · {part.criterion(criterion).name}" if criterion else part.name


def apart(alarm: Alarm) -> Fraction:
    """How far the two judges are from each other."""
    return Fraction(*alarm.high) - Fraction(*alarm.low)


def figure_text(figure: Fraction) -> str:
    return format_exact(figure.numerator, figure.denominator, 0, 4)


def _spread(tally, alarm):
    part = tally.scheme.part(alarm.part)
    limit = part.criterion(alarm.criterion).alarm if alarm.criterion else None
    of_panel = limit is None or part.panel.review is not None and apart(alarm) <= Fraction(limit, UNIT)
    words = f"达到复议警戒 {format_points(part.panel.review)}" if of_panel else f"超过分差警戒 {format_points(limit)}"
    low, high = (f"{tally.facts.judges[judge]} {figure_text(Fraction(*figure))}"
                 for judge, figure in ((alarm.low_judge, alarm.low), (alarm.high_judge, alarm.high)))
    code = f"{alarm.part}/{alarm.criterion}" if alarm.criterion and part.panel.level == "criterion" else alarm.part
    return Problem("spread_alarm", f"{alarm.number} 号 · {place_of(tally, alarm.part, alarm.criterion)}",
                   f"最低 {low}，最高 {high}，相差 {figure_text(apart(alarm))}，{words}", f"请复议，并把复议后的分数记为“{code}”的复议分")


def _conflict(tally, conflict: TeamConflict):
    given = "、".join(f"{tally.facts.judges[judge]} {format_points(units)}" for judge, units in conflict.marks)
    return Problem("team_conflict", f"{conflict.number} 号 · {place_of(tally, conflict.part, conflict.criterion)}",
                   f"集体记分应当只有一个数，现有 {given}，按第一个计", "请评分组核对，改为同一个数")
