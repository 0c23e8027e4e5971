"""From the rows of the editor to a plan: the same one as in building, with the ids of stages and parts."""

import scoring
from compete.contests import building, exchange, minutes
from compete.contests.presets import ANCHORS, anchor_points
from compete.contests.rule_fields import document_of
from scoring.document import plain, values

tier_columns, tier_rules = exchange.tier_columns, exchange.tier_rules


def read(draft) -> dict:
    """What the draft says; fields that hold something wrong count as empty."""
    head = draft.head
    rules = {
        **document_of(head, "more", scoring.Scheme, _kept(head, scoring.Scheme)),
        "rounding": {"places": head.places.data, "mode": head.mode.data}, "rank_by": head.rank_by.data,
        "ties": [_tie(node.row) for node in draft.ties], "minimum_score": head.minimum_score.data,
    }  # fmt: skip
    for name in ("titles", "teams", "promotion"):
        rules.pop(name, None)
    more = {"titles": [_whole_tier(node.row) for node in draft.titles], "teams": [_team(node) for node in draft.teams]}
    if head.promotes.data:
        more["promotion"] = {"name": "", **document_of(head, "promotion", scoring.Promotion, {})}
        more["promotion"]["name"] = head.promotion_name.data or ""
    return {
        "name": head.name.data, "entry_kind": head.entry_kind.data, "is_blind": head.is_blind.data,
        "rules": {**rules, **{name: value for name, value in more.items() if value}},
        "stages": [_stage(node) for node in draft.stages], "tiers": [_tier(node.row) for node in draft.tiers],
    }  # fmt: skip


def _kept(row, kind: type) -> dict:
    """The row's rules that only a file can bring, as they came; a document that the engine cannot read counts as none."""
    found = (row.kept.data or {}).get("rules") or {}
    return {} if not isinstance(found, dict) or isinstance(values(kind, found), scoring.Problem) else found


def _tie(row) -> dict:
    code, _, argument = (row.rule.data or "").partition(" ")
    kept = row.kept.data or {}
    named = kept.get("rule") == row.rule.data and isinstance(kept.get("label"), str) and kept["label"]
    return {"code": code, "argument": argument, **({"label": kept["label"]} if named else {})}


def _stage(node) -> dict:
    parts = [_part(part) for part in node.children]
    return {"id": _id(node.row), "name": node.row.name.data, "is_ranked": node.row.is_ranked.data, "parts": parts}


def _id(row) -> int | None:
    text = str(row.id.data or "")
    return int(text) if text.isdecimal() else None


def _part(node) -> dict:
    row = node.row
    panel = {name: row[name].data for name in building.PANEL if name != "rounding"}
    places, _, mode = (row.panel_places.data or "").partition(" ")
    panel["rounding"] = {"places": int(places), "mode": mode or "half_up"} if places.isdecimal() and (mode or "half_up") in scoring.ROUNDINGS else None
    panel |= document_of(row, "panel", scoring.Panel, {})
    names = ("code", "name", "kind", "weight", "speech_minutes", "question_minutes")
    rules = document_of(row, "more", scoring.Part, _kept(row, scoring.Part))
    return {"id": _id(row), **{name: row[name].data for name in names}, "panel": panel, "rules": rules,
            "timing": minutes.document_of(row), "criteria": [_criterion(c) for c in node.children]}  # fmt: skip


def _criterion(node) -> dict:
    row = node.row
    maximum, step = row.maximum.data or 0, row.step.data or 0
    return {
        "code": row.code.data, "name": row.name.data, "description": row.description.data, "weight": row.weight.data or 0,
        "maximum": maximum, "minimum": row.minimum.data or 0, "step": step, "anchors": _anchors(row, maximum, step),
        "rules": document_of(row, "more", scoring.Criterion, _kept(row, scoring.Criterion)),
        "children": [_criterion(child) for child in node.children],
    }  # fmt: skip


def _anchors(row, maximum: int, step: int) -> list:
    """The three anchors of the editor; those of a file, which may be more, stay as they came while their texts do."""
    texts = {at: row[f"anchor_{at}"].data for at in ANCHORS if row[f"anchor_{at}"].data}
    came = row.kept.data or {}
    known = values(scoring.Criterion, {"anchors": came.get("anchors", [])})
    if isinstance(known, dict) and came.get("maximum") == maximum and {share(u, maximum): text for u, text in known["anchors"]} == texts:
        return plain(known["anchors"])
    return [[anchor_points(maximum, at, step), text] for at, text in texts.items()]


def share(units: int, maximum: int) -> int:
    """Which of the three anchors these points are closest to."""
    percent = units * 100 // max(maximum, 1)
    return min(ANCHORS, key=lambda at: abs(at - percent))


def _tier(row) -> dict:
    value = row.quota_value
    quota = None if isinstance(value, scoring.Problem) else value
    is_ratio = row.quota_kind.data == "ratio"
    return {
        "code": row.code.data, "name": row.name.data, "count": None if is_ratio else quota, "ratio": quota if is_ratio else None,
        "rounding": row.rounding.data, "prize_fen": row.prize.data or 0, "minimum_score": row.minimum_score.data,
        "tie": row.tie.data, "vacant_allowed": row.vacant_allowed.data, "rules": document_of(row, "more", scoring.Tier, _kept(row, scoring.Tier)),
    }  # fmt: skip


def _whole_tier(row) -> dict:
    """A title as the engine's own document: all its fields together."""
    found = _tier(row)
    rules = found.pop("rules")
    return {"rounding_mode": found.pop("rounding"), **found, "name": found["name"] or "", "code": found["code"] or "", **rules}


def _team(node) -> dict:
    row = node.row
    rules = document_of(row, "more", scoring.Team, _kept(row, scoring.Team))
    tiers = [_whole_tier(tier.row) for tier in node.children]
    return {**rules, "code": row.code.data or "", "name": row.name.data or "", **({"tiers": tiers} if tiers else {})}
