"""The blueprint that all pages of this slice share."""

from flask import Blueprint

blueprint = Blueprint("judging", __name__, url_prefix="/contests/<int:contest_id>")
