"""What a showing freezes: one entry's marks with what became of them, or a standing of those shown so far. No I/O."""

from fractions import Fraction

from compete.models import Part, Release
from compete.results.facts import Board, Label, among
from scoring import format_points
from scoring.problems import Problem

# What became of a judge's sheet, in the hall's words.
USES = {
    "used": "", "dropped_high": "去掉最高", "dropped_low": "去掉最低", "chief": "不计入", "recused": "回避", "absent": "缺席",
    "clamped": "按限差计", "outlier": "超限剔除", "passed": "未取", "replaced": "已复议",
}  # fmt: skip
STRUCK = {"dropped_high", "dropped_low", "outlier", "passed"}
IN = ("submitted", "recused", "absent")
JUDGED = ("competing", "out_of_competition")


def called(label: Label) -> dict:
    """An entry as screens name it: blind by its code alone."""
    if label.code:
        return {"code": label.code}
    return {"number": label.number, "title": label.title, "organization": label.organization}


def score(found: Board, part: Part, entry_id: int, *, names: bool, shown: set[int] | None) -> dict | Problem:
    """The document of an 亮分; `shown`: entries shown before, among whom the place so far is told (None: not told)."""
    standing = found.outcome.by_entry.get(entry_id)
    if standing is None:
        return Problem("showing.entry", "参赛对象", "不在这个赛项里", "请刷新页面")
    label = found.labels[entry_id]
    where = label.code or f"{label.number} 号"
    if standing.entry_status not in JUDGED:
        return Problem("showing.out", where, standing.place_text, "没有可亮的成绩")
    sheets = standing.fact.sheets.get(part.code, ())
    waiting = [found.facts.judges.get(sheet.judge, "") for sheet in sheets if sheet.state not in IN]
    if waiting or not sheets:
        who = f"还差 {'、'.join(waiting)} 的评分表" if waiting else "还没有分配评委"
        return Problem("showing.waiting", where, who, "全部提交之后才能亮分")
    result = standing.parts.get(part.code)
    if result is None or result.missing:
        return Problem("showing.incomplete", where, "这一环节的成绩还算不出来", "请在“核分”页查看缺什么")
    reader, alone = result.reader, _alone(found)
    if reader.field_wide and found.outcome.incomplete:
        return Problem("showing.field", where, "本环节按全场换算，没有评完时得分还会变", "请等全部评完再亮分")
    penalty = standing.penalty if alone else 0
    return {
        "stage": _stage(found), "part": part.name, "part_code": part.code, "blind": bool(label.code), "entry_id": entry_id, "entry": called(label),
        "judges": _judges(found, sheets, result, names), "by_criterion": reader.by_criterion, "score": result.text,
        "penalty": format_points(-penalty) if penalty else "", "total": _total(found, standing, result),
        "place": "" if shown is None or reader.field_wide else _place_so_far(found, part, {*shown, entry_id}, entry_id),
    }  # fmt: skip


def _stage(found: Board) -> str:
    """Which stage it is of, told where it is not the one that is awarded."""
    return found.stage.name if found.stage else ""


def _alone(found: Board) -> bool:
    """Whether the part's score is the whole: then penalties stand beside it, and the total is the event's."""
    return len(found.scheme.parts) == 1 and not found.scheme.steps


def _total(found: Board, standing, result) -> str:
    return standing.score_text if _alone(found) else result.text


def _judges(found: Board, sheets, result, names: bool) -> list[dict]:
    """In the order of their seats; a recused or absent judge keeps the seat."""
    of = {judge.judge: judge for judge in result.judges}
    told = []
    for seat, sheet in enumerate(sheets, 1):
        judge = of.get(sheet.judge)
        use = judge.use if judge else sheet.state
        told.append({"seat": seat, "name": found.facts.judges.get(sheet.judge, "") if names else "", "mark": judge.text if judge else "",
                     "use": use, "note": USES.get(use, ""), "struck": use in STRUCK})  # fmt: skip
    return told


def same_score(one: dict, other: dict) -> bool:
    """Whether two documents tell the same score; the place so far may have moved meanwhile, a blind code been opened."""
    return _told(one) == _told(other) and (one["blind"] != other["blind"] or one["entry"] == other["entry"])


