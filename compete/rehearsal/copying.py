"""The copy of a contest to rehearse with: what the hall needs of each table, and nothing that is nobody's business there."""

import secrets
from collections.abc import Callable

import sqlalchemy as sa

from compete.contests import schemes
from compete.models import Attachment, Contest, Draw, Entry, EntryCode, Event, Judge, Member, Recusal, Screen, Session, Slot, db
from compete.rehearsal import belonging
from compete.rehearsal.twins import SCREEN
from compete.results import belonging as figures

NAME = "彩排 · "
EPOCHS = 2**30  # a session kept on a tablet from an earlier rehearsal never fits a row that got the same number again
CODES = "R{:02d}"

# Tables that are copied. Decisions, marks, cards, releases, money, imports and people's roles are not.
COPIED = (
    "event", "stage", "part", "criterion", "tier", "organization", "delegation", "judge", "panel", "seat", "session", "slot", "draw",
    "entry", "member", "attachment", "recusal", "screen", "poll",
)  # fmt: skip


def _seated(contest_id: int):
    return sa.select(Slot.entry_id).join(Session, Session.id == Slot.session_id).where(Session.contest_id == contest_id)


def _wanted(name: str, contest_id: int) -> tuple:
    """Conditions on the rows of the real contest that are taken over."""
    entries = sa.or_(Entry.state == "approved", Entry.id.in_(_seated(contest_id)))
    of_them = sa.select(Entry.id).join(Event, Event.id == Entry.event_id).where(Event.contest_id == contest_id, entries)
    return {
        "entry": (entries,),
        "member": (Member.entry_id.in_(of_them),),
        "attachment": (Attachment.entry_id.in_(of_them), Attachment.for_judges, Attachment.removed_at.is_(None)),
        "recusal": (Recusal.entry_id.in_(of_them), Recusal.lifted_at.is_(None)),
        "judge": (Judge.withdrawn_at.is_(None),),
        "draw": (Draw.superseded_at.is_(None),),
        "screen": (Screen.removed_at.is_(None),),
    }.get(name, ())


def _changes(columns_of_figures: set[str]) -> dict[str, Callable[[dict], dict]]:
    """What a copied row has otherwise than its original: no personal data, nothing begun, keys of its own."""

    def without(*names: str) -> Callable[[dict], dict]:
        return lambda row: dict.fromkeys(names)

    return {
        "event": lambda row: {"scheme_version": 0, "frozen_at": None, "unveiled_at": None, "rules": {name: one for name, one in row["rules"].items() if name != "vacancies"}},
        "part": without("locked_at", "locked_by"),
        "organization": without("credit_code", "account_name", "account", "bank"),
        "judge": lambda row: {
            **dict.fromkeys(("phone", "card_hash", "card_secret", "pin_hash", "pin", "card_issued_at", "card_revoked_at", "last_seen_at")),
            "epoch": 1 + secrets.randbelow(EPOCHS),
        },
        "session": lambda row: {"state": "waiting", "deadline": None},
        "entry": lambda row: {
            "summary": "", "state_reason": "", "extras": {name: text for name, text in row["extras"].items() if name in columns_of_figures},
        },
        "poll": lambda row: {"key": secrets.token_urlsafe(9), "state": "draft", "opened_at": None, "closed_at": None, "taken_at": None},
        "member": without("phone", "id_number", "id_key", "account", "bank"),
        "screen": lambda row: {"key": SCREEN + row["key"], "scene": "black", "data": {}, "last_seen_at": None},
    }  # fmt: skip


def copy(real: Contest, rehearsal: Contest) -> dict[str, dict[int, int]]:
    """Copies the rows of `real` into the flushed, still empty `rehearsal`: {table: {id there: id here}}."""
    numbers = {belonging.CONTEST: {real.id: rehearsal.id}}
    changes = _changes(_columns_of_figures(real.id))
    for table in belonging.tables():
        if table.name in COPIED:
            numbers[table.name] = _copy(table, real.id, numbers, changes.get(table.name, lambda row: {}))
    _fresh_codes(rehearsal.id)
    return numbers


def _copy(table: sa.Table, contest_id: int, numbers: dict, change: Callable[[dict], dict]) -> dict[int, int]:
    query = sa.select(table).where(belonging.of_contest(table, contest_id), *_wanted(table.name, contest_id)).order_by(table.c.id)
    found = [dict(row) for row in db.session.execute(query).mappings()]
    if not found:
        return {}
    leads = {key.parent.name: key.column.table.name for key in table.foreign_keys}
    own = next((name for name, target in leads.items() if target == table.name), None)
    rows = []
    for row in found:
        keys = {name: _here(numbers, target, row[name]) for name, target in leads.items()}
        rows.append({**{name: value for name, value in row.items() if name != "id"}, **change(row), **keys})
    made = db.session.scalars(sa.insert(table).returning(table.c.id, sort_by_parameter_order=True), rows).all()
    here = dict(zip((row["id"] for row in found), made, strict=True))
    if own:  # a criterion below another one
        below = [{"row": here[row["id"]], "above": here[row[own]]} for row in found if row[own] is not None]
        if below:
            db.session.connection().execute(sa.update(table).where(table.c.id == sa.bindparam("row")).values({own: sa.bindparam("above")}), below)
    return here


def _here(numbers: dict, target: str, number: int | None) -> int | None:
    """The row that stands here for row `number` there; rows that belong to no contest are shared."""
    if number is None or target in belonging.COMMON:
        return number
    return numbers.get(target, {}).get(number)


def _columns_of_figures(contest_id: int) -> set[str]:
    """Columns of the entrants' workbook that the scheme counts with (theory paper, votes, division): no others are taken over."""
    events = schemes.load_all(contest_id)
    parts = {part.name for event in events for stage in event.stages for part in stage.parts if part.kind in schemes.FIGURE_KINDS}
    return parts | {name for event in events for name in figures.named_figures(schemes.scheme_of(event))} | set(figures.DIVISION)


def _fresh_codes(contest_id: int) -> None:
    """Codes of their own for blind entries, in an order that tells nothing: the real ones stay with those who keep them."""
    query = sa.select(Entry.id, Event.id).join(Event, Event.id == Entry.event_id).where(Event.contest_id == contest_id, Event.is_blind)
    of_event: dict[int, list[int]] = {}
    for entry, event in db.session.execute(query):
        of_event.setdefault(event, []).append(entry)
    for entries in of_event.values():
        secrets.SystemRandom().shuffle(entries)
        db.session.execute(sa.insert(EntryCode), [{"entry_id": entry, "layer": 1, "code": CODES.format(n)} for n, entry in enumerate(entries, 1)])
