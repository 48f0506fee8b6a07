"""POST /ask, whole or streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from assistant.answering import Cited, Done, Event, Token
from knowhow.api.context import Asking, InUse
from knowhow.api.schemas import AnswerOut, AskIn, CitationOut, as_json
from knowhow.problems import problem_of
from wiki.access import Level, require
from wiki.errors import WikiError

router = APIRouter(tags=["ask"])

_EXAMPLE = 'event: token\ndata: {"text": "Maya owns it [1]."}\n\nevent: done\ndata: {"answer": "Maya owns it [1].", "answered": true, …}\n\n'


@router.post("/ask", response_model=AnswerOut, responses={200: {"content": {"text/event-stream": {"example": _EXAMPLE}}}})
def ask(services: InUse, viewer: Asking, body: AskIn, request: Request) -> Response | AnswerOut:
    """An answer from the pages that the viewer may read, with checked citations.

    With `Accept: text/event-stream` it comes as the events `token` {"text"}, `citation`, and last `done` with the whole
    answer (which counts: a sentence without support is not in it) or `error` with a problem.
    """
    require(viewer, Level.READER, "ask")
    if "text/event-stream" in request.headers.get("accept", ""):
        events = services.asker.stream(body.question, viewer, conversation=body.conversation)
        first = next(events)  # what is refused is refused before the stream begins
        return StreamingResponse(
            _frames(chain([first], events)), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )
    return AnswerOut.of(services.asker.ask(body.question, viewer, conversation=body.conversation))


def _frames(events: Iterator[Event]) -> Iterator[str]:
    try:
        for event in events:
            match event:
                case Token():
                    yield _frame("token", {"text": event.text})
                case Cited():
                    c = event.citation
                    out = CitationOut(page=c.page_path, section=c.section, anchor=c.anchor, quote=c.quote, revision=c.revision)
                    yield _frame("citation", as_json(out))
                case Done():
                    yield _frame("done", as_json(AnswerOut.of(event.answer)))
    except WikiError as error:
        yield _frame("error", problem_of(error))


def _frame(event: str, data: dict[str, Any]) -> str:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
