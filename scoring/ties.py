"""Tie rules: figures that part entries of equal score, and the chain that applies them in turn."""

from math import lcm
from typing import NamedTuple

from .catalogue import Rule, catalogue
from .references import criterion_score, criterion_values, kind_of, leaf_or_node, name_of
from .numbers import UNIT, divide, format_exact
from .parts import weighted


class Step(NamedTuple):
    """One rule applied to one tied group: figures are {entry: (num, den)}, None where the rule had to be passed over."""

    rule: object
    label: str
    better: str
    members: tuple
    figures: dict | None


def tie_criteria(scheme) -> frozenset:
    """(part code, leaf code) of every mark that a rule of the chain compares."""
    targets = [leaf_or_node(scheme, tie.argument) for tie in scheme.ties if _names_criterion(scheme, tie)]
    return frozenset((part.code, leaf.code) for part, criterion in filter(None, targets) for leaf in criterion.leaves())


def _names_criterion(scheme, tie):
    return tie.code.startswith("criterion") or (tie.code.startswith("figure") and kind_of(scheme, tie.argument) == "criterion")


def chain_references(scheme) -> tuple[str, ...]:
    """The figures of any kind that the chain compares."""
    return tuple(tie.argument for tie in scheme.ties if tie.code.startswith("figure"))


def _weighted(run, entry, argument, figure):
    """The figure of one part, or of all parts put together by their weights."""
    if argument:
        return figure(run.reader(argument), entry)
    if len(run.readers) == 1:
        return figure(run.readers[0], entry)
    found = [figure(reader, entry) for reader in run.readers]
    if None in found:
        return None
    return weighted((top, bottom, reader.part.weight) for (top, bottom), reader in zip(found, run.readers))


def _of_totals(reader, entry, choose):
    """choose(totals) -> (sum, count) over a judged part's counting sheets; an imported figure stands as it is."""
    if not reader.judged:
        found = reader.read(entry)
        return (found[0], found[1] * reader.base) if found else None
    totals = reader.totals(entry)
    if not totals:
        return None
    top, count = choose(totals)
    return top, count * reader.part.denominator


def _untrimmed(run, entry, argument):
    return _weighted(run, entry, argument, lambda reader, fact: _of_totals(reader, fact, lambda t: (sum(t), len(t))))


def _highest(run, entry, argument):
    return _weighted(run, entry, argument, lambda reader, fact: _of_totals(reader, fact, lambda t: (max(t), 1)))


def _lowest(run, entry, argument):
    return _weighted(run, entry, argument, lambda reader, fact: _of_totals(reader, fact, lambda t: (min(t), 1)))


def _chief(run, entry, argument):
    def figure(reader, fact):
        if not reader.judged:
            return _of_totals(reader, fact, None)
        totals = [reader.total(sheet) for sheet in fact.sheets.get(reader.code, ())
                  if sheet.chief and sheet.state == "submitted"]
        if not totals or None in totals:
            return None
        return sum(totals), len(totals) * reader.part.denominator
    return _weighted(run, entry, argument, figure)


def _part(run, entry, argument):
    reader = run.reader(argument)
    found = reader.read(entry)
    return (found[0], found[1] * reader.base) if found else None


def _criterion(run, entry, argument):
    part, criterion = run.once(leaf_or_node, run.scheme, argument)
    return criterion_score(run.reader(part.code), criterion, entry)


def _criterion_mean(run, entry, argument):
    part, criterion = run.once(leaf_or_node, run.scheme, argument)
    values, bottom = criterion_values(run.reader(part.code), criterion, entry)
    return (sum(values), len(values) * bottom) if values else None


def _penalty(run, entry, argument):
    return sum(units for units, reason in entry.penalties), UNIT


def _exact(run, entry, argument):
    return run.exact_of(entry)


def _figure(run, entry, argument):
    return run.figures.at(argument, run.index_of[entry.entry])


