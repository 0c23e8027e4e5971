"""A scheme as plain JSON data, with a version and a digest that anyone can recompute."""

import hashlib
import json
from dataclasses import fields
from types import NoneType, UnionType
from typing import get_args, get_origin

from .problems import Problem
from .scheme import Criterion, Scheme

VERSION = 2


def to_json(scheme: Scheme) -> dict:
    """Plain dicts, lists, ints and texts only.

    A field that version 2 brought is written only where it says something, so the digest of a scheme that needs none of
    them is the one it had in version 1.
    """
    seen = {1}
    plain = _plain(scheme, seen)
    return {"format": "scheme", "version": max(seen), **plain}


def plain(value):
    """Any value of a scheme (a panel, a tuple of titles) as plain data, as `to_json` writes it."""
    return _plain(value, {1})


def values(kind: type, data: dict, where: str = "") -> dict | Problem:
    """Some fields of a scheme's dataclass read back from plain data: what it may be made or changed with."""
    known = {field.name: field for field in fields(kind)}
    try:
        for name in data:
            if name not in known:
                raise _Unreadable(f"{where}.{name}", "不认识这个字段")
        return {name: _read(known[name].type, item, f"{where}.{name}") for name, item in data.items()}
    except _Unreadable as fault:
        return Problem("unreadable", fault.args[0], fault.args[1], "请改正这一处")


def _plain(value, seen):
    if isinstance(value, tuple):
        return [_plain(item, seen) for item in value]
    if not hasattr(value, "__dataclass_fields__"):
        return value
    found = {}
    for field in fields(value):
        since, own = field.metadata["since"], getattr(value, field.name)
        if since == 1 or own != field.default:
            seen.add(since)
            found[field.name] = _plain(own, seen)
    return found


def canonical(data: dict) -> bytes:
    """The bytes a digest is taken of: sorted keys, no spaces, UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(scheme: Scheme) -> str:
    """sha256 of the canonical JSON form, as hexadecimal text."""
    return hashlib.sha256(canonical(to_json(scheme))).hexdigest()


def from_json(data: dict) -> Scheme | Problem:
    """A scheme, or a Problem saying which field cannot be read."""
    if not isinstance(data, dict) or data.get("format") != "scheme":
        return Problem("not_a_scheme", "评分方案文件", "这不是评分方案", "请选择由本系统导出的评分方案")
    if data.get("version") not in range(1, VERSION + 1):
        return Problem("unknown_version", "评分方案文件", f'版本 {data.get("version")} 不能识别', f"请使用版本 1 到 {VERSION} 的文件，或升级本系统")
    try:
        return _read(Scheme, {name: value for name, value in data.items() if name not in ("format", "version")}, "方案")
    except _Unreadable as fault:
        return Problem("unreadable", f"评分方案文件 · {fault.args[0]}", fault.args[1], "请改正这一处")


class _Unreadable(Exception):
    pass


def _read(kind, value, where):
    """value as the annotated type; the annotations of the dataclasses are the file format."""
    if kind == "Criterion":
        kind = Criterion
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType:
        if value is None and NoneType in inner:
            return None
        return _read(next(choice for choice in inner if choice is not NoneType), value, where)
    if origin is tuple:
        return _items(inner, value, where)
    if hasattr(kind, "__dataclass_fields__"):
        return _record(kind, value, where)
    if isinstance(value, bool) != (kind is bool) or not isinstance(value, kind):
        raise _Unreadable(where, f'应为{ {int: "整数", str: "文字", bool: "真假值"}[kind] }')
    return value


def _items(inner, value, where):
    if not isinstance(value, (list, tuple)):
        raise _Unreadable(where, "应为列表")
    if inner[-1] is Ellipsis:
        return tuple(_read(inner[0], item, f"{where}[{at}]") for at, item in enumerate(value, 1))
    if len(value) != len(inner):
        raise _Unreadable(where, f"应有 {len(inner)} 个值")
    return tuple(_read(kind, item, where) for kind, item in zip(inner, value))


def _record(kind, value, where):
    if not isinstance(value, dict):
        raise _Unreadable(where, "应为一组字段")
    known = {field.name: field for field in fields(kind)}
    for name in value:
        if name not in known:
            raise _Unreadable(f"{where}.{name}", "不认识这个字段")
    try:
        return kind(**{name: _read(known[name].type, item, f"{where}.{name}") for name, item in value.items()})
    except TypeError:
        needed = [name for name in known if name not in value]
        raise _Unreadable(where, f'缺少字段，可填的有 {"、".join(needed)}') from None
