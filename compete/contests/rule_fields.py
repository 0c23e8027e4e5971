"""Form fields made from what the engine's dataclasses say about themselves: label, meaning, unit, catalogue.

`@offering(panel=scoring.Panel)` gives a row of the editor one field `panel_<name>` per field of the dataclass that has no place of
its own in the row; a nested value (standard scores) is a tick and its own fields. A field's data are values of the engine.
"""

from dataclasses import MISSING, fields
from functools import partial
from types import NoneType
from typing import get_args, get_origin

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Length

import scoring
from compete.contests.fields import CodesField, CountField, NumberField, PairsField, UnitField, YuanField
from compete.marking.form import LEVEL_WORDS
from scoring import Problem, Rounding
from scoring.document import plain
from scoring.parts.measures import MARK_KINDS

# Fields that rows show in their own way, or that only a scheme file can bring.
ELSEWHERE = {
    scoring.Panel: ("rule", "drop_high", "drop_low", "minimum_judges", "below_minimum", "level", "chief", "rounding"),
    scoring.Part: ("code", "name", "weight", "kind", "criteria", "panel"),
    scoring.Criterion: tuple(field.name for field in fields(scoring.Criterion) if field.name not in ("kind", "cap", "alarm")),
    scoring.Tier: ("code", "name", "count", "ratio", "rounding_mode", "prize_fen", "minimum_score", "tie", "vacant_allowed"),
    scoring.Team: ("code", "name", "tiers"),
    scoring.Scheme: ("parts", "rounding", "ties", "tiers", "minimum_score", "rank_by", "steps", "titles", "teams", "promotion"),
}
# Where the bare word of the specification would stand beside another one of the same name.
LABELS = {(scoring.Part, "rounding"): "环节得分舍入", (scoring.Panel, "better"): "打分的优劣", (scoring.Scheme, "better"): "总分的优劣",
          (scoring.Team, "by"): "以谁为团体", (scoring.Team, "rule"): "团体成绩", (scoring.Team, "rounding"): "团体成绩舍入"}  # fmt: skip
FIGURES = ("total", "key", "class_by")  # names of a figure: the rest of the scheme decides which there are
NOTHING = {"total": "各环节按权重相加", "key": "按总分", "class_by": "不分档", "by": "不分配，全场统一", "better": "按方案中的用法"}


def stripped(text):
    return (text or "").strip()


def roundings(empty: str = "不舍入", most: int = 4) -> list[tuple[str, str]]:
    ways = [(n, rule) for rule in scoring.ROUNDINGS.values() for n in range(most + 1)]
    return [("", empty), *((f"{n} {rule.code}", f"{n} 位小数，{rule.label_zh}" if n else f"整数，{rule.label_zh}") for n, rule in ways)]


def offering(**kinds):
    """A class decorator: the row offers these dataclasses' rules, each under its prefix."""
    def give(row):
        row.offered = {**getattr(row, "offered", {})}
        for prefix, kind in kinds.items():
            made = {f"{prefix}_{name}": field for name, field in _made(kind)}
            row.offered[prefix] = tuple(made)
            for name, field in made.items():
                setattr(row, name, field)
        return row
    return give


def offers(row, prefix: str) -> list:
    """The row's fields of one offered dataclass, in order."""
    return [row[name] for name in row.offered[prefix]]


def concealed(row, field) -> bool:
    """Whether the field belongs to a tick that is not set."""
    ticks = [name for names in row.offered.values() for name in names if isinstance(row[name], BooleanField)]
    return any(field.short_name.startswith(f"{name}_") and not row[name].data for name in ticks)


def said(row, prefix: str) -> str:
    """What these fields say beyond their defaults, in words: the summary of a folded area."""
    words = []
    for field in offers(row, prefix):
        if concealed(row, field):
            continue
        default = field.default() if callable(field.default) else field.default
        if field.data in (None, "", False) and default in (None, "", False) or field.data == default:
            continue
        if isinstance(field, BooleanField):
            words.append(field.label.text if field.data else f"{field.label.text}：否")
        elif isinstance(field, SelectField):
            words.append(next((text for value, text in field.choices if value == field.data), str(field.data)))
        else:
            words.append(f"{field.label.text} {field._value()}")
    return "，".join(words)


def names(kind: type) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in ELSEWHERE.get(kind, ())]


def _made(kind: type, within: str = ""):
    for field in fields(kind):
        if field.name in ELSEWHERE.get(kind, ()):
            continue
        inner = _inner(field.type)
        if hasattr(inner, "__dataclass_fields__") and inner is not Rounding:
            yield field.name, BooleanField(field.metadata["label"], description=field.metadata["meaning"], render_kw={})
            for name, made in _made(inner, field.metadata["label"]):
                yield f"{field.name}_{name}", made
        else:
            yield field.name, _field(field, inner, within + LABELS.get((kind, field.name), field.metadata["label"]))


def _inner(annotation):
    return next((one for one in get_args(annotation) if one is not NoneType), annotation) if NoneType in get_args(annotation) else annotation


