"""Why an entry stands where it stands, in sentences and figures; made only when someone asks."""

from ..catalogue import STATUSES
from ..numbers import format_points
from ..problems import Problem
from ..steps.figures import shown
from ..steps.references import kind_of, name_of, naming, references
from .order import place_figure
from .texts import compared, differ, figure_text


def tie_steps(standing):
    """(label, own figure, whether this rule parted the entry from others) for every rule that was tried."""
    trace, tied = standing.run.steps.get(standing.index, ((), ()))
    found = []
    for step in trace:
        if standing.index not in step.members:
            continue
        if step.figures is None:
            found.append((step.label, "数据不全，未用", False))
            continue
        own = step.figures[standing.index]
        parting = any(differ(own, other) for other in step.figures.values())
        found.append((step.label, figure_text(own), parting))
    return tuple(found)


def reason(standing):
    """One Chinese sentence for the standing's place."""
    if standing.place is None:
        return _unplaced(standing)
    head = f"{_score(standing)}，{standing.place_text}"
    tied = standing.run.steps.get(standing.index)
    return head + "".join("；" + clause for clause in _clauses(standing, *tied)) if tied else head


def _score(standing):
    """The figures that the place rests on: class, total, and the one ranked by where it is another."""
    run, scheme = standing.run, standing.run.scheme
    found = f"总分 {standing.score_text}"
    if scheme.key:
        found += f"，{name_of(scheme, scheme.key)} {run.order.text(standing.index)}"
    elif scheme.rank_by == "exact" and standing.score in run.order.doubtful:
        found += f"（未舍入 {run.order.text(standing.index)}）"
    if scheme.class_by:
        name = name_of(scheme, scheme.class_by)
        found = f"{name} {shown(run, scheme.class_by, run.figures.of(scheme.class_by)[standing.index])}，{found}"
    return found


def _unplaced(standing):
    if standing.status == "out_of_competition":
        return f"{_score(standing)}，{standing.place_text}"
    if standing.status == "no_score":
        return f"无成绩（{_without(standing)}），列在有成绩者之后"
    if standing.status == "incomplete":
        return "；".join(message for where, message in missing(standing)) or "成绩不完整"
    return f"{STATUSES[standing.status].label_zh}，不排名次"


def _without(standing):
    """What an entry without a total lacks."""
    scheme, parts = standing.run.scheme, standing.parts
    if standing.exact or scheme.total:
        return f"没有“{name_of(scheme, scheme.key if standing.exact else scheme.total)}”"
    return "未参加" + "、".join(part.name for part in parts.values() if not part.taken)


def _clauses(standing, trace, tied):
    """Compare with the neighbours of equal score: the next better one, those who share the place, the next worse one."""
    same = [other for other in tied if other.rank == standing.rank and other is not standing]
    above = [other for other in tied if other.rank < standing.rank]
    below = [other for other in tied if other.rank > standing.rank]
    if above:
        yield _compared(standing, above[-1], trace, "后")
    if same:
        numbers = "、".join(other.number for other in same)
        equal = "同分" if all(_same_key(standing, other) for other in same) else _within(standing)
        if standing.undecided:
            yield f"与 {numbers} 号{equal}，规则不能区分，待集体决议"
        else:
            yield f"与 {numbers} 号" + ("并列" if equal == "同分" else f"{equal}，并列")
    if below:
        yield _compared(standing, below[0], trace, "前")


def _same_key(standing, other):
    keys = standing.run.order.keys
    return keys[standing.index] == keys[other.index]


def _within(standing):
    return f"相差不超过 {format_points(standing.run.scheme.tolerance)} 分"


def _compared(standing, other, trace, side):
    """The sentence of the rule that parted two entries."""
    equal = "同分" if _same_key(standing, other) else _within(standing)
    step = next(step for step in trace if step.figures and standing.index in step.figures and other.index in step.figures
                and differ(step.figures[standing.index], step.figures[other.index]))
    if hasattr(step.rule, "recorded_at"):
        return f"与 {other.number} 号{equal}，按集体决议列{side}（{step.rule.reason}）"
    what, own, theirs, better = compared(step.figures[standing.index], step.figures[other.index], step.better)
    wanted = "高" if (side == "前") == (better == "high") else "低"
    if own.endswith("次") and what:
        wanted = {"高": "多", "低": "少"}[wanted]
    sign = ">" if wanted in "高多" else "<"
    figures = f"{own} {sign} {theirs}" if "无" not in (own, theirs) else f"{own}，{theirs}"
    named = f"“{step.label}”" + (f"（{what}）" if what else "")
    return f"与 {other.number} 号{equal}，按{named}{wanted}者列{side}（{figures}）"


def missing(standing):
    """(where, message) for every part of an incomplete entry that has no score yet."""
    run, fact = standing.run, standing.fact
    for reader in run.readers:
        if reader.read(fact) is not None:
            continue
        where, factor = f"{fact.number} 号 · {reader.part.name}", reader.part.factor
        if factor and factor not in fact.figures and reader.read_panel(fact):
            yield where, f"{reader.part.name}缺少系数“{name_of(run.scheme, factor)}”"
            continue
        if not reader.judged:
            yield where, f"{reader.part.name}没有成绩"
            continue
        yield where, f"{reader.part.name}{_lacking(run, reader, reader.judges(fact))}"


def _lacking(run, reader, judges):
    waiting = [run.name(judge.judge) for judge in judges if judge.use == "missing"]
    given = sum(judge.total is not None for judge in judges)
    if waiting:
        return f'缺 {"、".join(waiting)} 的打分'
    if not given:
        return "没有有效的打分"
    if given < reader.part.panel.minimum_judges and reader.part.panel.below_minimum == "refuse":
        return f"只有 {given} 位评委的打分，少于规定的 {reader.part.panel.minimum_judges} 位"
    return "缺各评分项的打分明细"


def unknown_figures(scheme, entries):
    """References that are neither a part nor a step, nor the code of a figure that any entry has: most likely slips of the pen."""
    judged = any(entry.status in ("competing", "out_of_competition") for entry in entries)
    return [code for code in references(scheme) if judged and kind_of(scheme, code) == "figure"
            and not any(code in entry.figures for entry in entries)]


def _alike(outcome, tie):
    """总分同为 80.00, or what else makes the entries equal."""
    standings = [outcome.standing(entry) for entry in tie]
    if any(not _same_key(standings[0], other) for other in standings):
        return f"总分{_within(standings[0])}"
    return f"总分同为 {standings[0].score_text}" if not outcome.run.scheme.key else "排名用数相同"


def problems(outcome):
    """What keeps the outcome from being released, entry by entry and tie by tie."""
    found = [Problem("unknown_figure", f"评分方案 · {where}", f"没有任何对象录入过“{code}”，方案中也没有这个环节或计算项", "请录入这项数据，或改正方案中的代码")
             for where, code in naming(outcome.run.scheme) if code in outcome.unknown]
    for standing in outcome.standings:
        if standing.status == "incomplete":
            found += [Problem("missing_marks", where, message, "请补齐打分或成绩；评委不能打分的请登记回避或缺席")
                      for where, message in missing(standing)]
    for tie in outcome.undecided_ties:
        numbers = "、".join(outcome.standing(entry).number for entry in tie)
        first = outcome.standing(tie[0])
        found.append(Problem("undecided_tie", f"第 {place_figure(first.place)} 名",
                             f"{numbers} 号{_alike(outcome, tie)}，同分规则不能区分",
                             "请登记集体决议（加赛、表决或抽签）并写明理由，或在规则末尾加“并列”"))
    return tuple(found)
