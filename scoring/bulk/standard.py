"""Standard scores of many marks at once: one exact root per judge and distinct mark, then a look-up."""

import numpy as np

from ..parts.standard import standard_scores
from ..rules import Standard


def standardised(judges, values, standard: Standard, over: int = 1) -> np.ndarray:
    """For every mark its standard score as an int in 10**-places of `standard.rounding`, as `scoring.standard` gives it.

    judges, values: columns of ints, one row per mark (values / over are points); judges whose marks do not stand together
    are sorted first.
    """
    judges, values = np.asarray(judges), np.asarray(values)
    if not len(judges):
        return np.empty(0, np.int64)
    if (judges[1:] >= judges[:-1]).all():
        return _by_judge(judges, values, standard, over)
    order = np.argsort(judges, kind="stable")
    ordered = _by_judge(judges[order], values[order], standard, over)
    found = np.empty(len(judges), ordered.dtype)
    found[order] = ordered
    return found


def _by_judge(judges, values, standard, over):
    starts = np.flatnonzero(np.r_[True, judges[1:] != judges[:-1]])
    pieces = []
    for own in np.split(values, starts[1:]):
        distinct, times = np.unique(own, return_counts=True)
        distinct_ints = distinct.tolist()
        scores = standard_scores(dict(zip(distinct_ints, times.tolist())), standard, over)
        most = max(map(abs, scores.values()))
        table = np.array([scores[value] for value in distinct_ints], np.int64 if most < 2 ** 63 else object)
        pieces.append(table[np.searchsorted(distinct, own)])
    return np.concatenate(pieces)
