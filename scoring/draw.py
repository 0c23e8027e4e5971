"""A draw anyone can repeat by hand from its printed seed.

Every item gets the key sha256("seed:attempt:item"); the order is by key, smallest first. Where neighbours may not share a
group, attempt 1, 2, … is tried until an order has no such neighbours; an order found in this way is as fair as a plain draw
among the allowed ones. If none of ATTEMPTS fits, the keys of attempt 1 are used and each position takes the first item in
key order that keeps the rest possible.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .problems import Problem

ATTEMPTS = 200


class DrawStep(NamedTuple):
    position: int
    item: str
    key: str


class Draw(NamedTuple):
    order: tuple[str, ...]
    seed: str
    attempt: int
    steps: tuple[DrawStep, ...]
    note: str
    problems: tuple[Problem, ...]


def draw_key(seed: str, attempt: int, item: str) -> str:
    return hashlib.sha256(f"{seed}:{attempt}:{item}".encode()).hexdigest()


def draw_order(seed: str, items: Iterable[str], groups: Mapping[str, str] | None = None) -> Draw:
    """Draw an order of distinct items; groups (item -> organization) asks that neighbours differ where possible."""
    items = sorted(items)
    if len(set(items)) != len(items):
        raise ValueError("drawn items are distinct")
    groups = {item: group for item, group in (groups or {}).items() if group}
    for attempt in range(1, ATTEMPTS + 1):
        order = _shuffled(seed, attempt, items)
        if not _clashes(order, groups):
            return _draw(order, seed, attempt, "按密钥从小到大排列" + _skipped(attempt), ())
    order = _arranged(_shuffled(seed, 1, items), groups)
    left = _clashes(order, groups)
    note = f"随机 {ATTEMPTS} 次均有同单位相邻，改为按第 1 次的密钥顺序逐位取第一个可用者"
    problems = ()
    if left:
        problems = (Problem("adjacent", "抽签", f"同单位对象过多，仍有 {left} 处相邻", "无法完全错开；如需错开请分场次抽签"),)
    return _draw(order, seed, 1, note, problems)


def verify(seed: str, items: Iterable[str], groups: Mapping[str, str] | None, order: Iterable[str]) -> bool:
    """Whether the published order is the one the seed gives."""
    return draw_order(seed, items, groups).order == tuple(order)


def _draw(order, seed, attempt, note, problems):
    steps = tuple(DrawStep(at, item, draw_key(seed, attempt, item)) for at, item in enumerate(order, 1))
    return Draw(tuple(order), seed, attempt, steps, note, problems)


def _skipped(attempt):
    return "" if attempt == 1 else f"；前 {attempt - 1} 次有同单位相邻，取第 {attempt} 次"


def _shuffled(seed, attempt, items):
    return sorted(items, key=lambda item: draw_key(seed, attempt, item))


def _clashes(order, groups):
    return sum(1 for one, two in zip(order, order[1:]) if one in groups and groups[one] == groups.get(two))


def _arranged(order, groups):
    """Take at each position the first item whose group differs from the last one and leaves the rest possible."""
    waiting, found = list(order), []
    while waiting:
        last = groups.get(found[-1]) if found else None
        allowed = [item for item in waiting if last is None or groups.get(item) != last]
        chosen = next((item for item in allowed if _possible(waiting, item, groups)), None)
        if chosen is None:
            chosen = _fullest(allowed or waiting, waiting, groups)
        waiting.remove(chosen)
        found.append(chosen)
    return found


def _sizes(items, groups):
    sizes = {}
    for item in items:
        if item in groups:
            sizes[groups[item]] = sizes.get(groups[item], 0) + 1
    return sizes


def _possible(waiting, chosen, groups):
    """Whether the others can still be set so that no neighbours clash, with `chosen` before them."""
    rest = [item for item in waiting if item != chosen]
    own = groups.get(chosen)
    return all(size <= (len(rest) if group == own else len(rest) + 1) // 2
               for group, size in _sizes(rest, groups).items())


def _fullest(allowed, waiting, groups):
    """Where clashes cannot be avoided, use up the largest group first; equals in key order."""
    sizes = _sizes(waiting, groups)
    return max(allowed, key=lambda item: sizes.get(groups.get(item), 0))
