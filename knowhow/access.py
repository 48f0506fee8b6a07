"""Who is asking: from a request to a viewer.

`access = "open"`: whoever reaches the server is admin. That is safe only on loopback, and only if no foreign web page can
use the visitor's browser to reach it: `LoopbackGuard` refuses requests for another host name (DNS rebinding) and writes
that a foreign origin sent.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from knowhow.problems import problem_response
from knowhow.settings import SettingsError
from wiki.access import Viewer

__all__ = ["LoopbackGuard", "current_viewer", "require_loopback"]

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def current_viewer(request: Request) -> Viewer:
    """FastAPI dependency: the viewer of this request."""
    viewer: Viewer = request.app.state.services.local_admin
    return viewer


def require_loopback(host: str) -> None:
    """Raise SettingsError where open access would listen on an address that others reach."""
    if not _is_loopback(host):
        raise SettingsError(
            f"With open access the server listens on loopback only, not on {host}.",
            hint="Leave server.host at 127.0.0.1 and put a reverse proxy with sign-in before it.",
        )


class LoopbackGuard:
    """ASGI middleware for open access: this machine's own host names only, and no writes from another site's pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and (refusal := _refusal(scope)):
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            else:
                await problem_response(403, "not-allowed", refusal, "Open Knowhow at its own address on this machine.")(
                    scope, receive, send
                )
            return
        await self._app(scope, receive, send)


def _refusal(scope: Scope) -> str:
    headers = {name: value.decode("latin-1") for name, value in scope["headers"] if name in (b"host", b"origin")}
    host = headers.get(b"host", "")
    if not _names_loopback(host):
        return f"This server does not answer for the host {host}."
    origin = headers.get(b"origin")
    # A page's own channel counts as writing from its first request on, or its answer would tell the other site that it may read.
    writes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS or "/_nicegui_ws/" in scope["path"]
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    if writes and origin is not None and _origin(origin) != _origin(f"{scheme}://{host}"):
        return f"A page of {origin} may not write here."
    return ""


def _origin(address: str) -> tuple[str, str, int | None]:
    """(scheme, host, port) of an address; ("", "", None), which no server has, for what is none."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", "", None


@lru_cache(maxsize=256)
def _names_loopback(host: str) -> bool:
    """Whether a `Host` header, port and all, names this machine."""
    try:
        return _is_loopback(urlsplit(f"//{host}").hostname or "")
    except ValueError:
        return False


def _is_loopback(name: str) -> bool:
    """By the address itself: a name that only looks like one (127.0.0.1.example.org) can point anywhere."""
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
