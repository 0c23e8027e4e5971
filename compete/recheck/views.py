"""复核: the parts, the sample of one part, a sheet to compare, the chief judge's signature, the record."""

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import joinedload

import scoring
from compete import clock
from compete.access import actor, guard, reveals
from compete.database import write
from compete.excel.recheck_sheet import Checked, recheck_sheet
from compete.excel.style import Paper, file_name
from compete.marking import files, locking
from compete.models import RECHECK_STATES, RECHECK_WHYS, Judge, Part, Recheck, RecheckItem, Sheet, Stage, db
from compete.recheck import corrections, rules, sampling, service
from compete.recheck.forms import BeginForm, CheckForm, DismissForm, RulesForm, SignForm
from compete.web import download, mine, say, tell
from scoring.problems import Problem

blueprint = Blueprint("recheck", __name__, url_prefix="/contests/<int:contest_id>/recheck")
KINDS = {"open": "quiet", "right": "good", "wrong": "bad", "corrected": "good", "dismissed": "info"}
FILTERS = {"": "全部", "open": "未核", "wrong": "有误"}


def the_part(part_id: int) -> Part:
    return mine(Part, part_id, joinedload(Part.stage).joinedload(Stage.event))


def the_item(item_id: int) -> tuple[Recheck, RecheckItem, Part]:
    item = db.session.get(RecheckItem, item_id) or abort(404)
    recheck = db.session.get(Recheck, item.recheck_id)
    return recheck, item, the_part(recheck.part_id)


def here(part_id: int, **more):
    return redirect(url_for("recheck.show", contest_id=g.contest.id, part_id=part_id, **more))


def _rules_form(chosen: rules.Rules) -> RulesForm:
    shown = {"percent": scoring.format_percent(chosen.percent), "threshold": scoring.format_percent(chosen.threshold)}
    return RulesForm(data={**chosen._asdict(), **shown})


@blueprint.get("")
@guard("recheck.view")
@reveals
def index():
    return _index(_rules_form(rules.of(g.contest)))


def _index(form: RulesForm, status: int = 200):
    parts = service.parts_of(g.contest.id)
    rows = service.currents([part.id for part, _ in parts])
    states = service.progresses(list(rows.values())) if rows else {}
    told = [(part, event, rows.get(part.id), states.get(rows[part.id].id) if part.id in rows else None) for part, event in parts]
    return render_template("recheck/index.html", rows=told, form=form, chosen=rules.of(g.contest), told=rules.told(rules.of(g.contest))), status


@blueprint.post("/rules")
@guard("contest.edit")
def set_rules():
    form = RulesForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    with write():
        problem = rules.change(g.contest, form.rules, actor=actor(), now=clock.now())
    tell(problem) if problem else say("复核规则已保存，以后抽取的样本按它")
    return redirect(url_for("recheck.index", contest_id=g.contest.id))


@blueprint.get("/parts/<int:part_id>")
@guard("recheck.view")
@reveals
def show(*, part_id: int):
    return _show(the_part(part_id), BeginForm(formdata=None), SignForm(formdata=None))


def _show(part: Part, begin_form: BeginForm, sign_form: SignForm, status: int = 200):
    row = service.current(part.id)
    chosen = rules.of(g.contest)
    common = {"part": part, "event": part.stage.event, "begin_form": begin_form, "chosen": chosen, "told": rules.told(chosen), "sources": service.SOURCES}
    if row is None:
        obstacle = sampling.obstacle(part, chosen, locking.boards(part.id))
        return render_template("recheck/show.html", row=None, obstacle=obstacle, **common), status
    lines, wanted = service.lines(row), request.args.get("show", "")
    shown = [line for line in lines if not wanted or (wanted == "open" and line.is_open) or (wanted == "wrong" and line.item.state in ("wrong", "corrected"))]
    wrong = [line for line in lines if line.item.state == "wrong"]
    sign_form.digest.data = corrections.digest_of([(line.item, line.sheet) for line in wrong])
    _, _, _, rubric = service.around(lines[0].sheet) if lines else (None, None, None, None)
    return render_template(
        "recheck/show.html", row=row, lines=shown, every=lines, wrong=wrong, progress=service.progress(row), wanted=wanted, filters=FILTERS,
        states=RECHECK_STATES, whys=RECHECK_WHYS, kinds=KINDS, sign_form=sign_form, signatures=service.signatures(row.id), stamp=files.stamp(),
        names=_names(rubric), text=scoring.formatter(rubric.part.denominator) if rubric else str, dismiss_form=DismissForm(formdata=None),
        first_open=next((line.item.id for line in lines if line.is_open), None), earlier=service.history(part.id),
        percent=scoring.format_percent, **common,
    ), status  # fmt: skip


