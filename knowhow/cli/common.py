"""What the commands share: the workspace option, JSON output, errors as one line and an exit status."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from knowhow.settings import SettingsError
from wiki.errors import InvalidInput, NotFound, WikiError, WorkspaceError

if TYPE_CHECKING:
    from pydantic import BaseModel

    from knowhow.services import Services

__all__ = ["Group", "JsonOption", "WorkspaceOption", "fail", "opened", "print_json", "print_model", "status_of"]

FOUND_PROBLEMS, WRONG_USE, NOT_FOUND, REFUSED = 1, 2, 3, 4

JsonOption = Annotated[bool, typer.Option("--json", help="Print the HTTP API's objects as JSON.")]
WorkspaceOption = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        "-w",
        help="The workspace's folder; else KNOWHOW_WORKSPACE, else the folder you are in.",
        show_default=False,
    ),
]


def status_of(error: WikiError) -> int:
    """The exit status that an error stands for."""
    if isinstance(error, NotFound):
        return NOT_FOUND
    if isinstance(error, InvalidInput | WorkspaceError | SettingsError):
        return WRONG_USE
    return REFUSED


class Group(TyperGroup):
    """A command group whose WikiErrors become one line on standard error and an exit status."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except WikiError as error:
            fail(error)
        except BrokenPipeError:  # the reader of our output went away, as `| head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


def fail(error: WikiError) -> None:
    """Print the error and end with its exit status."""
    typer.echo(" ".join(f"{error.message} {error.hint}".split()), err=True)
    raise typer.Exit(status_of(error)) from error


@contextmanager
def opened(workspace: Path | None, overrides: Mapping[str, Any] | None = None) -> Iterator[Services]:
    """The services of the workspace that the command is for."""
    from knowhow.services import opened as open_

    with open_(workspace_path(workspace), overrides) as services:
        yield services


def workspace_path(workspace: Path | None) -> Path:
    return workspace or Path(os.environ.get("KNOWHOW_WORKSPACE") or ".")


def print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def print_model(model: BaseModel) -> None:
    typer.echo(model.model_dump_json(indent=2, by_alias=True))
