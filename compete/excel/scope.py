"""Where a rule has a formula. Where it has none the engine's figure is stored, and the sheet says so: never a wrong formula."""

import scoring

PANELS = ("mean", "trimmed_mean", "median", "sum", "trimmed_sum", "highest", "lowest")
PER_CRITERION = ("mean", "trimmed_mean", "median")
# Fields of a panel that change its figure and have no formula.
BEYOND = ("clamp", "standard", "judge_rounding", "review")


def of_sheet(part: scoring.Part) -> bool:
    """A judge's total from the marks: whatever is a sum of mark × share."""
    return part.plain


def of_part(part: scoring.Part, facts: scoring.Facts | None = None) -> bool:
    """The part's score from the judges' totals, or from the imported figure."""
    if part.factor or part.multiple != "1":
        return False
    if part.kind != "judged":
        return True
    panel = part.panel
    if any(getattr(panel, name) is not None for name in BEYOND) or any(leaf.team for leaf in part.leaves):
        return False
    if facts and any(part.code in fact.replacements for fact in facts.entries):
        return False
    return panel.rule in (PER_CRITERION if panel.level == "criterion" else PANELS) and (panel.level == "total" or part.plain)


def of_total(scheme: scoring.Scheme) -> bool:
    """The total as the weighted sum of the parts, less penalties down to the floor."""
    negative = any(leaf.minimum < 0 for part in scheme.parts for leaf in part.leaves)
    return not scheme.total and not negative and all(part.required for part in scheme.parts)


def of_place(scheme: scoring.Scheme) -> bool:
    """The place as the rank of the total, with the order inside ties added."""
    return scheme.ranking == "standard" and scheme.tolerance is None and not scheme.key and not scheme.class_by


def stored(scheme: scoring.Scheme, facts: scoring.Facts) -> list[str]:
    """What stands as a figure instead of a formula, by the headings of the table."""
    found = [f"“{part.name}”的得分" for part in scheme.parts if not of_part(part, facts)]
    found += [f"“{part.name}”的评委合计" for part in scheme.parts if part.kind == "judged" and not of_sheet(part)]
    found += [f"“{step.name}”" for step in scheme.steps]
    return found + (["总分"] if not of_total(scheme) else []) + (["名次"] if not of_place(scheme) else [])
