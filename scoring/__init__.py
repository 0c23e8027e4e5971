"""The engine: a scheme and facts give an outcome. Pure and exact; only the standard library is used.

Units, all ints: marks in 1/10000 point, weights in 1/10000 percent, award ratios in 1/10000, money in fen.
"""

from importlib import import_module
from types import ModuleType

from .awards.allot import AWARD_RULES, Allotment, Award, Passed, TierCount, allot, budget_problem
from .awards.apportion import APPORTION, apportion
from .awards.promotion import PROMOTION_BY, PROMOTION_WAYS, Advance, DivisionCount, Promoted, promote
from .awards.quotas import RATIO_BASES, planned_counts
from .awards.team_rules import TEAM_BY, TEAM_RULES, TEAM_TIES
from .awards.teams import Member, TeamStanding, TeamTable, team_standings
from .awards.titles import awarded, titles
from .catalogue import (BELOW_MINIMUM, BETTER, CHIEF_ROLES, CUT_TIES, DEVIATIONS, LEVELS, MISSING, PART_KINDS, RANK_KEYS,
                        RANKINGS, ROUNDINGS, SCALES, SHEET_STATES, SIDES, STATUSES, WITHIN, Rule, choices)
from .checks.scheme import check_scheme, notices
from .document import canonical, digest, from_json, to_json
from .facts import Decision, EntryFact, Facts, PenaltyFact, SheetFact
from .money import PRIZE_TAX, format_yuan, parse_yuan, split, tax
from .numbers import UNIT, WHOLE, Rounding, format_percent, format_points, format_ratio, formatter, parse_percent, parse_points
from .parts.alarms import Alarm, TeamConflict, alarms, team_conflicts
from .parts.marks import check_mark, check_marks, part_denominator, part_factors, sheet_total
from .parts.measures import FULL_MARK, MARK_KINDS
from .parts.panels import PANEL_RULES, fewest_judges
from .parts.reader import JudgeResult
from .problems import Problem
from .ranking.chain import TIE_RULES, tie_criteria
from .ranking.outcome import Outcome, compute, marks_at_once, needs_marks, number_order
from .ranking.standing import PartResult, Standing, StepResult
from .rules import Promotion, Standard, Step, Team, TeamTie, Tier, TieRule
from .scheme import Criterion, Panel, Part, Scheme
from .steps.catalogue import STEP_RULES

CATALOGUES = {
    "rounding": ROUNDINGS, "panel": PANEL_RULES, "mark_kind": MARK_KINDS, "level": LEVELS, "below_minimum": BELOW_MINIMUM,
    "chief": CHIEF_ROLES, "rank_by": RANK_KEYS, "tie": TIE_RULES, "step": STEP_RULES, "cut_tie": CUT_TIES, "part_kind": PART_KINDS,
    "status": STATUSES, "sheet_state": SHEET_STATES, "better": BETTER, "ranking": RANKINGS, "missing": MISSING, "within": WITHIN,
    "scale": SCALES, "side": SIDES, "deviation": DEVIATIONS, "award_rule": AWARD_RULES, "ratio_base": RATIO_BASES,
    "team": TEAM_RULES, "team_by": TEAM_BY, "team_tie": TEAM_TIES, "promotion_by": PROMOTION_BY,
    "promotion_way": PROMOTION_WAYS, "apportion": APPORTION,
}

# What only some callers need is loaded when it is asked for: a tally should begin at once.
_LATER = {
    "draws.codes": ("CODE_RULE", "CodeStep", "Coding", "Layer", "LayerPlan", "make_layers", "resolve", "verify_layers"),
    "draws.groups": ("GROUP_RULE", "SEAT_RULE", "GroupDraw", "GroupStep", "SeatDraw", "draw_groups", "draw_seats",
                     "verify_groups", "verify_seats"),
    "draws.order": ("ORDER_RULE", "Draw", "DrawStep", "draw_key", "draw_order", "verify"),
    "explanation.entry": ("ExplainStep", "Explanation", "Figure", "explain"),
    "explanation.marks": ("mark_sentence",),
    "judges.agreement": ("Agreement", "Correlation", "agreement", "icc_one_way", "icc_two_way", "kendall_w"),
    "judges.intervals": ("Interval",),
    "judges.severity": ("Finding", "JudgeProfile", "judge_profiles", "panel_drift"),
    "judges.statistics": ("Distribution", "JudgeShift", "Spread", "distribution", "judge_shifts", "spreads"),
    "judges.without": ("AwardChange", "PlaceChange", "Without", "without_judge", "without_judges"),
}
_HOME = {name: module for module, names in _LATER.items() for name in names}


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f".{_HOME[name]}", __name__), name)
    return found


__all__ = sorted({name for name, value in globals().copy().items() if name[0] != "_" and not isinstance(value, ModuleType)}
                 - {"import_module"} | set(_HOME))
