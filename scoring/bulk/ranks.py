"""Places of a whole column: counting where the keys are dense, sorting where they are not."""

import numpy as np

from .exact import LIMIT, bound

BLOCK = 1 << 15


def standard(keys, grain: int = 1, better: str = "high"):
    """The place of every key, 1 + how many are better (1 2 2 4).

    grain: a hint that keys are multiples of it; it is checked, and without effect where it is wrong.
    """
    if not len(keys):
        return np.empty(0, np.int64)
    if keys.dtype == object:
        keys, grain = np.unique(keys, return_inverse=True)[1], 1
    low, high = int(keys.min()), int(keys.max())
    shifted = _shifted(keys, low, high, max(grain, 1))
    if shifted is None:
        return _sorted(keys, better)
    counts = np.bincount(shifted)
    below = np.cumsum(counts)
    places = 1 + (len(keys) - below if better == "high" else below - counts)
    return places.astype(np.int32 if len(keys) < 2 ** 31 else np.int64).take(shifted)


def _shifted(keys, low, high, grain):
    """Keys as small numbers from 0 up, or None where they spread too far for counting."""
    if low // grain < -2 ** 62 or high // grain - low // grain > 4 * len(keys) + 65_536:
        return None if grain == 1 else _shifted(keys, low, high, 1)
    found, least = np.empty(len(keys), np.intp), low // grain
    for start in range(0, len(keys), BLOCK):
        block = keys[start:start + BLOCK]
        small = block // grain if grain > 1 else block
        if grain > 1 and not np.array_equal(small * grain, block):
            return _shifted(keys, low, high, 1)
        np.subtract(small, least, out=found[start:start + BLOCK], casting="unsafe", dtype=np.int64)
    return found


def _sorted(keys, better):
    order = np.argsort(keys)
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)])
    first = starts + 1 if better == "low" else len(keys) - starts - sizes + 1
    places = np.empty(len(keys), np.int64)
    places[order] = np.repeat(first, sizes)
    return places


def sizes(places):
    """For every entry, how many share its place."""
    return np.bincount(places)[places]


def parted(places, keys, better: str = "high"):
    """New places of tied entries: within each place, in the order of their keys."""
    if keys.dtype == object:
        keys = np.unique(keys, return_inverse=True)[1]
    if better == "high":
        keys = -keys.astype(np.int64) if bound(keys) < LIMIT else np.unique(-keys.astype(object), return_inverse=True)[1]
    least = int(keys.min())
    span = int(keys.max()) - least + 1
    if (int(places.max()) + 1) * span < LIMIT:
        order = np.argsort(places.astype(np.int64) * span + (keys - least), kind="stable")
    else:
        order = np.lexsort((keys, places))
    old, own = places[order], keys[order]
    at = np.arange(len(order))
    group = np.maximum.accumulate(np.where(np.r_[True, old[1:] != old[:-1]], at, 0))
    run = np.maximum.accumulate(np.where(np.r_[True, (old[1:] != old[:-1]) | (own[1:] != own[:-1])], at, 0))
    found = np.empty(len(order), np.int64)
    found[order] = old + (run - group)
    return found


def dense(places):
    """1 2 2 3 from 1 2 2 4."""
    return np.cumsum(np.bincount(places) > 0)[places]
