"""双人录入: which paper sheets are still to be keyed in, the form for one, what two people read differently, sheets to print."""

from collections import defaultdict

from flask import Blueprint, abort, g, redirect, render_template, request, url_for

import scoring
from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.judging import sheets
from compete.judging.pages_cards import qr
from compete.judging.pages_sessions import STATES as SESSION_STATES
from compete.judging.pages_sessions import listed, listed_one
from compete.marking import desk, files, form, paper, rubrics
from compete.marking.forms import keying_form
from compete.web import Page, say, tell, unveiled
from scoring.problems import Problem

blueprint = Blueprint("paper", __name__, url_prefix="/contests/<int:contest_id>/paper")

FILTERS = {"": "待录", "none": "未录", "once": "已录一遍", "differs": "不一致", "done": "已有", "all": "全部"}
KINDS = {"none": "quiet", "once": "wait", "differs": "bad", "agreed": "good", "tablet": "good", "tablet_differs": "bad", "out": "quiet"}
SHOWN = {"": paper.WORK, "none": ("none",), "once": ("once",), "differs": ("differs", "tablet_differs"), "done": ("agreed", "tablet")}
PAGE = 100
COLUMNS = 10  # criteria that still find room beside each other on a sheet of paper


@blueprint.get("")
@guard("paper.key")
def index():
    rows = listed()
    wanted = request.args.get("session_id", type=int)
    found = next((row for row in rows if row.Session.id == wanted), None) if wanted else None
    if wanted and found is None:
        abort(404)
    found = found or next((row for row in rows if row.Session.state == "open"), rows[0] if rows else None)
    seats = sheets.seats(found.Session) if found else []
    if not seats:
        return render_template("marking/paper.html", rows=rows, found=found, seats=[])
    held = paper.held(found.Session)
    tally = sheets.tally(found.Session, seats)
    judge = _seat(seats, request.args.get("judge", type=int)) or next((seat for seat in seats if tally[seat.judge_id].awaited), seats[0])
    every = paper.rows_of(found.Session, judge.judge_id, held, asking=actor().key)
    show = request.args.get("show", "")
    show = show if show in FILTERS else ""
    asked = request.args.get("q", "").strip()
    shown = [row for row in every if show == "all" or row.state in SHOWN[show]]
    labels = {row.slot.entry_id: desk.name_of(row.slot, found.is_blind, row.turn) for row in every}
    shown = [row for row in shown if not asked or any(asked.lower() in word.lower() for word in labels[row.slot.entry_id].values())]
    counts = {state: sum(row.state == state for row in every) for state in paper.STATES}
    return render_template(
        "marking/paper.html", rows=rows, found=found, seats=seats, judge=judge, tally=tally, page=_page(shown), labels=labels, counts=counts,
        show=show, q=asked, filters=FILTERS, states=paper.STATES, kinds=KINDS, work=paper.WORK, keyed=_keyed(held, seats), next=paper.next_for(every, 0),
        session_states=SESSION_STATES,
    )  # fmt: skip


def _keyed(held: list, seats: list) -> dict[int, tuple[int, int]]:
    """{judge: (sheets that one person has keyed in, sheets that people keyed in differently)}."""
    people = defaultdict(set)
    for row in held:
        if row.state == "open":
            people[row.judge_id, row.entry_id].add(row.keyed_by)
    numbers = [(judge_id, min(len(by), 2)) for (judge_id, _), by in people.items()]
    return {seat.judge_id: (numbers.count((seat.judge_id, 1)), numbers.count((seat.judge_id, 2))) for seat in seats}


