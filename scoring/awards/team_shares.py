"""Team scores that take the best members of each part separately, whoever they are: three of four on every apparatus."""

from fractions import Fraction
from typing import NamedTuple

from ..ranking.directions import better_of
from ..ranking.outcome import number_order
from ..ranking.standing import Standing
from ..steps.figures import shown
from ..steps.references import name_of

UNPLACED = 10 ** 9


class Share(NamedTuple):
    """One part of a team's score: who counts in it, best first, and who has a figure that does not count."""

    code: str
    name: str
    counted: tuple[tuple[Standing, Fraction], ...]
    spare: tuple[tuple[Standing, Fraction], ...]

    @property
    def text(self) -> str:
        counted = "、".join(f"{one.number} 号 {shown(one.run, self.code, figure)}" for one, figure in self.counted)
        spare = "、".join(f"{one.number} 号 {shown(one.run, self.code, figure)}" for one, figure in self.spare)
        return f"{self.name}：{counted or '无'}" + (f"（未计入 {spare}）" if spare else "")


def direction(team, scheme) -> str:
    """Which way the team's parts are good; the checks want one direction for all."""
    return better_of(scheme, team.of[0])


def taking_part(team, standings) -> list[Standing]:
    """Members who compete and have any of the figures; a place by the total they need not have."""
    return [standing for standing in standings
            if standing.entry_status == "competing" and standing.status in ("competing", "no_score")
            and any(standing.figure(code) is not None for code in team.of)]


def shares(team, standings, scheme) -> tuple[Share, ...]:
    """The team's parts, from the members who take part."""
    return tuple(_share(team, code, standings, scheme) for code in team.of)


def _share(team, code, standings, scheme):
    low = better_of(scheme, code) == "low"
    found = [(standing, standing.figure(code)) for standing in standings if standing.figure(code) is not None]
    found.sort(key=lambda pair: (pair[1] if low else -pair[1], pair[0].rank or UNPLACED, number_order(pair[0].number)))
    most = len(found) if team.keep is None else team.keep
    return Share(code, name_of(scheme, code), tuple(found[:most]), tuple(found[most:]))
