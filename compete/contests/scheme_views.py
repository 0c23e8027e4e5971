"""The scheme of an event: reading it, editing it, a new version once it is frozen."""

from dataclasses import replace

from flask import abort, g, redirect, render_template, request, url_for

from compete import clock
from compete.access import actor, allows, guard
from compete.contests import budgets, building, editing, events, exchange, minutes, presets, rule_fields, schemes, telling, versions, wording
from compete.contests.blueprint import blueprint
from compete.contests.draft_form import MOST_ROWS, Draft
from compete.contests.forms import EventForm
from compete.contests.service import readiness
from compete.database import write
from compete.marking import form as judge_form
from compete.models import ENTRY_KINDS, Event, SchemeVersion
from compete.web import download, mine, say, tell
from scoring import CATALOGUES, UNIT, Criterion, Part, Problem

EVENTS = "/<int:contest_id>/events"
# What the page of a scheme tells in its own words.
BESIDE_SHOWN = {
    "scheme": ("parts", "rounding", "ties", "tiers", "minimum_score", "steps", "titles", "teams", "promotion"),
    "part": ("code", "name", "weight", "kind", "criteria", "panel"),
    "panel": ("rule", "drop_high", "drop_low", "minimum_judges", "below_minimum", "level", "chief"),
    "criterion": ("code", "name", "description", "weight", "maximum", "minimum", "step", "anchors", "children"),
    "tier": ("code", "name", "count", "ratio", "rounding_mode", "prize_fen", "minimum_score", "tie", "vacant_allowed"),
    "team": ("code", "name", "tiers"),
}


@blueprint.route(f"{EVENTS}/new", methods=["GET", "POST"])
@guard("contest.edit")
def event_new():
    form = EventForm()
    form.source.choices = _sources()
    if form.validate_on_submit():
        with write():
            done = events.add(
                g.contest, name=form.name.data, entry_kind=form.entry_kind.data, plan=_source_plan(form.source.data),
                actor=actor(), now=clock.now(),
            )  # fmt: skip
        if isinstance(done, Event):
            say(f"已添加赛项“{done.name}”")
            return redirect(url_for("contests.event", contest_id=g.contest.id, event_id=done.id))
        form.name.errors = [f"{done.message}，{done.mend}"]
    return render_template("contests/event_new.html", form=form)


def _sources() -> list[tuple[str, str]]:
    own = [(f"event:{event.id}", f"复制本竞赛的“{event.name}”") for event in g.contest.events]
    ready = [
        (f"preset:{preset.code}:{number}", f"预设：{preset.name} · {event['name']}")
        for preset in presets.all_presets().values() for number, event in enumerate(preset.plan["events"])
    ]  # fmt: skip
    return [("", "空白"), *own, *ready]


def _source_plan(source: str) -> dict:
    kind, _, key = source.partition(":")
    if kind == "event":
        return building.event_plan(schemes.load(mine(Event, int(key)).id))
    if kind == "preset":
        code, _, number = key.partition(":")
        return presets.all_presets()[code].plan["events"][int(number)]
    return {}


@blueprint.get(f"{EVENTS}/<int:event_id>")
@guard("judging.watch")
def event(event_id: int):
    """The editor; for those who may only look, and once the scheme is frozen, the scheme to read."""
    found = _load(event_id)
    if not allows("contest.edit") or (found.frozen_at and "new" not in request.args):
        return _show(found)
    return _edit(found, Draft.of_plan(editing.stored_plan(found)))


def _load(event_id: int) -> Event:
    found = schemes.load(event_id)
    return found if found is not None and found.contest_id == g.contest.id else abort(404)


@blueprint.post(f"{EVENTS}/<int:event_id>")
@guard("contest.edit")
def event_save(event_id: int):
    """One form for everything: a row's button changes the draft only, 保存 writes it, 看影响 compares a frozen one."""
    found = _load(event_id)
    if "head-name" not in request.form or len(request.form.getlist("row")) > MOST_ROWS:
        abort(400)
    draft, what = Draft.of_form(request.form), request.form.get("do", "save")
    if what == "refresh":
        return _edit(found, draft)
    if what not in ("save", "compare", "confirm", "back"):
        draft.change(what)
        return _edit(found, draft)
    if what == "back" or not draft.validate():
        return _edit(found, draft)
    if found.frozen_at:
        return _new_version(found, draft, confirmed=what == "confirm")
    with write():
        problems = editing.save(
            _load(event_id), draft.plan(), seen=request.form.get("seen", ""), actor=actor(), now=clock.now()
        )
    if problems:
        return _edit(_load(event_id), draft, problems)
    say("已保存评分方案")
    return redirect(url_for("contests.event", contest_id=g.contest.id, event_id=event_id))


def _new_version(found: Event, draft: Draft, *, confirmed: bool):
    plan, reason = draft.plan(), request.form.get("reason", "")
    problems = versions.refusals(found, plan)
    if problems:
        return _edit(found, draft, problems)
    if confirmed:
        with write():
            done = versions.make(
                _load(found.id), plan, seen=request.form.get("version", type=int), reason=reason, actor=actor(), now=clock.now()
            )
        if isinstance(done, SchemeVersion):
            say(f"已建第 {done.version} 版评分方案，第 {done.version - 1} 版留存")
            return redirect(url_for("contests.event", contest_id=g.contest.id, event_id=found.id))
        tell(*done)
        found = _load(found.id)
    kept = [(name, value) for name, values in request.form.lists() for value in values if name not in ("csrf_token", "do", "reason")]
    return render_template(
        "contests/version.html", event=found, comparison=versions.compare(found, plan), kept=kept, reason=reason,
        version=found.scheme_version,
    )  # fmt: skip


