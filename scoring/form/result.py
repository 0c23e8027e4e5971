"""What comes of a file: everything the engine works out of a Tally, and its plain form for programs."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from ..awards.promotion import Promoted, promote
from ..awards.teams import TeamTable, team_standings
from ..awards.titles import Allotment, awarded, titles
from ..document import digest
from ..money import format_yuan
from ..numbers import format_points
from ..problems import Problem
from ..ranking.order import place_figure
from ..ranking.outcome import Outcome, compute
from .alarmed import alarm_notices
from .tally import Tally

FORMAT, VERSION = "compete-result", 1


@dataclass(frozen=True)
class Worked:
    """All that follows from a tally; `given` are the names of awards and titles by entry."""

    tally: Tally
    outcome: Outcome
    awards: Allotment
    titles: Allotment
    teams: tuple[TeamTable, ...] = ()
    promotion: Promoted | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the result from being released, then what keeps awards and lists from being final."""
        lists = [self.awards, self.titles, *self.teams, *([self.promotion] if self.promotion else [])]
        return (*self.outcome.problems, *(problem for one in lists for problem in one.problems))

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What is worth knowing and hinders nothing."""
        lists = [self.awards, self.titles, *([self.promotion] if self.promotion else [])]
        return (*self.tally.notices, *self.alarms, *(note for one in lists for note in one.notes))

    @cached_property
    def alarms(self) -> tuple[Problem, ...]:
        """Spreads that wait for a re-review."""
        return alarm_notices(self.tally, self.outcome)

    @property
    def given(self) -> dict[int, list[str]]:
        scheme, found = self.tally.scheme, {}
        names = {tier.code: tier.name for tier in (*scheme.tiers, *scheme.titles)}
        for award in (*self.awards.awards, *self.titles.awards):
            found.setdefault(award.entry, []).append(names[award.tier])
        return found


def work_out(tally: Tally) -> Worked:
    scheme = tally.scheme
    outcome = compute(scheme, tally.facts)
    allotment = awarded(scheme, outcome, vacancies=tally.vacancies)
    teams = tuple(team_standings(scheme, team, outcome, allotment) for team in scheme.teams)
    promotion = promote(scheme.promotion, outcome) if scheme.promotion else None
    return Worked(tally, outcome, allotment, titles(scheme, outcome, allotment), teams, promotion)


def result(tally: Tally, worked: Worked | None = None) -> dict:
    """The result as plain data of texts, ints and lists; the same tally gives the same data."""
    worked = worked or work_out(tally)
    outcome, given = worked.outcome, worked.given
    numbers = {entry.entry: entry.number for entry in tally.facts.entries}
    found = {
        "format": FORMAT, "version": VERSION, "title": tally.title, "source": tally.source, "scheme": digest(tally.scheme),
        "releasable": outcome.releasable and not worked.problems,
        "standings": [_standing(standing, tally, given) for standing in outcome.standings],
        "undecided": [[numbers[entry] for entry in tie] for tie in outcome.undecided_ties],
        "awards": _allotment(worked.awards, numbers), "titles": _allotment(worked.titles, numbers),
        "teams": [_team(table) for table in worked.teams],
        "promotion": worked.promotion and _promotion(worked.promotion, tally.scheme.promotion.name, numbers),
        "problems": [_problem(problem) for problem in worked.problems],
        "notices": [_problem(problem) for problem in worked.notices],
    }
    return found


def _problem(problem):
    return problem._asdict()


def _standing(standing, tally, given):
    place, fact = standing.place, standing.fact
    found = {
        "place": place if place is None or isinstance(place, int) else place_figure(place), "place_text": standing.place_text,
        "shared": standing.shared, "number": fact.number, "name": tally.names[fact.entry], "organization": fact.organization,
        "delegation": fact.delegation, "division": fact.division, "status": standing.status, "score": standing.score_text,
        "exact": _exact(standing.exact_fraction),
        "parts": {code: {"score": part.text, "exact": _exact(_part_fraction(part))} for code, part in standing.parts.items()},
        "penalty": format_points(standing.penalty), "awards": given.get(fact.entry, []), "reason": standing.reason,
    }
    if standing.run.scheme.steps:
        found["steps"] = {code: {"score": step.text, "exact": _exact(step.exact)} for code, step in standing.steps.items()}
    return found


def _part_fraction(part):
    return (part.score_num, part.score_den) if part.score_den else None


def _exact(quotient):
    """A figure without any rounding, as the text "89/3" or "90"; null where there is none."""
    if quotient is None:
        return None
    return str(quotient if isinstance(quotient, Fraction) else Fraction(*quotient))


def _allotment(allotment, numbers):
    found = {tier.code: [] for tier in allotment.tiers}
    for award in allotment.awards:
        found[award.tier].append(numbers[award.entry])
    tiers = [{"code": tier.code, "name": tier.name, "planned": tier.planned, "given": tier.allotted, "vacant": tier.vacant,
              "pending": tier.pending, "prize": format_yuan(tier.prize_fen), "total": format_yuan(tier.total_fen),
              "numbers": found[tier.code]} for tier in allotment.tiers]
    return {"tiers": tiers, "pending": [[numbers[entry] for entry in group] for group in allotment.pending],
            "total": format_yuan(allotment.total_fen),
            "passed": [{"number": numbers[passed.entry], "tier": passed.tier, "code": passed.code, "reason": passed.reason}
                       for passed in allotment.passed]}


def _team(table):
    names = {standing.entry: standing.name for standing in table.standings}
    return {"code": table.team.code, "name": table.team.name, "awards": _allotment(table.allotment, names),
            "standings": [{"place": standing.place, "place_text": standing.place_text, "shared": standing.shared, "name": standing.name,
                           "score": standing.score_text, "exact": str(standing.exact), "reason": standing.reason,
                           "counted": [member.standing.number for member in standing.counted],
                           "others": [member.standing.number for member in standing.members if not member.counted]}
                          for standing in table.standings]}


def _promotion(promoted, name, numbers):
    return {"name": name, "planned": promoted.planned, "cut": promoted.cut,
            "entries": [{"number": one.number, "way": one.way, "division": one.division, "score": one.score_text} for one in promoted.entries],
            "divisions": [one._asdict() for one in promoted.divisions],
            "pending": [[numbers[entry] for entry in group] for group in promoted.pending],
            "passed": [{"number": numbers[entry], "division": division, "reason": reason} for entry, division, reason in promoted.passed]}
