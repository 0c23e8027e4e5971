"""A second, naive way from a file to every entry's exact total, read off the meaning of the rules: Fractions and nothing else.

It knows the rules that `random_files` draws with field=False, and shares no code with the engine.
"""

from fractions import Fraction
from math import floor


class Incomplete(Exception):
    pass


def rounded(value, rounding):
    if value is None or rounding is None:
        return value
    scaled, mode = value * 10 ** rounding["places"], rounding.get("mode", "half_up")
    if mode == "floor":
        whole = floor(scaled)
    elif mode == "half_even":
        whole = round(scaled)
    else:
        whole = floor(abs(scaled) + Fraction(1, 2)) * (1 if scaled >= 0 else -1)
    return Fraction(whole, 10 ** rounding["places"])


# --- panels ---------------------------------------------------------------------------------------------------------------

def mean(values):
    return sum(values) / len(values)


def middle(values):
    ordered = sorted(values)
    return mean(ordered[(len(ordered) - 1) // 2:len(ordered) // 2 + 1])


def panel_value(panel, values, seats):
    """The judges' values by the panel's rule; a sum is brought up in proportion to all seats of the panel, excused or not, and the
    highest and the lowest are what they are with any number of judges."""
    rule, least = panel["rule"], panel["minimum_judges"]
    dropped = panel["drop_high"] + panel["drop_low"] if rule in ("trimmed_mean", "trimmed_sum") else 0
    least = max(least, dropped + 1)
    if not values or len(values) < least and panel["below_minimum"] == "refuse":
        raise Incomplete
    if rule in ("sum", "trimmed_sum"):
        there = sorted(values)[panel["drop_low"]:len(values) - panel["drop_high"]] if 0 < dropped < len(values) else values
        return mean(there) * max(seats - dropped, 1)
    if len(values) < least and rule not in ("highest", "lowest"):
        return mean(values)
    ordered, center = sorted(values), mean(values)
    kept = ordered[panel["drop_low"]:len(ordered) - panel["drop_high"]]
    clamp = panel.get("clamp")
    if rule == "clamped_mean":
        return mean([min(max(value, center - clamp), center + clamp) for value in values])
    if rule == "outlier_mean":
        return mean([value for value in values if abs(value - center) <= clamp] or values)
    return {"mean": lambda: center, "median": lambda: middle(values), "highest": lambda: ordered[-1],
            "lowest": lambda: ordered[0], "trimmed_mean": lambda: mean(kept)}[rule]()


def share(part, leaf, mark):
    """What a mark is worth in the part, in points."""
    if part.get("scale") == "raw":
        return Fraction(mark)
    return Fraction(mark) * Fraction(leaf.get("weight", 100)) / leaf["maximum"]


def part_value(part, entry):
    """The part's points; None when the part was not taken."""
    code = part["code"]
    given = entry["figures"].get(code) if part.get("kind") == "figure" else entry["marks"].get(code)
    if given is None:
        if part["required"]:
            raise Incomplete
        return None
    if part.get("kind") == "figure":
        return rounded(Fraction(given), part["rounding"])
    leaves = part["criteria"]
    sheets = [sheet if isinstance(sheet, dict) else {"x": sheet} for sheet in given.values() if sheet not in ("recused", "absent")]
    if any(sheet["x"] is None for sheet in sheets):
        raise Incomplete
    panel = part["panel"]
    if panel.get("level") == "criterion":
        # each criterion is one figure of its own, rounded as marks are written
        found = [panel_value(panel, [Fraction(sheet[leaf["code"]]) for sheet in sheets], len(given)) for leaf in leaves]
        value = sum(share(part, leaf, rounded(mark, panel["rounding"])) for leaf, mark in zip(leaves, found))
    else:
        totals = [sum(share(part, leaf, sheet[leaf["code"]]) for leaf in leaves) for sheet in sheets]
        value = rounded(panel_value(panel, [rounded(total, panel.get("judge_rounding")) for total in totals], len(given)), panel["rounding"])
    value *= Fraction(str(part.get("multiple", 1))) * Fraction(entry["figures"][part["factor"]] if "factor" in part else 1)
    return rounded(value, part["rounding"])


# --- steps ----------------------------------------------------------------------------------------------------------------

def step_value(step, values):
    there, rule = [value for value in values if value is not None], step["rule"]
    if rule == "count":
        return Fraction(len(there))
    if rule == "taken":
        return Fraction(len(there) == len(values))
    if len(there) < step.get("fewest", 1):
        return None
    best = sorted(there, reverse=True)
    if rule in ("best", "best_mean"):
        kept = best[:step["keep"]]
        return sum(kept) if rule == "best" else mean(kept)
    if rule == "worst_discarded":
        kept = best[:len(values) - 1]
        return sum(kept) if kept else None
    if rule in ("highest", "lowest", "first"):
        return {"highest": best[0], "lowest": best[-1], "first": there[0]}[rule]
    if len(there) < len(values):
        return None
    if rule == "quotient":
        return values[0] / values[1] if values[1] else None
    if rule == "table":
        return Fraction(next((given for threshold, given in reversed(step["table"]) if threshold <= values[0]), 0))
    product, weights = Fraction(1), [Fraction(weight, 100) for weight in step.get("weights", [100] * len(values))]
    for value in values:
        product *= value
    weighted = sum(value * weight for value, weight in zip(values, weights))
    return {"sum": lambda: weighted, "mean": lambda: weighted / sum(weights), "median": lambda: middle(values), "product": lambda: product,
            "difference": lambda: values[0] - values[1], "cap": lambda: min(max(values[0], Fraction(step["low"])), Fraction(step["high"])),
            "linear": lambda: Fraction(str(step["factor"])) * values[0] + Fraction(str(step["offset"]))}[rule]()


def exact_total(scheme, entry):
    """The exact total after penalties, None without one; raises Incomplete."""
    figures = {part["code"]: part_value(part, entry) for part in scheme["parts"]}
    for step in scheme["steps"]:
        figures[step["code"]] = rounded(step_value(step, [figures[code] for code in step["of"]]), step["rounding"])
    if scheme.get("total"):
        total = figures[scheme["total"]]
    else:
        worths = [figures[part["code"]] for part in scheme["parts"]]
        total = None if None in worths else sum(worth * part["weight"] / 100 for worth, part in zip(worths, scheme["parts"]))
    if total is None:
        return None
    taken = sum(penalty["points"] for penalty in entry.get("penalties", ()))
    if scheme["better"] == "low":
        return total + taken
    return total - taken if scheme["floor"] is None else max(total - taken, min(total, Fraction(0)))
