"""导入未送达的打分: a tablet's file, what it would write, and the confirmation."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.marking import carry
from compete.web import say, tell
from scoring.problems import Problem

blueprint = Blueprint("carry", __name__, url_prefix="/contests/<int:contest_id>/undelivered")


@blueprint.get("")
@guard("judging.manage")
def index():
    return render_template("marking/carry.html", parcel=None)


@blueprint.post("")
@guard("judging.manage")
def look():
    """Changes nothing: shows sheet by sheet what the file would write."""
    given = request.files.get("file")
    data = given.stream.read(carry.MOST_BYTES + 1) if given and given.filename else None
    parcel = carry.read(data, g.contest) if data is not None else Problem("no_file", carry.WHERE, "没有选择文件", "请先选择平板导出的文件")
    if isinstance(parcel, Problem):
        tell(parcel)
        return redirect(url_for("carry.index", contest_id=g.contest.id))
    rows = carry.preview(parcel, now=clock.now())
    ready = sum(not row.there and row.problem is None for row in rows)
    return render_template("marking/carry.html", parcel=parcel, rows=rows, ready=ready, text=carry.write_again(parcel, g.contest))


@blueprint.post("/take")
@guard("judging.manage")
def take():
    by = actor()
    with write():
        parcel = carry.read(request.form.get("text", "").encode(), g.contest)
        if not isinstance(parcel, Problem):
            written, refused = carry.take(parcel, actor=by, now=clock.now())
            name = parcel.judge.name
    if isinstance(parcel, Problem):
        tell(parcel)
        return redirect(url_for("carry.index", contest_id=g.contest.id))
    tell(*refused[:8])
    if written:
        say(f"已写入 {name} 的 {len(written)} 张评分表")
    elif not refused:
        say(f"{name} 的打分都已在服务器上，没有重复写入")
    return redirect(url_for("carry.index", contest_id=g.contest.id))
