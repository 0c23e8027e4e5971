"""主持词: read, print, download; notes on how a name is read. Results cannot be changed here."""

import re

from flask import abort, g, redirect, render_template, request, url_for

from markupsafe import Markup, escape

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.live import script, script_paper
from compete.live.blueprint import blueprint
from compete.models import Contest, db
from compete.web import download, say, tell

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/script")
@guard("script.view")
def script_page():
    orders = script.orders(g.contest)
    wanted = request.args.get("part", "awards")
    if wanted not in ("awards", "order"):
        abort(404)
    return render_template("live/script.html", part=wanted, awardings=script.awardings(g.contest), orders=orders, said=_said,
                           called_out=script.called_out, foot=script.foot, notes=script.notes_of(g.contest))  # fmt: skip


def _said(block: list[script.Winner], unit: str) -> Markup:
    """What is said, with names that no line's end breaks in two."""
    names = sorted({str(escape(name)) for winner in block for name, _ in winner.people} | {"完成人：", "队员："}, key=len, reverse=True)
    return Markup(re.sub("|".join(map(re.escape, names)), lambda found: f'<span class="nowrap">{found[0]}</span>', str(escape(script.said(block, unit)))))


@blueprint.get("/script/<any(awards, order):part>.docx")
@guard("script.view")
def script_document(part: str):
    """The Word document; without a release in force there is none of the awards."""
    if part == "order":
        return download(script_paper.order_paper(g.contest.name, script.orders(g.contest)), f"{g.contest.name}-评审主持词.docx", DOCX)
    found = script.awardings(g.contest)
    if not any(one.release for one in found):
        tell("还没有有效的发布，颁奖主持词要等发布之后才有")
        return redirect(url_for("live.script_page", contest_id=g.contest.id))
    return download(script_paper.awarding_paper(g.contest.name, found), f"{g.contest.name}-颁奖主持词.docx", DOCX)


@blueprint.post("/script/note")
@guard("live.run")
def script_note():
    """How a person says the name is read."""
    name = request.form.get("name", "")
    with write():
        contest = db.session.get(Contest, g.contest.id)
        problem = script.note(contest, name=name, text=request.form.get("text", ""), actor=actor(), now=clock.now())
    tell(problem) if problem else say("读音已记下" if request.form.get("text", "").strip() else "读音备注已删去")
    return redirect(url_for("live.script_page", contest_id=g.contest.id, _anchor="notes"))
