"""Money in fen: prizes split to the fen, tax rounded half up to the fen."""

from collections.abc import Sequence

from .numbers import UNIT, decimal_text, divide, parse_points
from .problems import Problem

PRIZE_TAX = 2000


def split(total_fen: int, shares: Sequence[int]) -> list[int]:
    """Divide an amount by shares; the parts add up exactly, left-over fen go to the largest remainders, earlier first."""
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0 or total_fen < 0:
        raise ValueError("shares are not negative and not all zero, the amount is not negative")
    parts = [total_fen * share // whole for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda at: (-(total_fen * shares[at] % whole), at))
    for at in by_remainder[:total_fen - sum(parts)]:
        parts[at] += 1
    return parts


def tax(amount_fen: int, rate: int = PRIZE_TAX, *, exempt: bool = False) -> tuple[int, int, int]:
    """(taxable, tax, net): a prize to a person is taxed on its whole amount, 20 % unless finance says otherwise.

    个人所得税法 (2018) articles 3 and 6: 偶然所得, no threshold.
    """
    taxable = 0 if exempt else amount_fen
    due = divide(taxable * rate, UNIT)
    return taxable, due, amount_fen - due


def parse_yuan(text: str | int, *, where: str = "") -> int | Problem:
    """What a person typed as yuan, as fen, or a Problem; thousands separators and the yuan sign are accepted."""
    plain = str(text).replace(",", "").replace("，", "").strip().removeprefix("¥").removeprefix("￥").removesuffix("元")
    units = parse_points(plain, places=2, where=where)
    if isinstance(units, Problem):
        if units.code == "blank":
            return Problem("blank", where, "没有填写金额", "请填写金额；没有奖金请填 0")
        if units.code == "not_a_number":
            return Problem("not_a_number", where, f"“{str(text)[:30]}”不是金额", "请填写以元为单位的数字，例如 200000")
        return units
    if units < 0:
        return Problem("negative", where, "金额不能为负", "请填写不小于 0 的金额")
    return units // 100


def format_yuan(fen: int, *, grouped: bool = False) -> str:
    """Fen as yuan with two decimals: 140950 is 1409.50."""
    if not grouped:
        return decimal_text(fen, 2)
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}.{rest:02d}"
