"""Upgrading a filled database, revision by revision, keeps every row and ends at the tables of the models."""

import shutil

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from compete import create_app
from compete.models import db
from compete.office import rows, upgrade
from tests import support


@pytest.fixture
def first(backend, request, tmp_path):
    """The application on a database of the first revision, filled with a final whose marks are all in."""
    settings = {"DATA": str(tmp_path / "first"), "TESTING": True}
    if backend == "postgresql":
        settings["SQLALCHEMY_DATABASE_URI"] = request.getfixturevalue("postgres")()
    app = create_app(settings)
    with app.app_context():
        upgrade.to("0001")
        support.make_final(entries=5, judges=5, criteria=3, marked=True)
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(tmp_path / "first")


def contents() -> dict[str, list]:
    with db.engine.connect() as connection:
        return {
            table.name: sorted(map(str, connection.execute(sa.select(table))))
            for table in rows.tables(connection) if table.name != "alembic_version"
        }  # fmt: skip


def test_upgrade_keeps_every_row(first):
    before = contents()
    assert len(before["mark"]) == 75
    upgrade.to()
    assert contents() == before
    assert upgrade.current() == upgrade.newest() != "0001"


def test_upgraded_tables_are_those_of_the_models(first):
    upgrade.to()
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