def _names(rubric) -> dict[str, str]:
    return {code: leaf.name for code, leaf in rubric.leaves.items()} if rubric else {}


@blueprint.post("/parts/<int:part_id>/begin")
@guard("recheck.make")
def begin(*, part_id: int):
    part, form = the_part(part_id), BeginForm()
    if not form.validate_on_submit():
        return _show(part, form, SignForm(formdata=None), 422)
    spoken = form.seed.data if form.method.data == "hall" else ""
    with write():
        made = sampling.begin(mine(Part, part_id), spoken=spoken, reason=form.reason.data or "", actor=actor(), now=clock.now())
    tell(made) if isinstance(made, Problem) else say(f"样本已抽取，种子 {made.seed}")
    return here(part_id)


@blueprint.route("/items/<int:item_id>", methods=["GET", "POST"])
@guard("recheck.make")
@reveals
def item(*, item_id: int):
    """One sheet beside its paper; after an answer the next one that waits."""
    recheck, row, part = the_item(item_id)
    sheet = db.session.get(Sheet, row.sheet_id, populate_existing=True)
    _, _, marks, rubric = service.around(sheet)
    form = CheckForm()
    given, wrong = {code: scoring.format_points(units) for code, units in marks.items()}, {}
    if form.validate_on_submit():
        found, given, wrong = found_in(request.form, rubric)
        differs = wrong or any(marks.get(code) != units for code, units in found.items())
        # The Enter key sends the first button: what was typed must fit it.
        if ("right" in request.form) == bool(differs):
            wrong = wrong or {"": "右栏与系统的分数不同：一致请改回，有误请按“记为有误”" if differs else "右栏与系统的分数相同：有误请先把右栏改成纸面上的分数"}
        if not wrong:
            with write():
                problem = service.check(mine_item(item_id), found=found, note=form.note.data or "", seen=int(form.seen.data), actor=actor(), now=clock.now())
            if problem is None:
                say(f"已记录：{RECHECK_STATES[db.session.get(RecheckItem, item_id).state]}")
                following = service.next_open(recheck.id, row.position)
                return redirect(url_for("recheck.item", contest_id=g.contest.id, item_id=following)) if following else here(part.id)
            tell(problem)
            sheet = db.session.get(Sheet, row.sheet_id, populate_existing=True)
    elif not form.is_submitted():
        given |= {code: scoring.format_points(units) for code, units in (row.found or {}).items()}
        form.note.data = row.note
    form.seen.data = str(sheet.revision)
    return render_template(
        "recheck/item.html", form=form, row=row, recheck=recheck, part=part, event=part.stage.event, sheet=sheet, marks=marks, given=given, wrong=wrong,
        leaves=rubric.part.leaves, judge=db.session.get(Judge, sheet.judge_id), label=service.labels_of(part.id).get(sheet.entry_id, ""),
        total=scoring.formatter(rubric.part.denominator)(sheet.total), adds_up=scoring.sheet_total(rubric.part, marks) == sheet.total,
        states=RECHECK_STATES, whys=RECHECK_WHYS, kinds=KINDS, stale=service.is_stale(row, sheet), signed=service.is_signed(sheet),
        place=service.place(row),
    ), 422 if wrong else 200  # fmt: skip


