"""knowhow handoffs."""

from __future__ import annotations

from typing import Annotated

import typer

from knowhow.cli.common import JsonOption, WorkspaceOption, opened, print_model


def register(app: typer.Typer) -> None:
    app.command()(handoffs)


def handoffs(
    role: Annotated[str | None, typer.Option(help="Only what this role passes on, receives or owns.")] = None,
    page: Annotated[str | None, typer.Option(help="Only this process.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List who passes what to whom, and the gaps in it."""
    from knowhow.api.handoffs import handoffs_of

    with opened(workspace) as services:
        known = None if page is None else services.workspace.known_path(page)
        found = handoffs_of(services.firm, services.local_admin.audience, page=known, role=role)
    if as_json:
        print_model(found)
        return
    title = ""
    for item in found.items:
        if item.title != title:
            title = item.title
            typer.echo(f"{title} ({item.page})")
        typer.echo(f"  {item.number}. {item.from_ or '?'} → {item.to or '?'}: {item.moves or '?'}")
    if found.gaps:
        typer.echo("Gaps")
    for gap in found.gaps:
        typer.echo(f"  {gap.page}:{gap.line}: {gap.message} {gap.hint}")
