"""/app/search: hits grouped by page, with filters."""

from __future__ import annotations

from itertools import groupby

import nh3
from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.frame import empty, frame, link, page_url, viewer_of
from wiki.pages import KINDS
from wiki.search import Hit, SearchResult

__all__ = ["create"]

LIMIT = 40


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/search")
    async def page(q: str = "", kind: str = "") -> None:
        audience = viewer_of(services).audience
        with frame(services, "Search"):
            with ui.row().classes("kh-row"):
                box = ui.input(value=q, placeholder="Words, “a phrase”, owner:name, tag:name").classes("kh-wide")
                box.props('outlined dense autofocus aria-label="Search the handbook" type="search"')
                choice = ui.select(["all kinds", *KINDS], value=kind if kind in KINDS else "all kinds").props("outlined dense")
            results = ui.column().classes("kh-list")

        async def show() -> None:
            kinds = () if choice.value == "all kinds" else (choice.value,)
            found = await run.io_bound(services.index.search, box.value or "", audience, limit=LIMIT, kind=kinds, prefix=True)
            if found is not None:
                results.clear()
                with results:
                    _results(services, found)

        box.on_value_change(show)
        choice.on_value_change(show)
        await show()


def _results(services: Services, found: SearchResult) -> None:
    if not found.hits:
        empty("Nothing found. Try fewer words, or ask the question under Ask.")
        return
    ui.label(f"{found.total} sections").classes("kh-quiet").props('role="status"')
    order = {path: number for number, path in enumerate(dict.fromkeys(hit.page_path for hit in found.hits))}
    for _, hits in groupby(sorted(found.hits, key=lambda hit: order[hit.page_path]), key=lambda hit: hit.page_path):
        _page(services, list(hits))


def _page(services: Services, hits: list[Hit]) -> None:
    first = hits[0]
    with ui.element("section").classes("kh-card"):
        with ui.row().classes("kh-row"):
            link(first.page_title, page_url(services, first.page_path)).classes("kh-title")
            ui.label(first.kind).classes("kh-tag")
            if first.stale:
                ui.label("review overdue").classes("kh-tag kh-amber")
        for hit in hits:
            with ui.element("div").classes("kh-hit"):
                if hit.anchor:
                    link(hit.section_title, page_url(services, hit.page_path, hit.anchor))
                ui.html(nh3.clean(hit.snippet, tags={"mark"}), sanitize=False)
