"""How a standing is written in the document of the live standings: the pieces of a row, ready to be joined."""

import json

from compete.results.facts import Label
from scoring import format_points
from scoring.ranking.order import place_figure
from scoring.ranking.standing import Standing

COLUMNS = ("place", "beside", "entry", "number", "title", "organization", "score", "parts", "steps", "penalty", "state")


def place(held) -> str | int:
    if type(held) is int:
        return held
    return "null" if held is None else f'"{place_figure(held)}"'


def name(label: Label) -> tuple:
    return (None, label.code, "") if label.code else (label.number, label.title, label.organization)


def figures(standing: Standing) -> str:
    state = "undecided" if standing.undecided else "shared" if standing.shared else ""
    parts = [result.text for result in standing.parts.values()]
    steps = [step.text for step in standing.steps.values()]
    penalty = format_points(standing.penalty) if standing.fact.penalties else ""
    return text([standing.score_text, parts, steps, penalty, state if standing.place is not None else standing.status])[1:-1]


def text(value) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
