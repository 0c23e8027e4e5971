"""What became of each judge's sheet: counted, dropped, clamped, replaced; and the steps from its total to what it counted for."""

from operator import itemgetter
from typing import NamedTuple

from ..numbers import UNIT, format_exact, format_ratio
from .marks import sheet_total
from .panels import clamped_to, uses
from .values import EXCUSED, team_marks


class JudgeResult(NamedTuple):
    """One judge in one part; marks is ((leaf, units, use), …) where the panel works per criterion.

    steps: ((what, text), …), what the total became on its way: "rounded", "standard" (score), "replaced" (by a re-review),
    "place", "clamped"; empty where the sheet's total is what counts.
    """

    judge: int
    total: int | None
    use: str
    text: str
    marks: tuple = ()
    steps: tuple = ()


# Uses of a sheet that has a part in the score.
COUNTED = ("used", "replaced", "clamped")


def judge_results(reader, entry) -> tuple[JudgeResult, ...]:
    """Every sheet of the entry with what became of it, in the order of the judges."""
    if reader.by_criterion:
        return _by_criterion(reader, entry)
    if reader.special or entry.replacements or reader.part.panel.rule == "clamped_mean":
        return _step_by_step(reader, entry)
    return _by_total(reader, entry)


def _by_total(reader, entry):
    judges, text, apart, new = [], reader.text, reader.apart, tuple.__new__
    sheets, panel, over = _ordered(reader, entry), reader.part.panel, reader.values.base
    totals = [total for _, state, total, _, _ in sheets if state == "submitted" and total is not None]
    if len(totals) == len(sheets) and not apart:  # the common case, and thousands of sheets on one page
        return tuple([new(JudgeResult, (sheet[0], sheet[2], use, text(sheet[2]), (), ()))
                      for sheet, use in zip(sheets, uses(panel, totals, over))])
    for sheet in sheets:
        judge, state, total, marks, chief = sheet
        if state == "submitted" and total is not None and not apart:
            use = "used"
        else:
            total, use = _use(reader, sheet)
        judges.append((judge, total, use, "" if total is None else text(total), (), ()))
    found = _found(reader, [judge[2] for judge in judges], [judge[1] for judge in judges if judge[2] == "used"], over)
    if len(found) == len(judges):
        return tuple([new(JudgeResult, (judge, total, use, shown, marks, steps))
                      for (judge, total, _, shown, marks, steps), use in zip(judges, found)])
    waiting = iter(found)
    return tuple([JudgeResult(judge, total, next(waiting) if use == "used" else use, shown)
                  for judge, total, use, shown, _, _ in judges])


def _found(reader, states, values, over):
    """Which values are dropped is only known when no sheet is missing."""
    return ["used"] * len(values) if "missing" in states else uses(reader.part.panel, values, over)


def _ordered(reader, entry):
    return sorted(entry.sheets.get(reader.code, ()), key=itemgetter(0))


def _use(reader, sheet, team=None):
    """(total, use) of a sheet before any trimming."""
    judge, state, total, marks, chief = sheet
    if state != "submitted":
        return None, (state if state in EXCUSED else "missing")
    if team is not None:
        total = sheet_total(reader.part, {**dict(marks or ()), **team})
    elif total is None:
        total = sheet_total(reader.part, marks or ())
    if total is None:
        return None, "missing"
    return total, ("chief" if chief and reader.apart else "used")


def _judges(reader, entry):
    """(sheet, total, use) of every sheet before the panel's rule, with the marks that are the team's put in."""
    sheets = _ordered(reader, entry)
    team = team_marks(reader.part, sheets) if reader.part.team else None
    return [(sheet, *_use(reader, sheet, team)) for sheet in sheets], team or {}


def _step_by_step(reader, entry):
    values, worked = reader.values, {}
    found = values.values(entry) or []
    counted = values.counted(found)
    for value, use in zip(found, uses(reader.part.panel, counted, values.base)):
        worked[value.judge] = "replaced" if value.replaced and use == "used" else use, _steps(reader, value, use, counted)
    judges = []
    for sheet, total, use in _judges(reader, entry)[0]:
        use, steps = worked.get(sheet.judge, (use, ())) if use == "used" else (use, ())
        judges.append(JudgeResult(sheet.judge, total, use, "" if total is None else reader.text(total), (), steps))
    return tuple(judges)


def _steps(reader, value, use, counted):
    values, panel, steps = reader.values, reader.part.panel, []
    if values.judge_rounding:
        steps.append(("rounded", values.judge_rounding.format(values.staged(value.raw))))
    if values.standard:
        places = min(values.standard.rounding.places, max(reader.rounding.places, 2))
        steps.append(("standard", format_ratio(values.worth(value.judge, value.raw), values.over, places)))
    if value.replaced:
        steps.append(("replaced", format_exact(value.worth, values.over, reader.rounding.places, 4)))
    if values.placed and not values.direct:
        steps.append(("place", format_exact(value.place, UNIT, 0, 1)))
    if use == "clamped":
        low, high = clamped_to(panel, counted, values.base)
        limit = low if value.worth * len(counted) < low[0] else high
        steps.append(("clamped", format_ratio(*limit, max(reader.rounding.places, 2))))
    return tuple(steps)


def _by_criterion(reader, entry):
    sheets, team = _judges(reader, entry)
    given = {sheet.judge: {**dict(sheet.marks or ()), **team} for sheet, total, use in sheets if use == "used"}
    states = [use for sheet, total, use in sheets]
    by_leaf = {leaf.code: _uses_of(reader, leaf.code, given, states, entry) for leaf in reader.part.leaves}
    found = []
    for sheet, total, use in sheets:
        marks = tuple((code, units, by_leaf[code].get(sheet.judge, "used"))
                      for code, units in given.get(sheet.judge, {}).items() if code in by_leaf)
        found.append(JudgeResult(sheet.judge, total, use, "" if total is None else reader.text(total), marks))
    return tuple(found)


def _uses_of(reader, code, given, states, entry):
    """For one leaf, what became of each judge's mark."""
    if code in reader.part.team:
        return {}
    values = reader.by_leaf[code]
    if reader.special or entry.replacements:
        found = values.values(entry) or []
        named = uses(reader.part.panel, values.counted(found), values.base)
        return {value.judge: "replaced" if value.replaced and use == "used" else use for value, use in zip(found, named)}
    judges = [judge for judge in given if code in given[judge]]
    return dict(zip(judges, _found(reader, states, [given[judge][code] for judge in judges], UNIT)))
