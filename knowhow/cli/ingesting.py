"""knowhow ingest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from knowhow.cli.common import JsonOption, WorkspaceOption, opened, print_json
from wiki.errors import InvalidInput, NotFound


def register(app: typer.Typer) -> None:
    app.command()(ingest)


def ingest(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Chats, mails, transcripts, documents, recordings; - or nothing: standard input."),
    ] = None,
    channel: Annotated[
        str, typer.Option(help="What standard input is: chat, email, meeting, voice, document or note.")
    ] = "note",
    author: Annotated[str, typer.Option(help="Who said it, where the text does not tell.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in news and hold it against the pages: what comes out waits in `knowhow review list`. Exit status 1 if one failed."""
    from ingest.pipeline import run
    from knowhow.api.schemas import as_json as to_json
    from knowhow.api.updates import update_out

    paths = [path for path in files or [] if str(path) != "-"]
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise NotFound(f"No such file: {', '.join(missing)}.", hint="Check the path.")
    failed = False
    with opened(workspace) as services:
        services.index.refresh()
        if paths:
            updates = [u for path in paths for u in services.intake.take_file(path.name, path.read_bytes(), author=author)]
        else:
            text = sys.stdin.read()
            if not text.strip():
                raise InvalidInput("There is nothing on standard input.", hint="Name files, or pipe a text in.")
            updates = services.intake.take_text(channel, text, author=author)
        for update in updates:
            if update.status != "done":
                run(update.id, services.pipeline)
        rows = [update_out(services, services.local_admin, services.updates.get(update.id)) for update in updates]
    for row in rows:
        failed = failed or row.status == "failed"
        if not as_json:
            made = f"{len(row.suggestions)} suggestions, {len(row.flags)} flags"
            typer.echo(
                f"{row.id}  {row.source_name or row.channel}: "
                + (row.error if row.status == "failed" else f"{len(row.entries)} entries, {made}")
            )
            for note in row.notes:
                typer.echo(f"    {note}")
    if as_json:
        print_json({"items": [to_json(row) for row in rows], "next": None})
    if failed:
        raise typer.Exit(1)
