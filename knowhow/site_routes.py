"""The live site over HTTP: whatever path no other route took."""

from __future__ import annotations

from urllib.parse import quote

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from knowhow.access import current_viewer
from knowhow.kept_pages import PageResponse
from knowhow.problems import problem_response
from knowhow.services import Services
from wiki.site import Asset, Redirect, Rendered

__all__ = ["SiteApp"]

ASSET_HEADERS = {"Cache-Control": "private, max-age=60"}


class SiteApp:
    """ASGI application: pages and assets of the live site, as the viewer may see them. Paths of pages go into `site_paths`."""

    def __init__(self, services: Services, site_paths: set[str]) -> None:
        self._services, self._site_paths = services, site_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
            return
        request = Request(scope, receive)
        if request.url.path.startswith("/api/v1/"):
            response: ASGIApp = problem_response(
                404, "not-found", "There is no such call.", "/api/openapi.json describes every call."
            )
        elif request.method not in ("GET", "HEAD"):
            refusal = problem_response(
                405, "method-not-allowed", "Pages are read with GET.", "Writing goes through /api/v1/pages."
            )
            refusal.headers["Allow"] = "GET, HEAD"
            response = refusal
        else:
            response = await to_thread.run_sync(self._respond, request)
        await response(scope, receive, send)

    def _respond(self, request: Request) -> ASGIApp:
        site = self._services.site
        audience = current_viewer(request).audience
        path = request.scope["path"]
        found = site.page(path, audience)
        if isinstance(found, Rendered):
            self._site_paths.add(path)
            return PageResponse(found)
        if isinstance(found, Redirect):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/{found.url}{query}", status_code=307)
        asset = site.asset(path, audience)
        if asset is not None:
            return _asset(request, asset)
        folder = site.folder(path, audience)
        if isinstance(folder, Redirect):
            return RedirectResponse(f"/{folder.url}", status_code=307)
        if folder is not None:
            return PageResponse(folder)
        if "text/html" in request.headers.get("accept", "text/html") or path.endswith("/"):
            return PageResponse(site.not_found(audience), 404)
        return problem_response(404, "not-found", f"There is nothing at {quote(path)}.", "Look at the start page.")


def _asset(request: Request, asset: Asset) -> Response:
    headers = {**ASSET_HEADERS, **({"Content-Security-Policy": "sandbox"} if asset.sandboxed else {})}
    if asset.path is None:
        return Response(asset.data, headers=headers, media_type=asset.media_type)
    stat = asset.path.stat()
    file = FileResponse(asset.path, headers=headers, media_type=asset.media_type, stat_result=stat)
    if file.headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**headers, "ETag": file.headers["etag"]})
    return file
