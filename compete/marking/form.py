"""The judge's form as texts and numbers: one card per criterion that takes a mark. Page and preview are made from this."""

from typing import NamedTuple

import scoring
from scoring import UNIT, WHOLE, format_percent, format_points
from scoring.parts.measures import MARK_KINDS

# Kinds of marks that the tablet can enter and add up; "points" with a minimum of 0 or more. Others come with a file of figures.
LEVEL_WORDS = {"judgement": ("低于标准", "达到标准", "部分超出", "优秀"), "yes_no": ("否", "是"), "vote": ("反对", "赞成")}
LEVELS = ((95, "优秀"), (80, "良好"), (60, "合格"))  # quick values where the rubric has no anchors, in percent of the maximum


class Value(NamedTuple):
    units: int
    points: str
    text: str


class Card(NamedTuple):
    code: str
    name: str
    group: str  # names of the nodes above, "" for a top criterion
    description: str
    minimum: int
    maximum: int
    step: int
    range: str
    note: str
    anchors: tuple[Value, ...]
    quick: tuple[Value, ...]
    levels: bool = False  # what is noted is the number of a level; its words are those of `quick`
    shared: bool = False  # one mark for the whole panel: it may stand on another judge's sheet


def cards(part: scoring.Part) -> list[Card]:
    """One card per leaf, in the order of the rubric."""
    return [_card(leaf, group, weight)._replace(shared=leaf.team) for top in part.criteria for leaf, group, weight in _leaves(top, "", top.weight)]


def _leaves(node: scoring.Criterion, group: str, weight: int | None):
    """(leaf, names above it, its weight in the whole where that is its own setting)."""
    if node.is_leaf:
        yield node, group, weight
    for child in node.children:
        yield from _leaves(child, f"{group} · {node.name}" if group else node.name, None)


def refused(leaf: scoring.Criterion) -> str:
    """Why the tablet cannot take a mark of this criterion, in words; empty if it can."""
    if leaf.kind not in ("points", *LEVEL_WORDS):
        return f"打分方式是“{MARK_KINDS[leaf.kind].label_zh}”"
    if leaf.kind == "points" and leaf.minimum < 0:
        return f"最低分是负数（{format_points(leaf.minimum)}）"
    return "设有单项上限" if leaf.cap is not None else ""


def _card(leaf: scoring.Criterion, group: str, weight: int | None) -> Card:
    if leaf.kind in LEVEL_WORDS:
        return _levels(leaf, group)
    anchors = tuple(Value(units, format_points(units), text) for units, text in leaf.anchors)
    span = f"满分 {format_points(leaf.maximum)}"
    if leaf.minimum:
        span = f"{format_points(leaf.minimum)}–{format_points(leaf.maximum)} 分"
    # A maximum of 25 with a weight of 25 % says the same twice.
    note = f"权重 {format_percent(weight)}%" if weight and weight * UNIT != leaf.maximum * (WHOLE // 100) else ""
    return Card(
        leaf.code, leaf.name, group, leaf.description, leaf.minimum, leaf.maximum, leaf.step, span, note, anchors, _quick(leaf),
    )  # fmt: skip


def _levels(leaf: scoring.Criterion, group: str) -> Card:
    """A few levels, each one touch: what is noted is the level, what it is worth follows from the full mark."""
    words = LEVEL_WORDS[leaf.kind]
    quick = tuple(Value(level * UNIT, str(level), words[level]) for level in range(len(words) - 1, -1, -1))
    span = f"{MARK_KINDS[leaf.kind].label_zh} · 满分 {format_points(leaf.maximum)}"
    return Card(leaf.code, leaf.name, group, leaf.description, 0, (len(words) - 1) * UNIT, UNIT, span, "", (), quick, levels=True)


def _quick(leaf: scoring.Criterion) -> tuple[Value, ...]:
    """Three marks one touch away: of the rubric's anchors, or usual levels; never one that may not be given."""
    given = [(units, text) for units, text in leaf.anchors if scoring.check_mark(leaf, units) is None]
    if len(given) > 3:  # the highest, the lowest, and the one in the middle
        given = [given[0], given[len(given) // 2], given[-1]]
    if not given:
        given = [(_nearest(leaf, leaf.minimum + (leaf.maximum - leaf.minimum) * percent // 100), text) for percent, text in LEVELS]
    seen = dict(reversed(given))  # a coarse step can make two levels one
    return tuple(Value(units, format_points(units), _short(seen[units])) for units in sorted(seen, reverse=True))


def _nearest(leaf: scoring.Criterion, units: int) -> int:
    steps = (2 * (units - leaf.minimum) + leaf.step) // (2 * leaf.step)
    found = leaf.minimum + steps * leaf.step
    return found if found <= leaf.maximum else found - leaf.step


def _short(text: str) -> str:
    """The first words of an anchor, to stand on a button."""
    for mark in "：:，,；;。（( ":
        text = text.split(mark)[0]
    return text if len(text) <= 6 else text[:5] + "…"
