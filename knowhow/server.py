"""The FastAPI application: the API, the web pages and the live site on one port."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import knowhow
from knowhow import metrics, problems
from knowhow.access import LoopbackGuard
from knowhow.api import create_router
from knowhow.body_limit import BodyLimit
from knowhow.drawing_ahead import Ahead, Traffic
from knowhow.error_docs import create_error_docs
from knowhow.kept_pages import KeptPages
from knowhow.probes import create_probes
from knowhow.security_headers import SecurityHeaders
from knowhow.services import Services
from knowhow.site_routes import SiteApp
from knowhow.tidying import Tidier
from knowhow.watcher import Watcher

__all__ = ["create_app"]

log = logging.getLogger(__name__)


def create_app(services: Services, *, with_ui: bool = True) -> FastAPI:
    """The whole server over open services. Its lifespan starts and stops the jobs and the watcher of outside edits."""
    app = FastAPI(
        title="Knowhow",
        version=knowhow.__version__,
        description="The wiki's HTTP API. Every call gives and takes only what its viewer may read.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # nothing leaves the machine
        redirect_slashes=False,  # /metrics/ is a page named metrics, not the figures
    )
    app.state.services = services
    app.state.ready = threading.Event()
    app.state.traffic = Traffic()
    site_paths: set[str] = set()
    app.add_middleware(KeptPages, services=services, site_paths=site_paths)
    app.add_middleware(BodyLimit, max_mb=services.settings.server.max_upload_mb)
    app.add_middleware(LoopbackGuard)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(_Timed, traffic=app.state.traffic)
    problems.install(app)
    app.include_router(create_router())
    app.include_router(create_probes())
    app.include_router(create_error_docs())
    if with_ui:
        from knowhow.ui import install_ui

        install_ui(app, services)
    app.router.default = SiteApp(services, site_paths)  # no mount: a known path with a method that it has not stays a 405
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    services: Services = app.state.services
    ahead = Ahead(services, app.state.traffic)
    watcher = Watcher(services, then=ahead.changed)
    tidier = Tidier(services.repository)

    def prepare() -> None:
        """Bring index and site up to date while the server already answers; /readyz says when it is done."""
        try:
            services.index.refresh()
            services.site.page("/", services.local_admin.audience)  # loads MkDocs, so that no reader waits for it
            services.jobs.start()
        except Exception:
            log.exception("Start-up did not finish; /readyz stays unready")
        else:
            gc.freeze()  # what is loaded by now stays; not looking through it again saves 4 to 11 % of a page's time
            app.state.ready.set()
            if services.vectors is not None:
                services.vectors.refresh()
            ahead.start()
            for derived in ("firm", "links"):
                getattr(services, derived)  # reads every page, so that nobody waits for it

    preparing = threading.Thread(target=prepare, name="prepare", daemon=True)
    preparing.start()
    watcher.start()
    tidier.start()
    try:
        yield
    finally:
        tidier.stop()
        watcher.stop()
        preparing.join(timeout=30)
        ahead.stop()
        services.jobs.stop()
        if services.vectors is not None:
            services.vectors.stop()


class _Timed:
    """ASGI middleware: counts requests and their time by the first part of the path, never by page, query or person."""

    def __init__(self, app: ASGIApp, *, traffic: Traffic) -> None:
        self._app, self._traffic = app, traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        self._traffic.begun()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._traffic.ended()
            metrics.observe_request(scope["path"], scope["method"], status, perf_counter() - started)
