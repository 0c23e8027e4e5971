"""Exact numbers: marks are ints in 1/10000 point, every rounding is written down, no float takes part."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from .problems import Problem
from .spec import spec

UNIT = 10_000
WHOLE = 100 * UNIT
NUMBER = re.compile(r"([+-]?)(\d{1,9})(?:\.(\d*))?")


def divide(numerator: int, denominator: int, mode: str = "half_up") -> int:
    """numerator / denominator as an int; half up moves away from zero, as Excel's ROUND does."""
    if denominator <= 0:
        raise ValueError("a denominator is positive")
    if mode == "half_up":
        if numerator < 0:
            return -((-2 * numerator + denominator) // (2 * denominator))
        return (2 * numerator + denominator) // (2 * denominator)
    whole, rest = divmod(numerator, denominator)
    if mode == "floor":
        return whole
    if mode == "ceil":
        return whole + (rest > 0)
    if mode == "half_even":
        return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
    raise ValueError(f"unknown rounding {mode!r}")


def decimal_text(value: int, places: int) -> str:
    """An int in 10**-places as text: (9234, 2) is 92.34."""
    if places <= 0:
        return str(value)
    digits = str(abs(value)).zfill(places + 1)
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


@dataclass(frozen=True)
class Rounding:
    places: int = spec("小数位数", "保留几位小数", 2, 2)
    mode: str = spec("方式", "怎样舍入", "half_up", "half_up", rules="rounding")

    @property
    def scale(self):
        return 10 ** self.places

    def round(self, numerator: int, denominator: int = 1) -> int:
        """The quotient as an int in 10**-places."""
        return divide(numerator * 10 ** self.places, denominator, self.mode)

    def format(self, value: int) -> str:
        return decimal_text(value, self.places)

    def text(self, numerator: int, denominator: int = 1) -> str:
        return self.format(self.round(numerator, denominator))


def format_ratio(numerator: int, denominator: int, places: int = 2, mode: str = "half_up") -> str:
    return decimal_text(divide(numerator * 10 ** places, denominator, mode), places)


def formatter(denominator: int, places: int = 2, mode: str = "half_up") -> Callable[[int], str]:
    """A fast int -> text for whole tables of figures over one denominator; equal figures are written once."""
    scale, shape = 10 ** places, f"%d.%0{places}d"
    quick = mode == "half_up" and places > 0

    class Texts(dict):
        def __missing__(self, numerator):
            if quick and numerator >= 0:
                text = shape % divmod((2 * scale * numerator + denominator) // (2 * denominator), scale)
            else:
                text = format_ratio(numerator, denominator, places, mode)
            self[numerator] = text
            return text
    return Texts().__getitem__


def format_exact(numerator: int, denominator: int, least: int = 2, most: int = 4) -> str:
    """As few decimals as show the figure exactly, between least and most (then rounded half up)."""
    for places in range(least, most):
        if numerator * 10 ** places % denominator == 0:
            return format_ratio(numerator, denominator, places)
    return format_ratio(numerator, denominator, most)


def format_points(units: int, places: int | None = None) -> str:
    """Marks as text; without places, no more decimals than needed: 855000 is 85.5."""
    if places is None:
        return format_exact(units, UNIT, 0, 4)
    return format_ratio(units, UNIT, places)


def format_percent(weight: int) -> str:
    """A weight as a percentage without its sign: 250000 is 25."""
    return format_points(weight)


def parse_points(text: str | int | Decimal, *, places: int = 4, where: str = "") -> int | Problem:
    """What a person typed as points, as units, or a Problem; a float is refused because its residue is not the person's."""
    if isinstance(text, (bool, float)):
        raise TypeError("points are parsed from text, int or Decimal, never from a float")
    written = format(text, "f") if isinstance(text, Decimal) else str(text)
    plain = unicodedata.normalize("NFKC", written).replace("。", ".").replace("−", "-").strip()
    if not plain:
        return Problem("blank", where, "没有填写分数", "请填写数字；零分请填 0")
    match = NUMBER.fullmatch(plain)
    if not match:
        return Problem("not_a_number", where, f"“{written[:30]}”不是分数", "请只填写数字，例如 85.5")
    sign, whole, decimals = match[1], match[2], (match[3] or "").rstrip("0")
    if len(decimals) > places:
        allowed = f"最多 {places} 位小数" if places else "必须是整数"
        return Problem("too_many_decimals", where, f"“{written[:30]}”小数位数过多，{allowed}", "请去掉多余的小数")
    units = int(whole) * UNIT + int(decimals.ljust(4, "0"))
    return -units if sign == "-" else units


def parse_percent(text: str, *, where: str = "") -> int | Problem:
    """A weight as typed, "25" or "25%", in 1/10000 percent, or a Problem."""
    written = unicodedata.normalize("NFKC", str(text)).strip().removesuffix("%").strip()
    found = parse_points(written, where=where)
    if isinstance(found, Problem) and found.code == "blank":
        return Problem("blank", where, "没有填写权重", "请填写百分数，例如 25")
    if not isinstance(found, Problem) and not 0 <= found <= WHOLE:
        return Problem("out_of_range", where, f"权重 {written} 不在 0 到 100 之间", "请填写 0 到 100 之间的百分数")
    return found