def mine_item(item_id: int) -> RecheckItem:
    return the_item(item_id)[1]


def found_in(fields, rubric) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """({criterion: units}, what was typed, {criterion: what is wrong with it}) of the marks of the paper."""
    found, given, wrong = {}, {}, {}
    for leaf in rubric.part.leaves:
        typed = fields.get(f"mark-{leaf.code}", "").strip()
        given[leaf.code] = typed
        units = scoring.parse_points(typed, where=leaf.name)
        if isinstance(units, Problem):
            wrong[leaf.code] = f"{units.message}，{units.mend}"
            continue
        problem = scoring.check_mark(leaf, units)
        if problem:
            wrong[leaf.code] = f"{problem.message}，{problem.mend}"
        found[leaf.code] = units
    return found, given, wrong


@blueprint.post("/parts/<int:part_id>/full")
@guard("recheck.make")
def full(*, part_id: int):
    the_part(part_id)
    with write():
        row = service.current(part_id) or abort(404)
        added = sampling.widen(row, actor=actor(), now=clock.now())
    tell(added) if isinstance(added, Problem) else say(f"已扩大到全部，新增 {added} 张")
    return here(part_id)


@blueprint.post("/parts/<int:part_id>/sign")
@guard("recheck.sign")
def sign(*, part_id: int):
    part, form = the_part(part_id), SignForm()
    if not form.validate_on_submit():
        return _show(part, BeginForm(formdata=None), form, 422)
    person = current_user._get_current_object()
    with write():
        row = service.current(part_id) or abort(404)
        made = corrections.sign(row, digest=form.digest.data, name=form.name.data or "", drawing=form.drawing.data or None,
                                judge_id=person.id if isinstance(person, Judge) else None, actor=actor(), now=clock.now())  # fmt: skip
    tell(made) if isinstance(made, Problem) else say(f"已签字，更正了 {made.count} 张评分表")
    return here(part_id)


@blueprint.post("/items/<int:item_id>/dismiss")
@guard("recheck.sign")
def dismiss(*, item_id: int):
    _, row, part = the_item(item_id)
    form = DismissForm()
    if form.validate_on_submit():
        with write():
            problem = corrections.dismiss(mine_item(item_id), reason=form.reason.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say("已认定无误，不计入错误率")
    else:
        tell(*form.reason.errors)
    return here(part.id)


@blueprint.get("/parts/<int:part_id>/report")
@guard("recheck.view")
@reveals
def report(*, part_id: int):
    """复核记录表, to print and sign."""
    found = _record(the_part(part_id))
    if found is None:
        return here(part_id)
    return render_template("recheck/report.html", **found)


@blueprint.get("/parts/<int:part_id>/workbook")
@guard("recheck.view")
@reveals
def workbook(*, part_id: int):
    part = the_part(part_id)
    found = _record(part)
    if found is None:
        return here(part_id)
    event = part.stage.event
    paper = Paper(contest=g.contest.name, event=event.name, stage=part.stage.name, audit_head=g.contest.audit_head,
                  printed_at=clock.show_time(clock.now()), made_by=current_user.name)  # fmt: skip
    return download(recheck_sheet(paper, part.name, found["facts"], found["rows"]), file_name("复核记录表", g.contest.name, event.name, part.name))


def _record(part: Part) -> dict | None:
    row = service.current(part.id)
    if row is None:
        tell("还没有抽取样本，抽取后才有记录表")
        return None
    lines, state = service.lines(row), service.progress(row)
    _, _, _, rubric = service.around(lines[0].sheet)
    names, text = _names(rubric), scoring.formatter(rubric.part.denominator)
    rows = [
        Checked(
            line.label, line.judge, RECHECK_WHYS[line.item.why], text(line.sheet.total), "须重新核对" if line.stale else RECHECK_STATES[line.item.state],
            "；".join(f"{names.get(code, code)} {_points((line.item.before or {}).get(code))} → {_points(units)}" for code, units in (line.item.found or {}).items()),
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


blueprints = (blueprint,)
