"""The judges of a tally: all statistics about them, and their plain form for programs. They are shown and decide nothing."""

from fractions import Fraction
from typing import NamedTuple

from ..judges.agreement import Agreement, agreement
from ..judges.severity import Finding, JudgeProfile, judge_profiles, panel_drift
from ..judges.without import Without, without_judges
from ..numbers import format_ratio
from ..parts.alarms import Alarm, alarms
from ..ranking.order import place_figure
from ..scheme import Part
from .alarmed import apart, figure_text
from .result import Worked

PLACES, FINE = 4, 6  # decimals of a figure; of a chance and of points per entry, which are small


class JudgedPart(NamedTuple):
    """`alarms`: spreads that have no re-review yet."""

    part: Part
    agreement: tuple[Agreement, ...]
    profiles: tuple[JudgeProfile, ...]
    drift: Finding
    alarms: tuple[Alarm, ...]


class Judges(NamedTuple):
    """`without` is of the whole result: a judge is left out of every part."""

    parts: tuple[JudgedPart, ...]
    without: tuple[Without, ...]


def statistics(worked: Worked, *, in_order: bool = False) -> Judges:
    """in_order: the entries stand in the file in the order in which they appeared; without it nothing is said of drift."""
    scheme, facts = worked.tally.scheme, worked.tally.facts
    runs = ([entry.entry for entry in facts.entries],) if in_order else ()
    waiting = alarms(worked.outcome)
    parts = tuple(
        JudgedPart(part, agreement(scheme, facts, part.code), judge_profiles(scheme, facts, part.code, runs),
                   panel_drift(scheme, facts, part.code, runs), tuple(alarm for alarm in waiting if alarm.part == part.code))
        for part in scheme.parts if part.kind == "judged")
    return Judges(parts, without_judges(scheme, facts, worked.outcome, vacancies=worked.tally.vacancies))


def judges(worked: Worked, found: Judges | None = None, *, in_order: bool = False) -> dict:
    """`found` as texts, ints and lists. Figures have fixed places, so that the last bits of a machine's logarithm do not show."""
    found, codes = found or statistics(worked, in_order=in_order), worked.tally.judges
    return {"parts": [_part(part, codes) for part in found.parts], "without": [_without(line, codes) for line in found.without]}


def decimal(value, places: int = PLACES) -> str | None:
    """A fraction or a float as a decimal text; null for none."""
    return None if value is None else format_ratio(*Fraction(value).as_integer_ratio(), places)


def _part(found, codes):
    return {"code": found.part.code, "name": found.part.name, "agreement": [_agreement(one, codes) for one in found.agreement],
            "judges": [{"judge": codes[one.judge], "name": one.name, "sheets": one.sheets, "shift": _finding(one.shift),
                        "spread": _finding(one.spread), "drift": _finding(one.drift, FINE)} for one in found.profiles],
            "drift": _finding(found.drift, FINE),
            "alarms": [{"number": one.number, "criterion": one.criterion, "low": figure_text(Fraction(*one.low)), "low_judge": codes[one.low_judge],
                        "high": figure_text(Fraction(*one.high)), "high_judge": codes[one.high_judge], "apart": figure_text(apart(one))}
                       for one in found.alarms]}


def _agreement(one, codes):
    related = one.correlation
    return {"judges": [codes[judge] for judge in one.judges], "entries": one.entries, "left_out": one.left_out, "w": decimal(one.w),
            "chance": decimal(one.chance, FINE), "w_sentence": one.w_sentence,
            "correlation": related and {"kind": related.kind, "single": decimal(related.single), "mean": decimal(related.mean),
                                        "size": decimal(related.size)},
            "correlation_sentence": one.correlation_sentence}


def _finding(one, places=PLACES):
    value, low, high = one.figure[:3] if one.figure else (None, None, None)
    return {"value": decimal(value, places), "low": decimal(low, places), "high": decimal(high, places), "stands_out": one.stands_out,
            "sentence": one.sentence}


def _without(line, codes):
    return {"judge": codes[line.judge], "name": line.name, "sheets": line.sheets, "changes": line.changes,
            "places": [{"number": one.number, "before": _place(one.before), "after": _place(one.after)} for one in line.places],
            "awards": [{"number": one.number, "before": one.before, "after": one.after} for one in line.awards],
            "lost": list(line.lost), "open": line.open, "sentence": line.sentence}


def _place(place):
    return place if isinstance(place, int) else place_figure(place)