@blueprint.get(f"{EVENTS}/<int:event_id>/file")
@guard("judging.watch")
def event_file(event_id: int):
    """导出方案: the file form of `compete tally`, without entries."""
    found = _load(event_id)
    text = exchange.write(schemes.scheme_of(found), title=f"{g.contest.name} · {found.name}")
    return download(text.encode(), f"评分方案-{found.name}.json", "application/json")


@blueprint.post(f"{EVENTS}/<int:event_id>/file")
@guard("contest.edit")
def event_receive(event_id: int):
    """导入方案: the file fills the editor; nothing is kept before it is saved there, or made a new version."""
    found, given = _load(event_id), request.files.get("file")
    received = exchange.read(given.stream.read(exchange.MOST_BYTES + 1)) if given else [Problem("no_file", "方案文件", "没有选择文件", "请先选择文件")]
    if isinstance(received, list):
        tell(*received[:8])
        return redirect(url_for("contests.event", contest_id=g.contest.id, event_id=event_id))
    before = editing.stored_plan(found)
    plan = exchange.plan_with(before, received.scheme)
    old, new = wording.difference(before, plan)
    return _edit(found, Draft.of_plan(plan), received=[(path, old.get(path, "—"), new.get(path, "—")) for path in {**old, **new}])


def _edit(found: Event, draft: Draft, problems=(), received=None):
    """The editor; `problems` stand at the rows they name, the others at the head of the page.

    `received`: the draft came with a scheme file, and these settings differ from those kept: (path, before, after).
    """
    plan = draft.plan()
    sketch = editing.sketch(plan)
    stage = schemes.ranked_stage(sketch)
    fields = budgets.fields(g.contest.id)
    told, others = draft.places(problems)
    tell(*others)
    return render_template(
        "contests/editor.html", event=found, draft=draft, seen=request.form.get("seen") or editing.fingerprint(found), frozen=bool(found.frozen_at),
        previews=[(part, judge_form.cards(_showable(schemes.part_value(part)))) for part in (stage.parts if stage else ())
                  if part.kind not in schemes.FIGURE_KINDS],
        field=fields.get(found.id, 0), elsewhere=budgets.planned(g.contest.id, without=found.id, number=fields),
        available=budgets.prize_budget(g.contest.id), catalogues=CATALOGUES, focus=draft.focus, figure_kinds=schemes.FIGURE_KINDS,
        told=told, offers=rule_fields.offers, said=rule_fields.said, concealed=rule_fields.concealed, from_file=_from_file, beside=_beside(draft),
        received=received, step_words=telling.steps(schemes.scheme_of(sketch)),
    )  # fmt: skip


def _from_file(_kind: str, row) -> list[tuple[str, str]]:
    """What a criterion's row holds that only a scheme file can bring."""
    kept = (row.kept.data or {}).get("rules")
    rules = kept if isinstance(kept, dict) else {}
    return telling.documents(Criterion, {name: value for name, value in rules.items() if name not in rule_fields.names(Criterion)})


def _beside(draft: Draft) -> str:
    """What stands folded under titles, teams and promotion."""
    words = [node.row.name.data or "未命名" for node in (*draft.titles, *draft.teams)]
    if draft.head.promotes.data:
        words.append(f"晋级{draft.head.promotion_name.data or ''}")
    return "、".join(words) or "没有设置，不影响排名和奖项"


def _showable(value):
    """A part or criterion of which the judges' form can be drawn while it is still being filled in."""
    below = "criteria" if isinstance(value, Part) else "children"
    rows = tuple(_showable(row) for row in getattr(value, below))
    rows = tuple(row for row in rows if row.children or row.maximum > row.minimum)
    step = {} if below == "criteria" or value.step > 0 else {"step": UNIT // 2}
    return replace(value, **{below: rows}, **step)


def _show(found: Event):
    scheme = schemes.scheme_of(found)
    return render_template(
        "contests/scheme.html", event=found, scheme=scheme, problems=readiness(found), versions=versions.kept(found.id),
        kinds=ENTRY_KINDS, catalogues=CATALOGUES, names=telling.names_of(scheme), telling=telling, beside=BESIDE_SHOWN,
        timed={part.code: minutes.sentence(part) for part in getattr(schemes.ranked_stage(found), "parts", ())},
    )  # fmt: skip


@blueprint.post(f"{EVENTS}/<int:event_id>/remove")
@guard("contest.edit")
def event_remove(event_id: int):
    with write():
        problem = events.remove(_load(event_id), actor=actor(), now=clock.now())
    if problem:
        tell(problem)
        return redirect(url_for("contests.event", contest_id=g.contest.id, event_id=event_id))
    say("已删去赛项")
    return redirect(url_for("contests.overview", contest_id=g.contest.id))
