"""Pages of the list of entries, of one entry, and of adding and editing by hand."""

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for
from sqlalchemy.orm import joinedload, selectinload

from compete import clock
from compete.access import actor, guard
from compete.database import write
from compete.entries import attachments, checks, directory, duplicates, history, listing, service, states
from compete.entries.base import blueprint, seen, sees_names
from compete.entries.draft import LEADERS, TITLES
from compete.entries.forms import AttachmentForm, EntryForm
from compete.judging import recusals
from compete.models import ENTRY_KINDS, ENTRY_STATES, Entry, Event, Import, db
from compete.texts import identity
from compete.web import mine, page_of, say, tell

BADGES = {"pending": "wait", "approved": "good", "returned": "bad", "withdrawn": "quiet", "disqualified": "bad"}


@blueprint.context_processor
def words():
    return {"STATES": ENTRY_STATES, "BADGES": BADGES, "LEADERS": LEADERS, "TITLES": TITLES, "KINDS": ENTRY_KINDS,
            "mask_id": identity.mask_id, "mask_phone": identity.mask_phone, "size_text": size_text}  # fmt: skip


def size_text(size: int) -> str:
    return f"{size / 1048576:.1f} MB" if size >= 1048576 else f"{max(1, size // 1024)} KB"


@blueprint.get("/entries")
@guard("entries.view")
def index():
    wanted = listing.Filter.of(request.args)
    totals = listing.totals(g.contest.id, wanted.event_id)
    page = page_of(seen(listing.query(g.contest.id, wanted)))
    files = listing.file_counts([entry.id for entry in page.items]) if page.items else {}
    return render_template("entries/index.html", page=page, wanted=wanted, totals=totals, files=files, sorts=listing.SORTS)


@blueprint.get("/entries/<int:entry_id>")
@guard("entries.view")
def show(entry_id: int):
    entry = mine(Entry, entry_id, joinedload(Entry.event), joinedload(Entry.organization), joinedload(Entry.delegation),
                 selectinload(Entry.members), selectinload(Entry.attachments))  # fmt: skip
    if not sees_names() and attachments.is_coded(entry.event):
        tell(f"“{entry.event.name}”匿名评审，启封之前只显示代号")
        return redirect(url_for("entries.index", contest_id=g.contest.id))
    pairs = duplicates.pairs(g.contest, only=[entry.id])
    judged = service.is_judged([entry.id])
    found = checks.problems(entry, pairs) if entry.state in ("pending", "returned", "approved") else []
    source = _source(entry)
    return render_template(
        "entries/show.html", entry=entry, verbs=states.verbs_for(entry.state, judged), judged=judged, problems=found,
        note=checks.noted(entry, found), steps_made=history.of_entry(g.contest.id, entry.id), source=source, form=AttachmentForm(),
        files=[each for each in entry.attachments if each.removed_at is None], inline=attachments.INLINE, limits=attachments,
    )  # fmt: skip


def _source(entry: Entry):
    """Id and file name of the import that brought the entry in; its rows are not opened for that."""
    if entry.import_id is None:
        return None
    return db.session.execute(sa.select(Import.id, Import.filename).where(Import.id == entry.import_id)).one()


@blueprint.route("/entries/new", methods=["GET", "POST"])
@guard("entries.edit")
def new():
    events = listing.totals(g.contest.id).events
    if not events:
        tell("本竞赛还没有赛项。请先在“筹备”中添加赛项，再录入参赛对象")
        return redirect(url_for("contests.overview", contest_id=g.contest.id))
    form = EntryForm(event_id=request.args.get("event_id", events[0].id, type=int))
    form.event_id.choices = [(event.id, event.name) for event in events]
    if request.method == "GET":
        form.members.entries[0].form.role.data = "leader"
        _add_rows(form)
    elif _wants_rows(form):
        pass
    elif form.validate_on_submit():
        event = next(event for event in events if event.id == form.event_id.data)
        with write():
            made = service.add(db.session.get(Event, event.id), form.draft(), actor=actor(), now=clock.now(), reason=form.reason.data or "")
            if isinstance(made, Entry):
                recusals.refresh(g.contest.id, actor=actor(), now=clock.now())
        if isinstance(made, Entry):
            say(f"已录入 {event.name} {made.number} 号“{made.title}”")
            return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=made.id))
        tell(*made)
    kind = next((event.entry_kind for event in events if event.id == form.event_id.data), events[0].entry_kind)
    return _form_page(form, None, kind)


