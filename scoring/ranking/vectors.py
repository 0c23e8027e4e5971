"""Tie rules that compare several figures one after another: count-back, the last one first, better places, parts in order."""

from fractions import Fraction
from typing import NamedTuple

from ..rules import Step
from ..steps.catalogue import counting, filled, inputs
from ..steps.field import seats
from ..steps.references import name_of
from .directions import better_of, inputs_of, used_as


class Element(NamedTuple):
    """One figure of a vector; value None: there is none, which is worse than any."""

    label: str
    value: Fraction | None
    better: str

    @property
    def worth(self):
        """Less is better."""
        if self.value is None:
            return 1, 0
        return 0, self.value if self.better == "low" else -self.value


class Vector(tuple):
    """Elements to be compared in order; with `places`, the elements are places and people compare how many of each."""

    places = False

    @property
    def worth(self):
        return tuple(element.worth for element in self)


class Places(Vector):
    places = True


def _step(run, argument):
    return run.scheme.step(argument or run.scheme.total)


def _values(run, entry, argument):
    """(references, filled values, better, step): what the named step, the total, or without one the parts take."""
    index, step = run.index_of[entry.entry], _step(run, argument)
    if step is None:
        codes = [argument] if argument else [part.code for part in run.scheme.parts]
        return codes, [run.figures.of(code).get(index) for code in codes], used_as(run.scheme, codes[0]), None
    given = inputs(run, step, index)
    values = filled(step, given, run.competing + 1)
    return list(step.of), given if values is None else values, inputs_of(run.scheme, step), step


def _ordered(values, better, length):
    found = sorted((value for value in values if value is not None), reverse=better == "high")
    labels = ("最好", "次好", *(f"第 {at} 好" for at in range(3, length + 1)))
    return Vector(Element(label, value, better) for label, value in zip(labels, found + [None] * (length - len(found))))


def best_values(run, entry, argument):
    codes, values, better, _ = _values(run, entry, argument)
    return _ordered(values, better, len(codes))


def counting_values(run, entry, argument):
    codes, values, better, step = _values(run, entry, argument)
    return _ordered([values[at] for at in counting(step, values)] if step else values, better, len(codes))


def last_first(run, entry, argument):
    codes, values, better, _ = _values(run, entry, argument)
    return Vector(Element(name_of(run.scheme, code), value, better) for code, value in reversed(list(zip(codes, values))))


def parts_in_order(run, entry, argument):
    index, scheme = run.index_of[entry.entry], run.scheme
    return Vector(Element(part.name, run.figures.of(part.code).get(index), run.once(better_of, scheme, part.code))
                  for part in scheme.parts)


def better_places(run, entry, argument):
    """Places of the entry, the best first: the same as counting first places, then second ones, and so on.

    Inputs of which less is better are places themselves; others are ranked over the field first.
    """
    codes, values, better, _ = _values(run, entry, argument)
    if better == "low":
        found = values
    else:
        index = run.index_of[entry.entry]
        held = [run.once(_seats, run, (code, better)).get(index) for code in codes]
        found = [None if seat is None else Fraction(seat.first) for seat in held]
    return Places(_ordered(found, "low", len(codes)))


def wins(run, entry, argument):
    """The step's inputs in their order, for `head_to_head`."""
    codes, values, better, _ = _values(run, entry, argument)
    return Vector(Element(code, value, better) for code, value in zip(codes, values))


def head_to_head(vectors):
    """{member: (how often one of its figures beats the same figure of another member, 1)} among the tied."""
    worths = {member: vector.worth for member, vector in vectors.items()}
    return {member: (sum(one < two for other, theirs in worths.items() if other != member for one, two in zip(own, theirs)), 1)
            for member, own in worths.items()}


def _seats(run, wanted):
    code, better = wanted
    figures = {index: value for index, value in run.figures.of(code).items() if value is not None}
    return seats(run, Step("", "", "rank", (code,), better=better), figures)
