"""The app's own styles and scripts, sent as files whose address changes with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from nicegui import app as nicegui_app
from nicegui import ui

__all__ = ["add_script", "add_style", "serve"]

FOLDER = Path(__file__).with_name("static")


def serve() -> None:
    """Answer under /app/own. Once per process."""
    nicegui_app.add_static_files("/own", str(FOLDER))


def add_style(name: str) -> None:
    """Link a style sheet in the page's head."""
    ui.add_head_html(f'<link rel="stylesheet" href="{_url(name)}">')


def add_script(name: str) -> None:
    """Load a script; it runs once the page is parsed."""
    ui.add_head_html(f'<script defer src="{_url(name)}"></script>')


@cache
def _url(name: str) -> str:
    return f"/app/own/{name}?v={sha256((FOLDER / name).read_bytes()).hexdigest()[:12]}"
