"""POST /updates (text as JSON, files as multipart), GET /updates and /updates/{id}."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from ingest.readers import pasted_channel
from ingest.update import Update
from knowhow.api.context import Asking, Cursor, InUse, Limit, after, next_cursor
from knowhow.api.schemas import AcceptedOut, UpdateIn, UpdateList, UpdateOut
from knowhow.services import Services
from wiki.access import Level, Viewer, require
from wiki.errors import InvalidInput

router = APIRouter(prefix="/updates", tags=["updates"])

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": UpdateIn.model_json_schema()},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "minItems": 1, "items": {"type": "string", "format": "binary"}},
                        "author": {"type": "string", "maxLength": 200},
                    },
                }
            },
        },
    }
}


@router.post("", status_code=202, openapi_extra=_BODY)
async def create_update(services: InUse, viewer: Asking, request: Request) -> AcceptedOut:
    """Take in news: a text, or files (chats, mails, transcripts, documents, recordings). The same one twice is one update."""
    require(viewer, Level.CONTRIBUTOR, "bring in updates")
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        updates = await _files(services, viewer, request)
    elif request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise InvalidInput(  # other types can be sent by another site's page without asking first
            "An update is sent as application/json or multipart/form-data.", hint="Set the Content-Type header."
        )
    else:
        incoming = await _text(request)
        updates = await run_in_threadpool(
            _run,
            services,
            services.intake.take_text,
            incoming.channel or pasted_channel(incoming.text),
            incoming.text,
            author=incoming.author or "",
            occurred_at=incoming.occurred_at,
        )
    return AcceptedOut(id=updates[0].id, status=updates[0].status, updates=[u.id for u in updates])


@router.get("")
def list_updates(
    services: InUse,
    viewer: Asking,
    status: Annotated[str | None, Query(pattern="^(queued|running|done|failed)$")] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> UpdateList:
    """Updates, newest first."""
    require(viewer, Level.CONTRIBUTOR, "read updates")
    updates = services.updates.list(status=status, limit=limit, before=after(cursor) or None)
    return UpdateList(
        items=[update_out(services, viewer, u) for u in updates], next=next_cursor([u.id for u in updates], limit)
    )


@router.get("/{id}")
def get_update(services: InUse, viewer: Asking, id: str) -> UpdateOut:
    """An update and what became of it."""
    require(viewer, Level.CONTRIBUTOR, "read updates")
    return update_out(services, viewer, services.updates.get(id))


def _run(services: Services, take: Callable[..., list[Update]], *what: Any, **more: Any) -> list[Update]:
    """Take something in and hand it to the jobs at once: a bad file after it changes nothing for this one."""
    updates = take(*what, **more)
    for update in updates:
        services.jobs.submit(update.id, again=update.status == "failed")
    return updates


def update_out(services: Services, viewer: Viewer, update: Update) -> UpdateOut:
    """The update with those of its suggestions and flags that exist for the viewer."""
    results = services.updates.results(update.id)
    suggestions = list(services.review.seen(viewer, results.suggestions))
    return UpdateOut.of(update, services.updates.entries(update.id), suggestions, services.flags.seen(viewer, results.flags))


async def _text(request: Request) -> UpdateIn:
    try:
        return UpdateIn.model_validate_json(await request.body())
    except ValidationError as error:
        rows = "; ".join(f"{'.'.join(str(p) for p in e['loc']) or 'body'}: {e['msg']}" for e in error.errors())
        raise InvalidInput(rows, hint="/api/openapi.json describes every call.") from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(f"The body is not JSON: {error}.", hint="/api/openapi.json describes every call.") from error


async def _files(services: Services, viewer: Viewer, request: Request) -> list[Update]:
    updates: list[Update] = []
    try:
        async with request.form(max_files=50, max_fields=20) as form:
            author = str(form.get("author") or viewer.name)[:200]
            for part in form.getlist("files"):
                if isinstance(part, UploadFile):
                    data = await part.read()
                    take = services.intake.take_file
                    updates += await run_in_threadpool(_run, services, take, part.filename or "file", data, author=author)
    except HTTPException as error:
        if error.status_code == 413:
            raise
        raise InvalidInput(
            f"The form cannot be read: {error.detail}.", hint="Send each file as a part named `files`."
        ) from error
    if not updates:
        raise InvalidInput("No file was sent.", hint="Send each file as a part named `files`.")
    return updates
