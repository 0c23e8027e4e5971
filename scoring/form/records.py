"""Reading plain data into the dataclasses that describe them: annotations and notes of the fields are the format.

Every fault becomes a Problem naming the place as a person finds it; reading goes on, so that all are told at once.
"""

from dataclasses import MISSING, fields, replace
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import get_args, get_origin

from .. import scheme as schemes
from ..parts.panels import fewest_judges
from ..problems import Problem
from .values import Unreadable, exact, shown, units

# Given states of an entry; the others are worked out.
WORKED_OUT = {"status": ("no_score", "incomplete")}
NEAR, NEAR_WORD = Fraction(3, 5), Fraction(1, 2)  # how much of a name must be the same to suggest another


def file_name(field) -> str:
    """What a file calls the field: money is written in yuan there, so a name must not speak of fen."""
    return field.name.removesuffix("_fen")


@cache
def known(kind) -> dict:
    """The fields of a dataclass by the name that files use."""
    return {file_name(field): field for field in fields(kind)}


def kind_of(annotation):
    """(the type itself, whether null is allowed)."""
    if annotation == "Criterion":
        return schemes.Criterion, False
    if get_origin(annotation) is UnionType:
        return next(choice for choice in get_args(annotation) if choice is not NoneType), True
    return annotation, False


kind_of = cache(kind_of)
origin_of = cache(get_origin)


# Defaults that follow from the other fields where a file says nothing. A panel then needs only the judges that its rule needs.
PANEL = schemes.Panel(minimum_judges=fewest_judges(schemes.Panel()))
FOLLOWS = {schemes.Panel: ("minimum_judges",), schemes.Part: ("panel",)}


def follows(kind, field) -> bool:
    """Whether the field's default in a file depends on others of the record."""
    return field.name in FOLLOWS.get(kind, ())


def default_of(kind, name, values):
    """What a file that leaves the field out means by it; `values`: {field: value} of the same record, as far as known."""
    if kind is schemes.Panel and name == "minimum_judges":
        return max(fewest_judges(replace(PANEL, **{one: values[one] for one in ("rule", "drop_high", "drop_low") if one in values})), 1)
    if kind is schemes.Part and name == "panel" and values.get("kind", "judged") == "judged":
        return PANEL
    return next(field.default for field in fields(kind) if field.name == name)


@cache
def rules_of(name: str) -> dict:
    """The catalogue of a field, without what people cannot give; empty where there is none."""
    from .. import CATALOGUES
    left_out = WORKED_OUT.get(name, ())
    return {code: rule for code, rule in CATALOGUES.get(name, {}).items() if code not in left_out}


