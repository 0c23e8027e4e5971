"""What a scheme gives to its entries: awards by its own rule, and titles beside them."""

from collections.abc import Mapping

from ..problems import Problem
from ..ranking.outcome import Outcome
from ..scheme import Scheme
from .allot import AWARD_RULES, Allotment, Seats, allot, allotment_of
from .bars import Bars
from .grounds import groups_of
from .medals import medals
from .quotas import field_of, quota
from .seats import Limits, fill, in_groups


def awarded(
    scheme: Scheme, outcome: Outcome, *, field: int | None = None, vacancies: Mapping[str, int] | None = None
) -> Allotment:
    """The scheme's awards by its own rule (Scheme.awards): the same call whatever the rule."""
    if scheme.awards not in AWARD_RULES:
        return allotment_of([], [Problem("unknown_rule", "奖项", f"授奖办法“{scheme.awards}”不在可选规则之内", "请选择一种授奖办法")])
    if scheme.awards == "medals_700" and scheme.tiers:
        return medals(scheme.tiers, outcome.standings, field=field, vacancies=vacancies,
                      minimum_score=scheme.minimum_score, tolerance=scheme.tolerance)
    return allot(scheme.tiers, outcome.standings, field=field, vacancies=vacancies, minimum_score=scheme.minimum_score,
                 better=scheme.better, rule=scheme.awards)


def titles(scheme: Scheme, outcome: Outcome, allotment: Allotment | None = None, *, field: int | None = None) -> Allotment:
    """Titles are lists of their own: an entry may hold several, and every award beside them.

    A title may rest on awards (of `allotment`, by default what the scheme gives) and on titles before it: `requires`.
    The contest's minimum for awards does not bind titles; a title has its own.
    """
    allotment = awarded(scheme, outcome, field=field) if allotment is None else allotment
    standings = list(outcome.standings)
    names = {tier.code: tier.name for tier in (*scheme.tiers, *scheme.titles)}
    bar = Bars(scheme.better, None, names, {entry for group in allotment.pending for entry in group})
    for award in allotment.awards:
        bar.held.setdefault(award.entry, []).append(award.tier)
    groups = in_groups(standings)
    return allotment_of([_title(title, standings, groups, bar, field) for title in scheme.titles], [])


def _title(title, standings, groups, bar, field):
    bar.tier = title
    seats = quota(title, field_of(title, standings, field=field, better=bar.better))
    filled = fill(groups_of(title, standings, groups), seats, title.tie, bar, Limits(title.per_organization, title.per_person))
    bar.give(title.code, filled.winners)
    return Seats(title, len(filled.winners) + filled.held if seats is None else seats, 0, filled)
