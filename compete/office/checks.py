"""`compete check`: does everything that is kept still agree with itself?"""

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from flask import current_app

from compete.office import upgrade
from compete.audit import service as audit
from compete.blind import sealing
from compete.contests import schemes
from compete.database import is_sqlite
from compete.models import Attachment, CodeLayer, CodeTable, Contest, Criterion, Mark, Part, Poll, Release, SchemeVersion, Sheet, Showing, db
from compete.models.base import Encrypted
from compete.votes import service as votes
from scoring import sheet_total
from scoring.problems import Problem

RESTORE = "请从备份恢复并核对"


class Finding(NamedTuple):
    name: str
    problems: list[Problem]


def run() -> list[Finding]:
    """Every check in turn. Without the tables of today's revision only the first two can run."""
    findings = [Finding("数据库完整", list(integrity())), Finding("数据库版本", list(revision()))]
    if not findings[1].problems:
        findings += [Finding(name, list(check())) for name, check in CHECKS.items()]
    return findings


def integrity() -> Iterator[Problem]:
    """SQLite reads every page and every reference; PostgreSQL, which keeps its references itself, every row."""
    with db.engine.connect() as connection:
        if not is_sqlite():
            for table in sa.inspect(connection).get_table_names():
                connection.execute(sa.text(f'SELECT count(*) FROM "{table}"'))
            return
        for (message,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if message != "ok":
                yield Problem("check.damaged", "数据库文件", message, RESTORE)
        for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield Problem("check.reference", f"{table} 第 {row} 行", f"所指的 {parent} 不存在", RESTORE)


def revision() -> Iterator[Problem]:
    problem = upgrade.obstacle()
    if problem:
        yield problem
    elif upgrade.current() != upgrade.newest():
        message = f"现为 {upgrade.current() or '空'}，应为 {upgrade.newest()}"
        yield Problem("check.revision", "数据库版本", message, "请运行 compete init 升级")


def audit_chains() -> Iterator[Problem]:
    chains = [(audit.SYSTEM_CHAIN, "系统"), *db.session.execute(sa.select(Contest.id, Contest.name).order_by(Contest.id))]
    for chain, name in chains:
        for problem in audit.verify(chain):
            yield problem._replace(where=f"{name} {problem.where}")


def sheet_totals() -> Iterator[Problem]:
    """Recomputes every sheet's total from its marks, part by part."""
    for part in db.session.scalars(sa.select(Part).order_by(Part.id)):
        value = schemes.part_value(part)
        codes = dict(db.session.execute(sa.select(Criterion.id, Criterion.code).where(Criterion.part_id == part.id)).all())
        given: dict[int, dict] = {}
        marks = sa.select(Mark.sheet_id, Mark.criterion_id, Mark.value).join(Sheet).where(Sheet.part_id == part.id)
        for sheet_id, criterion_id, units in db.session.execute(marks):
            given.setdefault(sheet_id, {})[codes.get(criterion_id)] = units
        for sheet_id, total in db.session.execute(sa.select(Sheet.id, Sheet.total).where(Sheet.part_id == part.id)):
            if total != sheet_total(value, given.get(sheet_id, {})):
                yield Problem("check.total", f"{part.name} 第 {sheet_id} 张评分表", "总分与各项打分不符", RESTORE)


def digests() -> Iterator[Problem]:
    """Frozen documents still have the digest that was printed on them."""
    for row in db.session.scalars(sa.select(Release).order_by(Release.id)):
        if audit.digest(row.document) != row.digest:
            yield Problem("check.release", f"第 {row.number} 号发布", "内容与公布时的指纹不符", RESTORE)
    for row in db.session.scalars(sa.select(SchemeVersion).order_by(SchemeVersion.id)):
        if audit.digest(row.document) != row.digest:
            yield Problem("check.scheme", f"评分方案第 {row.version} 版", "内容与冻结时的指纹不符", RESTORE)
    for row in db.session.scalars(sa.select(Showing).order_by(Showing.id)):
        if audit.digest(row.document) != row.digest:
            yield Problem("check.showing", f"第 {row.number} 次亮出", "内容与亮出时的指纹不符", RESTORE)


def keys() -> Iterator[Problem]:
    """The keys in the data folder open what is encrypted in the database: one value of each column is tried."""
    vault = current_app.extensions["vault"]
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            if not isinstance(column.type, Encrypted):
                continue
            raw = sa.type_coerce(column, sa.LargeBinary)
            sealed = db.session.scalar(sa.select(raw).where(column.is_not(None)).limit(1))
            try:
                if sealed is not None:
                    vault.open(bytes(sealed))
            except InvalidTag:
                yield Problem("check.key", f"{table.name}.{column.name}", "密钥打不开已加密的内容", "请把原来的 secrets.json 放回数据文件夹；找不到了，请从备份恢复")


def ballots() -> Iterator[Problem]:
    """The ballots of an ended vote are those whose digest the trail took down at its end."""
    for poll in db.session.scalars(sa.select(Poll).where(Poll.state == "closed").order_by(Poll.id)):
        if votes.sealed(poll.id) not in (None, votes.digest(poll.id)):
            yield Problem("check.ballots", poll.name, "选票与投票结束时的指纹不符", RESTORE)


def sealed_codes() -> Iterator[Problem]:
    """Sealed tables of codes are those of the trail and of their seeds; nothing of them is told."""
    rows = sa.select(CodeLayer, CodeTable).join(CodeTable, CodeTable.layer_id == CodeLayer.id).where(CodeTable.superseded_at.is_(None))
    for layer, table in db.session.execute(rows.order_by(CodeTable.id)):
        problem = sealing.untrue(layer, table)
        if problem:
            yield problem


def attachments() -> Iterator[Problem]:
    """Every file that an entry has is in the data folder, unchanged."""
    kept = {path.name: path for path in (current_app.config["DATA"] / "attachments").rglob("*") if path.is_file()}
    for row in db.session.scalars(sa.select(Attachment).order_by(Attachment.id)):
        path = kept.get(row.sha256)
        if path is None:
            yield Problem("check.file_missing", f"附件 {row.name}", "文件不在数据文件夹里", "请从备份恢复，或请参赛对象重新上传")
            continue
        with open(path, "rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != row.sha256:
                yield Problem("check.file_changed", f"附件 {row.name}", "文件内容与上传时不同", "请从备份恢复，或请参赛对象重新上传")


CHECKS = {
    "密钥": keys,
    "留痕": audit_chains,
    "评分表合计": sheet_totals,
    "发布与评分方案": digests,
    "选票": ballots,
    "封存的代号": sealed_codes,
    "附件": attachments,
}
