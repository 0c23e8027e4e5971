"""Why an entry stands where it stands, in sentences and figures; made only when someone asks."""

from .catalogue import STATUSES
from .problems import Problem
from .ranking import place_figure
from .tie_texts import compared, differ, figure_text


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
    head = f"总分 {standing.score_text}，{standing.place_text}"
    tied = standing.run.steps.get(standing.index)
    return head + "".join("；" + clause for clause in _clauses(standing, *tied)) if tied else head


def _unplaced(standing):
    if standing.status == "out_of_competition":
        return f"总分 {standing.score_text}，{standing.place_text}"
    if standing.status == "incomplete":
        return "；".join(message for where, message in missing(standing)) or "成绩不完整"
    return f"{STATUSES[standing.status].label_zh}，不排名次"


def _clauses(standing, trace, tied):
    """Compare with the neighbours of equal score: the next better one, those who share the place, the next worse one."""
    same = [other for other in tied if other.rank == standing.rank and other is not standing]
    above = [other for other in tied if other.rank < standing.rank]
    below = [other for other in tied if other.rank > standing.rank]
    if above:
        yield _compared(standing, above[-1], trace, "后")
    if same:
        numbers = "、".join(other.number for other in same)
        yield f"与 {numbers} 号同分，规则不能区分，待集体决议" if standing.undecided else f"与 {numbers} 号并列"
    if below:
        yield _compared(standing, below[0], trace, "前")


def _compared(standing, other, trace, side):
    """The sentence of the rule that parted two entries."""
    step = next(step for step in trace if step.figures and standing.index in step.figures and other.index in step.figures
                and differ(step.figures[standing.index], step.figures[other.index]))
    if hasattr(step.rule, "recorded_at"):
        return f"与 {other.number} 号同分，按集体决议列{side}（{step.rule.reason}）"
    what, own, theirs, better = compared(step.figures[standing.index], step.figures[other.index], step.better)
    wanted = "高" if (side == "前") == (better == "high") else "低"
    if own.endswith("次") and what:
        wanted = {"高": "多", "低": "少"}[wanted]
    sign = ">" if wanted in "高多" else "<"
    figures = f"{own} {sign} {theirs}" if "无" not in (own, theirs) else f"{own}，{theirs}"
    named = f"“{step.label}”" + (f"（{what}）" if what else "")
    return f"与 {other.number} 号同分，按{named}{wanted}者列{side}（{figures}）"


def missing(standing):
    """(where, message) for every part of an incomplete entry that has no score yet."""
    run, fact = standing.run, standing.fact
    for reader in run.readers:
        if reader.read(fact) is not None:
            continue
        where = f"{fact.number} 号 · {reader.part.name}"
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


def problems(outcome):
    """What keeps the outcome from being released, entry by entry and tie by tie."""
    found = []
    for standing in outcome.standings:
        if standing.status == "incomplete":
            found += [Problem("missing_marks", where, message, "请补齐打分或成绩；评委不能打分的请登记回避或缺席")
                      for where, message in missing(standing)]
    for tie in outcome.undecided_ties:
        numbers = "、".join(outcome.standing(entry).number for entry in tie)
        first = outcome.standing(tie[0])
        found.append(Problem("undecided_tie", f"第 {first.place} 名",
                             f"{numbers} 号总分同为 {first.score_text}，同分规则不能区分",
                             "请登记集体决议（加赛、表决或抽签）并写明理由，或在规则末尾加“并列”"))
    return tuple(found)