def _told(document: dict) -> tuple:
    return [(judge["seat"], judge["mark"], judge["use"]) for judge in document["judges"]], document["total"]


def _place_so_far(found: Board, part: Part, entries: set[int], entry_id: int) -> str:
    if found.scheme.steps:
        return ""
    for line in _lines(found, part.id, entries):
        if line["entry_id"] == entry_id:
            return line["place_text"]
    return ""


def standings(found: Board, part_id: int | None, shown: dict) -> dict | Problem:
    """The document of a 成绩榜 of the entries in `shown` {entry: its showing}."""
    stale = next((row for entry, row in shown.items() if not still(found, row)), None)
    if stale is not None:
        return Problem("showing.stale", f"第 {stale.number} 次亮出", "之后成绩有变动，榜上会与亮过的分不一致", "请先撤回那一次并写明原因，再重新亮分")
    awaited = sum(fact.status in JUDGED and bool(fact.sheets) for fact in found.facts.entries)
    if found.scheme.steps and len(shown) < awaited:
        return Problem("showing.steps", found.event.name, "名次由全场的计算项得出，没有亮完之前排不出", "请亮完全部对象，或在发布之后显示整榜")
    lines = [{**line, "showing": shown[line["entry_id"]].number} for line in _lines(found, part_id, set(shown))]
    part = next((part.name for stage in found.event.stages for part in stage.parts if part.id == part_id), "")
    return {"stage": _stage(found), "part": part, "blind": found.event.is_veiled, "release": None, "shown": len(lines), "of": max(awaited, len(lines)),
            "through": max(row.number for row in shown.values()), "lines": lines}  # fmt: skip


def still(found: Board, row) -> bool:
    """Whether the score is still what was shown."""
    standing = found.outcome.by_entry.get(row.entry_id)
    result = standing.parts.get(row.document["part_code"]) if standing else None
    if not result or result.missing or (result.text, _total(found, standing, result)) != (row.document["score"], row.document["total"]):
        return False
    label = found.labels[row.entry_id]
    return row.document["blind"] != bool(label.code) or called(label) == row.document["entry"]


def _lines(found: Board, part_id: int | None, entries: set[int]) -> list[dict]:
    """Places among these entries: by the event's rules, or in an event of several parts by one part's score alone."""
    if part_id is not None and len(found.scheme.parts) > 1:
        return _by_part(found, part_id, entries)
    lines = []
    for standing in among(found, entries).standings:
        text = standing.place_text if standing.place is not None else "不计名次"
        lines.append(_line(found, standing.entry, text, standing.score_text))
    return lines


def _by_part(found: Board, part_id: int, entries: set[int]) -> list[dict]:
    code = next(part.code for stage in found.event.stages for part in stage.parts if part.id == part_id)
    scored = []
    for entry in entries:
        standing = found.outcome.by_entry[entry]
        result = standing.parts[code]
        scored.append((Fraction(result.score_num, result.score_den), standing, result.text))
    counted = [value for value, standing, _ in scored if standing.entry_status == "competing"]
    high = found.scheme.better == "high"
    lines = []
    for value, standing, text in sorted(scored, key=lambda row: (-row[0] if high else row[0], found.labels[row[1].entry].number)):
        place = 1 + sum((other > value) if high else (other < value) for other in counted)
        told = f"{'并列' if counted.count(value) > 1 else ''}第 {place} 名" if standing.entry_status == "competing" else "不计名次"
        lines.append(_line(found, standing.entry, told, text))
    return lines


def _line(found: Board, entry: int, place_text: str, text: str) -> dict:
    return {"entry_id": entry, "entry": called(found.labels[entry]), "place_text": place_text, "score": text}


def released(release: Release) -> dict:
    """The whole standing of a release, for the screen."""
    lines = [
        {"entry_id": line["entry"], "entry": {"number": line["number"], "title": line["title"], "organization": line["organization"]},
         "place_text": line["place_text"], "score": line["score"], "tier": line["tier"]}
        for line in release.document["standings"] if line["place"] is not None
    ]  # fmt: skip
    return {"part": "", "blind": False, "release": {"id": release.id, "number": release.number, "digest": release.digest},
            "shown": len(lines), "of": len(lines), "through": None, "lines": lines}  # fmt: skip
