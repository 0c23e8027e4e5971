"""主持台: what the host does while judging goes on."""

from flask import render_template

from compete.access import guard
from compete.judging.pages_sessions import STATES, listed
from compete.live.blueprint import blueprint


@blueprint.get("")
@guard("live.run")
def console():
    return render_template("live/console.html", rows=listed(), states=STATES)
