"""The chief judge's page of late marks: adopting or rejecting each with a reason."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import sheets
from compete.marking import late, late_list
from compete.marking.forms import LateForm
from compete.marking.review import judge_id
from compete.models import LATE_STATES, LateMark
from compete.web import mine, say, tell

blueprint = Blueprint("late", __name__, url_prefix="/contests/<int:contest_id>/review/late")


@blueprint.get("")
@guard("judging.review")
def index():
    return _show()


def _show(wrong: int = 0, late_form: LateForm | None = None, all_form: LateForm | None = None):
    """All late marks; at the one numbered `wrong`, or above them all, stands the form that was sent, with its errors."""
    rows = late_list.listed(g.contest.id, chief_id=judge_id())
    forms = {row.late.id: late_form if row.late.id == wrong else LateForm(formdata=None, prefix=f"late{row.late.id}") for row in rows}
    status = 422 if wrong or all_form else 200
    return render_template("marking/late.html", rows=rows, forms=forms, all_form=all_form or LateForm(formdata=None, prefix="all"),
                           states=sheets.CELL_STATES, decided=LATE_STATES), status  # fmt: skip


@blueprint.post("/all")
@guard("judging.review")
def accept_all():
    """Adopts with one reason what was listed as fit for it: after a session that was closed too early there may be hundreds."""
    all_form = LateForm(prefix="all")
    if not all_form.validate_on_submit():
        return _show(all_form=all_form)
    asked = set(request.form.getlist("late", type=int))
    by, refused, done = actor(), [], 0
    with write():
        fit = [row.late.id for row in late_list.listed(g.contest.id, chief_id=judge_id()) if row.together and row.late.id in asked]
        for number in fit:
            problem = late.accept(mine(LateMark, number), reason=all_form.reason.data, actor=by, now=clock.now())
            refused, done = (refused + [problem], done) if problem else (refused, done + 1)
    tell(*refused)
    if done:
        say(f"已采纳 {done} 份，写入评委的评分表")
    if len(asked) > done + len(refused):
        tell(f"另有 {len(asked) - done - len(refused)} 份刚刚有了变化，请逐份处理")
    return redirect(url_for("late.index", contest_id=g.contest.id))


@blueprint.post("/<int:late_id>")
@guard("judging.review")
def decide(*, late_id: int):
    late_form = LateForm(prefix=f"late{late_id}")
    row = mine(LateMark, late_id)
    if not late_form.validate_on_submit():
        return _show(late_id, late_form)
    veiled = any(found.veiled for found in late_list.listed(g.contest.id, chief_id=judge_id()) if found.late.id == late_id)
    if veiled:
        tell("您还没有提交自己对这个参赛对象的评分表，提交后才能处理其他评委的打分")
        return redirect(url_for("late.index", contest_id=g.contest.id))
    verb = request.form.get("verb")
    by = actor()
    with write():
        row = mine(LateMark, late_id)
        asked = {"reason": late_form.reason.data, "actor": by, "now": clock.now()}
        locked = verb != "reject" and late.is_locked(row)
        problem = late.reject(row, **asked) if verb == "reject" else late.accept(row, hand_in=verb == "submit", **asked)
        waits = problem is None and verb != "reject" and late.waits_for_judge(row)
    if problem:
        tell(problem)
    else:
        done = "已记为不采纳，评委会看到理由" if verb == "reject" else "已采纳，评分表已退回评委，评委提交之后才计入" if waits else "已采纳，写入该评委的评分表"
        say(f"{done}；本环节已解锁，请核对后再次锁定签名" if locked else done)
    return redirect(url_for("late.index", contest_id=g.contest.id))
