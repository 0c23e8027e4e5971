"""What a reviewer should see about an entry before approving it."""

from compete.entries.draft import LEADERS
from compete.models import Entry
from compete.texts import identity
from scoring.problems import Problem


def problems(entry: Entry, pairs=()) -> list[Problem]:
    """Problems of one loaded entry; `pairs` of duplicates that touch it."""
    found = []
    leader = LEADERS[entry.kind]
    leaders = [person for person in entry.members if person.role == "leader"]
    if not leaders:
        found.append(Problem("no_leader", "人员", f"没有{leader}", f"请退回补填{leader}，或在“修改”中补上"))
    if not entry.organization_id and entry.kind != "individual":
        found.append(Problem("no_organization", "单位", "没有填单位", "单位用于评委回避和获奖名单，请补上"))
    for person in entry.members:
        for checked in (identity.resident_id(person.id_number or ""), identity.phone(person.phone or "")):
            if problem := checked.error or checked.warning:
                found.append(problem._replace(where=person.name))
    for person in leaders:
        if not person.id_number:
            found.append(Problem("no_id", person.name, "没有身份证号", "发放奖金和查重要用，请在发放前补上"))
    for pair in pairs:
        if entry.id in (pair.first.id, pair.second.id):
            other = pair.first if pair.second.id == entry.id else pair.second
            what = "同单位同名" if pair.cause == "work" else f"{pair.who} 同时在两项中"
            found.append(Problem("duplicate", "重复", f"与 {other.event.name} {other.number} 号“{other.title}”{what}", "请到“查重”页比对后处理"))
    return found


def noted(entry: Entry, found: list[Problem]) -> str:
    """The note kept with a pending entry, unless the same is told by `found` already."""
    note = entry.state_reason
    return "" if note and all(problem.message in note for problem in found) and found else note
