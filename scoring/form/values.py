"""Numbers as people write them in a file, and the ints of the engine: 85.5 points, 30 %, 10 % of the field, 200000 yuan."""

import re
import unicodedata
from decimal import Decimal

from ..numbers import UNIT
from ..spec import UNITS

NUMBER = re.compile(r"([+-]?)(\d{1,12})(?:\.(\d{0,12}))?")
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,4}):(\d{2}(?:\.\d{0,4})?)")
EXACT = re.compile(r"[+-]?\d{1,30}(?:\.\d{0,60}|/[1-9]\d{0,29})?")
NAMES = {"points": "数", "percent": "百分数", "ratio": "百分数", "yuan": "金额（元）", "number": "数", "": "整数"}
DECIMALS = {"points": 4, "percent": 4, "ratio": 2, "yuan": 2, "": 0}
SIGNS = {"percent": "%", "ratio": "%", "yuan": "元"}


class Unreadable(ValueError):
    """message and mend, in Chinese."""


def units(value, unit: str) -> int:
    """A number from a file (int, Decimal or text) as the engine's int; raises Unreadable."""
    if value.__class__ is int:
        if -10 ** 12 < value < 10 ** 12:
            return value * UNITS.get(unit, 1)
        raise Unreadable("数字过大", "请改正这个数")
    if isinstance(value, float):
        raise TypeError("a file is read with form.loads, so that its numbers stay exact")
    if value.__class__ is Decimal:
        scaled = value.scaleb(DECIMALS[unit]) if value.is_finite() and -20 < value.adjusted() < 12 else None
        if scaled is not None and scaled == scaled.to_integral_value():
            return int(scaled) * (UNITS.get(unit, 1) // 10 ** DECIMALS[unit])
    written = shown(value)
    if isinstance(value, (bool, dict, list, tuple)) or value is None:
        raise Unreadable(f"应为{NAMES[unit]}，写的是{written}", "请填写数字")
    plain = unicodedata.normalize("NFKC", str(value)).replace("−", "-").strip()
    if unit == "points" and CLOCK.fullmatch(plain):
        return _seconds(plain)
    if unit == "ratio" and EXACT.fullmatch(plain) and "/" in plain:
        raise Unreadable(f"{written}不能用百分数写准", "请不填 ratio，写在 fraction 里")
    match = NUMBER.fullmatch(plain.removesuffix(SIGNS.get(unit, "")).strip())
    if not match:
        raise Unreadable(f"{written}不是{NAMES[unit]}", "请只填写数字" + ("，例如 85.5" if unit == "points" else ""))
    sign, whole, decimals = match[1], match[2], (match[3] or "").rstrip("0")
    places = DECIMALS[unit]
    if len(decimals) > places:
        raise Unreadable(f"{written}小数位数过多，" + (f"最多 {places} 位" if places else "应为整数"), "请去掉多余的小数")
    found = int(whole + decimals.ljust(places, "0")) * (UNITS.get(unit, 1) // 10 ** places)
    return -found if sign == "-" else found


def exact(value) -> str:
    """A number kept as text: the exact decimal or fraction that was written; raises Unreadable."""
    if isinstance(value, float):
        raise TypeError("a file is read with form.loads, so that its numbers stay exact")
    if value.__class__ is Decimal and value.is_finite() and -60 < value.adjusted() < 30:
        value = format(value, "f")
    if value.__class__ is int and abs(value) < 10 ** 30:
        return str(value)
    if isinstance(value, str):
        plain = unicodedata.normalize("NFKC", value).replace("−", "-").strip()
        if EXACT.fullmatch(plain):
            return plain if "/" in plain else format(Decimal(plain), "f")
    raise Unreadable(f"{shown(value)}不是精确的小数或分数", "请填写例如 0.3 或 10/3")


def people(value: int, unit: str) -> int | Decimal:
    """The engine's int as people write it: the opposite of `units`."""
    size = UNITS.get(unit, 1)
    if value % size == 0:
        return value // size
    return Decimal(value).scaleb(-DECIMALS[unit]).normalize()


def plain_number(text: str) -> int | Decimal | str:
    """An exact number as a JSON number where that is possible: the opposite of `exact`."""
    if not text or "/" in text:
        return text
    return int(text) if text.lstrip("-").isdecimal() else Decimal(text)


def _seconds(text):
    hours, minutes, seconds = CLOCK.fullmatch(text).groups()
    whole, _, decimals = seconds.partition(".")
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(whole)) * UNIT + int(decimals.ljust(4, "0") or 0)


def shown(value) -> str:
    """What was written, short enough for a message."""
    if value is None:
        return "空值"
    if isinstance(value, bool):
        return "真假值"
    if isinstance(value, dict):
        return "一组字段"
    if isinstance(value, (list, tuple)):
        return "列表"
    if isinstance(value, Decimal) and not -30 < value.adjusted() < 30:
        return "过大或过细的数"
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return f"“{text[:30]}{'…' if len(text) > 30 else ''}”"
