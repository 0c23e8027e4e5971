"""The engine: a scheme and facts give an outcome. Pure and exact; only the standard library is used.

Units, all ints: marks in 1/10000 point, weights in 1/10000 percent, award ratios in 1/10000, money in fen.
"""

from types import ModuleType

from .agreement import Agreement, Correlation, agreement, icc_one_way, icc_two_way, kendall_w
from .apportion import APPORTION, apportion
from .alarms import Alarm, TeamConflict, alarms, team_conflicts
from .awards import AWARD_RULES, Allotment, Award, Passed, TierCount, allot, budget_problem
from .catalogue import (BELOW_MINIMUM, BETTER, CHIEF_ROLES, CUT_TIES, DEVIATIONS, LEVELS, MISSING, PART_KINDS, RANK_KEYS,
                        RANKINGS, ROUNDINGS, SCALES, SHEET_STATES, SIDES, STATUSES, WITHIN, Rule, choices)
from .checks import check_scheme, notices
from .codes import CODE_RULE, CodeStep, Coding, Layer, LayerPlan, make_layers, resolve, verify_layers
from .document import canonical, digest, from_json, to_json
from .draw import ORDER_RULE, Draw, DrawStep, draw_key, draw_order, verify
from .draw_groups import (GROUP_RULE, SEAT_RULE, GroupDraw, GroupStep, SeatDraw, draw_groups, draw_seats, verify_groups,
                          verify_seats)
from .explain import ExplainStep, Explanation, Figure, explain
from .explain_marks import mark_sentence
from .facts import Decision, EntryFact, Facts, SheetFact
from .intervals import Interval
from .marks import check_mark, check_marks, part_denominator, part_factors, sheet_total
from .measures import FULL_MARK, MARK_KINDS
from .money import PRIZE_TAX, format_yuan, parse_yuan, split, tax
from .numbers import (UNIT, WHOLE, Rounding, format_percent, format_points, format_ratio, formatter, parse_percent,
                      parse_points)
from .outcome import Outcome, compute, marks_at_once, needs_marks, number_order
from .panels import PANEL_RULES, fewest_judges
from .parts import JudgeResult
from .problems import Problem
from .promotion import PROMOTION_BY, PROMOTION_WAYS, Advance, DivisionCount, Promoted, promote
from .quotas import RATIO_BASES, planned_counts
from .rules import Promotion, Standard, Step, Team, TeamTie, Tier, TieRule
from .scheme import Criterion, Panel, Part, Scheme
from .severity import Finding, JudgeProfile, judge_profiles, panel_drift
from .standing import PartResult, Standing, StepResult
from .statistics import Distribution, JudgeShift, Spread, distribution, judge_shifts, spreads
from .steps import STEP_RULES
from .team_rules import TEAM_BY, TEAM_RULES, TEAM_TIES
from .teams import Member, TeamStanding, TeamTable, team_standings
from .ties import TIE_RULES, tie_criteria
from .titles import awarded, titles
from .without import AwardChange, PlaceChange, Without, without_judge, without_judges

CATALOGUES = {
    "rounding": ROUNDINGS, "panel": PANEL_RULES, "mark_kind": MARK_KINDS, "level": LEVELS,
    "below_minimum": BELOW_MINIMUM, "chief": CHIEF_ROLES,
    "rank_by": RANK_KEYS, "tie": TIE_RULES, "step": STEP_RULES, "cut_tie": CUT_TIES, "part_kind": PART_KINDS, "status": STATUSES,
    "sheet_state": SHEET_STATES, "better": BETTER, "ranking": RANKINGS, "missing": MISSING, "within": WITHIN, "scale": SCALES, "side": SIDES,
    "deviation": DEVIATIONS,
    "award_rule": AWARD_RULES, "ratio_base": RATIO_BASES, "team": TEAM_RULES, "team_by": TEAM_BY, "team_tie": TEAM_TIES,
    "promotion_by": PROMOTION_BY, "promotion_way": PROMOTION_WAYS, "apportion": APPORTION,
}

__all__ = sorted(name for name, value in globals().copy().items() if name[0] != "_" and not isinstance(value, ModuleType))
