"""平板: every seat of the sessions under way, the worst first, with what to do in words."""

from flask import g, render_template, request

from compete import clock
from compete.access import guard
from compete.live import state, tablets
from compete.live.blueprint import blueprint
from compete.marking import seats


@blueprint.get("/tablets")
@guard("live.run")
def tablets_board():
    now, every = clock.now(), "all" in request.args
    halls = [hall for hall in state.halls(g.contest.id) if every or hall.session.state == "open"]
    found = seats.at_all([hall.session for hall in halls])
    rows = [(hall, seat, tablets.tell(seat, now)) for hall in halls for seat in found[hall.session.id]]
    rows.sort(key=lambda row: tablets.severity(row[1], now))
    return render_template("live/tablets.html", rows=rows, halls=halls, every=every, now=now, ago=tablets.ago)
