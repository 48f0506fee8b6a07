"""What every page under /app has around it: the product's header, the message line, the page's title."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import quote

from nicegui import run, ui

from knowhow.services import Services
from wiki.access import Viewer
from wiki.errors import WikiError

__all__ = ["empty", "frame", "go", "link", "page_url", "say_error", "viewer_of"]

PLACES = (("Handbook", "/"), ("Ask", "/app/ask"), ("Review", "/app/review"), ("Inbox", "/app/inbox"), ("Health", "/app/health"))
STYLE = Path(__file__).with_name("app.css")


def viewer_of(services: Services) -> Viewer:
    """Who looks at this page."""
    return services.local_admin


def page_url(services: Services, page_path: str, anchor: str = "") -> str:
    """Where the live site shows a page; the start page for one that is not there."""
    url = services.site.url_of(page_path, viewer_of(services).audience) or ""
    return f"/{url}" + (f"#{quote(anchor)}" if anchor else "")


def link(text: str, url: str) -> ui.element:
    """A link to a path of the whole server; NiceGUI's own link and navigation put /app before every path."""
    with ui.element("a").props(f'href="{escape(url)}"') as anchor:
        if text:
            ui.label(text)
    return anchor


def go(url: str) -> None:
    """Send the browser to a path of the whole server."""
    ui.run_javascript(f"window.location.assign({json.dumps(url)})")


@contextmanager
def frame(services: Services, title: str, *, place: str = "", query: str = "") -> Iterator[None]:
    """Draw the header around a page's content. `place` is the entry of the header that this page belongs to."""
    ui.page_title(f"{title} · {services.workspace.site_name}")
    ui.add_head_html('<link rel="stylesheet" href="/app/theme/stylesheets/tokens.css">')
    ui.add_css(STYLE)
    with ui.element("header").classes("kh-header"):
        link(services.workspace.site_name, "/").classes("kh-brand")
        with ui.element("nav").classes("kh-places").props('aria-label="Places"'):
            for name, target in PLACES:
                with link("", target).classes("kh-place" + (" kh-here" if name == place else "")):
                    ui.label(name)
                    if name == "Review":
                        badge = ui.label().classes("kh-count").props('data-testid="review-count"')
                        badge.set_visibility(False)
        search = (
            ui.input(placeholder="Search", value=query)
            .props('dense borderless aria-label="Search" type="search"')
            .classes("kh-search")
        )
        search.on("keydown.enter", lambda: go(f"/app/search?q={quote(search.value or '')}"))

    async def count() -> None:
        number = await run.io_bound(services.review.count_open, viewer_of(services))
        if number is not None:
            badge.set_text(str(number))
            badge.set_visibility(number > 0)

    ui.timer(0.05, count, once=True)
    with ui.element("main").classes("kh-main"):
        ui.html(f"<h1>{escape(title)}</h1>", sanitize=False)
        yield


def empty(text: str) -> None:
    """What stands where there is nothing to list."""
    ui.label(text).classes("kh-empty")


def say_error(error: WikiError) -> None:
    """Show what went wrong and what to do; it stays until it is closed."""
    ui.notify(f"{error.message} {error.hint}", type="negative", timeout=0, close_button="Close", multi_line=True)
