"""What views share: finding things of this contest, pages of a list, messages, downloads."""

from dataclasses import dataclass
from io import BytesIO
from math import ceil
from urllib.parse import quote

import sqlalchemy as sa
from flask import abort, current_app, flash, g, request, send_file, url_for
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from werkzeug.routing import BaseConverter, IntegerConverter, ValidationError
from wtforms.validators import StopValidation

from compete.excel.style import MIMETYPE
from compete.judging import masks
from compete.live.encoded import Encoded
from compete.live.kept import KEEP
from compete.models import Criterion, Entry, Event, Part, Stage, db
from scoring.problems import Problem


class Number(IntegerConverter):
    """A number in an address; what no table can hold is no number."""

    regex = r"[0-9]{1,15}"


class PlainEntry(int):
    """An entry's number that stood in the address as it is."""


class EntryKey(BaseConverter):
    """An entry in an address: its number, or where judged blind what `masks` makes of it (see `unveiled`)."""

    regex = r"[0-9]{1,15}|e[0-9a-f]{16}"

    def to_python(self, value: str) -> int:
        found = PlainEntry(value) if value.isdecimal() else masks.unmask(value)
        if found is None:
            raise ValidationError()
        return found


def unveiled(entry_id: int, veiled: bool) -> None:
    """404 for the number of a blind entry: whoever knows it from the list of entrants would find the code."""
    if veiled and isinstance(entry_id, PlainEntry):
        abort(404)


# How each table reaches its contest, for `mine`.
_PATHS = {
    Stage: lambda q: q.join(Event, Stage.event_id == Event.id).where(Event.contest_id == g.contest.id),
    Part: lambda q: q.join(Stage).join(Event, Stage.event_id == Event.id).where(Event.contest_id == g.contest.id),
    Criterion: lambda q: q.join(Part).join(Stage).join(Event, Stage.event_id == Event.id).where(Event.contest_id == g.contest.id),
    Entry: lambda q: q.join(Event, Entry.event_id == Event.id).where(Event.contest_id == g.contest.id),
}


def mine(model, number: int, *options):
    """The row of this number in the contest of this page, else 404: an id of another contest opens nothing."""
    query = sa.select(model).where(model.id == number).options(*options)
    narrow = _PATHS.get(model) or (lambda q: q.where(model.contest_id == g.contest.id))
    return db.session.scalar(narrow(query)) or abort(404)


class Unfit(BadRequest):
    """What was sent cannot be taken; `description` says in Chinese what and how to mend it."""


class Form(FlaskForm):
    """A form whose built-in messages are Chinese (WTForms' own catalogue)."""

    class Meta(FlaskForm.Meta):
        locales = ["zh"]

        def get_translations(self, form):
            from wtforms.i18n import get_translations

            return get_translations(self.locales)


@dataclass
class Page:
    """One page of a list: `items`, `total` rows in all, `number` from 1."""

    items: list
    total: int
    number: int
    size: int

    @property
    def count(self) -> int:
        return max(1, ceil(self.total / self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.total, self.number * self.size)

    def url(self, number: int) -> str:
        return url_for(request.endpoint, **{**asked(), **request.view_args, "page": number})


def asked() -> dict[str, list[str]]:
    """What stands behind the question mark of this address, to be kept in another one: nothing that names another page or place."""
    given = request.args.to_dict(flat=False)
    return {name: values for name, values in given.items() if not name.startswith("_") and name != "endpoint" and name not in request.view_args}


def plausible(_form, field) -> None:
    """A validator: a day or a time of this century; others cannot be told in another zone, or were slips of the pen."""
    if field.data is not None and not 2000 <= field.data.year < 2100:
        raise StopValidation(f"年份应在 2000 到 2099 之间，写的是 {field.data.year} 年，请核对")


def page_of(query, *, size: int = 50, rows: bool = False) -> Page:
    """Runs `query` for the page asked for in the URL: two queries, whatever the length of the list."""
    number = max(1, request.args.get("page", 1, type=int))
    total = db.session.scalar(sa.select(sa.func.count()).select_from(query.order_by(None).subquery())) or 0
    number = min(number, max(1, ceil(total / size)))
    found = db.session.execute(query.limit(size).offset((number - 1) * size))
    return Page(found.all() if rows else list(found.unique().scalars()), total, number, size)


def say(message: str, *, undo: str | None = None) -> None:
    """A message that something was done; `undo` is a URL to which a POST takes it back."""
    flash({"text": message, "undo": undo}, "done")


def tell(*problems: Problem | str) -> None:
    """Messages of what stands in the way and how to mend it."""
    for problem in problems:
        flash(problem if isinstance(problem, str) else f"{problem.where}：{problem.message}。{problem.mend}", "problem")


def tell_errors(form) -> None:
    """What is wrong in a form that has no page of its own to show it."""
    tell(*(error for errors in form.errors.values() for error in errors))


def live_answer(body: Encoded, media_type: str = "application/json"):
    """A document that is asked for again and again: 304 while the asker holds it. `live.kept` may repeat the answer to the
    same person without asking the application, until the contest's trail grows."""
    coding, data, tag = body.form(request.headers.get("Accept-Encoding", ""))
    known = body.known_to(request.headers.get("If-None-Match", ""))
    answer = current_app.response_class(b"" if known else data, 304 if known else 200, mimetype=media_type)
    answer.headers["ETag"], answer.headers["Cache-Control"], answer.headers["Vary"] = tag, "private, no-cache", "Accept-Encoding, Cookie"
    if coding and not known:
        answer.headers["Content-Encoding"] = coding
    request.environ[KEEP] = body, answer.content_type
    return answer


def download(data: bytes, filename: str, media_type: str = MIMETYPE):
    answer = send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name="download")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    answer.headers["Cache-Control"] = "no-store"
    return answer
