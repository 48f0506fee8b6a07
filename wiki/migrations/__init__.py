"""The database's history: one Alembic migration for every change of a table, run when a workspace is opened.

The migrations name every layer's tables, though this package imports none of the layers: a migration is the record of what
a table was, not of the code that reads it today.
"""

from __future__ import annotations

from pathlib import Path

from wiki.database import Database
from wiki.errors import StorageError

__all__ = ["migrate"]


def migrate(database: Database) -> None:
    """Bring the database to the newest schema; nothing to do takes a few milliseconds. Raises StorageError."""
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(__file__).parent))
    with database.read() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in {known.revision for known in script.walk_revisions()}:
        raise StorageError(
            f"The database was made by a newer Knowhow (its schema is {current}).", hint="Start the newer Knowhow again."
        )
    from alembic import command

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with database.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
