"""公众投票: the organiser's and the host's pages; people's phones: see `phone_views`."""

from flask import Blueprint, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.excel.lists import plain_list
from compete.excel.style import file_name
from compete.judging.pages_cards import qr
from compete.live import screens, showings
from compete.models import POLL_STATES, Contest, Poll, Screen, Ticket, db
from compete.votes import ballots, phone_views, service
from compete.votes import screen as hall
from compete.votes.forms import PollForm, RulesForm, TicketForm
from compete.web import download, mine, page_of, say, tell
from scoring.problems import Problem

blueprint = Blueprint("votes", __name__, url_prefix="/contests/<int:contest_id>/votes")
blueprints = (blueprint, phone_views.blueprint)
STATES = {"draft": "quiet", "open": "wait", "closed": "good"}


def _listed():
    people = db.select(db.func.count()).select_from(service.Ballot).where(service.Ballot.poll_id == Poll.id).scalar_subquery()
    query = db.select(Poll, service.Event.name, service.Part.name, people).join(Poll.event).outerjoin(Poll.part)
    return db.session.execute(query.where(Poll.contest_id == g.contest.id).order_by(Poll.id.desc())).all()


@blueprint.get("")
@guard("votes.run")
def index():
    return render_template("votes/index.html", rows=_listed(), states=POLL_STATES, kinds=STATES)


@blueprint.route("/new", methods=["GET", "POST"])
@guard("votes.manage")
def new():
    form = PollForm()
    form.subject.choices = [
        choice for event, parts in service.subjects(g.contest.id)
        for choice in ((f"{event.id}:0", f"{event.name} · 人气奖（只公布票数）"), *((f"{event.id}:{part.id}", f"{event.name} · 计入“{part.name}”") for part in parts))
    ]  # fmt: skip
    if form.validate_on_submit():
        event, part = (int(number) for number in form.subject.data.split(":"))
        with write():
            made = service.make(db.session.get(Contest, g.contest.id), event_id=event, part_id=part or None, actor=actor(), now=clock.now(), **form.settings)
        if isinstance(made, Poll):
            say(f"已新建“{made.name}”")
            return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=made.id))
        form.subject.errors = [f"{made.message}。{made.mend}"]
    return render_template("votes/new.html", form=form)


@blueprint.get("/<int:poll_id>")
@guard("votes.run")
def show(poll_id):
    """The poll with its QR; `?part=1`: the counts alone, for the page that is open."""
    poll = mine(Poll, poll_id)
    found = {"poll": poll, "tally": service.tally(poll), "crowds": ballots.crowds(poll.id), "states": POLL_STATES, "kinds": STATES}
    if request.args.get("part"):
        return {"html": render_template("votes/_counts.html", **found), "state": poll.state}
    address = url_for("phone_vote.page", key=poll.key, _external=True)
    tickets = db.session.scalar(db.select(db.func.count()).select_from(Ticket).where(Ticket.poll_id == poll.id))
    rules = RulesForm(obj=poll)
    return render_template("votes/show.html", address=address, svg=qr(address), host=request.host, tickets=tickets, rules=rules, sealed=service.sealed(poll.id) if poll.state == "closed" else None, ticket_form=TicketForm(),
                           screens=[row for row in screens.listed(g.contest.id) if row.kind == "hall"], shown=hall.in_force(poll), **found)  # fmt: skip


def _step(poll_id: int, verb, done: str):
    with write():
        problem = verb(mine(Poll, poll_id), actor=actor(), now=clock.now())
    tell(problem) if problem else say(done)
    return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))


@blueprint.post("/<int:poll_id>/open")
@guard("votes.run")
def open_poll(poll_id):
    return _step(poll_id, service.open_poll, "投票已开始")


@blueprint.post("/<int:poll_id>/close")
@guard("votes.run")
def close(poll_id):
    return _step(poll_id, service.close, "投票已结束，票数和全部选票的指纹已写入留痕")


