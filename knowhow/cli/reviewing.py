"""knowhow review list, show, accept and reject."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from knowhow.cli.common import JsonOption, WorkspaceOption, opened, print_json, print_model

app = typer.Typer(help="Review suggestions.", no_args_is_help=True, rich_markup_mode=None)

SuggestionId = Annotated[str, typer.Argument(help="The suggestion's id.")]


@app.command("list")
def list_(
    status: Annotated[
        Literal["open", "accepted", "rejected", "superseded"], typer.Option(help="Which suggestions to list.")
    ] = "open",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List suggestions, oldest first."""
    from knowhow.api.schemas import SuggestionOut
    from knowhow.api.schemas import as_json as to_json

    with opened(workspace) as services:
        items = services.review.list(services.local_admin, status=status, limit=1000)
    if as_json:
        print_json({"items": [to_json(SuggestionOut.of(item)) for item in items], "next": None})
        return
    for item in items:
        s = item.suggestion
        typer.echo(f"{s.id}  {s.page_path}  {s.reason}" + ("  (conflict)" if item.conflict else ""))


@app.command()
def show(id: SuggestionId, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show a suggestion: why, on what evidence, and its diff."""
    from knowhow.api.schemas import SuggestionOut

    with opened(workspace) as services:
        item = services.review.get(services.local_admin, id)
    if as_json:
        print_model(SuggestionOut.of(item))
        return
    s = item.suggestion
    typer.echo(f"{s.page_path} ({s.status}, confidence {s.confidence:.2f}): {s.reason}")
    for evidence in s.evidence:
        typer.echo(
            f"  “{evidence.quote}”" + (f", {evidence.author}" if evidence.author else "") + f" (update {evidence.update})"
        )
    typer.echo(item.diff)


@app.command()
def accept(
    id: SuggestionId,
    text: Annotated[
        Path | None, typer.Option(help="A file with the whole page as you want it.", exists=True, dir_okay=False)
    ] = None,
    hunk: Annotated[
        list[int] | None, typer.Option(help="Accept only this hunk of the diff, counted from 0; may be given again.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Accept a suggestion: the edit is committed under your name."""
    from knowhow.api.schemas import SuggestionOut

    edited = text.read_text(encoding="utf-8") if text else None
    with opened(workspace) as services:
        services.index.refresh()
        suggestion = services.review.accept(services.local_admin, id, text=edited, hunks=hunk)
        item = services.review.get(services.local_admin, id)
    if as_json:
        print_model(SuggestionOut.of(item))
    elif suggestion.status == "accepted":
        typer.echo(f"Accepted: {suggestion.page_path} is now at revision {suggestion.revision[:10]}.")
    else:
        typer.echo(f"Nothing to do: {suggestion.page_path} already says so.")


@app.command()
def reject(
    id: SuggestionId,
    reason: Annotated[str, typer.Option(help="Why the page stays as it is.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Reject a suggestion with a reason."""
    with opened(workspace) as services:
        suggestion = services.review.reject(services.local_admin, id, reason)
    typer.echo(f"Rejected the suggestion for {suggestion.page_path}.")
