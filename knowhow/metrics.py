"""Figures for Prometheus. Labels never hold a page, a query or a person."""

from __future__ import annotations

from functools import cache

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

__all__ = ["observe_request", "observe_state", "render"]

_registry = CollectorRegistry()
_requests = Counter("knowhow_requests", "Requests answered", ["area", "method", "status"], registry=_registry)
_seconds = Histogram(
    "knowhow_request_seconds",
    "Time to answer a request",
    ["area"],
    registry=_registry,
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
_pages = Gauge("knowhow_pages", "Pages in the workspace", registry=_registry)
_suggestions = Gauge("knowhow_open_suggestions", "Suggestions that wait for a decision", registry=_registry)

_AREAS = {"api", "app", "healthz", "readyz", "metrics", "assets"}
_METHODS = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"}


def observe_request(path: str, method: str, status: int, seconds: float) -> None:
    """Count one request; `path` is reduced to its area."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    area = first if first in _AREAS else "site"
    requests, durations = _figures(area, method if method in _METHODS else "other", status // 100)
    requests.inc()
    durations.observe(seconds)


@cache
def _figures(area: str, method: str, hundreds: int) -> tuple[Counter, Histogram]:
    return _requests.labels(area, method, f"{hundreds}xx"), _seconds.labels(area)


def observe_state(*, pages: int, open_suggestions: int) -> None:
    _pages.set(pages)
    _suggestions.set(open_suggestions)


def render() -> bytes:
    """The figures in Prometheus' text format."""
    return generate_latest(_registry)
