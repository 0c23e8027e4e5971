"""Team scores from members' results: who counted, what each brought, where the team stands and what it wins."""

from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from ..facts import EntryFact
from ..problems import Problem
from ..ranking.outcome import Outcome, number_order
from ..ranking.standing import Standing
from ..rules import Team
from ..scheme import Scheme
from .allot import Allotment, allot
from .team_rules import TEAM_RULES, TEAM_TIES, fraction_text
from .team_shares import direction, shares, taking_part
from .titles import awarded


class Member(NamedTuple):
    """One member: brought is what the team's rule takes of it; counted says whether it is among those who count.

    Where a team takes the best of each part, brought is the sum of the parts in which the member counts.
    """

    standing: Standing
    brought: Fraction
    counted: bool


class Context:
    """What the rules look up about members: scores as ranked, tiers won."""

    def __init__(self, scheme, outcome, allotment):
        self.scheme, self.better = scheme, scheme.better
        self.names = [tier.name for tier in scheme.tiers]
        number = {tier.code: at for at, tier in enumerate(scheme.tiers, 1)}
        self.won = {}
        for award in allotment.awards:
            self.won.setdefault(award.entry, []).append(number[award.tier])

    def score(self, standing):
        """The published score, or the exact one where the scheme ranks by it; in points."""
        if self.scheme.rank_by == "exact":
            return standing.exact_fraction
        return Fraction(standing.score, standing.scale)

    def tiers_of(self, standing):
        """Numbers of the tiers won, 1 the highest."""
        return self.won.get(standing.entry, ())

    def medal_text(self, counts):
        return "、".join(f"{name} {count} 个" for name, count in zip(self.names, counts))


class TeamStanding:
    """One line of a team list; it has what `allot` asks of a standing, `entry` being the team's name."""

    outside_place = None
    entry_status = "competing"

    def __init__(self, team, name, members, absent, context, shares=()):
        self.team, self.name, self.entry, self.number = team, name, name, name
        self.members, self.absent, self.context, self.shares = members, absent, context, shares
        self.fact = EntryFact(name, name, organization=name)
        self.place, self.shared, self.above = None, False, None

    @property
    def rank(self):
        return self.place

    def figure(self, code):
        """A team has no figures but its score."""
        return None

    @cached_property
    def counted(self):
        return tuple(member for member in self.members if member.counted)

    @property
    def status(self):
        """"competing", or "too_few" when it has fewer members than the rule asks for."""
        counting = min((len(share.counted) for share in self.shares), default=len(self.members))
        wanted = max(self.team.fewest, 1) if self.shares else self.fewest
        lacking = self.shares and better_of(self.team, self.context.scheme) == "low" and counting < (self.team.keep or 1)
        return "too_few" if len(self.members) < wanted or lacking else "competing"

    @property
    def fewest(self):
        """Where less is better a missing member would be an advantage, so a team must bring as many as count."""
        fewest = max(self.team.fewest, 1)
        return max(fewest, self.team.keep or 0) if better_of(self.team, self.context.scheme) == "low" else fewest

    @cached_property
    def exact(self):
        """The team's score in points: a sum, or for the mean a mean."""
        total = sum((member.brought for member in self.counted), Fraction(0))
        return total / len(self.counted) if self.team.rule == "mean" and self.counted else total

    @cached_property
    def score(self):
        return self.team.rounding.round(self.exact.numerator, self.exact.denominator)

    @property
    def scale(self):
        return self.team.rounding.scale

    @property
    def score_text(self):
        if self.team.rule == "medals":
            return self.context.medal_text(self.medal_counts())
        return fraction_text(self.exact) if self.team.rule == "awards" else self.team.rounding.format(self.score)

    def medal_counts(self):
        won = [number for member in self.counted for number in self.context.tiers_of(member.standing)]
        return tuple(won.count(number) for number in range(1, len(self.context.names) + 1))

    @cached_property
    def keys(self):
        """((label, comparable, text), …): the team's figure, then each tie rule in turn; larger is better."""
        worth = -self.score if better_of(self.team, self.context.scheme) == "low" else self.score
        first = self.medal_counts() if self.team.rule == "medals" else (worth,)
        found = [(TEAM_RULES[self.team.rule].label_zh, first, self.score_text)]
        for tie in self.team.ties:
            rule = TEAM_TIES[tie.code]
            found.append((tie.label or rule.label_zh, *rule.function(self, tie.argument)))
        return tuple(found)

    @property
    def sort_key(self):
        return tuple(figure for label, figure, text in self.keys)

    @property
    def place_text(self):
        if self.place is None:
            return f"成员不足 {self.fewest} 人，不排名次"
        return f"并列第 {self.place} 名" if self.shared else f"第 {self.place} 名"

    @property
    def reason(self):
        """One sentence: the score, and what parted the team from the next better one of equal score."""
        if self.place is None:
            return f"{self.place_text}（{len(self.members)} 人）"
        head = f"{self.score_text}，{self.place_text}"
        if self.above is None or self.above.keys[0][1] != self.keys[0][1] or self.above.place == self.place:
            return head
        for (label, own, text), (same, other, theirs) in zip(self.keys, self.above.keys):
            if own != other:
                return f"{head}；与“{self.above.name}”同分，按“{label}”列后（{text or '无'}；对方 {theirs}）"
        return head

    @property
    def lines(self):
        """The way to the score: who counted with what, who did not, the sum."""
        if self.shares:
            return (*(share.text for share in self.shares), f"{TEAM_RULES[self.team.rule].label_zh}：{self.score_text}")
        shown = "、".join(f"{member.standing.number} 号 {fraction_text(member.brought)}" for member in self.counted)
        found = [f"计分成员 {len(self.counted)} 人：{shown}"]
        spare = [member for member in self.members if not member.counted]
        if spare:
            found.append("未计入：" + "、".join(f"{member.standing.number} 号 {fraction_text(member.brought)}" for member in spare))
        if self.absent:
            found.append("无名次：" + "、".join(f"{standing.number} 号（{standing.place_text}）" for standing in self.absent))
        found.append(f"{TEAM_RULES[self.team.rule].label_zh}：{self.score_text}")
        return tuple(found)


