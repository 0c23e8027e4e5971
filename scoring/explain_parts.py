"""How one part came to its score, in figures and in one sentence."""

from typing import NamedTuple

from .numbers import format_points
from .panels import PANEL_RULES

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


def part_step(run, result):
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
