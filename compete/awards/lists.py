"""What stands beside the awards: titles, team lists, promotion, and why someone was passed over."""

from typing import NamedTuple

import scoring
from compete.results.facts import Board
from scoring.problems import Problem
from scoring.awards.promotion import PROMOTION_WAYS, Promoted, promote
from scoring.ranking.order import place_figure
from scoring.awards.teams import TeamTable, team_standings
from scoring.awards.titles import titles


class Lists(NamedTuple):
    titles: scoring.Allotment | None
    teams: tuple[TeamTable, ...]
    promotion: Promoted | None

    @property
    def problems(self) -> list[Problem]:
        found = [*([self.titles] if self.titles else []), *self.teams, *([self.promotion] if self.promotion else [])]
        return [problem for one in found for problem in one.problems]

    @property
    def prizes_fen(self) -> int:
        """Money of titles; that of teams goes to organizations and is not paid through entries."""
        return self.titles.total_fen if self.titles else 0


class Preview(NamedTuple):
    """What the awards would be now, and the lists beside them."""

    allotment: scoring.Allotment
    problems: tuple[Problem, ...]
    lists: Lists

    @property
    def total_fen(self) -> int:
        return self.allotment.total_fen + self.lists.prizes_fen


def lists_of(board: Board, allotment: scoring.Allotment) -> Lists:
    scheme, outcome = board.scheme, board.outcome
    return Lists(
        titles(scheme, outcome, allotment) if scheme.titles else None,
        tuple(team_standings(scheme, team, outcome, allotment) for team in scheme.teams),
        promote(scheme.promotion, outcome) if scheme.promotion else None,
    )  # fmt: skip


def plain_place(place) -> int | str | None:
    """A place for a JSON document: half a place is a text."""
    return place if place is None or isinstance(place, int) else place_figure(place)


def document(board: Board, found: Lists, *, veiled: bool = False) -> dict:
    """What a release freezes of the lists; nothing where the scheme has none of them.

    `veiled`: the preview of a blind event shows codes only, and no team lists, which would tell whose entry is whose.
    """
    said = {}

    def _entry(entry: int) -> dict:
        return _shown(board.labels[entry], entry, veiled)

    if found.titles:
        said["titles"] = [
            {"name": tier.name, "prize_fen": tier.prize_fen, "entries": [_entry(award.entry) for award in found.titles.awards if award.tier == tier.code]}
            for tier in found.titles.tiers
        ]  # fmt: skip
    if found.teams and not (veiled and any(label.code for label in board.labels.values())):
        said["teams"] = [team_document(table) for table in found.teams]
    if found.promotion:
        said["promotion"] = {"name": board.scheme.promotion.name, "entries": [
            {**_entry(one.entry), "place": plain_place(one.place), "way": PROMOTION_WAYS[one.way].label_zh,
             "division": "" if veiled and board.labels[one.entry].code else one.division, "score": one.score_text}
            for one in found.promotion.entries]}  # fmt: skip
    return said


def _shown(label, entry: int, veiled: bool) -> dict:
    if veiled and label.code:
        return {"entry": entry, "number": label.code, "title": "", "organization": ""}
    return {"entry": entry, "number": label.number, "title": label.title, "organization": label.organization}


def team_document(table: TeamTable) -> dict:
    names = {tier.code: tier.name for tier in table.team.tiers}
    won = {award.entry: names[award.tier] for award in table.allotment.awards}
    return {"name": table.team.name, "standings": [
        {"place": plain_place(row.place), "place_text": row.place_text, "name": row.name, "score": row.score_text, "reason": row.reason,
         "tier": won.get(row.entry, ""), "counted": [member.standing.number for member in row.counted]}
        for row in table.standings]}  # fmt: skip
