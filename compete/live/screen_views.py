"""The screens themselves: one page each, open to whoever has the key, and what it asks for."""

import sqlalchemy as sa
from flask import Blueprint, Response, abort, make_response, render_template, request

from compete import clock
from compete.access import public
from compete.database import write
from compete.live import feed, screens
from compete.live.encoded import Encoded
from compete.marking import files
from compete.models import Screen, db
from compete.setup import POLICY, limiter

blueprint = Blueprint("screen", __name__, url_prefix="/screen")
# The organiser's page shows small previews of screens in frames; nothing else may.
FOLDER = "live/screen"
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")


@blueprint.get("/<key>")
@public
def show(key):
    row = db.session.scalar(sa.select(Screen).where(Screen.key == key, Screen.removed_at.is_(None))) or abort(404)
    answer = make_response(render_template("live/screen.html", screen=row, preview="preview" in request.args, stamp=files.stamp(FOLDER)))
    answer.headers["Content-Security-Policy"] = FRAMED
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@blueprint.get("/<key>/state")
@public
def state(key):
    """What the screen shows now; 304 while it is what the asker has. `X-Now`: the server's clock, in epoch ms.

    In a served product `pulse` answers this address from memory before a request comes here, in the same words.
    """
    now = clock.now()
    body = Encoded.of(feed.document(screens.by_key(key) or abort(404), now))
    answer = make_response("", 304) if body.known_to(request.headers.get("If-None-Match", "")) else make_response(body.raw)
    answer.mimetype = "application/json"
    answer.set_etag(body.tag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Now"] = str(int(now.timestamp() * 1000))
    return answer


@blueprint.post("/<key>/alive")
@public
@limiter.limit("600/minute")
def alive(key):
    """A display says that it is on. Phones do not: they are too many, and nobody watches over them."""
    row = db.session.get(Screen, screens.by_key(key) or abort(404))
    if screens.is_due(row, clock.now()):
        with write():
            screens.alive(row.id, clock.now())
    return "", 204, {"Content-Type": "text/plain"}


@blueprint.get("/app/<stamp>/<name>")
@public
def module(stamp, name):
    """One of the screen's own files, of this stamp only: so it may be cached for a year."""
    found = files.read(FOLDER).get(name)
    if found is None or stamp != files.stamp(FOLDER):
        abort(404)
    answer = Response(found[0], mimetype=found[1])
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
