"""What browsers are told about every answer: who may frame it, what it may load, and that its type is what it says."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SecurityHeaders", "security_headers"]

_FRAMES = "frame-ancestors 'self'"
_DATA = f"default-src 'none'; {_FRAMES}"
_APP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "  # NiceGUI's own
    "img-src 'self' data: blob: https:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    f"base-uri 'self'; form-action 'self'; {_FRAMES}"
)
_POLICIES = (
    ("/app", _APP),
    ("/docs", f"default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; {_FRAMES}"),
    ("/api", _DATA),
    ("/healthz", _DATA),
    ("/readyz", _DATA),
    ("/metrics", _DATA),
)
_NAMES = frozenset([b"content-security-policy", b"x-content-type-options", b"referrer-policy"])


def security_headers(path: str) -> list[tuple[bytes, bytes]]:
    """What an answer at this path says where it does not say otherwise."""
    policy = next((policy for prefix, policy in _POLICIES if path == prefix or path.startswith(f"{prefix}/")), _FRAMES)
    return [
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
    ]


class SecurityHeaders:
    """ASGI middleware: adds what an answer does not say by itself. Pages and files of the site say more (`site_routes.py`)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", ())
                if missing := _NAMES.difference([name for name, _ in headers]):
                    more = (header for header in security_headers(scope["path"]) if header[0] in missing)
                    message["headers"] = [*headers, *more]
            await send(message)

        await self._app(scope, receive, told)
