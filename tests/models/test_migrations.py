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
def filled(app):
    """The rows of a final whose marks are all in, by table, as the newest tables hold them."""
    support.make_final(entries=5, judges=5, criteria=3, marked=True)
    db.session.remove()
    with db.engine.connect() as connection:
        return {table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()] for table in rows.tables(connection)}


@pytest.fixture
def first(backend, filled, request, tmp_path):
    """The application on a database of the first revision, filled with those rows."""
    settings = {"DATA": str(tmp_path / "first"), "TESTING": True}
    if backend == "postgresql":
        settings["SQLALCHEMY_DATABASE_URI"] = request.getfixturevalue("postgres")()
    app = create_app(settings)
    with app.app_context():
        upgrade.to("0001")
        _fill(filled)
        yield app
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(tmp_path / "first")


def _fill(filled: dict[str, list[dict]]) -> None:
    with db.engine.begin() as connection:
        for table in rows.tables(connection):
            if filled[table.name]:
                named = [{name: row[name] for name in table.columns.keys()} for row in filled[table.name]]
                connection.execute(sa.insert(table), named)


def contents(known: dict[str, list] | None = None) -> dict[str, list]:
    """The rows of every table; `known` (an earlier answer) limits them to the tables and columns that were there before."""
    found = {}
    with db.engine.connect() as connection:
        for table in rows.tables(connection):
            if table.name != "alembic_version" and (known is None or table.name in known):
                names = known[table.name][0] if known else table.columns.keys()
                query = sa.select(*[table.columns[name] for name in names])
                found[table.name] = [names, sorted(map(str, connection.execute(query)))]
    return found


def test_upgrade_keeps_every_row(first):
    before = contents()
    assert len(before["mark"][1]) == 75
    upgrade.to()
    assert contents(before) == before
    assert upgrade.current() == upgrade.newest() != "0001"


def test_upgrade_keeps_what_the_tables_forbid(first):
    upgrade.to()
    with pytest.raises(sa.exc.IntegrityError, match="ck_part_kind|kind"), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE part SET kind = 'unheard of'"))
    with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM criterion"))  # marks rest on them


def test_upgraded_tables_are_those_of_the_models(first):
    upgrade.to()
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), db.metadata) == []