class Reader:
    """Collects problems; `where` is a tuple of the names on the way, outermost first."""

    def __init__(self):
        self.problems = []

    def wrong(self, code, where, message, mend=""):
        self.problems.append(Problem(code, " · ".join(where), message, mend))

    def record(self, kind, data, where, apart=None):
        """An instance of the dataclass, or None after a fault that leaves nothing to go on with.

        `apart`: values of the fields that somebody else reads.
        """
        if not isinstance(data, dict):
            return self.wrong("not_fields", where, f"应为一组字段，写的是{shown(data)}", "请写成 {\"字段\": 值}")
        table, apart = known(kind), apart or {}
        found = {name: value for name, value in apart.items() if name in data}
        for name, value in data.items():
            field = table.get(name)
            if field is None:
                self.unknown(name, table, where, "字段")
            elif name not in apart:
                found[field.name] = self.value(field.type, value, (*where, field.metadata["label"]), field.metadata, field.default)
        if "name" in table and "name" not in data and isinstance(data.get("code"), str):
            found["name"] = data["code"]
        lacking = [field for field in table.values() if field.default is MISSING and field.name not in data and field.name not in found]
        for field in lacking:
            self.wrong("field_missing", where, f"缺少“{field.name}”（{field.metadata['label']}）", f"例如 {field.metadata['example']!s:.40}")
        found = {name: value for name, value in found.items() if value is not MISSING}
        for name in FOLLOWS.get(kind, ()):
            found.setdefault(name, default_of(kind, name, found))
        needed = all(field.name in found for field in table.values() if field.default is MISSING)
        return kind(**found) if needed else None

    def value(self, annotation, value, where, notes, default=MISSING):
        """A field's value; what cannot be read gives its default."""
        kind, optional = kind_of(annotation)
        if value is None and optional:
            return None
        try:
            return self._value(kind, value, where, notes, default)
        except Unreadable as fault:
            self.wrong("unreadable", where, *fault.args)
            return default

    def _value(self, kind, value, where, notes, default):
        origin = origin_of(kind)
        if origin is tuple:
            return self._items(get_args(kind), value, where, notes)
        if origin is dict or kind is dict:
            return self._table(get_args(kind), value, where, notes)
        if hasattr(kind, "__dataclass_fields__"):
            found = self.record(kind, value, where)
            return default if found is None else found
        if kind is int:
            return units(value, notes["unit"])
        if kind is bool:
            if not isinstance(value, bool):
                raise Unreadable(f"应为 true 或 false，写的是{shown(value)}", "是写 true，否写 false")
            return value
        if notes["unit"] == "number":
            return value if value == "" == default else exact(value)
        return self._text(value, where, notes, default)

    def _text(self, value, where, notes, default):
        if value.__class__ is int:  # numbers such as 11 or 2026 are often written without quotes
            value = str(value)
        if not isinstance(value, str):
            raise Unreadable(f"应为文字，写的是{shown(value)}", "请写在引号里")
        rules = rules_of(notes["rules"]) if notes["rules"] else {}
        if rules and value not in rules and value != default:
            self.unknown_rule(value, rules, where)
            return default if default is not MISSING else next(iter(rules))
        return value

    def _items(self, inner, value, where, notes):
        if not isinstance(value, (list, tuple)):
            raise Unreadable(f"应为列表，写的是{shown(value)}", "请写成 [ … ]")
        if inner[-1] is Ellipsis:
            found = [self.value(inner[0], item, self.place(where, at, item), notes) for at, item in enumerate(value, 1)]
            return tuple(item for item in found if item is not MISSING)
        if len(value) != len(inner):
            raise Unreadable(f"应有 {len(inner)} 个值，写了 {len(value)} 个", f"例如 {notes['example']!s:.40}")
        return tuple(self._value(kind, item, where, notes, MISSING) for kind, item in zip(inner, value))

    def _table(self, inner, value, where, notes):
        if not isinstance(value, dict):
            raise Unreadable(f"应为一组字段，写的是{shown(value)}", "请写成 {\"代码\": 值}")
        if not inner:
            return value
        found = {name: self.value(inner[1], item, (*where, name), notes) for name, item in value.items() if item is not None}
        return {name: item for name, item in found.items() if item is not MISSING}

    @staticmethod
    def place(where, at, item):
        """The place of an item of a list: by its code, number or name, else by its position."""
        if not isinstance(item, dict):
            return *where, f"第 {at} 个"
        named = next((str(item[name]) for name in ("number", "code", "name") if isinstance(item.get(name), (str, int))), f"第 {at} 项")
        return *where[:-1], f"{where[-1]} {named}"

    def unknown(self, name, table, where, what):
        """A name that is not in the table: a slip of the pen more often than not."""
        self.wrong("unknown_name", where, f"没有“{str(name)[:30]}”这个{what}", hint(name, table))

    def unknown_rule(self, code, rules, where):
        labels = {rule.label_zh: rule.code for rule in rules.values()}
        mend = f"请写 {labels[code]}（{code}）" if code in labels else hint(code, rules)
        self.wrong("unknown_rule", where, f"没有“{str(code)[:30]}”这条规则", mend)


def hint(name, table) -> str:
    """The nearest known name, or all of them."""
    from difflib import get_close_matches
    names = [str(one) for one in table]
    # Half of a short Chinese word is near enough; of a number or a code it is not.
    near = get_close_matches(str(name), names, 1, NEAR if str(name).isascii() else NEAR_WORD)
    if near:
        return f"是否为“{near[0]}”？"
    return "可用的有 " + "、".join(names[:30]) + ("等" if len(names) > 30 else "") if names else ""
