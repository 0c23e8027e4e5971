"""One value of the file form as a cell, and back: labels for codes, 是 and 否, lists with 、 and pairs with =."""

import json
import re
from decimal import Decimal
from typing import get_args, get_origin

from compete.excel.tally_cells import plain, text
from scoring import Problem, form
from scoring.form.records import kind_of, rules_of

NOTHING = "无"
MOST_DIGITS = 15  # of a number that a spreadsheet keeps exactly
SPLIT, PAIRS = re.compile(r"[、，,；;\n]"), re.compile(r"[；;\n]")
WORDS = {"是": True, "否": False, "true": True, "false": False}


def to_cell(value, field):
    """What stands in the cell: a text, an int or a Decimal."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        value = [[name, item] for name, item in value.items()]
    if isinstance(value, (list, tuple)):
        return _list(value)
    if isinstance(value, str):
        rule = rules_of(field.metadata["rules"]).get(value) if field.metadata["rules"] else None
        return rule.label_zh if rule else value
    return format(value, "f") if isinstance(value, Decimal) and len(value.as_tuple().digits) > MOST_DIGITS else value


def _list(items):
    """The short way of writing, where it can be read again; else JSON."""
    if items and all(isinstance(item, (list, tuple)) for item in items):
        pairs = [[_text(one) for one in item] for item in items]
        short = "；".join("=".join(pair) for pair in pairs)
        return short if _pairs(short) == pairs else json.dumps(pairs, ensure_ascii=False)
    texts = [_text(item) for item in items]
    short = "、".join(texts)
    return short if _texts(short) == texts and not short.startswith("[") else json.dumps(texts, ensure_ascii=False)


def _text(value):
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def from_cell(cell, field):
    """What the file form writes there. What cannot be understood is passed on: the reader of the form says what is wrong."""
    value = plain(cell)
    kind, optional = kind_of(field.type)
    if value == NOTHING and optional:
        return None
    if get_origin(kind) is tuple:
        return _items(kind, text(value))
    if get_origin(kind) is dict:
        return dict(pair for pair in _pairs(text(value)) if len(pair) == 2)
    if kind is bool:
        return WORDS.get(value.lower(), value) if isinstance(value, str) else value
    if kind is int or field.metadata["unit"] == "number":
        return value
    labels = {rule.label_zh: code for code, rule in rules_of(field.metadata["rules"]).items()} if field.metadata["rules"] else {}
    return labels.get(value, text(value))


def _items(kind, written):
    if written.startswith("["):
        found = form.loads(written)
        return written if isinstance(found, Problem) else found
    return _pairs(written) if get_origin(get_args(kind)[0]) is tuple else _texts(written)


def _texts(written):
    return [piece.strip() for piece in SPLIT.split(written) if piece.strip()]


def _pairs(written):
    return [[half.strip() for half in piece.split("=", 1)] for piece in PAIRS.split(written) if piece.strip()]
