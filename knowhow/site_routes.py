"""The live site over HTTP: whatever path no other route took."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from knowhow.access import current_viewer
from knowhow.api.problems import problem_response
from knowhow.services import Services

__all__ = ["SiteApp"]


class SiteApp:
    """ASGI application: pages and assets of the live site, as the viewer may see them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if request.method not in ("GET", "HEAD"):
            response: Response = problem_response(
                405, "method-not-allowed", "Pages are read with GET.", "Writing goes through /api/v1/pages."
            )
        elif request.url.path.startswith("/api/"):
            response = problem_response(404, "not-found", "There is no such call.", "/api/openapi.json describes every call.")
        else:
            response = await run_in_threadpool(self._respond, request)
        await response(scope, receive, send)

    def _respond(self, request: Request) -> Response:
        site = self._services.site
        audience = current_viewer(request).audience
        raise NotImplementedError(site, audience)


_ = (FileResponse, RedirectResponse)
