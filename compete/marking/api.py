"""What a judge's tablet says to the server, and the short answers."""

from functools import partial

from flask import Blueprint, g, jsonify, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf

from compete import clock
from compete.access import Actor, device
from compete.database import write
from compete.judging import masks
from compete.marking import desk, desks, late, places, refusals, rubrics, seats, service, signing
from compete.marking.guards import caller, refuse, tablet_api, tablet_write, why_out
from compete.models import Judge, Session, db
from compete.web import live_answer
from scoring.problems import Problem

blueprint = Blueprint("marking_api", __name__, url_prefix="/judge/api")


file_link = partial(url_for, "entries.attachment")


@blueprint.errorhandler(CSRFError)
def stale(_error):
    """The page is of an earlier sign-in: kept by the tablet, or left open while the card was scanned again. The page of the same
    judge goes on with the new token; that of another judge must not send in this one's name."""
    judge = caller()
    return refuse(refusals.stale_page(), judge=judge.id, token=generate_csrf()) if judge else refuse(why_out())


@blueprint.get("/desk")
@tablet_api
def show_desk():
    """Everything again, or 304 when nothing has changed: the tablet asks now and then."""
    now = clock.now()
    held = request.headers.get("If-None-Match", "")
    return live_answer(desks.current(g.judge, held=held, now=now, make=lambda: desk.document(g.judge, now=now, link=file_link)))


@blueprint.post("/sheets/<int:entry_id>")
@tablet_write
def save(*, entry_id: int):
    return _deliver(service.save_marks, entry_id, submit=False)


@blueprint.post("/sheets/<int:entry_id>/submit")
@tablet_write
def submit(*, entry_id: int):
    return _deliver(service.submit, entry_id, submit=True)


def _sent():
    """The message; None where it cannot be read. No table keeps half of a sign that was cut in two, nor a NUL: such are replaced."""
    try:
        sent = request.get_json(silent=True)
        return _clean(sent) if b"\\u" in request.get_data() else sent
    except RecursionError:
        return None


def _clean(value):
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "")
    if isinstance(value, dict):
        return {_clean(name): _clean(below) for name, below in value.items()}
    return [_clean(below) for below in value] if isinstance(value, list) else value


def _deliver(verb, entry_id: int, *, submit: bool):
    part_id = request.args.get("part", type=int)
    sent = _sent()
    wrong = _unreadable(part_id, sent)
    if wrong:
        return refuse(wrong)
    judge_id, entry_id = g.judge.id, masks.plain(entry_id)
    by = _actor(sent.get("client", ""))  # two tabs of one tablet are told apart in the trail
    found = verb(
        entry_id, part_id, judge_id=judge_id, revision=sent["revision"], marks=sent["marks"], comment=sent.get("comment"),
        rubric=sent.get("rubric", ""), actor=by, now=clock.now(),
    )  # fmt: skip
    if isinstance(found, Problem):
        more = late.fate(found, entry_id, part_id, judge=g.judge, sent=sent, submit=submit, actor=by, now=clock.now())
        # What the server holds lets the tablet show both sides.
        held = _held(entry_id, part_id, judge_id) if found.code == "conflict" else None
        return refuse(found, **more, held=held) if held else refuse(found, **more)
    total = str(found.total) if found.total is not None else None
    return jsonify(state=found.state, revision=found.revision, total=total, changed=found.changed)


def _actor(client: str = "") -> Actor:
    return Actor(f"judge:{g.judge.id}", g.judge.name, f"{device()} {client}".strip())


def _unreadable(part_id: int | None, sent) -> Problem | None:
    if part_id is None:
        return refusals.malformed("part")
    if not isinstance(sent, dict):
        return refusals.malformed("JSON")
    if type(sent.get("revision")) is not int:
        return refusals.malformed("revision")
    if "marks" not in sent:
        return refusals.malformed("marks")
    for name in ("client", "rubric"):
        if not isinstance(sent.get(name, ""), str) or len(sent.get(name, "")) > 64:
            return refusals.malformed(name)
    return None


