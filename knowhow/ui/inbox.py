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
SHOWN_ASIDE = 100


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/inbox")
    async def page() -> None:
        with frame(services, "Inbox", place="Inbox"):
            ui.label("Paste a chat, a mail or notes, or drop files. What changes a page comes out under Review.").classes(
                "kh-quiet"
            )
            await _Inbox(services).show()


class _Inbox:
    """Where news is handed in, and the list of what came in, which follows the jobs."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._viewer = viewer_of(services)
        self._seen: list[tuple[str, str]] | None = None
        with ui.element("section").classes("kh-card"):
            self._text = ui.textarea(placeholder="Maya [9:00 AM]: from Monday …").classes("kh-wide")
            self._text.props('outlined autogrow aria-label="Text of the update"')
            with ui.row().classes("kh-row"):
                self._channel = ui.select(CHANNELS, value="chat").props('outlined dense aria-label="Kind of text"')
                self._send = ui.button("Hold it against the pages", on_click=self._paste).props("unelevated no-caps")
            files = "Files: chats, mails, transcripts, documents, recordings"
            upload = ui.upload(label=files, multiple=True, auto_upload=True, on_upload=self._dropped)
            upload.props("flat bordered").classes("kh-wide")
        self._listed = ui.column().classes("kh-list")
        ui.timer(0.5, self.show)

    async def show(self) -> None:
        """Draw the list anew where an update came in or got further; looking is one query."""
        services, viewer = self._services, self._viewer
        state = await run.io_bound(services.updates.states, limit=SHOWN)
        if state is None or state == self._seen:
            return
        self._seen = state
        rows = await run.io_bound(lambda: [update_out(services, viewer, u) for u in services.updates.list(limit=SHOWN)])
        self._listed.clear()
        with self._listed:
            if not rows:
                empty("Nothing came in yet.")
            for row in rows or []:
                _update(services, row, self.show)

    async def _paste(self) -> None:
        if not (self._text.value or "").strip():
            return
        self._send.disable()
        try:
            await self._take(self._services.intake.take_text, self._channel.value, self._text.value)
            self._text.set_value("")
        except WikiError as error:
            say_error(error)
        finally:
            self._send.enable()

    async def _dropped(self, event: events.UploadEventArguments) -> None:
        try:
            await self._take(self._services.intake.take_file, event.file.name, await event.file.read())
        except WikiError as error:
            say_error(error)

    async def _take(self, take: Callable[..., list[Update]], *what: str | bytes) -> None:
        for update in await run.io_bound(take, *what, author=self._viewer.name) or []:
            await run.io_bound(self._services.jobs.submit, update.id, again=update.status == "failed")
        await self.show()


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
        for note in row.notes:
            ui.label(note).classes("kh-note")
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
        if row.aside:
            with ui.expansion(f"What was left out ({len(row.aside)})").classes("kh-wide"):
                ui.label(_left_out(row)).classes("kh-text kh-raw")


def _left_out(row: UpdateOut) -> str:
    lines = [f"{turn.author}: {turn.text}" if turn.author else turn.text for turn in row.aside[:SHOWN_ASIDE]]
    more = len(row.aside) - len(lines)
    return "\n".join([*lines, *([f"… and {more} more"] if more else [])])


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
        link(f"{flag.page_path} may say otherwise", page_url(services, flag.page_path, flag.section))


async def _again(services: Services, update_id: str, show: Callable[[], Awaitable[None]]) -> None:
    await run.io_bound(services.jobs.submit, update_id, again=True)
    await show()
