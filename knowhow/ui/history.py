"""/app/history/{page}: who changed what, when and on what evidence; an older revision brought back."""

from __future__ import annotations

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.diff import draw_diff
from knowhow.ui.frame import empty, frame, go, link, local_time, page_url, say_error, viewer_of
from wiki.editing import page_history, restore_page, revision_texts
from wiki.errors import WikiError
from wiki.git import Revision

__all__ = ["create"]

SHOWN = 100


def create(services: Services) -> None:
    """Register the page."""

    def read(path: str) -> tuple[str, list[Revision]]:
        revisions = page_history(services.workspace, services.repository, viewer_of(services), path, limit=SHOWN)
        return services.workspace.read_page(path).title, revisions

    @ui.page("/history/{path:path}")
    async def history_page(path: str) -> None:
        path = services.workspace.known_path(path)
        try:
            found = await run.io_bound(read, path)
        except WikiError as error:
            with frame(services, "History"):
                empty(f"{error.message} {error.hint}")
            return
        if found is None:
            return
        title, revisions = found
        with frame(services, f"History: {title}"):
            link("Back to the page", page_url(services, path))
            if not revisions:
                empty("This page was never committed.")
            for number, revision in enumerate(revisions):
                _revision(services, path, revision, newest=number == 0)


def _revision(services: Services, path: str, revision: Revision, *, newest: bool) -> None:
    subject, _, rest = revision.message.partition("\n")
    with ui.element("section").classes("kh-card"):
        with ui.row().classes("kh-row"):
            ui.label(subject).classes("kh-title")
            ui.label(revision.author.name).classes("kh-quiet")
            local_time(revision.at)
        if rest.strip():
            ui.label(rest.strip()).classes("kh-text")
        if suggestion := revision.trailers.get("Suggestion"):
            link("From a suggestion, with its evidence", f"/app/review/{suggestion}")
        changes = ui.column().classes("kh-list")

        async def show() -> None:
            try:
                texts = await run.io_bound(
                    revision_texts, services.workspace, services.repository, viewer_of(services), path, revision.id
                )
            except WikiError as error:
                say_error(error)
                return
            if texts is not None:
                changes.clear()
                with changes:
                    draw_diff(*texts)

        async def restore() -> None:
            try:
                await run.io_bound(
                    restore_page, services.workspace, services.repository, viewer_of(services), path, revision.id
                )
            except WikiError as error:
                say_error(error)
                return
            go(page_url(services, path))

        with ui.row().classes("kh-row"):
            ui.button("What changed", on_click=show).props("flat no-caps dense")
            if not newest:
                ui.button("Bring this one back", on_click=restore).props("flat no-caps dense")
