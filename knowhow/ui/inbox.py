"""/app/inbox: news in, and what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import events, run, ui

from ingest.update import Update
from knowhow.api.schemas import UpdateOut
from knowhow.api.updates import update_out
from knowhow.services import Services
from knowhow.ui.frame import empty, frame, link, page_url, say_error, viewer_of
from wiki.errors import NotFound, WikiError

__all__ = ["create"]

CHANNELS = {"chat": "Chat", "email": "Mail", "meeting": "Meeting", "voice": "Voice memo", "note": "Note"}
SHOWN = 30


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/inbox")
    async def page() -> None:
        viewer = viewer_of(services)
        with frame(services, "Inbox", place="Inbox"):
            ui.label("Paste a chat, a mail or notes, or drop files. What changes a page comes out under Review.").classes(
                "kh-quiet"
            )
            with ui.element("section").classes("kh-card"):
                text = ui.textarea(placeholder="Maya [9:00 AM]: from Monday …").props(
                    'outlined autogrow aria-label="Text of the update"'
                )
                text.classes("kh-wide")
                with ui.row().classes("kh-row"):
                    channel = ui.select(CHANNELS, value="chat").props('outlined dense aria-label="Kind of text"')
                    send = ui.button("Hold it against the pages").props("unelevated no-caps")
                upload = ui.upload(
                    label="Files: chats, mails, transcripts, documents, recordings", multiple=True, auto_upload=True
                )
                upload.props("flat bordered").classes("kh-wide")
            listed = ui.column().classes("kh-list")

        async def show() -> None:
            rows = await run.io_bound(
                lambda: [update_out(services, viewer_of(services), u) for u in services.updates.list(limit=SHOWN)]
            )
            if rows is None:
                return
            state = [(row.id, row.status, row.suggestions, row.flags) for row in rows]
            if state == shown:
                return
            shown[:] = state
            listed.clear()
            with listed:
                if not rows:
                    empty("Nothing came in yet.")
                for row in rows:
                    _update(services, row, show)

        async def take(updates: list[Update] | None) -> None:
            for update in updates or []:
                await run.io_bound(services.jobs.submit, update.id, again=update.status == "failed")
            await show()

        async def paste() -> None:
            if not (text.value or "").strip():
                return
            send.disable()
            try:
                await take(await run.io_bound(services.intake.take_text, channel.value, text.value, author=viewer.name))
                text.set_value("")
            except WikiError as error:
                say_error(error)
            finally:
                send.enable()

        async def dropped(event: events.UploadEventArguments) -> None:
            try:
                data = await event.file.read()
                await take(await run.io_bound(services.intake.take_file, event.file.name, data, author=viewer.name))
            except WikiError as error:
                say_error(error)

        shown: list[tuple[str, str, list[str], list[str]]] = []
        send.on_click(paste)
        upload.on_upload(dropped)
        await show()
        ui.timer(0.5, show)


def _update(services: Services, row: UpdateOut, show: Callable[[], Awaitable[None]]) -> None:
    with ui.element("section").classes("kh-card").props(f'data-update="{row.id}"'):
        with ui.row().classes("kh-row"):
            ui.label(CHANNELS.get(row.channel, row.channel.capitalize())).classes("kh-title")
            ui.label(
                " · ".join(part for part in (row.author, row.source_name, f"{row.received_at:%Y-%m-%d %H:%M} UTC") if part)
            ).classes("kh-quiet")
            _status(row)
        if row.error:
            ui.label(row.error).classes("kh-note kh-red")
        if row.status == "failed":
            ui.button("Try again", on_click=lambda: _again(services, row.id, show)).props("outline no-caps dense")
        for entry in row.entries:
            with ui.element("div").classes("kh-entry"):
                ui.label(entry.kind).classes("kh-tag")
                ui.label(f"“{entry.quote}”" + (f" {entry.author}" if entry.author else "")).classes("kh-quote")
        for suggestion in row.suggestions:
            _suggestion(services, suggestion)
        for flag in row.flags:
            _flag(services, flag)
        if row.text:
            with ui.expansion("What came in").classes("kh-wide"):
                ui.label(row.text).classes("kh-text kh-raw")


def _status(row: UpdateOut) -> None:
    if row.status in ("queued", "running"):
        ui.spinner(size="1em")
        ui.label("waiting" if row.status == "queued" else "being read").classes("kh-quiet").props('role="status"')
    elif row.status == "done" and not (row.suggestions or row.flags):
        ui.label("changes no page").classes("kh-tag")


def _suggestion(services: Services, suggestion_id: str) -> None:
    try:
        item = services.review.get(viewer_of(services), suggestion_id)
    except NotFound:
        return
    with ui.row().classes("kh-row"):
        ui.label(f"suggestion, {item.suggestion.status}").classes("kh-tag")
        link(item.title, f"/app/review/{suggestion_id}")


def _flag(services: Services, flag_id: str) -> None:
    try:
        flag = services.flags.get(viewer_of(services), flag_id)
    except NotFound:
        return
    with ui.row().classes("kh-row"):
        ui.label("flag").classes("kh-tag kh-amber")
        link(f"{flag.page_path} may say otherwise", page_url(flag.page_path, flag.section))


async def _again(services: Services, update_id: str, show: Callable[[], Awaitable[None]]) -> None:
    await run.io_bound(services.jobs.submit, update_id, again=True)
    await show()
