"""The whole way from marks to place for one entry, as a structure that page, workbook and report show alike."""

from typing import NamedTuple

from .catalogue import ROUNDINGS
from .facts import Facts
from .numbers import UNIT, format_percent, format_points, format_ratio
from .outcome import Outcome
from .panels import PANEL_RULES
from .parts import weighted
from .scheme import Scheme

NOTES = {"used": "", "dropped_high": "最高分，去掉", "dropped_low": "最低分，去掉", "missing": "未提交", "recused": "回避",
         "absent": "缺席", "chief": "总评委，不计入平均"}


class Figure(NamedTuple):
    label: str
    text: str
    note: str = ""


class ExplainStep(NamedTuple):
    code: str
    label: str
    figures: tuple[Figure, ...]
    result: str
    detail: str


class Explanation(NamedTuple):
    entry: int
    number: str
    steps: tuple[ExplainStep, ...]
    sentence: str


def explain(scheme: Scheme, facts: Facts, outcome: Outcome, entry: int) -> Explanation:
    """Every step of one entry: parts, their weighted sum, penalties, rounding, ties, place."""
    standing = outcome.standing(entry)
    run = standing.run
    steps = [_part_step(run, result) for result in standing.parts.values()]
    if standing.exact:
        steps += _sum_steps(scheme, standing)
        steps += _tie_steps(standing)
    steps.append(ExplainStep("place", "名次", (), standing.place_text, standing.reason))
    details = [step.detail for step in steps if step.detail and step.code.startswith("part:")]
    return Explanation(entry, standing.number, tuple(steps), "；".join(details + [standing.reason]) + "。")


def _part_step(run, result):
    reader = result.reader
    code = f"part:{result.code}"
    if not reader.judged:
        text = result.text or "没有成绩"
        return ExplainStep(code, result.name, (), text, f"{result.name} {text}")
    judges = result.judges
    figures = tuple(Figure(run.name(judge.judge), judge.text or "—", NOTES[judge.use]) for judge in judges)
    if reader.by_criterion:
        figures += _criterion_figures(run, reader, judges)
    if result.missing:
        return ExplainStep(code, result.name, figures, "未完成", f"{result.name}打分未完成")
    return ExplainStep(code, result.name, figures, result.text, _panel_sentence(run, result, judges))


def _criterion_figures(run, reader, judges):
    """Where trimming works per criterion, each mark that was dropped."""
    names = {leaf.code: leaf.name for leaf in reader.part.leaves}
    return tuple(Figure(f"{names[code]} · {run.name(judge.judge)}", format_points(units), NOTES[use])
                 for code in names for judge in judges for leaf, units, use in judge.marks
                 if leaf == code and use != "used")


def _panel_sentence(run, result, judges):
    """7 位评委，去掉最高 96.50（评委3）、最低 88.00（评委6），其余 5 位平均 92.34"""
    panel = result.reader.part.panel
    counted = [judge for judge in judges if judge.use in ("used", "dropped_high", "dropped_low")]
    high = [judge for judge in counted if judge.use == "dropped_high"]
    low = [judge for judge in counted if judge.use == "dropped_low"]
    clauses = [f"{result.name}：{len(counted)} 位评委{_others(judges)}"]
    if result.reader.by_criterion:
        clauses.append(f"每个评分项按“{PANEL_RULES[panel.rule].label_zh}”合成")
        return "，".join(clauses) + f"，得 {result.text}"
    dropped = [f"最高 {_named(run, high)}"] * bool(high) + [f"最低 {_named(run, low)}"] * bool(low)
    if dropped:
        clauses.append(f'去掉{"、".join(dropped)}')
        clauses.append(f"其余 {len(counted) - len(high) - len(low)} 位平均 {result.text}")
    elif panel.rule != "mean" and len(counted) < panel.minimum_judges:
        clauses.append(f"少于规定的 {panel.minimum_judges} 位，改用平均 {result.text}")
    elif panel.rule == "median":
        clauses.append(f"中位数 {result.text}")
    else:
        clauses.append(f"平均 {result.text}")
    return "，".join(clauses)


def _others(judges):
    counts = [(sum(judge.use == use for judge in judges), label) for use, label in (("recused", "回避"), ("absent", "缺席"))]
    told = "、".join(f"{count} 位{label}" for count, label in counts if count)
    return f"（另有 {told}）" if told else ""


def _named(run, judges):
    return "、".join(f"{judge.text}（{run.name(judge.judge)}）" for judge in judges)


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
