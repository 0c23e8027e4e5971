"""What the tests of backup, restore and check share."""

import hashlib
from contextlib import contextmanager

from compete import create_app
from compete.office import rows
from compete.models import Attachment, Criterion, Member, db
from tests.support import NOW

CONTENT = "路演材料 𬱖".encode()


@contextmanager
def another(folder, url=""):
    """An empty installation elsewhere."""
    app = create_app({"DATA": str(folder), "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def contents() -> dict[str, list[bytes]]:
    with db.engine.connect() as connection:
        return {table.name: list(rows.lines(connection, table)) for table in rows.tables(connection)}


def add_private_things(app) -> None:
    """Encrypted data, an attachment, and a criterion that refers to a later row of its own table."""
    member = db.session.query(Member).first()
    member.phone, member.id_number = "13800138000", "11010519491231002X"
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = app.config["DATA"] / "attachments" / digest[:2] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    db.session.add(Attachment(entry_id=member.entry_id, name="路演.pdf", media_type="application/pdf", size=len(CONTENT),
                              sha256=digest, uploaded_by="甲", uploaded_at=NOW))  # fmt: skip
    first = db.session.query(Criterion).order_by(Criterion.id).first()
    parent = Criterion(part_id=first.part_id, code="later", name="后加的父项", weight=1, maximum=1)
    db.session.add(parent)
    db.session.flush()
    first.parent_id = parent.id
    db.session.commit()
    db.session.remove()
