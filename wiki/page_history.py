"""A page's past, for a viewer: its revisions, their texts and the differences between them.

What a viewer may read of the past is decided twice: by the page's labels now and by those it had at the revision. Making a
page public does not make public what it said while it was restricted.
"""

from __future__ import annotations

from wiki.access import Viewer, may_read, require_read
from wiki.errors import NotFound
from wiki.page import Page, parse_page
from wiki.patch import unified_diff
from wiki.repository import Repository, Revision
from wiki.workspace import Workspace

__all__ = ["page_diff", "page_history", "revision_page", "revision_texts"]


def page_history(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, *, limit: int = 50, offset: int = 0
) -> list[Revision]:
    """The page's revisions, newest first, across renames. Raises NotFound for a page that the viewer may not read."""
    require_read(viewer, workspace.read_page(page_path), page_path)
    return repository.history(workspace.repo_path(page_path), limit=limit, offset=offset)


def revision_page(workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str) -> Page:
    """The page as it was at a revision. Raises NotFound (also where the viewer might not have read it then) or InvalidInput."""
    require_read(viewer, workspace.read_page(page_path), page_path)
    page = parse_page(page_path, repository.show(revision, workspace.repo_path(page_path)))
    if not may_read(viewer.audience, page):
        raise NotFound(f"There is no revision {revision} of {page_path}.", hint="Look at the page's history.")
    return page


def revision_texts(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str
) -> tuple[str, str]:
    """The page's text before and at a revision; "" before its first."""
    new = revision_page(workspace, repository, viewer, page_path, revision)
    known = repository.history(workspace.repo_path(page_path), limit=10_000)
    place = next((number for number, r in enumerate(known) if r.id.startswith(revision)), None)
    if place is None or place + 1 >= len(known):
        return "", new.text
    try:
        return revision_page(workspace, repository, viewer, page_path, known[place + 1].id).text, new.text
    except NotFound:
        return "", new.text


def page_diff(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, old: str, new: str | None = None
) -> str:
    """A unified diff from one revision to another, or to the page as it stands."""
    before = revision_page(workspace, repository, viewer, page_path, old)
    after = workspace.read_page(page_path) if new is None else revision_page(workspace, repository, viewer, page_path, new)
    return unified_diff(before.text, after.text, page_path)
