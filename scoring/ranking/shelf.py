"""Keys in order with how many stand before each, kept up to date change by change."""

from bisect import bisect_left, insort

BLOCK = 512


class Shelf:
    """Keys in order, each with the number of its entries, in blocks: a change costs one block, a question one sum over blocks."""

    def __init__(self, counts: dict):
        ordered = sorted(counts)
        self.counts = counts
        self.blocks = [ordered[at:at + BLOCK] for at in range(0, len(ordered), BLOCK)] or [[]]
        self.sizes = [sum(map(counts.__getitem__, block)) for block in self.blocks]

    def _block(self, key):
        """The block in which the key is or would be."""
        at = bisect_left(self.blocks, [key])
        if at and (at == len(self.blocks) or self.blocks[at][0] != key):
            at -= 1
        return at

    def add(self, key):
        at = self._block(key)
        self.sizes[at] += 1
        if key in self.counts:
            self.counts[key] += 1
            return
        self.counts[key] = 1
        block = self.blocks[at]
        insort(block, key)
        if len(block) > 2 * BLOCK:
            self.blocks[at:at + 1] = block[:BLOCK], block[BLOCK:]
            self.sizes[at:at + 1] = [sum(map(self.counts.__getitem__, half)) for half in self.blocks[at:at + 2]]

    def remove(self, key):
        at = self._block(key)
        self.sizes[at] -= 1
        self.counts[key] -= 1
        if self.counts[key]:
            return
        del self.counts[key]
        block = self.blocks[at]
        del block[bisect_left(block, key)]
        if not block and len(self.blocks) > 1:
            del self.blocks[at], self.sizes[at]

    def before(self, key):
        """How many entries stand before this key."""
        at = self._block(key)
        block = self.blocks[at]
        return sum(self.sizes[:at]) + sum(map(self.counts.__getitem__, block[:bisect_left(block, key)]))

    def since(self, offset):
        """(key, how many stand before it) of every key that ends after `offset` entries, in order."""
        first = 0
        for block, size in zip(self.blocks, self.sizes):
            if first + size <= offset:
                first += size
                continue
            for key in block:
                if first + self.counts[key] > offset:
                    yield key, first
                first += self.counts[key]

    def __len__(self):
        return sum(self.sizes)
