"""The contests of the product's presets: YAML files read into plans (see building), in exact units.

Every value is read as text (YAML's own numbers would be floats) and parsed by the engine; a mistake in a file is a bug.
"""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

import scoring
from compete.contests import schemes
from scoring.document import plain
from scoring.form.records import Reader
from scoring.problems import Problem

FOLDER = Path(__file__).resolve().parent.parent / "presets"
Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# An anchor says what about 95, 80 or 60 of 100 points mean, scaled to the criterion's maximum.
ANCHORS = (95, 80, 60)


class Preset(NamedTuple):
    """`fields` is the usual number of entries of each event; `given` are known facts, `defaults` what may be changed."""

    code: str
    name: str
    level: str
    summary: str
    given: tuple[str, ...]
    defaults: tuple[str, ...]
    fields: dict[str, int]
    plan: dict


@cache
def all_presets() -> dict[str, Preset]:
    rubrics = _read(FOLDER / "_rubrics.yaml")
    files = sorted(path for path in FOLDER.glob("*.yaml") if not path.name.startswith("_"))
    found = [_preset(path.stem, _read(path), rubrics) for path in files]
    order = _read(FOLDER / "_order.yaml")
    return {preset.code: preset for preset in sorted(found, key=lambda preset: order.index(preset.code))}


def _read(path: Path):
    return yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a base loader makes texts only


def _preset(code: str, document: dict, rubrics: dict) -> Preset:
    events = document.get("events", [])
    plan = {
        "contest": {"level": document["level"], "hosts": {"主办": [], "承办": [], "协办": [], **document.get("hosts", {})}},
        "series": document.get("series", ""),
        "budgets": [_budget(line) for line in document.get("budgets", [])],
        "events": [_event(event, rubrics) for event in events],
    }
    return Preset(
        code, document["name"], document["level"], document["summary"], tuple(document["given"]), tuple(document["defaults"]),
        {event["name"]: int(event["field"]) for event in events}, plan,
    )  # fmt: skip


def _exact(value):
    if isinstance(value, Problem):
        raise ValueError(f"a preset holds a wrong value: {value}")
    return value


def _points(text: str) -> int:
    return _exact(scoring.parse_points(text))


def _more(kind: type, row: dict, beside: tuple[str, ...]) -> dict:
    """The fields of the engine's dataclass that no column holds, written in the file as in the file form of `compete tally`."""
    reader, found = Reader(), {}
    for field in fields(kind):
        if field.name in row and field.name not in beside:
            value = reader.value(field.type, _typed(row[field.name]), (row.get("name", ""), field.name), field.metadata, field.default)
            found |= {field.name: plain(value)} if value != field.default else {}
    if reader.problems:
        raise ValueError(f"a preset holds a wrong value: {reader.problems[0]}")
    return found


def _typed(value):
    """Texts as they stand, but for yes, no and nothing."""
    if isinstance(value, dict):
        return {name: _typed(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_typed(item) for item in value]
    return {"true": True, "false": False, "null": None}.get(value, value)


def _budget(line: dict) -> dict:
    return {"name": line["name"], "purpose": line.get("purpose", "prize"), "amount_fen": _exact(scoring.parse_yuan(line["yuan"])),
            "basis": line.get("basis", "")}  # fmt: skip


def _event(event: dict, rubrics: dict) -> dict:
    ties = [{"code": code, "argument": argument} for code, _, argument in (text.partition(" ") for text in event.get("ties", []))]
    minimum = event.get("minimum_score")
    rules = {
        "rounding": {"places": int(event.get("places", "2")), "mode": event.get("rounding", "half_up")},
        "rank_by": event.get("rank_by", "rounded"), "ties": ties, "minimum_score": _points(minimum) if minimum else None,
        **_more(scoring.Scheme, event, ("parts", "rounding", "ties", "tiers", "minimum_score", "rank_by")),
    }  # fmt: skip
    return {
        "name": event["name"], "entry_kind": event["entries"], "is_blind": event.get("blind") == "true", "rules": rules,
        "stages": [_stage(stage, rubrics) for stage in event["stages"]],
        "tiers": [_tier(tier) for tier in event.get("tiers", [])],
    }  # fmt: skip


def _stage(stage: dict, rubrics: dict) -> dict:
    parts = [_part(part, rubrics) for part in stage.get("parts", [])]
    return {"name": stage["name"], "is_ranked": stage.get("ranked") != "false", "carried_weight": 0, "parts": parts}


def _part(part: dict, rubrics: dict) -> dict:
    criteria = part.get("criteria", [])
    given = part.get("panel", {})
    numbers = {key: int(given[key]) for key in ("drop_high", "drop_low", "minimum_judges") if key in given}
    texts = {key: given[key] for key in ("rule", "below_minimum", "level", "chief") if key in given}
    panel = {"rule": "mean", "drop_high": 1, "drop_low": 1, "minimum_judges": 1, "below_minimum": "mean", "level": "total",
             "chief": "counts", "rounding": None, **numbers, **texts,
             **_more(scoring.Panel, given, (*numbers, *texts))}  # fmt: skip
    minutes = {key: int(part[key]) if key in part else None for key in ("speech_minutes", "question_minutes")}
    return {
        "code": part["code"], "name": part["name"], "kind": part["kind"], "weight": _points(part.get("weight", "100")), "panel": panel,
        **minutes, "rules": _more(scoring.Part, part, (*schemes.PART, "criteria", "panel")), "criteria": [_criterion(row) for row in (rubrics[criteria] if isinstance(criteria, str) else criteria)],
    }  # fmt: skip


def _criterion(row: dict) -> dict:
    """Without a maximum the weight is the maximum: points that add up to 100."""
    maximum = _points(row.get("maximum", row.get("weight", "100")))
    step = _points(row.get("step", "0.5"))
    texts = row.get("anchors", {})
    return {
        "code": row["code"], "name": row["name"], "description": row.get("description", ""), "weight": _points(row.get("weight", "0")),
        "maximum": maximum, "minimum": 0, "step": step, "rules": _more(scoring.Criterion, row, (*schemes.CRITERION, "children")),
        "anchors": [[anchor_points(maximum, share, step), texts[str(share)]] for share in ANCHORS if str(share) in texts],
        "children": [_criterion(child) for child in row.get("children", [])],
    }  # fmt: skip


def anchor_points(maximum: int, share: int, step: int) -> int:
    """What `share` of 100 points is for this maximum, on the grid of marks that can be given (half up)."""
    step = max(step, 1)
    return min(maximum, (2 * maximum * share + 100 * step) // (200 * step) * step)


def _tier(tier: dict) -> dict:
    ratio = tier.get("ratio")
    minimum = tier.get("minimum_score")
    return {
        "code": tier["code"], "name": tier["name"], "count": int(tier["count"]) if "count" in tier else None,
        "ratio": _points(ratio) // 100 if ratio else None, "rounding": tier.get("rounding", "half_up"),
        "prize_fen": _exact(scoring.parse_yuan(tier.get("yuan", "0"))), "minimum_score": _points(minimum) if minimum else None,
        "tie": tier.get("tie", "chain"), "vacant_allowed": tier.get("vacant", "true") == "true", "rules": _more(scoring.Tier, tier, schemes.TIER),
    }  # fmt: skip
