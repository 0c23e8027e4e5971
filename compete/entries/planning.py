"""What an import would do, row by row: add, change (field by field), leave alone, or stop with a problem.

Pure: rows (as compete.excel.intake reads them) and what is stored go in, plans come out. A blank cell never erases
what is stored; entries whose judging has begun are not touched.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from compete.entries.draft import Draft, Person, too_long
from compete.texts import clean, identity
from scoring.problems import Problem

KINDS = {"add": "新增", "change": "更改", "same": "不变", "wrong": "有问题"}
# Wrong numbers of persons: the row may be taken in for review as it stands.
MENDABLE = re.compile(r"(id_|phone|account|uscc|destroyed|formula|cell_error)")


@dataclass
class Stored:
    """An entry (or judge) as it stands. `people` are Person values in order."""

    id: int
    event_id: int | None
    number: int
    title: str
    organization: str
    delegation: str = ""
    summary: str = ""
    extras: dict = field(default_factory=dict)
    state: str = "pending"
    touched: str = ""
    judged: bool = False
    people: tuple = ()

    @property
    def keys(self) -> tuple[str, str]:
        return clean.key(self.title) or self.title, clean.key(self.organization)


class Plan(NamedTuple):
    """`forbidden`: cannot be taken in at all; `problems` are those that planning found beside the reader's."""

    kind: str
    entry_id: int | None = None
    event_id: int | None = None
    number: int | None = None
    diffs: tuple = ()
    notes: tuple = ()
    problems: tuple = ()
    forbidden: bool = False


def draft_of(row: dict) -> Draft:
    people = tuple(
        Person(m["name"], m["role"], m["phone"], m["id_number"], m["account"], m["bank"]) for m in row["members"]
    )
    return Draft(title=row["title"], organization=row["organization"], delegation=row["delegation"], summary=row["summary"],
                 extras=row["extras"], members=people)  # fmt: skip


def match(rows: list[dict], events: dict[str, int | None], stored: list[Stored], same_person=None) -> dict[str, Stored]:
    """Which stored entry each row is about. An entry is claimed once; a repeated row does not claim its twin's entry.

    In order: same title and organization (and number) — same person — same number with the same title, organization or leader.
    """
    by_key, by_number = defaultdict(list), {}
    for each in stored:
        by_key[(each.event_id, *each.keys)].append(each)
        by_number[each.event_id, each.number] = each
    claimed, found = set(), {}

    def claim(row, each) -> bool:
        if each is None or each.id in claimed or row["key"] in found:
            return False
        claimed.add(each.id)
        found[row["key"]] = each
        return True

    for exact in (True, False):
        for row in rows:
            repeated = any(problem[0].startswith("same_") for problem in row["errors"])
            for each in by_key.get((events.get(row["event"]), *_keys(row)), ()):
                if (each.number == _number(row) if exact else not repeated) and claim(row, each):
                    break
    for row in rows:
        if row["key"] in found:
            continue
        if same_person:
            claim(row, same_person(row, events.get(row["event"])))
        each = by_number.get((events.get(row["event"]), _number(row)))
        if each is not None and _alike(row, each):
            claim(row, each)
    return found


def _keys(row: dict) -> tuple[str, str]:
    return clean.key(row["title"]) or row["title"], clean.key(row["organization"])


def _alike(row: dict, each: Stored) -> bool:
    title, organization = _keys(row)
    return title == each.keys[0] or (bool(organization) and organization == each.keys[1])


def _number(row: dict) -> int | None:
    return int(row["number"]) if re.fullmatch(r"0*[1-9]\d{0,5}", row["number"]) else None


def plan_entries(rows: list[dict], events: dict[str, int | None], found: dict[str, Stored], taken: dict[int, set]) -> dict[str, Plan]:
    """`found` as `match` gave it (people loaded), `taken` the numbers in use per event. One Plan per row key."""
    numbers = _Numbers(rows, events, found, taken)
    return {row["key"]: _plan(row, events.get(row["event"]), found.get(row["key"]), numbers) for row in rows}


def _plan(row: dict, event_id: int | None, each: Stored | None, numbers: "_Numbers") -> Plan:
    draft, where = draft_of(row), f"{row['sheet']} 第{row['row']}行"
    if event_id is None:
        told = Problem("no_event", where, f"“{row['event']}”没有对应的赛项", "请在上方“归入赛项”中选定")
        return Plan("wrong", problems=(told,), forbidden=True)
    if problems := too_long(draft, where):
        return Plan("wrong", event_id=event_id, problems=tuple(problems), forbidden=True)
    if not draft.title:
        told = () if row["errors"] else (Problem("no_title", where, "没有名称", "请在表中补填名称"),)
        return Plan("wrong", event_id=event_id, problems=told, forbidden=True)
    if each is None:
        number, note = numbers.of(row)
        return Plan("wrong" if row["errors"] else "add", None, event_id, number, notes=(note,) if note else ())
    diffs = differences(each, draft)
    if not diffs:
        return Plan("same", each.id, event_id, each.number)
    blocked = _blocked(each, where)
    if blocked:
        return Plan("wrong", each.id, event_id, each.number, tuple(diffs), problems=(blocked,), forbidden=True)
    return Plan("wrong" if row["errors"] else "change", each.id, event_id, each.number, tuple(diffs))


