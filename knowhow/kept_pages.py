"""Pages that are kept, answered at once: before routing and without a thread, for nothing is waited for.

It is a middleware below all guards, so that what they refuse, add and count holds here too. Whether a page is kept and still
true, and for whom, the live site says each time; whatever it cannot tell at once goes on to the application.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from knowhow.access import current_viewer
from knowhow.security_headers import security_headers
from knowhow.services import Services
from wiki.site import CONTENT_SECURITY_POLICY, Rendered

__all__ = ["KeptPages", "PageResponse"]

_HEADERS = [
    (b"cache-control", b"private, no-cache"),  # ask again each time: an accepted edit is visible at once
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"vary", b"Accept-Encoding"),
    *security_headers("/")[1:],
]
_BODY_HEADERS = [*_HEADERS, (b"content-type", b"text/html; charset=utf-8")]
_GZIP_HEADERS = [*_BODY_HEADERS, (b"content-encoding", b"gzip")]


class KeptPages:
    """ASGI middleware. It answers only for paths in `site_paths`: those that no route took, as SiteApp found out."""

    def __init__(self, app: ASGIApp, *, services: Services, site_paths: set[str]) -> None:
        self._app, self._services, self._site_paths = app, services, site_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = self._kept(scope) if scope["type"] == "http" else None
        if page is None:
            await self._app(scope, receive, send)
        else:
            await PageResponse(page)(scope, receive, send)

    def _kept(self, scope: Scope) -> Rendered | None:
        if scope["path"] not in self._site_paths or scope["method"] not in ("GET", "HEAD"):
            return None
        return self._services.site.kept(scope["path"], current_viewer(Request(scope)).audience)


class PageResponse:
    """ASGI application: one page, as small as the client takes it, or 304 where the client has it already."""

    def __init__(self, page: Rendered, status: int = 200) -> None:
        self._page, self._status = page, status

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        page, status, body = self._page, self._status, self._page.html
        known = accepted = b""
        for name, value in scope["headers"]:
            if name == b"if-none-match":
                known += b"," + value
            elif name == b"accept-encoding":
                accepted += b"," + value
        headers, tag = _BODY_HEADERS, page.etag
        if accepted and _takes_gzip(accepted):
            headers, tag, body = _GZIP_HEADERS, f"{page.etag}-gzip", page.gzipped
        if status == 200:
            etag = f'"{tag}"'.encode()
            if etag in known:
                status, headers, body = 304, _HEADERS, b""
            headers = [*headers, (b"etag", etag)]
        if status != 304:
            headers = [*headers, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


@lru_cache(maxsize=128)
def _takes_gzip(accepted: bytes) -> bool:
    """Whether an Accept-Encoding names gzip, and not with a weight of 0."""
    for part in accepted.decode("latin-1").lower().split(","):
        name, *parameters = (word.strip() for word in part.split(";"))
        if name == "gzip":
            weights = [word[2:] for word in parameters if word.startswith("q=")]
            return not weights or weights[0].strip("0.") != ""
    return False
