"""/app/edit/{page}: Markdown with a preview. What is typed is kept in the browser; a conflict shows both sides by name."""

from __future__ import annotations

import json

from nicegui import events, run, ui

from knowhow.services import Services
from knowhow.ui.conflict import draw_conflicts, split_merged
from knowhow.ui.frame import empty, frame, link, page_url, say_error, viewer_of
from knowhow.ui.new_page import first_text
from knowhow.ui.static_files import add_script
from wiki.editing import Saved, save_page, view_page
from wiki.errors import EditConflict, NotFound, StaleRevision, WikiError
from wiki.markup import as_lf, like
from wiki.pages import Page, has_undecoded, parse_text, render_preview
from wiki.review import SuggestionDraft

__all__ = ["create"]

PREVIEW_S = 0.4
OFFERS = """
<p id="kh-draft" class="kh-note kh-amber" role="status" hidden>You wrote something here that was not saved, last <time data-kh-local></time>.
  <button type="button" class="kh-button" data-kh-restore>Bring it back</button>
  <button type="button" class="kh-button kh-button--quiet" data-kh-discard>Discard it</button></p>
<p id="kh-other-tab" class="kh-note kh-amber" role="status" hidden>This page is being edited in another tab, with text that is not saved yet.</p>
"""
LEFT_BEHIND = "The text did not arrive whole: it is too large for this editor. It is kept in this browser."


def create(services: Services) -> None:
    """Register the page; a path that is no page yet makes a new one."""

    @ui.page("/edit/{path:path}")
    async def page(path: str, suggest: str = "", title: str = "", kind: str = "") -> None:
        try:
            found = await run.io_bound(_read, services, path, title, kind)
        except WikiError as error:
            with frame(services, "Edit"):
                empty(f"{error.message} {error.hint}")
            return
        if found is None:
            return
        current, revision = found
        doing = ("Suggest an edit" if suggest else "Edit") + f": {current.title}"
        with frame(services, doing if revision else f"New page: {current.title}"):
            if has_undecoded(current.text):
                empty(
                    "This page holds bytes that are no UTF-8, which the browser would lose. "
                    f"`knowhow page convert {current.path}` on the server converts it."
                )
                return
            if "\r" in as_lf(current.text):
                empty("This page has line ends that a browser would change. Convert the file outside.")
                return
            _Editor(services, current, revision, suggests=bool(suggest))


def _read(services: Services, path: str, title: str, kind: str) -> tuple[Page, str]:
    """The page and its revision; for a page that is not there a first text, and "" as revision."""
    try:
        opened = view_page(services.workspace, services.repository, viewer_of(services), path)
    except NotFound:
        return parse_text(path, first_text(path, title, kind)), ""
    return opened.page, opened.revision


