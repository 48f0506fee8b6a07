"""The command line. A command parses, calls one function of the layers below, and prints; no more."""

from __future__ import annotations

from typing import Annotated

import typer

from knowhow import __version__
from knowhow.cli import asking, firm, ingesting, pages, reviewing, serving, workspaces
from knowhow.cli.common import Group

__all__ = ["app", "main"]

app = typer.Typer(
    name="knowhow",
    cls=Group,
    help="A self-hosted wiki for how a firm works, that keeps up with the work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


for module in (workspaces, serving, asking, ingesting, firm):
    module.register(app)
app.add_typer(reviewing.app, name="review")
app.add_typer(pages.app, name="page")


def main() -> None:
    """Entry point of the `knowhow` command."""
    app()
