"""The one blueprint that both view modules of this slice add their routes to."""

from flask import Blueprint

blueprint = Blueprint("contests", __name__, url_prefix="/contests")
