"""knowhow page list, show, write, convert, freshness, confirm, move, delete, history, diff and restore."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from knowhow.cli.common import JsonOption, WorkspaceOption, opened, print_json, print_model
from wiki.errors import InvalidInput

CONVERTED_LINES = 20

app = typer.Typer(help="Read and write pages.", no_args_is_help=True, rich_markup_mode=None)

PageArgument = Annotated[str, typer.Argument(metavar="PAGE", help="The page's path below docs_dir, with .md.")]
MessageOption = Annotated[str, typer.Option("--message", "-m", help="What changed and why; kept in git.")]


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List all pages."""
    with opened(workspace) as services:
        pages = [
            (page.path, page.title, page.front_matter.kind, page.front_matter.owner) for page in services.workspace.pages()
        ]
    if as_json:
        names = ("path", "title", "kind", "owner")
        print_json({"items": [dict(zip(names, page, strict=True)) for page in pages], "next": None})
        return
    for path, title, kind, owner in pages:
        typer.echo(f"{path}  {title} ({kind}{', ' + owner if owner else ''})")


@app.command()
def show(page: PageArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Print a page as it stands."""
    from knowhow.api.schemas import PageOut
    from wiki.editing import page_revision

    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        found = services.workspace.read_page(page)
        revision = page_revision(services.workspace, services.repository, page)
    if as_json:
        print_model(PageOut.of(found, revision))
    else:
        sys.stdout.buffer.write(found.text.encode("utf-8", "surrogateescape"))


@app.command()
def backlinks(page: PageArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the links that lead to a page."""
    from knowhow.api.schemas import BacklinkOut
    from knowhow.api.schemas import as_json as to_json

    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        services.workspace.read_page(page)
        found = services.links.backlinks(services.local_admin, page)
    if as_json:
        print_json({"items": [to_json(BacklinkOut.of(link)) for link in found], "next": None})
        return
    for link in found:
        typer.echo(f"{link.page_path}:{link.line + 1}: {link.target_text}")


@app.command()
def write(
    page: PageArgument,
    file: Annotated[Path | None, typer.Argument(help="The new text; else standard input.")] = None,
    base: Annotated[str | None, typer.Option(help="The revision that the edit was made on; else the newest.")] = None,
    message: MessageOption = "",
    workspace: WorkspaceOption = None,
) -> None:
    """Write a page: committed under your name, merged where the page moved on since --base."""
    from wiki.editing import page_revision, save_page

    data = file.read_bytes() if file else sys.stdin.buffer.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"The text is not UTF-8: {error}.", hint="Convert it first.") from error
    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        exists = page in services.workspace.page_paths()
        revision = base or (page_revision(services.workspace, services.repository, page) if exists else None)
        saved = save_page(
            services.workspace,
            services.repository,
            services.local_admin,
            page,
            text,
            base_revision=revision,
            message=message or f"{'Edit' if exists else 'Add'} {page}",
        )
    typer.echo(f"{page} is at revision {saved.revision[:10]}." if saved.changed else f"{page} is as it was.")


