"""One update in the Inbox: how far it is, what became of it in one line, and every statement when that line is opened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from nicegui import ui

from ingest.update import Entry, Update
from knowhow.services import Services
from knowhow.ui.frame import link, local_time, page_url
from knowhow.ui.outcome import Outcome, Statement, outcome_of
from wiki.access import Viewer
from wiki.review import Flag, ReviewItem

__all__ = ["CHANNELS", "Row", "draw_update", "read_row"]

CHANNELS = {
    "chat": "Chat",
    "email": "Mail",
    "meeting": "Meeting",
    "voice": "Voice memo",
    "document": "Document",
    "note": "Note",
}
STATUS_WORDS = {
    "open": "waits for you",
    "accepted": "accepted",
    "rejected": "rejected",
    "superseded": "no longer needed",
}
STATEMENTS_SHOWN = 200
TEXT_SHOWN = 20_000
ASIDE_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An update with everything that is shown of it."""

    update: Update
    outcome: Outcome
    items: tuple[ReviewItem, ...]
    flags: tuple[Flag, ...]


def read_row(services: Services, viewer: Viewer, update_id: str) -> Row:
    """Raises NotFound. Suggestions and flags on pages that the viewer may not read are left out."""
    update = services.updates.get(update_id)
    entries: Sequence[Entry] = services.updates.entries(update_id)
    results = services.updates.results(update_id)
    items = tuple(services.review.get(viewer, key) for key in services.review.seen(viewer, results.suggestions))
    flags = tuple(services.flags.get(viewer, key) for key in services.flags.seen(viewer, results.flags))
    return Row(
        update=update, outcome=outcome_of(update, entries, [i.suggestion for i in items], flags), items=items, flags=flags
    )


def draw_update(services: Services, row: Row, *, before: int, note: str, again: Callable[[str], Awaitable[None]]) -> None:
    """The card of one update. `before` others are read first; `note` is said on top."""
    update = row.update
    with ui.element("section").classes("kh-card"):
        if note:
            ui.label(note).classes("kh-note").props('role="status"')
        with ui.row().classes("kh-row"):
            ui.label(CHANNELS.get(update.channel, update.channel.capitalize())).classes("kh-title")
            for part in (update.author, update.source_name):
                if part:
                    ui.label(part).classes("kh-quiet")
            local_time(update.received_at)
        for remark in update.notes:
            ui.label(remark).classes("kh-note")
        if update.status in ("queued", "running"):
            _progress(update.status, before)
        elif update.status == "failed":
            ui.label(update.error).classes("kh-note kh-red").props('role="status"')
            ui.button("Try again", on_click=lambda: again(update.id)).props("outline no-caps").classes("kh-fit")
        else:
            _outcome(services, row)


def _progress(status: str, before: int) -> None:
    with ui.row().classes("kh-row").props('role="status"'):
        ui.spinner(size="1em")
        waiting = f"Waiting: {before} before it" if before else "Waiting"
        ui.label("Being read …" if status == "running" else f"{waiting} …").classes("kh-quiet")


def _outcome(services: Services, row: Row) -> None:
    titles = {item.suggestion.id: item.title for item in row.items}
    with ui.element("details").classes("kh-outcome"):
        with ui.element("summary"):
            ui.label(row.outcome.line).props('role="status"')
        for statement in row.outcome.statements[:STATEMENTS_SHOWN]:
            _statement(services, statement, titles)
        left = len(row.outcome.statements) - STATEMENTS_SHOWN
        if left > 0:
            ui.label(f"and {left:,} more statements").classes("kh-quiet")
        if not row.outcome.statements:
            ui.label("Nothing in it says that something is, was decided, is asked or stands in the way.").classes("kh-quiet")
        if row.update.text:
            with ui.expansion("What came in").classes("kh-wide"):
                ui.label(row.update.text[:TEXT_SHOWN]).classes("kh-text kh-raw")
                if len(row.update.text) > TEXT_SHOWN:
                    link("All of it", f"/api/v1/updates/{row.update.id}")
        if row.update.aside:
            with ui.expansion(f"What was left out ({len(row.update.aside)})").classes("kh-wide"):
                ui.label(_left_out(row.update)).classes("kh-text kh-raw")
    for item in row.items:
        with ui.row().classes("kh-row"):
            what = "New page" if item.suggestion.action == "new_page" else "Suggestion"
            ui.label(what).classes("kh-tag")
            link(item.title, f"/app/review/{item.suggestion.id}")
            ui.label(STATUS_WORDS[item.suggestion.status]).classes("kh-quiet")
    for flag in row.flags:
        with ui.row().classes("kh-row"):
            ui.label("Doubt").classes("kh-tag kh-amber")
            link(f"{flag.page_path} may say otherwise", page_url(services, flag.page_path, flag.section))


def _left_out(update: Update) -> str:
    lines = [f"{turn.author}: {turn.text}" if turn.author else turn.text for turn in update.aside[:ASIDE_SHOWN]]
    more = len(update.aside) - len(lines)
    return "\n".join([*lines, *([f"… and {more} more"] if more else [])])


def _statement(services: Services, statement: Statement, titles: dict[str, str]) -> None:
    entry = statement.entry
    with ui.element("div").classes("kh-entry"):
        ui.label(entry.kind).classes("kh-tag")
        with ui.element("div"):
            ui.label(f"“{entry.quote}”" + (f" {entry.author}" if entry.author else "")).classes("kh-quote")
            for suggestion in statement.suggestions:
                link(f"→ {titles.get(suggestion.id, suggestion.page_path)}", f"/app/review/{suggestion.id}")
            for flag in statement.flags:
                link(f"→ doubt about {flag.page_path}", page_url(services, flag.page_path, flag.section))
            if not statement.suggestions and not statement.flags:
                ui.label("changed no page").classes("kh-quiet")
