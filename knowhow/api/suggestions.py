"""GET /suggestions and /suggestions/{id}; accept and reject."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from knowhow.api.context import Asking, Cursor, InUse, Limit, after, next_cursor
from knowhow.api.schemas import AcceptIn, RejectIn, SuggestionList, SuggestionOut

router = APIRouter(prefix="/suggestions", tags=["suggestions"])


@router.get("")
def list_suggestions(
    services: InUse,
    viewer: Asking,
    status: Literal["open", "accepted", "rejected", "superseded"] | None = None,
    page: str | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SuggestionList:
    """Suggestions on pages that the viewer may read, oldest first."""
    items = services.review.list(viewer, status=status, page_path=page, after=after(cursor), limit=limit)
    return SuggestionList(items=[SuggestionOut.of(i) for i in items], next=next_cursor([i.suggestion.id for i in items], limit))


@router.get("/{id}")
def get_suggestion(services: InUse, viewer: Asking, id: str) -> SuggestionOut:
    return SuggestionOut.of(services.review.get(viewer, id))


@router.post("/{id}/accept")
def accept_suggestion(services: InUse, viewer: Asking, id: str, body: AcceptIn | None = None) -> SuggestionOut:
    """Make the edit, committed under the viewer's name. 409 with all sides where the page changed on the same lines."""
    wanted = body or AcceptIn()
    services.review.accept(viewer, id, text=wanted.text, hunks=wanted.hunks, base_revision=wanted.base_revision or None)
    return SuggestionOut.of(services.review.get(viewer, id))


@router.post("/{id}/reject")
def reject_suggestion(services: InUse, viewer: Asking, id: str, body: RejectIn) -> SuggestionOut:
    services.review.reject(viewer, id, body.reason)
    return SuggestionOut.of(services.review.get(viewer, id))


@router.post("/{id}/undo")
def undo_suggestion(services: InUse, viewer: Asking, id: str) -> SuggestionOut:
    """Take an accepted suggestion back with a commit of its own, which keeps later edits. 409 where they changed the same lines."""
    services.review.undo(viewer, id)
    return SuggestionOut.of(services.review.get(viewer, id))
