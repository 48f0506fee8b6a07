"""GET /flags and /flags/{id}; closing one."""

from __future__ import annotations

from fastapi import APIRouter

from knowhow.api.context import Asking, Cursor, InUse, Limit, after, next_cursor
from knowhow.api.schemas import FlagList, FlagOut

router = APIRouter(prefix="/flags", tags=["flags"])


@router.get("")
def list_flags(services: InUse, viewer: Asking, page: str | None = None, cursor: Cursor = None, limit: Limit = 50) -> FlagList:
    """Open flags on pages that the viewer may read, oldest first."""
    flags = services.flags.page(viewer, page_path=page, after=after(cursor), limit=limit)
    return FlagList(items=[FlagOut.of(f) for f in flags], next=next_cursor([f.id for f in flags], limit))


@router.get("/{id}")
def get_flag(services: InUse, viewer: Asking, id: str) -> FlagOut:
    return FlagOut.of(services.flags.get(viewer, id))


@router.post("/{id}/close")
def close_flag(services: InUse, viewer: Asking, id: str) -> FlagOut:
    """Say that a flag is dealt with."""
    return FlagOut.of(services.flags.close(viewer, id))
