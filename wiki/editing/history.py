"""A page's past, for a viewer: its revisions, their texts and the differences between them.

What a viewer may read of the past is decided twice: by the page's labels now and by those it had at the revision. Making a
page public does not make public what it said while it was restricted.
"""

from __future__ import annotations

from collections.abc import Sequence

from wiki.access import Viewer, may_read, require_read
from wiki.errors import NotFound
from wiki.git.repository import Repository, Revision
from wiki.pages.page import Page, parse_page
from wiki.pages.patch import unified_diff
from wiki.workspace.workspace import Workspace

__all__ = ["page_diff", "page_history", "revision_page", "revision_texts"]

_PART = 50
_ALL = 100_000


def page_history(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, *, limit: int = 50, offset: int = 0
) -> list[Revision]:
    """The page's revisions that the viewer may read, newest first, across renames.

    Raises NotFound for a page that the viewer may not read now.
    """
    page_path = workspace.known_path(page_path)
    require_read(viewer, workspace.read_page(page_path), page_path)
    path = workspace.repo_path(page_path)
    if viewer.audience.everything:
        return repository.history(path, limit=limit, offset=offset)
    found: list[Revision] = []
    start = 0
    while len(found) < offset + limit:
        part = repository.history(path, limit=_PART, offset=start)
        # The one more says who could read what a deletion took away.
        older = repository.history(path, limit=1, offset=start + _PART) if len(part) == _PART else []
        found += [r for n, r in enumerate(part) if _could_read(repository, viewer, page_path, [*part[n:], *older])]
        if len(part) < _PART:
            break
        start += _PART
    return found[offset : offset + limit]


def revision_page(workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str) -> Page:
    """The page as it was at a revision. Raises NotFound (also where the viewer might not have read it then) or InvalidInput."""
    page_path = workspace.known_path(page_path)
    require_read(viewer, workspace.read_page(page_path), page_path)
    wanted = repository.revision(revision).id
    known = repository.history(workspace.repo_path(page_path), limit=_ALL)
    path = next((r.path for r in known if r.id == wanted), workspace.repo_path(page_path))
    page = parse_page(page_path, repository.show(wanted, path))
    if not may_read(viewer.audience, page):
        raise NotFound(f"There is no revision {revision} of {page_path}.", hint="Look at the page's history.")
    return page


def revision_texts(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str
) -> tuple[str, str]:
    """The page's text before and at a revision; "" before its first."""
    page_path = workspace.known_path(page_path)
    new = revision_page(workspace, repository, viewer, page_path, revision)
    wanted = repository.revision(revision).id
    known = repository.history(workspace.repo_path(page_path), limit=_ALL)
    place = next((number for number, r in enumerate(known) if r.id == wanted), None)
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
    page_path = workspace.known_path(page_path)
    before = revision_page(workspace, repository, viewer, page_path, old)
    after = workspace.read_page(page_path) if new is None else revision_page(workspace, repository, viewer, page_path, new)
    return unified_diff(before.text, after.text, page_path)


def _could_read(repository: Repository, viewer: Viewer, page_path: str, revisions: Sequence[Revision]) -> bool:
    """Whether the viewer might have read the page at the first of these revisions; a deletion counts as what it deleted."""
    for revision in revisions:
        try:
            data = repository.show(revision.id, revision.path)
        except NotFound:
            continue
        return may_read(viewer.audience, parse_page(page_path, data))
    return False
