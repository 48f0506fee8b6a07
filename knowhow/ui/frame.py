"""What every page under /app has around it: the product's header, the message line, the page's title."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import escape
from typing import Any
from urllib.parse import quote

from nicegui import ui

from knowhow.services import Services
from knowhow.ui.header import header_html
from knowhow.ui.static_files import add_script, add_style, theme_url
from wiki.access import Viewer
from wiki.errors import WikiError

__all__ = ["empty", "frame", "go", "link", "local_time", "page_url", "plain_button", "say_error", "viewer_of"]


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
def frame(services: Services, title: str, *, place: str = "") -> Iterator[None]:
    """Draw the header around a page's content. `place` is the entry of the header that this page belongs to."""
    ui.page_title(f"{title} · {services.workspace.site_name}")
    for name in ("tokens", "header"):
        ui.add_head_html(f'<link rel="stylesheet" href="{theme_url(f"stylesheets/{name}.css")}">')
    add_style("app.css")
    add_script("theme.js", at_once=True)
    ui.add_head_html(f'<script defer src="{theme_url("javascripts/search.js")}"></script>')
    add_script("frame.js")
    ui.add_body_html(header_html(services, place))  # outside of what NiceGUI draws: it is there at once, and no part of <main>
    with ui.element("div").classes("kh-main"):
        ui.html(f"<h1>{escape(title)}</h1>", sanitize=False)
        yield


def local_time(at: datetime) -> None:
    """A time, which the browser says in the reader's own zone."""
    at = at.astimezone(UTC)
    ui.html(f'<time datetime="{at:%Y-%m-%dT%H:%M:%SZ}" data-kh-local>{at:%Y-%m-%d %H:%M} UTC</time>', sanitize=False).classes(
        "kh-quiet"
    )


def plain_button(text: str, on_click: Callable[..., Any], *, quiet: bool = True) -> ui.element:
    """A button of our own, which nothing of Quasar's styles overrides."""
    button = ui.element("button").props('type="button"').classes("kh-button" + (" kh-button--quiet" if quiet else ""))
    with button:
        ui.label(text)
    return button.on("click", on_click, args=[])


def empty(text: str) -> None:
    """What stands where there is nothing to list."""
    ui.label(text).classes("kh-empty")


def say_error(error: WikiError) -> None:
    """Show what went wrong and what to do; it stays until it is closed."""
    ui.run_javascript(f"khSay({json.dumps(f'{error.message} {error.hint}'.strip())})")
