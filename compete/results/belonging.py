"""To whom an entry belongs, and further figures of it: read only where a scheme asks (teams, promotion, limits, factors, ties)."""

import sqlalchemy as sa

import scoring
from compete.models import Delegation, Entry, Event, Member, db

DIVISION = ("赛区", "分赛区")  # columns of the entrants' workbook; without one the delegation stands for it


def with_all(event: Event, scheme: scoring.Scheme, facts: scoring.Facts) -> scoring.Facts:
    """The facts with what the scheme asks for: three queries at most, none for a plain scheme."""
    belongs, figures = asks_who(scheme), named_figures(scheme)
    if not belongs and not figures:
        return facts
    query = sa.select(Entry.id, Delegation.name, Entry.extras).outerjoin(Delegation, Delegation.id == Entry.delegation_id)
    rows = {entry: (name or "", extras or {}) for entry, name, extras in db.session.execute(query.where(Entry.event_id == event.id))}
    people = _people(event.id) if belongs else {}
    entries = []
    for fact in facts.entries:
        delegation, extras = rows[fact.entry]
        more = {name: units for name in figures if isinstance(units := _figure(extras, name), int)}
        division = next((extras[name] for name in DIVISION if extras.get(name)), delegation)
        entries.append(fact._replace(delegation=delegation, division=division, persons=people.get(fact.entry, ()), figures={**fact.figures, **more}))
    return facts._replace(entries=tuple(entries))


def asks_who(scheme: scoring.Scheme) -> bool:
    tiers = (*scheme.tiers, *scheme.titles)
    within = any(step.within for step in scheme.steps)
    return bool(scheme.teams or scheme.promotion or within or any(tier.per_person or tier.by_size for tier in tiers))


def named_figures(scheme: scoring.Scheme) -> tuple[str, ...]:
    """Figures that are no part and no step: columns of the entrants' workbook (difficulty, 用时 …)."""
    named = [part.factor for part in scheme.parts]
    named += [tie.argument for tie in scheme.ties if tie.code.startswith("figure")]
    named += [code for step in scheme.steps for code in (*step.of, *(tie.argument for tie in step.ties))]
    named += [scheme.total, scheme.key, scheme.class_by]
    named += [code for tier in (*scheme.tiers, *scheme.titles) for code in (tier.figure, *(code for code, line in tier.minimums))]
    named += [code for team in scheme.teams for code in (*team.of, *(tie.argument for tie in team.ties if tie.code.startswith("figure")))]
    known = {part.code for part in scheme.parts} | {step.code for step in scheme.steps}
    return tuple(dict.fromkeys(code for code in named if code and code not in known and "/" not in code))


def _figure(extras: dict, name: str):
    return scoring.parse_points(extras[name]) if extras.get(name) else None


def _people(event_id: int) -> dict[int, tuple[str, ...]]:
    """Whoever takes part, an adviser not: by the key of the identity number where there is one, else by name."""
    rows = sa.select(Member.entry_id, sa.func.coalesce(Member.id_key, Member.name)).join(Entry, Entry.id == Member.entry_id)
    found: dict[int, tuple[str, ...]] = {}
    for entry, key in db.session.execute(rows.where(Entry.event_id == event_id, Member.role != "adviser").order_by(Member.position)):
        found[entry] = (*found.get(entry, ()), key)
    return found
