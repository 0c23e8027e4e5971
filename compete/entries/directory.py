"""Organizations (单位) and delegations (代表队): found by their normalised name, made when missing."""

import sqlalchemy as sa

from compete.models import Delegation, Organization, db
from compete.texts import clean


def organizations(contest_id: int, names: list[str]) -> dict[str, int]:
    """{key of the name: id} for all `names` in two statements, whatever their number. Empty names are left out."""
    wanted = {clean.key(name): name for name in names if clean.key(name)}
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Organization.key, Organization.id).where(Organization.contest_id == contest_id))
    known = {key: number for key, number in rows if key in wanted}
    fresh = [{"contest_id": contest_id, "name": name, "key": key} for key, name in wanted.items() if key not in known]
    if fresh:
        made = db.session.execute(sa.insert(Organization).returning(Organization.key, Organization.id), fresh)
        known.update({key: number for key, number in made})
    return known


def delegations(contest_id: int, names: list[str]) -> dict[str, int]:
    """{name: id}, like `organizations`."""
    wanted = {name for name in names if name}
    if not wanted:
        return {}
    rows = db.session.execute(sa.select(Delegation.name, Delegation.id).where(Delegation.contest_id == contest_id))
    known = {name: number for name, number in rows if name in wanted}
    fresh = [{"contest_id": contest_id, "name": name} for name in sorted(wanted - known.keys())]
    if fresh:
        made = db.session.execute(sa.insert(Delegation).returning(Delegation.name, Delegation.id), fresh)
        known.update({name: number for name, number in made})
    return known


def names(contest_id: int) -> tuple[list[str], list[str]]:
    """Names of organizations and delegations to offer while typing."""
    units = sa.select(Organization.name).where(Organization.contest_id == contest_id).order_by(Organization.name).limit(500)
    groups = sa.select(Delegation.name).where(Delegation.contest_id == contest_id).order_by(Delegation.name).limit(200)
    return list(db.session.scalars(units)), list(db.session.scalars(groups))
