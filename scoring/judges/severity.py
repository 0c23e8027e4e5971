"""Each judge beside the others: severity, drift over the running order, use of the range; each with a sentence.

All three compare a judge with the other judges of the same entries, never with the panel's mean that contains the judge:
with three judges that mean would hide a third of every deviation.
"""

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import lcm, sqrt
from typing import NamedTuple

from ..facts import Facts
from ..scheme import Scheme
from .intervals import Interval, mean_interval, slope_interval, text
from .judged import Judged, judged, places_in, residuals

FEWEST, FEW = 3, 8
NARROW, WIDE = Fraction(2, 3), Fraction(3, 2)
SMALL = Fraction(1, 10)  # of the entries' own spread: a shift below it hardly moves anybody

Runs = Sequence[Sequence[int]]


class Finding(NamedTuple):
    """A figure with its interval where there is one; stands_out: it deserves a second look, even among so many judges."""

    figure: Interval | None
    stands_out: bool
    sentence: str


class JudgeProfile(NamedTuple):
    """shift in points; spread: own standard deviation over that of the others; drift in points per entry."""

    judge: int
    name: str
    sheets: int
    shift: Finding
    spread: Finding
    drift: Finding


def judge_profiles(scheme: Scheme, facts: Facts, part_code: str, runs: Runs = ()) -> tuple[JudgeProfile, ...]:
    """One line per judge, by judge id. runs: the running order of each session, as entry ids."""
    table = judged(scheme, facts, part_code)
    beside, over = residuals(table)
    spreads, worth, places = _spreads(table), _worth(table), places_in(runs)
    return tuple(
        JudgeProfile(judge, table.name(judge), sum(judge in totals for totals in table.totals.values()),
                     _shift(table, judge, beside.get(judge, {}), over, worth), _spread(_called(table, judge), spreads.get(judge)),
                     _drift(_called(table, judge), _series(beside.get(judge, {}), places), over, len(table.judges)))
        for judge in table.judges)


