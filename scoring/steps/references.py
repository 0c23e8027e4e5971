"""References to figures by their codes, and the order in which steps can be worked out."""


def leaf_or_node(scheme, argument):
    """(part, criterion) of "part/criterion", or of a bare criterion code that only one part has."""
    code, slash, name = argument.partition("/")
    if slash:
        part = scheme.part(code)
        found = part and part.criterion(name)
        return (part, found) if found else None
    pairs = [(part, part.criterion(argument)) for part in scheme.parts if part.criterion(argument)]
    return pairs[0] if len(pairs) == 1 else None


def kind_of(scheme, reference: str) -> str:
    """step, part, criterion, or figure: any other code is that of an imported figure. Steps come first, then parts."""
    if scheme.step(reference):
        return "step"
    if scheme.part(reference):
        return "part"
    return "criterion" if "/" in reference else "figure"


def name_of(scheme, reference: str) -> str:
    """What people call the figure."""
    kind = kind_of(scheme, reference)
    if kind == "criterion":
        found = leaf_or_node(scheme, reference)
        return found[1].name if found else reference
    own = {"step": scheme.step, "part": scheme.part}.get(kind)
    return own(reference).name if own else dict(scheme.labels).get(reference, reference)


# Tie rules whose argument is a part or a criterion, compared by what the judges gave.
OF_SHEETS = ("part", "criterion", "criterion_mean", "untrimmed_mean", "chief_mark", "highest_judge", "lowest_judge")


def needed_by(step) -> tuple[str, ...]:
    """Every figure that has to be worked out before the step."""
    return step.of + tuple(tie.argument for tie in step.ties if tie.argument and tie.code not in OF_SHEETS)


def in_order(steps) -> tuple[list, list]:
    """(steps in the order of their dependencies, those that wait for each other in a circle)."""
    codes, done, found, waiting = {step.code for step in steps}, set(), [], list(steps)
    while waiting:
        ready = [step for step in waiting if all(code in done or code not in codes for code in needed_by(step))]
        if not ready:
            return found, waiting
        found += ready
        done.update(step.code for step in ready)
        waiting = [step for step in waiting if step not in ready]
    return found, []


def references(scheme) -> tuple[str, ...]:
    """Every figure that the scheme's steps, total, key and class, its awards and its team lists name, once each."""
    return tuple(dict.fromkeys(code for where, code in naming(scheme)))


def naming(scheme) -> list[tuple[str, str]]:
    """(what names the figure, as people call it; the figure's code)."""
    found = [(f"计算项“{step.name}”", code) for step in scheme.steps for code in needed_by(step)]
    found += [(label, code) for label, code in (("总分", scheme.total), ("排名用数", scheme.key), ("先分档", scheme.class_by)) if code]
    found += [(f"奖项“{tier.name}”", code) for tier in scheme.tiers for code in figures_of(tier)]
    found += [(f"称号“{title.name}”", code) for title in scheme.titles for code in figures_of(title)]
    return found + [(f"团体“{team.name}”", code) for team in scheme.teams for code in team.of]


def figures_of(tier) -> tuple[str, ...]:
    """What an award rests on besides the total."""
    return ((tier.figure,) if tier.figure else ()) + tuple(code for code, line in tier.minimums)


def criterion_values(reader, criterion, entry):
    """(each counting judge's value for the criterion, its denominator): a leaf's points, or a node's share of the sheet.

    The values are None where a sheet lacks the mark.
    """
    values = reader.of(criterion)
    return values.worths(entry), values.over


def criterion_score(reader, criterion, entry):
    """The criterion by the panel's own rule, as (numerator, denominator), or None."""
    values = reader.of(criterion)
    found = values.read(entry)
    return found and (found[0], found[1] * values.base)
