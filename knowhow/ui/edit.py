"""/app/edit/{page}: Markdown with a preview; a save says what became of it, and a conflict shows both sides."""

from __future__ import annotations

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.diff import draw_diff
from knowhow.ui.frame import empty, frame, go, link, page_url, say_error, viewer_of
from wiki.editing import Saved, save_page, view_page
from wiki.errors import EditConflict, NotFound, WikiError
from wiki.markup import as_lf, like
from wiki.pages import Page, has_undecoded, parse_text, render_preview
from wiki.review import SuggestionDraft

__all__ = ["create"]

PREVIEW_S = 0.4
NEW_PAGE = "---\ntitle: {title}\nkind: reference\n---\n\n"
BROWSER_SCRIPT = """
window.onbeforeunload = () => window.khUnsaved ? true : undefined;
document.addEventListener("keydown", e => { if ((e.ctrlKey || e.metaKey) && e.key === "s") e.preventDefault(); });
"""


def create(services: Services) -> None:
    """Register the page; a path that is no page yet makes a new one."""

    @ui.page("/edit/{path:path}")
    async def page(path: str, suggest: str = "") -> None:
        try:
            found = await run.io_bound(_read, services, path)
        except WikiError as error:
            with frame(services, "Edit"):
                empty(f"{error.message} {error.hint}")
            return
        if found is None:
            return
        current, revision = found
        doing = ("Suggest an edit" if suggest else "Edit") + f": {current.title}"
        with frame(services, doing if revision else f"New page: {path}"):
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


def _read(services: Services, path: str) -> tuple[Page, str]:
    """The page and its revision; for a page that is not there a first text, and "" as revision."""
    try:
        opened = view_page(services.workspace, services.repository, viewer_of(services), path)
    except NotFound:
        title = path.removesuffix(".md").rsplit("/", 1)[-1].replace("-", " ").capitalize()
        return parse_text(path, NEW_PAGE.format(title=title)), ""
    return opened.page, opened.revision


class _Editor:
    """The text, its preview, and the save."""

    def __init__(self, services: Services, page: Page, revision: str, *, suggests: bool) -> None:
        self._page = page
        self._suggests = suggests
        self._previewed: str | None = None
        self._services = services
        self._path = page.path
        self._revision = revision
        ui.add_body_html(f"<script>{BROWSER_SCRIPT}</script>")
        for problem in page.problems:
            ui.label(problem).classes("kh-note kh-red")
        self._conflict = ui.column().classes("kh-list")
        with ui.element("div").classes("kh-split"):
            self._editor = ui.codemirror(
                as_lf(page.text), language="Markdown", line_wrapping=True, on_change=self._changed
            ).classes("kh-editor")
            self._preview = ui.html("", sanitize=False).classes("kh-preview").props('aria-label="Preview"')
        with ui.row().classes("kh-row kh-actions"):
            self._message = (
                ui.input(placeholder="What changed, and why?")
                .classes("kh-wide")
                .props('outlined dense aria-label="What changed"')
            )
            self._save_button = ui.button("Suggest this" if suggests else "Save", on_click=self._save).props(
                'unelevated no-caps data-testid="save"'
            )
            self._state = ui.label("Saved" if revision else "Not saved yet").classes("kh-quiet").props('role="status"')
            link("Back to the page", page_url(self._services, page.path))
        ui.keyboard(on_key=self._key, ignore=[])
        ui.timer(PREVIEW_S, self._show_preview)

    def _changed(self) -> None:
        self._state.set_text("Not saved yet")
        ui.run_javascript("window.khUnsaved = true")

    async def _show_preview(self) -> None:
        """Draw what was typed, away from the event loop, where it changed."""
        text = self._editor.value
        if text != self._previewed:
            self._previewed = text
            page = parse_text(self._path, text)
            html = await run.io_bound(render_preview, page)
            if html is not None:
                self._preview.set_content(html)

    async def _key(self, event: object) -> None:
        key, modifiers, action = (getattr(event, name) for name in ("key", "modifiers", "action"))
        if action.keydown and key == "s" and (modifiers.ctrl or modifiers.meta):
            await self._save()

    async def _save(self) -> None:
        if not self._save_button.enabled:
            return
        self._save_button.disable()
        self._state.set_text("Saving …")
        if self._suggests:
            await self._suggest()
            return
        try:
            saved = await run.io_bound(self._write)
        except EditConflict as error:
            self._show_conflict(error)
        except WikiError as error:
            self._state.set_text("Not saved")
            say_error(error)
        else:
            if saved is not None:
                await ui.run_javascript("window.khUnsaved = false")
                self._revision = saved.revision
                self._state.set_text("Saved, merged with a change made meanwhile" if saved.merged else "Saved")
                go(page_url(self._services, self._path))
        finally:
            self._save_button.enable()

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
        try:
            suggestion = await run.io_bound(self._services.review.propose, viewer_of(self._services), draft)
        except WikiError as error:
            self._state.set_text("Not sent")
            say_error(error)
            self._save_button.enable()
            return
        if suggestion is not None:
            await ui.run_javascript("window.khUnsaved = false")
            go(f"/app/review/{suggestion.id}")

    def _write(self) -> Saved:
        return save_page(
            self._services.workspace,
            self._services.repository,
            viewer_of(self._services),
            self._path,
            self._editor.value,
            base_revision=self._revision or None,
            message=(self._message.value or "").strip() or f"{'Edit' if self._revision else 'Add'} {self._path}",
        )

    def _show_conflict(self, error: EditConflict) -> None:
        self._state.set_text("Not saved: the page changed on the same lines")
        self._revision = error.revision
        self._conflict.clear()
        with self._conflict:
            ui.label("Somebody changed the same lines. Their change:").classes("kh-note kh-red")
            draw_diff(error.base, error.theirs)
            ui.label(
                "Your text is below with both sides marked. Keep what is right, remove the marks, and save again."
            ).classes("kh-quiet")
        self._editor.set_value(as_lf(error.merged))
