"""The audit trail as supervisors read it: who, when, from which device, what, before, after, why; and its check."""

import sqlalchemy as sa
from flask import Blueprint, g, render_template, request

from compete.access import guard
from compete.audit import labels, service, wording
from compete.models import AuditRecord, Contest, db
from compete.web import page_of

blueprint = Blueprint("audit", __name__, url_prefix="/contests/<int:contest_id>/audit")


@blueprint.get("")
@guard("audit.view")
def index():
    chain = AuditRecord.chain == g.contest.id
    wanted, group = request.args.get("q", "").strip(), request.args.get("group", "")
    query = sa.select(AuditRecord).where(chain).order_by(AuditRecord.number.desc())
    if wanted:
        fields = (AuditRecord.actor_name, AuditRecord.reason, AuditRecord.device)
        said = AuditRecord.action.in_(labels.actions_like(wanted))  # people type the words they see
        query = query.where(sa.or_(said, *(field.contains(wanted, autoescape=True) for field in fields)))
    if group in labels.GROUPS:
        query = query.where(sa.or_(*(AuditRecord.action.startswith(f"{name}.") for name in labels.GROUPS[group][1])))
    head = db.session.execute(sa.select(Contest.audit_count, Contest.audit_head).where(Contest.id == g.contest.id)).one()
    page = page_of(query, size=100)
    return render_template("audit/index.html", page=page, wanted=wanted, group=group, groups=labels.GROUPS, label=labels.label,
                           words=wording.of(page.items), head=head)  # fmt: skip


@blueprint.get("/check")
@guard("audit.view")
def check():
    """Recomputes the whole chain in front of the supervisor."""
    problems = list(service.verify(g.contest.id))
    count, head = db.session.execute(sa.select(Contest.audit_count, Contest.audit_head).where(Contest.id == g.contest.id)).one()
    return render_template("audit/check.html", problems=problems, count=count, head=head)


blueprints = (blueprint,)
