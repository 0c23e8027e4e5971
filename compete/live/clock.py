"""The clock of the stage, as pure figures: how long a phase ran, what is left, when to warn, what overtime costs.

Times are whole milliseconds, instants milliseconds since 1970 (UTC); points in 1/10000. A page computes the same from
`{"phase", "allotted_ms", "ran_ms", "started_at"}` and the server's own time, so every display shows one clock.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from scoring import format_points

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
WARNINGS = (60, 30)  # seconds before the end, where the contest says nothing else
STEP_MS = 30_000  # by how much the host lengthens or shortens at one touch
LONGEST_MS = 24 * 3600 * 1000
FORGOTTEN = 5 * 60  # seconds: nobody speaks on for so long after the bell, the clock was forgotten


def epoch_ms(moment: datetime) -> int:
    return (moment - EPOCH) // MILLISECOND


def moment_of(ms: int) -> datetime:
    return EPOCH + ms * MILLISECOND


class Clock(NamedTuple):
    """`started_at` None: it stands. `allotted_ms` 0: without limit, it only counts up."""

    phase: str
    allotted_ms: int
    ran_ms: int
    started_at: int | None

    def ran(self, now: int) -> int:
        """How long it has been running. A server whose clock was set back never makes time run backwards."""
        return self.ran_ms + (max(0, now - self.started_at) if self.started_at is not None else 0)

    def remaining(self, now: int) -> int:
        """Below zero: overtime."""
        return self.allotted_ms - self.ran(now)

    def over(self, now: int) -> int:
        return max(0, -self.remaining(now)) if self.allotted_ms else 0

    def start(self, now: int) -> "Clock":
        return self if self.started_at is not None else self._replace(started_at=now)

    def pause(self, now: int) -> "Clock":
        return self._replace(ran_ms=self.ran(now), started_at=None)

    def adjust(self, delta_ms: int) -> "Clock":
        """Longer or shorter, at least one step, at most a day."""
        return self._replace(allotted_ms=min(max(self.allotted_ms + delta_ms, STEP_MS), LONGEST_MS))

    def document(self) -> dict:
        return {"phase": self.phase, "allotted_ms": self.allotted_ms, "ran_ms": self.ran_ms, "started_at": self.started_at}


def phases(speech_minutes: int | None, question_minutes: int | None) -> tuple[str, ...]:
    """The phases of a turn: those with minutes; without any, a speech that only counts up."""
    found = tuple(name for name, minutes in (("speech", speech_minutes), ("questions", question_minutes)) if minutes)
    return found or ("speech",)


def allotted_ms(phase: str, speech_minutes: int | None, question_minutes: int | None) -> int:
    return ({"speech": speech_minutes, "questions": question_minutes}.get(phase) or 0) * 60_000


def warnings(timing: dict | None, allotted: int) -> tuple[int, ...]:
    """Seconds before the end at which the page warns, the earliest first; none that lies before the start."""
    given = (timing or {}).get("warnings", WARNINGS)
    return tuple(sorted({second for second in given if 0 < second * 1000 < allotted}, reverse=True))


class Charge(NamedTuple):
    """What overtime costs: `points` off the total, for `seconds` over, by the rule in words."""

    points: int
    seconds: int
    rule: str

    @property
    def reason(self) -> str:
        return f"陈述超时 {duration(self.seconds)}（{self.rule}）"

    @property
    def forgotten(self) -> bool:
        """Whether it looks as if nobody had stopped the clock: never charged by one touch."""
        return self.seconds >= FORGOTTEN


def charge(over_ms: int, timing: dict | None) -> Charge | None:
    """The charge for so much overtime: nothing within the grace; beyond it `points` for every begun `every` seconds.

    Only whole seconds of overtime count. None: nothing is due, or the contest has no such rule.
    """
    rule = (timing or {}).get("overtime")
    seconds = over_ms // 1000
    if not rule or seconds <= rule["grace"]:
        return None
    points = -(-(seconds - rule["grace"]) // rule["every"]) * rule["points"]
    return Charge(min(points, rule["maximum"]) if rule.get("maximum") else points, seconds, rule_text(timing))


def rule_text(timing: dict | None) -> str:
    """"超时 10 秒以内不扣，之后每 30 秒扣 1 分，最多扣 5 分"; "" without a rule."""
    rule = (timing or {}).get("overtime")
    if not rule:
        return ""
    grace = f"超时 {rule['grace']} 秒以内不扣，之后" if rule["grace"] else "超时"
    most = f"，最多扣 {format_points(rule['maximum'])} 分" if rule.get("maximum") else ""
    return f"{grace}每 {rule['every']} 秒扣 {format_points(rule['points'])} 分，不足按一次计{most}"


def duration(seconds: int) -> str:
    """"1 分 05 秒", "45 秒"."""
    return f"{seconds // 60} 分 {seconds % 60:02d} 秒" if seconds >= 60 else f"{seconds} 秒"


def face(clock: Clock, now: int) -> str:
    """What the dial shows: begun seconds that are left, "7:59"; whole seconds of overtime, "+0:12"; without limit those that ran."""
    if not clock.allotted_ms:
        return _minutes(clock.ran(now) // 1000)
    left = clock.remaining(now)
    return _minutes(-(-left // 1000)) if left >= 0 else f"+{_minutes(-left // 1000)}"


def _minutes(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02d}"
