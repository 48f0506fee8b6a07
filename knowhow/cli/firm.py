"""knowhow handoffs, decided, blockers and health."""

from __future__ import annotations

from typing import Annotated

import typer

from knowhow.cli.common import NOT_FOUND, JsonOption, WorkspaceOption, opened, print_model


def register(app: typer.Typer) -> None:
    for command in (handoffs, decided, blockers, health):
        app.command()(command)


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


def decided(
    question: Annotated[list[str], typer.Argument(help="What may have been decided, in plain words.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether something was decided: when, by whom and why. Exit status 3 if there is no record."""
    from knowhow.api.decisions import DecidedOut

    with opened(workspace) as services:
        found = services.decisions.ask(" ".join(question), services.local_admin.audience)
    if as_json:
        print_model(DecidedOut.of(found))
    else:
        typer.echo(found.text)
        for decision in (found.decision, found.current):
            if decision is not None:
                typer.echo(f"  {decision.page_path}")
        for decision in found.others if found.decision is None else ():
            typer.echo(f"  near: {decision.title} ({decision.page_path})")
    if found.decision is None:
        raise typer.Exit(NOT_FOUND)


def blockers(
    every: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what stands still, since when, and whose turn it is."""
    from knowhow.api.blockers import BlockerList, BlockerOut
    from knowhow.freshness import today
    from wiki.firm import blocker_board

    with opened(workspace) as services:
        board = blocker_board(services.firm, services.local_admin.audience, today())
    found = [blocker for blocker in board if every or blocker.state != "resolved"]
    if as_json:
        print_model(BlockerList(items=[BlockerOut.of(blocker) for blocker in found]))
        return
    for blocker in found:
        age = "?" if blocker.age is None else str(blocker.age)
        turn = f"  {blocker.turn or 'nobody'}: {blocker.next_step}" if blocker.next_step else ""
        typer.echo(f"{blocker.state}  {age} working days  {blocker.title} ({blocker.page_path}){turn}")


def health(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many rows of each part at most.")] = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what waits: overdue reviews, pages without an owner, open questions and suggestions, gaps, broken links, blockers."""
    from knowhow.api.health import HealthOut
    from knowhow.health import health_of

    with opened(workspace) as services:
        parts = health_of(services, services.local_admin, limit=limit)
    if as_json:
        print_model(HealthOut.of(parts))
        return
    for part in parts:
        typer.echo(f"{part.heading}: {part.count}")
        for row in part.rows:
            typer.echo(f"  {row.page_path or row.title}: {row.message}")
