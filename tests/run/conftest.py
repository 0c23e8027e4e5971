"""Fixtures: run.py as a module, and an installation as `compete init` makes it (by the migrations) on both databases."""

import importlib.util
import shutil
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from compete import create_app
from compete.office import upgrade
from compete.models import db
from tests import support

ROOT = Path(__file__).resolve().parents[2]


def load_starter():
    """A fresh copy of run.py as a module."""
    spec = importlib.util.spec_from_file_location("starter", ROOT / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def starter():
    """run.py, whose names may be changed by the test."""
    return load_starter()


def fill(folder: Path, url: str) -> Path:
    """A judged final in an installation made by the migrations."""
    app = create_app({"DATA": str(folder), "SQLALCHEMY_DATABASE_URI": url})
    with app.app_context():
        upgrade.to()
        support.make_final(marked=True)
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def filled_sqlite(tmp_path_factory):
    return fill(tmp_path_factory.mktemp("filled") / "data", "")


@pytest.fixture(scope="session")
def filled_postgres(tmp_path_factory, postgres):
    url = postgres()
    return fill(tmp_path_factory.mktemp("filled") / "data", url), url


@pytest.fixture
def database_url(backend, request, monkeypatch):
    """"" for SQLite in the data folder, else an empty PostgreSQL database; also what a command would read."""
    url = "" if backend == "sqlite" else request.getfixturevalue("postgres")()
    monkeypatch.setenv("COMPETE_DATABASE_URL", url)
    return url


@pytest.fixture
def installation(backend, request, tmp_path, monkeypatch):
    """A copy of the filled installation; yields its application inside its context."""
    url = ""
    if backend == "sqlite":
        filled = request.getfixturevalue("filled_sqlite")
    else:
        filled, template = request.getfixturevalue("filled_postgres")
        url = copy_database(template)
    shutil.copytree(filled, tmp_path / "data")
    monkeypatch.setenv("COMPETE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COMPETE_DATABASE_URL", url)
    app = create_app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def copy_database(template: str) -> str:
    """A copy of a PostgreSQL database, made by the server itself."""
    source = sa.make_url(template)
    copy_database.count = getattr(copy_database, "count", 0) + 1
    name = f"{source.database}_copy_{copy_database.count}"
    with psycopg.connect(source.set(drivername="postgresql", database="postgres").render_as_string(False), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {source.database}")
    return source.set(database=name).render_as_string(False)
