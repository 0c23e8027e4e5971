"""The blueprint that all pages of the hall share."""

from flask import Blueprint

blueprint = Blueprint("live", __name__, url_prefix="/contests/<int:contest_id>/live")
