"""Plain data of a file → a Tally, or every problem at once."""

from dataclasses import replace

from ..checks.scheme import notices
from ..facts import Decision, Facts
from ..numbers import WHOLE
from ..problems import Problem
from ..ranking.outcome import number_order
from ..scheme import Scheme
from .entries import EntryReader
from .records import Reader, hint
from .tally import FORMAT, VERSION, File, Tally
from .values import shown

EMPTY = Scheme(())


def read(data: dict) -> Tally | tuple[Problem, ...]:
    """The file as values of the engine, or all that keeps it from being worked out.

    `data` comes from `loads`: numbers are ints or Decimals, never floats (a float is a TypeError).
    """
    refusal = _refusal(data)
    if refusal:
        return (refusal,)
    reader = Reader()
    file = reader.record(File, data, ("文件",), {"scheme": EMPTY, "entries": ()}) or File(FORMAT, VERSION, EMPTY)
    scheme = _scheme(reader, data.get("scheme", {}))
    numbering = _judges(file, data)
    entries = EntryReader(reader, scheme or EMPTY, numbering)
    facts = entries.read(data.get("entries", ()), _chiefs(reader, file, numbering))
    decisions = _decisions(reader, file, facts)
    if scheme:
        _vacancies(reader, file, scheme)
    if scheme and not reader.problems:
        reader.problems += scheme.check()
    if reader.problems:
        return tuple(reader.problems)
    listed = file.judges or {}
    names = {judge: listed.get(code) or code for code, judge in numbering.items()}
    facts = Facts(facts, names, decisions)
    told = tuple(notices(scheme, judges=_panels(facts)))
    return Tally(file.title, file.source, scheme, facts, entries.names, {at: code for code, at in numbering.items()}, dict(file.vacancies or {}),
                 told + entries.notices())


def _refusal(data):
    if not isinstance(data, dict):
        return Problem("not_a_file", "文件", f"应为一组字段，写的是{shown(data)}", "请参照格式说明填写")
    if data.get("format") != FORMAT:
        return Problem("not_a_file", "文件 · 格式", "这不是评分文件", f"请在开头写明 \"format\": \"{FORMAT}\"")
    if data.get("version") != VERSION or isinstance(data["version"], bool):
        return Problem("unknown_version", "文件 · 版本", f"版本{shown(data.get('version'))}不能识别", f"请使用版本 {VERSION}，或升级本系统")
    return None


def _scheme(reader, data):
    """The scheme, or None; the weight of a single criterion may be left out."""
    found = len(reader.problems)
    scheme = reader.record(Scheme, data, ("评分方案",))
    if scheme is None or len(reader.problems) > found and not scheme.parts:
        return None
    return replace(scheme, parts=tuple(_whole(part) for part in scheme.parts))


def _whole(part):
    if part.scale != "hundred" or len(part.criteria) != 1 or part.criteria[0].weight:
        return part
    return replace(part, criteria=(replace(part.criteria[0], weight=WHOLE),))


def _judges(file, data):
    """{code: number}: those listed in their order, then those found in the marks, as people order codes."""
    listed = list(file.judges or ())
    met = set()
    entries = data.get("entries")
    for entry in entries if isinstance(entries, (list, tuple)) else ():
        marks = entry.get("marks") if isinstance(entry, dict) else None
        for sheets in marks.values() if isinstance(marks, dict) else ():
            if isinstance(sheets, dict):
                met.update(sheets)
    more = sorted(met.difference(listed), key=lambda code: (number_order(code), code))
    return {code: at for at, code in enumerate(listed + more, 1)}


def _chiefs(reader, file, numbering):
    chiefs = file.chief
    for code in chiefs:
        if code not in numbering:
            reader.wrong("unknown_judge", ("文件", "总评委"), f"没有评委“{code}”", hint(code, numbering))
    return [numbering[code] for code in chiefs if code in numbering]


def _decisions(reader, file, facts):
    numbers, found = {entry.number: entry.entry for entry in facts}, []
    for at, decided in enumerate(file.decisions, 1):
        where = ("文件", f"决议 第 {at} 条")
        for number in decided.numbers:
            if number not in numbers:
                reader.wrong("unknown_number", where, f"没有 {number} 号参赛对象", hint(number, numbers))
        if len(set(decided.numbers)) < max(len(decided.numbers), 2):
            reader.wrong("decision_numbers", where, "须列出两个以上不同的编号", "请按决议的先后列出同分者")
        found.append(Decision(tuple(numbers.get(number, 0) for number in decided.numbers), decided.reason, decided.recorded_at))
    return tuple(found)


def _vacancies(reader, file, scheme):
    tiers = {tier.code for tier in (*scheme.tiers, *scheme.titles)}
    for code, count in (file.vacancies or {}).items():
        if code not in tiers:
            reader.wrong("unknown_tier", ("文件", "空缺"), f"没有奖项“{code}”", hint(code, sorted(tiers)))
        elif count < 0:
            reader.wrong("vacancy", ("文件", "空缺", code), "空缺的名额不能为负", "请填写不小于 0 的整数")


def _panels(facts):
    """The fewest judges on one entry's panel, by part."""
    found = {}
    for entry in facts.entries:
        for code, sheets in entry.sheets.items():
            found[code] = min(found.get(code, len(sheets)), len(sheets))
    return found
