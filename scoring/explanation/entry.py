"""The whole way from marks to place for one entry, as a structure that page, workbook and report show alike."""

from typing import NamedTuple

from ..catalogue import ROUNDINGS
from ..facts import Facts
from ..numbers import UNIT, format_percent, format_points, format_ratio
from ..parts.reader import weighted
from ..ranking.outcome import Outcome
from ..scheme import Scheme
from ..steps.figures import shown
from ..steps.references import name_of
from .parts import ExplainStep, Figure, part_step
from .steps import step_step


class Explanation(NamedTuple):
    entry: int
    number: str
    steps: tuple[ExplainStep, ...]
    sentence: str


def explain(scheme: Scheme, facts: Facts, outcome: Outcome, entry: int) -> Explanation:
    """Every step of one entry: parts, their weighted sum, penalties, rounding, ties, place."""
    standing = outcome.standing(entry)
    run = standing.run
    steps = [part_step(run, result) if result.taken else _untaken(result) for result in standing.parts.values()]
    if standing.status != "incomplete":
        steps += [step_step(run, result) for result in standing.steps.values()]
    if standing.exact:
        steps += _sum_steps(scheme, standing)
        steps += _order_steps(scheme, standing)
        steps += _tie_steps(standing)
    steps.append(ExplainStep("place", "名次", (), standing.place_text, standing.reason))
    details = [step.detail for step in steps if step.detail and step.code.startswith(("part:", "step:"))]
    return Explanation(entry, standing.number, tuple(steps), "；".join(details + [standing.reason]) + "。")


def _untaken(result):
    return ExplainStep(f"part:{result.code}", result.name, (), "未参加", "")


def _sum_steps(scheme, standing):
    """The weighted sum (with several parts), or the figure that is the total; penalties; the rounded total."""
    steps, parts, details = [], standing.parts, []
    if scheme.total:
        details.append(f"取“{name_of(scheme, scheme.total)}”")
    elif len(scheme.parts) > 1:
        figures = tuple(Figure(part.name, parts[part.code].text, f"× {format_percent(part.weight)}%") for part in scheme.parts)
        top, bottom = weighted((parts[part.code].score_num, parts[part.code].score_den, part.weight) for part in scheme.parts)
        terms = " + ".join(f"{figure.text} {figure.note}" for figure in figures)
        text = format_ratio(top, bottom, max(4, scheme.rounding.places))
        steps.append(ExplainStep("sum", "加权合计", figures, text, f"{terms} = {text}"))
    steps += _penalty_steps(scheme, standing)
    details.append(f"保留 {scheme.rounding.places} 位小数，{ROUNDINGS[scheme.rounding.mode].label_zh}")
    detail = "，".join(details)
    if standing.penalty > 0 and scheme.better == "high" and scheme.floor is not None and standing.exact_fraction * UNIT == scheme.floor:
        detail += f"；最低计 {format_points(scheme.floor)} 分"
    steps.append(ExplainStep("total", "总分", (), standing.score_text, detail))
    return steps


def _penalty_steps(scheme, standing):
    """Penalties take points away, or add them where less is better; a negative one is a bonus and does the opposite."""
    if not standing.fact.penalties:
        return []
    figures = tuple(_penalty(scheme, units, words) for units, words in standing.penalties)
    whole = _penalty(scheme, standing.penalty, "")
    told = {"扣分": "共扣", "加分": "共加", "罚分": "共罚", "减免": "共减"}[whole.label]
    label = figures[0].label if len({figure.label for figure in figures}) == 1 else "扣分和加分"
    return [ExplainStep("penalty", label, figures, whole.text, f"{told} {format_points(abs(standing.penalty))} 分")]


def _penalty(scheme, units, words):
    kinds = (("扣分", "-"), ("加分", "+")) if scheme.better == "high" else (("罚分", "+"), ("减免", "-"))
    label, sign = kinds[units < 0]
    return Figure(label, f"{sign}{format_points(abs(units))}", words)


def _order_steps(scheme, standing):
    """The class that comes before the score, and the figure that entries are ranked by where it is not the score."""
    found = []
    for code, reference, label, detail in (("class", scheme.class_by, "分档", "先按此数分档，大者在前，档内再按成绩"),
                                           ("key", scheme.key, "排名用数", "名次按此数排列")):
        if reference:
            name = name_of(scheme, reference)
            value = standing.run.figures.of(reference)[standing.index]
            text = shown(standing.run, reference, value)
            found.append(ExplainStep(code, label, (Figure(name, text),), text, detail))
    return found


def _tie_steps(standing):
    steps = standing.tie_steps
    if not steps:
        return []
    figures = tuple(Figure(label, text, "分出先后" if deciding else "相同") for label, text, deciding in steps)
    return [ExplainStep("ties", "同分比较", figures, standing.place_text, "")]
