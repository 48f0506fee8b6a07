"""/app/inbox: news in, and what became of it."""

from __future__ import annotations

from html import escape

from nicegui import events, run, ui

from knowhow.services import Services
from knowhow.ui.frame import frame, viewer_of
from knowhow.ui.inbox_rows import CHANNELS, Row, draw_update, read_row
from knowhow.ui.static_files import add_script
from wiki.errors import NotFound

__all__ = ["create"]

SHOWN = 20
TEXT_LIMIT = 5_000_000
"""Bytes of a pasted text; the browser says so before it sends."""
POLLING_S = 0.5
UNDER_WAY = ("queued", "running")

EXAMPLE = (
    "Maya [9:00 AM]: heads up, from Monday the deadline for expenses is 45 days\n"
    "Tom [9:02 AM]: good to know, thanks!\n"
    "Tom [9:03 AM]: who signs off a trip abroad?"
)

FORM = """
<form id="kh-bring" class="kh-card" data-text-limit="{text_limit}" data-file-limit="{file_limit}">
  <label class="kh-label" for="kh-paste">Paste a chat, a mail or notes</label>
  <textarea id="kh-paste" class="kh-input" rows="5" aria-describedby="kh-paste-problem kh-paste-help"
    placeholder="Maya [9:00 AM]: from Monday …"></textarea>
  <p id="kh-paste-problem" class="kh-note kh-red" role="alert" hidden></p>
  <div class="kh-row">
    <button id="kh-send" class="kh-button" type="submit">Bring it in</button>
    <label class="kh-button kh-button--quiet" for="kh-files">Choose files</label>
    <input id="kh-files" class="kh-sr" type="file" multiple>
    <details class="kh-more">
      <summary>More</summary>
      <label>Read the text as <select id="kh-channel" class="kh-input">
        <option value="">what it looks like</option>{options}</select></label>
    </details>
  </div>
  <p id="kh-paste-help" class="kh-quiet">Or drop files anywhere on this page: chats, mails, transcripts, documents, recordings.
    Text up to 5 MB, files up to {file_mb} MB.</p>
</form>
<ul id="kh-sending" class="kh-list" aria-live="polite"></ul>
<div class="kh-dropzone" aria-hidden="true">Drop the files to bring them in</div>
"""

NOTHING_YET = """
<div class="kh-empty">
  <p>Nothing came in yet. What you bring in is held against the pages: what changes one waits under Review, with the words it rests on.</p>
  <button type="button" class="kh-button kh-button--quiet" data-kh-example="{example}">Try an example</button>
</div>
"""


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/inbox")
    async def page() -> None:
        with frame(services, "Inbox", place="Inbox"):
            add_script("inbox.js")
            file_mb = services.settings.server.max_upload_mb
            options = "".join(f'<option value="{name}">{title}</option>' for name, title in CHANNELS.items())
            ui.html(
                FORM.format(text_limit=TEXT_LIMIT, file_limit=file_mb * 1_000_000, file_mb=file_mb, options=options),
                sanitize=False,
            )
            await _Listed(services).show()


class _Listed:
    """The updates that came in, newest first, each drawn anew when it gets further; what was opened stays open."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._rows: dict[str, tuple[ui.column, tuple[object, ...]]] = {}
        self._limit = SHOWN
        self._pinned: dict[str, str] = {}
        self._busy = False
        self._nothing = ui.html(NOTHING_YET.format(example=escape(EXAMPLE)), sanitize=False)
        self._nothing.set_visibility(False)
        self._list = ui.column().classes("kh-list")
        self._older = ui.button("Show older ones", on_click=self._more).props("outline no-caps")
        self._older.set_visibility(False)
        ui.on("kh-sent", self._sent)
        ui.timer(POLLING_S, self.show)

    async def show(self) -> None:
        """Bring the list up to date; looking is one query."""
        states = await run.io_bound(self._services.updates.states, limit=self._limit + 1)
        if states is None or self._busy:
            return
        self._busy = True
        try:
            await self._draw(states)
        finally:
            self._busy = False

    async def _draw(self, states: list[tuple[str, str]]) -> None:
        self._nothing.set_visibility(not states)
        self._older.set_visibility(len(states) > self._limit)
        under_way = sorted(key for key, status in states if status in UNDER_WAY)
        shown = states[: self._limit]
        known = dict(shown)
        for key in self._pinned:
            if key not in known:
                shown.append((key, "pinned"))
        for key, status in sorted(shown):  # oldest first: each new one goes on top
            before = under_way.index(key) if key in under_way else 0
            state = (status, before, self._pinned.get(key, ""))
            drawn = self._rows.get(key)
            if drawn is not None and drawn[1] == state:
                continue
            row = await run.io_bound(_read, self._services, key)
            if row is None:
                continue
            if drawn is None:
                with self._list:
                    column = ui.column().classes("kh-list").props(f'data-update="{key}"')
                column.move(target_index=sum(other > key for other in self._rows))
            else:
                column = drawn[0]
                column.clear()
            self._rows[key] = (column, state)
            with column:
                draw_update(self._services, row, before=before, note=self._pinned.get(key, ""), again=self._again)

    async def _sent(self, event: events.GenericEventArguments) -> None:
        """The browser sent something: show it, also where it is an old one that was sent again."""
        for key in event.args["ids"]:
            if event.args["known"]:
                self._pinned[str(key)] = f"{event.args['name']} came in before; this is what became of it."
        await self.show()
        if self._pinned and event.args["known"]:
            ui.run_javascript(
                f"document.querySelector('[data-update=\"{event.args['ids'][0]}\"]')?.scrollIntoView({{block: 'center'}})"
            )

    async def _more(self) -> None:
        """Draw the list anew with more in it, since older ones go below."""
        self._limit += SHOWN
        self._list.clear()
        self._rows.clear()
        await self.show()

    async def _again(self, update_id: str) -> None:
        await run.io_bound(self._services.jobs.submit, update_id, again=True)
        await self.show()


def _read(services: Services, update_id: str) -> Row | None:
    try:
        return read_row(services, viewer_of(services), update_id)
    except NotFound:
        return None
