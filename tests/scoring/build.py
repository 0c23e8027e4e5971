"""Short ways to build schemes and facts; points are written as text so that no float slips in."""

from scoring import UNIT, Criterion, EntryFact, Facts, Panel, Part, Scheme, SheetFact, parse_points, sheet_total


def pts(text):
    """'85.5' -> units."""
    return parse_points(str(text))


def leaf(code, weight, maximum=100, **more):
    return Criterion(code, more.pop("name", code), weight * UNIT, pts(maximum), step=more.pop("step", UNIT // 100), **more)


def roadshow(panel=Panel("mean"), criteria=None, **more):
    return Part("roadshow", "现场路演", criteria=criteria or (leaf("all", 100, name="综合"),), panel=panel, **more)


def sheets(part, *totals):
    """One sheet per judge 1, 2, …: a text is a submitted total in points, any other word a state."""
    states = ("missing", "draft", "returned", "recused", "absent")
    return tuple(SheetFact(judge, total) if total in states
                 else SheetFact(judge, "submitted", pts(total) * part.denominator // UNIT)
                 for judge, total in enumerate(totals, 1))


def marked(part, *given, **more):
    """One submitted sheet per judge from dicts of marks in points."""
    found = []
    for judge, marks in enumerate(given, 1):
        pairs = tuple((code, pts(text)) for code, text in marks.items())
        found.append(SheetFact(judge, "submitted", sheet_total(part, pairs), pairs))
    return tuple(found)


def entry(number, part, *totals, **more):
    """Entry number is also its id."""
    return EntryFact(int(number), str(number), sheets={part.code: sheets(part, *totals)}, **more)


def field(*entries, **more):
    return Facts(entries, {judge: f"评委{judge}" for judge in range(1, 10)}, **more)


def plain(*parts, **more):
    return Scheme(parts, **more)


def places(outcome):
    return {standing.number: standing.place for standing in outcome.standings}
