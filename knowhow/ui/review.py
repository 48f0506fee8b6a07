"""/app/review: suggestions with their evidence; accept whole, by hunk or edited; reject with a reason."""

from __future__ import annotations

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.diff import draw_hunk
from knowhow.ui.frame import empty, frame, go, link, page_url, say_error, viewer_of
from wiki.editing import page_revision
from wiki.errors import WikiError
from wiki.markup import as_lf
from wiki.pages import hunks
from wiki.review import ReviewItem, Suggestion

__all__ = ["create"]


def create(services: Services) -> None:
    """Register the list and the page of one suggestion."""

    @ui.page("/review")
    async def list_page() -> None:
        with frame(services, "Review", place="Review"):
            items = await run.io_bound(services.review.list, viewer_of(services), status="open", limit=200) or []
            if not items:
                empty("Nothing waits for a decision. Suggestions come from the Inbox and from colleagues.")
            for item in items:
                _row(item)

    @ui.page("/review/{id}")
    async def item_page(id: str) -> None:
        try:
            item = await run.io_bound(services.review.get, viewer_of(services), id)
            revision = page_revision(services.workspace, services.repository, item.suggestion.page_path) if item else ""
        except WikiError as error:
            with frame(services, "Review", place="Review"):
                empty(f"{error.message} {error.hint}")
            return
        if item is not None:
            with frame(services, f"Review: {item.title}", place="Review"):
                _Card(services, item, revision)


def _row(item: ReviewItem) -> None:
    s = item.suggestion
    with ui.element("section").classes("kh-card"):
        with ui.row().classes("kh-row"):
            link(item.title, f"/app/review/{s.id}").classes("kh-title")
            ui.label(s.page_path).classes("kh-quiet")
            ui.label("new page" if s.action == "new_page" else "edit").classes("kh-tag")
            if item.conflict:
                ui.label("conflict").classes("kh-tag kh-red")
            ui.label(f"confidence {s.confidence:.0%}").classes("kh-quiet")
        ui.label(s.reason).classes("kh-text")
        _evidence(s)


def _evidence(suggestion: Suggestion) -> None:
    for evidence in suggestion.evidence:
        said = " · ".join(part for part in (evidence.author, f"{evidence.at:%Y-%m-%d %H:%M}" if evidence.at else "") if part)
        with ui.element("blockquote").classes("kh-evidence"):
            ui.label(f"“{evidence.quote}”").classes("kh-quote")
            ui.label(said).classes("kh-quiet")


class _Card:
    """One suggestion with what can be done about it."""

    def __init__(self, services: Services, item: ReviewItem, revision: str) -> None:
        self._services = services
        self._revision = revision
        self._item = item
        self._chosen: dict[int, ui.checkbox] = {}
        s = item.suggestion
        with ui.element("section").classes("kh-card"):
            ui.label(s.reason).classes("kh-text")
            _evidence(s)
            if s.action == "edit":
                link(s.page_path, page_url(self._services, s.page_path, s.section))
        if s.status != "open":
            decided = f"This suggestion was {s.status}" + (f" by {s.decided_by}" if s.decided_by else "") + "."
            ui.label(f"{decided} {s.decision_reason}").classes("kh-note")
            return
        if item.conflict:
            ui.label("The page changed on the same lines since. Both sides are below: put them together, then accept.").classes(
                "kh-note kh-red"
            )
            self._buttons(edited=True)
        else:
            self._hunks()
            self._buttons(edited=False)

    def _hunks(self) -> None:
        found = hunks(self._item.current_text, self._item.suggestion.new_text)
        for hunk in found:
            with ui.element("section").classes("kh-card kh-diff"):
                if len(found) > 1:
                    box = ui.checkbox(f"Take this change ({hunk.index + 1} of {len(found)})", value=True)
                    self._chosen[hunk.index] = box
                draw_hunk(hunk)

    def _buttons(self, *, edited: bool) -> None:
        item = self._item
        editor = ui.codemirror(as_lf(item.merged_text), language="Markdown", line_wrapping=True).classes("kh-editor")
        editor.set_visibility(edited)
        with ui.row().classes("kh-row kh-actions"):
            accept = ui.button("Accept", on_click=lambda: self._accept(editor.value if editor.visible else None))
            accept.props('unelevated no-caps data-testid="accept"')
            if not edited:
                ui.button("Edit first", on_click=lambda: editor.set_visibility(True)).props("outline no-caps")
            reason = ui.input(placeholder="Why not?").props('outlined dense aria-label="Reason for the rejection"')
            ui.button("Reject", on_click=lambda: self._reject(reason.value or "")).props("outline no-caps")

    async def _accept(self, text: str | None) -> None:
        review, viewer, suggestion = self._services.review, viewer_of(self._services), self._item.suggestion
        chosen = [index for index, box in self._chosen.items() if box.value]
        hunks = chosen if text is None and len(chosen) < len(self._chosen) else None
        base = self._revision or None
        try:
            done = await run.io_bound(review.accept, viewer, suggestion.id, text=text, hunks=hunks, base_revision=base)
        except WikiError as error:
            say_error(error)
            return
        if done is not None:
            go(page_url(self._services, done.page_path, done.section))

    async def _reject(self, reason: str) -> None:
        try:
            await run.io_bound(self._services.review.reject, viewer_of(self._services), self._item.suggestion.id, reason)
        except WikiError as error:
            say_error(error)
            return
        go("/app/review")
