"""Figures for organisers and supervisors: distribution, each judge's shift from the panel, spread per entry. All exact."""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from .facts import Facts
from .parts import PartReader
from .scheme import Scheme


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


def distribution(values: Iterable, *, bins: int = 10, low=None, high=None) -> Distribution | None:
    """Quartiles, mean and histogram of ints or Fractions; the last bin includes its upper end. None without values."""
    ordered = sorted(Fraction(value) for value in values)
    if not ordered:
        return None
    low = ordered[0] if low is None else Fraction(low)
    high = ordered[-1] if high is None else Fraction(high)
    width = (high - low) / bins if high > low else Fraction(1)
    counts = [0] * bins
    for value in ordered:
        counts[max(0, min(int((value - low) / width), bins - 1))] += 1
    edges = tuple((low + width * at, low + width * (at + 1), count) for at, count in enumerate(counts))
    quarter = Fraction(1, 4)
    return Distribution(len(ordered), ordered[0], quantile(ordered, quarter), quantile(ordered, 2 * quarter),
                        quantile(ordered, 3 * quarter), ordered[-1], sum(ordered) / len(ordered), edges)


def _sheets(scheme, facts, part_code):
    """(entry fact, {judge: total}, denominator) for entries with at least one counting sheet."""
    reader = PartReader(scheme, scheme.part(part_code))
    for entry in facts.entries:
        totals = {sheet.judge: reader.total(sheet) for sheet in reader.sheets(entry)}
        totals = {judge: total for judge, total in totals.items() if total is not None}
        if totals:
            yield entry, totals, reader.part.denominator


def judge_shifts(scheme: Scheme, facts: Facts, part_code: str) -> tuple[JudgeShift, ...]:
    """One line per judge, by judge id."""
    own, panel = {}, {}
    for entry, totals, bottom in _sheets(scheme, facts, part_code):
        panel[entry.entry] = Fraction(sum(totals.values()), len(totals) * bottom)
        for judge, total in totals.items():
            own.setdefault(judge, {})[entry.entry] = Fraction(total, bottom)
    return tuple(_shift(judge, facts, own[judge], panel) for judge in sorted(own))


def _shift(judge, facts, marks, panel):
    count = len(marks)
    mean = sum(marks.values()) / count
    shift = sum(mark - panel[entry] for entry, mark in marks.items()) / count
    pairs, agreeing, entries = 0, 0, list(marks)
    for at, one in enumerate(entries):
        for two in entries[at + 1:]:
            by_judge, by_panel = marks[one] - marks[two], panel[one] - panel[two]
            if by_judge and by_panel:
                pairs += 1
                agreeing += (by_judge > 0) == (by_panel > 0)
    return JudgeShift(judge, facts.judges.get(judge, f"评委{judge}"), count, mean, shift,
                      Fraction(agreeing, pairs) if pairs else None)


def spreads(scheme: Scheme, facts: Facts, part_code: str, *, limit: Fraction | int | None = None) -> tuple[Spread, ...]:
    """Highest minus lowest total per entry, in points; alarm where it is above limit (points, int or Fraction)."""
    found = []
    for entry, totals, bottom in _sheets(scheme, facts, part_code):
        ordered = sorted(totals.items(), key=lambda pair: (pair[1], pair[0]))
        (low_judge, low), (high_judge, high) = ordered[0], ordered[-1]
        spread = Fraction(high - low, bottom)
        found.append(Spread(entry.entry, entry.number, Fraction(low, bottom), Fraction(high, bottom), spread,
                            limit is not None and spread > limit, low_judge, high_judge))
    return tuple(found)
