"""What the values of a scheme say, in words: from the label, unit and catalogue that each field of the engine carries."""

from dataclasses import MISSING, fields
from types import NoneType
from typing import NamedTuple, get_args

import scoring
from scoring.form.values import people
from scoring.spec import UNITS

SIGNS = {"points": "", "percent": "%", "ratio": "%", "yuan": " 元"}


def told(value, beside: tuple[str, ...] = (), names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """(label, text) of every field that says more than its default; `beside`: fields told elsewhere; `names`: of codes."""
    said = []
    for field in fields(value):
        own = getattr(value, field.name)
        if field.name not in beside and (field.default is MISSING or own != field.default):
            said.append((field.metadata["label"], text(field, own, names or {})))
    return said


def sentence(value, beside: tuple[str, ...] = (), names: dict[str, str] | None = None) -> str:
    return "，".join(f"{label} {words}" for label, words in told(value, beside, names))


def text(field, value, names: dict[str, str]) -> str:
    """One field's value as a person writes it."""
    notes = field.metadata
    return _text(value, notes["unit"], notes["rules"], names)


def _text(value, unit: str, rules: str, names: dict[str, str]) -> str:
    if value is None or value == ():
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        if unit not in UNITS:
            return str(value)
        shown = people(value, unit)
        return (f"{shown:f}" if not isinstance(shown, int) else f"{shown:,}" if unit == "yuan" else str(shown)) + SIGNS[unit]
    if isinstance(value, scoring.Rounding):
        return rounding(value)
    if isinstance(value, tuple) and value and isinstance(value[0], tuple):
        return "，".join("：".join(_text(item, unit if isinstance(item, int) else "", "", names) for item in pair) for pair in value)
    if isinstance(value, tuple):
        return "、".join(_text(item, unit, rules, names) for item in value)
    if hasattr(value, "__dataclass_fields__"):
        return _whole(value, names)
    catalogue = scoring.CATALOGUES.get(rules, {})
    return catalogue[value].label_zh if value in catalogue else names.get(value, value) or "—"


def _whole(value, names: dict[str, str]) -> str:
    """A rule with its parameters: 并列后看（环节）, 标准分（均值 50）."""
    if hasattr(value, "argument"):
        rule = _text(value.code, "", fields(value)[0].metadata["rules"], names)
        return value.label or (f"{rule}：{names.get(value.argument, value.argument)}" if value.argument else rule)
    head = getattr(value, "name", "") or ""
    inner = sentence(value, ("code", "name"), names) or ("是" if not head else "")
    return f"{head}（{inner}）" if head and inner else head or inner


def rounding(value: scoring.Rounding) -> str:
    rule = scoring.ROUNDINGS.get(value.mode)
    return f"{value.places} 位小数 {rule.label_zh if rule else value.mode}" if value.places else f"整数 {rule.label_zh if rule else value.mode}"


def documents(kind: type, rules: dict | None, names: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """The same for a JSON document of the tables that holds some fields of the dataclass; unreadable ones are left out."""
    known = {field.name: field for field in fields(kind)}
    typed = scoring.document.values(kind, {name: value for name, value in (rules or {}).items() if name in known and _fits(known[name], value)})
    if isinstance(typed, scoring.Problem):
        return []
    return [(known[name].metadata["label"], text(known[name], value, names or {})) for name, value in typed.items()]


def _fits(field, value) -> bool:
    return value is not None or NoneType in get_args(field.type)


class StepWords(NamedTuple):
    code: str
    name: str
    words: str


def names_of(scheme: scoring.Scheme) -> dict[str, str]:
    """What rules look at, by the name they use: parts, criteria of parts, steps, awards."""
    found = {}
    for part in scheme.parts:
        found[part.code] = part.name
        waiting = list(part.criteria)
        while waiting:
            row = waiting.pop()
            found[f"{part.code}/{row.code}"] = f"{part.name}·{row.name}" if len(scheme.parts) > 1 else row.name
            waiting += row.children
    found |= {step.code: step.name for step in scheme.steps}
    return found | award_names((*scheme.tiers, *scheme.titles))


def award_names(tiers) -> dict[str, str]:
    """Awards as conditions name them: the code, or ! and the code of one that must not have been given."""
    return {tier.code: tier.name for tier in tiers} | {f"!{tier.code}": f"非{tier.name}" for tier in tiers}


def steps(scheme: scoring.Scheme) -> list[StepWords]:
    """The figures that the scheme works out, each in one sentence."""
    names = names_of(scheme)
    return [StepWords(step.code, step.name, sentence(step, ("code", "name"), names)) for step in scheme.steps]
