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

_PART, _MAX_PART = 50, 1000  # revisions whose texts are looked at together
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
    start, part = 0, min(max(_PART, offset + limit), _MAX_PART)
    while len(found) < offset + limit:
        # The one more says who could read what a deletion took away.
        revisions = repository.history(path, limit=part + 1, offset=start)
        readable = _readable(repository, viewer, page_path, revisions)
        found += [revision for revision, may in list(zip(revisions, readable, strict=True))[:part] if may]
        if len(revisions) <= part:
            break
        start, part = start + part, min(2 * part, _MAX_PART)
    return found[offset : offset + limit]


def revision_page(workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str) -> Page:
    """The page as it was at a revision. Raises NotFound (also where the viewer might not have read it then) or InvalidInput."""
    page_path = workspace.known_path(page_path)
    require_read(viewer, workspace.read_page(page_path), page_path)
    wanted = repository.revision(revision).id
    known = repository.history(workspace.repo_path(page_path), limit=_ALL)
    path = next((r.path for r in known if r.id == wanted), workspace.repo_path(page_path))
    return _page_at(repository, viewer, page_path, wanted, path)


def revision_texts(
    workspace: Workspace, repository: Repository, viewer: Viewer, page_path: str, revision: str
) -> tuple[str, str]:
    """The page's text before and at a revision; "" before its first."""
    page_path = workspace.known_path(page_path)
    require_read(viewer, workspace.read_page(page_path), page_path)
    wanted = repository.revision(revision).id
    known = repository.history(workspace.repo_path(page_path), limit=_ALL)
    place = next((number for number, r in enumerate(known) if r.id == wanted), None)
    path = workspace.repo_path(page_path) if place is None else known[place].path
    new = _page_at(repository, viewer, page_path, wanted, path)
    if place is None or place + 1 >= len(known):
        return "", new.text
    before = known[place + 1]
    try:
        return _page_at(repository, viewer, page_path, before.id, before.path).text, new.text
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


def _page_at(repository: Repository, viewer: Viewer, page_path: str, revision: str, path: str) -> Page:
    page = parse_page(page_path, repository.show(revision, path))
    if not may_read(viewer.audience, page):
        raise NotFound(f"There is no revision {revision} of {page_path}.", hint="Look at the page's history.")
    return page


def _readable(repository: Repository, viewer: Viewer, page_path: str, revisions: Sequence[Revision]) -> list[bool]:
    """Whether the viewer might have read the page at each of these revisions; a deletion counts as what it deleted."""
    texts = repository.show_all([(revision.id, revision.path) for revision in revisions])
    found: list[bool] = []
    may = False
    for data in reversed(texts):
        if data is not None:
            may = may_read(viewer.audience, parse_page(page_path, data))
        found.append(may)
    return found[::-1]
