"""/app/health: what waits for somebody, each with a link to where it is mended."""

from __future__ import annotations

from html import escape

from nicegui import run, ui

from knowhow.health import HealthPart, HealthRow, health_of
from knowhow.services import Services
from knowhow.ui.frame import frame, link, viewer_of
from knowhow.ui.lists import anchor, day, heading, page_links, table

__all__ = ["create"]

SHOWN = 20
WORDS = {"confirm": "Look and confirm", "review": "Review", "search": "Look for it"}
PLACES = (("Handoffs", "/app/handoffs"), ("Decisions", "/app/decisions"), ("Blockers", "/app/blockers"))


def create(services: Services) -> None:
    """Register the page."""

    def read(limit: int) -> list[HealthPart]:
        return health_of(services, viewer_of(services), limit=limit)

    @ui.page("/health")
    async def page(part: str = "") -> None:
        parts = await run.io_bound(read, 1000 if part else SHOWN)
        if parts is None:
            return
        with frame(services, "Health", place="Health"):
            with ui.element("nav").classes("kh-row").props('aria-label="Of the whole firm"'):
                for name, url in PLACES:
                    link(name, url)
            _figures(parts)
            shown = [found for found in parts if found.rows and part in ("", found.name)]
            if not shown:
                ui.label("Nothing waits for anybody.").classes("kh-empty")
            for found in shown:
                _part(services, found)


def _figures(parts: list[HealthPart]) -> None:
    cells = (
        f'<a class="kh-figure{"" if part.count else " kh-quiet"}" href="/app/health?part={part.name}"><b>{part.count}</b> {escape(part.heading)}</a>'
        for part in parts
    )
    ui.html("".join(cells), sanitize=False).classes("kh-figures")


def _part(services: Services, part: HealthPart) -> None:
    to_page = page_links(services)

    def name(row: HealthRow) -> str:
        return to_page(row.page_path, row.title) if row.page_path else row.title

    heading(part.heading, part.count)
    dated = any(row.since for row in part.rows)
    rows = (
        (name(row), row.message, *((day(row.since),) if dated else ()), anchor(_words(row.url), row.url)) for row in part.rows
    )
    table(("What", "Why", *(("Since",) if dated else ()), ""), rows, label=part.heading)
    if part.count > len(part.rows):
        link(f"All {part.count}", f"/app/health?part={part.name}")


def _words(url: str) -> str:
    """What is done at an address of the app, from its first part."""
    return WORDS.get(url.split("/")[2].split("?")[0], "Mend")
