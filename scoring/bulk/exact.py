"""Exact arithmetic on columns: no sum, product or quotient of these functions can overflow.

Bounds are worked out in Python's own ints before a column is touched. What fits stays in int32 or int64; what does not is
computed with columns of Python ints (dtype object), slowly and just as exactly.
"""

from math import lcm

import numpy as np

LIMIT = 2 ** 62


def bound(column) -> int:
    """The largest absolute value, as a Python int."""
    return max(abs(int(column.max())), abs(int(column.min()))) if len(column) else 0


def wide(column, most: int):
    """The column in a type that holds values up to `most`."""
    narrow = most < LIMIT and column.dtype != object
    return column.astype(np.int64 if narrow else object, copy=False)


def scaled(column, factor: int):
    """factor × column."""
    return column if factor == 1 else wide(column, bound(column) * abs(factor)) * factor


def distinct(counts) -> list[int]:
    return [counts] if isinstance(counts, int) else [int(count) for count in np.unique(counts)]


def by_count(table: dict[int, int], counts):
    """table[count] for every row; an int where all rows have one count."""
    if isinstance(counts, int):
        return table[counts]
    most = max(map(abs, table.values()), default=0)
    found = np.zeros(max(table, default=0) + 1, np.int64 if most < LIMIT else object)
    for count, factor in table.items():
        found[count] = factor
    return found[counts]


def add_up(terms):
    """Σ weight × top / (count × base) as (column, denominator).

    terms: (top, count, base, weight) with top a column, count an int or a column of positive ints, base an int,
    weight a Fraction.
    """
    shares = [{count: weight / (count * base) for count in distinct(counts)} for _, counts, base, weight in terms]
    bottom = lcm(*(share.denominator for table in shares for share in table.values()))
    tables = [{count: int(share * bottom) for count, share in table.items()} for table in shares]
    if len(terms) == 1 and set(tables[0].values()) == {1}:
        return terms[0][0], bottom
    most = sum(bound(term[0]) * max(map(abs, table.values()), default=0) for term, table in zip(terms, tables))
    whole = None
    for (top, counts, *_), table in zip(terms, tables):
        product = wide(top, most) * by_count(table, counts)
        whole = product if whole is None else whole + product
    return whole, bottom


def quotient(column, bottom: int, rounding):
    """column / bottom rounded to ints in 10**-places, as `Rounding.round` does one by one."""
    scale = rounding.scale
    most = bound(column)
    return _divide(wide(column, 2 * scale * most + bottom) * scale, bottom, rounding.mode)


def _divide(column, bottom, mode):
    """See `scoring.numbers.divide`."""
    if mode == "half_up":
        if len(column) and column.min() >= 0:
            return (2 * column + bottom) // (2 * bottom)
        return np.where(column < 0, -((-2 * column + bottom) // (2 * bottom)), (2 * column + bottom) // (2 * bottom))
    whole = column // bottom
    if mode == "floor":
        return whole
    rest = column - whole * bottom
    if mode == "ceil":
        return whole + (rest > 0)
    return whole + ((2 * rest > bottom) | ((2 * rest == bottom) & (whole % 2 == 1)))