COMMON = "竞赛规程通例"
TIE_RULES = catalogue(
    Rule("part", "环节得分", "Part score", "比较某一评分环节的得分，高者列前。", "实操、理论等规程", "环节", function=_part),
    Rule("criterion", "评分项得分", "Criterion score", "对某一评分项的打分按同一评分规则（含去高去低）求得分，高者列前。",
         COMMON, "评分项的打分", function=_criterion),
    Rule("criterion_mean", "评分项平均分", "Criterion mean", "全部评委对某一评分项打分的平均（不去高低），高者列前。",
         COMMON, "评分项的打分", function=_criterion_mean),
    Rule("untrimmed_mean", "全部评委平均分", "Mean of all judges", "不去最高最低分，全部有效评委的平均分，高者列前。",
         "职业技能竞赛规程", function=_untrimmed),
    Rule("chief_mark", "总评委打分", "Chief judge’s mark", "比较总评委的打分，高者列前。", "路演评审规程", "总评委已打分", function=_chief),
    Rule("highest_judge", "评委最高分", "Highest single mark", "比较单个评委给出的最高分，高者列前。", COMMON, function=_highest),
    Rule("lowest_judge", "评委最低分", "Lowest single mark", "比较单个评委给出的最低分，高者列前。", COMMON, function=_lowest),
    Rule("fewer_penalties", "扣分", "Fewer penalties", "比较扣分合计，少者列前。", COMMON, better="low", function=_penalty),
    Rule("exact_score", "未舍入的总分", "Exact score", "比较舍入之前的精确总分，高者列前。", COMMON, function=_exact),
    Rule("figure_high", "数据（大者列前）", "Figure, high", "比较一个数：环节、计算项或录入的数据，大者列前。", COMMON, "环节、计算项或录入的数据", function=_figure),
    Rule("figure_low", "数据（小者列前）", "Figure, low", "比较一个数：环节、计算项或录入的数据（如用时），小者列前。", COMMON,
         "环节、计算项或录入的数据", better="low",
         function=_figure),
    Rule("shared", "并列", "Shared place", "仍相同者名次并列，其后名次顺延。", COMMON),
    Rule("decision", "集体决议", "Recorded decision", "由加赛、评委表决或抽签决定并记录在案。", "不设并列的规程"),
)


def label_of(scheme, tie):
    """The rule's name as the sentence shows it: the part's or the criterion's own name where it has one."""
    if tie.label:
        return tie.label
    if tie.code == "part":
        return scheme.part(tie.argument).name
    if tie.code.startswith("criterion"):
        name = leaf_or_node(scheme, tie.argument)[1].name
        return name if tie.code == "criterion" else f"{name}（全部评委平均）"
    label = TIE_RULES[tie.code].label_zh
    if tie.code.startswith("figure"):
        return name_of(scheme, tie.argument)
    return f"{scheme.part(tie.argument).name} · {label}" if tie.argument else label


def figure_texts(own, other):
    """Two figures as texts that differ where the figures do."""
    most = 4
    while most < 40 and divide(own[0] * 10 ** most, own[1]) == divide(other[0] * 10 ** most, other[1]):
        most += 4
    return format_exact(*own, 2, most), format_exact(*other, 2, most)


def figure_text(figure):
    return format_exact(*figure, 2, 4)


def by_figure(figures, better):
    """Members in groups of equal figure, the best group first."""
    common = lcm(*[bottom for top, bottom in figures.values()])
    groups = {}
    for member, (top, bottom) in figures.items():
        groups.setdefault(top * (common // bottom), []).append(member)
    return [groups[key] for key in sorted(groups, reverse=better == "high")]


def part_group(run, members, trace, chain=None):
    """Apply the chain (the scheme's, or another) to tied members; returns [(members, shared, undecided), …] and notes every
    rule that was tried in trace."""
    return _apply(run, list(members), 0, trace, run.scheme.ties if chain is None else chain)


def _apply(run, members, position, trace, chain):
    if len(members) == 1:
        return [(members, False, False)]
    while position < len(chain):
        tie = chain[position]
        position += 1
        if tie.code == "shared":
            return [(members, True, False)]
        if tie.code == "decision":
            break
        rule = TIE_RULES[tie.code]
        figures = {member: rule.function(run, run.entries[member], tie.argument) for member in members}
        passed = None in figures.values()
        trace.append(Step(tie, run.once(label_of, run.scheme, tie), rule.better, tuple(members), None if passed else figures))
        groups = [members] if passed else by_figure(figures, rule.better)
        if len(groups) > 1:
            return [found for group in groups for found in _apply(run, group, position, trace, chain)]
    return _decide(run, members, trace)


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