def _blocked(each: Stored, where: str) -> Problem | None:
    if each.judged:
        return Problem("judged", where, f"{each.number} 号已开始评分，不由名单更改", "如确需更正，请在该项的页面上逐项修改")
    if each.state in ("withdrawn", "disqualified"):
        return Problem("gone", where, f"{each.number} 号已退赛或取消资格，不由名单更改", "如要恢复，请先在该项的页面上恢复为待审核")
    return None


class _Numbers:
    """Entry numbers: the workbook's own where they are free, else the next free one of the event."""

    def __init__(self, rows: list[dict], events: dict, found: dict, taken: dict[int, set]):
        self.given = {}
        used = {event: set(numbers) for event, numbers in taken.items()}
        later = []
        for row in rows:
            event = events.get(row["event"])
            if event is None or row["key"] in found:
                continue
            wanted = _number(row)
            if wanted and wanted not in used.setdefault(event, set()):
                used[event].add(wanted)
                self.given[row["key"]] = (wanted, "")
            else:
                later.append((row, event))
        following = {event: max(numbers, default=0) + 1 for event, numbers in used.items()}
        for row, event in later:
            number = following.get(event, 1)
            following[event] = number + 1
            note = f"表中序号“{row['number']}”已被占用或不是整数，编为 {number}" if row["number"] else ""
            self.given[row["key"]] = (number, note)

    def of(self, row: dict) -> tuple[int, str]:
        return self.given[row["key"]]


def differences(each: Stored, draft: Draft) -> list[tuple[str, str, str]]:
    """Lines (what, old, new); blank cells change nothing; numbers of persons are masked."""
    lines = []
    for code, label in (("title", "名称"), ("organization", "单位"), ("delegation", "代表队"), ("summary", "简介")):
        old, new = getattr(each, code), getattr(draft, code)
        # 淮南矿业(集团) and 淮南矿业（集团） are one organization: its name stays as first written.
        same = clean.key(old) == clean.key(new) if code == "organization" else old == new
        if new and not same:
            lines.append((label, old, new))
    lines += [(name, each.extras.get(name, ""), text) for name, text in draft.extras.items() if text and each.extras.get(name, "") != text]
    return lines + _people_differences(each.people, draft.members)


_SECRET = (("phone", "电话", identity.mask_phone), ("id_number", "身份证号", identity.mask_id), ("account", "银行账号", identity.mask_account))


def _people_differences(old: tuple, new: tuple) -> list[tuple[str, str, str]]:
    lines = []
    before, after = [(person.name, person.role) for person in old], [(person.name, person.role) for person in new]
    if new and before != after:
        lines.append(("人员", "、".join(name or "（未填）" for name, _ in before), "、".join(name or "（未填）" for name, _ in after)))
    known = {person.name: person for person in old}
    for person in new:
        same = known.get(person.name, Person(person.name))
        for code, label, mask in _SECRET:
            was, now = getattr(same, code) or "", getattr(person, code) or ""
            if now and was != now:
                shown = (mask(was), mask(now))
                lines.append((f"{person.name} {label}".strip(), shown[0], shown[1] + ("（有改动）" if shown[0] == shown[1] else "")))
        if person.bank and (same.bank or "") != person.bank:
            lines.append((f"{person.name} 开户行", same.bank or "", person.bank))
    return lines


def merged_people(old: tuple, new: tuple) -> tuple[Person, ...]:
    """The members after the change: those of the workbook, each keeping the numbers that the workbook leaves blank."""
    if not new:
        return old
    known = {person.name: person for person in old}
    merged = []
    for person in new:
        same = known.get(person.name)
        if same is not None:
            person = Person(person.name, person.role, *((getattr(person, code) or getattr(same, code) or "") for code in Person._fields[2:]))
        merged.append(person)
    return tuple(merged)


def merged_draft(each: Stored, draft: Draft) -> Draft:
    """The entry after the change: what the workbook says over what is stored."""
    return Draft(
        title=draft.title or each.title, number=each.number, organization=draft.organization or each.organization,
        delegation=draft.delegation or each.delegation, summary=draft.summary or each.summary,
        extras={**each.extras, **{name: text for name, text in draft.extras.items() if text}},
        members=merged_people(each.people, draft.members),
    )  # fmt: skip


def is_mendable(row: dict) -> bool:
    """Only numbers of persons are wrong: may be taken in for review together with the others of its kind."""
    return bool(row["errors"]) and all(MENDABLE.match(problem[0]) for problem in row["errors"])


