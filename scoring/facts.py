"""What happened: light values, since thousands of them are made for one page."""

from typing import NamedTuple


class SheetFact(NamedTuple):
    """One judge's sheet for one entry in one part; total is an int over `part_denominator(part)`."""

    judge: int
    state: str
    total: int | None = None
    marks: tuple[tuple[str, int], ...] | None = None
    chief: bool = False


class PenaltyFact(NamedTuple):
    """Units off the total, negative for a bonus; `part`: the code of the part it was given in, "" where none is named."""

    units: int
    reason: str = ""
    part: str = ""


class EntryFact(NamedTuple):
    """persons: whoever is counted where a rule limits awards per person; seeded: promoted without competing.

    replacements: {part: {judge: units}}, what a judge gave after a re-review (复议), in points of the panel's values (standard
    scores where it uses them); "part/criterion" where the panel works per criterion. The original stays in the sheet.
    """

    entry: int
    number: str
    status: str = "competing"
    organization: str = ""
    sheets: dict[str, tuple[SheetFact, ...]] = {}
    penalties: tuple[PenaltyFact, ...] = ()
    figures: dict[str, int] = {}
    delegation: str = ""
    division: str = ""
    persons: tuple[str, ...] = ()
    seeded: bool = False
    replacements: dict[str, dict[int, int]] = {}


class Decision(NamedTuple):
    """A recorded decision (extra round, vote of the panel, lot drawn): entries in the decided order."""

    entries: tuple[int, ...]
    reason: str
    recorded_at: str = ""


class Facts(NamedTuple):
    entries: tuple[EntryFact, ...]
    judges: dict[int, str] = {}
    decisions: tuple[Decision, ...] = ()
