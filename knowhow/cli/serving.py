"""knowhow serve."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from knowhow.cli.common import WorkspaceOption, opened


def register(app: typer.Typer) -> None:
    app.command()(serve)


def serve(
    workspace: WorkspaceOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else server.host.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; else server.port.")] = None,
) -> None:
    """Serve the wiki: pages, search, Ask, Review, Inbox and the API."""
    import uvicorn

    from knowhow.access import require_loopback
    from knowhow.memory import give_memory_back
    from knowhow.server import create_app

    give_memory_back()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for noisy in ("alembic", "dbos", "httpx", "nicegui", "watchfiles"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    with opened(workspace, {"server.host": host, "server.port": port}) as services:
        server = services.settings.server
        require_loopback(server.host)
        shown = f"[{server.host}]" if ":" in server.host else server.host
        typer.echo(f"Knowhow serves {services.workspace.root} on http://{shown}:{server.port} (Ctrl+C stops it).", err=True)
        uvicorn.run(
            create_app(services),
            host=server.host,
            port=server.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
        )