def panel_drift(scheme: Scheme, facts: Facts, part_code: str, runs: Runs) -> Finding:
    """Whether later entries get higher marks from everybody: with a drawn order they should not.

    Each judge's own level in the session is taken off first, so that a recusal or a substitute makes no step.
    """
    table, places = judged(scheme, facts, part_code), places_in(runs)
    given = {}
    for entry, totals in table.totals.items():
        for judge, total in totals.items() if entry in places else ():
            given.setdefault((places[entry][0], judge), []).append(total)
    counts = lcm(*{len(totals) for totals in given.values()})
    level = {key: sum(totals) * (counts // len(totals)) for key, totals in given.items()}
    sizes = lcm(*{len(totals) for totals in table.totals.values()})
    above = {entry: (sum(totals.values()) * counts - sum([level[places[entry][0], judge] for judge in totals]))
             * (sizes // len(totals)) for entry, totals in table.totals.items() if entry in places}
    return _drift("全体评委的平均分", _series(above, places), table.bottom * counts * sizes)


def _worth(table: Judged) -> float | None:
    """The standard deviation of the entries' means, in points."""
    means = [Fraction(sum(totals.values()), len(totals)) for totals in table.totals.values()]
    if len(means) < FEWEST:
        return None
    middle = sum(means) / len(means)
    return sqrt(sum((mean - middle) ** 2 for mean in means) / (len(means) - 1)) / table.bottom


def _shift(table, judge, marks, over, worth):
    name, found = _called(table, judge), mean_interval(list(marks.values()), over)
    if found is None:
        return Finding(None, False, f"{name}评的各项没有别的评委，无从比较")
    way = "高" if found.value > 0 else "低"
    head = f"{name}平均比其他评委{way} {text(abs(found.value))} 分" if found.value else f"{name}平均与其他评委一样高"
    if len(marks) < FEWEST:
        return Finding(found, False, f"{head}；只有 {len(marks)} 项，不足以下结论")
    head += f"（95% 区间 {text(found.low)} 至 {text(found.high)}）"
    if not found.is_apart:
        return Finding(found, False, f"{head}，看不出{_lean(table, None)}")
    small = worth is not None and abs(found.value) < SMALL * Fraction(worth)
    words = f"，{_lean(table, way)}" + ("，但幅度很小" if small else "") + _few(len(marks))
    return Finding(found, not small and found.is_apart_among(len(table.judges)), head + words)


def _lean(table, way):
    """Severe or lenient; where low marks are good ones (places, times), only higher or lower."""
    if table.part.panel.better == "low":
        return "偏高或偏低" if way is None else f"偏{way}"
    return {"高": "偏宽", "低": "偏严", None: "偏严或偏宽"}[way]


def _called(table, judge):
    """The name as a sentence begins with it: figures and letters are set off from the words."""
    name = table.name(judge)
    return f"{name} " if name[-1:].isascii() else name


def _few(count):
    return "；项数少，仅供参考" if count < FEW else ""


def _spreads(table: Judged) -> dict[int, tuple[int, float, float] | None]:
    """{judge: (entries, own standard deviation, the others' on the same entries)}; None with too few entries.

    The others' is the root of their mean variance, each judge counted over the entries both marked.
    """
    pairs = {}
    for count, sums in _by_panel(table):
        for one, two in permutations(sums, 2):
            pair = pairs.setdefault((one, two), [0, 0, 0, 0, 0])
            for at, figure in enumerate((count, *sums[one], *sums[two])):
                pair[at] += figure
    found = {}
    for (one, _), (count, own, squares, other, other_squares) in pairs.items():
        if count >= FEWEST:
            mine = found.setdefault(one, [0, Fraction(0), Fraction(0), 0])
            mine[0] = max(mine[0], count)
            mine[1] += Fraction(squares * count - own * own, count)
            mine[2] += Fraction(other_squares * count - other * other, count)
            mine[3] += count - 1
    return {judge: (count, sqrt(own / freedom) / table.bottom, sqrt(other / freedom) / table.bottom)
            for judge, (count, own, other, freedom) in found.items()}


def _by_panel(table):
    """(entries, {judge: (sum of totals, sum of their squares)}) for each set of judges who marked the same entries."""
    panels = {}
    for totals in table.totals.values():
        panels.setdefault(frozenset(totals), []).append(totals)
    for judges, rows in panels.items():
        yield len(rows), {judge: (sum([row[judge] for row in rows]), sum([row[judge] ** 2 for row in rows])) for judge in judges}


def _spread(name, found):
    if found is None:
        return Finding(None, False, f"{name}与别人共同评的不足 {FEWEST} 项，看不出拉分的幅度")
    count, own, other = found
    if not other:
        return Finding(None, False, f"其他评委对各项打分相同，{name} 的拉分幅度无从比较")
    ratio = Fraction(own) / Fraction(other)
    figures = f"标准差 {text(own)}，其他评委 {text(other)}"
    if ratio < NARROW:
        words = f"{name}的分数拉得不开（{figures}），对名次的影响比别人小"
    elif ratio > WIDE:
        words = f"{name}的分数拉得很开（{figures}），对名次的影响比别人大"
    else:
        words = f"{name}拉分的幅度与其他评委相近（{figures}）"
    return Finding(Interval(ratio, None, None), not NARROW <= ratio <= WIDE and count >= FEW, words + _few(count))


def _series(figures, places):
    """One list of (turn, figure) per session, of the entries whose turn is known."""
    found = {}
    for entry, figure in figures.items():
        if entry in places:
            run, turn = places[entry]
            found.setdefault(run, []).append((turn, figure))
    return [sorted(series) for series in found.values()]


def _drift(name, series, over, judges=0):
    """judges: how many are looked at side by side; none for the panel as a whole."""
    count = sum(map(len, series))
    if not count:
        return Finding(None, False, f"没有出场顺序，看不出{name}前后是否一致")
    found = slope_interval(series, over)
    if found is None or found.low is None or count < FEWEST + 1:
        return Finding(None, False, f"{name if judges else ''}有出场顺序的只有 {count} 项，看不出前后是否一致")
    length = max(run[-1][0] - run[0][0] for run in series)
    whole = f"95% 区间 {text(found.low * length)} 至 {text(found.high * length)}，每项 {text(found.value, 3)} 分"
    if not found.is_apart:
        return Finding(found, False, f"{name}前后尺度看不出变化（从第一项到最后一项 {text(found.value * length)} 分，{whole}）")
    way, other = "高" if found.value > 0 else "低", "相对其他评委" if judges else ""
    return Finding(found, found.is_apart_among(judges),
                   f"{name}{other}越往后打得越{way}，从第一项到最后一项约{way} {text(abs(found.value) * length)} 分（{whole}）{_few(count)}")
