"""Reading one part: from an entry's sheets or imported figure to an exact (numerator, count) over a fixed base."""

from fractions import Fraction
from math import lcm

from ..numbers import UNIT, WHOLE, format_exact, formatter
from .marks import capped_sum, sheet_total
from .panels import SUMS, combiner
from .sheets import JudgeResult, judge_results  # noqa: F401  (JudgeResult is asked for here)
from .values import EXCUSED, Values

UNTOUCHED = ("missing", *EXCUSED)


class _NotTaken:
    """What `read` answers for a part that need not be taken and was not: neither a figure nor a gap."""

    def __bool__(self):
        return False

    def __repr__(self):
        return "NOT_TAKEN"


NOT_TAKEN = _NotTaken()


class PartReader:
    """A part made ready for many entries: `read(entry)` is (numerator, count) over `base`, None when incomplete, or
    NOT_TAKEN where the part is not required and the entry has no mark at all in it. `prepare(entries)` comes first.

    `field_wide`: whether one entry's score depends on the marks of others (standard scores, places).
    """

    def __init__(self, scheme, part):
        self.part, self.code = part, part.code
        self.rounding = part.rounding or part.panel.rounding or scheme.rounding
        self.combine = combiner(part.panel, part.denominator if part.criteria else UNIT)
        self.apart = part.panel.chief == "apart"
        self.by_criterion = part.panel.level == "criterion"
        self.judged = part.kind == "judged"
        self.values = Values(part)
        self.by_leaf = {leaf.code: Values(part, leaf) for leaf in part.leaves} if self.by_criterion else {}
        self.field_wide = self.judged and any(values.field_wide for values in self.by_leaf.values() or [self.values])
        self.multiple = Fraction(part.multiple)
        self.base, self.raw = self._base()
        self.text = formatter(part.denominator if part.criteria else UNIT, scheme.rounding.places)
        if part.leaves and all(leaf.kind == "rank" for leaf in part.leaves):
            self.text = lambda total: format_exact(total, part.denominator, 0, 4)
        self.entries, self._of, self._shown = (), {}, {}
        # Whether a judge's value is more than the total of the sheet, or the rule asks who is excused: then values are worked
        # out one by one.
        self.special = bool(self.field_wide or part.team or part.panel.judge_rounding or part.panel.rule in SUMS
                            or self.by_criterion and (not part.plain or part.panel.rule == "outlier_mean"))
        # What the panel makes of the sheets, before multiple, factor and the part's rounding; over `panel_base`.
        self.read_panel = reader = self._reader()
        if part.factor or self.multiple != 1:
            reader = self._multiplied(reader)
        reader = self._rounded(reader) if part.rounding else reader
        self.read = reader if part.required else self._optional(reader)

    def prepare(self, entries):
        """Learn what needs the whole field (all entries of the facts) before any of them is read."""
        self.entries, self._of = entries, {}
        if self.field_wide:
            for values in (self.values, *self.by_leaf.values()):
                values.prepare(entries)

    def of(self, criterion) -> Values:
        """The judges' values of one criterion, leaf or node; `read(entry)` of it is the panel's (sum, count) over its `base`."""
        if criterion.code not in self._of:
            values = self._of[criterion.code] = self.by_leaf.get(criterion.code) or Values(self.part, criterion)
            if values.field_wide and criterion.code not in self.by_leaf:
                values.prepare(self.entries)
        return self._of[criterion.code]

    def _base(self):
        """The denominator of what `read` returns, and the one before the part's own rounding."""
        part, rounding = self.part, self.part.panel.rounding
        if not self.judged:
            raw = part.denominator if part.criteria else UNIT
        elif self.by_criterion:
            raw = part.denominator
        else:
            raw = rounding.scale if rounding else self.values.base
        self.panel_base = raw
        raw *= self.multiple.denominator * (UNIT if part.factor else 1)
        return (part.rounding.scale if part.rounding else raw), raw

    def shown(self, numerator, count):
        """A score that `read` returned, as text."""
        if not self.judged and not self.part.criteria and not self.part.rounding:
            # An imported figure is shown as it is: a time of 10.55 s is not 11, however few decimals the total has.
            return format_exact(numerator, count * self.base, self.rounding.places, 4)
        texts = self._shown.get(count)
        if texts is None:
            texts = self._shown[count] = formatter(count * self.base, self.rounding.places, self.rounding.mode)
        return texts(numerator)

    def totals(self, entry):
        """The submitted totals that count in the panel, or None while any judge's sheet is missing."""
        if self.part.team:
            values = self.values.values(entry)
            return values and [value.raw for value in values]
        found, apart = [], self.apart
        for judge, state, total, marks, chief in entry.sheets.get(self.code, ()):
            if apart and chief:
                continue
            if state == "submitted":
                if total is None:
                    total = sheet_total(self.part, marks or ())
                    if total is None:
                        return None
                found.append(total)
            elif state not in EXCUSED:
                return None
        return found

    def worths(self, entry):
        """(what each judge's sheet counts for, its denominator): standard scores, re-reviews and all; None while one is missing."""
        if not self.special and not entry.replacements:
            return self.totals(entry), self.part.denominator
        return self.values.worths(entry), self.values.over

    def sheets(self, entry):
        """The submitted sheets that count in the panel."""
        return [sheet for sheet in entry.sheets.get(self.code, ())
                if sheet.state == "submitted" and not (self.apart and sheet.chief)]

    def _reader(self):
        if not self.judged:
            return self._read_figure
        if self.by_criterion:
            return self._read_special_criteria if self.special else self._read_criteria
        rounding, base = self.part.panel.rounding, self.values.base
        read = self.values.read if self.special else self._totals_reader()

        def read_rounded(entry):
            found = read(entry)
            return found and (rounding.round(found[0], found[1] * base), 1)
        return read_rounded if rounding else read

    def _totals_reader(self):
        """The common way, as a closure: it runs once per entry of every page."""
        totals_of, combine, special = self.totals, self.combine, self.values.read

        def read(entry):
            if entry.replacements:
                return special(entry)
            totals = totals_of(entry)
            return combine(totals) if totals else None
        return read

    def _read_criteria(self, entry):
        if entry.replacements:
            return self._read_special_criteria(entry)
        if not self.totals(entry):
            return None
        sheets = [dict(sheet.marks or ()) for sheet in self.sheets(entry)]
        whole, count, rounding = 0, 1, self.part.panel.rounding  # the count is that of every leaf, as no rule here varies it
        combine = next(iter(self.by_leaf.values())).combine
        for code, factor in self.part.factors.items():
            marks = [sheet.get(code) for sheet in sheets]
            if None in marks:
                return None
            found = combine(marks)
            if found is None:
                return None
            if rounding:
                whole += factor * rounding.round(found[0], found[1] * UNIT) * (UNIT // rounding.scale)
            else:
                whole, count = whole + factor * found[0], found[1]
        return whole, count

    def _read_special_criteria(self, entry):
        """Each leaf by the panel's rule over its judges' values, weighted, with the caps of the tree."""
        found = {code: values.read(entry) for code, values in self.by_leaf.items()}
        if None in found.values():
            return None
        rounding, terms = self.part.panel.rounding, {}
        for code, (top, count) in found.items():
            base = self.by_leaf[code].base
            if rounding:
                top, count, base = rounding.round(top, count * base), 1, rounding.scale
            terms[code] = self.part.factors[code] * top * UNIT, count * base
        common = lcm(*(bottom for top, bottom in terms.values()))
        return capped_sum(self.part, {code: top * (common // bottom) for code, (top, bottom) in terms.items()}, common), common

    def _read_figure(self, entry):
        units = entry.figures.get(self.code)
        if units is None:
            return None
        if not self.part.criteria:
            return units, 1
        total = sheet_total(self.part, {self.part.leaves[0].code: units})
        return None if total is None else (total, 1)

    def _rounded(self, reader):
        rounding = self.part.rounding

        def read(entry):
            found = reader(entry)
            return found and (rounding.round(found[0], found[1] * self.raw), 1)
        return read

    def _multiplied(self, reader):
        """The panel's score times the part's multiple and the entry's own factor, such as a difficulty."""
        factor, times = self.part.factor, self.multiple.numerator

        def read(entry):
            found, by = reader(entry), entry.figures.get(factor) if factor else 1
            return None if by is None else found and (found[0] * times * by, found[1])
        return read

    def _optional(self, reader):
        def read(entry):
            return reader(entry) if self.taken(entry) else NOT_TAKEN
        return read

    def taken(self, entry):
        """Whether the entry has begun the part: any mark, even of a draft; an imported figure."""
        if not self.judged:
            return self.code in entry.figures
        return any(sheet.state not in UNTOUCHED for sheet in entry.sheets.get(self.code, ()))

    def judges(self, entry) -> tuple[JudgeResult, ...]:
        """Every sheet of the entry with what became of it, in the order of the judges."""
        return judge_results(self, entry)

    def total(self, sheet):
        return sheet.total if sheet.total is not None else sheet_total(self.part, sheet.marks or ())


def weighted(terms):
    """The sum of weight% × figure over (numerator, denominator, weight) terms, as one exact quotient."""
    top, bottom = 0, 1
    for numerator, denominator, weight in terms:
        top, bottom = top * denominator * WHOLE + numerator * weight * bottom, bottom * denominator * WHOLE
    return top, bottom
