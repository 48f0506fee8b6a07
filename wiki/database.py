"""The database beside git: SQLAlchemy Core, SQLite by default, PostgreSQL by URL.

It holds only what git does not: updates, entries, suggestions, flags' states, questions. Tables are declared beside the code
that reads them, on the one `metadata` here. SQLite runs in WAL mode; a write transaction starts with BEGIN IMMEDIATE, so that
two writers wait for each other instead of failing half-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, MetaData, TypeDecorator, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from wiki.errors import StorageError

__all__ = ["Database", "UtcDateTime", "metadata", "sqlite_url", "utc_now"]

metadata = MetaData()


def utc_now() -> datetime:
    return datetime.now(UTC)


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time, also on SQLite, which keeps no zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """One database. Thread-safe; open one per process and `close` it at the end."""

    def __init__(self, url: str) -> None:
        """`url` is an SQLAlchemy URL, `sqlite:///path/to/file.db` or `postgresql+psycopg://…`."""
        self.url = url
        self.engine = _engine(url)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for reading. Raises StorageError where the database cannot be read."""
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: committed at the end of the block, rolled back by an exception.

        Raises StorageError where the database refuses (disk full, locked for more than 30 s, gone); nothing was written then.
        """
        with _translated(), self.engine.connect() as connection:
            if self.engine.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    raise
                connection.exec_driver_sql("COMMIT")
            else:
                with connection.begin():
                    yield connection

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30, "isolation_level": None, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    return engine


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StorageError(
            f"The database refused: {error.orig}.",
            hint="Check free disk space and that .knowhow/ can be written, then try again.",
        ) from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StorageError(
                "The database connection was lost.", hint="Check that the database runs, then try again."
            ) from error
        if type(error) is DatabaseError:
            raise StorageError(
                f"The database is damaged or no database: {error.orig}.",
                hint="Restore it from a backup, or move it away to begin with an empty one: pages and their history are in git.",
            ) from error
        raise
