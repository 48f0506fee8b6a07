"""The web pages under /app: Search, Ask, Review, Inbox, Health, Handoffs, Decisions, Blockers, and a page's edit, confirmation and history, drawn with NiceGUI."""

from __future__ import annotations

from fastapi import FastAPI
from nicegui import ui

from knowhow.services import Services
from knowhow.ui import (
    ask,
    blockers,
    confirm,
    decisions,
    edit,
    handoffs,
    health,
    history,
    inbox,
    mend,
    new_page,
    review,
    search,
    static_files,
)

__all__ = ["install_ui"]

MOUNT_PATH = "/app"


def install_ui(app: FastAPI, services: Services) -> None:
    """Register every page and mount them in `app`. Once per process: NiceGUI keeps its pages in a global."""
    for module in (ask, blockers, confirm, decisions, edit, handoffs, health, history, inbox, mend, new_page, review, search):
        module.create(services)
    static_files.serve()
    ui.run_with(
        app,
        title=services.workspace.site_name,
        mount_path=MOUNT_PATH,
        favicon="📗",
        dark=None,
        language="en-US",
        tailwind=False,
        show_welcome_message=False,
        reconnect_timeout=10,
    )
