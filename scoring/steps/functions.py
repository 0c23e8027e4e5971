"""What steps do with one entry's figures: which of them count, and what they make together.

`choose(step, values)` answers positions among the values, of which some may be None; `make(step, values, weights)` answers a
Fraction, or None where there is no such figure; weights are empty where all count alike.
"""

from fractions import Fraction
from functools import lru_cache

from ..numbers import UNIT, Rounding
from .powers import power

WHOLE_POINTS = Rounding(0, "floor")


@lru_cache(maxsize=1000)
def number(text: str) -> Fraction:
    """An exact number kept as text: "0.14354", "10/3"."""
    return Fraction(text)


def points(units: int) -> Fraction:
    return Fraction(units, UNIT)


def taken(step, values):
    return [at for at, value in enumerate(values) if value is not None]


def every(step, values):
    return list(range(len(values)))


def best_first(step, values):
    """Positions of the figures that are there, the best first; of equal ones the earlier first."""
    sign = -1 if step.better == "high" else 1
    return sorted(taken(step, values), key=lambda at: sign * values[at])


def best(step, values):
    return best_first(step, values)[:1 if step.keep is None else step.keep]


def all_but_worst(step, values):
    """What is missing counts as discarded before anything else is."""
    return best_first(step, values)[:max(len(values) - (1 if step.drop is None else step.drop), 0)]


def largest(step, values):
    return sorted(taken(step, values), key=lambda at: -values[at])[:1]


def smallest(step, values):
    return sorted(taken(step, values), key=lambda at: values[at])[:1]


def first(step, values):
    return taken(step, values)[:1]


def total(step, values, weights):
    if weights:
        values = [value * weight for value, weight in zip(values, weights)]
    return sum(values[1:], values[0])


def mean(step, values, weights):
    """None where nothing that is there has any weight."""
    whole = sum(weights) if weights else len(values)
    return total(step, values, weights) / whole if whole else None


def only(step, values, weights):
    return values[0]


def product(step, values, weights):
    found = Fraction(1)
    for value in values:
        found *= value
    return found


def difference(step, values, weights):
    return values[0] - values[1]


def quotient(step, values, weights):
    return values[0] / values[1] if values[1] else None


def median(step, values, weights):
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def linear(step, values, weights):
    return number(step.factor) * values[0] + number(step.offset)


def mapped(step, values, weights):
    """low … high to to_low … to_high on a straight line, beyond the ends too."""
    low, start = points(step.low), points(step.to_low)
    return start + (values[0] - low) * (points(step.to_high) - start) / (points(step.high) - low)


def cap(step, values, weights):
    found = values[0]
    if step.low is not None:
        found = max(found, points(step.low))
    return found if step.high is None else min(found, points(step.high))


def performance(step, values, weights):
    """factor × (distance beyond the offset) ** exponent; 0 where the performance does not reach the offset."""
    beyond = values[0] - number(step.offset)
    if step.better == "low":
        beyond = -beyond
    if beyond <= 0:
        return Fraction(0)
    return power(number(step.factor), beyond, number(step.exponent), step.rounding or WHOLE_POINTS)


def looked_up(step, values, weights):
    """The points of the best threshold that the figure reaches; 0 where it reaches none."""
    reached = [(threshold, given) for threshold, given in step.table
               if (points(threshold) <= values[0] if step.better == "high" else values[0] <= points(threshold))]
    if not reached:
        return Fraction(0)
    return points((max if step.better == "high" else min)(reached)[1])


def count(step, values, weights):
    """How many are there; with bounds, how many of them lie within."""
    return Fraction(sum(value is not None and (step.low is None or points(step.low) <= value)
                        and (step.high is None or value <= points(step.high)) for value in values))


def whether_taken(step, values, weights):
    return Fraction(None not in values)