def _held(entry_id: int, part_id: int, judge_id: int) -> dict | None:
    """The judge's sheet as it stands here; a blank one where there is none, as after an earlier hour of the server was restored."""
    connection = db.session.connection()
    sheet = places.sheet_now(connection, entry_id, part_id, judge_id)
    place = places.find(connection, entry_id, part_id, judge_id)
    if place is None:
        return None
    if sheet is None:
        return {"state": "none", "revision": 0, "comment": "", "marks": {}}
    codes = rubrics.of_part(part_id, place.scheme_version).codes
    marks = {codes[number]: units for number, units in sheet.marks.items() if number in codes}
    return {"state": sheet.state, "revision": sheet.revision, "comment": sheet.comment, "marks": marks}


@blueprint.post("/alive")
@tablet_api
def alive():
    """The tablet's sign of life, and whether it holds the seat: read first, so that most of them write nothing."""
    sign = _sign(_sent())
    if sign is None:
        return refuse(refusals.malformed("alive"))
    judge_id, name = g.judge.id, device()
    if seats.stale(judge_id, name, sign, now=clock.now()):
        with write(together=True):
            seats.alive(judge_id, name, sign, now=clock.now())
    return _seat(judge_id, name)


@blueprint.post("/seat")
@tablet_write
def take_seat():
    """“在这台平板上继续”."""
    seats.take(g.judge, device(), actor=_actor(), now=clock.now())
    return _seat(g.judge.id, device())


def _seat(judge_id: int, name: str):
    holder = seats.holder(judge_id)
    return jsonify(holds=holder in ("", name), device=holder)


def _sign(sent) -> seats.Sign | None:
    """What the tablet tells of itself, or None where it is no such message."""
    if not isinstance(sent, dict):
        return None
    sign = seats.Sign(**{name: sent.get(name, otherwise) for name, otherwise in seats.Sign()._asdict().items()})
    counts = all(type(count) is int and 0 <= count < 10**6 for count in (sign.waiting, sign.refused))
    power = sign.battery is None or (type(sign.battery) is int and 0 <= sign.battery <= 100)
    words = isinstance(sign.viewing, str) and len(sign.viewing) <= 40
    return sign if counts and power and words and isinstance(sign.charging, bool | None) else None


@blueprint.get("/sessions/<int:session_id>/list")
@tablet_api
def show_list(*, session_id: int):
    """The list to sign, with the digest of its marks."""
    session = _own_session(session_id)
    if session is None:
        return refuse(refusals.foreign())
    found = signing.own_list(session, g.judge.id)
    blind = session.part.stage.event.is_blind
    rows = [[desk.number_of(slot.entry_id, blind), cell.state, None if cell.total is None else str(cell.total)] for slot, cell in found.rows]
    return jsonify(rows=rows, digest=found.digest, missing=len(found.missing))


@blueprint.post("/sessions/<int:session_id>/sign")
@tablet_api
def sign(*, session_id: int):
    sent = _sent()
    if not isinstance(sent, dict) or any(not isinstance(sent.get(name) or "", str) for name in ("digest", "name", "drawing")):
        return refuse(refusals.malformed("JSON"))
    judge_id, by = g.judge.id, _actor()
    with write():
        session = _own_session(session_id)
        if session is None:
            return refuse(refusals.foreign())
        found = signing.sign(
            session, judge=db.session.get(Judge, judge_id), digest=sent.get("digest") or "", name=sent.get("name") or "",
            drawing=sent.get("drawing"), labels=_labels(session), actor=by, now=clock.now(),
        )  # fmt: skip
    if isinstance(found, Problem):
        return refuse(found)
    return jsonify(at=clock.show_time(found.signed_at), digest=found.digest)


def _own_session(session_id: int) -> Session | None:
    return next((row for row in desk.sessions_of(g.judge.id) if row.id == session_id), None)


def _labels(session: Session) -> dict[int, str]:
    blind = session.part.stage.event.is_blind
    rows = desk.sheets.slots(session.id)
    return {slot.entry_id: desk.name_of(slot, blind, turn)["label"] for turn, slot in enumerate(rows, 1)}
