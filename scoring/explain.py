"""The whole way from marks to place for one entry, as a structure that page, workbook and report show alike."""

from typing import NamedTuple

from .catalogue import ROUNDINGS
from .explain_parts import ExplainStep, Figure, part_step
from .facts import Facts
from .numbers import UNIT, format_percent, format_points, format_ratio
from .outcome import Outcome
from .parts import weighted
from .scheme import Scheme


class Explanation(NamedTuple):
    entry: int
    number: str
    steps: tuple[ExplainStep, ...]
    sentence: str


def explain(scheme: Scheme, facts: Facts, outcome: Outcome, entry: int) -> Explanation:
    """Every step of one entry: parts, their weighted sum, penalties, rounding, ties, place."""
    standing = outcome.standing(entry)
    run = standing.run
    steps = [part_step(run, result) for result in standing.parts.values()]
    if standing.exact:
        steps += _sum_steps(scheme, standing)
        steps += _tie_steps(standing)
    steps.append(ExplainStep("place", "名次", (), standing.place_text, standing.reason))
    details = [step.detail for step in steps if step.detail and step.code.startswith("part:")]
    return Explanation(entry, standing.number, tuple(steps), "；".join(details + [standing.reason]) + "。")


def _sum_steps(scheme, standing):
    """The weighted sum (with several parts), penalties, and the rounded total."""
    steps, parts = [], standing.parts
    if len(scheme.parts) > 1:
        figures = tuple(Figure(part.name, parts[part.code].text, f"× {format_percent(part.weight)}%") for part in scheme.parts)
        top, bottom = weighted((parts[part.code].score_num, parts[part.code].score_den, part.weight) for part in scheme.parts)
        terms = " + ".join(f"{figure.text} {figure.note}" for figure in figures)
        text = format_ratio(top, bottom, max(4, scheme.rounding.places))
        steps.append(ExplainStep("sum", "加权合计", figures, text, f"{terms} = {text}"))
    if standing.fact.penalties:
        figures = tuple(Figure("扣分", f"-{format_points(units)}", reason) for units, reason in standing.fact.penalties)
        total = format_points(standing.penalty)
        steps.append(ExplainStep("penalty", "扣分", figures, f"-{total}", f"共扣 {total} 分"))
    detail = f"保留 {scheme.rounding.places} 位小数，{ROUNDINGS[scheme.rounding.mode].label_zh}"
    if standing.penalty and scheme.floor is not None and standing.exact_fraction * UNIT == scheme.floor:
        detail += f"；最低计 {format_points(scheme.floor)} 分"
    steps.append(ExplainStep("total", "总分", (), standing.score_text, detail))
    return steps


def _tie_steps(standing):
    steps = standing.tie_steps
    if not steps:
        return []
    figures = tuple(Figure(label, text, "分出先后" if deciding else "相同") for label, text, deciding in steps)
    return [ExplainStep("ties", "同分比较", figures, standing.place_text, "")]
