"""A draw anyone can repeat by hand from its printed seed.

Every item gets the key sha256("seed:attempt:item"); the order is by key, smallest first. Items with a fixed place keep it, the
others fill the free places in the order of their keys. Where neighbours may not share a group, or some items may not come first,
attempt 1, 2, … is tried until an order is allowed; an order found in this way is as fair as a plain draw among the allowed ones.
If none of ATTEMPTS fits, the keys of attempt 1 are used and each place takes the first item in key order that keeps the rest
possible (`draw_arrange`).
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ..problems import Problem
from .arrange import arranged, clashes, fixed_clashes

ATTEMPTS = 200

ORDER_RULE = (
    "对每个编号把“种子:次数:编号”连成一行（半角冒号，UTF-8），算出 SHA-256，写成 64 位小写十六进制，就是它的密钥；按密钥从小到大排列。"
    "指定了位置的对象占住其位置，其余的按密钥顺序依次填入空位。要求同单位不相邻或某些对象不排第一时，次数从 1 起，不合要求就加 1 重算，"
    f"取第一个合要求的；{ATTEMPTS} 次都不合，则用第 1 次的密钥，从前到后逐位取第一个不违反要求、且使其余对象仍排得开的。")


class DrawStep(NamedTuple):
    """key: empty where the place was fixed beforehand."""

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


def draw_key(seed: str, attempt: int | str, item: str) -> str:
    return hashlib.sha256(f"{seed}:{attempt}:{item}".encode()).hexdigest()


def draw_order(seed: str, items: Iterable[str], groups: Mapping[str, str] | None = None, *, not_first: Collection[str] = (),
               fixed: Mapping[str, int] | None = None) -> Draw:
    """Draw an order of distinct items.

    groups (item -> organization) asks that neighbours differ where possible; not_first: items or groups that do not begin;
    fixed: item -> place from 1. Fixed places that contradict each other give no order, only problems.
    """
    items = distinct(items)
    groups = {item: group for item, group in (groups or {}).items() if group}
    wrong, taken = _fixed_places(items, fixed or {})
    if wrong:
        return Draw((), seed, 0, (), "", wrong)
    barred, problems = _barred(items, groups, not_first, taken)
    least = fixed_clashes(taken, groups)
    for attempt in range(1, ATTEMPTS + 1):
        order = _placed(shuffled(seed, attempt, items), taken)
        by_search = clashes(order, groups) != least or not barred.isdisjoint(order[:1])
        if not by_search:
            break
    else:
        attempt, order = 1, arranged(shuffled(seed, 1, items), groups, barred, taken)
    left = clashes(order, groups)
    if left:
        problems += (_adjacent(left, taken),)
    note = _note(attempt, by_search, taken, bool(not_first))
    steps = tuple(DrawStep(at, item, "" if at in taken else draw_key(seed, attempt, item)) for at, item in enumerate(order, 1))
    return Draw(tuple(order), seed, attempt, steps, note, problems)


def verify(seed: str, items: Iterable[str], groups: Mapping[str, str] | None, order: Iterable[str], *,
           not_first: Collection[str] = (), fixed: Mapping[str, int] | None = None) -> bool:
    """Whether the published order is the one the seed gives."""
    return draw_order(seed, items, groups, not_first=not_first, fixed=fixed).order == tuple(order)


def distinct(items):
    items = sorted(items)
    if len(set(items)) != len(items):
        raise ValueError("drawn items are distinct")
    return items


def shuffled(seed, attempt, items):
    return sorted(items, key=lambda item: draw_key(seed, attempt, item))


def _placed(order, taken):
    """Fixed items at their places, the others around them in the order given."""
    if not taken:
        return order
    held = set(taken.values())
    free = iter([item for item in order if item not in held])
    return [taken[at] if at in taken else next(free) for at in range(1, len(order) + 1)]


def _fixed_places(items, fixed):
    """(problems, {place: item})"""
    found, taken = [], {}
    for item, place in sorted(fixed.items()):
        if item not in items:
            found.append(Problem("fixed_unknown", "固定位置", f"没有参加抽签的“{item}”", "请核对编号"))
        elif not 1 <= place <= len(items):
            found.append(Problem("fixed_range", "固定位置", f"“{item}”的位置 {place} 不在 1 到 {len(items)} 之间", "请改为其中一个位置"))
        elif place in taken:
            found.append(Problem("fixed_twice", "固定位置", f"“{taken[place]}”与“{item}”都固定在第 {place} 位", "一个位置只能固定一个对象"))
        else:
            taken[place] = item
    return tuple(found), taken


def _barred(items, groups, not_first, taken):
    """(items that may not begin, problems): a fixed place is somebody's decision and outweighs the rule."""
    barred = {item for item in items if item in not_first or groups.get(item) in not_first}
    if 1 in taken:
        if taken[1] in barred:
            return set(), (Problem("fixed_first", "固定位置", f"“{taken[1]}”不应排第一，却固定在第 1 位", "已按固定位置；请改其中一项要求"),)
        return set(), ()
    free = set(items) - set(taken.values())
    if free and free <= barred:
        return set(), (Problem("none_first", "抽签", "所有可抽的对象都不得排第一", "已不计此项要求；请减少不排第一的对象"),)
    return barred, ()


def _adjacent(left, taken):
    if taken:
        return Problem("adjacent", "抽签", f"固定位置之下，仍有 {left} 处同单位相邻", "如需错开，请调整固定的位置")
    return Problem("adjacent", "抽签", f"同单位对象过多，仍有 {left} 处相邻", "无法完全错开；如需错开请分场次抽签")


def _note(attempt, by_search, taken, barring):
    fault = "均不合要求" if barring else "均有同单位相邻"
    if by_search:
        note = f"随机 {ATTEMPTS} 次{fault}，改为按第 1 次的密钥顺序逐位取第一个可用者"
    else:
        note = "按密钥从小到大排列" + ("" if attempt == 1 else f"；前 {attempt - 1} 次{fault[1:]}，取第 {attempt} 次")
    return note + (f"；{len(taken)} 个对象位置固定" if taken else "")
