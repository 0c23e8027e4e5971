"""A standing: one line of the result with every figure behind it, worked out when it is asked for."""

from fractions import Fraction

from ..catalogue import STATUSES
from ..numbers import format_ratio
from ..parts.reader import NOT_TAKEN
from ..parts.sheets import COUNTED, JudgeResult
from ..steps.catalogue import text_of
from . import reasons
from .order import place_figure


def lowest(numerator, denominator):
    """In lowest terms, so that the written figure does not depend on the rest of the field."""
    return list(Fraction(numerator, denominator).as_integer_ratio())


class PartResult:
    """One part of one entry: its score as an exact quotient, and the judges behind it."""

    __slots__ = ("reader", "fact", "code", "found")

    def __init__(self, reader, fact, found):
        self.reader, self.fact, self.code, self.found = reader, fact, reader.code, found

    @property
    def score_num(self):
        return self.found[0] if self.found else None

    @property
    def score_den(self):
        return self.found[1] * self.reader.base if self.found else None

    @property
    def name(self):
        return self.reader.part.name

    @property
    def missing(self):
        return self.found is None

    @property
    def taken(self):
        """False for a part that need not be taken and was not."""
        return self.found is not NOT_TAKEN

    @property
    def rounded(self):
        return None if not self.found else self.reader.rounding.round(self.score_num, self.score_den)

    @property
    def text(self):
        return self.reader.shown(*self.found) if self.found else ""

    @property
    def judges(self) -> tuple[JudgeResult, ...]:
        return self.reader.judges(self.fact)

    @property
    def used(self):
        return sum(judge.use in COUNTED for judge in self.judges)

    def to_json(self):
        exact = None if not self.found else lowest(self.score_num, self.score_den)
        return {"score": self.text, "exact": exact,
                "judges": [[judge.judge, judge.total, judge.use] for judge in self.judges]}


class StepResult:
    """One derived figure of one entry; `exact` is (numerator, denominator), or None where it has none."""

    __slots__ = ("run", "step", "index")

    def __init__(self, run, step, index):
        self.run, self.step, self.index = run, step, index

    @property
    def name(self):
        return self.step.name

    @property
    def exact(self):
        return self.run.figures.at(self.step.code, self.index)

    @property
    def text(self):
        return text_of(self.step, self.exact, max(4, self.run.rounding.places)) if self.exact else ""

    def to_json(self):
        return {"text": self.text, "exact": self.exact and list(self.exact)}


class Standing:
    """`place` as it is shown, half a place too (a Fraction) where places are shared by their mean; `rank` as 1224, for cut-offs."""

    __slots__ = ("run", "index", "status", "place", "shared", "undecided", "outside_place", "rank", "fact", "entry")

    def __init__(self, run, index, status, place, shared=False, undecided=False, outside_place=None, rank=None):
        self.run, self.index, self.status, self.place = run, index, status, place
        self.shared, self.undecided, self.outside_place = shared, undecided, outside_place
        self.rank = place if rank is None else rank
        self.fact = run.entries[index]
        self.entry = self.fact.entry

    @property
    def number(self):
        return self.fact.number

    @property
    def entry_status(self):
        return self.fact.status

    @property
    def score(self) -> int | None:
        return self.run.scores.get(self.index)

    @property
    def scale(self):
        return self.run.scale

    def figure(self, code: str) -> Fraction | None:
        """A part, a step, part/criterion or an imported figure, exactly; None where the entry has no such figure."""
        return self.run.figures.of(code).get(self.index)

    @property
    def score_text(self) -> str:
        score = self.score
        return "" if score is None else self.run.rounding.format(score)

    @property
    def exact(self) -> tuple[int, int] | None:
        return self.run.exact_at(self.index)

    @property
    def exact_fraction(self) -> Fraction | None:
        return None if self.exact is None else Fraction(*self.exact)

    @property
    def place_text(self) -> str:
        if self.place is not None:
            return f"并列第 {place_figure(self.place)} 名" if self.shared else f"第 {place_figure(self.place)} 名"
        if self.outside_place is not None:
            return f"不计名次（相当于第 {self.outside_place} 名）"
        return STATUSES[self.status].label_zh

    @property
    def parts(self) -> dict[str, PartResult]:
        if self.index not in self.run.results:
            return {}
        results = self.run.results[self.index]
        if results is None:
            results = [reader.read(self.fact) for reader in self.run.readers]
        return {reader.code: PartResult(reader, self.fact, found) for reader, found in zip(self.run.readers, results)}

    @property
    def steps(self) -> dict[str, "StepResult"]:
        """Every figure worked out for the entry, in the order of the scheme."""
        if self.index not in self.run.results:
            return {}
        return {step.code: StepResult(self.run, step, self.index) for step in self.run.scheme.steps}

    @property
    def penalty(self) -> int:
        return sum(taken.units for taken in self.fact.penalties)

    @property
    def penalties(self) -> tuple[tuple[int, str], ...]:
        """(units, words) of each: among several parts the words begin with the one it was given in."""
        parts = self.run.scheme.parts if len(self.run.scheme.parts) > 1 else ()
        names = {part.code: part.name for part in parts}
        return tuple((units, "：".join(filter(None, (names.get(part, ""), reason)))) for units, reason, part in self.fact.penalties)

    @property
    def tie_steps(self) -> tuple[tuple[str, str, bool], ...]:
        return reasons.tie_steps(self)

    @property
    def is_tied(self) -> bool:
        """Whether the tie chain had a say in the place."""
        return self.index in self.run.steps

    @property
    def reason(self) -> str:
        return reasons.reason(self)

    def points(self, places):
        """The exact total with another number of decimals, or an empty text."""
        return format_ratio(*self.exact, places) if self.exact else ""

    def to_json(self):
        """Plain data; a place is an int, or a text such as "2.5", and "rank" is there when it may differ from the place."""
        place = self.place if self.place is None or isinstance(self.place, int) else place_figure(self.place)
        found = {"entry": self.entry, "number": self.number, "status": self.status, "place": place,
                 "shared": self.shared, "outside_place": self.outside_place, "score": self.score_text,
                 "exact": lowest(*self.exact) if self.exact else None, "penalty": self.penalty,
                 "parts": {code: part.to_json() for code, part in self.parts.items()}, "reason": self.reason}
        if self.run.scheme.steps:
            found["steps"] = {code: step.to_json() for code, step in self.steps.items()}
        if self.run.scheme.ranking in ("dense", "mean", "modified"):
            found["rank"] = self.rank
        return found

    def __repr__(self):
        return f"<Standing {self.number} {self.place_text} {self.score_text}>"
