"""The 获奖名单 of a release, from its frozen document alone."""

from datetime import datetime
from fractions import Fraction

from compete.clock import show_time
from compete.excel.honours import Honour, honours_list
from compete.excel.style import Paper
from compete.models import Release


def honours_of(row: Release, *, order: str, now: datetime) -> bytes:
    document = row.document
    event = document["event"]
    found = [
        Honour(event, line["tier"], _place(line["place"]), str(line["number"]), line["title"], line["organization"], tuple(line["names"]))
        for line in document["standings"] if line["tier"]
    ]  # fmt: skip
    lines = {line["entry"]: line for line in document["standings"]}
    for title in document.get("titles", ()):
        found += [
            Honour(event, title["name"], position, str(row["number"]), row["title"], row["organization"], tuple(lines[row["entry"]]["names"]))
            for position, row in enumerate(title["entries"], 1)
        ]  # fmt: skip
    word = {"provisional": "（公示中）", "final": "", "withdrawn": "（已撤回，作废）"}[row.state]
    paper = Paper(contest=document["contest"], event=event, release=f"第{row.number}号发布{word}", digest=row.digest,
                  audit_head=row.audit_head, printed_at=show_time(now))  # fmt: skip
    tiers = [(event, tier["name"]) for tier in (*document["tiers"], *document.get("titles", ()))]
    vacant = {(event, tier["name"]): tier["vacant"] for tier in document["tiers"]}
    return honours_list(paper, found, order, tiers=tiers, vacant=vacant)


def _place(frozen: int | str | None) -> int | Fraction | None:
    """Half a place is frozen as text: "1.5"."""
    return Fraction(frozen) if isinstance(frozen, str) else frozen
