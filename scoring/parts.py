"""Reading one part: from an entry's sheets or imported figure to an exact (numerator, count) over a fixed base."""

from fractions import Fraction
from operator import itemgetter
from typing import NamedTuple

from .marks import sheet_total
from .numbers import UNIT, WHOLE, formatter
from .panels import combiner, uses

EXCUSED = ("recused", "absent")
UNTOUCHED = ("missing", *EXCUSED)


class _NotTaken:
    """What `read` answers for a part that need not be taken and was not: neither a figure nor a gap."""

    def __bool__(self):
        return False

    def __repr__(self):
        return "NOT_TAKEN"


NOT_TAKEN = _NotTaken()


class JudgeResult(NamedTuple):
    """One judge in one part; marks is ((leaf, units, use), …) where trimming works per criterion."""

    judge: int
    total: int | None
    use: str
    text: str
    marks: tuple = ()


class PartReader:
    """A part made ready for many entries: `read(entry)` is (numerator, count) over `base`, None when incomplete, or
    NOT_TAKEN where the part is not required and the entry has no mark at all in it. `prepare(entries)` comes first.
    """

    def __init__(self, scheme, part):
        self.part, self.code = part, part.code
        self.rounding = part.rounding or part.panel.rounding or scheme.rounding
        self.combine = combiner(part.panel)
        self.apart = part.panel.chief == "apart"
        self.by_criterion = part.panel.level == "criterion"
        self.judged = part.kind == "judged"
        self.multiple = Fraction(part.multiple)
        self.base, self.raw = self._base()
        self.text = formatter(part.denominator if part.criteria else UNIT, scheme.rounding.places)
        self._shown = {}
        reader = self._read_figure
        if self.judged:
            reader = self._read_criteria if self.by_criterion else self._totals_reader()
        if part.factor or self.multiple != 1:
            reader = self._multiplied(reader)
        reader = self._rounded(reader) if part.rounding else reader
        self.read = reader if part.required else self._optional(reader)

    def prepare(self, entries):
        """Whatever needs the whole field (all entries of the facts) before any of them is read."""

    def _base(self):
        """The denominator of what `read` returns, and the one before the part's own rounding."""
        part, rounding = self.part, self.part.panel.rounding
        if not self.judged:
            raw = part.denominator if part.criteria else UNIT
        elif rounding is None or self.by_criterion:
            raw = part.denominator
        else:
            raw = rounding.scale
        raw *= self.multiple.denominator * (UNIT if part.factor else 1)
        return (part.rounding.scale if part.rounding else raw), raw

    def shown(self, numerator, count):
        """A score that `read` returned, as text."""
        texts = self._shown.get(count)
        if texts is None:
            texts = self._shown[count] = formatter(count * self.base, self.rounding.places, self.rounding.mode)
        return texts(numerator)

    def totals(self, entry):
        """The submitted totals that count in the panel, or None while any judge's sheet is missing."""
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

    def sheets(self, entry):
        """The submitted sheets that count in the panel."""
        return [sheet for sheet in entry.sheets.get(self.code, ())
                if sheet.state == "submitted" and not (self.apart and sheet.chief)]

    def _totals_reader(self):
        """The common way, as a closure: it runs once per entry of every page."""
        totals_of, combine, rounding = self.totals, self.combine, self.part.panel.rounding

        def read(entry):
            totals = totals_of(entry)
            return combine(totals) if totals else None

        def read_rounded(entry):
            found = read(entry)
            return found and (rounding.round(found[0], found[1] * self.part.denominator), 1)
        return read_rounded if rounding else read

    def _read_criteria(self, entry):
        if not self.totals(entry):
            return None
        sheets = [dict(sheet.marks or ()) for sheet in self.sheets(entry)]
        whole, count, rounding = 0, 1, self.part.panel.rounding
        for code, factor in self.part.factors.items():
            marks = [sheet.get(code) for sheet in sheets]
            if None in marks:
                return None
            found = self.combine(marks)
            if found is None:
                return None
            if rounding:
                whole += factor * rounding.round(found[0], found[1] * UNIT) * (UNIT // rounding.scale)
            else:
                whole, count = whole + factor * found[0], found[1]
        return whole, count

    def _read_figure(self, entry):
        units = entry.figures.get(self.code)
        if units is None:
            return None
        if not self.part.criteria:
            return units, 1
        return units * self.part.factors[self.part.leaves[0].code], 1

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

    def judges(self, entry):
        """Every sheet of the entry with what became of it, in the order of the judges."""
        if self.by_criterion:
            return self._judges_by_criterion(entry)
        judges, text, apart, new = [], self.text, self.apart, tuple.__new__
        sheets = self._ordered(entry)
        totals = [total for _, state, total, _, _ in sheets if state == "submitted" and total is not None]
        if len(totals) == len(sheets) and not apart:  # the common case, and thousands of sheets on one page
            return tuple([new(JudgeResult, (sheet[0], sheet[2], use, text(sheet[2]), ()))
                          for sheet, use in zip(sheets, uses(self.part.panel, totals))])
        for sheet in sheets:
            judge, state, total, marks, chief = sheet
            if state == "submitted" and total is not None and not apart:
                use = "used"
            else:
                total, use = self._use(sheet)
            judges.append((judge, total, use, "" if total is None else text(total), ()))
        found = self._found([judge[2] for judge in judges], [judge[1] for judge in judges if judge[2] == "used"])
        if len(found) == len(judges):
            return tuple([new(JudgeResult, (judge, total, use, shown, marks))
                          for (judge, total, _, shown, marks), use in zip(judges, found)])
        waiting = iter(found)
        return tuple([JudgeResult(judge, total, next(waiting) if use == "used" else use, shown)
                      for judge, total, use, shown, _ in judges])

    def _found(self, states, values):
        """Which values are dropped is only known when no sheet is missing."""
        return ["used"] * len(values) if "missing" in states else uses(self.part.panel, values)

    def _ordered(self, entry):
        return sorted(entry.sheets.get(self.code, ()), key=itemgetter(0))

    def total(self, sheet):
        return sheet.total if sheet.total is not None else sheet_total(self.part, sheet.marks or ())

    def _use(self, sheet):
        """(total, use) of a sheet before any trimming."""
        judge, state, total, marks, chief = sheet
        if state != "submitted":
            return None, (state if state in EXCUSED else "missing")
        if total is None:
            total = sheet_total(self.part, marks or ())
        if total is None:
            return None, "missing"
        return total, ("chief" if chief and self.apart else "used")

    def _judges_by_criterion(self, entry):
        sheets = [(sheet, *self._use(sheet)) for sheet in self._ordered(entry)]
        given = {sheet.judge: dict(sheet.marks or ()) for sheet, total, use in sheets if use == "used"}
        states = [use for sheet, total, use in sheets]
        by_leaf = {leaf.code: self._uses_of(leaf.code, given, states) for leaf in self.part.leaves}
        found = []
        for sheet, total, use in sheets:
            marks = tuple((code, units, by_leaf[code][sheet.judge])
                          for code, units in given.get(sheet.judge, {}).items() if code in by_leaf)
            found.append(JudgeResult(sheet.judge, total, use, "" if total is None else self.text(total), marks))
        return tuple(found)

    def _uses_of(self, code, given, states):
        """For one leaf, what became of each judge's mark."""
        judges = [judge for judge in given if code in given[judge]]
        return dict(zip(judges, self._found(states, [given[judge][code] for judge in judges])))


def weighted(terms):
    """The sum of weight% × figure over (numerator, denominator, weight) terms, as one exact quotient."""
    top, bottom = 0, 1
    for numerator, denominator, weight in terms:
        top, bottom = top * denominator * WHOLE + numerator * weight * bottom, bottom * denominator * WHOLE
    return top, bottom
