"""Errors as `application/problem+json` (RFC 9457): one shape for everything that the API refuses."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from assistant.chat import ModelError
from assistant.embeddings import EmbeddingsUnavailable
from knowhow.security_headers import security_headers
from wiki.errors import EditConflict, InvalidInput, NotAllowed, NotFound, StaleRevision, StorageError, WikiError, WorkspaceBusy
from wiki.review import AlreadyDecided, OpenFlags

__all__ = [
    "PROBLEM_RESPONSES",
    "PreconditionRequired",
    "Problem",
    "install",
    "problem_body",
    "problem_of",
    "problem_response",
]

log = logging.getLogger(__name__)


class PreconditionRequired(WikiError):
    code = "precondition-required"


STATUS: dict[type[WikiError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    InvalidInput: 422,
    StaleRevision: 409,
    EditConflict: 409,
    AlreadyDecided: 409,
    OpenFlags: 409,
    PreconditionRequired: 428,
    WorkspaceBusy: 503,
    ModelError: 503,
    EmbeddingsUnavailable: 503,
    StorageError: 507,
}


HTTP_CODES = {403: "not-allowed", 404: "not-found", 405: "method-not-allowed", 413: "too-large"}
"""The codes of refusals by the web framework itself; any other status of its is HTTP_ERROR."""
HTTP_ERROR = "http-error"


class Problem(BaseModel):
    """What went wrong and what to do. `code` is stable and has a heading in docs/errors.md."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "example": {
                "type": "/docs/errors#not-found",
                "title": "Not found",
                "status": 404,
                "code": "not-found",
                "detail": "There is no page processes/none.md.",
                "hint": "Search for it, or look at the start page.",
            }
        },
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    hint: str = Field("", description="What the person can do about it.")


_PROBLEM: dict[str, Any] = {
    "model": Problem,
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: {**_PROBLEM, "description": "The request cannot be read"},
    403: {**_PROBLEM, "description": "Not allowed"},
    404: {**_PROBLEM, "description": "Not found, or not for this viewer"},
    409: {**_PROBLEM, "description": "The page or suggestion moved on"},
    413: {**_PROBLEM, "description": "Too large"},
    422: {**_PROBLEM, "description": "The request cannot be used"},
    428: {**_PROBLEM, "description": "If-Match is missing"},
    503: {**_PROBLEM, "description": "A part that this needs does not answer"},
    507: {**_PROBLEM, "description": "The disk or the database refused the write"},
}


def problem_body(status: int, code: str, detail: str, hint: str = "", **extra: Any) -> dict[str, Any]:
    return {
        "type": f"/docs/errors#{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint,
        **extra,
    }


def problem_of(error: WikiError) -> dict[str, Any]:
    """The problem that an error is, with every side of a conflict."""
    status = next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 400)
    sides: dict[str, Any] = {}
    if isinstance(error, EditConflict):
        sides = {name: getattr(error, name) for name in ("base", "theirs", "ours", "merged", "revision")}
    return problem_body(status, error.code, error.message, error.hint, **sides)


def problem_response(status: int, code: str, detail: str, hint: str = "", **extra: Any) -> JSONResponse:
    return _response(problem_body(status, code, detail, hint, **extra))


def install(app: FastAPI) -> None:
    """Answer every refusal of `app` with a problem."""
    app.add_exception_handler(WikiError, _wiki_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _bug)


def _wiki_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WikiError)
    return _response(problem_of(error))


def _validation_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    rows = [{"where": ".".join(str(part) for part in e["loc"]), "message": str(e["msg"])} for e in error.errors()]
    detail = "; ".join(f"{row['where']}: {row['message']}" for row in rows)
    return problem_response(422, "invalid-input", detail, "/api/openapi.json describes every call.", errors=rows)


def _http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = HTTP_CODES.get(error.status_code, HTTP_ERROR)
    response = problem_response(error.status_code, code, str(error.detail), "/api/openapi.json describes every call.")
    response.headers.update(error.headers or {})
    return response


def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("A bug in %s %s", request.method, request.url.path, exc_info=error)
    response = problem_response(
        500, "internal-error", "Something went wrong inside Knowhow.", "The log has the details; please report them."
    )
    response.raw_headers += security_headers(request.url.path)  # it is sent from beyond every middleware
    return response


def _response(body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, status_code=body["status"], media_type="application/problem+json")
