"""How far judges agree: Kendall's W over their rankings and the intraclass correlation of their marks, with sentences.

W with correction for ties: Kendall & Babington Smith 1939; Siegel 1956, ch. 9. ICC: Shrout & Fleiss 1979; for panels that differ
from entry to entry the one-way form with the mean group size n0 (Snedecor & Cochran 1967, 10.20).
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from ..facts import Facts
from ..scheme import Scheme
from .intervals import chi_square_tail, text
from .judged import Judged, judged

FEWEST, FEW, PANELS = 3, 8, 12

# from which value on -> words; W after the usual reading of 0.1 steps, ICC after Koo & Li 2016
W_WORDS = ((0.9, "非常一致"), (0.7, "很一致"), (0.5, "大体一致"), (0.3, "不太一致"), (0, "很不一致"))
ICC_WORDS = ((0.9, "很高"), (0.75, "较高"), (0.5, "中等"), (0, "偏低"))


class Correlation(NamedTuple):
    """How much of the differences between marks are differences between entries: for one judge, and for the panel's mean."""

    kind: str
    single: Fraction
    mean: Fraction
    size: Fraction


class Agreement(NamedTuple):
    """Of the judges who marked the same entries. `entries` were marked by all of them; `chance`: that W arises by luck."""

    judges: tuple[int, ...]
    entries: int
    left_out: int
    w: Fraction | None
    chance: float | None
    correlation: Correlation | None
    w_sentence: str
    correlation_sentence: str


def kendall_w(rows: Sequence[Sequence[int]]) -> Fraction | None:
    """W of a full table (rows: entries, columns: judges): 1 = all rank alike, 0 = no agreement; None where nobody ranks."""
    entries, judges = len(rows), len(rows[0]) if rows else 0
    if entries < 2 or judges < 2:
        return None
    sums, ties = [0] * entries, 0
    for column in zip(*rows):
        ranks, tied = _twice_ranks(column)
        sums = [one + two for one, two in zip(sums, ranks)]
        ties += tied
    middle = judges * (entries + 1)
    above = 3 * sum((twice - middle) ** 2 for twice in sums)  # 12 Σ(R − mean)², ranks counted in halves
    below = judges * judges * (entries ** 3 - entries) - judges * ties
    return Fraction(above, below) if below else None


def _twice_ranks(values):
    """(twice the mean ranks, Σ(t³ − t) over ties)"""
    counts, twice, seen, ties = Counter(values), {}, 0, 0
    for value in sorted(counts):
        count = counts[value]
        twice[value] = 2 * seen + count + 1
        seen, ties = seen + count, ties + count ** 3 - count
    return [twice[value] for value in values], ties


def icc_two_way(rows: Sequence[Sequence[int]]) -> Correlation | None:
    """ICC(2,1) and ICC(2,k) of a full table: judges are a sample, and being severe counts as disagreement."""
    n, k = len(rows), len(rows[0]) if rows else 0
    if n < 2 or k < 2:
        return None
    total = Fraction(sum(map(sum, rows)) ** 2, n * k)
    of_rows = Fraction(sum(sum(row) ** 2 for row in rows), k) - total
    of_columns = Fraction(sum(sum(column) ** 2 for column in zip(*rows)), n) - total
    rest = sum(value * value for row in rows for value in row) - total - of_rows - of_columns
    between, judges, error = of_rows / (n - 1), of_columns / (k - 1), rest / ((n - 1) * (k - 1))
    return _correlation("ICC(2,1)", between - error, (k - 1) * error + Fraction(k, n) * (judges - error), between,
                        (judges - error) / n, Fraction(k))


def icc_one_way(rows: Sequence[Sequence[int]]) -> Correlation | None:
    """ICC(1,1) and ICC(1,k) of rows of any length: works whoever marked which entry."""
    rows = [row for row in rows if row]
    n, count = len(rows), sum(map(len, rows))
    if n < 2 or count <= n:
        return None
    squares = sum(Fraction(sum(row) ** 2, len(row)) for row in rows)
    between = (squares - Fraction(sum(map(sum, rows)) ** 2, count)) / (n - 1)
    within = (sum(value * value for row in rows for value in row) - squares) / (count - n)
    size = (count - Fraction(sum(len(row) ** 2 for row in rows), count)) / (n - 1)
    return _correlation("ICC(1,1)", between - within, (size - 1) * within, between, Fraction(0), size)


def _correlation(kind, signal, noise, between, shift, size):
    """single = signal / (between + noise), mean = signal / (between + shift); None where all marks are equal."""
    if between + noise == 0 or between + shift == 0:
        return None
    return Correlation(kind, signal / (between + noise), signal / (between + shift), size)


