"""The blueprint of this slice; its pages stand in views.py and the *_views.py beside it."""

from datetime import datetime

from flask import Blueprint, g, url_for

from compete.entries import attachments
from compete.entries.states import Change
from compete.models import Entry
from compete.web import say, tell

blueprint = Blueprint("entries", __name__, url_prefix="/contests/<int:contest_id>")


def report(change: Change, done: str, at: datetime) -> None:
    """Tells what a change of states did, with a way back."""
    if change.changed:
        undo = url_for("entries.undo_state", contest_id=g.contest.id, at=at.isoformat())
        say(f"{done}（{len(change.changed)} 项）" if len(change.changed) > 1 else done, undo=undo)
    tell(*change.problems[:8])
    if len(change.problems) > 8:
        tell(f"另有 {len(change.problems) - 8} 项没有改动")


def sees_names() -> bool:
    """Whether this person's work needs to know who the entries of a blind event are: the organiser's does, nobody else's."""
    return "organiser" in g.roles


def seen(query):
    """The entries of the query that this person may see by name (a query over Entry)."""
    return query if sees_names() else query.where(Entry.event_id.not_in(attachments.coded_events()))
