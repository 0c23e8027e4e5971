"""All tables. Foreign keys cross every slice, so they live together."""

from compete.models.accounts import ROLES, Invitation, Membership, User
from compete.models.audit import AuditRecord, SystemChain
from compete.models.base import db
from compete.models.blind import (
    CONFIRMERS,
    RECHECK_STATES,
    RECHECK_WHYS,
    CodeLayer,
    CodeOpening,
    CodePlan,
    CodeTable,
    Recheck,
    RecheckItem,
    RecheckSignature,
)
from compete.models.contests import (
    ENTRY_KINDS,
    LEVELS,
    PART_KINDS,
    Contest,
    Criterion,
    Event,
    Part,
    SchemeVersion,
    Series,
    Stage,
    Tier,
)
from compete.models.entries import (
    ENTRY_STATES,
    Attachment,
    ColumnMemory,
    Delegation,
    Entry,
    EntryCode,
    Import,
    Member,
    Organization,
)
from compete.models.judging import (
    JUDGE_ROLES,
    SESSION_STATES,
    SHEET_STATES,
    Draw,
    Judge,
    JudgeAbsence,
    Mark,
    Panel,
    Penalty,
    Recusal,
    Ruling,
    Seat,
    Session,
    Sheet,
    Signature,
    Slot,
)
from compete.models.live import PHASES, SCENES, Podium, Screen, Showing, Timing
from compete.models.money import Budget, Payee, Payment
from compete.models.results import Award, Decision, Objection, Release, Title
from compete.models.tablets import KEYING_STATES, LATE_STATES, Keying, LateMark, Presence
from compete.models.votes import POLL_STATES, Ballot, Poll, Ticket, Vote

__all__ = [name for name in dir() if name[0].isupper()] + ["db"]
