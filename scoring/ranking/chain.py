"""Tie rules: figures that part entries of equal score, and the chain that applies them in turn."""

from math import lcm
from typing import NamedTuple

from ..catalogue import Rule, catalogue
from ..steps.references import kind_of, leaf_or_node
from . import figures as figure
from . import vectors
from .directions import better_of, marks_better
from .texts import label_of


class Step(NamedTuple):
    """One rule applied to one tied group: figures are {entry: (num, den) or Vector}, None where the rule had to be passed over."""

    rule: object
    label: str
    better: str
    members: tuple
    figures: dict | None


def chains(scheme):
    """Every rule of the scheme's chain and of the chains inside its steps."""
    return (*scheme.ties, *(tie for step in scheme.steps for tie in step.ties))


def criterion_named(scheme, tie):
    """(part, criterion) of a rule that compares a criterion, or None."""
    if tie.code.startswith("criterion") or (tie.code.startswith("figure") and kind_of(scheme, tie.argument) == "criterion"):
        return leaf_or_node(scheme, tie.argument)
    return None


def tie_criteria(scheme) -> frozenset:
    """(part code, leaf code) of every mark that a rule of the scheme's chain compares."""
    targets = [criterion_named(scheme, tie) for tie in scheme.ties]
    return frozenset((part.code, leaf.code) for part, criterion in filter(None, targets) for leaf in criterion.leaves())


COMMON = "竞赛规程通例"
ANY = "环节、计算项或录入的数据"
FLEET = "帆船竞赛规则附录 A8"
# "of": the side that is better is that of the figure itself (a time or a place: less).
TIE_RULES = catalogue(
    Rule("part", "环节得分", "Part score", "比较某一评分环节的得分，优者列前。", "实操、理论等规程", "环节", "of", figure.part),
    Rule("criterion", "评分项得分", "Criterion score", "对某一评分项的打分按同一评分规则（含去高去低）求得分，优者列前。", COMMON, "评分项的打分", "of",
         figure.criterion),
    Rule("criterion_mean", "评分项平均分", "Criterion mean", "全部评委对某一评分项打分的平均（不去高低），优者列前。", COMMON, "评分项的打分", "of",
         figure.criterion_mean),
    Rule("untrimmed_mean", "全部评委平均分", "Mean of all judges", "不去最高最低分，全部有效评委的平均分，优者列前。", "职业技能竞赛规程", "", "of",
         figure.untrimmed),
    Rule("chief_mark", "总评委打分", "Chief judge’s mark", "比较总评委的打分，优者列前。", "路演评审规程", "总评委已打分", "of", figure.chief),
    Rule("highest_judge", "评委最高分", "Highest single mark", "比较单个评委给出的最高分，优者列前。", COMMON, "", "of", figure.highest),
    Rule("lowest_judge", "评委最低分", "Lowest single mark", "比较单个评委给出的最低分，优者列前。", COMMON, "", "of", figure.lowest),
    Rule("fewer_penalties", "扣分", "Fewer penalties", "比较扣分合计，少者列前。", COMMON, better="low", function=figure.penalty),
    Rule("exact_score", "未舍入的总分", "Exact score", "比较舍入之前的精确总分，优者列前。", COMMON, "", "of", figure.exact),
    Rule("figure", "某一个数", "Figure", "比较一个数，按其本来的优劣：名次、用时小者列前，得分大者列前。", COMMON, ANY, "of", figure.any_figure),
    Rule("figure_high", "数据（大者列前）", "Figure, high", "比较一个数，大者列前。", COMMON, ANY, "high", figure.any_figure),
    Rule("figure_low", "数据（小者列前）", "Figure, low", "比较一个数（如用时），小者列前。", COMMON, ANY, "low", figure.any_figure),
    Rule("best_values", "各项成绩由好到差依次比较", "Best values in turn", "把所取的各数由好到差排列，依次比较，先分出者定；缺者列后。如最好一轮相同比次好一轮。",
         "国际雪联自由式滑雪规则", "计算项，不填即总分", "of", vectors.best_values),
    Rule("counting_values", "计入的成绩由好到差依次比较", "Counting values in turn", "只用计入的各数（不用去掉的），由好到差排列，依次比较。", FLEET + ".1",
         "计算项，不填即总分", "of", vectors.counting_values),
    Rule("last_first", "由后往前依次比较", "Last one first", "比较所取各数中的最后一个，再比较倒数第二个，依次往前；去掉的也用。", FLEET + ".2",
         "计算项，不填即总分", "of", vectors.last_first),
    Rule("better_places", "较好名次的个数", "Better places",
         "比较各项中第一名的个数，再比较第二名的个数，依次往后，多者列前。所取的数以小为优者本身就是名次，以大为优者先在全体中排名次。",
         "团体总分规程", "计算项，不填即总分", "of", vectors.better_places),
    Rule("head_to_head", "相互比较", "Head to head", "在同分者之间逐一比较各项，胜过对方的项数合计多者列前。", "国际攀联全能赛规则（东京 2020）",
         "计算项，不填即总分", "high", vectors.wins),
    Rule("modules_in_order", "各环节依次比较", "Parts in order", "按方案中的次序比较第一个环节、第二个环节，依次往后，优者列前。", "职业技能竞赛规程：模块一、模块二……",
         "", "of", vectors.parts_in_order),
    Rule("shared", "并列", "Shared place", "仍相同者名次并列。", COMMON),
    Rule("decision", "集体决议", "Recorded decision", "由加赛、评委表决或抽签决定并记录在案。", "不设并列的规程"),
)


