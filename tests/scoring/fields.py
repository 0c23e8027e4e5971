"""Whole fields of entries with a score each, for awards, teams and promotion."""

from scoring import EntryFact, Facts, Part, Rounding, Scheme, TieRule, compute
from tests.scoring.build import pts

TOTAL = Part("total", "总分", kind="figure")


def scheme(**more):
    return Scheme((TOTAL,), more.pop("rounding", Rounding(2)), ties=more.pop("ties", (TieRule("shared"),)), **more)


def entry(number, score, **more):
    figures = {} if score is None else {"total": pts(score)}
    return EntryFact(number, str(number), figures=figures | more.pop("figures", {}), **more)


def field(*scores, **more):
    """Entries 1, 2, … with these scores; `more`: per field of EntryFact a sequence, or a dict {number: value}."""
    found = []
    for number, score in enumerate(scores, 1):
        own = {name: values.get(number) if isinstance(values, dict) else values[number - 1] for name, values in more.items()}
        found.append(entry(number, score, **{name: value for name, value in own.items() if value is not None}))
    return Facts(tuple(found))


def outcome_of(plan, *scores, **more):
    return compute(plan, field(*scores, **more))


def won(allotment):
    """{tier: entries in order}."""
    found = {}
    for award in allotment.awards:
        found.setdefault(award.tier, []).append(award.entry)
    return found


def passed(allotment):
    return [(one.entry, one.tier, one.code) for one in allotment.passed]
