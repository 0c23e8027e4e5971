"""The figures that tie rules compare: function(run, entry, argument) is (numerator, denominator), or None where there is none."""

from ..numbers import UNIT
from ..parts.reader import weighted
from ..steps.references import criterion_score, criterion_values, leaf_or_node


def over_parts(run, entry, argument, figure):
    """The figure of one part, or of all parts put together by their weights."""
    if argument:
        return figure(run.reader(argument), entry)
    if len(run.readers) == 1:
        return figure(run.readers[0], entry)
    found = [figure(reader, entry) for reader in run.readers]
    if None in found:
        return None
    return weighted((top, bottom, reader.part.weight) for (top, bottom), reader in zip(found, run.readers))


def of_totals(reader, entry, choose):
    """choose(totals) -> (sum, count) over a judged part's counting sheets; an imported figure stands as it is."""
    if not reader.judged:
        found = reader.read(entry)
        return (found[0], found[1] * reader.base) if found else None
    totals, bottom = reader.worths(entry)
    if not totals:
        return None
    top, count = choose(totals)
    return top, count * bottom


def untrimmed(run, entry, argument):
    return over_parts(run, entry, argument, lambda reader, fact: of_totals(reader, fact, lambda t: (sum(t), len(t))))


def highest(run, entry, argument):
    return over_parts(run, entry, argument, lambda reader, fact: of_totals(reader, fact, lambda t: (max(t), 1)))


def lowest(run, entry, argument):
    return over_parts(run, entry, argument, lambda reader, fact: of_totals(reader, fact, lambda t: (min(t), 1)))


def chief(run, entry, argument):
    def figure(reader, fact):
        if not reader.judged:
            return of_totals(reader, fact, None)
        totals = [reader.total(sheet) for sheet in fact.sheets.get(reader.code, ())
                  if sheet.chief and sheet.state == "submitted"]
        if not totals or None in totals:
            return None
        return sum(totals), len(totals) * reader.part.denominator
    return over_parts(run, entry, argument, figure)


def part(run, entry, argument):
    reader = run.reader(argument)
    found = reader.read(entry)
    return (found[0], found[1] * reader.base) if found else None


def criterion(run, entry, argument):
    part, criterion = run.once(leaf_or_node, run.scheme, argument)
    return criterion_score(run.reader(part.code), criterion, entry)


def criterion_mean(run, entry, argument):
    part, criterion = run.once(leaf_or_node, run.scheme, argument)
    values, bottom = criterion_values(run.reader(part.code), criterion, entry)
    return (sum(values), len(values) * bottom) if values else None


def penalty(run, entry, argument):
    return sum(taken.units for taken in entry.penalties), UNIT


def exact(run, entry, argument):
    return run.exact_of(entry)


def any_figure(run, entry, argument):
    return run.figures.at(argument, run.index_of[entry.entry])
