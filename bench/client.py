"""A small HTTP client on one kept connection: little else than the server's time is measured."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["API", "Client", "Reply"]

API = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """`took_ms` is from before the request is sent until the whole body is there."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    took_ms: float

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """Not thread-safe: one for each client that is played."""

    def __init__(self, base: str) -> None:
        address = urlsplit(base)
        self._connection = http.client.HTTPConnection(address.hostname or "127.0.0.1", address.port, timeout=120)
        self._connection.connect()
        self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def get(self, path: str, *, expect: int = 200, **query: object) -> Reply:
        """GET a quoted path. Ends the benchmark where the status is not the one expected."""
        return self.send("GET", f"{path}?{urlencode(query)}" if query else path, expect=expect)

    def send(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None, *, expect: int = 200
    ) -> Reply:
        data = None if body is None else json.dumps(body).encode()
        sent = {**({"Content-Type": "application/json"} if data is not None else {}), **(headers or {})}
        start = time.perf_counter()
        self._connection.request(method, path, data, sent)
        response = self._connection.getresponse()
        content = response.read()
        took_ms = (time.perf_counter() - start) * 1000
        if response.status != expect:
            raise SystemExit(f"{method} {path} gives {response.status}, not {expect}: {content[:300]!r}")
        return Reply(status=response.status, headers=response.headers, body=content, took_ms=took_ms)

    def url_of(self, page_path: str) -> str:
        """Where the site has a page, by the redirect from the page's own path."""
        return self.get(f"/{quote(page_path)}", expect=307).headers["Location"]

    def close(self) -> None:
        self._connection.close()
