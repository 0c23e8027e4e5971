"""Groups (sessions, heats) and seats (stations) from a recorded seed, by the same keys as the running order."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ..problems import Problem
from .order import Draw, distinct, draw_key, draw_order

GROUP_WORD, PILE_WORD, SEAT_WORD = "分组", "组次", "工位"

GROUP_RULE = (
    "每个单位的密钥是“种子:分组:单位”的 SHA-256，每个对象的密钥是“种子:分组:编号”的 SHA-256（没有单位的对象自成一个单位）。"
    "单位按密钥从小到大排成一队，同一单位的对象挨在一起、按各自的密钥排；然后像发牌一样从头依次发到第 1、2、…、n 堆，发完一轮再从第 1 堆接着发。"
    "这样各堆人数最多差一个，同一单位在各堆的人数也最多差一个。最后各堆按“种子:组次:堆号”的密钥从小到大定为第 1、2、…、n 组。")
SEAT_RULE = (
    "以“种子:工位”为种子，像抽出场顺序一样排出先后（每个编号的密钥是“种子:工位:次数:编号”的 SHA-256），"
    "排第几就坐所列工位中的第几个；工位多于对象时，列在后面的工位空着。")


class GroupStep(NamedTuple):
    """One card dealt: turn from 1, the pile it went to, and the group that pile became."""

    turn: int
    item: str
    organization: str
    pile: int
    group: int
    key: str


class GroupDraw(NamedTuple):
    """groups: the items of group 1, 2, …, each in sorted order."""

    groups: tuple[tuple[str, ...], ...]
    seed: str
    steps: tuple[GroupStep, ...]
    note: str
    problems: tuple[Problem, ...]


class SeatDraw(NamedTuple):
    """seats: (seat, item) in the order of the seats; draw: the draw behind it, position = number of the seat in the list."""

    seats: tuple[tuple[str, str], ...]
    draw: Draw
    problems: tuple[Problem, ...]


def draw_groups(seed: str, items: Iterable[str], count: int, organizations: Mapping[str, str] | None = None) -> GroupDraw:
    """Deal distinct items into `count` groups of even size, every organization spread as evenly as can be."""
    items = distinct(items)
    if not 1 <= count <= max(len(items), 1):
        return GroupDraw((), seed, (), "", (Problem("group_count", "分组", f"{len(items)} 个对象不能分成 {count} 组",
                                                    f"组数应在 1 到 {max(len(items), 1)} 之间"),))
    owner = {item: (organizations or {}).get(item) or "" for item in items}
    order = sorted(items, key=lambda item: _dealt_by(seed, item, owner[item]))
    piles = sorted(range(1, count + 1), key=lambda pile: draw_key(seed, PILE_WORD, str(pile)))
    group_of = {pile: group for group, pile in enumerate(piles, 1)}
    steps = tuple(GroupStep(turn, item, owner[item], (turn - 1) % count + 1, group_of[(turn - 1) % count + 1],
                            draw_key(seed, GROUP_WORD, item)) for turn, item in enumerate(order, 1))
    groups = tuple(tuple(sorted(step.item for step in steps if step.group == group)) for group in range(1, count + 1))
    note = "按单位密钥、再按对象密钥排队，依次发到各堆，各堆按密钥定组次"
    return GroupDraw(groups, seed, steps, note, tuple(_together(owner, count)))


def verify_groups(seed: str, items: Iterable[str], organizations: Mapping[str, str] | None, groups: Sequence[Iterable[str]]) -> bool:
    """Whether the published groups, in their order, are those the seed gives; the order within a group is irrelevant."""
    return draw_groups(seed, items, len(groups), organizations).groups == tuple(tuple(sorted(group)) for group in groups)


def draw_seats(seed: str, items: Iterable[str], seats: Sequence[str], groups: Mapping[str, str] | None = None, *,
               fixed: Mapping[str, str] | None = None) -> SeatDraw:
    """Give every item one of the distinct seats; seats next to each other in the list count as neighbours.

    groups (item -> organization) asks that neighbours differ; fixed: item -> seat. Seats left over are the last of the list.
    """
    items, places = distinct(items), {seat: at for at, seat in enumerate(seats, 1)}
    if len(places) != len(seats):
        raise ValueError("seats are distinct")
    if len(seats) < len(items):
        few = Problem("few_seats", "工位", f"{len(items)} 个对象，只有 {len(seats)} 个工位", "请补充工位，或分场次抽签")
        return SeatDraw((), draw_order(seed, ()), (few,))
    unknown = [(item, seat) for item, seat in sorted((fixed or {}).items()) if seat not in places]
    if unknown:
        item, seat = unknown[0]
        return SeatDraw((), draw_order(seed, ()), (Problem("seat_unknown", "固定工位", f"“{item}”的工位“{seat}”不在所列工位中", "请核对工位号"),))
    draw = draw_order(f"{seed}:{SEAT_WORD}", items, groups, fixed={item: places[seat] for item, seat in (fixed or {}).items()})
    return SeatDraw(tuple(zip(seats, draw.order)), draw, draw.problems)


def verify_seats(seed: str, items: Iterable[str], seats: Sequence[str], groups: Mapping[str, str] | None,
                 published: Iterable[tuple[str, str]], *, fixed: Mapping[str, str] | None = None) -> bool:
    """Whether the published (seat, item) pairs are those the seed gives."""
    return set(draw_seats(seed, items, seats, groups, fixed=fixed).seats) == set(published)


def _dealt_by(seed, item, organization):
    """Organizations by their keys, within one its items by theirs; an item without organization stands for itself."""
    return draw_key(seed, GROUP_WORD, organization or item), organization, draw_key(seed, GROUP_WORD, item)


def _together(owner, count):
    sizes = {}
    for item in sorted(owner):
        if owner[item]:
            sizes[owner[item]] = sizes.get(owner[item], 0) + 1
    for organization, size in sorted(sizes.items()):
        if size > count:
            yield Problem("together", organization, f"{size} 个对象分到 {count} 组，每组 {size // count} 到 {-(-size // count)} 个",
                          "同单位多于组数，无法完全分开；如需分开请增加组数")