class TeamTable(NamedTuple):
    """standings: ranked teams first, then those with too few members, by name; allotment: the team awards, entry = name."""

    team: Team
    standings: tuple[TeamStanding, ...]
    allotment: Allotment
    problems: tuple[Problem, ...]

    def standing(self, name):
        return next(standing for standing in self.standings if standing.name == name)


def better_of(team: Team, scheme: Scheme) -> str:
    """Whether a high or a low team score is good: sums of scores follow the scheme, of parts the parts, the other rules themselves."""
    if team.of:
        return direction(team, scheme)
    return scheme.better if team.rule in ("sum", "best", "mean") else TEAM_RULES[team.rule].better


def team_standings(scheme: Scheme, team: Team, outcome: Outcome, allotment: Allotment | None = None) -> TeamTable:
    """The teams of an outcome in order, 1224, with their awards.

    Members are entries with a place (where the team takes the best of each part: who has a figure there); who is none (absent,
    out of competition, …) brings nothing and is listed. Scores are
    exact until `team.rounding`; teams are compared as published. Who belongs to no team is left out.
    """
    allotment = awarded(scheme, outcome) if allotment is None else allotment
    context = Context(scheme, outcome, allotment)
    groups = {}
    for standing in outcome.standings:
        name = getattr(standing.fact, team.by)
        if name:
            groups.setdefault(name, []).append(standing)
    found = [_team(team, name, members, context) for name, members in groups.items()]
    ranked = _ranked([standing for standing in found if standing.status == "competing"])
    few = sorted((standing for standing in found if standing.status != "competing"), key=lambda standing: standing.name)
    standings = (*ranked, *few)
    awards = allot(team.tiers, standings, better=better_of(team, scheme))
    return TeamTable(team, standings, awards, awards.problems)


def _team(team, name, standings, context):
    if team.of:
        return _of_parts(team, name, standings, context)
    placed = [standing for standing in standings if standing.place is not None]
    function, low = TEAM_RULES[team.rule].function, better_of(team, context.scheme) == "low"
    brought = [(function(standing, team, context), standing) for standing in placed]
    brought.sort(key=lambda pair: (pair[0] if low else -pair[0], pair[1].rank, number_order(pair[1].number)))
    most = len(brought) if team.keep is None else team.keep
    members = tuple(Member(standing, figure, at < most) for at, (figure, standing) in enumerate(brought))
    return TeamStanding(team, name, members, tuple(one for one in standings if one.place is None), context)


def _of_parts(team, name, standings, context):
    members = taking_part(team, standings)
    found, brought = shares(team, members, context.scheme), {}
    for share in found:
        for standing, figure in share.counted:
            brought[standing.entry] = brought.get(standing.entry, 0) + figure
    lines = tuple(Member(standing, Fraction(brought.get(standing.entry, 0)), standing.entry in brought) for standing in members)
    absent = tuple(standing for standing in standings if standing not in members)
    return TeamStanding(team, name, lines, absent, context, found)


def _ranked(standings):
    """Best first; equal in everything means a shared place. Teams of one place stand in the order of their names."""
    order = sorted(sorted(standings, key=lambda standing: standing.name), key=lambda standing: standing.sort_key, reverse=True)
    keys = [standing.sort_key for standing in order]
    for at, standing in enumerate(order):
        above = order[at - 1] if at else None
        same = above is not None and keys[at] == keys[at - 1]
        standing.place, standing.above = above.place if same else at + 1, above.above if same else above
        standing.shared = same or (at + 1 < len(order) and keys[at + 1] == keys[at])
    return order
