"""The JSON Schema of the file form, made from the notes of the fields: title, description, examples, choices."""

from dataclasses import MISSING
from decimal import Decimal
from functools import cache
from typing import get_args, get_origin

from .entries import STATES
from .records import follows, kind_of, known, rules_of
from .tally import FORMAT, MARKS, VERSION, File
from .values import CLOCK, EXACT, NUMBER, SIGNS
from .writing import in_file

DRAFT = "https://json-schema.org/draft/2020-12/schema"


@cache
def _types() -> dict:
    """Every dataclass of the form by name, in the order in which the file mentions them."""
    found, waiting = {}, [File]
    while waiting:
        kind = waiting.pop(0)
        if kind.__name__ not in found:
            found[kind.__name__] = kind
            waiting += [inner for field in known(kind).values() for inner in _records(field.type)]
    return found


def types() -> tuple[type, ...]:
    """The dataclasses that describe a file, the file itself first."""
    return tuple(_types().values())


def _records(annotation):
    kind, optional = kind_of(annotation)
    if hasattr(kind, "__dataclass_fields__"):
        return [kind]
    return [found for inner in get_args(kind) if inner is not Ellipsis for found in _records(inner)]


def schema() -> dict:
    """JSON Schema 2020-12; examples and defaults stand as people write them in a file (Decimals: see `dumps`)."""
    return {"$schema": DRAFT, "$id": f"urn:{FORMAT}:{VERSION}", "title": "赛评评分文件", **_record(File),
            "$defs": {kind.__name__: _record(kind) for kind in types()[1:]}}


def _record(kind):
    table = known(kind)
    required = [field.name for field in table.values() if field.default is MISSING and (field.name != "name" or "code" not in table)]
    found = {"type": "object", "properties": {name: _field(kind, field) for name, field in table.items()}, "additionalProperties": False}
    return found | ({"required": required} if required else {})


def _field(kind, field):
    notes = field.metadata
    found = {"title": notes["label"], "description": notes["meaning"], "examples": [example(field)]}
    if not follows(kind, field) and field.default is not MISSING and field.default is not None and not hasattr(field.default, "__dataclass_fields__"):
        found["default"] = in_file(field.default, notes["unit"])
    return found | _kind(field.type, notes, field.default)


def example(field):
    """The example of a field as it stands in a file."""
    return _exact(field.metadata["example"]) if field.metadata["unit"] not in ("", "number") else field.metadata["example"]


def _exact(value):
    """Decimals that the notes keep as text (the engine knows no floats) as numbers."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return {name: _exact(item) for name, item in value.items()} if isinstance(value, dict) else value


def _kind(annotation, notes, default=MISSING):
    kind, optional = kind_of(annotation)
    found = _plain_kind(kind, notes, default)
    return {"anyOf": [found, {"type": "null"}]} if optional else found


def _plain_kind(kind, notes, default):
    if notes["unit"] == MARKS:
        return _marks()
    if hasattr(kind, "__dataclass_fields__"):
        return {"$ref": f"#/$defs/{kind.__name__}"}
    origin, inner = get_origin(kind), get_args(kind)
    if origin is dict:
        return {"type": "object", "additionalProperties": _kind(inner[1], notes)}
    if origin is tuple and inner[-1] is Ellipsis:
        return {"type": "array", "items": _kind(inner[0], notes)}
    if origin is tuple:
        return {"type": "array", "prefixItems": [_kind(one, notes) for one in inner], "minItems": len(inner), "maxItems": len(inner)}
    if kind is bool:
        return {"type": "boolean"}
    if kind is int or notes["unit"] == "number":
        return _number(notes["unit"])
    return _text(notes, default)


def _text(notes, default):
    rules = rules_of(notes["rules"]) if notes["rules"] else {}
    if not rules:
        return {"type": ["string", "integer"]} if notes["example"] in ("11", "2026") else {"type": "string"}
    blank = [{"const": "", "title": "（不填）"}] if default == "" else []
    return {"oneOf": blank + [{"const": rule.code, "title": rule.label_zh, "description": rule.meaning} for rule in rules.values()]}


def _number(unit):
    """A number, or the same in quotes; where it counts nothing else, an integer."""
    if unit == "number":
        return {"anyOf": [{"type": "number"}, {"type": "string", "pattern": f"^(?:{EXACT.pattern})?$"}]}
    sign = f" *{SIGNS[unit]}?" if unit in SIGNS else ""
    clock = f"|{CLOCK.pattern}" if unit == "points" else ""
    return {"anyOf": [{"type": "number" if unit else "integer"}, {"type": "string", "pattern": f"^(?:{NUMBER.pattern}{sign}{clock})$"}]}


def _marks():
    mark = {"anyOf": [*_number("points")["anyOf"], {"type": "null"}]}
    labels = rules_of("sheet_state")
    states = [{"const": state, "title": labels[state].label_zh, "description": labels[state].meaning} for state in STATES]
    sheet = {"anyOf": [*mark["anyOf"], *states, {"type": "object", "additionalProperties": mark}]}
    return {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": sheet}}