@blueprint.route("/entries/<int:entry_id>/edit", methods=["GET", "POST"])
@guard("entries.edit")
def edit(entry_id: int):
    entry = mine(Entry, entry_id, selectinload(Entry.members))
    form = _filled(entry) if request.method == "GET" else EntryForm()
    form.event_id.choices = [(entry.event_id, entry.event.name)]
    if request.method == "POST" and not _wants_rows(form) and form.validate_on_submit():
        with write():
            entry = mine(Entry, entry_id, selectinload(Entry.members))
            late = form.seen.data and form.seen.data != entry.updated_at.isoformat()
            problems = [] if late else service.edit(entry, form.draft(entry), actor=actor(), now=clock.now(), reason=form.reason.data or "")
            if not late and not problems:
                recusals.refresh(g.contest.id, actor=actor(), now=clock.now())
        if late:
            tell("这一项刚由别人改过，您的修改还没有保存。请打开另一个窗口核对最新内容，再保存一次会覆盖那次修改")
            form.seen.process_data(entry.updated_at.isoformat())
        elif problems:
            tell(*problems)
        else:
            say("已保存")
            return redirect(url_for("entries.show", contest_id=g.contest.id, entry_id=entry.id))
    return _form_page(form, entry, entry.kind)


def _filled(entry: Entry) -> EntryForm:
    """The form of a stored entry. Numbers of persons are not sent to the page; left empty they stay."""
    form = EntryForm(
        event_id=entry.event_id, number=entry.number, title=entry.title, summary=entry.summary, in_competition=entry.in_competition,
        organization=entry.organization.name if entry.organization else "", delegation=entry.delegation.name if entry.delegation else "",
        members=[{"name": person.name, "role": person.role, "known": str(person.id)} for person in entry.members],
        extras=[{"name": name, "value": value} for name, value in entry.extras.items()], seen=entry.updated_at.isoformat(),
    )  # fmt: skip
    _add_rows(form)
    return form


def _add_rows(form: EntryForm) -> None:
    """Empty rows to write in, also where no script adds them."""
    for rows, wanted in ((form.members, 3), (form.extras, 1)):
        if len(rows) < rows.max_entries:
            for _ in range(min(max(1, wanted - len(rows)), rows.max_entries - len(rows))):
                rows.append_entry()


def _wants_rows(form: EntryForm) -> bool:
    """The buttons 再加一行 send the form for another empty row."""
    if "more_members" in request.form and len(form.members) < form.members.max_entries:
        form.members.append_entry()
    elif "more_extras" in request.form and len(form.extras) < form.extras.max_entries:
        form.extras.append_entry()
    else:
        return False
    return True


def _form_page(form: EntryForm, entry: Entry | None, kind: str):
    units, groups = directory.names(g.contest.id)
    masks = {str(person.id): (identity.mask_phone(person.phone or ""), identity.mask_id(person.id_number or ""))
             for person in entry.members} if entry else {}  # fmt: skip
    if entry is not None:
        form.event_id.choices = [(entry.event_id, entry.event.name)]
    return render_template("entries/form.html", form=form, entry=entry, kind=kind, units=units, groups=groups, masks=masks)


# The other pages of the slice register themselves on the blueprint.
from compete.entries import file_views, import_views, review_views  # noqa: E402, F401

blueprints = (blueprint,)