# Rules about the inputs of a step, one after another.
INPUTS = ("best_values", "counting_values", "last_first", "better_places", "head_to_head")


def direction(scheme, tie) -> str:
    """high or low: which side of the rule's figure is better."""
    rule = TIE_RULES[tie.code]
    if rule.better != "of" or tie.code in (*INPUTS, "modules_in_order"):
        return rule.better
    if tie.code == "exact_score" or not tie.argument:
        return scheme.better
    if tie.code.startswith("criterion"):
        return marks_better(scheme, leaf_or_node(scheme, tie.argument)[0].code)
    return (better_of if tie.code in ("part", "figure") else marks_better)(scheme, tie.argument)


class Ready(NamedTuple):
    """A rule of a chain with all that is looked up once for the whole run."""

    tie: object
    code: str
    argument: str
    function: object
    label: str
    better: str


def ready(scheme, chain) -> tuple[Ready, ...]:
    return tuple(Ready(tie, tie.code, tie.argument, TIE_RULES[tie.code].function, label_of(scheme, tie, TIE_RULES[tie.code]),
                       direction(scheme, tie)) for tie in chain)


def by_figure(figures, better):
    """Members in groups of equal figure, the best group first."""
    groups = {}
    if isinstance(next(iter(figures.values())), vectors.Vector):
        for member, vector in figures.items():
            groups.setdefault(vector.worth, []).append(member)
        return [groups[key] for key in sorted(groups)]
    common = lcm(*[bottom for top, bottom in figures.values()])
    for member, (top, bottom) in figures.items():
        groups.setdefault(top * (common // bottom), []).append(member)
    return [groups[key] for key in sorted(groups, reverse=better == "high")]


def part_group(run, members, trace):
    """Apply the scheme's chain to tied members; returns [(members, shared, undecided), …] and notes every rule tried in trace.

    Where no places are shared, whoever the chain cannot part waits for a recorded decision.
    """
    return _apply(run, list(members), run.chain, trace, True)


def part_by(run, members, chain):
    """Apply the chain of a step; recorded decisions are about the places of the contest, so none is asked for."""
    return [group for group, shared, undecided in _apply(run, list(members), run.once(ready, run.scheme, chain), [], False)]


def _apply(run, members, chain, trace, decided):
    """`decided`: whether recorded decisions part those whom no rule parts."""
    if len(members) == 1:
        return [(members, False, False)]
    entries = run.entries
    for position, rule in enumerate(chain, 1):
        if rule.code == "shared":
            return _end(run, members, trace, decided and run.scheme.ranking == "ordinal")
        if rule.code == "decision":
            break
        function, argument = rule.function, rule.argument
        figures = {member: function(run, entries[member], argument) for member in members}
        if rule.code == "head_to_head":
            figures = vectors.head_to_head(figures)
        passed = None in figures.values()
        trace.append(Step(rule.tie, rule.label, rule.better, tuple(members), None if passed else figures))
        groups = [members] if passed else by_figure(figures, rule.better)
        if len(groups) > 1:
            return [found for group in groups for found in _apply(run, group, chain[position:], trace, decided)]
    return _end(run, members, trace, decided)


def _end(run, members, trace, decided):
    return _decide(run, members, trace) if decided else [(members, True, False)]


def _decide(run, members, trace):
    """The latest decision that names all the tied entries (of equal times the last one given), or a tie left undecided."""
    ids = {run.entries[member].entry: member for member in members}
    fitting = [decision for decision in run.decisions if set(ids) <= set(decision.entries)]
    if not fitting:
        return [(members, True, True)]
    decision = max(reversed(fitting), key=lambda found: found.recorded_at)
    order = [ids[entry] for entry in decision.entries if entry in ids]
    trace.append(Step(decision, "集体决议", "low", tuple(members),
                      {member: (place, 1) for place, member in enumerate(order, 1)}))
    return [([member], False, False) for member in order]
