"""GET /health: what waits for somebody, each with the place where it is mended."""

from __future__ import annotations

import datetime

from fastapi import APIRouter
from pydantic import Field

from knowhow.api.context import Asking, InUse, Limit
from knowhow.api.schemas import Model
from knowhow.health import HealthPart, HealthRow, health_of

__all__ = ["HealthOut", "router"]

router = APIRouter(tags=["health"])


class HealthRowOut(Model):
    kind: str = Field(examples=["review-overdue"])
    page: str = Field(description="Empty where it is about no page")
    title: str
    message: str
    url: str = Field(description="Where it is mended, a path of this server")
    since: datetime.date | None

    @classmethod
    def of(cls, row: HealthRow) -> HealthRowOut:
        return cls(kind=row.kind, page=row.page_path, title=row.title, message=row.message, url=row.url, since=row.since)


class HealthPartOut(Model):
    name: str = Field(examples=["overdue"])
    heading: str
    count: int = Field(description="Of all, however many rows are given")
    rows: list[HealthRowOut]


class HealthOut(Model):
    parts: list[HealthPartOut]

    @classmethod
    def of(cls, parts: list[HealthPart]) -> HealthOut:
        made = [
            HealthPartOut(
                name=part.name, heading=part.heading, count=part.count, rows=[HealthRowOut.of(row) for row in part.rows]
            )
            for part in parts
        ]
        return cls(parts=made)


@router.get("/health")
def health(services: InUse, viewer: Asking, limit: Limit = 50) -> HealthOut:
    """What waits on pages that the viewer may read: every part with its count and at most `limit` rows, the longest waiting first."""
    return HealthOut.of(health_of(services, viewer, limit=limit))
