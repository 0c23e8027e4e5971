"""A scheme goes out as a file in people's units and comes back as a plan: the file form of `compete tally`, without entries."""

from typing import NamedTuple

import scoring
from compete.contests import building, schemes
from compete.models import Criterion, Part, Tier
from scoring import form
from scoring.document import plain
from scoring.problems import Problem

MOST_BYTES = 2_000_000
KINDS = {"judged": "practice", "figure": "theory"}  # what a new part is called where the file only says how it is scored
COLUMNS = {Part: ("code", "name"), Criterion: ("code", "name"), Tier: ("code", "name")}


class Received(NamedTuple):
    """A file that was read: what it calls itself, and its scheme."""

    title: str
    scheme: scoring.Scheme


def write(scheme: scoring.Scheme, *, title: str) -> str:
    """The file as text."""
    return form.dumps(form.write(form.Tally(title, "", scheme, scoring.Facts(()), {}, {}, {})))


def read(content: bytes) -> Received | list[Problem]:
    """A file of `write`, a whole tally (its entries are left aside), or a frozen scheme as the product keeps it."""
    if len(content) > MOST_BYTES:
        return [Problem("too_large", "方案文件", "文件太大，不像评分方案", "请选择导出的方案文件")]
    data = form.loads(content)
    if isinstance(data, Problem):
        return [data]
    if isinstance(data, dict) and data.get("format") == "scheme":
        found = scoring.from_json(data)
        return [found] if isinstance(found, Problem) else _checked("", found)
    if not isinstance(data, dict) or not isinstance(data.get("scheme"), dict):
        return [Problem("not_a_scheme", "方案文件", "里面没有评分方案", "请选择从“导出方案”得到的文件，或 compete tally 的评分文件")]
    head = {name: data[name] for name in ("format", "version", "title") if name in data}
    found = form.read({**head, "scheme": data["scheme"], "entries": []})
    return list(found) if isinstance(found, tuple) and not isinstance(found, form.Tally) else _checked(found.title, found.scheme)


def _checked(title: str, scheme: scoring.Scheme) -> Received | list[Problem]:
    wrong = [*scheme.check(), *_too_long(scheme)]
    return wrong or Received(title, scheme)


def _too_long(scheme: scoring.Scheme) -> list[Problem]:
    """Codes and names that do not fit the tables."""
    rows = [(Part, part) for part in scheme.parts] + [(Tier, tier) for tier in scheme.tiers]
    waiting = [criterion for part in scheme.parts for criterion in part.criteria]
    while waiting:
        criterion = waiting.pop()
        rows.append((Criterion, criterion))
        waiting += criterion.children
    found = []
    for model, value in rows:
        for name in COLUMNS[model]:
            most, given = model.__table__.c[name].type.length, getattr(value, name)
            if len(given) > most:
                found.append(Problem("too_long", given[:20] + "…", f"有 {len(given)} 个字，最多 {most} 个", "请缩短后再导入"))
    return found


def plan_with(plan: dict, scheme: scoring.Scheme) -> dict:
    """The event's plan with this scheme in the place of its own: parts of the same code keep their rows, kind and minutes."""
    stages = [dict(stage) for stage in plan["stages"]]
    ranked = next((stage for stage in reversed(stages) if stage["is_ranked"]), None)
    if ranked is None:
        ranked = {"id": None, "name": "决赛", "is_ranked": True, "parts": []}
        stages.append(ranked)
    before = {part["code"]: part for part in ranked["parts"]}
    ranked["parts"] = [_part(part, before.get(part.code)) for part in scheme.parts]
    return {**plan, "rules": rules(scheme), "stages": stages, "tiers": [tier_plan(tier) for tier in scheme.tiers]}


def rules(scheme: scoring.Scheme) -> dict:
    """What the scheme says above its parts, as an event keeps it."""
    always = {name: plain(getattr(scheme, name)) for name in building.RULES}
    always["ties"] = [{name: text for name, text in tie.items() if text or name != "label"} for tie in always["ties"]]
    return {**building.RULES, **always, **schemes.extras(scheme, ("parts", "tiers", *building.RULES))}


def _part(part: scoring.Part, before: dict | None) -> dict:
    figure = part.kind == "figure"
    kind = before["kind"] if before and (before["kind"] in schemes.FIGURE_KINDS) == figure else KINDS[part.kind]
    minutes = {name: before[name] if before else None for name in ("speech_minutes", "question_minutes")} | {"timing": before["timing"] if before else {}}
    return {
        "id": before["id"] if before else None, "code": part.code, "name": part.name, "kind": kind, "weight": part.weight, **minutes,
        "panel": {**building.PANEL, **plain(part.panel)}, "rules": schemes.extras(part, (*schemes.PART, "criteria", "panel")),
        "criteria": [_criterion(criterion) for criterion in part.criteria],
    }  # fmt: skip


def _criterion(criterion: scoring.Criterion) -> dict:
    columns = {name: plain(getattr(criterion, name)) for name in schemes.CRITERION}
    return {
        **columns, "rules": schemes.extras(criterion, (*schemes.CRITERION, "children")),
        "children": [_criterion(child) for child in criterion.children],
    }  # fmt: skip


def tier_plan(tier: scoring.Tier) -> dict:
    return {**tier_columns(tier), "rules": tier_rules(tier)}


def tier_columns(tier: scoring.Tier) -> dict:
    return {"rounding" if name == "rounding_mode" else name: getattr(tier, name) for name in schemes.TIER}


def tier_rules(tier: scoring.Tier) -> dict:
    return schemes.extras(tier, schemes.TIER)
