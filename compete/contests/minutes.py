"""How a part is timed, between its document (`Part.timing`) and the editor's fields; in words for the trail."""

from compete.live import clock

EMPTY = {"warnings": None, "grace": None, "every": None, "points": None, "maximum": None}


def data_of(timing: dict | None) -> dict:
    """What the editor's fields hold: {"timing_warnings": …}."""
    timing = timing or {}
    found = {**EMPTY, **(timing.get("overtime") or {})}
    found["warnings"] = tuple(timing["warnings"]) if "warnings" in timing else None
    return {f"timing_{name}": value for name, value in found.items()}


def document_of(row) -> dict:
    """The document that the fields say; nothing for what they leave out."""
    found = {}
    if row.timing_warnings.data is not None:
        found["warnings"] = list(row.timing_warnings.data)
    if row.timing_points.data and row.timing_every.data:
        found["overtime"] = {"grace": row.timing_grace.data or 0, "every": row.timing_every.data,
                             "points": row.timing_points.data, "maximum": row.timing_maximum.data}  # fmt: skip
    return found


def words(timing: dict | None) -> dict[str, str]:
    """{setting: what it says}."""
    found = {}
    if "warnings" in (timing or {}):
        found["计时提醒"] = "、".join(f"剩 {second} 秒" for second in timing["warnings"]) or "不提醒"
    if rule := clock.rule_text(timing):
        found["超时扣分"] = rule
    return found


def sentence(part) -> str:
    """"陈述 8 分钟，提问 5 分钟；超时每 30 秒扣 1 分"; "" where nothing is timed."""
    given = [f"{name} {minutes} 分钟" for name, minutes in (("陈述", part.speech_minutes), ("提问", part.question_minutes)) if minutes]
    return "；".join(filter(None, ("，".join(given), clock.rule_text(part.timing))))
