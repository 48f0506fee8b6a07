"""knowhow init, adopt, reindex, publish, check and doctor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from knowhow.cli.common import FOUND_PROBLEMS, JsonOption, WorkspaceOption, opened, print_json, workspace_path
from wiki.errors import InvalidInput

if TYPE_CHECKING:
    from wiki.editing import Cause, Finding

EXAMPLES = 3  # of each cause


def register(app: typer.Typer) -> None:
    for command in (init, adopt, reindex, publish, check, doctor):
        app.command()(command)


def init(target: Annotated[Path, typer.Argument(help="The new workspace's folder: empty, or not there yet.")]) -> None:
    """Make a workspace from the starter handbook."""
    from wiki.workspace import create_workspace

    workspace = create_workspace(target)
    typer.echo(f"Made a workspace of {len(workspace.page_paths())} pages in {workspace.root}.")
    typer.echo(f"Serve it with: knowhow serve --workspace {workspace.root}", err=True)


def adopt(
    source: Annotated[str, typer.Argument(help="A folder of Markdown, an MkDocs project, a git repository or its URL.")],
    target: Annotated[
        Path | None, typer.Argument(help="Where the workspace goes; without it a local folder is adopted in place.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a workspace of what you have: no page is changed, history and mkdocs.yml are kept."""
    from wiki.workspace import adopt as adopt_

    adoption = adopt_(source, target)
    if as_json:
        print_json({"workspace": str(adoption.workspace.root), "pages": adoption.page_count, "notes": list(adoption.notes)})
        return
    for note in adoption.notes:
        typer.echo(note, err=True)
    typer.echo(f"Adopted {adoption.page_count} pages in {adoption.workspace.root}.")
    typer.echo(f"Serve them with: knowhow serve --workspace {adoption.workspace.root}", err=True)


def reindex(workspace: WorkspaceOption = None) -> None:
    """Build the search index anew. It is only ever needed if you distrust it: it keeps itself up to date."""
    with opened(workspace) as services:
        done = services.index.rebuild()
        typer.echo(f"Indexed {done.added} sections in {done.took_ms / 1000:.1f} s.")


def publish(
    target: Annotated[Path | None, typer.Argument(help="The folder to write; else site_dir of mkdocs.yml.")] = None,
    audience: Annotated[
        Literal["everything", "team", "public"],
        typer.Option(help="Whose pages to write: every page, team and public ones, public ones only."),
    ] = "team",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole site as files, byte for byte what the live site shows."""
    from wiki.access import Audience, everyone_audience
    from wiki.site import publish as publish_

    audiences = {"everything": everyone_audience(), "team": Audience(team=True), "public": Audience()}
    with opened(workspace) as services:
        done = publish_(services.workspace, services.repository, target, audiences[audience])
    if as_json:
        print_json({"pages": done.pages, "files": done.files, "target": str(done.target), "audience": audience})
        return
    typer.echo(f"Published {done.pages} pages ({audience}) to {done.target}.")
    if audience == "everything":
        typer.echo("Restricted pages are among them: use --audience team or public for a site that others reach.", err=True)


def check(
    workspace: WorkspaceOption = None,
    all_: Annotated[bool, typer.Option("--all", help="Print every finding, one a line, by page.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Print only how many findings each cause has.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Look for pages that cannot be read or copied, front matter that cannot be used, broken links, and gaps in handoffs: by cause, the worst first.

    Exit status 1 if there are any but gaps in handoffs.
    """
    from wiki.editing import by_cause, check_workspace
    from wiki.firm import gap_findings
    from wiki.workspace import Workspace

    if all_ and summary:
        raise InvalidInput("--all and --summary exclude each other.", hint="Choose one of them.")
    pages = Workspace.open(workspace_path(workspace))
    findings = sorted(check_workspace(pages) + gap_findings(pages), key=lambda found: (found.page_path, found.line))
    if as_json:
        items = [
            {"page": f.page_path, "line": f.line, "rule": f.rule, "message": f.message, "cause": f.cause} for f in findings
        ]
        print_json({"items": items, "next": None})
    elif all_:
        for finding in findings:
            typer.echo(_line(finding))
    else:
        for cause in by_cause(findings):
            typer.echo(f"{len(cause.findings)} × {cause.rule}: {cause.cause}")
            if not summary:
                _print_examples(cause)
        if findings and not summary:
            count = len({finding.page_path for finding in findings})
            typer.echo(f"{len(findings)} findings on {count} pages. Every one: knowhow check --all", err=True)
    if not all(finding.advice for finding in findings):
        raise typer.Exit(FOUND_PROBLEMS)


def _print_examples(cause: Cause) -> None:
    left = len(cause.findings)
    for finding, times in cause.examples(EXAMPLES):
        often = f" ({times} times)" if times > 1 else ""
        typer.echo(f"    {_line(finding)}{often}")
        left -= times
    if left:
        typer.echo(f"    … and {left} more")


def _line(finding: Finding) -> str:
    return f"{finding.page_path}:{finding.line}: {finding.rule}: {finding.message}"


def doctor(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what works and what is missing for which feature, one line each. Exit status 1 if something is missing."""
    from knowhow.doctor import examine

    findings = examine(workspace_path(workspace))
    if as_json:
        print_json(
            {
                "items": [{"feature": f.feature, "ok": f.ok, "message": f.message, "hint": f.hint} for f in findings],
                "next": None,
            }
        )
    else:
        for finding in findings:
            mark = "ok     " if finding.ok else "missing"
            typer.echo(f"{mark}  {finding.feature}: {finding.message}" + (f" {finding.hint}" if not finding.ok else ""))
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FOUND_PROBLEMS)
