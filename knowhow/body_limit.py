"""No request body larger than the settings allow, whatever route it is for."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from knowhow.problems import problem_response

__all__ = ["BodyLimit"]


class BodyLimit:
    """ASGI middleware: refuses a body that is, or says it is, larger than `max_mb` megabytes before it is held in memory."""

    def __init__(self, app: ASGIApp, *, max_mb: int) -> None:
        self._app, self._max_mb, self._max_bytes = app, max_mb, max_mb * 1_000_000

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"]).get(b"content-length", b"")
        if said.isdigit() and int(said) > self._max_bytes:
            hint = "Send less at a time, or raise server.max_upload_mb."
            await problem_response(413, "too-large", self._detail, hint)(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > self._max_bytes:  # a body sent in chunks does not say how large it is
                raise HTTPException(413, self._detail)
            return message

        await self._app(scope, counted, send)

    @property
    def _detail(self) -> str:
        return f"The request is larger than {self._max_mb} MB."