def _page(rows: list) -> Page:
    count = max(1, -(-len(rows) // PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), count)
    return Page(rows[(number - 1) * PAGE : number * PAGE], len(rows), number, PAGE)


def _seat(seats: list, judge_id: int | None):
    return next((seat for seat in seats if seat.judge_id == judge_id), None)


@blueprint.get("/go")
@guard("paper.key")
def go():
    """The code printed behind a row of a paper sheet leads to its form."""
    first, _, rest = request.args.get("code", "").replace("－", "-").strip().partition("-")
    second, _, entry = rest.partition("-")
    if not all(part.isdecimal() and len(part) < 10 for part in (first, second)) or not entry:
        tell("纸面编号分三段，中间用 - 连接，例如 3-12-45，印在评分表每一行的末尾")
        return redirect(url_for("paper.index", contest_id=g.contest.id))
    listed_one(int(first))
    slot = next((slot for slot in sheets.slots(int(first)) if code_of(slot) == entry), None)
    if slot is None:
        tell(f"本场没有编号末段是 {entry} 的参赛对象，请对照评分表再输一遍")
        return redirect(url_for("paper.index", contest_id=g.contest.id, session_id=first, judge=second))
    return redirect(url_for("paper.sheet", contest_id=g.contest.id, session_id=first, judge_id=second, entry_id=slot.key))


def code_of(slot: sheets.SlotRow) -> str:
    """The entry on paper, behind session and judge: its row, or where judged blind its code, which stands there anyway."""
    return slot.code if slot.veiled else str(slot.entry_id)


class Place:
    """A sheet of this contest: session, judge, entry and its rubric; 404 for what does not belong together."""

    def __init__(self, session_id: int, judge_id: int, entry_id: int):
        self.found = listed_one(session_id)
        self.session = self.found.Session
        self.seat = _seat(sheets.seats(self.session), judge_id) or abort(404)
        self.rows = paper.rows_of(self.session, judge_id, paper.held(self.session), asking=actor().key)
        self.row = next((row for row in self.rows if row.slot.entry_id == entry_id), None) or abort(404)
        unveiled(entry_id, self.row.slot.veiled)
        self.name = desk.name_of(self.row.slot, self.found.is_blind, self.row.turn)
        self.rubric = rubrics.of_part(self.session.part_id, self.session.part.stage.event.scheme_version)
        self.ids = {"contest_id": g.contest.id, "session_id": session_id, "judge_id": judge_id, "entry_id": self.row.slot.key}

    @property
    def label(self) -> str:
        return f"{self.seat.name} · {self.name['label']}"


@blueprint.route("/<int:session_id>/<int:judge_id>/<entry:entry_id>", methods=["GET", "POST"])
@guard("paper.key")
def sheet(session_id: int, judge_id: int, entry_id: int):
    place = Place(session_id, judge_id, entry_id)
    sheet_form = keying_form(place.rubric.part)
    if not sheet_form.validate_on_submit():
        return _show(place, sheet_form, 422 if sheet_form.is_submitted() else 200)
    with write():
        found = paper.key(
            entry_id, place.session.part_id, judge_id=judge_id, marks=sheet_form.marks, comment=sheet_form.comment.data or "",
            rubric=sheet_form.rubric.data or "", actor=actor(), now=clock.now(),
        )  # fmt: skip
    if isinstance(found, Problem):
        tell(found)
        sheet_form.rubric.data = place.rubric.digest
        return _show(place, sheet_form, 422)
    if found.state == "differs":
        tell(f"{place.label}：与 {found.other} 录的不同，请拿着纸质表核对")
        return redirect(url_for("paper.compare", **place.ids))
    words = {"once": "已录一遍，请另一位再录一遍", "agreed": f"与 {found.other} 录的一致，已为评委提交"}
    say(f"{place.label}：{words[found.state]}")
    return _onward(place)


def _onward(place: Place):
    """To the next sheet of the pile, or back to the list when it is through."""
    after = paper.next_for(place.rows, place.row.slot.entry_id)
    if after is None or after.slot.entry_id == place.row.slot.entry_id:
        return redirect(url_for("paper.index", contest_id=g.contest.id, session_id=place.session.id, judge=place.seat.judge_id))
    return redirect(url_for("paper.sheet", **{**place.ids, "entry_id": after.slot.key}))


def _show(place: Place, sheet_form, status: int):
    part = place.rubric.part
    stuck = paper.obstacle(place.row.slot.entry_id, place.session.part_id, place.seat.judge_id, now=clock.now())
    if stuck and place.row.state in ("agreed", "tablet", "tablet_differs"):
        stuck = None  # paper may still be compared with what is in
    if not sheet_form.is_submitted():
        sheet_form.rubric.data = place.rubric.digest
    figures = {"denominator": str(part.denominator), "factors": {code: str(factor) for code, factor in part.factors.items()}}
    return render_template(
        "marking/paper_sheet.html", place=place, form=sheet_form, cards={card.code: card for card in form.cards(part)}, stuck=stuck, stamp=files.stamp(),
        figures=figures, states=paper.STATES, kinds=KINDS,
    ), status  # fmt: skip


@blueprint.get("/<int:session_id>/<int:judge_id>/<entry:entry_id>/compare")
@guard("paper.key")
def compare(session_id: int, judge_id: int, entry_id: int):
    """What two people, or a person and the tablet, have differently."""
    place = Place(session_id, judge_id, entry_id)
    part = place.rubric.part
    sides = paper.sides(place.session.part_id, entry_id, judge_id, part, asking=actor().key)
    if place.row.state not in ("differs", "tablet_differs"):
        return redirect(url_for("paper.sheet", **place.ids))
    return render_template("marking/paper_compare.html", place=place, sides=sides, part=part, text=scoring.formatter(part.denominator))


@blueprint.post("/<int:session_id>/<int:judge_id>/<entry:entry_id>/withdraw")
@guard("paper.key")
def withdraw(session_id: int, judge_id: int, entry_id: int):
    place = Place(session_id, judge_id, entry_id)
    with write():
        done = paper.withdraw(entry_id, place.session.part_id, judge_id=judge_id, actor=actor(), now=clock.now())
    say(f"{place.label}：您录的这一遍已作废") if done else tell(f"{place.label}：没有您录的、还没有一致的一遍")
    return redirect(url_for("paper.index", contest_id=g.contest.id, session_id=session_id, judge=judge_id))


@blueprint.get("/<int:session_id>/print")
@guard("paper.key")
def blank(session_id: int):
    """Paper sheets, one per judge: the way to go on when the tablets fail."""
    found = listed_one(session_id)
    seats = sheets.seats(found.Session)
    wanted = request.args.get("judge", type=int)
    slots = sheets.slots(session_id)
    cells = sheets.matrix(found.Session, slots, seats)
    rubric = rubrics.of_part(found.Session.part_id, found.Session.part.stage.event.scheme_version)
    names = [(slot, desk.name_of(slot, found.is_blind, turn)) for turn, slot in enumerate(slots, 1)]
    pages = [
        (seat, qr(url_for("paper.index", contest_id=g.contest.id, session_id=session_id, judge=seat.judge_id, _external=True)))
        for seat in seats if not wanted or seat.judge_id == wanted
    ]  # fmt: skip
    return render_template(
        "marking/paper_print.html", found=found, session=found.Session, pages=pages, names=names, cells=cells, cards=form.cards(rubric.part),
        words=sheets.CELL_STATES, code_of=code_of, wide=len(rubric.part.leaves) > COLUMNS, part=rubric.part, stamp=files.stamp(),
    )  # fmt: skip
