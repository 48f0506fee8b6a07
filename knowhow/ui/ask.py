"""/app/ask: questions in, cited answers out, streamed as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from nicegui import run, ui

from assistant.answering import Answer, Done, Event, Token
from knowhow.services import Services
from knowhow.ui.frame import frame, link, page_url, say_error, viewer_of
from wiki.errors import WikiError

__all__ = ["create"]


def create(services: Services) -> None:
    """Register the page."""

    @ui.page("/ask")
    async def page(q: str = "") -> None:
        with frame(services, "Ask", place="Ask"):
            ui.label("Answers come from the pages that you may read, with the words they rest on.").classes("kh-quiet")
            talk = ui.column().classes("kh-list")
            with ui.row().classes("kh-row"):
                box = ui.input(placeholder="How do we …? Who owns …? When …?", value=q).classes("kh-wide")
                box.props('outlined dense autofocus aria-label="Your question"')
                button = ui.button("Ask").props("unelevated no-caps")
        conversation: dict[str, str | None] = {"id": None}

        async def ask() -> None:
            question = (box.value or "").strip()
            if not question or not button.enabled:
                return
            box.set_value("")
            button.disable()
            with talk:
                ui.label(question).classes("kh-question")
                shown = ui.column().classes("kh-card kh-answer").props('aria-live="polite"')
            try:
                answer = await _stream(services, question, conversation["id"], shown)
                if answer is not None:
                    conversation["id"] = answer.conversation
            except WikiError as error:
                shown.delete()
                box.set_value(question)
                say_error(error)
            finally:
                button.enable()

        button.on_click(ask)
        box.on("keydown.enter", ask)
        if q:
            ui.timer(0, ask, once=True)


async def _stream(services: Services, question: str, conversation: str | None, shown: ui.column) -> Answer | None:
    with shown:
        text = ui.label("…")
    written = ""
    events = services.asker.stream(question, viewer_of(services), conversation=conversation)
    while (event := await run.io_bound(_next, events)) is not None:
        match event:
            case Token():
                written += event.text
                text.set_text(written)
            case Done():
                shown.clear()
                with shown:
                    _answer(services, event.answer)
                return event.answer
        await asyncio.sleep(0)
    return None


def _next(events: Iterator[Event]) -> Event | None:
    return next(events, None)


def _answer(services: Services, answer: Answer) -> None:
    if answer.note:
        ui.label(answer.note).classes("kh-note")
    ui.label(answer.text).classes("kh-text").props('data-testid="answer"')
    for number, citation in enumerate(answer.citations, 1):
        title, section = citation.page_title, citation.section
        with ui.element("div").classes("kh-citation"):
            ui.label(f"[{number}]").classes("kh-quiet")
            place = f"{title} › {section}" if section and section != title else title
            link(place, page_url(services, citation.page_path, citation.anchor))
            if answer.model:  # an extracted answer is its quotes
                ui.label(f"“{citation.quote}”").classes("kh-quote")
    by = f"Written by {answer.model} from the pages" if answer.model else "Extracted from the pages, no model"
    ui.label(f"{by} · {answer.took_ms:.0f} ms").classes("kh-quiet")
