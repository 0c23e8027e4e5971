"""Figures by their codes: a part, a step, part/criterion, or an imported figure, each for all judged entries at once."""

from fractions import Fraction

from ..numbers import UNIT, format_exact
from .catalogue import evaluate, text_of
from .references import criterion_score, in_order, kind_of, leaf_or_node, references


class Figures:
    """`of(reference)` is {index: Fraction, or None where the entry has no such figure} over the run's judged entries."""

    def __init__(self, run):
        self.run, self.found = run, {}
        ordered, circle = in_order(run.scheme.steps)
        if circle:
            raise ValueError("steps wait for each other: " + ", ".join(step.code for step in circle))
        unknown = [code for code in references(run.scheme)
                   if kind_of(run.scheme, code) == "criterion" and not leaf_or_node(run.scheme, code)]
        if unknown:
            raise ValueError("no such criterion: " + ", ".join(unknown))
        self.ordered = ordered

    def of(self, reference):
        if reference not in self.found:
            work = {"step": self._step, "part": self._part, "criterion": self._criterion, "figure": self._imported}
            self.found[reference] = work[kind_of(self.run.scheme, reference)](reference)
        return self.found[reference]

    def at(self, reference, index):
        """One entry's figure as (numerator, denominator), or None."""
        found = self.of(reference).get(index)
        return None if found is None else found.as_integer_ratio()

    def _step(self, code):
        return evaluate(self.run, self.run.scheme.step(code))

    def _part(self, code):
        reader, at = self.run.reader(code), [reader.code for reader in self.run.readers].index(code)
        found = {}
        for index, results in self.run.results.items():
            result = results[at] if results is not None else reader.read(self.run.entries[index])
            found[index] = Fraction(result[0], result[1] * reader.base) if result else None
        return found

    def _criterion(self, reference):
        part, criterion = leaf_or_node(self.run.scheme, reference)
        reader, entries = self.run.reader(part.code), self.run.entries
        found = {index: criterion_score(reader, criterion, entries[index]) for index in self.run.results}
        return {index: result and Fraction(*result) for index, result in found.items()}

    def _imported(self, code):
        given = {index: self.run.entries[index].figures.get(code) for index in self.run.results}
        return {index: None if units is None else Fraction(units, UNIT) for index, units in given.items()}


def shown(run, reference, value, most=4) -> str:
    """A figure as text, in the way its own rule writes it."""
    if value is None:
        return "无"
    pair, scheme = value.as_integer_ratio(), run.scheme
    kind = kind_of(scheme, reference)
    if kind == "step":
        return text_of(scheme.step(reference), pair, most)
    if kind == "part":
        return run.reader(reference).rounding.text(*pair)
    return format_exact(*pair, 2 if kind == "criterion" else 0, most)
