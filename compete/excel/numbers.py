"""Numbers of the engine (1/10000 point, fen) as cells and formulas show them, without a float on the way."""
from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

UNIT = 10_000


def points(units: int) -> str:
    """855000 → 85.5"""
    sign, units = ("-", -units) if units < 0 else ("", units)
    whole, rest = divmod(units, UNIT)
    return f"{sign}{whole}" + (f".{rest:04d}".rstrip("0") if rest else "")


def points_number(units: int) -> Decimal:
    return Decimal(points(units))


def percent_text(weight: int) -> str:
    """250000 → 25%"""
    return points(weight) + "%"


def money_number(fen: int) -> Decimal:
    """140950 → 1409.50; the cell stores exactly these digits."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return Decimal(f"{sign}{fen // 100}.{fen % 100:02d}")


def decimal_number(value: Fraction, places: int = 15) -> Decimal:
    """The value beside a formula: exact where it ends, else to more places than a spreadsheet can tell apart."""
    scaled = round(value * 10 ** places)
    number = Decimal(scaled).scaleb(-places)
    return number.normalize() if number else Decimal(0)
