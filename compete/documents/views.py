"""下载: every workbook of a contest on one page, and the score sheets, the summary and the honours list themselves."""

import sqlalchemy as sa
from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_login import current_user

from compete import clock
from compete.access import guard, reveals
from compete.awards.service import preview
from compete.awards.views import STATES as RELEASE_STATES
from compete.contests import schemes
from compete.documents import service
from compete.excel import judging_papers
from compete.excel.released import honours_of
from compete.excel.style import Paper, file_name
from compete.judging import sheets
from compete.models import Release, Session, db
from compete.results.facts import full_board
from compete.results.views import the_event
from compete.web import download, mine, tell

blueprint = Blueprint("documents", __name__, url_prefix="/contests/<int:contest_id>/documents")


@blueprint.get("")
@guard("contest.view")
def index():
    return render_template("documents/index.html", events=service.events(g.contest.id), sessions=service.sessions(g.contest.id),
                           releases=service.releases(g.contest.id), states=RELEASE_STATES)  # fmt: skip


def _paper(event, stage, standing=service.Standing()) -> Paper:
    """What every page of these workbooks says of itself; the head of the audit trail always."""
    return Paper(
        contest=g.contest.name, event=event.name, stage=stage.name if stage else "", release=standing.release, digest=standing.digest,
        audit_head=g.contest.audit_head, printed_at=clock.show_time(clock.now()), made_by=current_user.name,
    )  # fmt: skip


def _board():
    """The event asked for with every mark; None where there is nothing to print."""
    found = full_board(the_event(request.args.get("event_id", type=int) or abort(404)))
    return found if found.labels and found.scheme.parts else None


def _nothing():
    tell("还没有可以下载的内容：请先在“筹备”设好评分表、在“报名”录入参赛对象并审核通过")
    return redirect(url_for("documents.index", contest_id=g.contest.id))


@blueprint.get("/summary")
@guard("results.view")
@reveals
def summary():
    board = _board()
    if board is None:
        return _nothing()
    paper = _paper(board.event, schemes.ranked_stage(board.event), service.standing_of(board, service.released(board.event.id)))
    data = judging_papers.summary(paper, board, preview(board).allotment)
    return download(data, file_name("成绩汇总表", g.contest.name, board.event.name))


@blueprint.get("/scoresheets")
@guard("judging.watch")
@reveals
def scoresheets():
    board = _board()
    if board is None:
        return _nothing()
    stage = schemes.ranked_stage(board.event)
    judged = [part for part in stage.parts if part.kind not in schemes.FIGURE_KINDS]
    wanted = request.args.get("part_id", type=int)
    part = next((part for part in judged if wanted in (None, part.id)), None) or abort(404)
    remarks, signed, released = service.remarks(part.id, board.event.id)
    data = judging_papers.filled(_paper(board.event, stage, service.standing_of(board, released)), board, part.code, remarks, signed)
    return download(data, file_name("评分表", g.contest.name, board.event.name, part.name if len(judged) > 1 else ""))


@blueprint.get("/blank")
@guard("judging.watch")
def blank():
    session = mine(Session, request.args.get("session_id", type=int) or abort(404))
    event = schemes.load(session.part.stage.event_id)
    stage = next(stage for stage in event.stages if stage.id == session.part.stage_id)
    part = next(part for part in stage.parts if part.id == session.part_id)
    slots = [slot for slot in sheets.slots(session.id) if slot.status in ("competing", "out_of_competition")]
    data = judging_papers.blank(
        _paper(event, stage), schemes.part_value(part), slots, sheets.seats(session), service.recused(session.id), blind=event.is_veiled
    )
    return download(data, file_name("空白评分表", g.contest.name, event.name, session.name))


@blueprint.get("/honours/<int:number>")
@guard("awards.view")
def honours(number):
    row = db.session.scalar(sa.select(Release).where(Release.contest_id == g.contest.id, Release.number == number)) or abort(404)
    order = request.args.get("order", "place")
    if order not in ("place", "strokes"):
        abort(404)
    name = "获奖名单（姓氏笔画）" if order == "strokes" else "获奖名单"
    return download(honours_of(row, order=order, now=clock.now()), file_name(name, g.contest.name, row.document["event"], f"第{number}号"))


blueprints = (blueprint,)
