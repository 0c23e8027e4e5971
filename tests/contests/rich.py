"""A scheme that uses nearly everything the engine knows."""

from scoring import (
    UNIT,
    WHOLE,
    Criterion,
    Panel,
    Part,
    Promotion,
    Rounding,
    Scheme,
    Standard,
    Step,
    Team,
    Tier,
    TieRule,
)
from scoring.rules import TeamTie

PANEL = Panel("mean", minimum_judges=3, clamp=5 * UNIT, standard=Standard("population", 60 * UNIT, 15 * UNIT, Rounding(6)),
              judge_rounding=Rounding(1, "floor"), review=20 * UNIT, rounding=Rounding(3, "half_even"))  # fmt: skip
PARTS = (
    Part("first", "第一轮", weight=400_000, criteria=(
        Criterion("a", "动作", weight=WHOLE, maximum=10 * UNIT, step=UNIT // 2, anchors=tuple((n * UNIT, f"{n} 分的样子") for n in range(10, 4, -1)), alarm=UNIT),
    ), panel=PANEL, rounding=Rounding(2, "floor"), factor="difficulty", multiple="3"),
    Part("second", "第二轮", weight=600_000, scale="raw", required=False, criteria=(
        Criterion("limited", "有上限的一组", maximum=8 * UNIT, cap=8 * UNIT, children=(
            Criterion("b", "一处", maximum=5 * UNIT, step=UNIT), Criterion("c", "另一处", maximum=5 * UNIT, step=UNIT))),
    ), panel=Panel("trimmed_mean")),
)  # fmt: skip
SCHEME = Scheme(
    PARTS, Rounding(1, "floor"), (TieRule("part", "second", "第二轮高者"), TieRule("decision")),
    (
        Tier("gold", "金奖", fraction="1/12", cumulative=True, base="ranked", prize_fen=100_00),
        Tier("line", "入围奖", minimum_score=60 * UNIT, per_organization=2, requires=("!gold",), limits_above=True),
    ),
    minimum_score=50 * UNIT, floor=None, steps=(Step("best", "最好一轮", "best", ("first", "second"), missing="skip", rounding=Rounding(2)),),
    total="best", ranking="dense", tolerance=UNIT // 2,
    titles=(Tier("expert", "技术能手", count=5, requires=("gold", "line"), per_person=1),),
    teams=(Team("team", "团体总分", "delegation", "best", keep=3, fewest=2, ties=(TeamTie("better_places"), TeamTie("sum", "first")),
                tiers=(Tier("group", "优秀组织奖", count=3),)),),
    promotion=Promotion("决赛", count=24, by="division", quotas=(("东区", 8), ("西区", 6)), least=1, runners_up=2, tie="all_in"),
)  # fmt: skip
