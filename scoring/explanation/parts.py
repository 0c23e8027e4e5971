"""How one part came to its score, in figures and in one sentence."""

from typing import NamedTuple

from ..numbers import format_points
from .panels import NOTES, judge_note, panel_sentence, panel_text, times, untold


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
    reader, code = result.reader, f"part:{result.code}"
    if not reader.judged:
        text = result.text or "没有成绩"
        return ExplainStep(code, result.name, (), text, _imported(run, result, text))
    judges = result.judges
    figures = tuple(Figure(run.name(judge.judge), judge.text or "—", judge_note(judge)) for judge in judges)
    if reader.by_criterion:
        figures += _criterion_figures(run, reader, judges)
    if result.missing:
        return ExplainStep(code, result.name, figures, "未完成", f"{result.name}{untold(run.scheme, result)}")
    return ExplainStep(code, result.name, figures, result.text, panel_sentence(run, result, judges))


def _imported(run, result, text):
    """理论 88.00; with a multiple 理论 44.00，× 2，得 88.00"""
    reader, found = result.reader, result.reader.read_panel(result.fact)
    if result.missing or not found or not times(run.scheme, result):
        return f"{result.name} {text}"
    return f"{result.name} {panel_text(reader, found)}{times(run.scheme, result)}，得 {text}"


def _criterion_figures(run, reader, judges):
    """Where the panel works per criterion, each mark that was dropped, clamped or replaced."""
    names = {leaf.code: leaf.name for leaf in reader.part.leaves}
    return tuple(Figure(f"{names[code]} · {run.name(judge.judge)}", format_points(units), NOTES[use])
                 for code in names for judge in judges for leaf, units, use in judge.marks
                 if leaf == code and use != "used")
