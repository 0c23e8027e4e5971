"""Whether more or less of a figure is better, where no rule says so itself: it follows from what the figure is used for."""

from ..parts.panels import PANEL_RULES, PLACED
from ..steps.catalogue import STEP_RULES
from ..steps.references import kind_of

# What comes out of these rules is good when large, whatever went in.
GAINS = ("points_by_place", "borda", "of_best", "of_rank", "power", "table", "count", "taken")
TURNING = {"high": "low", "low": "high"}


def minds(step) -> bool:
    """Whether the step itself says which of its inputs are better; one that need not say it may."""
    return "better" in STEP_RULES[step.rule].optional or step.better == "low"


def _turns(step, at):
    """Whether more of the input number `at` makes less of the step's figure."""
    if step.rule in ("difference", "quotient"):
        return at == 1
    if step.rule == "map":
        return (step.high - step.low) * (step.to_high - step.to_low) < 0
    return step.rule == "linear" and step.factor.strip().startswith("-")


def better_of(scheme, reference: str) -> str:
    """high or low: a step by its rule or what goes into it, a part by its panel, anything else by the steps that take it."""
    kind = kind_of(scheme, reference)
    if kind == "step":
        return scheme.better if reference == scheme.total else output_of(scheme, scheme.step(reference))
    if kind != "figure":
        panel = scheme.part(reference.partition("/")[0]).panel
        if panel.rule in PLACED:
            return PANEL_RULES[panel.rule].better
        if panel.better == "low":
            return "low"
    return used_as(scheme, reference)


def marks_better(scheme, code: str) -> str:
    """Which marks of a part are good, whatever its panel makes of them: a sum of places is small where marks are large."""
    panel = scheme.part(code).panel
    return panel.better if panel.better == "low" or panel.rule in PLACED else used_as(scheme, code)


def output_of(scheme, step) -> str:
    """Which way the step's own figure is good, from its rule and its inputs alone."""
    if step.rule in ("rank", "skating"):
        return "low"
    if step.rule in GAINS:
        return "high"
    if minds(step):
        return step.better
    found = better_of(scheme, step.of[0])
    return TURNING[found] if _turns(step, 0) else found


def known_output(scheme, reference: str) -> str | None:
    """Which way a figure is good if its own rule leaves no doubt, whatever it is used for."""
    step = scheme.step(reference)
    if step is None:
        part = scheme.part(reference)
        sure = part and (part.panel.rule in PLACED or part.panel.better == "low") and part.kind == "judged"
        return better_of(scheme, reference) if sure else None
    if step.rule in ("rank", "skating", *GAINS) or minds(step):
        return output_of(scheme, step)
    found = known_output(scheme, step.of[0])
    return TURNING[found] if found and _turns(step, 0) else found


def used_as(scheme, reference: str) -> str:
    """Which way a figure is good that is only taken by others: by the total that it leads to."""
    if reference == scheme.total or (not scheme.total and kind_of(scheme, reference) != "figure"):
        return scheme.better
    for step in scheme.steps:
        if reference not in step.of:
            continue
        if minds(step):
            return step.better
        found = used_as(scheme, step.code)
        return TURNING[found] if _turns(step, step.of.index(reference)) else found
    return "high"


def inputs_of(scheme, step) -> str:
    """Which way the step's inputs are good."""
    return step.better if minds(step) else better_of(scheme, step.of[0])
