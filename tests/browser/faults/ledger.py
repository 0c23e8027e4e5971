"""What the tablets' screens showed: every mark in the order in which it was seen, and how far 已送达 was seen after it."""

from collections import Counter, defaultdict


class Ledger:
    """Keys are (judge, part, entry, code); values units. Filled by tablets of one event loop, so nothing is locked."""

    def __init__(self):
        self.seen = defaultdict(list)  # {key: [units, …]} as the field showed them one after another
        self.delivered = {}  # {key: how many of them had been seen when the tablet said 已送达}
        self.submitted = set()  # {(judge, part, entry)} seen as handed in when the tablet said 已送达
        self.handed_in = set()  # the same before it said so
        self.counts = Counter()

    def see(self, key: tuple, units: int) -> None:
        if not self.seen[key] or self.seen[key][-1] != units:
            self.seen[key].append(units)
            self.counts["touches"] += 1

    def went_back(self, key: tuple, units: int | None, before: int) -> None:
        """What the screen shows after touches that it did not yet call kept: some of the last of them may be missing, and one
        may not have been read in time."""
        found = self.seen[key]
        if units in found[before:] or (units is None and before == 0) or (before and units == found[before - 1]):
            while len(found) > before and found[-1] != units:
                found.pop()
        elif units is not None:
            self.see(key, units)
        self.delivered[key] = min(self.delivered.get(key, 0), len(found))

    def last(self, key: tuple) -> int | None:
        return self.seen[key][-1] if self.seen.get(key) else None

    def deliver(self, judge: int) -> None:
        """This judge's tablet says that everything is delivered."""
        for key, found in self.seen.items():
            if key[0] == judge and found:
                self.delivered[key] = len(found)
        self.submitted |= {sheet for sheet in self.handed_in if sheet[0] == judge}

    def history(self) -> dict[tuple, list[int]]:
        return {key: list(found) for key, found in self.seen.items() if found}

    def promised(self) -> tuple[dict, set]:
        return {key: count for key, count in self.delivered.items() if count}, set(self.submitted)
