"""What happened: light values, since thousands of them are made for one page."""

from typing import NamedTuple


class SheetFact(NamedTuple):
    """One judge's sheet for one entry in one part; total is an int over `part_denominator(part)`."""

    judge: int
    state: str
    total: int | None = None
    marks: tuple[tuple[str, int], ...] | None = None
    chief: bool = False


class EntryFact(NamedTuple):
    entry: int
    number: str
    status: str = "competing"
    organization: str = ""
    sheets: dict[str, tuple[SheetFact, ...]] = {}
    penalties: tuple[tuple[int, str], ...] = ()
    figures: dict[str, int] = {}


class Decision(NamedTuple):
    """A recorded decision (extra round, vote of the panel, lot drawn): entries in the decided order."""

    entries: tuple[int, ...]
    reason: str
    recorded_at: str = ""


class Facts(NamedTuple):
    entries: tuple[EntryFact, ...]
    judges: dict[int, str] = {}
    decisions: tuple[Decision, ...] = ()
