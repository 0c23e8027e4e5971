"""导入未送达的打分: a tablet's file or its QR codes, what they would write, and the confirmation."""

from base64 import b64decode, b64encode

import sqlalchemy as sa
from flask import Blueprint, g, jsonify, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.marking import carry, files, qr_reading
from compete.models import Judge, db
from compete.setup import limiter
from compete.web import say, tell
from scoring.problems import Problem

blueprint = Blueprint("carry", __name__, url_prefix="/contests/<int:contest_id>/undelivered")

PICTURES = "900 per minute"  # a camera that looks a few times a second, and photos
MOST_FRAMES = 255


@blueprint.get("")
@guard("judging.manage")
def index():
    local = f"http://127.0.0.1:{request.environ.get('SERVER_PORT', '')}{request.path}"
    return render_template("marking/carry.html", parcel=None, stamp=files.stamp(), local=local)


@blueprint.post("")
@guard("judging.manage")
def look():
    """Changes nothing: shows sheet by sheet what the file would write."""
    given = request.files.get("file")
    data = given.stream.read(carry.MOST_BYTES + 1) if given and given.filename else None
    missing = Problem("no_file", carry.WHERE, "没有选择文件", "请先选择平板导出的文件")
    return _show(missing if data is None else carry.read(data, g.contest), "file")


def _show(parcel: carry.Parcel | Problem, way: str):
    if isinstance(parcel, Problem):
        tell(parcel)
        return redirect(url_for("carry.index", contest_id=g.contest.id))
    rows = carry.preview(parcel, now=clock.now())
    late = sum(row.ready and row.late for row in rows)
    ready = sum(row.ready for row in rows) - late
    return render_template("marking/carry.html", parcel=parcel, rows=rows, ready=ready, late=late, text=carry.write_again(parcel, g.contest), way=way)


@blueprint.post("/pictures")
@limiter.limit(PICTURES)
@guard("judging.manage")
def pictures():
    """A grey picture: the frames in it, each with the judge it comes from, and what is wrong with other codes."""
    width, height = request.args.get("width", 0, type=int), request.args.get("height", 0, type=int)
    if (request.content_length or 0) > qr_reading.MOST_PIXELS:
        return jsonify(frames=[], problem="图片太大。请换一张小一点的"), 413
    codes = qr_reading.codes(request.get_data(cache=False), width, height)
    if isinstance(codes, Problem):
        return jsonify(frames=[], problem=f"{codes.message}。{codes.mend}"), 422
    found, problem = [], None
    for code in codes:
        frame = qr_reading.frame(code)
        wrong = frame if isinstance(frame, Problem) else _foreign(frame)
        if wrong:
            problem = f"{wrong.message}。{wrong.mend}"
            continue
        about = {"parcel": frame.parcel, "place": frame.place, "count": frame.count, "judge": _judge(frame.judge)}
        found.append({**about, "code": b64encode(code).decode()})
    return jsonify(frames=found, problem=problem)


def _foreign(frame: qr_reading.Frame) -> Problem | None:
    if frame.contest != g.contest.id:
        return Problem("other_contest", qr_reading.WHERE, "二维码属于另一个竞赛", "请在那个竞赛里扫")
    if _judge(frame.judge) is None:
        return Problem("other_judge", qr_reading.WHERE, "本竞赛没有这位评委", "请核对平板上登录的评委")
    return None


def _judge(judge_id: int) -> str | None:
    return db.session.scalar(sa.select(Judge.name).where(Judge.id == judge_id, Judge.contest_id == g.contest.id))


@blueprint.post("/codes")
@guard("judging.manage")
def codes():
    """All frames of a parcel: from here on it is the file."""
    try:
        given = [b64decode(text, validate=True) for text in request.form.getlist("code")[:MOST_FRAMES]]
    except ValueError:
        given = []
    data = qr_reading.put_together(given, g.contest.id)
    return _show(data if isinstance(data, Problem) else carry.read(data, g.contest), "codes")


@blueprint.post("/take")
@guard("judging.manage")
def take():
    by = actor()
    with write():
        parcel = carry.read(request.form.get("text", "").encode(), g.contest)
        if not isinstance(parcel, Problem):
            taken = carry.take(parcel, way=request.form.get("way", "file"), actor=by, now=clock.now())
            name = parcel.judge.name
    if isinstance(parcel, Problem):
        tell(parcel)
        return redirect(url_for("carry.index", contest_id=g.contest.id))
    tell(*taken.refused[:8])
    if taken.written:
        say(f"已写入 {name} 的 {len(taken.written)} 张评分表")
    if taken.late:
        say(f"{name} 的 {len(taken.late)} 张评分表不能再直接写入，已转交总评委处理")
    if not any(taken):
        say(f"{name} 的打分都已在服务器上，没有重复写入")
    return redirect(url_for("carry.index", contest_id=g.contest.id))
