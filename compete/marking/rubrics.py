"""The rubric of a part ready for marking: the engine's value, the rows behind its codes, a short digest."""

from typing import NamedTuple

import sqlalchemy as sa
from flask import current_app

import scoring
from compete.audit.service import digest
from compete.contests import schemes
from compete.models import Criterion, Part, db


class Rubric(NamedTuple):
    """`digest` names what a judge was looking at: the tablet sends it with every mark."""

    part: scoring.Part
    rows: dict[str, int]  # code of a leaf -> criterion.id
    codes: dict[int, str]
    leaves: dict[str, scoring.Criterion]
    digest: str


def of_part(part_id: int, version: int) -> Rubric:
    """The rubric of a part whose event stands at this scheme version.

    A frozen scheme changes only together with its version, so a rubric is kept per version;
    version 0 is still being edited and is read anew each time.
    """
    kept = current_app.extensions.setdefault("marking.rubrics", {})
    found = kept.get((part_id, version))
    if found is None:
        found = _load(part_id)
        if version:
            kept[part_id, version] = found
    return found


def _load(part_id: int) -> Rubric:
    part = db.session.get(Part, part_id, populate_existing=True)
    rows = db.session.scalars(
        sa.select(Criterion).where(Criterion.part_id == part_id).order_by(Criterion.position).execution_options(populate_existing=True)
    ).all()
    value = schemes.part_value(part)
    leaves = {leaf.code: leaf for leaf in value.leaves}
    ids = {row.code: row.id for row in rows if row.code in leaves}
    return Rubric(value, ids, {number: code for code, number in ids.items()}, leaves, digest_of(value))


def digest_of(part: scoring.Part) -> str:
    """Covers what decides a mark: names, weights, ranges, steps and kinds of the whole tree."""

    def node(row: scoring.Criterion) -> list:
        kind = [] if row.kind == "points" else [row.kind]
        return [row.code, row.name, row.weight, row.maximum, row.minimum, row.step, *kind, [node(child) for child in row.children]]

    return digest([part.code, [node(row) for row in part.criteria]])[:16]
