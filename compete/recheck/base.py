"""What the pages of rechecking share: the blueprint, the part looked at, its criteria and totals in words."""

from collections.abc import Callable

from flask import Blueprint, g, redirect, url_for
from sqlalchemy.orm import joinedload

import scoring
from compete.models import Part, Stage
from compete.web import mine

blueprint = Blueprint("recheck", __name__, url_prefix="/contests/<int:contest_id>/recheck")


def the_part(part_id: int) -> Part:
    return mine(Part, part_id, joinedload(Part.stage).joinedload(Stage.event))


def here(part_id: int, **more):
    return redirect(url_for("recheck.show", contest_id=g.contest.id, part_id=part_id, **more))


def names(rubric) -> dict[str, str]:
    """{criterion: its name}; `rubric` None: nothing was drawn."""
    return {code: leaf.name for code, leaf in rubric.leaves.items()} if rubric else {}


def totals(rubric) -> Callable[[int | None], str]:
    """A sheet's total in words: "—" where it has none of its own, because a mark that is the panel's stands on another sheet."""
    text = scoring.formatter(rubric.part.denominator) if rubric else str
    return lambda total: "—" if total is None else text(total)
