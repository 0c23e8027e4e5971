"""Whether a scheme can be judged by: every fault with its place and the way out."""

from ..catalogue import BETTER, RANK_KEYS, RANKINGS
from ..problems import Problem
from ..scheme import Scheme
from .awards import check_awards
from .faults import known, repeated, rounding, weights
from .parts import check_part
from .parts import notices as panel_notices
from .steps import check_steps, step_notices
from .ties import check_chain


def check_scheme(
    scheme: Scheme, *, field: int | None, judges: dict[str, int], budget_fen: int | None
) -> tuple[Problem, ...]:
    found = []
    if not scheme.parts:
        found.append(Problem("no_parts", "评分方案", "还没有评分环节", "请至少添加一个评分环节"))
    elif not scheme.total:
        found += weights("评分环节", [part.weight for part in scheme.parts])
    found += repeated("评分环节和计算项" if scheme.steps else "评分环节", [item.code for item in (*scheme.parts, *scheme.steps)])
    for part in scheme.parts:
        found += check_part(part, judges.get(part.code))
    found += rounding("总分", scheme.rounding)
    found += check_steps(scheme)
    found += _order(scheme)
    found += check_chain(scheme, scheme.ties, "同分规则")
    found += check_awards(scheme, field, budget_fen)
    return tuple(found)


def _order(scheme):
    where = "评分方案"
    found = (known(RANK_KEYS, scheme.rank_by, where, "排名依据") + known(BETTER, scheme.better, where, "优劣")
             + known(RANKINGS, scheme.ranking, where, "并列名次的写法"))
    if scheme.tolerance is not None and scheme.tolerance < 0:
        found.append(Problem("tolerance", where, "同分范围不能为负", "请填写不小于 0 的数，或不填"))
    return found


def notices(scheme: Scheme, *, judges: dict[str, int]) -> tuple[Problem, ...]:
    """What an organiser should know although judging may begin."""
    return (*panel_notices(scheme, judges=judges), *step_notices(scheme))
