"""Pages of importing a workbook: upload, preview, matching by hand, confirming, taking back; templates to download."""

import sqlalchemy as sa
from flask import abort, g, redirect, render_template, request, url_for
from sqlalchemy.orm import defer

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.entries import entry_rows, imports
from compete.entries.base import blueprint
from compete.entries.forms import ReasonForm, UploadForm
from compete.entries.planning import KINDS, is_mendable
from compete.excel import intake, roster_templates
from compete.models import Import, db
from compete.web import Page, asked, download, mine, say, tell
from scoring.problems import Problem

SIZE = 100
WHAT = {"entries": "参赛对象", "judges": "评委"}
STATES = {"preview": ("待确认", "wait"), "confirmed": ("已导入", "good"), "undone": ("已撤销", "quiet"), "dropped": ("已放弃", "quiet")}


def _kind() -> str:
    kind = request.args.get("kind", "entries")
    return kind if kind in WHAT else abort(404)


def _usual_roster(events) -> str:
    """The make of roster that fits most events."""
    kinds = [intake.KIND_OF_ENTRY[event.entry_kind] for event in events]
    return max(set(kinds), key=kinds.count) if kinds else "projects"


@blueprint.route("/imports/new", methods=["GET", "POST"])
@guard("entries.edit")
def import_new():
    kind = _kind()
    events = entry_rows.events_of(g.contest.id)
    form = UploadForm(roster=_usual_roster(events))
    if form.validate_on_submit():
        made = _keep(kind, form)
        if isinstance(made, Import):
            return redirect(url_for("entries.import_show", contest_id=g.contest.id, import_id=made.id))
        tell(made)
    elif request.method == "POST":
        tell("请先选择一个文件")
    earlier = db.session.scalars(
        sa.select(Import).where(Import.contest_id == g.contest.id, Import.kind == kind).order_by(Import.id.desc()).limit(20)
        .options(defer(Import.content), defer(Import.changes))
    ).all()  # fmt: skip
    return render_template("entries/import_new.html", form=form, kind=kind, what=WHAT[kind], earlier=earlier, events=events, STATES=STATES)


def _keep(kind: str, form: UploadForm) -> Import | Problem:
    file = form.file.data
    data, name = file.read(), file.filename or "名单.xlsx"
    roster = "judges" if kind == "judges" else form.roster.data
    content = intake.read(data, name, roster, remembered=imports.remembered(roster))
    if isinstance(content, Problem):
        return content
    if not content["rows"] and not any(sheet["columns"] for sheet in content["sheets"]):
        told = next((Problem(*problem) for sheet in content["sheets"] for problem in sheet["problems"]), None)
        return told or Problem("empty", name, "没有找到名单", "请检查工作表是否有表头和数据")
    made = imports.prepare(g.contest, kind=kind, filename=name, data=data, content=content, actor=actor(), now=clock.now())
    with write():
        return imports.keep(made, actor=actor(), now=made.created_at)