@app.command()
def convert(
    page: PageArgument,
    encoding: Annotated[str, typer.Option(help="The encoding that the file is in, such as cp1252; else the likeliest.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would be.")] = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Convert a page from an old encoding to UTF-8: shows its lines as they will be, and commits it under your name."""
    from wiki.editing import convert_page, page_conversion, page_history
    from wiki.pages import hunks, printable

    with opened(workspace) as services:
        viewer = services.local_admin
        found = page_conversion(services.workspace, viewer, page, encoding=encoding)
        page = found.after.path
        if found.before.text == found.after.text:
            typer.echo(f"{page} is UTF-8 already.")
            return
        typer.echo(f"{page} is {found.encoding}. In UTF-8 these lines are:")
        lines = [line for hunk in hunks(printable(found.before.text), found.after.text) for line in hunk.new_lines]
        for line in lines[:CONVERTED_LINES]:
            typer.echo(f"  {line.rstrip()}")
        if len(lines) > CONVERTED_LINES:
            typer.echo(f"  … and {len(lines) - CONVERTED_LINES} more")
        if dry_run:
            return
        saved = convert_page(services.workspace, services.repository, viewer, page, encoding=found.encoding)
        before = page_history(services.workspace, services.repository, viewer, page, limit=2)[-1].id[:10]
    typer.echo(f"{page} is UTF-8 now (revision {saved.revision[:10]}).")
    typer.echo(f"Wrong letters? `knowhow page restore {page} {before}`, then convert it with --encoding.", err=True)


@app.command()
def freshness(page: PageArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say when a page was last confirmed, and why it may no longer be right."""
    from knowhow.api.schemas import FreshnessOut
    from knowhow.freshness import page_signals
    from wiki.review import may_confirm

    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        found = services.workspace.read_page(page)
        known = services.firm.pages.get(page)
        signals = page_signals(services, services.local_admin, known) if known is not None else []
        may = may_confirm(services.local_admin, found, services.workspace.roles)
    if as_json:
        print_model(FreshnessOut.of(found, signals, may_confirm=may))
        return
    reviewed = found.front_matter.reviewed
    typer.echo(f"Last confirmed on {reviewed.isoformat()}." if reviewed else "Never confirmed.")
    for signal in signals:
        typer.echo(f"  {signal.kind}: {signal.message}")


@app.command()
def confirm(page: PageArgument, workspace: WorkspaceOption = None) -> None:
    """Confirm that a page is still right: sets `reviewed` to today, and nothing else, under your name."""
    from knowhow.freshness import today
    from wiki.review import confirm_page

    with opened(workspace) as services:
        viewer = services.local_admin
        saved = confirm_page(services.workspace, services.repository, services.flags, viewer, page, today=today())
    done = f"Confirmed {saved.page_path} (revision {saved.revision[:10]})."
    typer.echo(done if saved.changed else f"{saved.page_path} was confirmed today already.")


@app.command()
def move(
    page: PageArgument, to: Annotated[str, typer.Argument(help="The new path.")], workspace: WorkspaceOption = None
) -> None:
    """Move a page; links to it are rewritten in the same commit."""
    from wiki.editing import move_page, page_revision

    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        revision = page_revision(services.workspace, services.repository, page)
        saved = move_page(services.workspace, services.repository, services.local_admin, page, to, base_revision=revision)
    typer.echo(f"{page} is now {saved.page_path} (revision {saved.revision[:10]}).")


@app.command()
def delete(page: PageArgument, workspace: WorkspaceOption = None) -> None:
    """Delete a page; its history stays in git."""
    from wiki.editing import delete_page, page_revision

    with opened(workspace) as services:
        page = services.workspace.known_path(page)
        revision = page_revision(services.workspace, services.repository, page)
        delete_page(services.workspace, services.repository, services.local_admin, page, base_revision=revision)
    typer.echo(f"Deleted {page}. `knowhow page restore {page} {revision[:10]}` brings it back.")


@app.command()
def history(
    page: PageArgument,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """A page's revisions, newest first."""
    from knowhow.api.schemas import RevisionOut
    from knowhow.api.schemas import as_json as to_json
    from wiki.editing import page_history

    with opened(workspace) as services:
        revisions = page_history(services.workspace, services.repository, services.local_admin, page, limit=limit)
    if as_json:
        print_json({"items": [to_json(RevisionOut.of(r)) for r in revisions], "next": None})
        return
    for r in revisions:
        typer.echo(f"{r.id[:10]}  {r.at:%Y-%m-%d %H:%M}  {r.author.name}  {r.message.splitlines()[0] if r.message else ''}")


@app.command()
def diff(
    page: PageArgument,
    old: Annotated[str, typer.Argument(help="A revision.")],
    new: Annotated[str | None, typer.Argument(help="A later revision; else the page as it stands.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What changed on a page between two revisions."""
    from wiki.editing import page_diff

    with opened(workspace) as services:
        found = page_diff(services.workspace, services.repository, services.local_admin, page, old, new)
    if as_json:
        print_json({"page": page, "old": old, "new": new, "diff": found})
    else:
        typer.echo(found, nl=False)


@app.command()
def restore(
    page: PageArgument,
    revision: Annotated[str, typer.Argument(help="The revision to bring back.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Bring an older revision of a page back, as a new commit."""
    from wiki.editing import restore_page

    with opened(workspace) as services:
        saved = restore_page(services.workspace, services.repository, services.local_admin, page, revision)
    typer.echo(f"{page} is at revision {saved.revision[:10]}." if saved.changed else f"{page} is as it was.")
