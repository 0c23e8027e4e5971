"""Figures by their codes: a part, a step, part/criterion, or an imported figure, each for all judged entries at once."""

from fractions import Fraction

from .numbers import UNIT
from .steps import evaluate


def leaf_or_node(scheme, argument):
    """(part, criterion) of "part/criterion", or of a bare criterion code that only one part has."""
    code, slash, name = argument.partition("/")
    if slash:
        part = scheme.part(code)
        found = part and part.criterion(name)
        return (part, found) if found else None
    pairs = [(part, part.criterion(argument)) for part in scheme.parts if part.criterion(argument)]
    return pairs[0] if len(pairs) == 1 else None


def kind_of(scheme, reference: str) -> str:
    """step, part, criterion, or figure: any other code is that of an imported figure. Steps come first, then parts."""
    if scheme.step(reference):
        return "step"
    if scheme.part(reference):
        return "part"
    return "criterion" if "/" in reference else "figure"


def name_of(scheme, reference: str) -> str:
    """What people call the figure."""
    kind = kind_of(scheme, reference)
    if kind == "criterion":
        found = leaf_or_node(scheme, reference)
        return found[1].name if found else reference
    own = {"step": scheme.step, "part": scheme.part}.get(kind)
    return own(reference).name if own else reference


def needed_by(step) -> tuple[str, ...]:
    """Every reference that has to be worked out before the step."""
    return step.of + tuple(tie.argument for tie in step.ties if tie.argument)


def in_order(steps) -> tuple[list, list]:
    """(steps in the order of their dependencies, those that wait for each other in a circle)."""
    codes, done, found, waiting = {step.code for step in steps}, set(), [], list(steps)
    while waiting:
        ready = [step for step in waiting if all(code in done or code not in codes for code in needed_by(step))]
        if not ready:
            return found, waiting
        found += ready
        done.update(step.code for step in ready)
        waiting = [step for step in waiting if step not in ready]
    return found, []


def references(scheme) -> tuple[str, ...]:
    """Every figure that the scheme's steps, total, key and class name, once each."""
    named = [code for step in scheme.steps for code in needed_by(step)]
    named += [code for code in (scheme.total, scheme.key, scheme.class_by) if code]
    return tuple(dict.fromkeys(named))


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


def criterion_values(reader, criterion, entry):
    """(each counting judge's value for the criterion, its denominator): a leaf's mark, or a node's share of the sheet.

    The values are None where a sheet lacks the mark.
    """
    part, values = reader.part, []
    codes = [leaf.code for leaf in criterion.leaves()]
    for sheet in reader.sheets(entry):
        marks = dict(sheet.marks or ())
        if any(marks.get(code) is None for code in codes):
            return None, 1
        values.append(marks[codes[0]] if criterion.is_leaf else sum(part.factors[code] * marks[code] for code in codes))
    return values, UNIT if criterion.is_leaf else part.denominator


def criterion_score(reader, criterion, entry):
    """The criterion by the panel's own rule, as (numerator, denominator), or None."""
    values, bottom = criterion_values(reader, criterion, entry)
    found = reader.combine(values) if values else None
    return found and (found[0], found[1] * bottom)

