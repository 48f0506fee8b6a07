"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

import knowhow
from knowhow import metrics
from knowhow.services import Services

__all__ = ["create_probes"]


def create_probes() -> APIRouter:
    router = APIRouter(tags=["probes"])

    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz")
    def healthz() -> dict[str, str]:
        """Alive: the process answers."""
        return {"status": "ok", "version": knowhow.__version__}

    @router.head("/readyz", include_in_schema=False)
    @router.get("/readyz", responses={503: {"description": "Still preparing the index or the site"}})
    def readyz(request: Request) -> JSONResponse:
        """Ready: the index and the site are up to date and jobs run."""
        ready, services = request.app.state.ready.is_set(), request.app.state.services
        body: dict[str, object] = {"status": "ready" if ready else "starting"}
        if services.vectors is not None:
            progress = services.vectors.progress
            body["embeddings"] = {"done": progress.done, "pages": progress.pages}
        return JSONResponse(body, status_code=200 if ready else 503)

    @router.get("/metrics", response_class=Response)
    def figures(request: Request) -> Response:
        """Prometheus figures."""
        services: Services = request.app.state.services
        metrics.observe_state(
            pages=len(services.workspace.page_paths()), open_suggestions=services.review.count_open(services.local_admin)
        )
        return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)

    return router