@blueprint.post("/<int:poll_id>/screen")
@guard("votes.run")
def to_screen(poll_id):
    """Sends the vote to one of the hall's screens."""
    with write():
        poll, row = mine(Poll, poll_id), mine(Screen, request.form.get("screen", 0, type=int))
        address = "" if poll.ticketed else url_for("phone_vote.page", key=poll.key, _external=True)
        problem = screens.direct(row, scene="vote", data={"poll": poll.id, "qr": address}, actor=actor(), now=clock.now())
    tell(problem) if isinstance(problem, Problem) else say(f"“{row.name}”正在显示投票")
    return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))


@blueprint.post("/<int:poll_id>/reveal")
@guard("votes.run")
def reveal(poll_id):
    with write():
        made = showings.show_vote(mine(Poll, poll_id), actor=actor(), now=clock.now())
    tell(made) if isinstance(made, Problem) else say(f"第 {made.number} 次亮出：显示本次投票的大屏已出现结果")
    return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))


@blueprint.post("/<int:poll_id>/rules")
@guard("votes.manage")
def change(poll_id):
    form = RulesForm()
    if form.validate_on_submit():
        return _step(poll_id, lambda poll, **by: service.change(poll, **form.settings, **by), "已保存")
    tell(*(f"{form[name].label.text}：{error}" for name, errors in form.errors.items() for error in errors))
    return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))


@blueprint.post("/<int:poll_id>/take")
@guard("votes.manage")
def take(poll_id):
    with write():
        made = service.take_over(mine(Poll, poll_id), actor=actor(), now=clock.now())
    tell(made) if isinstance(made, Problem) else say(f"已把 {made} 项的票数计入成绩")
    return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))


@blueprint.route("/<int:poll_id>/tickets", methods=["GET", "POST"])
@guard("votes.manage")
def tickets(poll_id):
    """Slips to print and cut, 24 on a page of A4; posting makes more of them."""
    poll = mine(Poll, poll_id)
    form = TicketForm()
    if form.validate_on_submit():
        with write():
            problem = service.make_tickets(mine(Poll, poll_id), form.count.data, actor=actor(), now=clock.now())
        tell(problem) if problem else say(f"已制作 {form.count.data} 张投票券，请打印")
        return redirect(url_for("votes.show" if problem else "votes.tickets", contest_id=g.contest.id, poll_id=poll_id))
    if form.errors:
        tell(*form.count.errors)
        return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))
    page = page_of(db.select(Ticket).where(Ticket.poll_id == poll.id).order_by(Ticket.id), size=240)
    slips = [(page.first + n, qr(url_for("phone_vote.ticket", key=poll.key, code=row.code, _external=True))) for n, row in enumerate(page.items)]
    return render_template("votes/tickets.html", poll=poll, page=page, slips=slips, host=request.host)


@blueprint.get("/<int:poll_id>/counts.xlsx")
@guard("votes.run")
def workbook(poll_id):
    poll = mine(Poll, poll_id)
    found = service.tally(poll)
    rows = [(line.place, line.choice.number, line.choice.title, line.choice.organization, line.votes) for line in found.lines]
    data = plain_list(("名次", "编号", "名称", "单位", "票数"), rows, sheet="票数")
    return download(data, file_name("投票结果", g.contest.name, poll.name, "" if poll.state == "closed" else "投票未结束"))


@blueprint.get("/<int:poll_id>/ballots.xlsx")
@guard("votes.run")
def ballot_list(poll_id):
    """Every ballot by its receipt, once the vote has ended: who voted finds the own one, and the counts can be counted again."""
    poll = mine(Poll, poll_id)
    if poll.state != "closed":
        tell(Problem("poll.state", poll.name, "投票还没有结束", "结束以后才能下载选票清单"))
        return redirect(url_for("votes.show", contest_id=g.contest.id, poll_id=poll_id))
    rows = [(receipt, "、".join(str(number) for number, _ in chosen), "；".join(title for _, title in chosen)) for receipt, chosen in service.list_of(poll.id)]
    return download(plain_list(("回执", "所选编号", "所选名称"), rows, sheet="选票清单"), file_name("选票清单", g.contest.name, poll.name))
