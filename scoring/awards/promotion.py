"""Promotion: who goes on to the next stage, by which way, and where the line was."""

from collections.abc import Sequence
from typing import NamedTuple

from ..catalogue import Rule, catalogue
from ..numbers import format_points
from ..problems import Problem
from ..ranking.order import place_figure
from ..ranking.outcome import Outcome, number_order
from ..ranking.standing import Standing
from ..rules import Promotion
from .apportion import apportion
from .quotas import RATIO_BASES, quota, reaches
from .seats import Limits, fill, in_groups

PROMOTION_BY = catalogue(
    Rule("division", "赛区", "Division", "名额分到各赛区。", "分赛区选拔的规程"),
    Rule("delegation", "代表队", "Delegation", "名额分到各代表队。", "竞赛规程通例"),
    Rule("organization", "单位", "Organization", "名额分到各单位。", "竞赛规程通例"),
)

PROMOTION_WAYS = catalogue(
    Rule("seed", "直接晋级", "Direct seed", "不凭本阶段名次，由规程或组委会确定直接进入下一阶段。", "竞赛规程通例"),
    Rule("place", "按名次", "By place", "在全部参赛对象中按名次进入。", "竞赛规程通例"),
    Rule("quota", "赛区名额", "Within the quota", "在本区的名额之内按名次进入。", "分赛区选拔的规程"),
    Rule("runner_up", "递补", "Best runner-up", "各区名额之外，按成绩在各区未入选者中择优。", "分赛区选拔的规程"),
)

NEVER = ("withdrawn", "vetoed", "disqualified")


class Advance(NamedTuple):
    """One entry that goes on; way: a code of PROMOTION_WAYS; division: empty where places are not divided."""

    entry: int
    number: str
    place: int | None
    way: str
    division: str
    score_text: str


class DivisionCount(NamedTuple):
    """planned: the division's own places; promoted: all who go on from it, by whatever way; cut: the lowest score by quota."""

    division: str
    size: int
    planned: int
    promoted: int
    cut: str


class Promoted(NamedTuple):
    """entries in order: seeds first, then by place. cut: the score of the last who came in by place; pending: ties at a line
    that need a decision; passed: (entry, division, reason) of whoever was passed over."""

    entries: tuple[Advance, ...]
    divisions: tuple[DivisionCount, ...]
    planned: int
    cut: str
    pending: tuple[tuple[int, ...], ...]
    passed: tuple[tuple[int, str, str], ...]
    problems: tuple[Problem, ...]
    notes: tuple[Problem, ...]


def promote(promotion: Promotion, outcome: Outcome, *, field: int | None = None) -> Promoted:
    """Who goes on, from an outcome in order of places. field: what a ratio refers to, without it the promotion's base."""
    run = _Run(promotion, outcome)
    run.seed()
    divided = promotion.quotas or quota(promotion, 0) is not None
    if promotion.by and divided:
        run.by_division(field)
    else:
        run.over_all(field)
    return run.result()


