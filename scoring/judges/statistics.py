"""Figures for organisers and supervisors: distribution, each judge's shift from the panel, spread per entry. All exact."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from math import comb, lcm
from typing import NamedTuple

from ..facts import Facts
from ..scheme import Scheme
from .judged import judged


class Distribution(NamedTuple):
    count: int
    minimum: Fraction
    q1: Fraction
    median: Fraction
    q3: Fraction
    maximum: Fraction
    mean: Fraction
    bins: tuple[tuple[Fraction, Fraction, int], ...]


class JudgeShift(NamedTuple):
    """shift: how much higher than the whole panel's mean the judge marks, over sheets of complete entries, in points.

    agreement: of all pairs of entries that judge and panel both tell apart, the share put in the same order.
    """

    judge: int
    name: str
    sheets: int
    mean: Fraction
    shift: Fraction
    agreement: Fraction | None


class Spread(NamedTuple):
    entry: int
    number: str
    minimum: Fraction
    maximum: Fraction
    spread: Fraction
    alarm: bool
    low_judge: int
    high_judge: int


def quantile(ordered, share):
    """Linear interpolation between neighbours, as Excel's QUARTILE.INC."""
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


def distribution(values: Iterable, *, bins: int = 10, low=None, high=None, over: int = 1) -> Distribution | None:
    """Quartiles, mean and histogram of ints or Fractions; the last bin includes its upper end. None without values.

    `over`: what the values are counted in (ints over one denominator are many times faster than Fractions).
    """
    ordered = sorted(values)
    if not ordered:
        return None
    low = Fraction(ordered[0], over) if low is None else Fraction(low)
    high = Fraction(ordered[-1], over) if high is None else Fraction(high)
    width = (high - low) / bins if high > low else Fraction(1)
    counts, (start, start_of), (step, step_of) = [0] * bins, low.as_integer_ratio(), width.as_integer_ratio()
    for value in ordered:
        # (value / over - low) / width, without a Fraction
        at = (value * start_of - start * over) * step_of // (over * start_of * step)
        counts[max(0, min(at, bins - 1))] += 1
    edges = tuple((low + width * at, low + width * (at + 1), count) for at, count in enumerate(counts))
    quarters = (quantile(ordered, Fraction(share, 4)) / over for share in range(5))
    return Distribution(len(ordered), *quarters, Fraction(sum(ordered), len(ordered) * over), edges)


def judge_shifts(scheme: Scheme, facts: Facts, part_code: str) -> tuple[JudgeShift, ...]:
    """One line per judge, by judge id."""
    own, panel, table = {}, {}, judged(scheme, facts, part_code)
    common = lcm(*{len(totals) for totals in table.totals.values()})
    for entry, totals in table.totals.items():
        panel[entry] = sum(totals.values()) * (common // len(totals))
        for judge, total in totals.items():
            own.setdefault(judge, {})[entry] = total * common
    return tuple(_shift(judge, facts, own[judge], panel, table.bottom * common) for judge in sorted(own))


def _shift(judge, facts, marks, panel, bottom):
    """Marks and the panel's means are ints over one denominator."""
    count, given = len(marks), sum(marks.values())
    others = [panel[entry] for entry in marks]
    return JudgeShift(judge, facts.judges.get(judge, f"评委{judge}"), count, Fraction(given, count * bottom),
                      Fraction(given - sum(others), count * bottom), _agreement(list(zip(marks.values(), others))))


def _agreement(pairs):
    """Of all two pairs that differ in both figures, the share in which they differ the same way; None without any."""
    crossed, seen = 0, []
    for _, other in sorted(pairs):
        at = bisect_right(seen, other)
        crossed += len(seen) - at
        seen.insert(at, other)
    firsts, seconds = zip(*pairs)
    told = comb(len(pairs), 2) - _equal(firsts) - _equal(seconds) + _equal(pairs)
    return Fraction(told - crossed, told) if told else None


def _equal(values):
    return sum(comb(count, 2) for count in Counter(values).values())


def spreads(scheme: Scheme, facts: Facts, part_code: str, *, limit: Fraction | int | None = None) -> tuple[Spread, ...]:
    """Highest minus lowest total per entry, in points; alarm where it is above limit (points, int or Fraction)."""
    found, table = [], judged(scheme, facts, part_code)
    bottom = table.bottom
    for entry in facts.entries:
        if entry.entry not in table.totals:
            continue
        ordered = sorted(table.totals[entry.entry].items(), key=lambda pair: (pair[1], pair[0]))
        (low_judge, low), (high_judge, high) = ordered[0], ordered[-1]
        spread = Fraction(high - low, bottom)
        found.append(Spread(entry.entry, entry.number, Fraction(low, bottom), Fraction(high, bottom), spread,
                            limit is not None and spread > limit, low_judge, high_judge))
    return tuple(found)
