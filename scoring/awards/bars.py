"""Why an entry may not have a tier, whatever seats there are."""

from ..numbers import format_points
from .grounds import below
from .quotas import reaches


class Bars:
    """Called with a standing: (code, reason), or None when the entry may have `tier`.

    names: {code: name} of what `requires` speaks of; held: {entry: codes of what it has got}; last: the last place of the
    tier where tiers go by places.
    """

    def __init__(self, better, minimum, names, waiting):
        self.better, self.minimum, self.names, self.waiting = better, minimum, names, waiting
        self.held, self.tier, self.last = {}, None, None

    def line(self):
        """The stricter of the tier's and the contest's minimum for the total; an award that rests on another figure has none."""
        own = None if self.tier.figure else self.tier.minimum_score
        lines = [line for line in (own, self.minimum) if line is not None]
        return (min if self.better == "low" else max)(lines) if lines else None

    def __call__(self, standing):
        if standing.place is None:
            return "outside", "不计名次，不占名额，依次递补"
        line = self.line()
        if not reaches(standing, line, self.better):
            word = "高于分数线" if self.better == "low" else "低于最低分"
            return "minimum", f"{standing.score_text} 分，{word} {format_points(line)}"
        return below(self.tier, standing) or self._requires(standing) or self._size(standing) or self._beyond(standing)

    def _beyond(self, standing):
        if self.last is not None and standing.rank > self.last:
            return "size", f"名次在第 {self.last} 名之后"
        return None

    def _requires(self, standing):
        held = self.held.get(standing.entry, ())
        for code in self.tier.requires:
            if code.startswith("!") and code[1:] in held:
                return "requires", f"已获{self._name(code[1:])}，不再授“{self.tier.name}”"
        wanted = [code for code in self.tier.requires if not code.startswith("!")]
        if wanted and not set(wanted) & set(held):
            if standing.entry in self.waiting:
                return "requires", "所依据的奖项尚待决议"
            return "requires", f'未获{"或".join(map(self._name, wanted))}'
        return None

    def _name(self, code):
        return f"“{self.names.get(code, code)}”"

    def _size(self, standing):
        if not self.tier.by_size:
            return None
        size = max(len(standing.fact.persons), 1)
        rows = [row for row in sorted(self.tier.by_size) if row[0] <= size]
        if rows and standing.rank <= rows[-1][1]:
            return None
        return "size", f"{size} 人的对象，前 {rows[-1][1]} 名可得" if rows else f"{size} 人的对象不在此列"

    def give(self, code, standings):
        for standing in standings:
            self.held.setdefault(standing.entry, []).append(code)
