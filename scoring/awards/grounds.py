"""What an award rests on besides the total: another figure, and least figures that must be reached as well.

Figures are compared as they are, not as they are shown: 59.996 does not reach 60. Each is good in its own direction.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby

from ..numbers import UNIT, format_exact, format_points
from ..ranking.directions import better_of
from ..ranking.standing import Standing
from ..rules import Tier
from ..steps.figures import shown
from ..steps.references import name_of


def groups_of(tier: Tier, standings: Sequence[Standing], by_place: list[list]) -> list[list]:
    """Lists of entries equal to the tier, best first: by place, or by the figure that the tier rests on.

    By a figure, the tie rule "chain" puts the better placed of equal entries first. Whoever lacks the figure comes last;
    whoever competes without counting comes alone, before his equals.
    """
    if not tier.figure:
        return by_place
    counting = [standing for standing in standings if standing.place is not None or standing.outside_place is not None]
    keys = {standing.entry: _key(tier, standing) for standing in counting}
    found = []
    for key, group in groupby(sorted(counting, key=lambda standing: keys[standing.entry]), key=lambda standing: keys[standing.entry]):
        group = list(group)
        found += [group] if group[0].place is not None else [[standing] for standing in group]
    return found


def _key(tier, standing):
    """Less for the better entry."""
    figure, counts = standing.figure(tier.figure), standing.place is not None
    worth = 0 if figure is None else -figure if direction(tier, standing) == "high" else figure
    return figure is None, worth, counts, standing.rank if counts and tier.tie == "chain" else 0


def direction(tier: Tier, standing: Standing) -> str:
    """Which way the tier's figure is good: as the tier says, else as the scheme uses the figure."""
    return tier.better or better_of(standing.run.scheme, tier.figure)


def below(tier: Tier, standing: Standing) -> tuple[str, str] | None:
    """(code, reason) where the entry lacks or misses what the tier asks of single figures: codes "minimum" and "minimums"."""
    if tier.figure:
        better = direction(tier, standing) if standing.figure(tier.figure) is not None else ""
        reason = _short(standing, tier.figure, tier.minimum_score, better)
        if reason:
            return "minimum", reason
    for code, line in tier.minimums:
        better = better_of(standing.run.scheme, code) if standing.figure(code) is not None else ""
        reason = _short(standing, code, line, better)
        if reason:
            return "minimums", reason
    return None


def _short(standing, code, line, better):
    """Why the figure does not do, or an empty text."""
    figure = standing.figure(code)
    if figure is None:
        return f"没有“{name_in(standing, code)}”成绩"
    if line is None:
        return ""
    least = Fraction(line, UNIT)
    if figure == least or (figure > least) == (better == "high"):
        return ""
    word = "高于" if better == "low" else "低于"
    return f"“{name_in(standing, code)}”{text_of(standing, code, least)}，{word} {format_points(line)}"


def text_of(standing: Standing, code: str, line: Fraction | None = None) -> str:
    """The figure as it is shown; with more decimals where it would read like the line that it misses."""
    figure = standing.figure(code)
    text = shown(standing.run, code, figure)
    return format_exact(*figure.as_integer_ratio(), 2, 12) if line is not None and Fraction(text) == line else text


def name_in(standing: Standing, code: str) -> str:
    """What people call the figure; a team list has none but the code."""
    return name_of(standing.run.scheme, code) if hasattr(standing, "run") else code
