"""A number of places divided over divisions: exact shares, rounded so that they add up, or each on its own."""

from collections.abc import Mapping
from typing import NamedTuple

from ..catalogue import Rule, catalogue
from ..numbers import divide

APPORTION = catalogue(
    Rule("remainder", "最大余数法", "Largest remainders", "按各区参赛数的比例分配总名额，先取整数部分，余下的名额依次给余数最大的区，合计恒等于总名额；"
         "余数相同者参赛数多的在先，再同按名称。", "黑尔名额分配法"),
    Rule("plain", "各区单独舍入", "Each rounded alone", "各区的名额分别按舍入规则取整，合计可能多于或少于总名额。", "按各赛区人数的比例定名额的规程"),
    Rule("equal", "各区均分", "Equal shares", "总名额在各区间均分，除不尽的依次给参赛数多的区；一区不足时由其他区分担。", "各赛区名额相同的规程"),
)


class Shares(NamedTuple):
    """quotas per division; level: divisions whose order in the last place was settled by name only."""

    quotas: dict[str, int]
    level: tuple[str, ...] = ()


def apportion(rule: str, total: int, sizes: Mapping[str, int], *, least: int = 0, mode: str = "half_up") -> Shares:
    """Divide `total` over divisions of these sizes. `least` for every division (never more than its size).

    A division whose share would be below `least`, or above its size, gets that bound, and the rest is divided over the
    others; so the quotas add up to the total whenever the bounds allow it. "plain" only rounds and raises to `least`.
    """
    if rule == "plain":
        whole = sum(sizes.values())
        return Shares({name: max(divide(total * size, whole, mode) if whole else 0, min(least, size)) for name, size in sizes.items()})
    low = {name: min(least, size) for name, size in sizes.items()}
    if total <= sum(low.values()):
        return Shares(low)
    if total >= sum(sizes.values()):
        return Shares(dict(sizes))
    return _bounded(rule, total, sizes, low)


def _bounded(rule, total, sizes, low):
    """Shares within their bounds; a bound that is hit is fixed and the rest is divided anew."""
    fixed = {}
    while True:
        free = {name: size for name, size in sizes.items() if name not in fixed}
        weights = dict.fromkeys(free, 1) if rule == "equal" else free
        shares, level = _by_remainder(total - sum(fixed.values()), weights, sizes)
        hit = {name: low[name] for name in free if shares[name] < low[name]}
        hit = hit or {name: sizes[name] for name in free if shares[name] > sizes[name]}
        if not hit:
            return Shares({name: fixed.get(name, shares.get(name)) for name in sizes}, level)
        fixed |= hit


def _by_remainder(total, weights, sizes):
    """Whole parts first, what is left to the largest remainders; the larger division, then the name, settles equal ones."""
    whole = sum(weights.values())
    found = {name: total * weight // whole for name, weight in weights.items()}
    key = {name: (-(total * weight % whole), -sizes[name]) for name, weight in weights.items()}
    order = sorted(weights, key=lambda name: (*key[name], name))
    left = total - sum(found.values())
    for name in order[:left]:
        found[name] += 1
    edge = left and left < len(order) and key[order[left - 1]] == key[order[left]]
    return found, tuple(name for name in order if key[name] == key[order[left]]) if edge else ()
