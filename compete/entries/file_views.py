"""Files of an entry: upload, show, remove."""

from urllib.parse import quote

from flask import abort, current_app, g, redirect, request, send_file, url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.entries import attachments
from compete.entries.base import blueprint, sees_names
from compete.entries.forms import AttachmentForm, ReasonForm
from compete.judging import masks
from compete.models import Attachment, Entry, Judge
from compete.web import mine, say, tell
from scoring.problems import Problem

# A file that came from outside runs nothing and may be framed by our own pages only.
FILE_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; sandbox"
PDF_POLICY = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"


def _attachment(entry: Entry, attachment_id: int) -> Attachment:
    return next((each for each in entry.attachments if each.id == attachment_id), None) or abort(404)


@blueprint.post("/entries/<int:entry_id>/attachments")
@guard("entries.edit")
def add_attachment(entry_id: int):
    form = AttachmentForm()
    here = redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=entry_id) + "#files")
    mine(Entry, entry_id)
    if not form.validate_on_submit():
        tell("请选择一个文件再上传")
        return here
    file = form.file.data
    with write():
        entry = mine(Entry, entry_id, selectinload(Entry.attachments))
        kept = attachments.keep(entry, file.filename or "", file.read(), data_folder=current_app.config["DATA"],
                                for_judges=form.for_judges.data, actor=actor(), now=clock.now())  # fmt: skip
    if isinstance(kept, Problem):
        tell(kept)
    else:
        say(f"已上传“{kept.name}”")
    return here


@blueprint.get("/entries/<int:entry_id>/attachments/<int:attachment_id>")
@guard("entries.files")
def attachment(entry_id: int, attachment_id: int):
    """To the contest's officials; to a judge only for entries of the judge's own sessions. Anything else is 404: nothing is told."""
    entry = mine(Entry, masks.plain(entry_id), selectinload(Entry.attachments))
    found = _attachment(entry, masks.plain(attachment_id, "file"))
    person = current_user._get_current_object()
    to_judge = isinstance(person, Judge) and person.role == "judge"
    if to_judge and not attachments.judge_may_see(person, found):
        abort(404)
    if not to_judge and not sees_names() and attachments.is_coded(entry.event):
        # The chief and the supervisor see what the judges see, under the name that tells nothing.
        to_judge = True
        if not found.for_judges or found.removed_at is not None:
            abort(404)
    if to_judge and entry.event.is_blind and attachment_id == found.id:
        abort(404)  # in the numbers of the list of entrants: whoever opened them in turn would learn whose work is whose
    file = attachments.path(current_app.config["DATA"], found.sha256)
    if not file.is_file():
        abort(404)
    inline = found.media_type in attachments.INLINE and "download" not in request.args
    answer = send_file(file, mimetype=found.media_type, download_name="file", conditional=True, etag=found.sha256)
    name = attachments.name_for(found, to_judge=to_judge)
    answer.headers["Content-Disposition"] = f"{'inline' if inline else 'attachment'}; filename*=UTF-8''{quote(name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    # A sandboxed PDF is not shown by Chromium; its viewer runs apart from the page anyway.
    answer.headers["Content-Security-Policy"] = PDF_POLICY if found.media_type == "application/pdf" else FILE_POLICY
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@blueprint.post("/entries/<int:entry_id>/attachments/<int:attachment_id>/remove")
@guard("entries.edit")
def remove_attachment(entry_id: int, attachment_id: int):
    """Takes a file off the entry, or puts it back with ?back=1 (the way of the undo button)."""
    ReasonForm().checked()
    back = "back" in request.args
    with write():
        found = _attachment(mine(Entry, entry_id, selectinload(Entry.attachments)), attachment_id)
        attachments.remove(found, back=back, actor=actor(), now=clock.now())
    if back:
        say(f"已恢复“{found.name}”")
    else:
        undo = url_for("entries.remove_attachment", contest_id=g.contest.id, entry_id=entry_id, attachment_id=attachment_id, back=1)
        say(f"已移除“{found.name}”，文件留存备查", undo=undo)
    return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=entry_id) + "#files")


@blueprint.post("/entries/<int:entry_id>/attachments/<int:attachment_id>/judges")
@guard("entries.edit")
def show_attachment(entry_id: int, attachment_id: int):
    ReasonForm().checked()
    shown = request.form.get("shown") == "1"
    with write():
        found = _attachment(mine(Entry, entry_id, selectinload(Entry.attachments)), attachment_id)
        attachments.show_to_judges(found, shown, actor=actor(), now=clock.now())
    say(f"“{found.name}”{'评委可以看到' if shown else '不再给评委看'}")
    return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=entry_id) + "#files")
