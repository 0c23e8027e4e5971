"""What can be computed column by column; everything else is for `scoring.compute`, and this says why."""

from dataclasses import fields

from ..facts import Facts
from ..scheme import Criterion, Panel, Part, Scheme
from ..steps.references import kind_of, leaf_or_node
from . import panels, ties

# Fields of later versions that columns know, or that change neither scores nor places.
KNOWN = {
    Scheme: {"better", "ranking", "awards", "titles", "teams", "promotion", "steps"},
    Part: {"scale", "multiple"},
    Panel: {"better", "ranks"},
    Criterion: {"alarm"},
}
ENTRY_BY_ENTRY = "须逐个对象计算"


def why_not(scheme: Scheme, facts: Facts | None = None) -> tuple[str, ...]:
    """Why this scheme (on these facts) cannot be computed column by column, in Chinese, one sentence each; empty when it can."""
    found = _unknown(scheme, "方案")
    if facts and any(entry.replacements for entry in facts.entries):
        found.append("有复议分，" + ENTRY_BY_ENTRY)
    if scheme.ranking == "mean":
        found.append("方案：平均名次不是整数，" + ENTRY_BY_ENTRY)
    for part in scheme.parts:
        found += _of_part(scheme, part)
    for tie in scheme.ties:
        found += _of_tie(scheme, tie)
    return tuple(dict.fromkeys(found))


def _unknown(value, where):
    known = KNOWN[type(value)]
    return [f"{where}：“{field.metadata['label']}”{ENTRY_BY_ENTRY}" for field in fields(value)
            if field.metadata.get("since", 1) > 1 and field.name not in known and getattr(value, field.name) != field.default]


def _of_part(scheme, part):
    found = _unknown(part, part.name)
    if part.kind != "judged":
        return found
    found += _unknown(part.panel, part.name)
    if part.panel.rule not in panels.RULES:
        found.append(f"{part.name}：评分规则“{part.panel.rule}”{ENTRY_BY_ENTRY}")
    if part.team:
        found.append(f"{part.name}：集体记分，" + ENTRY_BY_ENTRY)
    if part.panel.level == "criterion":
        found += _of_criteria(part, part.criteria)
    return found


def _of_criteria(part, criteria):
    found = []
    for criterion in criteria:
        found += _unknown(criterion, f"{part.name} · {criterion.name}") + _of_criteria(part, criterion.children)
    return found


def _of_tie(scheme, tie):
    if tie.code not in ties.RULES:
        return [f"同分规则“{tie.label or tie.code}”{ENTRY_BY_ENTRY}"]
    if tie.code.startswith("criterion"):
        target = leaf_or_node(scheme, tie.argument)
        return _of_criteria(target[0], (target[1],)) if target else [f"同分规则：没有评分项“{tie.argument}”"]
    if tie.code.startswith("figure") and kind_of(scheme, tie.argument) in ("step", "criterion"):
        return [f"同分规则“{tie.label or tie.argument}”{ENTRY_BY_ENTRY}"]
    if tie.code == "part" and scheme.part(tie.argument) is None:
        return [f"同分规则：没有环节“{tie.argument}”"]
    return []
