"""Panel rules on columns: one column of values per seat of the panel, one row per entry.

The columns are walked through in blocks that stay in the processor's cache, so that a trimmed mean reads the memory once.
"""

import numpy as np

from ..parts.panels import fewest_judges
from .exact import LIMIT, bound

BLOCK = 1 << 16
NARROW = 2 ** 31 - 1
RULES = ("mean", "trimmed_mean", "median")


def combined(panel, seats, counted=None):
    """(sums, counts, complete): per entry the sum of what the panel rule keeps, how many values that are (an int where
    all have the same), and whether there is a result (None: everywhere).

    seats: columns of ints, all of one length; counted: columns of bool, False where that judge's value does not count
    (recused, absent, no such seat).
    """
    rows = len(seats[0])
    if counted is None:
        sums, count = _full(panel, seats)
        return (sums, count, None) if count else (np.zeros(rows, np.int64), 1, np.zeros(rows, bool))
    numbers = np.zeros(rows, np.int16)
    for column in counted:
        numbers += column
    gaps = np.flatnonzero(numbers < len(seats))
    sums, count = _full(panel, seats)
    if not len(gaps):
        return (sums, count, None) if count else (sums, 1, np.zeros(rows, bool))
    return _with_gaps(panel, seats, counted, gaps, numbers, sums, count)


def _with_gaps(panel, seats, counted, gaps, numbers, sums, count):
    """The same for panels with gaps: values that do not count are moved to the end, then rows of one number go together."""
    sums = sums.astype(np.promote_types(sums.dtype, np.int64)) if sums.dtype != object else sums
    counts, complete = np.full(len(sums), max(count, 1), np.int16), np.full(len(sums), count > 0)
    moved = np.stack([column[gaps] for column in seats]).astype(object if sums.dtype == object else np.int64)
    away = max(map(bound, seats)) + 1
    moved[~np.stack([column[gaps] for column in counted])] = away
    moved.sort(axis=0)
    for number in np.unique(numbers[gaps]):
        here = np.flatnonzero(numbers[gaps] == number)
        rows, number = gaps[here], int(number)
        found, kept = _full(panel, list(moved[:number, here])) if number else (0, 0)
        sums[rows], counts[rows], complete[rows] = (found, kept, True) if kept else (0, 1, False)
    return sums, counts, complete


def _full(panel, seats):
    """(sums, count) of panels without gaps; count 0 where the panel refuses so few judges."""
    number = len(seats)
    rule = panel.rule
    if number < max(panel.minimum_judges, fewest_judges(panel)):
        if panel.below_minimum == "refuse":
            return np.zeros(len(seats[0]), np.int64), 0
        rule = "mean"
    if rule == "mean":
        return _blocked(seats, _sum, 0, 0), number
    if rule == "median":
        middle = (number - 1) // 2
        return _blocked(seats, _trimmed, middle, middle), number - 2 * middle
    high, low = panel.drop_high, panel.drop_low
    work = _without_ends if high == low == 1 else _trimmed
    return _blocked(seats, work, high, low), number - high - low


def _blocked(seats, work, high, low):
    """work(block, out, high, low) over blocks of rows, in the narrowest type that cannot overflow."""
    rows, number = len(seats[0]), len(seats)
    narrow = all(column.dtype.itemsize <= 4 for column in seats)
    if not narrow and (any(column.dtype == object for column in seats) or number * max(map(bound, seats)) >= LIMIT):
        found = np.empty(rows, object)
        work([column.astype(object) for column in seats], found, high, low)
        return found
    found = np.empty(rows, np.int32 if narrow else np.int64)
    for start in range(0, rows, BLOCK):
        most = work([column[start:start + BLOCK] for column in seats], found[start:start + BLOCK], high, low)
        if narrow and number * most > NARROW:
            return _blocked([column.astype(np.int64) for column in seats], work, high, low)
    return found


def _sum(block, out, high, low):
    """Returns, as the others do, a bound of all values (of a sum that wrapped round, the bound tells)."""
    _add(block, out)
    return max(map(bound, block))


def _add(block, out):
    out[:] = block[0]
    for column in block[1:]:
        np.add(out, column, out=out)


def _without_ends(block, out, high, low):
    """One highest and one lowest dropped."""
    most, least = np.maximum(block[0], block[1]), np.minimum(block[0], block[1])
    np.add(block[0], block[1], out=out)
    for column in block[2:]:
        np.maximum(most, column, out=most)
        np.minimum(least, column, out=least)
        np.add(out, column, out=out)
    np.subtract(out, most, out=out)
    np.subtract(out, least, out=out)
    return max(abs(int(most.max())), abs(int(least.min())))


def _trimmed(block, out, high, low):
    """The sum of what is left when exchanges have moved the `high` highest to the end and the `low` lowest to the front."""
    block, most = list(block), max(map(bound, block))
    first, last = 0, len(block) - 1
    for _ in range(high):
        for at in range(first, last):
            block[at], block[at + 1] = np.minimum(block[at], block[at + 1]), np.maximum(block[at], block[at + 1])
        last -= 1
    for _ in range(low):
        for at in range(last, first, -1):
            block[at - 1], block[at] = np.minimum(block[at - 1], block[at]), np.maximum(block[at - 1], block[at])
        first += 1
    _add(block[first:last + 1], out)
    return most