@blueprint.get("/imports/<int:import_id>")
@guard("entries.edit")
def import_show(import_id: int):
    row = mine(Import, import_id, defer(Import.changes))
    rows = (row.content or {}).get("rows", [])
    only = request.args.get("only", "")
    shown = [each for each in rows if _fits(each, only, row.mapping["ticks"])]
    number = min(max(1, request.args.get("page", 1, type=int)), max(1, -(-len(shown) // SIZE)))
    page = Page(shown[(number - 1) * SIZE : number * SIZE], len(shown), number, SIZE)
    events = entry_rows.events_of(g.contest.id) if row.kind == "entries" else []
    names = list(dict.fromkeys(each["event"] for each in rows))[:40]
    return render_template(
        "entries/import_show.html", row=row, what=WHAT[row.kind], page=page, only=only, events=events,
        names=names, chosen=entry_rows.event_choices(events, rows, row.mapping["events"]) if events else {},
        event_names={event.id: event.name for event in events}, targets=intake.targets(row.mapping["roster"]), KINDS=KINDS, STATES=STATES,
        plan_of=imports.plan_of, is_taken=imports.is_taken, is_mendable=is_mendable,
    )  # fmt: skip


def _fits(each: dict, only: str, ticks: dict) -> bool:
    plan = imports.plan_of(each)
    if only == "noted":
        return bool(each["errors"] or each["warnings"] or plan.problems or plan.notes)
    if only == "taken":
        return imports.is_taken(each, ticks)
    return not only or plan.kind == only


def _preview(import_id: int) -> Import:
    """The import, locked, while it is still a preview; else a message and nothing."""
    row = mine(Import, import_id)
    if row.state != "preview":
        tell("这份名单已经处理过，没有再改动")
    return row


def _back(import_id: int):
    return redirect(url_for("entries.import_show", contest_id=g.contest.id, import_id=import_id, **asked()))


@blueprint.post("/imports/<int:import_id>/columns")
@guard("entries.edit")
def import_columns(import_id: int):
    """Columns matched by hand: the workbook is read anew. Field names: c-<sheet>-<column>."""
    ReasonForm().checked()
    row = _preview(import_id)
    if row.state != "preview":
        return _back(import_id)
    columns = {}
    for place, sheet in enumerate(row.content["sheets"]):
        named = {str(c["index"]): request.form.get(f"c-{place}-{c['index']}") for c in sheet["columns"]}
        columns[sheet["name"]] = {index: target for index, target in named.items() if target is not None}
    roster = request.form.get("roster", row.mapping["roster"])
    if roster not in ("projects", "teams", "individuals", "judges") or (roster == "judges") != (row.kind == "judges"):
        abort(400)
    if roster != row.mapping["roster"]:
        columns = {}  # another make of roster has other fields: guess again
    columns = {sheet: targets for sheet, targets in columns.items() if targets}
    content = intake.read(imports.workbook(row), row.filename, roster, remembered=imports.remembered(roster), columns=columns)
    if isinstance(content, Problem):
        tell(content)
        return _back(import_id)
    with write():
        row = _preview(import_id)
        if row.state == "preview":
            imports.reinterpret(g.contest, row, content=content, columns=columns)
            say("已按新的对应重新读取，并记住供下次使用")
    return _back(import_id)


@blueprint.post("/imports/<int:import_id>/events")
@guard("entries.edit")
def import_events(import_id: int):
    """Which event each name of the workbook means. Field names: e-<place of the name>."""
    ReasonForm().checked()
    with write():
        row = _preview(import_id)
        if row.state == "preview":
            names = list(dict.fromkeys(each["event"] for each in row.content["rows"]))
            chosen = {name: number for place, name in enumerate(names) if (number := request.form.get(f"e-{place}", type=int))}
            imports.choose_events(g.contest, row, chosen)
            say("已按所选赛项重新比对")
    return _back(import_id)


@blueprint.post("/imports/<int:import_id>/ticks")
@guard("entries.edit")
def import_ticks(import_id: int):
    """The ticks of the page that was shown; `wrong` sets all rows with problems at once."""
    ReasonForm().checked()
    with write():
        row = _preview(import_id)
        if row.state == "preview":
            _save_ticks(row)
    if request.headers.get("X-Requested-With") == "fetch":
        return {"taken": row.counts["taken"], "taken_wrong": row.counts["taken_wrong"]}
    return _back(import_id)


def _ticks() -> dict[str, list[str]]:
    return {"shown": request.form.getlist("shown"), "ticked": request.form.getlist("take")}


def _save_ticks(row: Import) -> None:
    imports.tick(row, **_ticks())
    if request.form.get("wrong") in ("none", "mendable", "all"):
        imports.tick_wrong(row, request.form["wrong"])


@blueprint.post("/imports/<int:import_id>/confirm")
@guard("entries.edit")
def import_confirm(import_id: int):
    ReasonForm().checked()
    row = mine(Import, import_id)
    if row.state == "preview" and "shown" in request.form and ("wrong" in request.form or imports.moves(row, **_ticks())):
        with write():
            _save_ticks(mine(Import, import_id))
    made = imports.ready(g.contest, import_id)  # seconds for ten thousand rows, in which nobody waits
    with write():
        row = mine(Import, import_id, defer(Import.content))
        problems = imports.confirm(g.contest, import_id, made, actor=actor(), now=clock.now())
    if problems:
        tell(*problems)
        return _back(import_id)
    undo = url_for("entries.import_undo", contest_id=g.contest.id, import_id=import_id)
    say(f"导入完成：新增 {row.counts['added']}，更改 {row.counts['changed']}，不变 {row.counts['same']}", undo=undo)
    if row.kind == "judges":
        return redirect(url_for("judging.people", contest_id=g.contest.id))
    return redirect(url_for("entries.index", contest_id=g.contest.id))


@blueprint.post("/imports/<int:import_id>/undo")
@guard("entries.edit")
def import_undo(import_id: int):
    ReasonForm().checked()
    with write():
        problems = imports.undo(g.contest, mine(Import, import_id), actor=actor(), now=clock.now())
        undone = mine(Import, import_id).state == "undone"
    if undone:
        say("已撤销这次导入：新增的已移除，更改的已复原")
    tell(*problems[:10])
    return redirect(url_for("entries.import_show", contest_id=g.contest.id, import_id=import_id))


@blueprint.post("/imports/<int:import_id>/drop")
@guard("entries.edit")
def import_drop(import_id: int):
    ReasonForm().checked()
    with write():
        row = mine(Import, import_id)
        imports.drop(row, actor=actor(), now=clock.now())
    say("已放弃这份名单，没有改动任何数据")
    return redirect(url_for("entries.import_new", contest_id=g.contest.id, kind=row.kind))


@blueprint.get("/imports/template/<roster>")
@guard("entries.edit")
def template(roster: str):
    """An empty roster to fill in: headings, an example, notes, lists to choose from."""
    if roster not in roster_templates.TEMPLATES:
        abort(404)
    events = [event.name for event in entry_rows.events_of(g.contest.id)]
    return download(roster_templates.build(roster, events), f"{roster_templates.TEMPLATES[roster].name}.xlsx")
