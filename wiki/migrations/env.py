"""Alembic's entry: runs on the connection that `migrate` hands in, inside its transaction."""

from __future__ import annotations

from alembic import context

from wiki.database import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True, transactional_ddl=False
)
context.run_migrations()
