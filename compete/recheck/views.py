"""复核: the parts, the sample of one part, a sheet to compare, the chief judge's signature."""

from flask import abort, g, redirect, render_template, request, url_for
from flask_login import current_user

import scoring
from compete import clock
from compete.access import actor, guard, reveals
from compete.database import write
from compete.marking import files, locking
from compete.models import RECHECK_STATES, RECHECK_WHYS, Judge, Part, Recheck, RecheckItem, Sheet, db
from compete.recheck import corrections, record_views, rules, sampling, service
from compete.recheck.base import blueprint, here, names, the_part, totals
from compete.recheck.forms import BeginForm, CheckForm, DismissForm, RulesForm, SignForm
from compete.web import mine, say, tell, tell_errors
from scoring.problems import Problem

KINDS = {"open": "quiet", "right": "good", "wrong": "bad", "corrected": "good", "dismissed": "info"}
FILTERS = {"": "全部", "open": "未核", "wrong": "有误"}


def the_item(item_id: int) -> tuple[Recheck, RecheckItem, Part]:
    item = db.session.get(RecheckItem, item_id) or abort(404)
    recheck = db.session.get(Recheck, item.recheck_id)
    return recheck, item, the_part(recheck.part_id)


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
        names=names(rubric), text=totals(rubric), dismiss_form=DismissForm(formdata=None),
        first_open=next((line.item.id for line in lines if line.is_open), None), earlier=service.history(part.id),
        percent=scoring.format_percent, **common,
    ), status  # fmt: skip


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
        found, given, wrong = found_in(request.form, rubric, marks)
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
    else:
        tell_errors(form)
    form.seen.data = str(sheet.revision)
    return render_template(
        "recheck/item.html", form=form, row=row, recheck=recheck, part=part, event=part.stage.event, sheet=sheet, marks=marks, given=given, wrong=wrong,
        leaves=rubric.part.leaves, judge=db.session.get(Judge, sheet.judge_id), label=service.labels_of(part.id).get(sheet.entry_id, ""),
        total=totals(rubric)(sheet.total), adds_up=scoring.sheet_total(rubric.part, marks) == sheet.total,
        states=RECHECK_STATES, whys=RECHECK_WHYS, kinds=KINDS, stale=service.is_stale(row, sheet), signed=service.is_signed(sheet),
        place=service.place(row),
    ), 422 if wrong else 200  # fmt: skip


def mine_item(item_id: int) -> RecheckItem:
    return the_item(item_id)[1]


def found_in(fields, rubric, marks: dict[str, int]) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """({criterion: units}, what was typed, {criterion: what is wrong with it}) of the marks of the paper."""
    found, given, wrong = {}, {}, {}
    for leaf in rubric.part.leaves:
        typed = fields.get(f"mark-{leaf.code}", "").strip()
        given[leaf.code] = typed
        if leaf.team and not typed and leaf.code not in marks:
            continue  # the panel's mark, on another judge's sheet
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


PAGES = (record_views,)
blueprints = (blueprint,)
