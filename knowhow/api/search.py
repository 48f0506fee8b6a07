"""GET /search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from knowhow.api.context import Asking, InUse, Limit
from knowhow.api.schemas import SearchOut

router = APIRouter(tags=["search"])


@router.get("/search", response_model=SearchOut)
def search(
    services: InUse,
    viewer: Asking,
    q: Annotated[str, Query(description="Free text; never an error", examples=["deadline for expenses"])] = "",
    kind: Annotated[list[str] | None, Query(description="Only these kinds of page")] = None,
    owner: Annotated[list[str] | None, Query(description="Only pages of these owners")] = None,
    tag: Annotated[list[str] | None, Query(description="Only pages with one of these tags")] = None,
    limit: Limit = 10,
    prefix: Annotated[bool, Query(description="As you type: the last word may be unfinished")] = False,
) -> Response:
    """Sections that match, best first; only what the viewer may read counts in hits and total."""
    result = services.search.search(
        q, viewer.audience, limit=limit, kind=tuple(kind or ()), owner=tuple(owner or ()), tag=tuple(tag or ()), prefix=prefix
    )
    # A response made here is not checked against its model again: that costs as much as the search of a short word.
    return Response(SearchOut.of(result).model_dump_json(), media_type="application/json")
