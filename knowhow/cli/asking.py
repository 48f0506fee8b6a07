"""knowhow search and ask."""

from __future__ import annotations

import html
import re
from typing import Annotated

import typer

from knowhow.cli.common import JsonOption, WorkspaceOption, opened, print_model


def register(app: typer.Typer) -> None:
    app.command()(search)
    app.command()(ask)


def search(
    query: Annotated[list[str], typer.Argument(help='What to look for; kind:, owner: and tag: filter, "…" is a phrase.')],
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many sections at most.")] = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find sections."""
    from knowhow.api.schemas import SearchOut

    with opened(workspace) as services:
        services.prepare_search()
        result = services.search.search(" ".join(query), services.local_admin.audience, limit=limit)
    if as_json:
        print_model(SearchOut.of(result))
        return
    for hit in result.hits:
        anchor = f"#{hit.anchor}" if hit.anchor else ""
        snippet = " ".join(html.unescape(re.sub(r"</?mark>", "", hit.snippet)).split())
        heading = hit.page_title if hit.section_title == hit.page_title else f"{hit.page_title} › {hit.section_title}"
        typer.echo(f"{hit.page_path}{anchor}  {heading}\n    {snippet}")
    typer.echo(f"{result.total} sections in {result.took_ms:.1f} ms", err=True)


def ask(
    question: Annotated[list[str], typer.Argument(help="A question in plain words.")],
    conversation: Annotated[str | None, typer.Option(help="The conversation that this continues.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the pages, with citations. Exit status 3 if it is not in the handbook."""
    from knowhow.api.schemas import AnswerOut

    with opened(workspace) as services:
        services.index.refresh()
        answer = services.asker.ask(" ".join(question), services.local_admin, conversation=conversation)
    if as_json:
        print_model(AnswerOut.of(answer))
    else:
        typer.echo(answer.text)
        for number, citation in enumerate(answer.citations, 1):
            anchor = f"#{citation.anchor}" if citation.anchor else ""
            typer.echo(f"  [{number}] {citation.page_path}{anchor}: “{citation.quote}”")
        typer.echo(f"{answer.model or 'extracted, no model'}; {answer.took_ms:.0f} ms", err=True)
    if not answer.answered:
        raise typer.Exit(3)
