"""The last resort of a draw: place by place, the first item in key order that leaves the others an allowed order.

Two items of one group must not be neighbours; items in `barred` do not come first; `taken` {place: item} is fixed.
"""

TURNS = 300  # how often the search turns back before it gives up: only fixed places make it turn back at all


def clashes(order, groups):
    return sum(1 for one, two in zip(order, order[1:]) if one in groups and groups[one] == groups.get(two))


def fixed_clashes(taken, groups):
    """Neighbours of one group among the fixed places themselves: no draw can part them."""
    return sum(1 for at, item in taken.items() if at + 1 in taken and item in groups and groups[item] == groups.get(taken[at + 1]))


def arranged(order, groups, barred=frozenset(), taken=None):
    """The first allowed order in key order; where there is none, one with as few neighbours of one group as this way finds."""
    taken = taken or {}
    return _search(order, groups, barred, taken) or _least(order, groups, barred, taken)


class _Places:
    """Which places are free, and what their fixed neighbours are."""

    def __init__(self, count, taken, groups):
        self.count, self.taken, self.groups = count, taken, groups
        self.runs = list(_runs(count, taken))
        self.own = {at: groups.get(item) for at, item in taken.items()}

    def room(self, group, after, last):
        """How many of the group fit into the free places after place `after`, which holds an item of group `last`."""
        found = 0
        for start, end in self.runs:
            if end <= after:
                continue
            before = last if start <= after + 1 else self.own.get(start - 1)
            length = end - max(start, after + 1) + 1 - (before == group) - (self.own.get(end + 1) == group)
            found += (max(length, 0) + 1) // 2
        return found

    def fits(self, item, at, last):
        """Whether the item clashes with neither neighbour."""
        own = self.groups.get(item)
        return own is None or (own != last and own != self.own.get(at + 1))


def _runs(count, taken):
    """(first, last) of each stretch of free places."""
    start = 1
    for at in [*sorted(taken), count + 1]:
        if at > start:
            yield start, at - 1
        start = at + 1


def _sizes(items, groups):
    sizes = {}
    for item in items:
        if item in groups:
            sizes[groups[item]] = sizes.get(groups[item], 0) + 1
    return sizes


def _possible(places, waiting, chosen, at):
    """Whether each group still has room once `chosen` stands at `at`: without fixed places this is also enough."""
    own, sizes = places.groups.get(chosen), _sizes(waiting, places.groups)
    if own:
        sizes[own] -= 1
    return all(size <= places.room(group, at, own) for group, size in sizes.items())


def _choices(places, waiting, at, last, barred):
    """The items that may stand at this place, in key order; what is true of one item is true of its whole group."""
    known = {}
    for item in waiting:
        own = places.groups.get(item)
        if own not in known:
            known[own] = places.fits(item, at, last) and _possible(places, waiting, item, at)
        if known[own] and not (at == 1 and item in barred):
            yield item


def _search(order, groups, barred, taken):
    """Depth first, in key order; None where no order is allowed or TURNS are used up."""
    places, held = _Places(len(order), taken, groups), set(taken.values())
    free = [at for at in range(1, len(order) + 1) if at not in taken]
    found, waiting, stack, turns = [], [item for item in order if item not in held], [], 0
    while len(found) < len(free):
        if len(stack) == len(found):
            at = free[len(found)]
            last = places.own.get(at - 1) if at - 1 in taken else groups.get(found[-1]) if found else None
            stack.append(_choices(places, list(waiting), at, last, barred))
        chosen = next(stack[-1], None)
        if chosen is not None:
            waiting.remove(chosen)
            found.append(chosen)
            continue
        stack.pop()
        turns += 1
        if not found or turns > TURNS:
            return None
        waiting.append(found.pop())
        waiting.sort(key=order.index)
    filled = dict(zip(free, found)) | taken
    return [filled[at] for at in range(1, len(order) + 1)]


def _least(order, groups, barred, taken):
    """Place by place: the first item that keeps the rest possible, else one of the largest group, else any."""
    places, held = _Places(len(order), taken, groups), set(taken.values())
    waiting, found = [item for item in order if item not in held], []
    for at in range(1, len(order) + 1):
        if at in taken:
            found.append(taken[at])
            continue
        last = groups.get(found[-1]) if found else None
        chosen = next(_choices(places, waiting, at, last, barred), None)
        if chosen is None:
            open_to = [item for item in waiting if not (at == 1 and item in barred)] or waiting
            allowed = [item for item in open_to if places.fits(item, at, last)]
            chosen = _fullest(allowed or open_to, waiting, groups)
        waiting.remove(chosen)
        found.append(chosen)
    return found


def _fullest(allowed, waiting, groups):
    """Where clashes cannot be avoided, use up the largest group first; equals in key order."""
    sizes = _sizes(waiting, groups)
    return max(allowed, key=lambda item: sizes.get(groups.get(item), 0))
