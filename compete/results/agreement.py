"""评委一致性分析: the engine's statistics about judges, made ready for a page. They are shown to people and decide nothing."""

from fractions import Fraction
from typing import NamedTuple

import scoring
from compete.contests import schemes
from compete.results import reading
from compete.results.facts import Board
from scoring.judges.intervals import text

LISTED = 30  # changes listed one by one
AT_ONCE = 200_000  # sheets to be read again, about a second: above it, one judge at a time is left out


class Whisker(NamedTuple):
    """A judge's shift on the common axis: places from the left in percent, as SVG takes them."""

    name: str
    figure: str
    at: str
    low: str
    high: str
    has_range: bool
    lean: str  # high, low, or empty: nothing to see


class Row(NamedTuple):
    """One judge: three sentences, and the short words for those that deserve a second look."""

    name: str
    sheets: int
    sentences: tuple[tuple[str, str, bool], ...]


class Left(NamedTuple):
    """What changes without one judge; the lists name at most LISTED entries."""

    name: str
    places: int
    awards: int
    has_changes: bool
    sentence: str
    place_lines: tuple[str, ...]
    award_lines: tuple[str, ...]


class Analysis(NamedTuple):
    agreements: tuple
    whiskers: list[Whisker]
    ticks: list[tuple[str, str]]
    rows: list[Row]
    drift: scoring.Finding
    left: list[Left]
    choices: list[tuple[int, str]]
    striking: list[str]
    waiting: int


def analyse(board: Board, part_code: str, without: int | None = None) -> Analysis:
    """All figures of one judged part. The board carries the marks a tie may ask for (`facts.even_board`).

    Of a large field every judge takes seconds to leave out: then `choices` lists them, and only the judge `without` is.
    """
    runs = reading.running_orders(next(part.id for part in schemes.ranked_stage(board.event).parts if part.code == part_code))
    profiles = scoring.judge_profiles(board.scheme, board.facts, part_code, runs)
    drift = scoring.panel_drift(board.scheme, board.facts, part_code, runs)
    whiskers, ticks = _whiskers(profiles)
    here = [profile.judge for profile in profiles]
    large = len(here) * sum(profile.sheets for profile in profiles) > AT_ONCE
    lines = scoring.without_judges(board.scheme, board.facts, board.outcome, vacancies=board.event.rules.get("vacancies") or {},
                                   judges=[judge for judge in here if judge == without] if large else here)  # fmt: skip
    choices = [(profile.judge, profile.name) for profile in profiles] if large else []
    found = [finding.sentence for profile in profiles for finding in (profile.shift, profile.spread, profile.drift) if finding.stands_out]
    found += [drift.sentence] if drift.stands_out else []
    found += [line.sentence for line in lines if line.awards or line.lost or line.open]
    waiting = sum(standing.status == "incomplete" for standing in board.outcome.standings)
    return Analysis(scoring.agreement(board.scheme, board.facts, part_code), whiskers, ticks, [_row(profile) for profile in profiles],
                    drift, [_left(board, line) for line in lines], choices, found, waiting)  # fmt: skip


def _row(profile):
    findings = (("宽严", profile.shift), ("拉分", profile.spread), ("前后", profile.drift))
    return Row(profile.name, profile.sheets, tuple((word, finding.sentence, finding.stands_out) for word, finding in findings))


def _whiskers(profiles):
    """Judges from severe to lenient on one axis with zero in its middle, and the axis's ticks [(percent, points)]."""
    known = [(profile.name, profile.shift) for profile in profiles if profile.shift.figure]
    if not known:
        return [], []
    most = max(max(abs(finding.figure.value), *map(abs, (finding.figure.low or 0, finding.figure.high or 0))) for _, finding in known)
    reach = _round_reach(most)

    def x(value) -> str:
        return f"{50 + max(-1, min(1, value / reach)) * 46:.2f}%"

    found = []
    for name, finding in sorted(known, key=lambda pair: pair[1].figure.value):
        value, low, high, *_ = finding.figure
        has_range = low is not None
        lean = ("high" if value > 0 else "low") if finding.figure.is_apart else ""
        figure = ("+" if value > 0 else "") + text(value)
        found.append(Whisker(name, figure, x(float(value)), x(low if has_range else 0), x(high if has_range else 0), has_range, lean))
    places = 0 if reach >= 2 else 1 if reach >= 0.2 else 2
    ticks = [(x(reach * step), ("+" if step > 0 else "") + text(reach * step, places if step else 0)) for step in (-1, -0.5, 0, 0.5, 1)]
    return found, ticks


def _round_reach(most) -> float:
    """The least of 1, 2, 4, 10 times a power of ten that holds the widest range."""
    unit = 0.1
    while True:
        for times in (1, 2, 4):
            if most <= unit * times:
                return unit * times
        unit *= 10


def _left(board: Board, line: scoring.Without) -> Left:
    labels = board.labels

    def called(change):
        label = labels[change.entry]
        return label.heading.rstrip()

    places = tuple(f"{called(change)}：第 {_place(change.before)} 名 → 第 {_place(change.after)} 名" for change in line.places[:LISTED])
    awards = tuple(f"{called(change)}：{change.before or '未获奖'} → {change.after or '未获奖'}" for change in line.awards[:LISTED])
    return Left(line.name, len(line.places), len(line.awards), line.changes, line.sentence, places, awards)


def _place(place: int | Fraction) -> str:
    return text(place, 0 if Fraction(place).denominator == 1 else 1)
