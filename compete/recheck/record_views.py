"""复核记录表: what was drawn, found and signed, as a page to print and as a workbook."""

from flask import g, render_template
from flask_login import current_user

import scoring
from compete import clock
from compete.access import guard, reveals
from compete.excel.recheck_sheet import Checked, recheck_sheet
from compete.excel.style import Paper, file_name
from compete.models import RECHECK_STATES, RECHECK_WHYS, Part
from compete.recheck import service
from compete.recheck.base import blueprint, here, names, the_part, totals
from compete.web import download, tell


@blueprint.get("/parts/<int:part_id>/report")
@guard("recheck.view")
@reveals
def report(*, part_id: int):
    """复核记录表, to print and sign."""
    found = _record(the_part(part_id))
    if found is None:
        tell("还没有抽取样本，抽取后才有记录表")
        return here(part_id)
    return render_template("recheck/report.html", **found)


@blueprint.get("/parts/<int:part_id>/workbook")
@guard("recheck.view")
@reveals
def workbook(*, part_id: int):
    part = the_part(part_id)
    found = _record(part)
    if found is None:
        tell("还没有抽取样本，抽取后才有记录表")
        return here(part_id)
    event = part.stage.event
    paper = Paper(contest=g.contest.name, event=event.name, stage=part.stage.name, audit_head=g.contest.audit_head,
                  printed_at=clock.show_time(clock.now()), made_by=current_user.name)  # fmt: skip
    return download(recheck_sheet(paper, part.name, found["facts"], found["rows"]), file_name("复核记录表", g.contest.name, event.name, part.name))


def _record(part: Part) -> dict | None:
    """What is printed of the sample in force: `rows` of the list, `facts` above it as (name, words); None without a sample."""
    row = service.current(part.id)
    if row is None:
        return None
    lines, state = service.lines(row), service.progress(row)
    _, _, _, rubric = service.around(lines[0].sheet)
    called, text = names(rubric), totals(rubric)
    rows = [
        Checked(
            line.label, line.judge, RECHECK_WHYS[line.item.why], text(line.sheet.total), "须重新核对" if line.stale else RECHECK_STATES[line.item.state],
            "；".join(f"{called.get(code, code)} {_points((line.item.before or {}).get(code))} → {_points(units)}" for code, units in (line.item.found or {}).items()),
            "；".join(words for words in (line.item.note, line.item.settled_reason) if words), line.item.checked_name,
        )
        for line in lines
    ]  # fmt: skip
    facts = [
        ("样本", f"前 {row.top} 名必查；其余 {len(row.drawn_from)} 项中随机抽 {row.drawn_count} 项（不少于 {scoring.format_percent(row.percent)}%）"),
        ("抽取", f"种子 {row.seed}（{service.SOURCES[row.source]}），{row.made_by}，{clock.show_time(row.made_at)}"),
        ("结果", f"共 {state.total} 张，已核 {state.checked} 张，有误 {state.wrong} 张，错误率 {state.rate}（上限 {scoring.format_percent(row.threshold)}%）"),
    ]  # fmt: skip
    if row.full_at:
        facts.append(("全部复核", f"{row.full_by}，{clock.show_time(row.full_at)}"))
    facts += [("总评委签字", f"{one.name}，{clock.show_time(one.signed_at)}，更正 {one.count} 张，指纹 {one.digest[:16]}") for one in service.signatures(row.id)]
    return {"part": part, "event": part.stage.event, "row": row, "rows": rows, "facts": facts, "rule": scoring.ORDER_RULE}


def _points(units: int | None) -> str:
    return "空" if units is None else scoring.format_points(units)