class _Editor:
    """The text, its preview, and the save."""

    def __init__(self, services: Services, page: Page, revision: str, *, suggests: bool) -> None:
        self._services = services
        self._page = page
        self._path = page.path
        self._revision = revision
        self._suggests = suggests
        self._previewed: str | None = None
        add_script("editor.js")
        for problem in page.problems:
            ui.label(problem).classes("kh-note kh-red")
        ui.html(OFFERS, sanitize=False)
        self._conflict = ui.column().classes("kh-list")
        with ui.element("div").classes("kh-split") as self._split:
            self._editor = ui.codemirror(as_lf(page.text), language="Markdown", line_wrapping=True).classes("kh-editor")
            self._preview = ui.html("", sanitize=False).classes("kh-preview")
            self._preview.props('aria-label="Preview" role="region" tabindex="0"')
        with ui.row().classes("kh-row kh-actions") as self._actions:
            self._message = (
                ui.input(placeholder="What changed, and why?")
                .classes("kh-wide")
                .props('outlined dense aria-label="What changed"')
            )
            self._save_button = ui.button("Suggest this" if suggests else "Save").props('unelevated no-caps data-testid="save"')
            # What the server holds must be all that the browser shows, or a save would cut the page.
            self._save_button.on("click", self._save, js_handler="() => emit(khEditor.size())")
            self._state = ui.label("" if revision else "Not saved yet").classes("kh-quiet")
            self._state.props('role="status" data-testid="state"')
            link("Back to the page", page_url(services, page.path))
        started = {"path": page.path, "element": self._editor.id, "base": revision, "saved": as_lf(page.text)}
        ui.timer(0, lambda: ui.run_javascript(f"khEditor.start({json.dumps(started)})"), once=True)
        ui.on("kh-draft", self._drafted)
        ui.timer(PREVIEW_S, self._show_preview)

    def _drafted(self, event: events.GenericEventArguments) -> None:
        """A draft was brought back: it was made on an older revision, and is merged from there."""
        self._revision = str(event.args["base"])

    async def _show_preview(self) -> None:
        """Draw what was typed, away from the event loop, where it changed."""
        text = self._editor.value
        if text != self._previewed:
            self._previewed = text
            page = parse_text(self._path, text)
            html = await run.io_bound(render_preview, page)
            if html is not None:
                self._preview.set_content(html)

    async def _save(self, event: events.GenericEventArguments) -> None:
        if not self._save_button.enabled:
            return
        if event.args != len(self._editor.value.encode("utf-16-le", "surrogatepass")) // 2:
            self._state.set_text(LEFT_BEHIND)
            return
        self._save_button.disable()
        self._state.set_text("Saving …")
        try:
            await (self._suggest() if self._suggests else self._write())
        except EditConflict as error:
            self._show_conflict(error)
        except WikiError as error:
            self._state.set_text("Not saved")
            if isinstance(error, StaleRevision) and self._revision and self._services.workspace.stat(self._path) is None:
                self._rebase("")
                self._state.set_text("Somebody deleted this page meanwhile. Save again to bring it back with your text.")
            else:
                say_error(error)
        finally:
            self._save_button.enable()

    async def _write(self) -> None:
        message = (self._message.value or "").strip()
        saved: Saved | None = await run.io_bound(
            save_page,
            self._services.workspace,
            self._services.repository,
            viewer_of(self._services),
            self._path,
            self._editor.value,
            base_revision=self._revision or None,
            message=message or f"{'Edit' if self._revision else 'Add'} {self._path}",
        )
        if saved is not None:
            self._revision = saved.revision
            self._state.set_text("Saved, merged with a change made meanwhile" if saved.merged else "Saved")
            self._leave(page_url(self._services, saved.page_path))

    async def _suggest(self) -> None:
        draft = SuggestionDraft(
            page_path=self._path,
            section="",
            action="edit" if self._revision else "new_page",
            base_revision=self._revision.partition("+")[0],
            base_text=self._page.text if self._revision else "",
            new_text=like(self._editor.value, self._page.text),
            reason=(self._message.value or "").strip() or f"Suggested by {viewer_of(self._services).name}",
            confidence=1.0,
            evidence=(),
        )
        suggestion = await run.io_bound(self._services.review.propose, viewer_of(self._services), draft)
        if suggestion is not None:
            self._leave(f"/app/review/{suggestion.id}")

    def _show_conflict(self, error: EditConflict) -> None:
        """Let the person choose, change by change; the editor comes back with what they chose, to be looked over and saved."""
        self._state.set_text("Not saved: somebody changed the same lines")
        newest = self._services.repository.last_change(self._services.workspace.repo_path(self._path))
        by = newest.author.name if newest else "somebody"
        parts = split_merged(as_lf(error.merged), base=as_lf(error.base), theirs=as_lf(error.theirs))

        async def settled(text: str) -> None:
            self._conflict.clear()
            self._split.set_visibility(True)
            self._actions.set_visibility(True)
            self._editor.set_value(text)
            self._rebase(error.revision)
            self._state.set_text("Look it over, then save")

        self._split.set_visibility(False)
        self._actions.set_visibility(False)
        self._conflict.clear()
        with self._conflict:
            ui.label(
                f"{by} changed the same lines while you were writing. Nothing is lost: choose for each what is to stand."
            ).classes("kh-note kh-red").props('role="alert"')
            draw_conflicts(parts, mine="Yours", theirs=f"{by}, saved meanwhile", on_done=settled)

    def _rebase(self, revision: str) -> None:
        self._revision = revision
        ui.run_javascript(f"khEditor.rebase({json.dumps(revision)})")

    def _leave(self, url: str) -> None:
        ui.run_javascript(f"khEditor.done({json.dumps(url)})")
