"""One suggestion: what would change as a reader sees it, the words it rests on beside it, and what can be done about it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from nicegui import run, ui

from knowhow.services import Services
from knowhow.ui.changes import Change, changes_between, now_says
from knowhow.ui.conflict import draw_conflicts, split_merged
from knowhow.ui.diff import draw_hunk
from knowhow.ui.frame import link, local_time, page_url, plain_button, say_error, viewer_of
from wiki.editing import page_revision
from wiki.errors import WikiError
from wiki.markup import as_lf
from wiki.review import ReviewItem, Suggestion

__all__ = ["Card", "Decided", "how_sure"]

USUAL_REASONS = (
    "It is not true",
    "It meant something else",
    "It holds only this once",
    "It is not decided yet",
    "The page says so already",
)
CHANGES_SHOWN = 30

Decided = Callable[["Card"], Awaitable[None]]


def how_sure(suggestion: Suggestion) -> tuple[str, str]:
    """sure, likely or unsure, and why."""
    if not suggestion.evidence:
        return "sure", "a colleague wrote it"
    people = len({e.author for e in suggestion.evidence if e.author})
    said = f"said by {people} people" if people > 1 else "said once"
    if suggestion.confidence >= 0.85:
        return "sure", f"{said}, and it names what the page says now"
    if suggestion.confidence >= 0.6:
        return "likely", f"{said}, and it fits this place best"
    return "unsure", f"{said}; check that it means this place"


class Card:
    """Draws itself where it is made. `on_decided` is told once it is accepted, rejected or undone."""

    def __init__(self, services: Services, item: ReviewItem, on_decided: Decided, *, on_page: bool) -> None:
        self._services, self.item, self._on_decided = services, item, on_decided
        self._chosen: dict[int, ui.checkbox] = {}
        self._editor: ui.codemirror | None = None
        self.is_open = item.suggestion.status == "open"
        self._revision = ""
        with suppress(WikiError):
            self._revision = page_revision(services.workspace, services.repository, item.suggestion.page_path)
        s = item.suggestion
        self.section = ui.element("section").classes("kh-card kh-suggestion")
        self.section.props(f'data-suggestion="{s.id}" tabindex="-1"')
        with self.section:
            self._head(on_page=on_page)
            with ui.element("div").classes("kh-beside"):
                with ui.element("div").classes("kh-list"):
                    self._changes()
                with ui.element("div").classes("kh-list").props('role="group" aria-label="What it rests on"'):
                    _evidence(s)
            self._foot = ui.column().classes("kh-list")
            with self._foot:
                self._actions()

    async def accept(self, text: str | None = None) -> bool:
        """Accept what is chosen; False where it was refused, and the refusal shown."""
        review, viewer, suggestion = self._services.review, viewer_of(self._services), self.item.suggestion
        if text is None and self._editor is not None:
            text = self._editor.value
        chosen = [index for index, box in self._chosen.items() if box.value]
        only = chosen if text is None and len(chosen) < len(self._chosen) else None
        base = self._revision or None
        try:
            done = await run.io_bound(review.accept, viewer, suggestion.id, text=text, hunks=only, base_revision=base)
        except WikiError as error:
            say_error(error)
            return False
        if done is None:
            return False
        self._closed(done)
        await self._on_decided(self)
        return True

    def _head(self, *, on_page: bool) -> None:
        s = self.item.suggestion
        sure, why = how_sure(s)
        with ui.row().classes("kh-row"):
            if on_page:
                link("Open the page", page_url(self._services, s.page_path, s.section) if s.action == "edit" else "/app/review")
            else:
                link(self.item.title, f"/app/review/{s.id}").classes("kh-title")
            if s.action == "new_page":
                ui.label("new page").classes("kh-tag")
            if self.item.conflict:
                ui.label("both changed").classes("kh-tag kh-red")
            ui.label(sure).classes("kh-tag" + (" kh-amber" if sure == "unsure" else ""))
            ui.label(why).classes("kh-quiet")
        ui.label(s.reason).classes("kh-text")

    def _changes(self) -> None:
        s, services = self.item.suggestion, self._services
        if s.status == "open" and self.item.conflict:
            ui.label("The page changed on the same lines since. Choose for each what is to stand.").classes("kh-note kh-red")
            parts = split_merged(as_lf(self.item.merged_text), base=as_lf(s.base_text), theirs=as_lf(self.item.current_text))
            draw_conflicts(parts, mine="Suggested", theirs="The page now", on_done=self._settled)
            return
        found = changes_between(s.page_path, as_lf(self.item.current_text), as_lf(s.new_text), services.workspace.section_rules)
        for change in found[:CHANGES_SHOWN]:
            if len(found) > 1 and s.status == "open":
                label = f"Take this change ({change.hunk.index + 1} of {len(found)})"
                self._chosen[change.hunk.index] = ui.checkbox(label, value=True)
            _draw(change)
        if len(found) > CHANGES_SHOWN:
            ui.label(f"and {len(found) - CHANGES_SHOWN} more changes").classes("kh-quiet")

    async def _settled(self, text: str) -> None:
        await self.accept(text)

    def _actions(self) -> None:
        s = self.item.suggestion
        if s.status != "open":
            self._say_closed(s)
            return
        with ui.row().classes("kh-row kh-actions"):
            if not self.item.conflict:
                button = plain_button("Accept", self.accept, quiet=False)
                button.props('data-testid="accept" data-kh-key="a" aria-keyshortcuts="a"')
                plain_button("Edit first", self._edit).props('data-kh-key="e" aria-keyshortcuts="e"')
            plain_button("Reject", self._ask_why).props('data-kh-key="r" aria-keyshortcuts="r"')
        with ui.column().classes("kh-list kh-reasons") as self._reasons:
            ui.label("Why not? It is kept with the suggestion.").classes("kh-label")
            with ui.row().classes("kh-row"):
                for reason in USUAL_REASONS:
                    plain_button(reason, partial(self._reject, reason))
            with ui.row().classes("kh-row"):
                box = ui.input(placeholder="Or in your words").props('outlined dense aria-label="Reason for the rejection"')
                box.classes("kh-wide").on("keydown.enter", lambda: self._reject(box.value or ""))
                plain_button("Reject with this reason", lambda: self._reject(box.value or ""), quiet=False)
        self._reasons.set_visibility(False)

    def _ask_why(self) -> None:
        self._reasons.set_visibility(True)

    def _edit(self) -> None:
        if self._editor is not None:
            return
        with self._foot:
            self._editor = ui.codemirror(as_lf(self.item.merged_text), language="Markdown", line_wrapping=True)
            self._editor.classes("kh-editor").move(target_index=0)

    async def _reject(self, reason: str) -> None:
        try:
            done = await run.io_bound(self._services.review.reject, viewer_of(self._services), self.item.suggestion.id, reason)
        except WikiError as error:
            say_error(error)
            return
        if done is not None:
            self._closed(done)
            await self._on_decided(self)

    async def _undo(self) -> None:
        try:
            done = await run.io_bound(self._services.review.undo, viewer_of(self._services), self.item.suggestion.id)
        except WikiError as error:
            say_error(error)
            return
        if done is not None:
            self._closed(done)
            await self._on_decided(self)

    def _closed(self, suggestion: Suggestion) -> None:
        self.is_open = False
        self._foot.clear()
        self.section.classes("kh-decided")
        for box in self._chosen.values():
            box.disable()
        with self._foot:
            self._say_closed(suggestion)

    def _say_closed(self, s: Suggestion) -> None:
        title = self.item.title
        undone = s.status == "accepted" and s.decision_reason.startswith("Undone")
        with ui.row().classes("kh-row kh-note").props('role="status" data-testid="decided"'):
            if s.status == "accepted" and not undone:
                said = now_says(as_lf(self.item.current_text), as_lf(s.new_text))
                ui.label(f"{title} now says “{said}”" if said else f"{title} was changed.")
                link("See the page", page_url(self._services, s.page_path, s.section))
                plain_button("Undo", self._undo)
            elif undone:
                ui.label(f"{s.decision_reason} {title} is as it was before.")
            elif s.status == "rejected":
                ui.label(f"Rejected: {s.decision_reason}")
            else:
                ui.label(f"No longer needed. {s.decision_reason}")
            if s.decided_by and not undone:
                ui.label(f"by {s.decided_by}").classes("kh-quiet")
            if s.decided_at:
                local_time(s.decided_at)
            self.after = ui.row().classes("kh-row")


def _draw(change: Change) -> None:
    with ui.element("div").classes("kh-change"):
        if change.heading:
            ui.label(change.heading).classes("kh-change-heading")
        if not change.before and not change.after:
            draw_hunk(change.hunk)
            return
        with ui.element("div").classes("kh-sides"):
            for name, kind, content in (("Before", "before", change.before), ("After", "after", change.after)):
                with ui.element("div").classes(f"kh-side kh-{kind}"):
                    ui.label(name).classes("kh-quiet")
                    ui.html(content or '<p class="kh-quiet">nothing</p>', sanitize=False).classes("kh-rendered")


def _evidence(suggestion: Suggestion) -> None:
    for evidence in suggestion.evidence:
        with ui.element("blockquote").classes("kh-evidence"):
            ui.label(f"“{evidence.quote}”").classes("kh-quote")
            with ui.row().classes("kh-row"):
                if evidence.author:
                    ui.label(evidence.author).classes("kh-quiet")
                if evidence.at:
                    local_time(evidence.at)
