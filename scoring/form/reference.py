"""The reference of the file form as Markdown: every field and every rule, from the notes that stand with them."""

from dataclasses import MISSING
from typing import get_args, get_origin

from .json_schema import example, types
from .records import file_name, follows, kind_of, known, rules_of
from .tally import MARKS, File
from .text import dumps
from .writing import in_file

UNITS = {"points": "数", "percent": "百分数", "ratio": "百分数", "yuan": "元", "number": "精确的数，如 0.3、10/3", MARKS: "见“打分”"}


def reference() -> str:
    """Both halves: fields, then rules."""
    return fields() + rules()


def fields() -> str:
    """One table for each kind of record, the file first."""
    labels = _labels()
    return "".join(_record(kind, labels[kind]) for kind in types())


def _labels():
    """What a kind of record is called: the label of the field that first holds it."""
    found = {File: "文件"}
    for kind in types():
        for field in known(kind).values():
            for inner in _records(field.type):
                found.setdefault(inner, field.metadata["label"])
    return found


def _records(annotation):
    kind, optional = kind_of(annotation)
    if hasattr(kind, "__dataclass_fields__"):
        return [kind]
    return [found for inner in get_args(kind) if inner is not Ellipsis for found in _records(inner)]


def _record(kind, label):
    lines = [f"### {label}（{kind.__name__}）\n", "\n", "| 字段 | 名称 | 含义 | 写法 | 默认 | 例 |\n", "|---|---|---|---|---|---|\n"]
    for field in known(kind).values():
        notes = field.metadata
        shown = _json(example(field))
        cells = [f"`{file_name(field)}`", notes["label"], notes["meaning"], _writing(field), _default(kind, field), f"`{shown}`"]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join([*lines, "\n"])


def _json(value):
    """On one line."""
    return " ".join(dumps([value]).split("\n")).strip()[1:-1].strip()


def _writing(field):
    """How the value is written: a link to what it is made of."""
    notes = field.metadata
    if notes["rules"]:
        return f"[{notes['rules']}](#{notes['rules']})"
    kinds = _records(field.type)
    kind, optional = kind_of(field.type)
    several = get_origin(kind) in (tuple, dict)
    if kinds:
        label = f"{_labels()[kinds[0]]}（{kinds[0].__name__}）"
        return f"[{kinds[0].__name__}](#{_anchor(label)})" + (" 的列表" if several else "")
    found = UNITS.get(notes["unit"]) or ("是或否" if kind is bool else "整数" if kind is int else "文字")
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        pair = get_origin(get_args(kind)[0]) is tuple
        return "成对的列表" if pair else f"{'整数' if notes['unit'] == '' and get_args(kind)[0] is int else found}的列表"
    return "按代码" if get_origin(kind) is dict else found


def _anchor(heading):
    """As GitHub makes it."""
    return "".join(letter for letter in heading.lower() if letter.isalnum() or letter in "_- ").replace(" ", "-")


def _default(kind, field):
    if field.default is MISSING:
        return "同代码" if field.name == "name" and "code" in known(kind) else "必填"
    if follows(kind, field):
        return "各默认值" if hasattr(field.default, "__dataclass_fields__") else "见含义"
    if field.default is None or field.default == () or field.default == "":
        return ""
    if hasattr(field.default, "__dataclass_fields__"):
        return "各默认值"
    return f"`{_json(in_file(field.default, field.metadata['unit']))}`"


def rules() -> str:
    """One table for each catalogue that a field names."""
    names = dict.fromkeys(field.metadata["rules"] for kind in types() for field in known(kind).values() if field.metadata["rules"])
    return "".join(_catalogue(name) for name in [*names, "sheet_state"])


def _catalogue(name):
    lines = [f"### {name}\n", "\n", "| 代码 | 名称 | 含义 | 需要 | 依据 |\n", "|---|---|---|---|---|\n"]
    for rule in rules_of(name).values():
        cells = (f"`{rule.code}`", rule.label_zh, rule.meaning, rule.needs, rule.source)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n")
    return "".join([*lines, "\n"])
