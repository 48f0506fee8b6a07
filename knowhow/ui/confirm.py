"""/app/confirm/{page}: why a page may no longer be right, and the button that says that it is."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from nicegui import run, ui

from knowhow.freshness import page_signals, today
from knowhow.services import Services
from knowhow.ui.frame import empty, frame, go, link, page_url, say_error, viewer_of
from wiki.access import require_read
from wiki.errors import WikiError
from wiki.firm import Signal
from wiki.review import confirm_page, may_confirm

__all__ = ["create"]


def create(services: Services) -> None:
    """Register the page."""

    def read(path: str) -> tuple[str, date | None, list[Signal], bool]:
        viewer = viewer_of(services)
        page = services.workspace.read_page(path)
        require_read(viewer, page, path)
        known = services.firm.pages.get(path)
        found = page_signals(services, viewer, known) if known is not None else []
        return page.title, page.front_matter.reviewed, found, may_confirm(viewer, page, services.workspace.roles)

    @ui.page("/confirm/{path:path}")
    async def confirm_view(path: str) -> None:
        path = services.workspace.known_path(path)
        try:
            found = await run.io_bound(read, path)
        except WikiError as error:
            with frame(services, "Confirm"):
                empty(f"{error.message} {error.hint}")
            return
        if found is None:
            return
        title, reviewed, signals, may = found
        with frame(services, f"Confirm: {title}"):
            link("Back to the page", page_url(services, path))
            ui.label(f"Last confirmed on {reviewed.isoformat()}." if reviewed else "Never confirmed.").classes("kh-quiet")
            for signal in signals:
                ui.label(signal.message).classes("kh-note kh-amber").props(f'data-testid="signal-{signal.kind}"')
            if not signals:
                ui.label("Nothing speaks against it.")

            async def confirm() -> None:
                viewer = viewer_of(services)
                try:
                    await run.io_bound(
                        confirm_page, services.workspace, services.repository, services.flags, viewer, path, today=today()
                    )
                except WikiError as error:
                    say_error(error)
                    return
                go(page_url(services, path))

            with ui.row().classes("kh-row"):
                button = ui.button("It is still right", on_click=confirm).props('data-testid="confirm" unelevated no-caps')
                link("Edit it instead", f"/app/edit/{quote(path)}")
            if not may:
                button.disable()
                ui.label("Its owner, the deputy or an admin confirms it.").classes("kh-quiet")
