"""编码与封存: a keeper draws a layer from a seed; the table is encrypted, its digest goes into the trail at that very moment."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from compete.audit import service as audit
from compete.blind.service import begun, coding
from compete.models import AuditRecord, CodeLayer, CodeTable, Entry, EntryCode, Event, db
from scoring.draws import codes
from scoring.problems import Problem

SOURCES = {"system": "系统随机种子", "hall": "现场报出的种子，加系统随机数"}


def system_seed() -> str:
    return secrets.token_hex(16)


def digest_of(layer: CodeLayer, seed: str, content: dict) -> str:
    return audit.digest({"layer": layer.id, "name": layer.name, "seed": seed, "pairs": content["pairs"], "entries": content.get("entries", {})})


def seal(
    layer: CodeLayer, *, spoken: str = "", token: str | None = None, reason: str = "", actor: audit.Actor, now: datetime
) -> CodeTable | Problem:
    """Draws the layer, seals its table, and hands the outermost codes to the judges' pages.

    `spoken`: a seed called out in the hall. It alone would let everybody in the hall work out the table, so a random
    token joins it; what was spoken shows that nobody chose the outcome, the token keeps it secret until the opening.
    """
    event = layer.plan.event
    # Two draws at once wait for each other: only one table can be in force.
    db.session.execute(sa.select(CodeLayer.id).where(CodeLayer.id == layer.id).with_for_update())
    found = coding(event)
    here = next(state for state in found.layers if state.layer.id == layer.id)
    problem = _hindrance(found, here, reason, actor)
    if problem:
        return problem
    token = token or system_seed()
    seed = f"{spoken}:{token}" if spoken else token
    items, entries = _items(found, layer)
    made = codes.make_layers(items, [codes.LayerPlan(layer.name, seed, layer.prefix, layer.digits, tuple(layer.labels))])
    if not made.layers:
        return made.problems[0]
    content = {"pairs": [[step.before, step.code] for step in made.layers[0].steps]} | ({"entries": entries} if entries else {})
    if here.table is not None:
        here.table.superseded_at = now
        db.session.flush()
    row = CodeTable(
        layer_id=layer.id, seed=seed, source="hall" if spoken else "system", content=content, digest=digest_of(layer, seed, content),
        size=len(items), sealed_by=actor.key, sealed_name=actor.name, sealed_at=now, reason=reason.strip(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    if layer.position == len(found.layers):
        _publish(event, found, row)
    audit.record(
        contest_id=event.contest_id, actor=actor, now=now, action="codes.seal" if here.table is None else "codes.again",
        subject="code_table", subject_id=row.id, before=None if here.table is None else {"digest": here.table.digest},
        after={"layer": layer.name, "count": row.size, "method": SOURCES[row.source], "digest": row.digest}, reason=reason.strip(),
    )  # fmt: skip
    return row


def _hindrance(found, here, reason: str, actor: audit.Actor) -> Problem | None:
    layer, place = here.layer, found.layers.index(here)
    if layer.keeper_id is None or actor.key != f"user:{layer.keeper_id}":
        return Problem("codes.not_keeper", layer.name, "只有这一层的保管人能编码", "请由保管人用自己的账户操作")
    if begun(found.event.id):
        return Problem("codes.begun", layer.name, "已有评分表，代号不能再变", "如有差错，请由监督记录在案，启封后处理")
    if place and found.layers[place - 1].table is None:
        return Problem("codes.order", layer.name, f"上一层“{found.layers[place - 1].layer.name}”还没有编好", "请等上一层的保管人编好并封存")
    if place + 1 < len(found.layers) and found.layers[place + 1].table is not None:
        return Problem("codes.order", layer.name, f"下一层“{found.layers[place + 1].layer.name}”已按本层编好", "本层不能再编")
    if here.table is not None and not reason.strip():
        return Problem("codes.reason", layer.name, "已经编好并封存", "重新编码请写明理由，原来的表留存备查")
    if here.is_open:
        return Problem("codes.opened", layer.name, "已经启封", "启封后不再编码")
    if found.entries < 2:
        return Problem("codes.few", layer.name, f"只有 {found.entries} 个审核通过的参赛对象", "请先完成审核")
    return None


def _items(found, layer: CodeLayer) -> tuple[list[str], dict[str, int]]:
    """(what is coded, {number: entry} in the first layer). Numbers are padded so that they sort as printed."""
    if layer.position > 1:
        return [code for _, code in found.layers[layer.position - 2].table.content["pairs"]], {}
    rows = db.session.execute(
        sa.select(Entry.number, Entry.id).where(Entry.event_id == found.event.id, Entry.state == "approved").order_by(Entry.number)
    ).all()
    width = max(2, *(len(str(number)) for number, _ in rows))
    entries = {f"{number:0{width}d}": entry for number, entry in rows}
    return list(entries), entries


def _publish(event: Event, found, outermost: CodeTable) -> None:
    """The outermost codes become what judges see."""
    tables = [state.table for state in found.layers[:-1]] + [outermost]
    way = chain(tables)
    of_event = sa.select(Entry.id).where(Entry.event_id == event.id).scalar_subquery()
    db.session.execute(sa.delete(EntryCode).where(EntryCode.entry_id.in_(of_event)).execution_options(synchronize_session=False))
    db.session.execute(sa.insert(EntryCode), [{"entry_id": entry, "layer": len(tables), "code": path[-1]} for entry, path in way.items()])


def chain(tables: list[CodeTable]) -> dict[int, list[str]]:
    """{entry: [number, code of layer 1, code of layer 2, …]} through these tables, from the first."""
    steps = [dict(map(tuple, table.content["pairs"])) for table in tables]
    found = {}
    for number, entry in tables[0].content["entries"].items():
        path = [number]
        for step in steps:
            path.append(step[path[-1]])
        found[entry] = path
    return found


def untrue(layer: CodeLayer, table: CodeTable) -> Problem | None:
    """Whether a table is not the one that was sealed: against its digest, against the trail's, and drawn again from its seed."""
    where = f"“{layer.name}”的封存表"
    mend = "数据库被改动过：请立即报告监督，从备份核对，不要启封"
    try:
        seed, content = table.seed, table.content
        digest = digest_of(layer, seed, content)
    except Exception:  # noqa: BLE001  a sealed text that cannot be opened, or is no longer what was sealed
        return Problem("codes.tampered", where, "解不开，内容已损坏", mend)
    if digest != table.digest or digest != _sealed_digest(table.id):
        return Problem("codes.tampered", where, "与封存时留痕里的指纹不符", mend)
    plan = codes.LayerPlan(layer.name, seed, layer.prefix, layer.digits, tuple(layer.labels))
    pairs = dict(map(tuple, content["pairs"]))
    if not codes.verify_layers(pairs, [plan], [pairs]):
        return Problem("codes.tampered", where, "与种子重算的结果不符", mend)
    return None


def _sealed_digest(table_id: int) -> str | None:
    after = db.session.scalar(
        sa.select(AuditRecord.after)
        .where(AuditRecord.subject == "code_table", AuditRecord.subject_id == table_id, AuditRecord.action.in_(("codes.seal", "codes.again")))
        .order_by(AuditRecord.number).limit(1)
    )
    return (after or {}).get("digest")


def swapped(event_id: int, tables: list[CodeTable]) -> Problem | None:
    """Whether the codes that judges saw are not those of the sealed tables."""
    shown = dict(
        db.session.execute(sa.select(EntryCode.entry_id, EntryCode.code).join(Entry).where(Entry.event_id == event_id, EntryCode.layer == len(tables))).all()
    )
    if shown != {entry: path[-1] for entry, path in chain(tables).items()}:
        return Problem("codes.swapped", "评分用的代号", "与封存的表不一致", "数据库被改动过：请立即报告监督，从备份核对，不要启封")
    return None
