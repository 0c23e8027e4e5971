"""One part of a whole field: from the columns of its sheets to exact quotients, as `scoring.parts` reads entry by entry."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from ..numbers import UNIT
from ..scheme import Panel
from .columns import Given
from .exact import bound, by_count, distinct, quotient, scaled, wide
from .panels import combined

PLAIN = Panel("mean", minimum_judges=1)


class Scores(NamedTuple):
    """Per entry top / (count × base) points; count an int or a column; complete: whether there is a score (None: always)."""

    top: np.ndarray
    count: int | np.ndarray
    base: int
    complete: np.ndarray | None = None


def both(one, other):
    """Two conditions, of which None is always met."""
    return other if one is None else one if other is None else one & other


def some(columns, rows):
    """The rows asked for, of every column."""
    return columns if rows is None else tuple(column[rows] for column in columns)


def one(column, rows):
    return column if rows is None or column is None else column[rows]


def score(scheme, part, columns, rows=None) -> Scores:
    """The part's score, rounded where the scheme says so."""
    found = columns.parts[part.code]
    if part.kind != "judged":
        read = _figure(part, found, rows)
    elif part.panel.level == "criterion":
        read = _by_criterion(part, found, rows)
    else:
        read = of_totals(part, found, part.panel, rows)
        if part.panel.rounding:
            read = rounded(read, part.panel.rounding)
    multiple = Fraction(part.multiple)
    if multiple != 1:
        read = read._replace(top=scaled(read.top, multiple.numerator), base=read.base * multiple.denominator)
    return rounded(read, part.rounding) if part.rounding else read


def rounded(read: Scores, rounding) -> Scores:
    """Every score as an int in 10**-places of a point."""
    if isinstance(read.count, int):
        return Scores(quotient(read.top, read.count * read.base, rounding), 1, rounding.scale, read.complete)
    top = np.zeros(len(read.top), np.int64 if bound(read.top) * rounding.scale < 2 ** 62 else object)
    for count in distinct(read.count):
        here = read.count == count
        top[here] = quotient(read.top[here], count * read.base, rounding)
    return Scores(top, 1, rounding.scale, read.complete)


def _figure(part, found: Given, rows):
    values, given = one(found.values, rows), one(found.given, rows)
    if not part.criteria:
        return Scores(values, 1, UNIT, given)
    return Scores(scaled(values, part.factors[part.leaves[0].code]), 1, part.denominator, given)


def of_totals(part, sheets, panel, rows=None) -> Scores:
    """What a panel rule makes of the judges' totals."""
    top, count, complete = combined(panel, seat_totals(part, sheets, rows), sheets.counted and some(sheets.counted, rows))
    return Scores(top, count, part.denominator, both(complete, _present(sheets, rows)))


def _present(sheets, rows):
    missing = one(sheets.missing, rows)
    return None if missing is None else ~missing


def seat_totals(part, sheets, rows=None):
    """Per seat the total of the sheet, from the marks where totals are not at hand."""
    if sheets.totals:
        return some(sheets.totals, rows)
    return _shares(part, sheets, [leaf.code for leaf in part.leaves], rows)


def _shares(part, sheets, codes, rows):
    """Per seat what the marks of these leaves add up to, over the part's denominator."""
    leaves = [some(sheets.marks[code], rows) for code in codes]
    most = sum(max(map(bound, seats)) * abs(part.factors[code]) for code, seats in zip(codes, leaves))
    return tuple(sum(wide(seats[seat], most) * part.factors[code] for code, seats in zip(codes, leaves))
                 for seat in range(len(leaves[0])))


def _by_criterion(part, sheets, rows):
    rounding, counted = part.panel.rounding, sheets.counted and some(sheets.counted, rows)
    whole, count, complete = None, 1, _present(sheets, rows)
    for code, factor in part.factors.items():
        top, counts, found = combined(part.panel, some(sheets.marks[code], rows), counted)
        lacking = one(sheets.lacking.get(code), rows)
        complete = both(both(complete, found), None if lacking is None else ~lacking)
        if rounding:
            top = rounded(Scores(top, counts, UNIT), rounding).top
            factor *= UNIT // rounding.scale
        else:
            count = counts
        product = scaled(top, factor)
        whole = product if whole is None else _sum(whole, product)
    return Scores(whole, count, part.denominator, complete)


def _sum(one_column, other):
    most = bound(one_column) + bound(other)
    return wide(one_column, most) + wide(other, most)


def criterion(part, node, sheets, panel, rows=None) -> Scores:
    """A panel rule over the judges' values of one criterion: the mark itself, or what a node's marks add up to."""
    codes = [leaf.code for leaf in node.leaves()]
    seats = some(sheets.marks[codes[0]], rows) if node.is_leaf else _shares(part, sheets, codes, rows)
    top, count, complete = combined(panel, seats, sheets.counted and some(sheets.counted, rows))
    for code in codes:
        lacking = one(sheets.lacking.get(code), rows)
        complete = both(complete, None if lacking is None else ~lacking)
    return Scores(top, count, UNIT if node.is_leaf else part.denominator, complete)


def extreme(part, sheets, highest: bool, rows=None) -> Scores:
    """The highest or the lowest total that a judge gave."""
    seats, choose = seat_totals(part, sheets, rows), np.maximum if highest else np.minimum
    complete = _present(sheets, rows)
    if sheets.counted:
        counted = some(sheets.counted, rows)
        away = max(map(bound, seats)) + 1
        seats = [np.where(here, wide(column, away), -away if highest else away) for column, here in zip(seats, counted)]
        complete = both(complete, np.logical_or.reduce(counted))
    top = seats[0]
    for column in seats[1:]:
        top = choose(top, column)
    return Scores(top, 1, part.denominator, complete)


def over_one(read: Scores):
    """The scores as ints that can be compared with each other: over one count instead of each its own."""
    if isinstance(read.count, int):
        return read.top
    counts = distinct(read.count)
    common = int(np.lcm.reduce(counts))
    return wide(read.top, bound(read.top) * common) * by_count({count: common // count for count in counts}, read.count)
