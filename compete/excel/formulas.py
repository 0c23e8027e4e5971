"""The rules of the engine as spreadsheet formulas that come to the same figures.

A spreadsheet counts in binary fractions, so 85.245 may be a hair less and round the wrong way. Each rounding therefore first
takes the residue off at a place far below the last one that counts (the inner ROUND), where a half is a half exactly, and only
then rounds. That is right as long as two different exact totals lie further apart than that place, which holds for marks of up
to four and weights of up to four decimals.
"""

from fractions import Fraction

import scoring
from scoring.numbers import UNIT, WHOLE
from scoring.parts.panels import SUMS, below, drops, fewest_judges, regular

MISSING, TOO_FEW, INCOMPLETE = "缺分", "评委不足", "未完成"
NO_MARK = "／"
EXCUSED = "回避", "缺席"  # the judge has a seat on the panel, and no mark to count


def rounded(text: str, rounding: scoring.Rounding) -> str:
    """The expression rounded as the scheme says."""
    scale = "" if rounding.places == 0 else f"*{rounding.scale}"
    back = "" if rounding.places == 0 else f"/{rounding.scale}"
    clean = f"ROUND(({text}){scale},{max(4, 10 - rounding.places)})"
    if rounding.mode == "floor":
        return f"INT({clean}){back}"
    if rounding.mode == "ceil":
        return f"-INT(-{clean}){back}"
    if rounding.mode == "half_even":
        up = f"INT({clean}+0.5)"
        return f"({up}-(ABS({clean}-INT({clean})-0.5)<0.000001)*MOD({up},2)){back}"
    return f"ROUND({clean},0){back}"


def panel_value(panel: scoring.Panel, cells: str) -> str:
    """One value from the judges' values in `cells`; texts there (回避, 缺席) are no values. Too few judges: see `guarded`."""
    if panel.rule in SUMS:
        return _in_proportion(panel, cells)
    whole, least = _rule(panel, cells), regular(panel)
    if not below(panel) or whole == f"AVERAGE({cells})" or panel.below_minimum == "refuse" or least <= 1:
        return whole
    return f"IF(COUNT({cells})>={least},{whole},AVERAGE({cells}))"


def _in_proportion(panel, cells):
    """A sum over all seats of the panel: what the rule keeps, times what it would keep if nobody were excused, by what it keeps."""
    seats = f"COUNT({cells})+" + "+".join(f'COUNTIF({cells},"{word}")' for word in EXCUSED)
    dropped, whole = drops(panel), _rule(panel, cells)
    if not dropped:
        return f"{whole}*({seats})/COUNT({cells})"
    proportional = f"({whole})*({seats}-{dropped})/(COUNT({cells})-{dropped})"
    return f"IF(COUNT({cells})>={fewest_judges(panel)},{proportional},AVERAGE({cells})*MAX({seats}-{dropped},1))"


def _rule(panel: scoring.Panel, cells: str) -> str:
    plain = {"mean": "AVERAGE", "median": "MEDIAN", "sum": "SUM", "highest": "MAX", "lowest": "MIN"}
    if panel.rule in plain:
        return f"{plain[panel.rule]}({cells})"
    whole = f"SUM({cells}){_taken(panel, cells)}"
    if panel.rule == "trimmed_sum":
        return whole
    high_and_low = panel.drop_high + panel.drop_low
    return f"({whole})/(COUNT({cells})-{high_and_low})" if high_and_low else f"AVERAGE({cells})"


def _taken(panel: scoring.Panel, cells: str) -> str:
    return _extreme("MAX", "LARGE", panel.drop_high, cells) + _extreme("MIN", "SMALL", panel.drop_low, cells)


def _extreme(single: str, several: str, count: int, cells: str) -> str:
    if count == 0:
        return ""
    if count == 1:
        return f"-{single}({cells})"
    ranks = ",".join(str(rank) for rank in range(1, count + 1))
    return f"-SUMPRODUCT({several}({cells},{{{ranks}}}))"


def guarded(panel: scoring.Panel, cells: str, value: str) -> str:
    """The value, or words: 缺分 while a sheet is missing or nobody marked, 评委不足 where the panel refuses so few judges."""
    least = regular(panel)
    if panel.below_minimum == "refuse" and least > 1:
        value = f'IF(COUNT({cells})<{least},"{TOO_FEW}",{value})'
    return f'IF(COUNTIF({cells},"{MISSING}")+(COUNT({cells})=0)>0,"{MISSING}",{value})'


def term(cell: str, share: Fraction) -> str:
    """cell × share, as people would write it."""
    if share == 1:
        return cell
    if _decimals(share) is not None:
        return f"{cell}*{decimal_text(share)}"
    return f"{cell}*{share.numerator}/{share.denominator}"


def total_of(cells: list[str], shares: list[Fraction], joined: str) -> str:
    """A sheet's total from its marks. Where it ends after some decimals the residue is taken off, so that equal totals are equal."""
    if all(share == 1 for share in shares):
        return f"ROUND(SUM({joined}),4)"
    text = "+".join(term(cell, share) for cell, share in zip(cells, shares, strict=True))
    places = [_decimals(share) for share in shares]
    return text if None in places else f"ROUND({text},{4 + max(places)})"


def _decimals(share: Fraction) -> int | None:
    """How many decimals it takes to write the fraction, None where more than eight."""
    return next((places for places in range(9) if share.denominator and (share * 10**places).denominator == 1), None)


def decimal_text(share: Fraction) -> str:
    places = _decimals(share)
    return scoring.format_ratio(share.numerator, share.denominator, places)


def part_shares(part: scoring.Part) -> dict[str, Fraction]:
    """{leaf: points of the part for one point of the mark}."""
    return {code: Fraction(factor * UNIT, part.denominator) for code, factor in part.factors.items()}


def weight_share(part: scoring.Part) -> Fraction:
    return Fraction(part.weight, WHOLE)