def agreement(scheme: Scheme, facts: Facts, part_code: str) -> tuple[Agreement, ...]:
    """One line per panel of at least FEWEST entries, largest first; with several panels a line over all comes first."""
    table, panels = judged(scheme, facts, part_code), {}
    for entry, panel in table.panels.items():
        panels.setdefault(panel, []).append(entry)
    large = sorted((entries for entries in panels.values() if len(entries) >= FEWEST), key=lambda entries: (-len(entries), entries))
    if len(panels) == 1:
        return (_of_panel(table, list(table.totals)),)
    return (_over_all(table, len(panels)), *[_of_panel(table, entries) for entries in large[:PANELS]]) if panels else ()


def _of_panel(table: Judged, entries: list[int]) -> Agreement:
    judges = sorted({judge for entry in entries for judge in table.totals[entry]})
    full = [entry for entry in entries if len(table.totals[entry]) == len(judges)]
    rows = [[table.totals[entry][judge] for judge in judges] for entry in full]
    left = len(entries) - len(full)
    w = kendall_w(rows) if len(rows) >= FEWEST else None
    chance = None if w is None else chi_square_tail(float(len(judges) * (len(rows) - 1) * w), len(rows) - 1)
    found, why = _correlated(table, entries, rows)
    return Agreement(tuple(judges), len(rows), left, w, chance, found, _w_sentence(len(judges), len(rows), left, w, chance),
                     _correlation_sentence(found, len(judges), len(entries), why))


def _correlated(table, entries, rows):
    """The two-way model tells severity from chance and needs a full table; it is used where at most a fifth falls out."""
    if len(entries) < FEWEST:
        return None, ""
    if len(rows) == len(entries):
        return icc_two_way(rows), "各评委评了全部对象，按双因素随机模型计算"
    if len(rows) >= FEWEST and len(rows) * 5 >= len(entries) * 4:
        return icc_two_way(rows), f"按评委都打了分的 {len(rows)} 项、双因素随机模型计算"
    return icc_one_way([list(table.totals[entry].values()) for entry in entries]), "回避或缺席较多，按单因素模型计算"


def _over_all(table, panels):
    judges, entries = table.judges, len(table.totals)
    found = icc_one_way([list(totals.values()) for totals in table.totals.values()]) if entries >= FEWEST else None
    words = f"全部 {entries} 项由 {panels} 种不同的评委组评分，名次的一致性只能在同一组内比较"
    return Agreement(tuple(judges), 0, entries, None, None, found, words,
                     _correlation_sentence(found, len(judges), entries, "各对象的评委不同，按单因素模型计算"))


def _w_sentence(judges, entries, left, w, chance):
    who, rest = f"{judges} 位评委", f"；另有 {left} 项缺某位评委的打分，未计入" if left else ""
    if judges < 2:
        return f"只有 {judges} 位评委，谈不上是否一致"
    if entries < FEWEST:
        return f"{who}共同评过的只有 {entries} 项，看不出名次是否一致"
    if w is None:
        return f"{who}对 {entries} 项都打了同样的分，排不出名次"
    found = f"{who}对 {entries} 项排出的名次{_word(W_WORDS, w)}（W = {text(w)}）"
    if chance < 0.01:
        found += "，几乎不可能是偶然"
    else:
        found += "，不像是偶然" if chance < 0.05 else "，也可能出于偶然"
    return found + ("；项数少，仅供参考" if entries < FEW else "") + rest


def _correlation_sentence(found, judges, entries, why):
    if judges < 2:
        return "只有 1 位评委，无法与他人比较"
    if found is None:
        return f"只有 {entries} 项，分数是否可靠还无从判断" if entries < FEWEST else "各项分数没有差别，或没有两位评委评同一项，无从判断"
    few = "；项数少，仅供参考" if entries < FEW else ""
    kind = found.kind.replace(",1", ",k")
    if found.single < 0:
        return f"各评委的分数几乎没有共同之处（{found.kind} = {text(found.single)}），分不出各项的高低；{why}{few}"
    size = f"{text(found.size, 1).removesuffix('.0')} 位评委平均"
    return (f"分数的可靠性：单个评委{_word(ICC_WORDS, found.single)}（{found.kind} = {text(found.single)}），"
            f"{size}之后{_word(ICC_WORDS, found.mean)}（{kind} = {text(found.mean)}）；{why}{few}")


def _word(words, value):
    return next(word for least, word in words if value >= least)
