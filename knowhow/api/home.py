"""GET /home."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fastapi import APIRouter
from pydantic import Field

from knowhow.api.context import Asking, InUse
from knowhow.api.schemas import Model, PagePath
from knowhow.home import Item

router = APIRouter(tags=["home"])


class HomeItemOut(Model):
    page: PagePath
    title: str
    url: str = Field(description="Where the live site shows the page, from the server's root")
    at: datetime | date | None = Field(description="Due, changed, decided or raised")
    by: str = Field(description="Who changed it; empty in the other lists")


class HomeOut(Model):
    suggestions: int = Field(description="How many wait for a decision")
    overdue: list[HomeItemOut]
    overdue_total: int
    changed: list[HomeItemOut] = Field(description="Within seven days, newest first")
    decisions: list[HomeItemOut] = Field(description="Accepted, the latest first")
    blockers: list[HomeItemOut] = Field(description="Open or escalated, the oldest first")


@router.get("/home")
def get_home(services: InUse, viewer: Asking) -> HomeOut:
    """What is going on: what waits, what is overdue, what changed, the latest decisions and open blockers; a few of each."""

    def out(items: tuple[Item, ...]) -> list[HomeItemOut]:
        urls = {item.page_path: services.site.url_of(item.page_path, viewer.audience) for item in items}
        return [
            HomeItemOut(page=item.page_path, title=item.title, url=f"/{urls[item.page_path]}", at=item.at, by=item.by)
            for item in items
            if urls[item.page_path] is not None
        ]

    view = services.home.look(viewer.audience, datetime.now(UTC))
    return HomeOut(
        suggestions=services.review.count_open(viewer),
        overdue=out(view.overdue),
        overdue_total=view.overdue_total,
        changed=out(view.changed),
        decisions=out(view.decisions),
        blockers=out(view.blockers),
    )
