"""Steps over the whole field: places, shares of the best, scales.

Each function(run, step, figures) takes {index: Fraction} of every judged entry that has the figure and answers the same keys.
The field is the competing entries among them, or with `step.within` those of one group. An entry out of competition is measured against the field without joining it:
it changes nobody's figure, and gets the place it would share or hold.
"""

from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from ..numbers import Rounding
from ..parts.places import combined_places
from ..parts.standard import standard_scores
from ..ranking.order import groups, place_of
from ..rules import Standard
from .functions import points

SCALE_700 = Standard(mean=7_000_000, spread=300_000, rounding=Rounding(0))
CONSISTENT = Fraction(14826, 10_000)  # makes the median deviation of a normal distribution its standard deviation
LOWEST_700, HIGHEST_700 = 0, 10_000_000


class Seat(NamedTuple):
    """A place in the field: `count` entries hold the ranks from `first` on and are the `nth` group."""

    first: int
    count: int
    nth: int

    def place(self, method):
        return place_of(method, self.first, self.count, self.nth)


def competing(run, figures):
    return {index: figure for index, figure in figures.items() if run.entries[index].status == "competing"}


def apart(run, step, members):
    """{group: members} where the step compares within groups of the field; else all in one."""
    if not step.within:
        return {"": list(members)}
    found = {}
    for index in members:
        found.setdefault(getattr(run.entries[index], step.within), []).append(index)
    return found


def seats(run, step, figures):
    """{index: Seat} by figure, then by the step's own chain; entries that remain equal share their seat."""
    field, ordered = competing(run, figures), []
    for group in groups(field, field, step.better):
        ordered += _parted(run, step, group)
    found, first = {}, 1
    for nth, group in enumerate(ordered, 1):
        found.update(dict.fromkeys(group, Seat(first, len(group), nth)))
        first += len(group)
    for index in figures.keys() - field.keys():
        found[index] = _seat_outside(run, step, figures, field, index)
    return found


def _parted(run, step, group):
    if len(group) == 1 or not step.ties:
        return [group]
    return run.part(group, step.ties)


def _seat_outside(run, step, figures, field, index):
    """Where one entry would stand if it alone were added, without taking up a seat."""
    own = figures[index]
    better = {member for member, figure in field.items() if (figure > own if step.better == "high" else figure < own)}
    ordered = groups({at: figures[at] for at in better}, better, step.better)
    ordered = [part for group in ordered for part in _parted(run, step, group)]
    equal = [member for member, figure in field.items() if figure == own]
    for group in _parted(run, step, [*equal, index]):
        ordered.append(group)
        if index in group:
            break
    before = sum(len(group) for group in ordered[:-1])
    return Seat(before + 1, max(len(ordered[-1]) - 1, 1), len(ordered))


def rank(run, step, figures):
    return {index: Fraction(seat.place(step.method)) for index, seat in seats(run, step, figures).items()}


def borda(run, step, figures):
    """How many of the field stand below; with the mean of places, those of equal standing count half."""
    size = len(competing(run, figures))
    return {index: Fraction(max(size - seat.place(step.method), 0)) for index, seat in seats(run, step, figures).items()}


def of_place(step, place):
    """The points of a place: those of the nearest place of the table that is not behind it; none before the first."""
    reached = [pair for pair in step.table if points(pair[0]) <= place]
    return points(max(reached)[1]) if reached else Fraction(0)


def points_by_place(run, step, figures):
    """The table's points; with the mean of places, the mean of the points of all places that are shared."""
    found = {}
    for index, seat in seats(run, step, figures).items():
        if step.method == "mean":
            covered = range(seat.first, seat.first + seat.count)
            found[index] = sum(of_place(step, place) for place in covered) / Fraction(seat.count)
        else:
            found[index] = of_place(step, seat.place(step.method))
    return found


def of_best(run, step, figures):
    """x / best × whole, or best / x × whole where less is better; nothing to measure by (best 0) gives 0, or the whole to it."""
    field = competing(run, figures) or figures
    whole, high = points(step.whole), step.better == "high"
    best = (max if high else min)(field.values(), default=None)
    found = {}
    for index, figure in figures.items():
        if high:
            found[index] = figure / best * whole if best > 0 else Fraction(0)
        else:
            found[index] = best / figure * whole if figure > 0 else whole
    return found


def of_rank(run, step, figures):
    """whole × (n − place + 1) / n over the n entries of the field."""
    size, whole = len(competing(run, figures)), points(step.whole)
    return {index: max(size - seat.place(step.method) + 1, 0) * whole / max(size, 1)
            for index, seat in seats(run, step, figures).items()}


def standard(run, step, figures):
    """mean + spread × (x − the field's mean) / the field's standard deviation, always rounded."""
    to = step.standard or Standard()
    to = replace(to, rounding=step.rounding or to.rounding)
    over = lcm(*(figure.denominator for figure in figures.values()))
    given = {index: int(figure * over) for index, figure in figures.items()}
    found = standard_scores(competing(run, given).values(), to, over, given.values())
    return {index: Fraction(found[value], to.rounding.scale) for index, value in given.items()}


def middle(values):
    ordered, at = sorted(values), len(values) // 2
    return ordered[at] if len(ordered) % 2 else (ordered[at - 1] + ordered[at]) / 2


def skating(run, step, rows):
    """Rules 9 to 11 of the skating system, from {index: the places in every dance}."""
    marks = {index: _judges_places(run, step, index) for index in rows}
    if not all(marks.values()):
        marks = dict.fromkeys(rows, (1,))  # places without judges behind them: rule 11 has nothing to compare
    field = competing(run, rows)
    found = combined_places(field, marks)
    for index in rows.keys() - field.keys():
        found[index] = combined_places({**field, index: rows[index]}, marks)[index]
    return {index: Fraction(place) for index, place in found.items()}


def _judges_places(run, step, index):
    """All places that the judges gave the entry in the parts that the step takes."""
    readers = [run.by_code[code] for code in step.of if code in run.by_code]
    values = [value for reader in readers if reader.judged for value in reader.values.values(run.entries[index]) or ()]
    return [value.place for value in values if value.place is not None]


def average(values):
    return sum(values, Fraction(0)) / len(values)


def scale_700(run, step, figures):
    """mean + spread × (x − median) / (1.4826 × MAD), rounded, then kept within low … high; without any deviation the mean."""
    to, field = step.standard or SCALE_700, list(competing(run, figures).values())
    if not field:
        return dict.fromkeys(figures)
    rounding, center = step.rounding or to.rounding, middle(field)
    deviation = middle([abs(value - center) for value in field]) * CONSISTENT
    low = points(LOWEST_700 if step.low is None else step.low)
    high = points(HIGHEST_700 if step.high is None else step.high)
    found = {}
    for index, figure in figures.items():
        scaled = points(to.mean) + (points(to.spread) * (figure - center) / deviation if deviation else 0)
        found[index] = min(max(Fraction(rounding.round(*scaled.as_integer_ratio()), rounding.scale), low), high)
    return found
