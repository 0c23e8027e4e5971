"""Whether a scheme can be judged by: every fault with its place and the way out."""

from .catalogue import RANK_KEYS
from .checks_awards import check_awards
from .checks_parts import check_part, notices  # noqa: F401  (asked for beside check_scheme)
from .faults import known, repeated, rounding, weights
from .problems import Problem
from .scheme import Scheme
from .ties import TIE_RULES, leaf_or_node


def check_scheme(
    scheme: Scheme, *, field: int | None, judges: dict[str, int], budget_fen: int | None
) -> tuple[Problem, ...]:
    found = []
    if not scheme.parts:
        found.append(Problem("no_parts", "评分方案", "还没有评分环节", "请至少添加一个评分环节"))
    else:
        found += weights("评分环节", [part.weight for part in scheme.parts])
    found += repeated("评分环节", [part.code for part in scheme.parts])
    for part in scheme.parts:
        found += check_part(part, judges.get(part.code))
    found += rounding("总分", scheme.rounding)
    found += known(RANK_KEYS, scheme.rank_by, "评分方案", "排名依据")
    found += _ties(scheme)
    found += check_awards(scheme, field, budget_fen)
    return tuple(found)


def _ties(scheme):
    found = []
    for position, tie in enumerate(scheme.ties, 1):
        where = f"同分规则第 {position} 条"
        found += known(TIE_RULES, tie.code, where, "规则")
        needs_part = tie.code == "part" or (tie.argument and tie.code in
                                            ("untrimmed_mean", "chief_mark", "highest_judge", "lowest_judge"))
        if needs_part and not scheme.part(tie.argument):
            found.append(Problem("tie_argument", where, f"没有评分环节“{tie.argument}”", "请选择本方案中的环节"))
        if tie.code in ("criterion", "criterion_mean"):
            target = leaf_or_node(scheme, tie.argument)
            if not target or target[0].kind != "judged":
                found.append(Problem("tie_argument", where, f"没有由评委打分的评分项“{tie.argument}”", "请选择本方案中的评分项"))
        if tie.code.startswith("figure") and not tie.argument:
            found.append(Problem("tie_argument", where, "没有说明比较哪一项数据", "请填写数据名称，例如“用时”"))
        if tie.code in ("shared", "decision") and position < len(scheme.ties):
            found.append(Problem("tie_unreachable", where, f"“{TIE_RULES[tie.code].label_zh}”之后的规则不会用到", "请把它移到最后"))
    return found
