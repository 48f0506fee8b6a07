"""GET, PUT and DELETE /pages/{path}; its move, history and confirmation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response

from knowhow.api.context import Asking, Cursor, InUse, Limit, after, next_cursor
from knowhow.api.schemas import (
    BacklinkList,
    BacklinkOut,
    FreshnessOut,
    MoveIn,
    PageIn,
    PageOut,
    RevisionList,
    RevisionOut,
    SavedOut,
)
from knowhow.freshness import page_signals, today
from knowhow.problems import PreconditionRequired
from wiki.access import require_read
from wiki.editing import Saved, delete_page, move_page, page_history, save_page, view_page
from wiki.errors import InvalidInput
from wiki.review import confirm_page, may_confirm

router = APIRouter(prefix="/pages", tags=["pages"])

IfMatch = Annotated[str | None, Header(max_length=100, description="The revision that the edit was made on")]
IfNoneMatch = Annotated[str | None, Header(max_length=100, description="* to create a page that must not exist")]


# Before the page itself: a path parameter takes every slash that is left.
@router.get("/{path:path}/history")
def history(services: InUse, viewer: Asking, path: str, cursor: Cursor = None, limit: Limit = 50) -> RevisionList:
    """The page's revisions, newest first, across renames."""
    start = after(cursor) or "0"
    if not (start.isascii() and start.isdigit() and len(start) < 10):
        raise InvalidInput("This cursor was not made here.", hint="Leave it out to start at the beginning.")
    revisions = page_history(services.workspace, services.repository, viewer, path, limit=limit, offset=int(start))
    following = next_cursor([str(int(start) + limit)], 1) if len(revisions) == limit else None
    return RevisionList(items=[RevisionOut.of(r) for r in revisions], next=following)


@router.get("/{path:path}/backlinks")
def backlinks(services: InUse, viewer: Asking, path: str) -> BacklinkList:
    """The links that lead to this page, from pages that the viewer may read."""
    path = services.workspace.known_path(path)
    require_read(viewer, services.workspace.read_page(path), path)
    return BacklinkList(items=[BacklinkOut.of(link) for link in services.links.backlinks(viewer, path)], next=None)


@router.post("/{path:path}/move")
def move(services: InUse, viewer: Asking, path: str, body: MoveIn, if_match: IfMatch = None) -> SavedOut:
    """Move a page; links to it are rewritten in the same commit."""
    base = _revision(if_match)
    return _saved(move_page(services.workspace, services.repository, viewer, path, body.to, base_revision=base))


@router.get("/{path:path}/freshness")
def freshness(services: InUse, viewer: Asking, path: str) -> FreshnessOut:
    """When the page was last confirmed, and why it may no longer be right."""
    path = services.workspace.known_path(path)
    page = services.workspace.read_page(path)
    require_read(viewer, page, path)
    known = services.firm.pages.get(path)
    found = page_signals(services, viewer, known) if known is not None else []
    return FreshnessOut.of(page, found, may_confirm=may_confirm(viewer, page, services.workspace.roles))


@router.post("/{path:path}/confirm")
def confirm(services: InUse, viewer: Asking, path: str) -> SavedOut:
    """Confirm that the page is still right: sets its `reviewed` to today and nothing else. For its owner, the deputy and admins."""
    return _saved(confirm_page(services.workspace, services.repository, services.flags, viewer, path, today=today()))


@router.get("/{path:path}")
def get_page(services: InUse, viewer: Asking, path: str, response: Response) -> PageOut:
    """The page and the revision to save on. A text that was edited outside and not committed yet has `REVISION+BLOB`."""
    opened = view_page(services.workspace, services.repository, viewer, path)
    response.headers["ETag"] = f'"{opened.revision}"'
    return PageOut.of(opened.page, opened.revision)


@router.put("/{path:path}")
def put_page(
    services: InUse,
    viewer: Asking,
    path: str,
    body: PageIn,
    response: Response,
    if_match: IfMatch = None,
    if_none_match: IfNoneMatch = None,
) -> SavedOut:
    """Write a page, committed under the viewer's name; merged three-way where it moved on. If-None-Match: * creates one."""
    base = None if if_none_match == "*" else _revision(if_match)
    message = body.message or f"{'Add' if base is None else 'Edit'} {path}"
    saved = save_page(services.workspace, services.repository, viewer, path, body.text, base_revision=base, message=message)
    response.headers["ETag"] = f'"{saved.revision}"'
    return _saved(saved)


@router.delete("/{path:path}")
def delete(services: InUse, viewer: Asking, path: str, if_match: IfMatch = None) -> SavedOut:
    """Delete a page; its history stays in git."""
    return _saved(delete_page(services.workspace, services.repository, viewer, path, base_revision=_revision(if_match)))


def _revision(if_match: str | None) -> str:
    if if_match is None:
        raise PreconditionRequired(
            "Writing needs the revision that the edit was made on.",
            hint="Send its ETag as If-Match, or If-None-Match: * for a new page.",
        )
    return if_match.strip().removeprefix("W/").strip('"')


def _saved(saved: Saved) -> SavedOut:
    return SavedOut(path=saved.page_path, revision=saved.revision, merged=saved.merged)
