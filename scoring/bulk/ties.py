"""The tie chain on columns: every rule parts the tied groups it can part, groups of one leave the chain."""

from fractions import Fraction

import numpy as np

from ..numbers import UNIT, WHOLE
from ..ranking.chain import direction
from ..steps.references import kind_of, leaf_or_node
from . import ranks, reading
from .exact import add_up
from .reading import PLAIN, Scores, both, one

RULES = ("part", "criterion", "criterion_mean", "untrimmed_mean", "highest_judge", "lowest_judge", "fewer_penalties",
         "exact_score", "figure_high", "figure_low", "shared", "decision")


def broken(tally, rows, places):
    """(places, open) of the tied entries `rows`, whose places so far are `places`, when the chain has been through:
    open where it ended without saying that places may be shared (or they never may).
    """
    places, left, undecided = places.copy(), np.arange(len(rows)), np.zeros(len(rows), bool)
    for tie in tally.scheme.ties:
        if not len(left) or (tie.code == "shared" and tally.scheme.ranking != "ordinal"):
            return places, undecided
        if tie.code in ("shared", "decision"):
            break
        read = _figure(tally, tie, rows[left])
        keys = reading.over_one(read)
        if read.complete is not None and not read.complete.all():
            keys = np.where(_passed(places[left], read.complete), 0, keys)
        places[left] = ranks.parted(places[left], keys, direction(tally.scheme, tie))
        left = left[ranks.sizes(places[left]) > 1]
    return _decided(tally, rows, places, left, undecided)


def _passed(places, complete):
    """Whether the rule is passed over for the entry's group, because a figure of one of its members is missing."""
    gaps = np.zeros(int(places.max()) + 1, bool)
    gaps[places[~complete]] = True
    return gaps[places]


def _decided(tally, rows, places, left, undecided):
    """Recorded decisions part the groups they name completely; the other groups stay open."""
    undecided[left] = True
    order, ids = {}, tally.columns.ids
    for decision in tally.columns.decisions:
        for place, entry in enumerate(decision.entries):
            order.setdefault(entry, {})[id(decision)] = place
    if not order or ids is None:
        return places, undecided
    named = left[np.isin(ids[rows[left]], list(order))]
    for place in np.unique(places[named]):
        members = left[places[left] == place]
        entries = [int(entry) for entry in ids[rows[members]]]
        fitting = [decision for decision in tally.columns.decisions if set(entries) <= set(decision.entries)]
        if fitting:
            latest = max(reversed(fitting), key=lambda found: found.recorded_at)
            at = [order[entry][id(latest)] for entry in entries]
            places[members] = place + np.argsort(np.argsort(at))
            undecided[members] = False
    return places, undecided


def _figure(tally, tie, rows) -> Scores:
    columns, code, argument = tally.columns, tie.code, tie.argument
    if code == "exact_score":
        return Scores(tally.exact[rows], 1, tally.denominator)
    if code == "fewer_penalties":
        found = columns.penalties
        return Scores(np.zeros(len(rows), np.int64) if found is None else found[rows], 1, UNIT)
    if code.startswith("criterion"):
        part, node = leaf_or_node(tally.scheme, argument)
        return reading.criterion(part, node, columns.parts[part.code], part.panel if code == "criterion" else PLAIN, rows)
    if code.startswith("figure") and kind_of(tally.scheme, argument) == "figure":
        found = columns.figures.get(argument)
        if found is None:
            return Scores(np.zeros(len(rows), np.int64), 1, UNIT, np.zeros(len(rows), bool))
        return Scores(one(found.values, rows), 1, UNIT, one(found.given, rows))
    if code == "part" or code.startswith("figure"):
        return reading.score(tally.scheme, tally.scheme.part(argument), columns, rows)
    return _of_judges(tally, code, argument, rows)


def _of_judges(tally, code, argument, rows):
    """A figure of all judges of one part, or of all parts put together by their weights."""
    parts = [part for part in tally.scheme.parts if part.code == argument or not argument]
    found = [_of_part(tally, code, part, rows) for part in parts]
    if len(found) == 1:
        return found[0]
    top, bottom = add_up([(*read[:3], Fraction(part.weight, WHOLE)) for part, read in zip(parts, found)])
    complete = None
    for read in found:
        complete = both(complete, read.complete)
    return Scores(top, 1, bottom, complete)


def _of_part(tally, code, part, rows):
    sheets = tally.columns.parts[part.code]
    if part.kind != "judged":
        return reading.score(tally.scheme, part, tally.columns, rows)
    if code == "untrimmed_mean":
        return reading.of_totals(part, sheets, PLAIN, rows)
    return reading.extreme(part, sheets, code == "highest_judge", rows)
