"""What a reviewer should see about an entry before approving it."""

import re

from compete.entries.draft import LEADERS
from compete.models import Entry
from compete.texts import identity
from scoring.problems import Problem

_PLACE = re.compile(r"（[^（）]*第\d+行）$")


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
                # The reader's advice speaks of importing again; here the entry itself can be mended.
                found.append(problem._replace(where=person.name or leader, mend="请对照证件核对，在“修改”中改正，或退回补正"))
    for person in leaders:
        if not person.name:
            found.append(Problem("no_leader", "人员", f"没有填{leader}的姓名", "请退回补填，或在“修改”中补上"))
        if not person.id_number:
            found.append(Problem("no_id", person.name or leader, "没有身份证号", "发放奖金和查重要用，请在发放前补上"))
    for pair in pairs:
        if entry.id in (pair.first.id, pair.second.id):
            other = pair.first if pair.second.id == entry.id else pair.second
            what = "同单位同名" if pair.cause == "work" else f"{pair.who} 同时在两项中"
            found.append(Problem("duplicate", "重复", f"与 {other.event.name} {other.number} 号“{other.title}”{what}", "请到“查重”页比对后处理"))
    return found


def noted(entry: Entry, found: list[Problem]) -> str:
    """The note that an import left with the entry, unless `found` tells the same."""
    told = {problem.message for problem in found}
    parts = _PLACE.sub("", entry.state_reason.removeprefix("导入时发现：")).split("；")
    return "" if all(part in told for part in parts) else entry.state_reason
