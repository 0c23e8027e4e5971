"""Reading one part: from an entry's sheets or imported figure to an exact (numerator, count) over a fixed base."""

from operator import itemgetter
from typing import NamedTuple

from .marks import sheet_total
from .numbers import UNIT, formatter
from .panels import combiner, uses

EXCUSED = ('recused', 'absent')


class JudgeResult(NamedTuple):
    """One judge in one part; marks is ((leaf, units, use), …) where trimming works per criterion."""

    judge: int
    total: int | None
    use: str
    text: str
    marks: tuple = ()


class PartReader:
    """A part made ready for many entries: `read(entry)` is (numerator, count) over `base`, or None when incomplete."""

    def __init__(self, scheme, part):
        self.part, self.code = part, part.code
        self.rounding = part.rounding or part.panel.rounding or scheme.rounding
        self.combine = combiner(part.panel)
        self.apart = part.panel.chief == 'apart'
        self.by_criterion = part.panel.level == 'criterion'
        self.judged = part.kind == 'judged'
        self.base, raw = self._base()
        self.raw = raw
        self.text = formatter(part.denominator if part.criteria else UNIT, scheme.rounding.places)
        reader = self._read_figure
        if self.judged:
            reader = self._read_criteria if self.by_criterion else self._read_totals
        self.read = self._rounded(reader) if part.rounding else reader

    def _base(self):
        """The denominator of what `read` returns, and the one before the part's own rounding."""
        part, rounding = self.part, self.part.panel.rounding
        if not self.judged:
            raw = part.denominator if part.criteria else UNIT
        elif rounding is None or self.by_criterion:
            raw = part.denominator
        else:
            raw = rounding.scale
        return (part.rounding.scale if part.rounding else raw), raw

    def totals(self, entry):
        """The submitted totals that count in the panel, or None while any judge's sheet is missing."""
        found, apart, part = [], self.apart, self.part
        for sheet in entry.sheets.get(self.code, ()):
            state = sheet.state
            if apart and sheet.chief:
                continue
            if state == 'submitted':
                total = sheet.total
                if total is None:
                    total = sheet_total(part, sheet.marks or ())
                    if total is None:
                        return None
                found.append(total)
            elif state not in EXCUSED:
                return None
        return found

    def sheets(self, entry):
        """The submitted sheets that count in the panel."""
        return [sheet for sheet in entry.sheets.get(self.code, ())
                if sheet.state == 'submitted' and not (self.apart and sheet.chief)]

    def _read_totals(self, entry):
        totals = self.totals(entry)
        if not totals:
            return None
        found = self.combine(totals)
        rounding = self.part.panel.rounding
        if found is None or rounding is None:
            return found
        return rounding.round(found[0], found[1] * self.part.denominator), 1

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

    def judges(self, entry):
        """Every sheet of the entry with what became of it, in the order of the judges."""
        counted = [(sheet.judge, self.total(sheet)) for sheet in self.sheets(entry)]
        counted = [(judge, total) for judge, total in counted if total is not None]
        if self.by_criterion:
            return self._judges_by_criterion(entry, {judge for judge, total in counted})
        found = uses(self.part.panel, counted)
        return tuple(self._judge(sheet, found) for sheet in self._ordered(entry))

    def _ordered(self, entry):
        return sorted(entry.sheets.get(self.code, ()), key=itemgetter(0))

    def total(self, sheet):
        return sheet.total if sheet.total is not None else sheet_total(self.part, sheet.marks or ())

    def _judge(self, sheet, found, marks=()):
        total = self.total(sheet) if sheet.state == 'submitted' else None
        if sheet.state in EXCUSED:
            use = sheet.state
        elif total is None:
            use = 'missing'
        else:
            use = 'chief' if self.apart and sheet.chief else found.get(sheet.judge, 'used')
        return JudgeResult(sheet.judge, total, use, '' if total is None else self.text(total), marks)

    def _judges_by_criterion(self, entry, counted):
        kept = {sheet.judge: dict(sheet.marks or ()) for sheet in self.sheets(entry) if sheet.judge in counted}
        by_leaf = {leaf.code: uses(self.part.panel, [(judge, marks[leaf.code]) for judge, marks in kept.items()
                                                     if leaf.code in marks]) for leaf in self.part.leaves}
        found = []
        for sheet in self._ordered(entry):
            marks = tuple((code, units, by_leaf[code].get(sheet.judge, 'used'))
                          for code, units in (sheet.marks or ()) if code in by_leaf and sheet.judge in kept)
            found.append(self._judge(sheet, {}, marks))
        return tuple(found)
