"""A standing: one line of the result with every figure behind it, worked out when it is asked for."""

from fractions import Fraction

from . import reasons
from .catalogue import STATUSES
from .numbers import format_ratio
from .parts import JudgeResult


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
        return self.found and self.found[0]

    @property
    def score_den(self):
        return self.found and self.found[1] * self.reader.base

    @property
    def name(self):
        return self.reader.part.name

    @property
    def missing(self):
        return self.found is None

    @property
    def rounded(self):
        return None if self.missing else self.reader.rounding.round(self.score_num, self.score_den)

    @property
    def text(self):
        return self.reader.shown(*self.found) if self.found else ""

    @property
    def judges(self) -> tuple[JudgeResult, ...]:
        return self.reader.judges(self.fact)

    @property
    def used(self):
        return sum(judge.use == "used" for judge in self.judges)

    def to_json(self):
        exact = None if self.missing else lowest(self.score_num, self.score_den)
        return {"score": self.text, "exact": exact,
                "judges": [[judge.judge, judge.total, judge.use] for judge in self.judges]}


class Standing:
    __slots__ = ("run", "index", "status", "place", "shared", "undecided", "outside_place", "fact", "entry")

    def __init__(self, run, index, status, place, shared=False, undecided=False, outside_place=None):
        self.run, self.index, self.status, self.place = run, index, status, place
        self.shared, self.undecided, self.outside_place = shared, undecided, outside_place
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

    @property
    def score_text(self) -> str:
        score = self.score
        return "" if score is None else self.run.rounding.format(score)

    @property
    def exact(self) -> tuple[int, int] | None:
        total = self.run.exact.get(self.index)
        return None if total is None else (total, self.run.denominator)

    @property
    def exact_fraction(self) -> Fraction | None:
        return None if self.exact is None else Fraction(*self.exact)

    @property
    def place_text(self) -> str:
        if self.place is not None:
            return f"并列第 {self.place} 名" if self.shared else f"第 {self.place} 名"
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
    def penalty(self) -> int:
        return sum(units for units, reason in self.fact.penalties)

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
        return {"entry": self.entry, "number": self.number, "status": self.status, "place": self.place,
                "shared": self.shared, "outside_place": self.outside_place, "score": self.score_text,
                "exact": lowest(*self.exact) if self.exact else None, "penalty": self.penalty,
                "parts": {code: part.to_json() for code, part in self.parts.items()}, "reason": self.reason}

    def __repr__(self):
        return f"<Standing {self.number} {self.place_text} {self.score_text}>"
