"""A scheme: how an event is judged. Immutable values; what they mean is in the catalogues."""

from dataclasses import dataclass
from functools import cached_property
from math import gcd, lcm

from .numbers import UNIT, WHOLE, Rounding
from .problems import Problem


@dataclass(frozen=True)
class Criterion:
    """A leaf takes marks; an inner node adds up its children (see `Part.factors`)."""

    code: str
    name: str
    weight: int = 0
    maximum: int = 100 * UNIT
    minimum: int = 0
    step: int = UNIT // 10
    anchors: tuple[tuple[int, str], ...] = ()
    description: str = ""
    children: tuple["Criterion", ...] = ()

    @property
    def is_leaf(self):
        return not self.children

    def leaves(self) -> tuple["Criterion", ...]:
        if not self.children:
            return (self,)
        return tuple(leaf for child in self.children for leaf in child.leaves())


@dataclass(frozen=True)
class Panel:
    """How the sheets of one entry become one score."""

    rule: str = "trimmed_mean"
    drop_high: int = 1
    drop_low: int = 1
    minimum_judges: int = 5
    below_minimum: str = "mean"
    level: str = "total"
    rounding: Rounding | None = None
    chief: str = "counts"


@dataclass(frozen=True)
class Part:
    """A part is worth 100 points; each top criterion gives its weight in percent times mark / maximum."""

    code: str
    name: str
    weight: int = WHOLE
    kind: str = "judged"
    criteria: tuple[Criterion, ...] = ()
    panel: Panel = Panel()
    rounding: Rounding | None = None

    @cached_property
    def leaves(self) -> tuple[Criterion, ...]:
        return tuple(leaf for criterion in self.criteria for leaf in criterion.leaves())

    @cached_property
    def _shares(self):
        """For each leaf the points that one unit of its mark is worth, times UNIT, as (numerator, denominator)."""
        found = {}
        for criterion in self.criteria:
            _share(criterion, criterion.weight, 1, found)
        return found

    @cached_property
    def denominator(self) -> int:
        """Sheet totals of this part are ints; divided by this they are points."""
        return UNIT * lcm(*(bottom for top, bottom in self._shares.values()))

    @cached_property
    def factors(self) -> dict[str, int]:
        """A sheet's total is the sum of factor × mark over the leaves."""
        common = self.denominator // UNIT
        return {code: top * (common // bottom) for code, (top, bottom) in self._shares.items()}

    def criterion(self, code: str) -> Criterion | None:
        """The criterion of that code anywhere in the tree, or None."""
        waiting = list(self.criteria)
        while waiting:
            found = waiting.pop()
            if found.code == code:
                return found
            waiting.extend(found.children)
        return None


def _share(criterion, top, bottom, found):
    """Hand top / bottom (the points of the whole node) down to the leaves."""
    if criterion.is_leaf:
        bottom *= max(criterion.maximum, 1)
        common = gcd(top, bottom) or 1
        found[criterion.code] = (top // common, bottom // common)
        return
    weighted = any(child.weight for child in criterion.children)
    whole = WHOLE if weighted else max(sum(child.maximum for child in criterion.children), 1)
    for child in criterion.children:
        _share(child, top * (child.weight if weighted else child.maximum), bottom * whole, found)


@dataclass(frozen=True)
class TieRule:
    code: str
    argument: str = ""
    label: str = ""


@dataclass(frozen=True)
class Tier:
    """An award tier: a count or a ratio (1/10000) of the competing entries."""

    code: str
    name: str
    count: int | None = None
    ratio: int | None = None
    rounding_mode: str = "half_up"
    prize_fen: int = 0
    minimum_score: int | None = None
    tie: str = "chain"
    vacant_allowed: bool = True


@dataclass(frozen=True)
class Scheme:
    parts: tuple[Part, ...]
    rounding: Rounding = Rounding()
    ties: tuple[TieRule, ...] = ()
    tiers: tuple[Tier, ...] = ()
    minimum_score: int | None = None
    rank_by: str = "rounded"
    floor: int | None = 0

    def part(self, code: str) -> Part | None:
        return next((part for part in self.parts if part.code == code), None)

    def check(
        self, *, field: int | None = None, judges: dict[str, int] | None = None, budget_fen: int | None = None
    ) -> tuple[Problem, ...]:
        """Everything wrong with the scheme, as problems; empty means that judging may begin."""
        from .checks import check_scheme
        return check_scheme(self, field=field, judges=judges or {}, budget_fen=budget_fen)

    def to_json(self) -> dict:
        from .document import to_json
        return to_json(self)

    @staticmethod
    def from_json(data: dict) -> "Scheme | Problem":
        from .document import from_json
        return from_json(data)
