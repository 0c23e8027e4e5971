"""From the rows of the editor to a plan: the same one as in building, with the ids of stages and parts."""

import scoring
from compete.contests import building
from compete.contests.presets import ANCHORS, anchor_points


def read(draft) -> dict:
    """What the draft says; fields that hold something wrong count as empty."""
    head = draft.head
    rules = {
        "rounding": {"places": head.places.data, "mode": head.mode.data}, "rank_by": head.rank_by.data,
        "ties": [_tie(node.row.rule.data) for node in draft.ties], "minimum_score": head.minimum_score.data,
    }  # fmt: skip
    return {
        "name": head.name.data, "entry_kind": head.entry_kind.data, "is_blind": head.is_blind.data, "rules": rules,
        "stages": [_stage(node) for node in draft.stages], "tiers": [_tier(node.row) for node in draft.tiers],
    }  # fmt: skip


def _tie(text: str | None) -> dict:
    code, _, argument = (text or "").partition(" ")
    return {"code": code, "argument": argument}


def _stage(node) -> dict:
    parts = [_part(part) for part in node.children]
    return {"id": _id(node.row), "name": node.row.name.data, "is_ranked": node.row.is_ranked.data, "parts": parts}


def _id(row) -> int | None:
    text = str(row.id.data or "")
    return int(text) if text.isdecimal() else None


def _part(node) -> dict:
    row = node.row
    panel = {name: row[name].data for name in building.PANEL if name != "rounding"}
    panel["rounding"] = {"places": int(row.panel_places.data), "mode": "half_up"} if (row.panel_places.data or "").isdecimal() else None
    names = ("code", "name", "kind", "weight", "speech_minutes", "question_minutes")
    return {"id": _id(row), **{name: row[name].data for name in names}, "panel": panel, "criteria": [_criterion(c) for c in node.children]}


def _criterion(node) -> dict:
    row = node.row
    maximum, step = row.maximum.data or 0, row.step.data or 0
    anchors = [[anchor_points(maximum, share, step), row[f"anchor_{share}"].data] for share in ANCHORS if row[f"anchor_{share}"].data]
    return {
        "code": row.code.data, "name": row.name.data, "description": row.description.data, "weight": row.weight.data or 0,
        "maximum": maximum, "minimum": row.minimum.data or 0, "step": step, "anchors": anchors,
        "children": [_criterion(child) for child in node.children],
    }  # fmt: skip


def _tier(row) -> dict:
    value = row.quota_value
    quota = None if isinstance(value, scoring.Problem) else value
    is_ratio = row.quota_kind.data == "ratio"
    return {
        "code": row.code.data, "name": row.name.data, "count": None if is_ratio else quota, "ratio": quota if is_ratio else None,
        "rounding": row.rounding.data, "prize_fen": row.prize.data or 0, "minimum_score": row.minimum_score.data,
        "tie": row.tie.data, "vacant_allowed": row.vacant_allowed.data,
    }  # fmt: skip