class _Run:
    """One promotion while it is worked out."""

    def __init__(self, promotion, outcome):
        self.rule, self.better = promotion, outcome.run.scheme.better
        self.standings = list(outcome.standings)
        self.limits = Limits(promotion.per_organization)
        self.ways, self.shares, self.sizes, self.filled, self.held = {}, {}, {}, [], set()
        self.planned, self.notes, self.problems = 0, [], []

    def seed(self):
        """Direct seeds go on whatever they did here, unless they withdrew or were excluded."""
        for standing in self.standings:
            if not standing.fact.seeded:
                continue
            if standing.entry_status in NEVER:
                self.notes.append(Problem("seed_out", f"{standing.number} 号", f"原定直接晋级，因{standing.place_text}不再晋级"))
            else:
                self._take([standing], "seed")

    def _take(self, standings, way):
        self.ways |= {standing.entry: way for standing in standings}
        if way == "seed":
            self.limits.take(standings)

    def _fill(self, standings, seats, way, division=""):
        """Fill `seats` with the best who are not in yet; the result is kept for its ties and passes."""
        free = [standing for standing in standings if standing.entry not in self.ways and standing.entry not in self.held
                and standing.entry_status not in NEVER]
        filled = fill(in_groups(free), max(seats, 0), self.rule.tie, self._bar, self.limits)
        self._take(filled.winners, way)
        self.held |= {standing.entry for members, count, why in filled.pending for standing in members}
        self.filled.append((division, filled))
        return filled

    def _bar(self, standing):
        if standing.place is None:
            return "outside", "不计名次，不占名额，依次递补"
        if not reaches(standing, self.rule.minimum_score, self.better):
            word = "高于" if self.better == "low" else "低于"
            return "minimum", f"{standing.score_text} 分，{word}晋级线 {format_points(self.rule.minimum_score)}"
        return None

    def division(self, standing):
        return getattr(standing.fact, self.rule.by)

    def _quota(self, standings, field=None):
        if field is None:
            field = RATIO_BASES[self.rule.base].function(standings, self.rule.minimum_score, self.better)
        return quota(self.rule, field)

    def over_all(self, field):
        asked = self._quota(self.standings, field)
        if asked is None:
            asked = self._open()
        self.planned = asked
        seeds = len(self.ways) if self.rule.seeds_inside else 0
        if seeds > asked:
            self.problems.append(Problem("seeds_above_count", self.rule.name, f"直接晋级 {seeds} 个，多于名额 {asked} 个", "请增加名额，或规定直接晋级不占名额"))
        self._fill(self.standings, asked - seeds, "place")

    def _open(self):
        """No number at all: everyone who reaches the minimum score."""
        if self.rule.minimum_score is None:
            self.problems.append(Problem("promotion_quota", self.rule.name, "没有填写晋级名额", "请填写名额、比例，或只填最低分作为分数线"))
            return 0
        reached = [standing for standing in self.standings if standing.place is not None and standing.entry not in self.ways
                   and reaches(standing, self.rule.minimum_score, self.better)]
        return len(reached) + (len(self.ways) if self.rule.seeds_inside else 0)

    def by_division(self, field):
        self.members = {}
        for standing in self.standings:
            if standing.place is not None or standing.entry_status == "competing" or standing.fact.seeded:
                self.members.setdefault(self.division(standing), []).append(standing)
        self.homeless(self.members.pop("", []))
        self.sizes = {name: sum(one.entry_status == "competing" for one in self.members[name]) for name in sorted(self.members)}
        self._share(field)
        runners = self.rule.runners_up
        for name, seats in self.shares.items():
            inside = sum(one.entry in self.ways for one in self.members.get(name, ())) if self.rule.seeds_inside else 0
            if inside > seats:
                self.notes.append(Problem("seeds_above_quota", name, f"直接晋级 {inside} 个，多于本区名额 {seats} 个"))
            filled = self._fill(self.members.get(name, ()), seats - inside, "quota", name)
            runners += filled.vacant if self.rule.refill and not filled.closed else 0
            runners += filled.freed - (filled.over if self.rule.tie == "extend" else 0)
        if runners > 0:
            self._fill(self.standings, runners, "runner_up")

    def homeless(self, standings):
        if standings:
            numbers = "、".join(standing.number for standing in standings)
            self.notes.append(Problem("no_division", self.rule.name, f"{numbers} 号没有填写所属，只能按成绩递补", "请在报名信息中补填"))

    def _share(self, field):
        """Places of each division: as given, each division's ratio rounded alone, or the total divided over them.

        Runners-up come on top of given quotas and of a ratio rounded per division; out of a stated total they are taken first.
        """
        rule, sizes = self.rule, self.sizes
        if rule.quotas:
            given = dict(rule.quotas)
            self.shares = {name: given.get(name, 0) for name in sorted({*sizes, *given})}
            for name in self.shares:
                if name not in sizes or name not in given:
                    what = "没有参赛对象" if name not in sizes else "没有分到名额"
                    self.notes.append(Problem("quota_division", name, what, "请核对赛区名称"))
        elif rule.apportion == "plain" and rule.count is None:
            self.shares = {name: max(self._quota(self.members[name]) or 0, min(rule.least, sizes[name])) for name in sizes}
        else:
            self._apportion(field)
        self.planned = sum(self.shares.values()) + rule.runners_up

    def _apportion(self, field):
        rule, sizes = self.rule, self.sizes
        total = self._quota(self.standings, field)
        if total is None:
            self.problems.append(Problem("promotion_quota", rule.name, "没有填写晋级名额", "请填写总名额、比例，或各区名额"))
            total = 0
        total = max(total - rule.runners_up, 0)
        found = apportion(rule.apportion, total, sizes, least=rule.least, mode=rule.rounding_mode)
        self.shares = found.quotas
        if found.level:
            self.notes.append(Problem("equal_remainders", rule.name, f'{"、".join(found.level)}余数和参赛数都相同，最后的名额按名称先后分配', "如有异议请直接填写各区名额"))
        if sum(found.quotas.values()) > total and rule.apportion != "plain":
            self.problems.append(Problem("least_above_count", rule.name, f"每区至少 {rule.least} 个，合计超过名额 {total} 个", "请增加名额，或降低每区的最少名额"))
        if sum(found.quotas.values()) != total and rule.apportion == "plain":
            self.notes.append(Problem("quota_sum", rule.name, f"各区单独舍入后合计 {sum(found.quotas.values())} 个，与总名额 {total} 个不等"))

    def result(self):
        order = {standing.entry: at for at, standing in enumerate(self.standings)}
        inside = [standing for standing in self.standings if standing.entry in self.ways]
        seeds = sorted((one for one in inside if self.ways[one.entry] == "seed"), key=lambda one: (number_order(one.number), one.entry))
        others = sorted((one for one in inside if self.ways[one.entry] != "seed"), key=lambda one: order[one.entry])
        open_ties = [(division, members) for division, filled in self.filled for members, held, why in filled.pending]
        return Promoted(
            tuple(self._advance(standing) for standing in seeds + others), tuple(self._count(name, inside) for name in self.shares),
            self.planned, others[-1].score_text if others else "",
            tuple(tuple(standing.entry for standing in members) for division, members in open_ties),
            self._passed(), (*self.problems, *(self._open_tie(*one) for one in open_ties)), tuple(self.notes))

    def _passed(self):
        """Once each, at the first line where it was passed over, unless it came in by another way."""
        found = {}
        for division, filled in self.filled:
            for one in filled.passed:
                if one.standing.entry not in self.ways:
                    found.setdefault(one.standing.entry, (one.standing.entry, division, one.reason))
        return tuple(found.values())

    def _advance(self, standing):
        division = self.division(standing) if self.rule.by else ""
        return Advance(standing.entry, standing.number, standing.place, self.ways[standing.entry], division, standing.score_text)

    def _count(self, name, inside: Sequence[Standing]):
        own = [standing for standing in inside if self.division(standing) == name]
        by_quota = [standing for standing in own if self.ways[standing.entry] == "quota"]
        return DivisionCount(name, self.sizes.get(name, 0), self.shares[name], len(own), by_quota[-1].score_text if by_quota else "")

    def _open_tie(self, division, members):
        numbers = "、".join(standing.number for standing in members)
        return Problem("tie_at_cutoff", division or self.rule.name, f"{numbers} 号并列第 {place_figure(members[0].place)} 名，名额不足以全部晋级",
                       "请登记集体决议分出先后，或把末位同分处理改为全部入选或均不入选")