def _field(field, inner, label: str):
    notes = field.metadata
    unit = notes["unit"]
    said = {"description": notes["meaning"], "default": None if field.default is MISSING else _to_form(field.default),
            "render_kw": {"unit": {"points": "分", "percent": "%", "ratio": "%", "yuan": "元"}.get(unit, ""), "rules": notes["rules"]}}  # fmt: skip
    if inner is bool:
        return BooleanField(label, **said)
    if inner is Rounding:
        given = field.default
        choices = roundings() if given is None else roundings(f"{given.places} 位小数，{scoring.ROUNDINGS[given.mode].label_zh}", max(4, given.places))
        return SelectField(label, choices=choices, validate_choice=False, **{**said, "default": ""})
    if notes["rules"] == "mark_kind":
        # What the tablets can take; another kind comes with a file and stays (see draft_choices).
        return SelectField(label, choices=[(code, MARK_KINDS[code].label_zh) for code in ("points", *LEVEL_WORDS)], validate_choice=False, **said)
    if field.name in FIGURES:
        return SelectField(label, choices=[("", NOTHING[field.name])], validate_choice=False, **said)
    if inner is str and notes["rules"] or get_origin(inner) is tuple and notes["rules"] == "" and hasattr(get_args(inner)[0], "__dataclass_fields__"):
        catalogue = notes["rules"] or fields(get_args(inner)[0])[0].metadata["rules"]
        empty = field.name if inner is str and field.default == "" else ("" if inner is str else "无")
        return SelectField(label, choices=partial(_choices, catalogue, empty), validate_choice=False, **said)
    if inner is str:
        return NumberField(label, **said) if unit == "number" else StringField(label, [Length(max=40)], filters=[stripped], **said)
    if get_origin(inner) is tuple:
        first = get_args(inner)[0]
        return PairsField(label, kinds=get_args(first), unit=unit, **said) if get_origin(first) is tuple else CodesField(label, **said)
    if unit == "yuan":
        return YuanField(label, **said)
    return UnitField(label, unit=unit, **said) if unit else CountField(label, **said)


def _choices(catalogue: str, empty: str) -> list[tuple[str, str]]:
    found = scoring.choices(scoring.CATALOGUES.get(catalogue, {}))
    return [("", NOTHING.get(empty, "无")), *found] if empty else found


# Between a JSON document of the plan and the fields


def _to_form(value):
    """A value of the engine as the data of its field."""
    if isinstance(value, Rounding):
        return f"{value.places} {value.mode}"
    if isinstance(value, tuple) and value and hasattr(value[0], "__dataclass_fields__"):
        return f"{value[0].code} {value[0].argument}".strip()
    return value if value != () else None


def data_of(prefix: str, kind: type, value) -> dict:
    """What the fields of an offered dataclass hold for this value of it (None: nothing is set)."""
    found = {}
    for field in fields(kind):
        if field.name in ELSEWHERE.get(kind, ()):
            continue
        own = getattr(value, field.name) if value is not None else None if field.default is MISSING else field.default
        inner = _inner(field.type)
        if hasattr(inner, "__dataclass_fields__") and inner is not Rounding:
            found[f"{prefix}_{field.name}"] = own is not None
            found |= data_of(f"{prefix}_{field.name}", inner, own)
        else:
            found[f"{prefix}_{field.name}"] = "" if inner is Rounding and own == field.default else _to_form(own)
    return found


def document_of(row, prefix: str, kind: type, kept: dict) -> dict:
    """The JSON document: what the fields say beside `kept`, what only a file can bring; defaults are left out."""
    offered = names(kind)
    found = {name: value for name, value in kept.items() if name not in offered}
    for field in fields(kind):
        if field.name in offered:
            value = _said(row, f"{prefix}_{field.name}", field, kept.get(field.name))
            if field.default is MISSING or value != field.default:
                found[field.name] = plain(value)
    return found


def _said(row, name: str, field, kept):
    """The value that one field says; None or empty is the default where the engine needs a value."""
    inner, given = _inner(field.type), row[name].data
    optional = NoneType in get_args(field.type)
    if hasattr(inner, "__dataclass_fields__") and inner is not Rounding:
        return inner(**_typed(inner, document_of(row, name, inner, {}))) if given else None
    if inner is Rounding:
        places, _, mode = (given or "").partition(" ")
        if not places.isdecimal() or mode not in scoring.ROUNDINGS:
            return None if optional else field.default
        return Rounding(int(places), mode)
    if get_origin(inner) is tuple and hasattr(get_args(inner)[0], "__dataclass_fields__"):
        one = get_args(inner)[0]
        same = tuple(one(**row) for row in kept or ())
        # One rule can be chosen here; a longer chain came with a file and stays while its first rule does.
        code, _, argument = (given or "").partition(" ")
        return same if _to_form(same) == (given or None) else ((one(code, argument),) if code else ())
    if isinstance(row[name], CodesField):
        return row[name].codes
    if given is None or given == "" and field.default != "":
        return None if optional else field.default
    return given


def _typed(kind: type, document: dict) -> dict:
    found = scoring.document.values(kind, document)
    if isinstance(found, Problem):
        raise ValueError(f"a field of the editor gave what the engine cannot read: {found}")
    return found
