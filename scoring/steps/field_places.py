"""Places that need the whole field: each judge's ranks, the majority of places, won duels, of entries and of guests.

`worths`: {judge: {entry: worth}}, ints of any one scale. Places are those among the entries that compete. Whoever is out of
competition gets what it would have had beside them, and takes no place from anybody.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from ..parts.places import duels, duels_of, majority_places, place_among, ranks


class Order(NamedTuple):
    """`competing`: the entries that take places; `better` and `method` as in the panel; `over`: worths are places already, so
    many to one place (else None)."""

    competing: frozenset
    better: str
    method: str
    over: int | None = None


def judge_places(worths: Mapping, order: Order) -> dict:
    """{judge: {entry: place}} of everything that each judge marked."""
    return {judge: _of_judge(given, order) for judge, given in worths.items()}


def _of_judge(given, order):
    if order.over:
        return {entry: Fraction(worth, order.over) for entry, worth in given.items()}
    own = {entry: worth for entry, worth in given.items() if entry in order.competing}
    found, field = ranks(own, order.better, order.method), sorted(own.values())
    for entry, worth in given.items():
        if entry not in order.competing:
            found[entry] = place_among(field, worth, order.better, order.method)
    return found


def field_results(rule: str, worths: Mapping, places: Mapping, judges: Mapping, order: Order) -> dict:
    """{entry: place by majority, or won duels} of the entries in `judges`: {entry: its judges}, all of whose sheets are in."""
    work = _majority if rule == "majority" else _duels
    inside = {entry: own for entry, own in judges.items() if entry in order.competing}
    outside = {entry: own for entry, own in judges.items() if entry not in order.competing}
    return work(worths, places, inside, outside, order)


def _majority(worths, places, inside, outside, order):
    found = majority_places({entry: [places[judge][entry] for judge in own] for entry, own in inside.items()})
    for guest, its_judges in outside.items():
        joined = order._replace(competing=order.competing | {guest})
        beside = places | {judge: _of_judge(worths[judge], joined) for judge in its_judges}
        marks = {entry: [beside[judge][entry] for judge in own] for entry, own in (inside | {guest: its_judges}).items()}
        found[guest] = majority_places(marks)[guest]
    return found


def _duels(worths, places, inside, outside, order):
    """Duels ask who is better, not by how many places, so they compare the worths themselves."""
    sign = 1 if order.over or order.better == "low" else -1
    field = {}
    for entry, own in inside.items():
        for judge in own:
            field.setdefault(judge, {})[entry] = sign * worths[judge][entry]
    found = duels(field)
    for guest, own in outside.items():
        found[guest] = duels_of({judge: sign * worths[judge][guest] for judge in own}, field)
    return found
