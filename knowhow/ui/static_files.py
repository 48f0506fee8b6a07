"""The app's own styles and scripts, sent as files whose address changes with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from nicegui import app as nicegui_app
from nicegui import ui

from wiki.site import site_folder

__all__ = ["add_script", "add_style", "serve", "theme_url"]

FOLDER = Path(__file__).with_name("static")


def serve() -> None:
    """Answer under /app/own and, with what the site has too, under /app/theme. Once per process."""
    nicegui_app.add_static_files("/theme", str(site_folder() / "assets"))
    nicegui_app.add_static_files("/own", str(FOLDER))


def add_style(name: str) -> None:
    """Link a style sheet in the page's head."""
    ui.add_head_html(f'<link rel="stylesheet" href="{_url(name)}">')


def add_script(name: str, *, at_once: bool = False) -> None:
    """Load a script; it runs once the page is parsed, or before anything is drawn."""
    ui.add_head_html(f'<script {"" if at_once else "defer "}src="{_url(name)}"></script>')


@cache
def theme_url(name: str) -> str:
    """The address of a file that the site and the app share."""
    return f"/app/theme/{name}?v={_version(site_folder() / 'assets' / name)}"


@cache
def _url(name: str) -> str:
    return f"/app/own/{name}?v={_version(FOLDER / name)}"


def _version(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]
