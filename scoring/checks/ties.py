"""Faults of tie chains: rules that cannot work, are never reached, or promise what they cannot give."""

from ..problems import Problem
from ..ranking.chain import INPUTS, TIE_RULES
from ..steps.references import kind_of, leaf_or_node
from .faults import known

WHOLE = ("untrimmed_mean", "chief_mark", "highest_judge", "lowest_judge")  # of all parts together where none is named


def check_chain(scheme, chain, where, *, of_step=False) -> list[Problem]:
    """`where`: what the chain is called; `of_step`: a chain inside a step, which no recorded decision can end."""
    found = []
    for position, tie in enumerate(chain, 1):
        place = f"{where}第 {position} 条"
        faults = known(TIE_RULES, tie.code, place, "规则")
        found += faults or _argument(scheme, tie, place)
        if tie.code in ("shared", "decision") and position < len(chain):
            found.append(Problem("tie_unreachable", place, f"“{TIE_RULES[tie.code].label_zh}”之后的规则不会用到", "请把它移到最后"))
        if tie.code == "decision" and of_step:
            found.append(Problem("tie_in_step", place, "计算项的名次不能由集体决议分先后", "请改用其他规则或“并列”"))
        if tie.code == "shared" and scheme.ranking == "ordinal" and not of_step:
            found.append(Problem("tie_ordinal", place, "名次不设并列，同分规则却以“并列”结尾", "请把“并列”改为“集体决议”，或改变名次写法"))
    return found


def _argument(scheme, tie, where):
    named = tie.argument
    if tie.code == "part" or (named and tie.code in WHOLE):
        if not scheme.part(named):
            return [Problem("tie_argument", where, f"没有评分环节“{named}”", "请选择本方案中的环节")]
    elif tie.code in WHOLE and scheme.total and len(scheme.parts) > 1:
        return [Problem("tie_argument", where, "总分由计算项得出，须说明比较哪个环节", "请选择一个环节")]
    elif tie.code.startswith("criterion"):
        target = leaf_or_node(scheme, named)
        if not target or target[0].kind != "judged":
            return [Problem("tie_argument", where, f"没有由评委打分的评分项“{named}”", "请选择本方案中的评分项")]
    elif tie.code.startswith("figure"):
        if not named:
            return [Problem("tie_argument", where, "没有说明比较哪一项数据", "请填写数据名称，例如“用时”")]
        return check_reference(scheme, named, where, "tie_argument")
    elif tie.code in INPUTS:
        return _inputs(scheme, tie, where)
    return []


def _inputs(scheme, tie, where):
    named = tie.argument or scheme.total
    if not named or scheme.step(named):
        return []
    return [Problem("tie_argument", where, f"“{named}”不是计算项，没有可依次比较的数", "请填写一个计算项的代码")]


def check_reference(scheme, reference, where, code="reference") -> list[Problem]:
    """Only part/criterion can be wrong for certain: any other unknown code may be that of an imported figure."""
    if kind_of(scheme, reference) == "criterion" and not leaf_or_node(scheme, reference):
        return [Problem(code, where, f"没有评分项“{reference}”", "请写成“环节代码/评分项代码”")]
    return []
