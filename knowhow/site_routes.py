"""The live site over HTTP: whatever path no other route took."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from knowhow.access import current_viewer
from knowhow.problems import problem_response
from knowhow.services import Services
from wiki.site import CONTENT_SECURITY_POLICY, Asset, Redirect, Rendered

__all__ = ["SiteApp"]

PAGE_HEADERS = {
    "Cache-Control": "private, no-cache",  # ask again each time: an accepted edit is visible at once
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
}
ASSET_HEADERS = {"Cache-Control": "private, max-age=60"}


class SiteApp:
    """ASGI application: pages and assets of the live site, as the viewer may see them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope, receive)
        if request.url.path.startswith("/api/v1/"):
            response: Response = problem_response(
                404, "not-found", "There is no such call.", "/api/openapi.json describes every call."
            )
        elif request.method not in ("GET", "HEAD"):
            response = problem_response(
                405, "method-not-allowed", "Pages are read with GET.", "Writing goes through /api/v1/pages."
            )
            response.headers["Allow"] = "GET, HEAD"
        else:
            response = await to_thread.run_sync(self._respond, request)
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        site = self._services.site
        audience = current_viewer(request).audience
        path = request.scope["path"]
        found = site.page(path, audience)
        if isinstance(found, Rendered):
            return _page(request, found)
        if isinstance(found, Redirect):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{found.url}{query}", status_code=307)
        asset = site.asset(path, audience)
        if asset is not None:
            return _asset(asset)
        if "text/html" in request.headers.get("accept", "text/html") or path.endswith("/"):
            return Response(site.not_found(audience).html, 404, PAGE_HEADERS, "text/html")
        return problem_response(404, "not-found", f"There is nothing at {quote(path)}.", "Look at the start page.")


def _page(request: Request, page: Rendered) -> Response:
    etag = f'"{page.etag}"'
    headers = {**PAGE_HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(page.html, headers=headers, media_type="text/html")


def _asset(asset: Asset) -> Response:
    headers = {**ASSET_HEADERS, **({"Content-Security-Policy": "sandbox"} if asset.sandboxed else {})}
    if asset.path is not None:
        return FileResponse(asset.path, headers=headers, media_type=asset.media_type)
    return Response(asset.data, headers=headers, media_type=asset.media_type)
