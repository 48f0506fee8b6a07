"""GET /blockers: what stands still, since when, and whose turn it is."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import Field

from knowhow.api.context import Asking, InUse
from knowhow.api.schemas import Model, PagePath
from knowhow.freshness import today
from wiki.firm import Blocker, blocker_board

__all__ = ["BlockerList", "BlockerOut", "router"]

router = APIRouter(tags=["blockers"])


class BlockerOut(Model):
    page: PagePath
    title: str
    state: str = Field(
        description="late: to be passed on by now; unowned: nobody keeps after it; open; escalated; unlearned: over, without a lesson; resolved",
        examples=["late"],
    )
    status: Literal["open", "escalated", "resolved"]
    owner: str
    clients: list[str]
    raised: datetime.date | None
    age: int | None = Field(description="In working days, Monday to Friday, up to its end or today")
    escalate_on: datetime.date | None = Field(description="The last working day on which it need not be passed on")
    escalated_to: str
    resolved: datetime.date | None
    lesson: str
    turn: str = Field(description="Who has to do something; empty: nobody")
    next_step: str

    @classmethod
    def of(cls, blocker: Blocker) -> BlockerOut:
        return cls.model_validate(
            {
                "page": blocker.page_path,
                **{name: getattr(blocker, name) for name in cls.model_fields if name not in ("page", "clients")},
                "clients": list(blocker.clients),
            }
        )


class BlockerList(Model):
    items: list[BlockerOut]
    next: str | None = None


@router.get("/blockers")
def blockers(
    services: InUse,
    viewer: Asking,
    state: Annotated[list[str] | None, Query(max_length=10, description="Only these states")] = None,
) -> BlockerList:
    """The blockers that the viewer may read, by state, in each the oldest first; never paged."""
    board = blocker_board(services.firm, viewer.audience, today())
    return BlockerList(items=[BlockerOut.of(blocker) for blocker in board if not state or blocker.state in state])
